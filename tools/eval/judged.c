#include "tools/eval/judged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool accept(struct accepted *out, const char *text, size_t len)
{
    *out = (struct accepted){0};
    if (len > 0 && text[len - 1] == '*') {
        out->begins = true;
        len--;
    }
    for (size_t i = 0; i < len; i++)
        if (text[i] == '.')
            out->icd = true;
        else if (out->len + 1 < sizeof out->code)
            out->code[out->len++] = text[i];
    out->other = !out->icd && (out->len > ICD_HEAD || out->begins);
    return out->len > 0;
}

static size_t kind_of(struct judged_list *list, const char *kind)
{
    for (size_t i = 0; i < list->kinds; i++)
        if (strcmp(list->kind[i], kind) == 0)
            return i;
    if (list->kinds == JUDGED_KINDS)
        return JUDGED_KINDS;
    list->kind[list->kinds] = kind;
    return list->kinds++;
}

static bool read_codes(struct judged *judged, char *cell)
{
    char *rest = NULL;

    if (strcmp(cell, "-") == 0)
        return true;
    for (char *word = strtok_r(cell, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest))
        if (judged->codes == JUDGED_CODES ||
            !accept(&judged->code[judged->codes++], word, strlen(word)))
            return false;
    return judged->codes > 0;
}

static bool read_line(struct judged_list *list, char *line)
{
    struct judged *judged = &list->judged[list->count];
    char *query = strchr(line, '\t');
    char *codes = query != NULL ? strchr(query + 1, '\t') : NULL;

    if (codes == NULL || list->count == JUDGED_MAX)
        return false;
    *query++ = '\0';
    *codes++ = '\0';
    *judged =
        (struct judged){.kind = line, .query = query, .len = strlen(query)};
    judged->kind_at = kind_of(list, line);
    if (judged->kind_at == JUDGED_KINDS || !read_codes(judged, codes))
        return false;
    list->count++;
    return true;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long len;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (len = ftell(file)) >= 0 &&
        fseek(file, 0, SEEK_SET) == 0 &&
        (text = malloc((size_t)len + 1)) != NULL) {
        if (fread(text, 1, (size_t)len, file) == (size_t)len) {
            text[len] = '\0';
        } else {
            free(text);
            text = NULL;
        }
    }
    (void)fclose(file);
    return text;
}

bool judged_read(struct judged_list *out, const char *path)
{
    size_t number = 0;
    bool heading = true;

    *out = (struct judged_list){.text = read_file(path),
        .judged = calloc(JUDGED_MAX, sizeof *out->judged)};
    if (out->text == NULL || out->judged == NULL) {
        perror(path);
        judged_clear(out);
        return false;
    }
    for (char *line = out->text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        number++;
        if (line[0] == '#' || line[0] == '\0')
            continue;
        if (!heading && !read_line(out, line)) {
            (void)fprintf(stderr, "%s:%zu: no judged query\n", path, number);
            judged_clear(out);
            return false;
        }
        heading = false;
    }
    return true;
}

void judged_clear(struct judged_list *list)
{
    free(list->text);
    free(list->judged);
    *list = (struct judged_list){0};
}

bool judged_right(const struct judged *judged, const struct found *code)
{
    const size_t len = strlen(code->code);

    for (size_t i = 0; i < judged->codes; i++) {
        const struct accepted *one = &judged->code[i];

        if ((one->icd && code->system != SYSTEM_ICD10CM) ||
            (one->other && code->system == SYSTEM_ICD10CM))
            continue;
        if (len >= one->len && (one->begins || len == one->len) &&
            memcmp(code->code, one->code, one->len) == 0)
            return true;
    }
    return false;
}

#include "codesets/answer/members.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static int unknown_member(
    const char *key, const char *const *names, size_t count, struct error *err)
{
    char list[256] = "";
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        const int n = snprintf(
            list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "", names[i]);

        if (n < 0 || (size_t)n >= sizeof list - len)
            break;
        len += (size_t)n;
    }
    return error_set(
        err, ERR_INPUT, 0, "'%.32s' is no member of a question: %s", key, list);
}

static int read_member(struct text_ref *out, const char *const *names,
    size_t count, const char *key, const json_t *value, struct error *err)
{
    size_t i = 0;

    while (i < count && strcmp(key, names[i]) != 0)
        i++;
    if (i == count)
        return unknown_member(key, names, count, err);
    if (json_is_null(value))
        return 0;
    if (!json_is_string(value))
        return error_set(err, ERR_INPUT, 0, "%s: must be a string", key);
    out[i] =
        (struct text_ref){json_string_value(value), json_string_length(value)};
    return 0;
}

int members_read(struct text_ref *out, void **kept, const char *const *names,
    size_t count, const char *example, struct text_ref object,
    struct error *err)
{
    json_error_t where;
    const char *key;
    json_t *root =
        json_loadb(object.text, object.len, JSON_REJECT_DUPLICATES, &where);
    json_t *value;
    int rc = 0;

    *kept = root;
    for (size_t i = 0; i < count; i++)
        out[i] = (struct text_ref){NULL, 0};
    if (root == NULL)
        return error_set(err, ERR_INPUT, 0, "not JSON: %s, at byte %d",
            where.text, where.position);
    if (!json_is_object(root))
        return error_set(
            err, ERR_INPUT, 0, "a question is an object, as in %s", example);
    json_object_foreach(root, key, value)
    {
        rc = read_member(out, names, count, key, value, err);
        if (rc != 0)
            break;
    }
    return rc;
}

void members_free(void *kept)
{
    json_decref(kept);
}

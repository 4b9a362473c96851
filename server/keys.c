#include "server/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

struct keys {
    size_t count;
    struct key key[];
};

enum { WORDS = 5, WORD_MAX = 80, PARSED_FIRST = 64 };

static const char plain[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "0123456789._-";

/* A row being read. */
struct row {
    const char *file;
    unsigned number;
    char word[WORDS][WORD_MAX + 1];
    size_t words;
};

static int fault(const struct row *row, struct error *err, const char *what)
{
    return error_set(
        err, ERR_INPUT, 0, "%s: row %u: %s", row->file, row->number, what);
}

/* Splits a line at blanks, up to a comment. */
static int split(
    struct row *row, const char *line, size_t len, struct error *err)
{
    row->words = 0;
    for (size_t at = 0, n; at < len && line[at] != '#'; at += n) {
        n = 0;
        if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
            n = 1;
            continue;
        }
        while (at + n < len && strchr(" \t\r#", line[at + n]) == NULL)
            n++;
        if (n == 0) /* strchr() finds a NUL too */
            return fault(row, err, "a NUL byte");
        if (row->words == WORDS || n > WORD_MAX)
            return fault(row, err,
                "more than the five words name, sha256, rate, burst and "
                "licensed or public");
        memcpy(row->word[row->words], line + at, n);
        row->word[row->words++][n] = '\0';
    }
    return 0;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool read_digest(uint8_t out[KEY_DIGEST], const char *hex)
{
    if (strlen(hex) != KEY_HEX)
        return false;
    for (size_t i = 0; i < KEY_DIGEST; i++) {
        const int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* "12", "0.5": digits with at most one point; strtod() would take "inf". */
static bool read_number(double *out, const char *text, double max)
{
    const size_t whole = strspn(text, "0123456789");
    const size_t rest =
        text[whole] == '.' ? strspn(text + whole + 1, "0123456789") + 1 : 0;

    if (whole == 0 || whole > 9 || rest > 6 || text[whole + rest] != '\0')
        return false;
    *out = strtod(text, NULL);
    return *out >= 0.001 && *out <= max;
}

static int read_limits(
    struct key *key, const struct row *row, struct error *err)
{
    double burst;

    if (strcmp(row->word[2], "-") == 0 && strcmp(row->word[3], "-") == 0)
        return 0;
    if (!read_number(&key->rate, row->word[2], KEY_RATE_MAX))
        return fault(row, err,
            "the rate must be requests a second, as in 20 or 0.5, or - with a "
            "burst of - for no limit");
    if (!read_number(&burst, row->word[3], KEY_BURST_MAX) ||
        burst != (double)(uint32_t)burst)
        return fault(
            row, err, "the burst must be a whole number from 1 to 1000000");
    key->burst = (uint32_t)burst;
    return 0;
}

static int read_key(struct key *key, const struct row *row, struct error *err)
{
    const char *name = row->word[0], *text = row->word[4];

    *key = (struct key){.burst = 0};
    if (row->words != WORDS)
        return fault(row, err,
            "not the five words name, sha256, rate, burst and licensed or "
            "public");
    if (strlen(name) > KEY_NAME_MAX || name[strspn(name, plain)] != '\0')
        return fault(row, err,
            "a name has at most 40 letters, digits and the marks . _ -");
    if (!read_digest(key->digest, row->word[1]))
        return fault(row, err,
            "the second word must be the SHA-256 of a key, 64 hexadecimal "
            "digits; coderef-server --hash-key makes one");
    memcpy(key->name, name, strlen(name) + 1);
    key->licensed = strcmp(text, "licensed") == 0;
    if (!key->licensed && strcmp(text, "public") != 0)
        return fault(row, err, "the last word must be licensed or public");
    return read_limits(key, row, err);
}

static int check_unlike(const struct keys *keys, const struct key *key,
    const struct row *row, struct error *err)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->key[i].name, key->name) == 0)
            return fault(row, err, "this name stands above already");
        if (memcmp(keys->key[i].digest, key->digest, KEY_DIGEST) == 0)
            return fault(row, err, "this key stands above already");
    }
    return 0;
}

static struct keys *grown(struct keys *keys, size_t capacity)
{
    return realloc(keys, sizeof *keys + capacity * sizeof(struct key));
}

/* Takes one row. */
static int take(struct keys **keys, size_t *capacity, const struct row *row,
    struct error *err)
{
    struct key key;
    int rc;

    if ((rc = read_key(&key, row, err)) != 0 ||
        (rc = check_unlike(*keys, &key, row, err)) != 0)
        return rc;
    if ((*keys)->count == KEYS_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "%s: more than %d keys", row->file, KEYS_MAX);
    if ((*keys)->count == *capacity) {
        struct keys *more = grown(*keys, 2 * *capacity);

        if (more == NULL)
            return error_memory(err);
        *capacity *= 2;
        *keys = more;
    }
    (*keys)->key[(*keys)->count++] = key;
    return 0;
}

int keys_parse(struct keys **out, const char *text, size_t len,
    const char *name, struct error *err)
{
    struct row row = {.file = name};
    size_t capacity = PARSED_FIRST;
    struct keys *keys = grown(NULL, capacity);
    bool first = true;
    int rc = keys != NULL ? 0 : error_memory(err);

    if (rc == 0)
        keys->count = 0;
    for (size_t at = 0, n; rc == 0 && at < len; at += n + 1) {
        const char *end = memchr(text + at, '\n', len - at);

        n = end != NULL ? (size_t)(end - (text + at)) : len - at;
        row.number++;
        rc = split(&row, text + at, n, err);
        if (rc != 0 || row.words == 0)
            continue;
        if (!first || strcmp(row.word[0], "name") != 0)
            rc = take(&keys, &capacity, &row, err);
        first = false;
    }
    if (rc == 0 && keys->count == 0)
        rc = error_set(
            err, ERR_INPUT, 0, "%s: holds no key: nobody could ask", name);
    if (rc != 0) {
        free(keys);
        return rc;
    }
    *out = keys;
    return 0;
}

int keys_read(
    struct keys **out, const char *path, bool *exposed, struct error *err)
{
    FILE *file = fopen(path, "re");
    char *text = malloc(KEYS_FILE_MAX + 1);
    struct stat st;
    size_t n = 0;
    int rc = 0;

    if (text == NULL)
        rc = error_memory(err);
    else if (file == NULL || fstat(fileno(file), &st) != 0 ||
             ((n = fread(text, 1, KEYS_FILE_MAX + 1, file)) == 0 &&
                 ferror(file)))
        rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    else if (n > KEYS_FILE_MAX)
        rc = error_set(
            err, ERR_LIMIT, 0, "%s: more than %d bytes", path, KEYS_FILE_MAX);
    else
        rc = keys_parse(out, text, n, path, err);
    if (rc == 0)
        *exposed = (st.st_mode & S_IROTH) != 0;
    if (file != NULL)
        (void)fclose(file);
    free(text);
    return rc;
}

void keys_free(struct keys *keys)
{
    free(keys);
}

size_t keys_count(const struct keys *keys)
{
    return keys->count;
}

static bool digest(uint8_t out[KEY_DIGEST], const char *secret, size_t len)
{
    return EVP_Digest(secret, len, out, NULL, EVP_sha256(), NULL) == 1;
}

const struct key *keys_find(
    const struct keys *keys, const char *secret, size_t len)
{
    const struct key *found = NULL;
    uint8_t sum[KEY_DIGEST];

    if (len == 0 || len > KEY_SECRET_MAX || !digest(sum, secret, len))
        return NULL;
    for (size_t i = 0; i < keys->count; i++)
        if (CRYPTO_memcmp(keys->key[i].digest, sum, sizeof sum) == 0)
            found = &keys->key[i];
    return found;
}

bool key_hash(char out[KEY_HEX + 1], const char *secret, size_t len)
{
    uint8_t sum[KEY_DIGEST];

    if (!digest(sum, secret, len))
        return false;
    for (size_t i = 0; i < KEY_DIGEST; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
    return true;
}

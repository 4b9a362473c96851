/* json.h - writes JSON into a buffer, commas and escapes taken care of.
 *
 *     json_open(&json, '{');
 *     json_key(&json, "code");
 *     json_text(&json, code, len);
 *     json_close(&json, '}');
 *
 * A buffer that is full remembers it (core/buffer.h): check once, at the end.*/
#ifndef CODESETS_ANSWER_JSON_H
#define CODESETS_ANSWER_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "codesets/core/buffer.h"
#include "codesets/core/day.h"

/* jansson, which the programs link too, has functions of these names. */
#define json_string answer_json_string
#define json_null answer_json_null

struct json {
    struct buffer *out;
    bool comma; /* a value stands before: the next one needs a comma */
};

void json_begin(struct json *json, struct buffer *out);
void json_open(struct json *json, char bracket);  /* '{' or '[' */
void json_close(struct json *json, char bracket); /* '}' or ']' */
/* A name of this program's: plain ASCII without quotes. Inline, so that the
 * length of a name is known where it is written. */
void json_key_len(struct json *json, const char *name, size_t len);
static inline void json_key(struct json *json, const char *name)
{
    json_key_len(json, name, strlen(name));
}
/* Any bytes: what is not UTF-8 becomes U+FFFD. NULL is null. */
void json_text(struct json *json, const char *text, size_t len);
void json_string(struct json *json, const char *text); /* NUL-ended or NULL */
/* Copies members of an open object that json->out holds from one place on, the
 * comma before them and the key behind them, whose value is to follow. */
void json_again(struct json *json, size_t from, size_t len);
/* A text that is written into json->out between the two, without a copy where
 * nothing of it needs an escape:
 *
 *     from = json_text_begin(&json);
 *     buffer_adds(json.out, …);
 *     json_text_end(&json, from);
 */
size_t json_text_begin(struct json *json);
void json_text_end(struct json *json, size_t from);
/* A word of this program's: plain ASCII without quotes, not escaped. */
void json_word_len(struct json *json, const char *word, size_t len);
static inline void json_word(struct json *json, const char *word)
{
    json_word_len(json, word, strlen(word));
}
void json_int(struct json *json, int64_t number);
/* [first,second] */
void json_pair(struct json *json, uint32_t first, uint32_t second);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
/* "2024-07-01"; null for DAY_OPEN and DAY_UNKNOWN. */
void json_day(struct json *json, day_t day);
/* A decimal as a file prints it (".5", "012"): a number where it is one, null
 * when it is empty, else a string. */
void json_decimal(struct json *json, const char *text, size_t len);

#endif

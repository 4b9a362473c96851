#include <string.h>

#include "codesets/core/fold.h"
#include "codesets/search/builder_parts.h"

/* Words of a text that is a name with other words in it, too: longer ones are
 * not typed whole. */
enum { NAME_WORDS_MAX = 5 };

/* The arrays lie in buffers; malloc aligns them. */
static struct rule *rule_at(const struct search_builder *builder, uint32_t i)
{
    return (struct rule *)(void *)builder->rule.data + i;
}

static const struct rule_word *shape_at(
    const struct search_builder *builder, uint32_t i)
{
    return (const struct rule_word *)(const void *)builder->rule_word.data + i;
}

static struct rule_link *link_at(
    const struct search_builder *builder, uint32_t i)
{
    return (struct rule_link *)(void *)builder->rule_link.data + i;
}

static int link_rule(struct search_builder *builder, uint32_t word,
    uint32_t rule, struct error *err)
{
    const struct rule_link link = {rule, builder->rules_of[word]};

    buffer_add(&builder->rule_link, &link, sizeof link);
    if (builder->rule_link.failed)
        return error_memory(err);
    builder->rules_of[word] = (uint32_t)(builder->rule_link.len / sizeof link);
    return 0;
}

static bool means(const struct search_builder *builder,
    const struct rule_word *shape, uint32_t word)
{
    const uint32_t first = builder->first[word];

    if (shape->prefix_len == 0)
        return shape->word == word;
    return builder->first[word + 1] - first >= shape->prefix_len &&
           memcmp(builder->bytes.data + first, shape->prefix,
               shape->prefix_len) == 0;
}

int rules_of_new_word(
    struct search_builder *builder, uint32_t word, struct error *err)
{
    const size_t rules = builder->prefix_rule.len / sizeof(uint32_t);

    for (size_t i = 0; i < rules; i++) {
        uint32_t rule;
        int rc;

        memcpy(&rule, builder->prefix_rule.data + i * sizeof rule, sizeof rule);
        if (means(builder, shape_at(builder, rule_at(builder, rule)->shape),
                word) &&
            (rc = link_rule(builder, word, rule, err)) != 0)
            return rc;
    }
    return 0;
}

/* Adds the words of a meaning or term. */
static int add_shape(struct search_builder *builder, uint32_t *count,
    uint64_t *hash, bool *in_one_piece, const char *text, size_t len,
    struct error *err)
{
    struct fold_word word;
    struct fold fold;
    size_t before = 0;
    int rc;

    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word)) {
        const size_t after = word.from + word.bytes;
        struct rule_word shape = {0};

        if (*count == RULE_WORDS_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "more than %d words in \"%.*s\"", RULE_WORDS_MAX, (int)len,
                text);
        shape.anywhere = *count > 0 &&
                         memchr(text + before, '+', word.from - before) != NULL;
        if (shape.anywhere)
            *in_one_piece = false;
        if (after < len && text[after] == '*' && word.len >= RULE_PREFIX_MIN) {
            memcpy(shape.prefix, word.text, word.len);
            shape.prefix_len = (uint16_t)word.len;
            *in_one_piece = false;
        } else {
            if ((rc = builder_word(
                     builder, word.text, word.len, &shape.word, err)) != 0)
                return rc;
            *hash += builder->hash[shape.word];
        }
        buffer_add(&builder->rule_word, &shape, sizeof shape);
        before = after;
        ++*count;
    }
    if (*count == 0)
        return error_set(
            err, ERR_INPUT, 0, "no words in \"%.*s\"", (int)len, text);
    return builder->rule_word.failed ? error_memory(err) : 0;
}

int search_builder_rule(struct search_builder *builder,
    const struct search_rule *rule, struct error *err)
{
    const uint32_t number = (uint32_t)(builder->rule.len / sizeof(struct rule));
    struct rule own = {.fields = rule->fields,
        .marks = rule->marks,
        .same = rule->same,
        .in_one_piece = true,
        .shape = (uint32_t)(builder->rule_word.len / sizeof(struct rule_word))};
    const struct rule_word *shape;
    bool plain = true;
    int rc;

    if ((rc = add_shape(builder, &own.words, &own.lost, &own.in_one_piece,
             rule->meaning, rule->meaning_len, err)) != 0 ||
        (rc = add_shape(builder, &own.terms, &own.gained, &plain, rule->term,
             rule->term_len, err)) != 0)
        return rc;
    if (!plain)
        return error_set(err, ERR_INPUT, 0, "a term of more than words: %.*s",
            (int)rule->term_len, rule->term);
    buffer_add(&builder->rule, &own, sizeof own);
    if (builder->rule.failed)
        return error_memory(err);
    shape = shape_at(builder, own.shape);
    if (shape->prefix_len == 0)
        return link_rule(builder, shape->word, number, err);
    buffer_add(&builder->prefix_rule, &number, sizeof number);
    for (uint32_t word = 0; word < builder->words; word++)
        if (means(builder, shape, word) &&
            (rc = link_rule(builder, word, number, err)) != 0)
            return rc;
    return builder->prefix_rule.failed ? error_memory(err) : 0;
}

/* True when the group of words from a shape on stands at a place of the text.
 * *group is how many they are. */
static bool stands_at(const struct search_builder *builder,
    const struct rule *rule, uint32_t from, uint32_t place, uint32_t words,
    uint32_t *group)
{
    uint32_t n = 0;

    for (; from + n < rule->words; n++) {
        const struct rule_word *shape =
            shape_at(builder, rule->shape + from + n);

        if (n > 0 && shape->anywhere)
            break;
        if (place + n >= words ||
            !means(builder, shape, builder->word[place + n]))
            return false;
    }
    *group = n;
    return true;
}

static bool matches(const struct search_builder *builder,
    const struct rule *rule, uint32_t place, uint32_t words)
{
    uint32_t from = 0, group = 0;

    if (!stands_at(builder, rule, 0, place, words, &group))
        return false;
    for (from = group; from < rule->words; from += group) {
        uint32_t at = 0;

        while (at < words && !stands_at(builder, rule, from, at, words, &group))
            at++;
        if (at == words)
            return false;
    }
    return true;
}

int apply_rules(struct search_builder *builder, uint32_t document, uint32_t row,
    enum search_field field, unsigned marks, uint32_t words, uint64_t hash,
    bool is_name, struct error *err)
{
    for (uint32_t place = 0; place < words; place++) {
        uint32_t link = builder->rules_of[builder->word[place]];

        for (; link != 0; link = link_at(builder, link - 1)->next) {
            const struct rule *rule =
                rule_at(builder, link_at(builder, link - 1)->rule);

            if ((rule->fields >> field & 1) == 0 ||
                (rule->marks != 0 && (rule->marks & marks) == 0) ||
                !matches(builder, rule, place, words))
                continue;
            for (uint32_t i = 0; i < rule->terms; i++) {
                const int rc = builder_posting(builder,
                    shape_at(builder, rule->shape + rule->words + i)->word, row,
                    err);

                if (rc != 0)
                    return rc;
            }
            if (rule->in_one_piece && words <= NAME_WORDS_MAX)
                builder_name(builder, hash - rule->lost + rule->gained,
                    document, is_name || (rule->same && field == SEARCH_TITLE));
        }
    }
    return 0;
}

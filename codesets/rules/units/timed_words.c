#include "codesets/rules/units/timed_words.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD "(^|[^a-z])" /* group 1: a word begins here */
#define N "([0-9]{1,4})"
#define MINUTES "[ -]?min(ute)?s?([^a-z]|$)"

/* What a match means. Groups count the brackets of the pattern. */
struct pattern {
    const char *regex;
    const char *needs; /* a text without this cannot match; or NULL */
    enum timed_kind kind;
    unsigned number;  /* group of the unit, or of a range's first minute */
    unsigned maximum; /* group of a range's last minute */
    uint16_t fixed;   /* the unit when no group tells it */
    bool above;       /* "more than 3": the range begins a minute later */
};

/* Tried in this order; what one has matched is gone for the next. */
static const struct pattern patterns[] = {
    /* A typical time is no unit. */
    {"(typical(ly)?|usually|approximately|about|average)[^.;]{0,40}" N
     "( ?(-|to) ?[0-9]+)?" MINUTES,
        NULL, KIND_UNKNOWN, 0, 0, 0, false},
    {WORD "each additional " N MINUTES, "each additional ", KIND_ADDL, 2, 0, 0,
        false},
    {WORD "each additional hour([^a-z]|$)", "each additional ", KIND_ADDL, 0, 0,
        60, false},
    {WORD "(each|per) " N MINUTES, NULL, KIND_EACH, 3, 0, 0, false},
    {WORD "(each|per) hour([^a-z]|$)", " hour", KIND_EACH, 0, 0, 60, false},
    {WORD "(first|initial) " N MINUTES, NULL, KIND_FIRST, 3, 0, 0, false},
    {"(greater|more) than " N "( min(ute)?s?)?,? up to " N MINUTES, "up to ",
        KIND_RANGE, 2, 5, 0, true},
    {N " ?(-|to) ?" N MINUTES, NULL, KIND_RANGE, 1, 3, 0, false},
    {"up to " N MINUTES, "up to ", KIND_RANGE, 0, 1, 0, false},
};

enum { PATTERNS = sizeof patterns / sizeof patterns[0], GROUPS = 8 };

struct timed_words {
    regex_t ready[PATTERNS];
};

int timed_words_open(struct timed_words **out, struct error *err)
{
    struct timed_words *words = calloc(1, sizeof *words);

    if (words == NULL)
        return error_memory(err);
    for (size_t i = 0; i < PATTERNS; i++) {
        if (regcomp(&words->ready[i], patterns[i].regex,
                REG_EXTENDED | REG_ICASE) == 0)
            continue;
        while (i > 0)
            regfree(&words->ready[--i]);
        free(words);
        return error_memory(err); /* the patterns themselves are sound */
    }
    *out = words;
    return 0;
}

void timed_words_close(struct timed_words *words)
{
    if (words == NULL)
        return;
    for (size_t i = 0; i < PATTERNS; i++)
        regfree(&words->ready[i]);
    free(words);
}

static uint16_t number(const char *text, const regmatch_t *group)
{
    uint16_t n = 0;

    for (regoff_t i = group->rm_so; i < group->rm_eo; i++)
        n = (uint16_t)(n * 10 + (text[i] - '0'));
    return n;
}

static struct timed_wording meaning(
    const struct pattern *pattern, const char *text, const regmatch_t *group)
{
    struct timed_wording said = {.kind = pattern->kind, .unit = pattern->fixed};

    if (pattern->kind == KIND_RANGE) {
        said.maximum = number(text, &group[pattern->maximum]);
        said.minimum =
            pattern->number > 0 ? number(text, &group[pattern->number]) : 1;
        said.minimum = (uint16_t)(said.minimum + pattern->above);
        return said;
    }
    if (pattern->number > 0)
        said.unit = number(text, &group[pattern->number]);
    said.step = said.unit;
    said.minimum = (uint16_t)(said.unit / 2 + 1); /* past the midpoint */
    return said;
}

static bool same(const struct timed_wording *a, const struct timed_wording *b)
{
    return a->kind == b->kind && a->unit == b->unit &&
           a->minimum == b->minimum && a->maximum == b->maximum;
}

/* Nonsense that no biller could count by. */
static bool sound(const struct timed_wording *said)
{
    return said->kind == KIND_RANGE
               ? said->minimum > 0 && said->minimum <= said->maximum
               : said->unit > 0;
}

static bool stands_before(const char *text, size_t at, const char *word)
{
    const size_t len = strlen(word);

    return at >= len && strncasecmp(text + at - len, word, len) == 0;
}

/* Every pattern that means something holds a number of minutes, or each, per or
 * additional hour; most texts hold neither ("abdominal" is no number), and the
 * patterns are slow to say so. */
static bool speaks_of_time(const char *text, size_t len)
{
    for (size_t i = 0; i + 3 <= len; i++) {
        const char letter = (char)(text[i] | 0x20);
        size_t before = i;

        if (letter == 'h' && len - i >= 4 &&
            strncasecmp(text + i, "hour", 4) == 0 &&
            (stands_before(text, i, "each ") ||
                stands_before(text, i, "per ") ||
                stands_before(text, i, "additional ")))
            return true;
        if (letter != 'm' || strncasecmp(text + i, "min", 3) != 0)
            continue;
        if (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '-'))
            before--;
        if (before > 0 && text[before - 1] >= '0' && text[before - 1] <= '9')
            return true;
    }
    return false;
}

void timed_words_read(struct timed_wording *out,
    const struct timed_words *words, const char *text, size_t len)
{
    char left[TIMED_WORDS_MAX + 1];
    bool flows;

    *out = (struct timed_wording){.kind = KIND_UNKNOWN};
    if (len > TIMED_WORDS_MAX)
        len = TIMED_WORDS_MAX;
    if (!speaks_of_time(text, len))
        return;
    for (size_t i = 0; i < len; i++)
        left[i] = (char)(text[i] == '\0' ? ' ' : text[i]);
    left[len] = '\0';
    /* "50 ml or greater per hour" is the rate of a pump. */
    flows = strcasestr(left, "flow rate") != NULL;

    for (size_t i = 0; i < PATTERNS; i++) {
        regmatch_t group[GROUPS];

        if (patterns[i].needs != NULL &&
            strcasestr(left, patterns[i].needs) == NULL)
            continue;
        while (regexec(&words->ready[i], left, GROUPS, group, 0) == 0) {
            const struct timed_wording said =
                meaning(&patterns[i], left, group);

            memset(left + group[0].rm_so, ' ',
                (size_t)(group[0].rm_eo - group[0].rm_so));
            if (said.kind == KIND_UNKNOWN || !sound(&said) ||
                (flows && patterns[i].fixed > 0))
                continue;
            if (out->kind != KIND_UNKNOWN && !same(out, &said)) {
                *out = (struct timed_wording){.unclear = true};
                return;
            }
            *out = said;
        }
    }
    /* The total of a month counts in full. */
    if (out->unit > 0 && strcasestr(left, "month") != NULL)
        out->minimum = out->unit;
}

/* The part of a card that only a modifier has. */
#include <stdio.h>
#include <string.h>

#include "codesets/answer/card/card.h"

static const char *own_text(const struct code_card *card, int column)
{
    return card->has_modifier ? view_text(&card->modifier, column, NULL) : NULL;
}

static const struct modifier_rule *rule_of(const struct code_card *card)
{
    return &card->answers->rules->modifiers
                .rule[modifier_pack(card->item.code.text)];
}

static int year_of(day_t day)
{
    int year, month, mday;

    day_to_civil(day, &year, &month, &mday);
    return year;
}

/* ------------------------------------------------------------------- rows */

/* A miss is no error. */
static int optional(int rc, bool *has)
{
    *has = rc == 0;
    return rc == ERR_NOTFOUND ? 0 : rc;
}

static bool has_threshold(const struct code_card *card)
{
    const char *class = own_text(card, MODIFIER_CLASS);

    return class != NULL && strcmp(class, "threshold") == 0;
}

int card_modifier_find(struct code_card *card, struct error *err)
{
    const struct store *store = card->answers->store;
    const struct code_ref *code = &card->item.code;
    char year[16];
    int rc;

    if ((rc = optional(view_find(&card->modifier, store, TABLE_MODIFIER,
                           code->text, code->len, card->day, err),
             &card->has_modifier)) != 0 ||
        (rc = optional(hcpcs_find(&card->hcpcs, store, code->text, code->len,
                           card->day, err),
             &card->has_hcpcs)) != 0 ||
        !has_threshold(card))
        return rc;
    (void)snprintf(year, sizeof year, "%d", year_of(card->day));
    return optional(view_find(&card->threshold, store, TABLE_KX, year,
                        strlen(year), card->day, err),
        &card->has_threshold);
}

/* ------------------------------------------------------------------ words */

static const char *class_text(const char *class)
{
    static const char *const texts[][2] = {
        {"anatomic", "a place on the body"},
        {"anesthesia", "anesthesia, and who gave it"},
        {"assistant", "a therapy assistant gave all or part"},
        {"component", "a part of the service"},
        {"distinct", "a service apart from another of the day"},
        {"drug", "how a drug was bought, given or thrown away"},
        {"equipment", "equipment, its state and its rent"},
        {"global", "visits and operations around an operation"},
        {"laboratory", "laboratory tests"},
        {"notice", "whether the patient was warned of a refusal"},
        {"other", "another circumstance"},
        {"performance", "quality measures"},
        {"physical_status", "the state of a patient under anesthesia"},
        {"reduced", "less was done, or several things at once"},
        {"repeat", "the same service again"},
        {"surgery", "who operated"},
        {"telehealth", "a service at a distance"},
        {"therapy", "whose plan of care, or what kind of therapy"},
        {"threshold", "use beyond an amount"},
    };

    for (size_t i = 0; class != NULL && i < sizeof texts / sizeof *texts; i++)
        if (strcmp(class, texts[i][0]) == 0)
            return texts[i][1];
    return NULL;
}

const char *modifier_effect_text(const char *effect)
{
    static const char *const texts[][2] = {
        {"payment", "It changes what is paid."},
        {"liability", "It settles who pays what Medicare refuses."},
        {"required",
            "Where it applies, the line is not paid without it; it changes no "
            "amount."},
        {"information", "It tells something, and changes no amount."},
    };

    for (size_t i = 0; effect != NULL && i < sizeof texts / sizeof *texts; i++)
        if (strcmp(effect, texts[i][0]) == 0)
            return texts[i][1];
    return NULL;
}

void modifier_bypass_text(struct buffer *out, const struct modifier_rule *rule)
{
    char day[DAY_TEXT_LEN];

    if ((rule->flags & MODIFIER_BYPASSES) == 0) {
        buffer_adds(
            out, "Not among the modifiers that CMS lists as opening an edit.");
        return;
    }
    buffer_adds(out, "Accepted by an edit of modifier indicator 1, where the "
                     "record justifies it, on the column 2 line and");
    if (rule->column1_from == DAY_UNKNOWN) {
        buffer_adds(out, " on the column 1 line");
    } else {
        buffer_adds(out, ", since ");
        buffer_add(out, day, day_format(day, rule->column1_from));
        buffer_adds(out, ", on the column 1 line");
    }
    if ((rule->flags & MODIFIER_EM) != 0)
        buffer_adds(out, "; meant for visits (E/M) only");
    else if (rule->place == PLACE_SERVICE)
        buffer_adds(out, "; not meant for visits (E/M)");
    if ((rule->flags & MODIFIER_LAB) != 0)
        buffer_adds(out, "; meant for laboratory tests only");
    if (rule->setting != SETTING_NONE) {
        buffer_adds(out, "; ");
        buffer_adds(out, setting_name((enum setting)rule->setting));
        buffer_adds(out, " setting only");
    }
    buffer_addc(out, '.');
}

/* ------------------------------------------------------------------- JSON */

static void since_json(struct json *json, const char *key, day_t since)
{
    json_key(json, key);
    json_open(json, '{');
    json_key(json, "since");
    json_day(json, since);
    json_close(json, '}');
}

static void settings_json(struct json *json, const struct modifier_rule *rule)
{
    json_key(json, "settings");
    json_open(json, '[');
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++)
        if (rule->setting == SETTING_NONE || rule->setting == s)
            json_word(json, setting_name((enum setting)s));
    json_close(json, ']');
}

static void bypass_json(struct json *json, const struct code_card *card)
{
    const struct modifier_rule *rule = rule_of(card);
    const bool flag = (rule->flags & MODIFIER_BYPASSES) != 0;
    struct buffer text = {0};

    modifier_bypass_text(&text, rule);
    json_key(json, "bypass");
    json_open(json, '{');
    json_key(json, "flag");
    json_bool(json, flag);
    json_key(json, "text");
    json_text(json, text.data, text.len);
    if (flag) {
        json_key(json, "on_date");
        json_bool(json, rule->from <= card->day && card->day <= rule->to);
        json_key(json, "since");
        json_day(json, rule->from);
        json_key(json, "until");
        json_day(json, rule->to);
        since_json(json, "column2", rule->from);
        since_json(json, "column1",
            rule->column1_from > rule->from ? rule->column1_from : rule->from);
        settings_json(json, rule);
        json_key(json, "em_only");
        json_bool(json, (rule->flags & MODIFIER_EM) != 0);
        json_key(json, "lab_only");
        json_bool(json, (rule->flags & MODIFIER_LAB) != 0);
        json_key(json, "meant_for");
        json_string(json, place_name((enum modifier_place)rule->place));
    }
    json_close(json, '}');
    buffer_clear(&text);
}

static void amount_json(
    struct json *json, const char *key, const struct view *view, int column)
{
    size_t len = 0;
    const char *text = view == NULL ? NULL : view_text(view, column, &len);

    json_key(json, key);
    json_decimal(json, text == NULL ? "" : text, len);
}

/* The amount of the year of the date; what of it a patient has used, nobody
 * but Medicare knows. */
static void threshold_json(struct json *json, const struct code_card *card)
{
    const struct view *view = card->has_threshold ? &card->threshold : NULL;

    json_key(json, "threshold");
    if (!has_threshold(card)) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    json_key(json, "year");
    json_int(json, year_of(card->day));
    json_key(json, "known");
    json_bool(json, view != NULL);
    json_key(json, "currency");
    json_word(json, "USD");
    amount_json(json, "pt_slp", view, KX_PT_SLP);
    amount_json(json, "ot", view, KX_OT);
    amount_json(json, "review", view, KX_REVIEW);
    json_key(json, "certainty");
    json_string(json, view == NULL ? NULL : view_text(view, KX_CERT, NULL));
    json_key(json, "source");
    if (view == NULL)
        json_null(json);
    else
        view_source_json(json, view);
    json_close(json, '}');
}

static void text_member(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_string(json, text);
}

void card_modifier_json(struct json *json, const struct code_card *card)
{
    const char *class = own_text(card, MODIFIER_CLASS);
    const char *effect = own_text(card, MODIFIER_EFFECT);

    json_key(json, "modifier");
    json_open(json, '{');
    text_member(json, "label", own_text(card, MODIFIER_LABEL));
    text_member(json, "class", class);
    text_member(json, "class_text", class_text(class));
    text_member(json, "effect", effect);
    text_member(json, "effect_text", modifier_effect_text(effect));
    bypass_json(json, card);
    threshold_json(json, card);
    text_member(json, "notes", own_text(card, MODIFIER_NOTES));
    text_member(json, "basis", own_text(card, MODIFIER_SOURCE));
    json_key(json, "source");
    if (card->has_modifier)
        view_source_json(json, &card->modifier);
    else
        json_null(json);
    json_close(json, '}');
}

/* claim_words.c - what findings say, in plain sentences. */
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"

static void add_day(struct buffer *out, day_t day)
{
    char text[DAY_TEXT_LEN];

    buffer_add(out, text, day_format(text, day));
}

static void add_code(
    struct buffer *out, const struct claim *claim, uint16_t line)
{
    if (line != NO_CLAIM_LINE)
        buffer_add(
            out, claim->line[line].code.code, claim->line[line].code.len);
}

static void add_packed(struct buffer *out, uint32_t packed)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, packed);
    buffer_adds(out, text);
}

static void add_modifier(struct buffer *out, uint16_t modifier)
{
    char text[MODIFIER_LEN + 1];

    modifier_unpack(text, modifier);
    buffer_adds(out, text);
}

static void add_diagnosis(
    struct buffer *out, const struct claim *claim, uint16_t number)
{
    const struct claim_diagnosis *diagnosis = &claim->diagnosis[number];
    char text[CODE_TEXT];

    if (diagnosis->shaped)
        buffer_add(
            out, text, icd_dotted(text, diagnosis->code, diagnosis->len));
    else
        buffer_add(out, diagnosis->code, diagnosis->len);
}

/* A special instruction or note of a table, as one more sentence. */
static void add_note(struct buffer *out, const char *note)
{
    if (note != NULL && note[0] != '\0')
        buffer_addf(out, " The table notes: %s", note);
    if (note != NULL && note[0] != '\0' && note[strlen(note) - 1] != '.')
        buffer_addc(out, '.');
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- step 1 */

static void syntax_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    const struct claim_line *line =
        f->line[0] == NO_CLAIM_LINE ? NULL : &claim->line[f->line[0]];
    const long long number = (long long)(int64_t)f->number[0];

    switch (f->check) {
    case CHECK_SYNTAX_CODE:
        buffer_addf(out, "'%s' is %s.", line->code.code,
            f->reason == CLAIM_IS_DIAGNOSIS
                ? "a diagnosis code; it belongs among the diagnoses"
            : f->reason == CLAIM_IS_MODIFIER
                ? "a modifier; it belongs behind a procedure code"
                : "not a procedure code");
        break;
    case CHECK_SYNTAX_MODIFIER:
        if (f->reason == CLAIM_TOO_MANY)
            buffer_addf(out, "%lld modifiers; a line has room for %d.", number,
                PAIR_MODIFIERS_MAX);
        else if (f->reason == CLAIM_REPEATED) {
            buffer_adds(out, "Modifier ");
            add_modifier(out, f->modifier[0]);
            buffer_adds(out, " stands on the line twice.");
        } else
            buffer_addf(
                out, "'%s' is not the two characters of a modifier.", f->word);
        break;
    case CHECK_SYNTAX_DIAGNOSIS:
        if (f->reason == CLAIM_TOO_MANY) {
            buffer_addf(
                out, "More diagnoses than the %lld of a claim.", number);
            break;
        }
        buffer_addc(out, '\'');
        add_diagnosis(out, claim, f->diagnosis);
        buffer_adds(out, f->reason == CLAIM_REPEATED
                             ? "' is told twice."
                             : "' is not an ICD-10-CM code.");
        break;
    case CHECK_SYNTAX_POINTER:
        if (f->reason == CLAIM_TOO_MANY)
            buffer_addf(out,
                "The line points to %lld diagnoses; it may point "
                "to %d.",
                number, CLAIM_POINTERS_MAX);
        else if (f->reason == CLAIM_OUT_OF_RANGE)
            buffer_addf(out,
                "Pointer %lld of the line points to none of the claim's %d "
                "diagnoses.",
                number, (int)f->number[1]);
        else if (f->reason == CLAIM_REPEATED)
            buffer_adds(out, "The line points to one diagnosis twice.");
        else if (f->reason == CLAIM_MISSING)
            buffer_adds(out, "The line points to none of the claim's "
                             "diagnoses; it needs 1 to 4 pointers.");
        else
            buffer_adds(out, "A pointer is a number from 1, or a letter from "
                             "A to L.");
        break;
    case CHECK_SYNTAX_UNITS:
        if (f->reason == CLAIM_ASSUMED)
            buffer_adds(out, "No units were told; one is assumed.");
        else if (f->reason == CLAIM_NOT_WHOLE)
            buffer_adds(out, "Units are whole numbers.");
        else
            buffer_addf(out, "%lld units; a line has from 1 to %d.", number,
                CLAIM_UNITS_MAX);
        break;
    case CHECK_SYNTAX_MINUTES:
        if (f->reason == CLAIM_NOT_WHOLE)
            buffer_adds(out, "Minutes are whole numbers.");
        else
            buffer_addf(out, "%lld minutes; a day has from 0 to %d.", number,
                CLAIM_MINUTES_MAX);
        break;
    case CHECK_SYNTAX_DATE:
        buffer_adds(out, "The line's date is no day from 1900 to 2199 written "
                         "as 2024-07-01; nothing that depends on it was "
                         "checked.");
        break;
    case CHECK_SYNTAX_PROGRAM:
        buffer_addf(out,
            "The payer is %s, but the edits and unit limits asked are those of "
            "the program %s.",
            claim_payer_name(claim->payer), program_name(claim->program));
        break;
    default:
        buffer_adds(out, "A revenue code is four digits; X stands for any "
                         "last digit.");
        break;
    }
}

/* ---- steps 2 to 4 */

/* Of a code in no release, on a day after all of them. */
static void add_newer(struct buffer *out, const struct claim_finding *f)
{
    if (f->number[0] == 0)
        return;
    buffer_adds(out, " They end before ");
    add_day(out, f->day);
    buffer_adds(out, "; a newer one may have it.");
}

static void validity_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    switch (f->check) {
    case CHECK_VALIDITY_CODE:
        add_code(out, claim, f->line[0]);
        if (f->reason == CLAIM_UNKNOWN_CODE) {
            buffer_adds(out, " is in none of the loaded releases.");
            add_newer(out, f);
        } else {
            buffer_adds(out, " is not valid on ");
            add_day(out, f->day);
            buffer_addc(out, '.');
        }
        if (f->word != NULL)
            buffer_addf(out, " Used instead: %s.", f->word);
        break;
    case CHECK_VALIDITY_MODIFIER:
        buffer_adds(out, "Modifier ");
        add_modifier(out, f->modifier[0]);
        if (f->reason == CLAIM_UNKNOWN_MODIFIER) {
            buffer_adds(out, " is in none of the loaded lists.");
            add_newer(out, f);
        } else {
            buffer_adds(out, " is not valid on ");
            add_day(out, f->day);
            buffer_addc(out, '.');
        }
        break;
    case CHECK_MODIFIER_TOGETHER:
        buffer_adds(out, "Modifiers ");
        add_modifier(out, f->modifier[0]);
        buffer_adds(out, " and ");
        add_modifier(out, f->modifier[1]);
        buffer_adds(out, " do not go together on a line: send one of them.");
        break;
    default:
        add_diagnosis(out, claim, f->diagnosis);
        if (f->reason == CLAIM_UNKNOWN_CODE) {
            buffer_adds(out, " is in no loaded release of ICD-10-CM.");
            add_newer(out, f);
        } else if (f->reason == CLAIM_NOT_BILLABLE)
            buffer_adds(out, " is a heading: a claim needs one of the longer "
                             "codes below it.");
        else if (f->reason == CLAIM_NOT_LISTED) {
            buffer_adds(
                out, " is not in the release of ICD-10-CM in force on ");
            add_day(out, f->day);
            buffer_adds(out, ", nor in an earlier one that is loaded; when it "
                             "began is not told.");
        } else {
            buffer_adds(out, " is not valid on ");
            add_day(out, f->day);
            buffer_addc(out, '.');
        }
        break;
    }
}

static void status_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    add_code(out, claim, f->line[0]);
    buffer_addf(out, " has status %s in Medicare's fee schedule: ", f->word);
    switch (f->reason) {
    case CLAIM_USE_ANOTHER_CODE:
        buffer_adds(out, "Medicare takes another code for it");
        if (f->code[0] != PROC_NONE) {
            buffer_adds(out, ", ");
            add_packed(out, f->code[0]);
        }
        if (f->note != NULL && f->note[0] != '\0')
            buffer_addf(out, " (%s)", f->note);
        buffer_addc(out, '.');
        break;
    case CLAIM_NOT_COVERED:
        buffer_adds(out, "not covered by Medicare.");
        break;
    case CLAIM_BUNDLED:
        buffer_adds(out, "never paid by itself; its payment is part of that "
                         "for other services.");
        break;
    case CLAIM_EXCLUDED:
        buffer_adds(out, "not a service that this schedule may pay by law.");
        break;
    default:
        buffer_adds(out, "used to measure care, not to be paid.");
        break;
    }
}

/* ---- steps 5 and 6 */

static void units_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    switch (f->check) {
    case CHECK_UNITS_BILATERAL:
        buffer_adds(out, "Modifier ");
        add_modifier(out, f->modifier[0]);
        buffer_addf(out,
            " stands for both sides: the line has one unit, not %llu.",
            (unsigned long long)f->number[0]);
        return;
    case CHECK_UNITS_OTHER_CODE:
        buffer_addf(out, "The minutes also earn %llu unit%s of ",
            (unsigned long long)f->number[1], plural(f->number[1]));
        add_packed(out, f->code[0]);
        buffer_adds(out, ", which the claim does not bill.");
        return;
    default:
        break;
    }
    if (f->reason == CLAIM_MINUTES_INCOMPLETE) {
        buffer_adds(out, "These lines are counted in the day's pool of "
                         "minutes, but tell none: the units of the others "
                         "were compared without them.");
        return;
    }
    add_code(out, claim, f->line[0]);
    buffer_addf(out,
        ": %llu unit%s billed, but its %llu minute%s earn %llu under the %s "
        "rule, beside the other minutes of the day.",
        (unsigned long long)f->number[0], plural(f->number[0]),
        (unsigned long long)f->number[2], plural(f->number[2]),
        (unsigned long long)f->number[1], units_rule_name(claim->rule));
}

static void mue_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    const unsigned long long value = f->number[0], units = f->number[1];

    add_code(out, claim, f->line[0]);
    if (f->check == CHECK_MUE_NONE) {
        buffer_adds(out, " has no published unit limit (MUE); some limits are "
                         "confidential.");
        return;
    }
    if (value == 0) {
        buffer_addf(out,
            ": the unit limit (MUE) is 0, so that all %llu unit%s are denied "
            "in this setting.",
            units, plural(units));
        return;
    }
    if (f->reason == CLAIM_LINE_LIMIT)
        buffer_addf(out,
            ": the unit limit (MUE) is %llu a line; every unit of a line above "
            "it is denied, %llu in all.",
            value, units);
    else
        buffer_addf(out,
            ": %llu units this day, and the unit limit (MUE) is %llu: all %llu "
            "are denied, not only those above it.",
            units, value, units);
    if (f->reason == CLAIM_DAY_LIMIT_ABSOLUTE)
        buffer_adds(out, " The limit is absolute; no modifier helps.");
    else if (f->reason == CLAIM_DAY_LIMIT_REVIEWABLE)
        buffer_adds(out, " They may be paid after a review of the record.");
}

/* ---- steps 7 to 9 */

static void pair_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    switch (f->check) {
    case CHECK_PTP_BLOCKED:
        add_code(out, claim, f->line[1]);
        buffer_adds(out, " is denied: an edit pays ");
        add_code(out, claim, f->line[0]);
        buffer_adds(out, " only, and no modifier opens it.");
        break;
    case CHECK_PTP_MODIFIER_NEEDED:
        add_code(out, claim, f->line[1]);
        buffer_adds(out, " is denied: an edit pays ");
        add_code(out, claim, f->line[0]);
        buffer_adds(out, " only, unless a modifier that the record bears out "
                         "stands on one of these lines.");
        if ((f->number[0] & NOTE_OLD_RULE) != 0)
            buffer_adds(out, " The one on the column 1 line did not count "
                             "there yet on this day.");
        break;
    default:
        buffer_adds(out, "The edit of ");
        add_code(out, claim, f->line[0]);
        buffer_adds(out, " with ");
        add_code(out, claim, f->line[1]);
        buffer_adds(out, " accepts modifier ");
        add_modifier(out, f->modifier[0]);
        buffer_adds(out, " on ");
        add_code(out, claim, f->modifier_line);
        buffer_adds(out, f->reason == CLAIM_IMPLAUSIBLE_MODIFIER
                             ? ", but that is not what this modifier is for."
                             : "; the record must bear it out.");
        break;
    }
    if (f->number[1] != 0)
        buffer_adds(out, " Two edits are in force; the stricter was taken.");
}

static void list_primaries(struct buffer *out, const struct claim_finding *f)
{
    uint64_t shown = 0;

    for (; shown < ADDON_SAMPLE && f->code[shown] != PROC_NONE; shown++) {
        buffer_adds(out, shown == 0 ? " " : ", ");
        add_packed(out, f->code[shown]);
    }
    if (f->number[1] > shown && shown > 0)
        buffer_addf(
            out, " and %llu more", (unsigned long long)(f->number[1] - shown));
}

static void addon_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    add_code(out, claim, f->line[0]);
    switch (f->check) {
    case CHECK_ADDON_WITHOUT_PRIMARY:
        buffer_adds(out,
            f->reason == CLAIM_ADDON_CHAIN
                ? " is an add-on to another add-on, and no code on the claim "
                  "of that day and provider carries both. Its primaries:"
                : " is an add-on code, and none of its primaries stands on "
                  "the claim for that day and provider. They are:");
        list_primaries(out, f);
        buffer_addc(out, '.');
        break;
    case CHECK_ADDON_AT_RISK:
        buffer_adds(out, " is an add-on to ");
        add_packed(out, f->code[0]);
        buffer_adds(out, ", which is itself at risk: see its own findings.");
        break;
    case CHECK_ADDON_NOT_DEFINED:
        buffer_adds(out, " is an add-on code whose primaries the contractor "
                         "defines.");
        break;
    default:
        buffer_adds(out, " is an add-on code, and no primary that the table "
                         "lists carries it here; the contractor may accept "
                         "others.");
        break;
    }
    add_note(out, f->note);
}

/* The codes of the lines of a finding, each once. */
static void family_words(struct buffer *out, const struct claim_finding *f)
{
    char set[64];
    size_t len = strlen(f->word);

    len = len < sizeof set ? len : sizeof set - 1;
    for (size_t i = 0; i < len; i++)
        set[i] = (char)(f->word[i] == '_' ? ' ' : f->word[i]);
    set[len] = '\0';
    buffer_addf(out,
        "Several codes of one set (%s): one of them is billed a "
        "day.",
        set);
}

/* ---- step 10 */

static void necessity_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    const enum tie_link link = (enum tie_link)f->number[2];

    add_code(out, claim, f->line[0]);
    if (f->diagnosis != NO_DIAGNOSIS) {
        buffer_adds(out, " with ");
        add_diagnosis(out, claim, f->diagnosis);
    }
    buffer_adds(out, ": ");
    if (f->number[0] != 0)
        buffer_addf(out, "article A%llu ", (unsigned long long)f->number[0]);
    switch (f->reason) {
    case CLAIM_LISTED_NOT_SUPPORTING:
        buffer_adds(out, tie_is_strong(link)
                             ? "lists the diagnosis as not supporting."
                             : "lists the diagnosis as not supporting, perhaps "
                               "for other procedures.");
        break;
    case CLAIM_NOT_ON_LIST:
        buffer_adds(out, tie_is_strong(link)
                             ? "has a closed list of supporting diagnoses, and "
                               "this one is not on it."
                             : "has lists of supporting diagnoses, perhaps for "
                               "other procedures, and this one is on none.");
        break;
    case CLAIM_COVERAGE_CONFLICT:
        buffer_adds(out, "and others say different things of the diagnosis.");
        break;
    case CLAIM_LISTED_SUPPORTING:
        buffer_adds(out, link > LINK_ARTICLE_LEVEL
                             ? "lists the diagnosis as supporting, under "
                               "conditions: read its text."
                             : "lists the diagnosis as supporting, perhaps for "
                               "other procedures.");
        break;
    case CLAIM_POLICY_WITHOUT_LIST:
        buffer_adds(out, "names the procedure; no loaded list says anything of "
                         "the diagnosis. That is no denial.");
        break;
    default:
        buffer_adds(out, "no published list was found. That is no denial: the "
                         "contractor may still review.");
        break;
    }
}

/* ---- steps 11 to 13 */

static void amount_words(struct buffer *out, const struct claim_finding *f)
{
    int year, month, mday;

    day_to_civil(f->day, &year, &month, &mday);
    if (f->reason == CLAIM_AMOUNT_UNKNOWN) {
        buffer_addf(out,
            "The therapy amount of %d, above which Medicare asks for KX, is "
            "not known here.",
            year);
        return;
    }
    buffer_addf(out,
        "Above %llu dollars for physical therapy and speech-language pathology "
        "together, and %llu for occupational therapy, Medicare asks for KX in "
        "%d; above %llu each it may review the record. How much the patient "
        "has used is not known here.",
        (unsigned long long)f->number[0], (unsigned long long)f->number[1],
        year, (unsigned long long)f->number[2]);
    if (f->modifier[0] != MODIFIER_NONE)
        buffer_adds(out, " The claim carries it.");
}

static void therapy_words(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    switch (f->check) {
    case CHECK_THERAPY_MODIFIER:
        add_code(out, claim, f->line[0]);
        buffer_adds(out,
            f->reason == CLAIM_NEEDED
                ? " is always therapy for Medicare: its line needs one of GP, "
                  "GO and GN."
                : " may be therapy: under a therapy plan of care its line "
                  "needs one of GP, GO and GN.");
        break;
    case CHECK_THERAPY_TWO:
        buffer_adds(out, "The line carries ");
        add_modifier(out, f->modifier[0]);
        buffer_adds(out, " and ");
        add_modifier(out, f->modifier[1]);
        buffer_adds(out, ": one plan of care a line.");
        break;
    case CHECK_THERAPY_DISCIPLINE:
        add_code(out, claim, f->line[0]);
        buffer_adds(out, " is an evaluation that goes with ");
        add_modifier(out, f->modifier[1]);
        buffer_adds(out, ", not with ");
        add_modifier(out, f->modifier[0]);
        buffer_addc(out, '.');
        break;
    case CHECK_THERAPY_PARTNER:
        add_modifier(out, f->modifier[0]);
        if (f->note != NULL && f->note[0] != '\0')
            buffer_addf(out, " (%s)", f->note);
        buffer_adds(out, " goes with ");
        add_modifier(out, f->modifier[1]);
        buffer_adds(out, " only, which the line does not carry.");
        break;
    case CHECK_THERAPY_ORDER:
        buffer_adds(out, "Payment modifiers come first: ");
        add_modifier(out, f->modifier[0]);
        buffer_adds(out, " before ");
        add_modifier(out, f->modifier[1]);
        buffer_addc(out, '.');
        break;
    case CHECK_THERAPY_THRESHOLD:
        amount_words(out, f);
        break;
    case CHECK_THERAPY_REDUCTION:
        buffer_addf(out,
            "%llu therapy units this day: Medicare halves the practice expense "
            "of all but the one that pays most.",
            (unsigned long long)f->number[0]);
        break;
    case CHECK_MODIFIER_NOTE:
        add_modifier(out, f->modifier[0]);
        buffer_addf(out, ": %s.", f->word);
        if (f->note != NULL && f->note[0] != '\0')
            buffer_addf(out, " %c%s.",
                f->note[0] >= 'a' && f->note[0] <= 'z' ? f->note[0] - 'a' + 'A'
                                                       : f->note[0],
                f->note + 1);
        break;
    case CHECK_REVENUE:
        buffer_addf(out, "Revenue code %s (%s) goes with ", f->word, f->note);
        add_modifier(out, f->modifier[1]);
        buffer_adds(out, "; the line carries ");
        add_modifier(out, f->modifier[0]);
        buffer_addc(out, '.');
        break;
    default:
        add_code(out, claim, f->line[0]);
        buffer_adds(out, " stands on several lines with the same modifiers, "
                         "day and provider: a payer takes them for the same "
                         "service billed twice.");
        break;
    }
}

void claim_finding_text(struct buffer *out, const struct claim *claim,
    const struct claim_finding *f)
{
    if (f->check <= CHECK_SYNTAX_REVENUE)
        syntax_words(out, claim, f);
    else if (f->check <= CHECK_DIAGNOSIS)
        validity_words(out, claim, f);
    else if (f->check == CHECK_STATUS)
        status_words(out, claim, f);
    else if (f->check <= CHECK_UNITS_BILATERAL)
        units_words(out, claim, f);
    else if (f->check <= CHECK_MUE_NONE)
        mue_words(out, claim, f);
    else if (f->check <= CHECK_PTP_BYPASSED)
        pair_words(out, claim, f);
    else if (f->check <= CHECK_ADDON_UNKNOWN)
        addon_words(out, claim, f);
    else if (f->check <= CHECK_EVALUATIONS)
        family_words(out, f);
    else if (f->check == CHECK_NECESSITY)
        necessity_words(out, claim, f);
    else
        therapy_words(out, claim, f);
}

/* ---- what was not checked */

static const char *table_words(enum claim_table table)
{
    static const char *const words[CLAIM_TABLES] = {"the writing of the claim",
        "the validity of procedure codes", "the list of modifiers", "ICD-10-CM",
        "Medicare's physician fee schedule", "the table of timed codes",
        "the unit limits (MUE)", "the procedure-to-procedure edits",
        "the add-on code edits", "the coverage articles", "the therapy list"};

    return words[(unsigned)table < CLAIM_TABLES ? table : CLAIM_SYNTAX];
}

void claim_gap_text(
    struct buffer *out, const struct claim *claim, const struct claim_gap *gap)
{
    const char *what = table_words(gap->table);

    switch (gap->reason) {
    case GAP_NOT_LOADED:
        buffer_addf(out, "Not loaded: %s", what);
        if (gap->table == CLAIM_MUE || gap->table == CLAIM_PTP)
            buffer_addf(out, ", setting %s, program %s",
                setting_name(claim->setting), program_name(claim->program));
        buffer_addc(out, '.');
        break;
    case GAP_PARTIAL:
        buffer_addf(out,
            "Loaded in part only: %s; that something is not found there proves "
            "nothing.",
            what);
        break;
    case GAP_OUTSIDE:
        buffer_addf(out, "The date lies outside what is loaded of %s.", what);
        break;
    case GAP_UNCERTAIN:
        buffer_addf(out,
            "The loaded releases before and after the date differ: %s.", what);
        break;
    case GAP_UNKNOWN:
        buffer_addf(
            out, "Nothing that is loaded tells it for these lines: %s.", what);
        break;
    case GAP_MALFORMED:
        buffer_addf(
            out, "Could not be asked of what cannot be read: %s.", what);
        break;
    case GAP_NO_PLACE:
        buffer_addf(out,
            "The claim names neither its state nor its contractor: %s were not "
            "asked.",
            what);
        break;
    case GAP_NO_DIAGNOSIS:
        buffer_addf(out,
            "The claim names no diagnosis, and needs at least one: there was "
            "nothing to ask %s.",
            what);
        break;
    default:
        buffer_addf(out, "More than can be judged at once: %s.", what);
        break;
    }
}

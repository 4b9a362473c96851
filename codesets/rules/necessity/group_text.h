/* group_text.h - what the paragraph of a group in a coverage article says.
 *
 * No column ties a list of diagnoses to the procedures it is for: that stands
 * in the prose above the list ("the following codes support 97035"). Read out
 * of it are the procedure codes and ranges it names, the groups it names, and
 * whether words stand there that mark conditions. Nothing is decided here: see
 * tie.h.
 *
 * Codes behind "except", "excluding", "other than" and the like, up to the end
 * of the sentence, are named as exclusions. A "not" alone excludes nothing:
 * "these codes do not support 97035" ties the list to 97035. */
#ifndef CODESETS_RULES_NECESSITY_GROUP_TEXT_H
#define CODESETS_RULES_NECESSITY_GROUP_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GROUP_TEXT_RANGES_MAX = 512, /* codes and ranges of one paragraph */
    GROUP_NUMBER_MAX = 63,       /* of groups that can be named by number */
};

struct group_range {
    uint32_t first, last; /* packed codes (core/code.h); the same: one code */
    bool excluded;
};

struct group_text {
    size_t ranges;
    struct group_range range[GROUP_TEXT_RANGES_MAX];
    bool cut; /* there were more: what is not found may yet be named */
    /* Bit n: the group of number n. */
    uint64_t procedure_groups, excluded_groups, diagnosis_groups;
    bool diagnoses;  /* speaks of diagnoses or ICD-10 */
    bool conditions; /* words that mark a condition: "must", "secondary", … */
};

/* text is plain text (no tags) of len bytes; NULL with 0 is an empty one. */
void group_text_read(struct group_text *out, const char *text, size_t len);

enum naming {
    NAMING_NONE,     /* names no procedure at all */
    NAMING_NAMED,    /* names this one, or a group that it stands in */
    NAMING_EXCLUDED, /* names this one as an exception */
    NAMING_OTHERS,   /* names others, and not this one */
};

/* How a paragraph names a procedure. groups: bit n when the procedure stands
 * in procedure group n of the article. A code counts as one of others even
 * when the article has it in no group: the list is then for something that
 * nobody here knows. */
enum naming group_text_names(
    const struct group_text *text, uint32_t packed, uint64_t groups);

#endif

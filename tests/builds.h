/* builds.h - small builds, made out of files that a test writes.
 *
 * The files lie below files() and the store in store(), in a folder that lives
 * as long as one test. Texts in them are invented; CPT codes come as numbers
 * alone. What a build holds is read from its dump, line by line. */
#ifndef TESTS_BUILDS_H
#define TESTS_BUILDS_H
#include "tests/harness.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "codesets/core/buffer.h"
#include "indexer/build.h"
#include "indexer/builds/verify.h"

static char builds_folder[PATH_MAX / 4];

static inline int builds_begin(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)snprintf(builds_folder, sizeof builds_folder,
        "%s/coderef-build-XXXXXX", place != NULL ? place : P_tmpdir);
    return mkdtemp(builds_folder) == NULL;
}

static inline int builds_end(void **state)
{
    char command[PATH_MAX];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", builds_folder);
    return system(command) != 0;
}

/* A path in the test's folder; the last four stay. */
static inline const char *in_folder(const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];

    (void)snprintf(path, PATH_MAX, "%s/%s", builds_folder, name);
    return path;
}

static inline const char *files(void)
{
    return in_folder("files");
}

static inline const char *store(void)
{
    return in_folder("store");
}

/* Writes a file below files(), with the folders it lies in. */
static inline void put_bytes(const char *name, const void *bytes, size_t len)
{
    char path[PATH_MAX];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", files(), name);
    for (char *at = path + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        (void)mkdir(path, 0700);
        *at = '/';
    }
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static inline void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static inline void put_buffer(const char *name, struct buffer *text)
{
    put_bytes(name, text->data, text->len);
    buffer_clear(text);
}

/* --- the publishers' layouts -----------------------------------------------
 */

/* Edits "column1 column2 effective deletion indicator", - for a blank. */
static inline void put_ptp(
    const char *name, const char *const *rows, size_t count)
{
    struct buffer out = {0};

    buffer_adds(&out,
        "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
        "Deletion Date *=no data\tModifier 0=not allowed 1=allowed "
        "9=not applicable\tPTP Edit Rationale\n");
    for (size_t i = 0; i < count; i++) {
        char one[8], two[8], from[12], to[12], indicator[4];

        assert_int_equal(sscanf(rows[i], "%7s %7s %11s %11s %3s", one, two,
                             from, to, indicator),
            5);
        buffer_addf(&out, "%s\t%s\t\t%s\t%s\t%s\tan invented reason\n", one,
            two, from[0] == '-' ? "" : from, to, indicator);
    }
    put_buffer(name, &out);
}
#define PTP(name, ...)                                                         \
    do {                                                                       \
        const char *const rows_[] = {__VA_ARGS__};                             \
        put_ptp(name, rows_, sizeof rows_ / sizeof *rows_);                    \
    } while (0)

/* count edits of one HCPCS code, as filling. */
static inline void put_many_ptp(const char *name, int first, int count)
{
    struct buffer out = {0};

    buffer_adds(&out,
        "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\t"
        "Deletion Date *=no data\tModifier 0=not allowed 1=allowed "
        "9=not applicable\tPTP Edit Rationale\n");
    for (int i = 0; i < count; i++)
        buffer_addf(&out,
            "G0283\tH%04d\t\t20200101\t*\t1\tan invented reason\n", first + i);
    put_buffer(name, &out);
}

#define MUE_HEADING                                                            \
    "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication "        \
    "Indicator,MUE Rationale\n"

/* Rows "code,value,mai". */
static inline void put_mue(
    const char *name, const char *const *rows, size_t count)
{
    struct buffer out = {0};

    buffer_adds(&out, MUE_HEADING);
    for (size_t i = 0; i < count; i++)
        buffer_addf(&out, "%s,an invented reason\n", rows[i]);
    put_buffer(name, &out);
}
#define MUE(name, ...)                                                         \
    do {                                                                       \
        const char *const rows_[] = {__VA_ARGS__};                             \
        put_mue(name, rows_, sizeof rows_ / sizeof *rows_);                    \
    } while (0)

static inline void put_many_mue(const char *name, int first, int count)
{
    struct buffer out = {0};

    buffer_adds(&out, MUE_HEADING);
    for (int i = 0; i < count; i++)
        buffer_addf(&out, "A%04d,1,3,an invented reason\n", first + i);
    put_buffer(name, &out);
}

/* Rows "code added terminated", - for a blank. */
static inline void put_hcpcs(
    const char *name, const char *const *rows, size_t count)
{
    struct buffer out = {0};

    buffer_adds(&out,
        "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,"
        "PRICE3,PRICE4,MULT_PI,CIM1,CIM2,CIM3,MCM1,MCM2,MCM3,STATUTE,LABCERT1,"
        "LABCERT2,LABCERT3,LABCERT4,LABCERT5,LABCERT6,LABCERT7,LABCERT8,XREF1,"
        "XREF2,XREF3,XREF4,XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,OPPS_DT,"
        "PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,ADD DT,ACT EFF DT,"
        "TERM DT,ACTION CD\n");
    for (size_t i = 0; i < count; i++) {
        char code[8], added[12], ended[12];

        assert_int_equal(
            sscanf(rows[i], "%7s %11s %11s", code, added, ended), 3);
        buffer_addf(
            &out, "%s,0010,3,Invented item %s,Item %s", code, code, code);
        buffer_adds(&out, ",,,,,,,,,,,,,,,,,,,,,,,,,,C,,,,,,,,,,,,,");
        buffer_addf(&out, ",%s,,%s,N\n", added[0] == '-' ? "" : added,
            ended[0] == '-' ? "" : ended);
    }
    put_buffer(name, &out);
}
#define HCPCS(name, ...)                                                       \
    do {                                                                       \
        const char *const rows_[] = {__VA_ARGS__};                             \
        put_hcpcs(name, rows_, sizeof rows_ / sizeof *rows_);                  \
    } while (0)

/* Rows "code,modifier,description", all of one status. */
static inline void put_pfs_of(
    const char *name, char status, const char *const *rows, size_t count)
{
    struct buffer out = {0};

    buffer_adds(&out,
        "HCPCS,MOD,DESCRIPTION,STATUS CODE,NOT USED FOR MEDICARE PAYMENT,WORK "
        "RVU,NON-FAC PE RVU,NON-FAC NA INDICATOR,FACILITY PE RVU,FACILITY NA "
        "INDICATOR,MP RVU,NON-FACILITY TOTAL,FACILITY TOTAL,PCTC IND,GLOB DAYS,"
        "PRE OP,INTRA OP,POST OP,MULT PROC,BILAT SURG,ASST SURG,CO- SURG,TEAM "
        "SURG,ENDO BASE,CONV FACTOR,PHYSICIAN SUPERVISION OF DIAGNOSTIC "
        "PROCEDURES,CALCULATION FLAG,DIAGNOSTIC IMAGING FAMILY INDICATOR,"
        "NON-FACILITY PE USED FOR OPPS PAYMENT AMOUNT,FACILITY PE USED FOR "
        "OPPS PAYMENT AMOUNT,MP USED FOR OPPS PAYMENT AMOUNT\n");
    for (size_t i = 0; i < count; i++)
        buffer_addf(&out,
            "%s,%c,,0.45,0.43,,0.43,NA,0.01,0.89,0.89,7,XXX,0.00,0.00,0.00,5,"
            "0,0,0,0,,32.3465,09,0,99,0.00,0.00,0.00\n",
            rows[i], status);
    put_buffer(name, &out);
}

static inline void put_pfs(
    const char *name, const char *const *rows, size_t count)
{
    put_pfs_of(name, 'A', rows, count);
}
#define PFS(name, ...)                                                         \
    do {                                                                       \
        const char *const rows_[] = {__VA_ARGS__};                             \
        put_pfs(name, rows_, sizeof rows_ / sizeof *rows_);                    \
    } while (0)

/* Rows "type,addon,addon deleted,primary,primary deleted,from,to,note". */
static inline void put_aoc(
    const char *name, const char *const *rows, size_t count)
{
    struct buffer out = {0};

    buffer_adds(&out,
        "AOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,"
        "AOC_Edit_EffDT,AOC_Edit_DelDT,Special_Instruction_Notes\n");
    for (size_t i = 0; i < count; i++)
        buffer_addf(&out, "%s\n", rows[i]);
    put_buffer(name, &out);
}
#define AOC(name, ...)                                                         \
    do {                                                                       \
        const char *const rows_[] = {__VA_ARGS__};                             \
        put_aoc(name, rows_, sizeof rows_ / sizeof *rows_);                    \
    } while (0)

/* --- a build ---------------------------------------------------------------
 */

struct made {
    int rc;
    struct error err;
    struct build_result result;
    char *report;     /* the table */
    char *dump;       /* of the build made; NULL when there is none */
    json_t *manifest; /* likewise */
};

static inline void forget(struct made *made)
{
    free(made->report);
    free(made->dump);
    json_decref(made->manifest);
}

/* Builds from the given path; options may be NULL. */
static inline void build_from(
    struct made *made, const char *path, const struct build_options *options)
{
    const char *const paths[] = {path};
    struct build_options used = {0};
    size_t len;
    FILE *out;

    *made = (struct made){0};
    if (options != NULL)
        used = *options;
    used.store = store();
    used.report = open_memstream(&made->report, &len);
    assert_non_null(used.report);
    made->rc = build_run(&made->result, paths, path != NULL, &used, &made->err);
    (void)fclose(used.report);
    if (made->rc != 0 || made->result.path[0] == '\0')
        return;
    out = open_memstream(&made->dump, &len);
    assert_non_null(out);
    assert_int_equal(dump_build(made->result.path, out, NULL), 0);
    (void)fclose(out);
    {
        char manifest[PATH_MAX + 32];

        (void)snprintf(
            manifest, sizeof manifest, "%s/manifest.json", made->result.path);
        made->manifest = json_load_file(manifest, 0, NULL);
        assert_non_null(made->manifest);
    }
}

static inline void build_with(
    struct made *made, const struct build_options *options)
{
    build_from(made, files(), options);
}

/* A build that must be made. */
static inline void build(struct made *made)
{
    build_with(made, NULL);
    if (made->rc != 0)
        fail_msg("%s", made->err.msg);
}

/* A build that must not be made, and why. */
static inline void build_fails(const char *why)
{
    struct made made;

    build_with(&made, NULL);
    assert_int_equal(made.rc, ERR_INPUT);
    assert_string_equal(made.err.msg, why);
    forget(&made);
}

static inline bool has_line(const char *text, const char *line)
{
    const size_t len = strlen(line);

    for (const char *at = text; at != NULL && *at != '\0';
         at = strchr(at, '\n'), at += at != NULL) {
        if (strncmp(at, line, len) == 0 && (at[len] == '\n' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* The lines that begin so, without that beginning. The answer is freed by the
 * caller. */
static inline char *lines_of(const char *text, const char *begin)
{
    const size_t skip = strlen(begin);
    struct buffer out = {0};

    while (text != NULL && *text != '\0') {
        const char *end = strchr(text, '\n');
        const size_t len =
            end != NULL ? (size_t)(end - text) + 1 : strlen(text);

        if (len > skip && strncmp(text, begin, skip) == 0)
            buffer_add(&out, text + skip, len - skip);
        text += len;
    }
    buffer_addc(&out, '\0');
    return out.data;
}

/* The lines of the dump that begin so are these, without that beginning. */
static inline void dump_has(
    const struct made *made, const char *begin, const char *expected)
{
    char *lines = lines_of(made->dump, begin);

    assert_string_equal(lines, expected);
    free(lines);
}

/* How a file fared: "status read kept refused superseded duplicate". */
static inline void file_is(
    const struct made *made, const char *name, const char *expected)
{
    json_t *file;
    size_t i;
    char said[200];

    json_array_foreach(json_object_get(made->manifest, "files"), i, file)
    {
        const char *const numbers[] = {
            "read", "kept", "refused", "superseded", "duplicate"};
        size_t n;

        if (strcmp(json_string_value(json_object_get(file, "file")), name) != 0)
            continue;
        n = (size_t)snprintf(said, sizeof said, "%s",
            json_string_value(json_object_get(file, "status")));
        for (size_t k = 0; k < 5; k++)
            if (json_object_get(file, numbers[k]) != NULL)
                n += (size_t)snprintf(said + n, sizeof said - n, " %d",
                    (int)json_integer_value(json_object_get(file, numbers[k])));
        assert_string_equal(said, expected);
        return;
    }
    fail_msg("the manifest has no %s", name);
}

/* What the manifest notes of a file. */
static inline const char *note_of(const struct made *made, const char *name)
{
    json_t *file;
    size_t i;

    json_array_foreach(json_object_get(made->manifest, "files"), i,
        file) if (strcmp(json_string_value(json_object_get(file, "file")),
                      name) ==
                  0) return json_string_value(json_object_get(file, "note"));
    return NULL;
}

#endif

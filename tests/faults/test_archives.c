/* Archives that were damaged or made to do harm: the build says which file it
 * was and why, takes little memory, writes nothing outside, and release 1
 * answers as before. (DAMAGES: how many of each.) */
#include "tests/faults/faults.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/archives.h"

enum { MIB = 1 << 20, ENOUGH = 128 * MIB, PARTS = 64, MEMBERS = 10001 };

static const struct run within = {.memory_bytes = ENOUGH};
static struct buffer good; /* mue.zip of release 2 */

static void put_archive(const char *name, const void *bytes, size_t len)
{
    FILE *file = fopen(faults_path("files/2/%s", name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void put_back(void)
{
    put_archive("mue.zip", good.data, good.len);
}

/* Builds release 2 with these bytes as its mue.zip. */
static void build_with(struct ran *ran, const char *name, const void *bytes,
    size_t len, const struct run *how)
{
    ran->place = 0;
    put_archive("mue.zip", bytes, len);
    run_build(ran, 2, how);
    put_back();
    if (ran->status != 0 && ran->status != 1)
        fail_msg("%s: status %d: %s", name, ran->status, ran->err);
}

/* It fails, and says of mue.zip that. */
static void is_refused(const char *name, const struct buffer *bytes,
    const char *why, const struct run *how)
{
    struct ran ran;

    build_with(&ran, name, bytes->data, bytes->len, how);
    if (ran.status != 1 || strstr(ran.err, "mue.zip") == NULL ||
        strstr(ran.err, why) == NULL)
        fail_msg("%s: status %d: %s", name, ran.status, ran.err);
    assert_int_equal(faults_answers(name), 1);
    faults_tidy(name);
}

static int take_good(void **state)
{
    char bytes[65536];
    FILE *file;

    if (faults_begin(state) != 0)
        return -1;
    file = fopen(faults_path("files/2/mue.zip"), "rb");
    if (file == NULL)
        return -1;
    buffer_add(&good, bytes, fread(bytes, 1, sizeof bytes, file));
    (void)fclose(file);
    return good.len > PARTS && good.len < sizeof bytes ? 0 : -1;
}

static int drop_good(void **state)
{
    buffer_clear(&good);
    return faults_end(state);
}

/* ------------------------------------------------------------- damage */

static void an_archive_cut_short_anywhere_is_refused(void **state)
{
    const unsigned cuts = faults_number("DAMAGES", PARTS / 4, PARTS);

    faults_reset();
    for (unsigned i = 1; i < cuts; i++) {
        const struct buffer cut = {
            .data = good.data, .len = good.len * i / cuts};
        char name[64];

        (void)snprintf(name, sizeof name, "cut to %zu bytes", cut.len);
        is_refused(name, &cut, "damaged: ", &within);
    }
    print_message("%u lengths\n", cuts - 1);
}

/* Names and days of an archive have no checksum, so some may pass. */
static void no_changed_byte_ends_the_build_by_a_signal(void **state)
{
    const unsigned flips = faults_number("DAMAGES", 40, 2000);
    unsigned refused = 0;

    for (unsigned i = 0; i < flips; i++) {
        const size_t at = faults_random((unsigned)good.len);
        const char was = good.data[at];
        struct ran ran;
        char name[64];

        if (i % 16 == 0)
            faults_reset();
        good.data[at] = (char)(was ^ 1 << faults_random(8));
        (void)snprintf(name, sizeof name, "byte %zu is %d", at, good.data[at]);
        put_archive("mue.zip", good.data, good.len);
        ran.place = 0;
        run_build(&ran, 2, &within);
        good.data[at] = was;
        if (ran.status == 1 && strstr(ran.err, "mue.zip") == NULL)
            fail_msg("%s: %s", name, ran.err);
        if (ran.status != 0 && ran.status != 1)
            fail_msg("%s: status %d: %s", name, ran.status, ran.err);
        refused += ran.status == 1;
        faults_verified(name);
        faults_tidy(name);
    }
    put_back();
    print_message("%u bytes, %u of them refused\n", flips, refused);
    assert_true(refused > flips / 2);
}

/* ------------------------------------------------------------- harm */

static void archives_too_deep_in_each_other_are_refused(void **state)
{
    struct buffer zip = {0};

    faults_reset();
    buffer_add(&zip, good.data, good.len);
    for (int i = 0; i < 6; i++) {
        const struct part parts[] = {
            {"inner.zip", zip.data, zip.len}, {NULL, NULL, 0}};
        struct buffer outer = {0};

        archives_zip(&outer, parts);
        buffer_clear(&zip);
        zip = outer;
    }
    is_refused("seven deep", &zip, "packed more than 4 times", &within);
    buffer_clear(&zip);
}

static void an_encrypted_archive_is_refused(void **state)
{
    static const struct part parts[] = {
        {"secret.csv", "code,value\n", 0}, {NULL, NULL, 0}};
    struct buffer zip = {0};

    faults_reset();
    archives_pack(&zip, "zip", "encryption=traditional", parts);
    is_refused("encrypted", &zip, "the member is encrypted", &within);
    buffer_clear(&zip);
}

static void a_link_in_an_archive_is_refused(void **state)
{
    struct buffer tar = {0};
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();

    faults_reset();
    assert_int_equal(archive_write_set_format_ustar(archive), ARCHIVE_OK);
    assert_int_equal(
        archive_write_open(archive, &tar, NULL, archives_write, NULL),
        ARCHIVE_OK);
    archive_entry_set_pathname(entry, "table.csv");
    archive_entry_set_filetype(entry, AE_IFLNK);
    archive_entry_set_symlink(entry, "/etc/passwd");
    archive_entry_set_perm(entry, 0777);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
    is_refused("a link", &tar, "a link or a device", &within);
    buffer_clear(&tar);
}

static size_t names_in(const char *path)
{
    DIR *dir = opendir(path);
    size_t n = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n++;
    (void)closedir(dir);
    return n;
}

static void a_name_that_leads_outside_leads_nowhere(void **state)
{
    const struct part parts[] = {{"../../outside.csv", "nothing to load\n", 0},
        {"/tmp/../outside.csv", "nothing to load\n", 0},
        {"a\x1b[2Jb.csv", "nothing to load\n", 0}, {NULL, NULL, 0}};
    const size_t above = names_in(faults_path("."));
    struct buffer zip = {0};
    struct ran ran;

    faults_reset();
    archives_zip(&zip, parts);
    build_with(&ran, "names", zip.data, zip.len, &within);
    assert_int_equal(ran.status, 0);
    faults_verified("names");
    assert_int_equal(names_in(faults_path(".")), above);
    assert_int_not_equal(access("/tmp/outside.csv", F_OK), 0);
    assert_null(strchr(ran.out, '\x1b'));
    buffer_clear(&zip);
}

/* ------------------------------------------------------------- bombs */

static void add16(struct buffer *out, unsigned v)
{
    buffer_addc(out, (char)v);
    buffer_addc(out, (char)(v >> 8));
}

static void add32(struct buffer *out, size_t v)
{
    add16(out, (unsigned)v & 0xffff);
    add16(out, (unsigned)(v >> 16) & 0xffff);
}

/* A member as it is told in front of its bytes, or in the directory. */
struct told {
    unsigned method;
    size_t crc, packed, unpacked, at;
    char name[32];
};

static void add_member(
    struct buffer *out, const struct told *told, bool directory)
{
    add32(out, directory ? 0x02014b50 : 0x04034b50);
    if (directory)
        add16(out, 20);
    add16(out, 20);
    add16(out, 0);
    add16(out, told->method);
    add32(out, 0x21 << 16); /* the first day there is */
    add32(out, told->crc);
    add32(out, told->packed);
    add32(out, told->unpacked);
    add16(out, (unsigned)strlen(told->name));
    add16(out, 0);
    if (directory) {
        add16(out, 0);
        add32(out, 0);
        add32(out, 0);
        add32(out, told->at);
    }
    buffer_adds(out, told->name);
}

static void add_end(struct buffer *out, unsigned members, size_t at)
{
    const size_t len = out->len - at;

    add32(out, 0x06054b50);
    add32(out, 0);
    add16(out, members);
    add16(out, members);
    add32(out, len);
    add32(out, at);
    add16(out, 0);
}

/* That many zeros, deflated. */
static void add_zeros(struct buffer *out, size_t len, size_t *crc)
{
    static unsigned char zeros[1 << 16], packed[1 << 16];
    z_stream z = {0};
    uLong sum = crc32(0, NULL, 0);

    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
        Z_OK);
    for (size_t left = len; left > 0 || z.avail_out == 0;) {
        const size_t n = left < sizeof zeros ? left : sizeof zeros;

        z.next_in = zeros;
        z.avail_in = (uInt)n;
        left -= n;
        sum = crc32(sum, zeros, (uInt)n);
        do {
            z.next_out = packed;
            z.avail_out = sizeof packed;
            (void)deflate(&z, left == 0 ? Z_FINISH : Z_NO_FLUSH);
            buffer_add(out, packed, sizeof packed - z.avail_out);
        } while (z.avail_out == 0);
    }
    (void)deflateEnd(&z);
    *crc = sum;
}

/* One member of so many zeros; so many names for it; what is said of its size.
 */
static void make_bomb(
    struct buffer *out, size_t zeros, unsigned names, size_t unpacked)
{
    struct told told = {
        .method = 8, .unpacked = unpacked, .name = "000000.csv"};
    struct buffer packed = {0};
    size_t at;

    add_zeros(&packed, zeros, &told.crc);
    told.packed = packed.len;
    add_member(out, &told, false);
    buffer_add(out, packed.data, packed.len);
    at = out->len;
    for (unsigned i = 0; i < names; i++) {
        (void)snprintf(told.name, sizeof told.name, "%06u.csv", i);
        add_member(out, &told, true);
    }
    add_end(out, names, at);
    buffer_clear(&packed);
    assert_false(out->failed);
}

static void more_than_memory_holds_is_told(void **state)
{
    const size_t zeros = 400 * (size_t)MIB;
    struct buffer zip = {0};
    struct ran ran;

#ifdef __SANITIZE_ADDRESS__
    skip_because("AddressSanitizer takes the memory there is for itself");
#endif
    faults_reset();
    make_bomb(&zip, zeros, 1, zeros);
    assert_true(zip.len < MIB);
    build_with(&ran, "more than memory", zip.data, zip.len, &within);
    assert_int_equal(ran.status, 1);
    assert_non_null(strstr(ran.err, "out of memory"));
    assert_int_equal(faults_answers("more than memory"), 1);
    faults_tidy("more than memory");
    assert_true(ran.max_rss_kib < 2 * ENOUGH / 1024);
    buffer_clear(&zip);
}

static void a_member_of_more_than_a_gibibyte_is_refused(void **state)
{
    const size_t zeros = 1100 * (size_t)MIB;
    struct buffer zip = {0};

    faults_reset();
    make_bomb(&zip, zeros, 1, zeros);
    is_refused("a bomb", &zip, "bytes", &within);
    buffer_clear(&zip);
}

static void a_size_that_lies_is_refused(void **state)
{
    static const size_t lies[] = {1, MIB - 1, MIB + 1, 0xfffffff0};

    faults_reset();
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct buffer zip = {0};
        char name[64];

        make_bomb(&zip, MIB, 1, lies[i]);
        (void)snprintf(
            name, sizeof name, "a MiB said to be %zu bytes", lies[i]);
        is_refused(name, &zip, "damaged: ", &within);
        buffer_clear(&zip);
    }
}

static void too_many_members_are_refused(void **state)
{
    static struct part parts[MEMBERS + 1];
    static char names[MEMBERS][16];
    struct buffer zip = {0};

    faults_reset();
    for (size_t i = 0; i < MEMBERS; i++) {
        (void)snprintf(names[i], sizeof names[i], "%zu.csv", i);
        parts[i] = (struct part){names[i], "nothing", 0};
    }
    archives_zip(&zip, parts);
    is_refused("10,001 members", &zip, "more than 10000 members", &within);
    buffer_clear(&zip);
}

/* As in the bombs that are small and not packed in each other: each name is for
 * the same bytes. They are met once. */
static void many_names_for_the_same_bytes_are_one(void **state)
{
    struct buffer zip = {0};
    struct ran ran;

    faults_reset();
    make_bomb(&zip, 32 * (size_t)MIB, MEMBERS, 32 * (size_t)MIB);
    build_with(&ran, "10,001 names", zip.data, zip.len, &within);
    faults_verified("10,001 names");
    faults_tidy("10,001 names");
    print_message("10,001 names of 32 MiB: status %d, %ld KiB\n", ran.status,
        ran.max_rss_kib);
    buffer_clear(&zip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive_cut_short_anywhere_is_refused),
        cmocka_unit_test(no_changed_byte_ends_the_build_by_a_signal),
        cmocka_unit_test(archives_too_deep_in_each_other_are_refused),
        cmocka_unit_test(an_encrypted_archive_is_refused),
        cmocka_unit_test(a_link_in_an_archive_is_refused),
        cmocka_unit_test(a_name_that_leads_outside_leads_nowhere),
        cmocka_unit_test(more_than_memory_holds_is_told),
        cmocka_unit_test(a_member_of_more_than_a_gibibyte_is_refused),
        cmocka_unit_test(a_size_that_lies_is_refused),
        cmocka_unit_test(too_many_members_are_refused),
        cmocka_unit_test(many_names_for_the_same_bytes_are_one),
    };

    return cmocka_run_group_tests(tests, take_good, drop_good);
}

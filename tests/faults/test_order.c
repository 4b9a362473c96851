/* In what order a store reaches the disk. A power cut keeps what was synced and
 * any of the rest; so nothing may get its final name before it is synced, and
 * `current` may not point to a build whose name is not. */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ITEMS = 256, PATH_SIZE = 2048 };

/* A file or folder, and whether some of it is in memory alone. */
struct item {
    char inode[48], path[PATH_SIZE];
    bool dirty;
};

struct disk {
    struct item item[ITEMS];
    size_t items, lines, renames;
};

static struct item *item_of(struct disk *disk, const char *inode)
{
    for (size_t i = 0; i < disk->items; i++)
        if (strcmp(disk->item[i].inode, inode) == 0)
            return &disk->item[i];
    assert_true(disk->items < ITEMS);
    (void)snprintf(
        disk->item[disk->items].inode, sizeof disk->item->inode, "%s", inode);
    return &disk->item[disk->items++];
}

static bool is_below(const char *path, const char *folder)
{
    const size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

/* What lies there is on the disk. */
static void must_be_synced(
    const struct disk *disk, const char *folder, const char *before)
{
    for (size_t i = 0; i < disk->items; i++)
        if (disk->item[i].dirty && is_below(disk->item[i].path, folder))
            fail_msg("line %zu: %s comes before a sync of %s", disk->lines,
                before, disk->item[i].path);
}

static bool ends_with(const char *path, const char *end)
{
    const size_t a = strlen(path), b = strlen(end);

    return a >= b && strcmp(path + a - b, end) == 0;
}

static void take_rename(struct disk *disk, const char *old, const char *new)
{
    disk->renames++;
    must_be_synced(disk, old, new);
    if (ends_with(new, "/current"))
        must_be_synced(disk, faults_path("store/builds"), new);
    for (size_t i = 0; i < disk->items; i++)
        if (is_below(disk->item[i].path, old)) {
            char rest[PATH_SIZE], path[2 * PATH_SIZE];

            (void)snprintf(
                rest, sizeof rest, "%s", disk->item[i].path + strlen(old));
            (void)snprintf(path, sizeof path, "%s%s", new, rest);
            assert_true(strlen(path) < PATH_SIZE);
            memcpy(disk->item[i].path, path, strlen(path) + 1);
        }
}

static void take_line(struct disk *disk, const char *line)
{
    char what[16], inode[48], one[PATH_SIZE], two[PATH_SIZE];
    const int n =
        sscanf(line, "%15s %47s %2047s %2047s", what, inode, one, two);
    struct item *item;

    assert_true(n >= 3);
    disk->lines++;
    if (strcmp(what, "rename") == 0) {
        assert_int_equal(n, 4);
        take_rename(disk, one, two);
        return;
    }
    item = item_of(disk, inode);
    item->dirty = strcmp(what, "sync") != 0;
    if (strcmp(what, "enter") == 0)
        *strrchr(one, '/') = '\0';
    (void)snprintf(item->path, sizeof item->path, "%s", one);
}

/* Follows a program's journal to its end. */
static void in_order(
    int release, const char *command, const char *word, size_t renames)
{
    char preload[PATH_MAX], journal[PATH_MAX], line[3 * PATH_SIZE];
    const char *const environment[] = {preload, journal, NULL};
    const char *const arguments[] = {faults_program("coderef-index"), command,
        "--store", faults_store(), word, NULL};
    static struct disk disk;
    struct ran ran = {0};
    FILE *file;

    faults_preload(preload, "fail");
    (void)snprintf(
        journal, sizeof journal, "FAULT_JOURNAL=%s", faults_path("journal"));
    (void)unlink(faults_path("journal"));
    if (release != 0)
        run_build(&ran, release, &(struct run){.environment = environment});
    else
        run_program(&ran,
            &(struct run){.arguments = arguments, .environment = environment});
    if (ran.status != 0)
        fail_msg("%s", ran.err);
    disk = (struct disk){.items = 0};
    file = fopen(faults_path("journal"), "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        take_line(&disk, line);
    (void)fclose(file);
    must_be_synced(&disk, faults_store(), "the end");
    assert_int_equal(disk.renames, renames);
}

static void a_build_is_on_the_disk_before_it_is_seen(void **state)
{
    faults_reset();
    in_order(2, NULL, NULL, 2); /* the build, then current */
}

static void so_is_the_first_build_of_a_store(void **state)
{
    assert_int_equal(rename(faults_store(), faults_path("elsewhere")), 0);
    in_order(1, NULL, NULL, 2);
    faults_reset();
}

static void so_is_a_build_that_takes_the_place_of_its_like(void **state)
{
    faults_reset();
    in_order(1, NULL, NULL, 1); /* the two change places; current stays */
}

static void a_switch_is_on_the_disk_when_it_is_told(void **state)
{
    struct ran ran = {0};

    faults_reset();
    run_build(&ran, 2, NULL);
    in_order(0, "activate", faults_id(1), 1);
    in_order(0, "rollback", NULL, 1);
    assert_int_equal(faults_answers("rollback"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_build_is_on_the_disk_before_it_is_seen),
        cmocka_unit_test(so_is_the_first_build_of_a_store),
        cmocka_unit_test(so_is_a_build_that_takes_the_place_of_its_like),
        cmocka_unit_test(a_switch_is_on_the_disk_when_it_is_told),
    };

    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}

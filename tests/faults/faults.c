#include "tests/faults/faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "codesets/store/checksum.h"
#include "tests/builds.h"
#include "tests/coverage_export.h"
#include "tests/sources.h"

enum { PATHS = 8, RUN_SECONDS = 60, WORDS_MAX = 32, ANSWERS_MAX = 1 << 20 };

/* What a release is known by. */
static struct known {
    char id[ACTIVE_LEN], sum[CHECKSUM_TEXT];
    char *answers;
} known[3];

static uint64_t dice;

/* ------------------------------------------------------------- numbers */

unsigned faults_number(const char *variable, unsigned shorter, unsigned full)
{
    const char *own = getenv(variable), *form = getenv("FAULTS");

    if (own != NULL)
        return (unsigned)strtoul(own, NULL, 10);
    return form != NULL && strcmp(form, "full") == 0 ? full : shorter;
}

void faults_seed(void)
{
    dice = faults_number("SEED", 1, (unsigned)time(NULL));
    print_message("SEED=%llu\n", (unsigned long long)dice);
}

/* xorshift64*, which is enough to choose moments and places. */
unsigned faults_random(unsigned below)
{
    dice += dice == 0;
    dice ^= dice >> 12;
    dice ^= dice << 25;
    dice ^= dice >> 27;
    return (unsigned)((dice * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % below;
}

/* ------------------------------------------------------------- places */

const char *faults_path(const char *format, ...)
{
    static char paths[PATHS][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % PATHS];
    va_list args;
    int n = snprintf(path, PATH_MAX, "%s/", builds_folder);

    va_start(args, format);
    (void)vsnprintf(path + n, PATH_MAX - (size_t)n, format, args);
    va_end(args);
    return path;
}

const char *faults_program(const char *name)
{
    static char paths[PATHS][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % PATHS];
    const char *folder = getenv("B");

    (void)snprintf(
        path, PATH_MAX, "%s/%s", folder != NULL ? folder : "build", name);
    return path;
}

const char *faults_release(int which)
{
    return faults_path("files/%d", which);
}

const char *faults_store(void)
{
    return faults_path("store");
}

static void shell(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static void shell(const char *format, ...)
{
    char command[4 * PATH_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(command, sizeof command, format, args);
    va_end(args);
    assert_int_equal(system(command), 0);
}

void faults_reset(void)
{
    shell("rm -rf '%s' && cp -a '%s' '%s'", faults_store(), faults_path("kept"),
        faults_store());
}

/* ------------------------------------------------------------- releases */

static const char *in(int which, const char *name)
{
    static char path[64];

    (void)snprintf(path, sizeof path, "%d/%s", which, name);
    return path;
}

/* One table of each way in: plain text, zip, stream, workbook, zip in a zip.
 * The two releases differ in what they say of the same codes. */
static void put_release(int which)
{
    static const char sheet[] =
        "AOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,"
        "AOC_Edit_EffDT,AOC_Edit_DelDT,Special_Instruction_Notes\n"
        "1,97130,,97129,,2018274,,\n";
    const bool first = which == 1;
    struct buffer mue = {0}, packed = {0}, fees = {0}, book = {0}, cover = {0};
    struct coverage_export e;

    put_many_ptp(
        in(which, "2024q3/ptp_practitioner.tsv"), first ? 0 : 300, 400);
    HCPCS(in(which, "HCPC2024_JUL_ANWEB.csv"), "G0283 20000101 -",
        first ? "G0281 20000101 -" : "G0281 20000101 20231231");
    buffer_adds(&mue, MUE_HEADING);
    for (int i = 0; i < 200; i++)
        buffer_addf(&mue, "A%04d,%d,3,an invented reason\n", i, which);
    {
        const struct part parts[] = {
            {"MCR_MUE_PractitionerServices_Eff_07-01-2024.csv", mue.data,
                mue.len},
            {NULL, NULL, 0}};

        archives_zip(&packed, parts);
    }
    put_buffer(in(which, "mue.zip"), &packed);
    buffer_adds(&fees, "local_code\ttext\n");
    for (int i = 0; i < 50; i++)
        buffer_addf(&fees, "LOC%02d\tInvented place %d, %d\n", i, i, which);
    archives_stream(&packed, "gzip", fees.data, fees.len);
    put_buffer(in(which, "local_codes.tsv.gz"), &packed);
    workbook_of(&book, sheet, sizeof sheet - 1);
    put_buffer(in(which, "AOC_V2024Q3-MCR.xlsx"), &book);
    export_example(&e);
    if (!first)
        export_code(&e, EXPORT_COVERED, 10001, 4, 1, "M54.2");
    export_pack(&cover, &e, "current_article");
    export_end(&e);
    put_buffer(in(which, "current_article.zip"), &cover);
    buffer_clear(&mue);
    buffer_clear(&fees);
}

/* ------------------------------------------------------------- programs */

void faults_preload(char out[PATH_MAX], const char *name)
{
    /* It wants to be the first in the C library's place; behind calls that move
     * no memory it sees all the same. */
    (void)setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 0);
    (void)snprintf(out, PATH_MAX, "LD_PRELOAD=%s/%s.so",
        faults_program("faults/preload"), name);
}

static void limit(int what, rlim_t most)
{
    const struct rlimit both = {most, most};

    if (most != 0)
        (void)setrlimit(what, &both);
}

pid_t run_begin(const struct run *run)
{
    const pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    if (freopen("/dev/null", "r", stdin) == NULL ||
        freopen(faults_path("out%d", run->place), "w", stdout) == NULL ||
        freopen(faults_path("err%d", run->place), "w", stderr) == NULL)
        _exit(99);
    for (size_t i = 0; run->environment != NULL && run->environment[i] != NULL;
         i++)
        (void)putenv((char *)(uintptr_t)run->environment[i]);
    limit(RLIMIT_FSIZE, run->file_bytes);
#ifndef __SANITIZE_ADDRESS__ /* which maps terabytes for itself */
    limit(RLIMIT_DATA, run->memory_bytes);
    limit(RLIMIT_AS, run->address_bytes);
#endif
    limit(RLIMIT_NOFILE, run->files);
    execv(run->arguments[0], (char **)(uintptr_t)run->arguments);
    _exit(99);
}

static void read_said(char out[RAN_TEXT], const char *path)
{
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    out[fread(out, 1, RAN_TEXT - 1, file)] = '\0';
    (void)fclose(file);
}

void run_end(struct ran *ran, pid_t pid)
{
    struct rusage usage;
    int status = 0;
    pid_t got = 0;

    for (int i = 0; i < RUN_SECONDS * 1000 && got == 0; i++) {
        const struct timespec moment = {0, 1000000};

        if ((got = wait4(pid, &status, WNOHANG, &usage)) == 0)
            (void)nanosleep(&moment, NULL);
    }
    if (got == 0) {
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        fail_msg("a program did not end in %d seconds", RUN_SECONDS);
    }
    ran->status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    ran->max_rss_kib = usage.ru_maxrss;
    read_said(ran->out, faults_path("out%d", ran->place));
    read_said(ran->err, faults_path("err%d", ran->place));
}

void run_program(struct ran *ran, const struct run *run)
{
    ran->place = run->place;
    run_end(ran, run_begin(run));
}

pid_t begin_build(int which, const struct run *how)
{
    const char *const arguments[] = {faults_program("coderef-index"), "build",
        "--quiet", "--store", faults_store(), faults_release(which), NULL};
    struct run run = how != NULL ? *how : (struct run){0};

    run.arguments = arguments;
    return run_begin(&run);
}

void run_build(struct ran *ran, int which, const struct run *how)
{
    ran->place = how != NULL ? how->place : 0;
    run_end(ran, begin_build(which, how));
}

pid_t begin_refresh(int which, int place)
{
    const char *const arguments[] = {faults_program("coderef-index"), "refresh",
        "--quiet", "--force", "--store", faults_store(), faults_release(which),
        NULL};

    return run_begin(&(struct run){.arguments = arguments, .place = place});
}

void run_index(struct ran *ran, const char *command, const char *word)
{
    const char *const arguments[] = {faults_program("coderef-index"), command,
        "--store", faults_store(), word, NULL};

    run_program(ran, &(struct run){.arguments = arguments});
}

/* ------------------------------------------------------------- answers */

/* What the active build says, of every kind of question. Freed by the caller.
 */
static char *ask(const char *name)
{
    static const char *const questions[][4] = {{"pair", "G0283", "H0350"},
        {"pair", "G0283", "H0001"}, {"lookup", "G0281"}, {"lookup", "A0007"},
        {"lookup", "LOC07"}, {"search", "invented"},
        {"necessity", "G0283", "M54.2"}};
    struct buffer all = {0};

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const char *arguments[WORDS_MAX] = {faults_program("coderef"),
            "--store", faults_store(), "--json", "--date", "2024-08-01"};
        struct ran ran;

        memcpy(arguments + 6, questions[i], sizeof questions[i]);
        run_program(&ran, &(struct run){.arguments = arguments});
        if (ran.status != 0)
            fail_msg("%s: %s %s: %s", name, questions[i][0], questions[i][1],
                ran.err);
        buffer_adds(&all, ran.out);
    }
    buffer_addc(&all, '\0');
    return all.data;
}

void faults_active(char id[ACTIVE_LEN])
{
    char target[PATH_MAX];
    const ssize_t n =
        readlink(faults_path("store/current"), target, sizeof target - 1);

    id[0] = '\0';
    if (n < (ssize_t)sizeof "builds/" - 1)
        return;
    target[n] = '\0';
    (void)snprintf(
        id, ACTIVE_LEN, "%.*s", ACTIVE_LEN - 1, target + sizeof "builds/" - 1);
}

static void sum_of(char sum[CHECKSUM_TEXT], const char *id)
{
    uint64_t bytes;
    struct error err = {0};

    if (checksum_file(sum, &bytes, faults_path("store/builds/%s/data.mdb", id),
            &err) != 0)
        fail_msg("%s", err.msg);
}

const char *faults_id(int which)
{
    return known[which].id;
}

void faults_verified(const char *name)
{
    struct ran ran;

    run_index(&ran, "verify", NULL);
    if (ran.status != 0)
        fail_msg("%s: verify: %s%s", name, ran.out, ran.err);
}

int faults_answers(const char *name)
{
    char id[ACTIVE_LEN], sum[CHECKSUM_TEXT], *answers;
    int which = 0;

    faults_active(id);
    for (int i = 1; i <= 2; i++)
        if (strcmp(id, known[i].id) == 0)
            which = i;
    if (which == 0)
        fail_msg("%s: the active build is '%s'", name, id);
    sum_of(sum, id);
    if (strcmp(sum, known[which].sum) != 0)
        fail_msg("%s: build %s has other bytes", name, id);
    faults_verified(name);
    answers = ask(name);
    if (strcmp(answers, known[which].answers) != 0)
        fail_msg("%s: build %s answers otherwise: %s", name, id, answers);
    free(answers);
    return which;
}

int faults_told(const char *name, const struct ran *ran)
{
    static const char begin[] = "coderef-index: ";
    const int which = faults_answers(name);
    /* The build was made and switched to, and nobody could be told. */
    const char *const line = strchr(ran->err, '\n');
    const bool unsaid = strstr(ran->err, "standard output: ") != NULL &&
                        line != NULL && line[1] == '\0';

    if (ran->status != 0 && ran->status != 1)
        fail_msg("%s: status %d: %s", name, ran->status, ran->err);
    if (ran->status == 1 && strncmp(ran->err, begin, sizeof begin - 1) != 0 &&
        /* which ends the program by itself */
        strstr(ran->err, "libarchive: No memory") == NULL)
        fail_msg("%s: it failed and said '%s'", name, ran->err);
    if (which != (ran->status == 0 || unsaid ? 2 : 1) &&
        strstr(ran->err, ", nor switch back: active is builds/") == NULL)
        fail_msg("%s: status %d, and release %d is active: %s", name,
            ran->status, which, ran->err);
    return which;
}

static void none_hidden(const char *name, const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] == '.' && strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0 &&
            strcmp(entry->d_name, ".coderef.lock") != 0 &&
            strcmp(entry->d_name, ".refresh.lock") != 0)
            fail_msg("%s: left behind: %s", name, entry->d_name);
    (void)closedir(dir);
}

void faults_tidy(const char *name)
{
    none_hidden(name, faults_store());
    none_hidden(name, faults_path("store/builds"));
    if (access(faults_path("store/refresh"), F_OK) == 0)
        none_hidden(name, faults_path("store/refresh"));
}

void faults_builds_again(const char *name)
{
    struct ran ran;

    run_build(&ran, 2, NULL);
    if (ran.status != 0)
        fail_msg("%s: the next build: %s", name, ran.err);
    faults_tidy(name);
    assert_int_equal(faults_answers(name), 2);
}

/* ------------------------------------------------------------- begin, end */

int faults_begin(void **state)
{
    struct ran ran;

    if (builds_begin(state) != 0)
        return -1;
    faults_seed();
    put_release(1);
    put_release(2);
    for (int i = 2; i >= 1; i--) {
        run_build(&ran, i, NULL);
        if (ran.status != 0) {
            print_error("%s\n", ran.err);
            return -1;
        }
        faults_active(known[i].id);
        sum_of(known[i].sum, known[i].id);
        known[i].answers = ask("in the beginning");
        if (i == 2)
            shell("rm -rf '%s'", faults_store());
    }
    assert_string_not_equal(known[1].id, known[2].id);
    assert_string_not_equal(known[1].answers, known[2].answers);
    shell("cp -a '%s' '%s'", faults_store(), faults_path("kept"));
    return 0;
}

int faults_end(void **state)
{
    free(known[1].answers);
    free(known[2].answers);
    return builds_end(state);
}

#include "tools/bench/support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/bench/support/measure.h"

enum { EXIT_NOT_RUN = 127, NAME_LEN = 40, PATH_LEN = 80, LINE_LEN = 4096 };

static void redirect(int to, const char *path, int flags)
{
    const int fd = open(path != NULL ? path : "/dev/null", flags, 0666);

    if (fd < 0 || dup2(fd, to) < 0) {
        (void)fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
        _exit(EXIT_NOT_RUN);
    }
    (void)close(fd);
}

pid_t process_start(char *const argv[], const char *in, const char *out)
{
    const pid_t process = fork();

    if (process < 0)
        (void)fprintf(stderr, "bench: fork: %s\n", strerror(errno));
    if (process == 0) {
        redirect(STDIN_FILENO, in, O_RDONLY);
        redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
        (void)execvp(argv[0], argv);
        (void)fprintf(stderr, "bench: %s: %s\n", argv[0], strerror(errno));
        _exit(EXIT_NOT_RUN);
    }
    return process;
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec * 1e-6;
}

bool process_run(
    char *const argv[], const char *in, const char *out, struct usage *usage)
{
    const double begun = wall_seconds();
    const pid_t process = process_start(argv, in, out);
    struct rusage used;
    int status;

    if (process < 0)
        return false;
    while (wait4(process, &status, 0, &used) < 0)
        if (errno != EINTR)
            return false;
    *usage =
        (struct usage){.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            .wall = wall_seconds() - begun,
            .cpu = seconds_of(&used.ru_utime) + seconds_of(&used.ru_stime),
            .memory = (double)used.ru_maxrss * 1024};
    if (usage->status != 0)
        (void)fprintf(stderr, "bench: %s failed\n", argv[0]);
    return usage->status == 0;
}

void process_end(pid_t process)
{
    if (process <= 0)
        return;
    (void)kill(process, SIGTERM);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* Opens a file of /proc/<process>/. */
static FILE *open_proc(pid_t process, const char *name)
{
    char path[PATH_LEN];

    (void)snprintf(path, sizeof path, "/proc/%ld/%s", (long)process, name);
    return fopen(path, "r");
}

size_t process_children(pid_t process, pid_t *child, size_t max)
{
    char name[NAME_LEN];
    size_t count = 0;
    long number;
    FILE *file;

    (void)snprintf(name, sizeof name, "task/%ld/children", (long)process);
    file = open_proc(process, name);
    if (file == NULL)
        return 0;
    while (count < max && fscanf(file, "%ld", &number) == 1)
        child[count++] = (pid_t)number;
    (void)fclose(file);
    return count;
}

pid_t process_child(pid_t process)
{
    pid_t child;

    return process_children(process, &child, 1) == 1 ? child : -1;
}

void *process_shared(size_t len)
{
    void *memory = mmap(
        NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory != MAP_FAILED ? memory : NULL;
}

/* Ticks of a hundredth of a second, where the kernel tells nothing finer. */
static double cpu_by_ticks(pid_t process)
{
    FILE *file = open_proc(process, "stat");
    unsigned long user = 0, system = 0;

    if (file == NULL)
        return 0;
    /* The name in brackets may hold blanks, but not here. */
    if (fscanf(file,
            "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
            &user, &system) != 2)
        user = system = 0;
    (void)fclose(file);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

double process_cpu(pid_t process)
{
    FILE *file = open_proc(process, "schedstat");
    unsigned long long nanoseconds = 0;
    int read = 0;

    if (file != NULL) {
        read = fscanf(file, "%llu", &nanoseconds);
        (void)fclose(file);
    }
    return read == 1 && nanoseconds > 0 ? (double)nanoseconds * 1e-9
                                        : cpu_by_ticks(process);
}

bool process_memory(pid_t process, struct memory *out)
{
    FILE *file = open_proc(process, "smaps");
    char line[LINE_LEN];
    bool in_map = false;

    *out = (struct memory){0, 0};
    if (file == NULL)
        return false;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Rss:", 4) == 0) {
            const double bytes = strtod(line + 4, NULL) * 1024;

            out->resident += bytes;
            if (in_map)
                out->map += bytes;
        } else if (strchr(line, '-') != NULL && line[0] != 'V') {
            /* "7f00-7f01 r--s 0 08:01 12 /path", the head of a mapping. */
            in_map = strstr(line, "/data.mdb") != NULL;
        }
    }
    (void)fclose(file);
    return out->resident > 0;
}

/* fail.c - lets one call of a program fail, and keeps a journal of what it does
 * to files. For LD_PRELOAD.
 *
 *   FAULT_CLASS    system (files and maps), memory, short (reads and writes
 *                  that move only half of what was asked), or room (a disk)
 *   FAULT_AT       which call of the class, from 1; 0 or nothing: none. Of
 *                  room: how many bytes may be written until it is full
 *   FAULT_STAY     set: that one and all after it, as on a disk that is full
 *   FAULT_ERRNO    why; what is usual for the call when it is not set
 *   FAULT_KILL     set: the program is killed in front of the call instead
 *   FAULT_EXCEPT   libraries whose own allocations do not fail, "one,other"
 *   FAULT_TOLD     a file that is told which call failed ("fwrite PATH"), and
 *                  at the end how many there were ("calls N")
 *   FAULT_JOURNAL  a file that gets a line for each of
 *                      write DEV:INO PATH    data that is not yet on the disk
 *                      sync DEV:INO PATH
 *                      enter DEV:INO NAME    a name made in that folder
 *                      rename DEV:INO OLD NEW    DEV:INO of what is renamed
 *                      link TARGET NEW       a symbolic link
 *
 * What the C library calls inside itself is not seen; therefore streams are met
 * at fopen(), fread(), fwrite(), fflush() and fclose(). Everything here that
 * needs the system asks it directly, so as not to meet itself. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, STREAMS = 64, EXCEPTED = 4 };
enum class { NO_CLASS, SYSTEM, MEMORY, SHORT, ROOM };

/* Names that only the linker uses. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
char *__realpath_chk(const char *path, char *out, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

static struct {
    enum class class;
    unsigned long at, calls; /* of room: bytes */
    bool stay, kill, inside; /* inside: what is called comes from here */
    int why, told, journal;
    FILE *stream[STREAMS]; /* by descriptor, those that write */
    struct {
        uintptr_t from, to;
    } except[EXCEPTED];
    unsigned excepted;
} fault = {.told = -1, .journal = -1};

static void *next(const char *name)
{
    void *found;

    fault.inside = true;
    found = dlsym(RTLD_NEXT, name);
    fault.inside = false;
    return found;
}

/* A function pointer is no object pointer, and yet dlsym() gives one. */
#define NEXT(result, name, ...)                                                \
    static result (*real)(__VA_ARGS__);                                        \
    if (real == NULL)                                                          \
    *(void **)&real = next(#name)

/* ------------------------------------------------------------- telling */

static int open_for(const char *variable)
{
    const char *path = getenv(variable);

    return path == NULL ? -1
                        : (int)syscall(SYS_openat, AT_FDCWD, path,
                              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void say(int fd, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(int fd, const char *format, ...)
{
    const int cause = errno;
    char line[LINE_SIZE];
    va_list args;
    int len;

    if (fd < 0)
        return;
    va_start(args, format);
    len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len >= LINE_SIZE)
        len = LINE_SIZE - 1;
    (void)syscall(SYS_write, fd, line, (size_t)len);
    errno = cause;
}

static unsigned long number(const char *variable)
{
    const char *text = getenv(variable);

    return text == NULL ? 0 : strtoul(text, NULL, 10);
}

/* Is the library among those named? Then its code is kept in mind. */
static int look_at(struct dl_phdr_info *library, size_t size, void *named)
{
    const char *slash = strrchr(library->dlpi_name, '/');
    const char *at = named;

    while (slash != NULL && *at != '\0' && fault.excepted < EXCEPTED) {
        const size_t len = strcspn(at, ",");

        if (len > 0 && strncmp(slash + 1, at, len) == 0)
            for (int i = 0; i < library->dlpi_phnum; i++)
                if ((library->dlpi_phdr[i].p_flags & PF_X) != 0) {
                    const uintptr_t from =
                        library->dlpi_addr + library->dlpi_phdr[i].p_vaddr;

                    fault.except[fault.excepted].from = from;
                    fault.except[fault.excepted++].to =
                        from + library->dlpi_phdr[i].p_memsz;
                    break;
                }
        at += len + (at[len] == ',');
    }
    return 0;
}

static __attribute__((constructor)) void begin(void)
{
    char *except = getenv("FAULT_EXCEPT");

    const char *class = getenv("FAULT_CLASS");

    if (except != NULL)
        (void)dl_iterate_phdr(look_at, except);
    fault.told = open_for("FAULT_TOLD");
    fault.journal = open_for("FAULT_JOURNAL");
    fault.at = number("FAULT_AT");
    fault.why = (int)number("FAULT_ERRNO");
    fault.stay = getenv("FAULT_STAY") != NULL;
    fault.kill = getenv("FAULT_KILL") != NULL;
    if (class != NULL)
        fault.class = strcmp(class, "memory") == 0  ? MEMORY
                      : strcmp(class, "short") == 0 ? SHORT
                      : strcmp(class, "room") == 0  ? ROOM
                                                    : SYSTEM;
}

static __attribute__((destructor)) void end(void)
{
    say(fault.told, "calls %lu\n", fault.calls);
}

/* The path of a descriptor, or "?". */
static const char *path_of(int fd)
{
    static char path[LINE_SIZE / 2];
    char link[32];
    long len;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (len < 0)
        return "?";
    path[len] = '\0';
    return path;
}

/* Is this the call that fails? Then errno says why. */
static bool due(enum class class, const char *call, const char *what, int usual)
{
    if (fault.class != class || fault.inside)
        return false;
    fault.calls++;
    if (fault.at == 0 ||
        (fault.stay ? fault.calls < fault.at : fault.calls != fault.at))
        return false;
    say(fault.told, "%s %s\n", call, what);
    if (fault.kill)
        (void)raise(SIGKILL);
    errno = fault.why != 0 ? fault.why : usual;
    return true;
}

static bool fails(const char *call, const char *path, int usual)
{
    return due(SYSTEM, call, path != NULL ? path : "?", usual);
}

static bool fails_at(const char *call, int fd, int usual)
{
    return fault.class == SYSTEM && !fault.inside &&
           due(SYSTEM, call, path_of(fd), usual);
}

/* How much of a transfer takes place. */
static size_t part(const char *call, int fd, size_t len)
{
    return len > 1 && fault.class == SHORT && due(SHORT, call, path_of(fd), 0)
               ? len / 2
               : len;
}

/* On a disk with little room the beginning of what is written may still fit:
 * *len is how much. With nothing left it is full, and errno says so. What a
 * program says lies elsewhere. */
static bool is_full(const char *call, int fd, size_t *len)
{
    const size_t left = fault.at - fault.calls;

    if (fault.class != ROOM || fd <= STDERR_FILENO || *len == 0)
        return false;
    if (left == 0) {
        say(fault.told, "%s %s\n", call, path_of(fd));
        errno = ENOSPC;
        return true;
    }
    if (*len > left)
        *len = left;
    fault.calls += *len;
    return false;
}

/* ------------------------------------------------------------- journal */

static void note(const char *what, int fd)
{
    const int cause = errno;
    struct stat st;

    if (fault.journal >= 0 && syscall(SYS_fstat, fd, &st) == 0)
        say(fault.journal, "%s %llu:%llu %s\n", what,
            (unsigned long long)st.st_dev, (unsigned long long)st.st_ino,
            path_of(fd));
    errno = cause;
}

/* A descriptor opened with O_DSYNC keeps nothing back. */
static void note_write(int fd)
{
    const long flags =
        fault.journal >= 0 ? syscall(SYS_fcntl, fd, F_GETFL) : O_DSYNC;

    if (flags >= 0 && (flags & O_DSYNC) == 0 && (flags & O_ACCMODE) != O_RDONLY)
        note("write", fd);
}

static void note_enter(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[LINE_SIZE / 2];
    struct stat st;

    if (fault.journal < 0)
        return;
    (void)snprintf(folder, sizeof folder, "%.*s",
        slash == NULL || slash == path ? 1 : (int)(slash - path),
        slash == NULL ? "." : path);
    if (syscall(SYS_newfstatat, AT_FDCWD, folder, &st, 0) == 0)
        say(fault.journal, "enter %llu:%llu %s\n",
            (unsigned long long)st.st_dev, (unsigned long long)st.st_ino, path);
}

static void note_rename(const char *old, const char *new)
{
    struct stat st;

    if (fault.journal >= 0 &&
        syscall(SYS_newfstatat, AT_FDCWD, new, &st, AT_SYMLINK_NOFOLLOW) == 0)
        say(fault.journal, "rename %llu:%llu %s %s\n",
            (unsigned long long)st.st_dev, (unsigned long long)st.st_ino, old,
            new);
    note_enter(new);
}

static bool is_there(const char *path)
{
    const int cause = errno;
    const bool there = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;

    errno = cause;
    return there;
}

/* ------------------------------------------------------------- memory */

#ifndef WITHOUT_MEMORY /* a sanitizer stands there already */
static bool no_memory(const char *call, const void *caller)
{
    const uintptr_t at = (uintptr_t)caller;

    for (unsigned i = 0; i < fault.excepted; i++)
        if (at >= fault.except[i].from && at < fault.except[i].to)
            return false;
    return due(MEMORY, call, "", ENOMEM);
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
    return no_memory("malloc", CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return no_memory("calloc", CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return no_memory("realloc", CALLER) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (no_memory("posix_memalign", CALLER))
        return ENOMEM;
    *out = __libc_memalign(alignment, size);
    return *out == NULL ? ENOMEM : 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return no_memory("aligned_alloc", CALLER)
               ? NULL
               : __libc_memalign(alignment, size);
}
#endif

/* ------------------------------------------------------------- opening */

static int open_as(
    const char *call, int at, const char *path, int flags, mode_t mode)
{
    bool fresh;
    int fd;

    if (fails(call, path, (flags & O_CREAT) != 0 ? ENOSPC : EMFILE))
        return -1;
    fresh = (flags & O_CREAT) != 0 && !is_there(path);
    fd = (int)syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && fresh)
        note_enter(path);
    if (fd >= 0 && (flags & O_TRUNC) != 0)
        note_write(fd);
    return fd;
}

static mode_t mode_of(int flags, va_list args)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                                             \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        va_list args;                                                          \
        mode_t mode;                                                           \
                                                                               \
        va_start(args, flags);                                                 \
        mode = mode_of(flags, args);                                           \
        va_end(args);                                                          \
        return open_as("open", AT_FDCWD, path, flags, mode);                   \
    }
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = mode_of(flags, args);
    va_end(args);
    return open_as("openat", at, path, flags, mode);
}

int close(int fd)
{
    /* Like Linux: whatever it says, the descriptor is gone. */
    const bool failing = fails_at("close", fd, EIO);
    const int rc = (int)syscall(SYS_close, fd);

    if (fd >= 0 && fd < STREAMS)
        fault.stream[fd] = NULL;
    if (failing)
        errno = fault.why != 0 ? fault.why : EIO;
    return failing ? -1 : rc;
}

int flock(int fd, int operation)
{
    return fails_at("flock", fd, ENOLCK)
               ? -1
               : (int)syscall(SYS_flock, fd, operation);
}

/* ------------------------------------------------------------- reading */

ssize_t read(int fd, void *out, size_t len)
{
    return fails_at("read", fd, EIO)
               ? -1
               : (ssize_t)syscall(SYS_read, fd, out, part("read", fd, len));
}

#define PREAD(name)                                                            \
    ssize_t name(int fd, void *out, size_t len, off_t at)                      \
    {                                                                          \
        return fails_at("pread", fd, EIO)                                      \
                   ? -1                                                        \
                   : (ssize_t)syscall(                                         \
                         SYS_pread64, fd, out, part("pread", fd, len), at);    \
    }
PREAD(pread)
PREAD(pread64)

DIR *opendir(const char *path)
{
    NEXT(DIR *, opendir, const char *);
    return fails("opendir", path, EMFILE) ? NULL : real(path);
}

#define READDIR(name, entry)                                                   \
    struct entry *name(DIR *dir)                                               \
    {                                                                          \
        NEXT(struct entry *, name, DIR *);                                     \
        return fails("readdir", "", EIO) ? NULL : real(dir);                   \
    }
READDIR(readdir, dirent)
READDIR(readdir64, dirent64)

typedef int filter_fn(const struct dirent *entry);
typedef int order_fn(const struct dirent **a, const struct dirent **b);

int scandir(
    const char *path, struct dirent ***out, filter_fn *filter, order_fn *order)
{
    NEXT(
        int, scandir, const char *, struct dirent ***, filter_fn *, order_fn *);
    return fails("scandir", path, EMFILE) ? -1 : real(path, out, filter, order);
}

#define STAT(name)                                                             \
    int name(const char *path, struct stat *out)                               \
    {                                                                          \
        NEXT(int, name, const char *, struct stat *);                          \
        return fails(#name, path, EIO) ? -1 : real(path, out);                 \
    }
STAT(stat)
STAT(lstat)

int fstat(int fd, struct stat *out)
{
    return fails_at("fstat", fd, EIO) ? -1 : (int)syscall(SYS_fstat, fd, out);
}

int access(const char *path, int mode)
{
    return fails("access", path, EIO)
               ? -1
               : (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

char *realpath(const char *path, char *out)
{
    NEXT(char *, realpath, const char *, char *);
    return fails("realpath", path, EIO) ? NULL : real(path, out);
}

/* What a program built with _FORTIFY_SOURCE calls in its place. */
char *__realpath_chk(/* NOLINT(bugprone-reserved-identifier) */
    const char *path, char *out, size_t size)
{
    return realpath(path, out);
}

/* A name in front of its parameters takes no parentheses. */
#define MMAP(name)                                                             \
    void *name(/* NOLINT(bugprone-macro-parentheses) */                        \
        void *at, size_t len, int protection, int flags, int fd, off_t offset) \
    {                                                                          \
        return fails_at("mmap", fd, ENOMEM)                                    \
                   ? MAP_FAILED                                                \
                   : (void *)syscall(                                          \
                         SYS_mmap, at, len, protection, flags, fd, offset);    \
    }
MMAP(mmap)
MMAP(mmap64)

/* ------------------------------------------------------------- writing */

ssize_t write(int fd, const void *data, size_t len)
{
    ssize_t n;

    if (fails_at("write", fd, ENOSPC) || is_full("write", fd, &len))
        return -1;
    n = (ssize_t)syscall(SYS_write, fd, data, part("write", fd, len));
    if (n > 0)
        note_write(fd);
    return n;
}

#define PWRITE(name)                                                           \
    ssize_t name(int fd, const void *data, size_t len, off_t at)               \
    {                                                                          \
        ssize_t n;                                                             \
                                                                               \
        if (fails_at("pwrite", fd, ENOSPC) || is_full("pwrite", fd, &len))     \
            return -1;                                                         \
        n = (ssize_t)syscall(                                                  \
            SYS_pwrite64, fd, data, part("pwrite", fd, len), at);              \
        if (n > 0)                                                             \
            note_write(fd);                                                    \
        return n;                                                              \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int fd, const struct iovec *data, int count)
{
    size_t len = 0;
    ssize_t n;
    int whole = 0;

    for (int i = 0; i < count; i++)
        len += data[i].iov_len;
    if (fails_at("writev", fd, ENOSPC) || is_full("writev", fd, &len))
        return -1;
    while (whole < count && data[whole].iov_len <= len)
        len -= data[whole++].iov_len;
    if (whole == 0 && count > 0) {
        errno = ENOSPC;
        return -1;
    }
    if (whole > 1 && part("writev", fd, 2) == 1)
        whole /= 2;
    n = (ssize_t)syscall(SYS_writev, fd, data, whole);
    if (n > 0)
        note_write(fd);
    return n;
}

#define TRUNCATE(name)                                                         \
    int name(int fd, off_t len)                                                \
    {                                                                          \
        if (fails_at("ftruncate", fd, ENOSPC))                                 \
            return -1;                                                         \
        note_write(fd);                                                        \
        return (int)syscall(SYS_ftruncate, fd, len);                           \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

/* What a stream still holds back is not on the disk. */
static void sync_done(int fd)
{
    note("sync", fd);
    if (fd >= 0 && fd < STREAMS && fault.stream[fd] != NULL &&
        __fpending(fault.stream[fd]) > 0)
        note("write", fd);
}

int fsync(int fd)
{
    int rc;

    if (fails_at("fsync", fd, EIO))
        return -1;
    if ((rc = (int)syscall(SYS_fsync, fd)) == 0)
        sync_done(fd);
    return rc;
}

int fdatasync(int fd)
{
    int rc;

    if (fails_at("fdatasync", fd, EIO))
        return -1;
    if ((rc = (int)syscall(SYS_fdatasync, fd)) == 0)
        sync_done(fd);
    return rc;
}

/* ------------------------------------------------------------- names */

int mkdir(const char *path, mode_t mode)
{
    int rc;

    if (fails("mkdir", path, ENOSPC))
        return -1;
    if ((rc = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode)) == 0)
        note_enter(path);
    return rc;
}

int rename(const char *old, const char *new)
{
    int rc;

    if (fails("rename", new, EIO))
        return -1;
    if ((rc = (int)syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new)) == 0)
        note_rename(old, new);
    return rc;
}

int renameat2(
    int old_at, const char *old, int new_at, const char *new, unsigned flags)
{
    int rc;

    if (fails("renameat2", new, EIO))
        return -1;
    rc = (int)syscall(SYS_renameat2, old_at, old, new_at, new, flags);
    if (rc == 0)
        note_rename(old, new);
    return rc;
}

int symlink(const char *target, const char *path)
{
    return fails("symlink", path, ENOSPC)
               ? -1
               : (int)syscall(SYS_symlinkat, target, AT_FDCWD, path);
}

int unlink(const char *path)
{
    return fails("unlink", path, EIO)
               ? -1
               : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return fails("rmdir", path, EIO)
               ? -1
               : (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

/* ------------------------------------------------------------- streams */

static FILE *opened(FILE *file, const char *path, const char *mode, bool fresh)
{
    const int fd = file == NULL ? -1 : fileno(file);

    if (fd < 0 || mode[0] == 'r')
        return file;
    if (fresh)
        note_enter(path);
    note_write(fd);
    if (fd < STREAMS)
        fault.stream[fd] = file;
    return file;
}

#define FOPEN(name)                                                            \
    FILE *name(const char *path, const char *mode)                             \
    {                                                                          \
        NEXT(FILE *, name, const char *, const char *);                        \
        const bool fresh = !is_there(path);                                    \
                                                                               \
        return fails("fopen", path, mode[0] == 'r' ? EMFILE : ENOSPC)          \
                   ? NULL                                                      \
                   : opened(real(path, mode), path, mode, fresh);              \
    }
FOPEN(fopen)
FOPEN(fopen64)

size_t fread(void *out, size_t size, size_t count, FILE *file)
{
    NEXT(size_t, fread, void *, size_t, size_t, FILE *);
    return fails_at("fread", fileno(file), EIO) ? 0
                                                : real(out, size, count, file);
}

/* Does what a stream holds, and some more, go to a disk without room for it? */
static bool stream_is_full(const char *call, FILE *file, size_t more)
{
    const size_t wanted = __fpending(file) + more;
    size_t len = wanted;
    const bool full = is_full(call, fileno(file), &len);

    if (!full && len < wanted)
        errno = ENOSPC;
    return full || len < wanted;
}

/* What fits into the stream's own memory needs no system, and cannot fail. */
size_t fwrite(const void *data, size_t size, size_t count, FILE *file)
{
    NEXT(size_t, fwrite, const void *, size_t, size_t, FILE *);
    return __fpending(file) + size * count >= __fbufsize(file) &&
                   (fails_at("fwrite", fileno(file), ENOSPC) ||
                       stream_is_full("fwrite", file, size * count))
               ? 0
               : real(data, size, count, file);
}

int fflush(FILE *file)
{
    NEXT(int, fflush, FILE *);
    return file != NULL && (fails_at("fflush", fileno(file), ENOSPC) ||
                               stream_is_full("fflush", file, 0))
               ? EOF
               : real(file);
}

int fclose(FILE *file)
{
    NEXT(int, fclose, FILE *);
    const int fd = fileno(file);
    const bool failing =
        fails_at("fclose", fd, ENOSPC) || stream_is_full("fclose", file, 0);
    const int cause = errno;
    int rc;

    if (fd >= 0 && __fpending(file) > 0)
        note_write(fd);
    if (fd >= 0 && fd < STREAMS)
        fault.stream[fd] = NULL;
    rc = real(file);
    if (failing)
        errno = cause;
    return failing ? EOF : rc;
}

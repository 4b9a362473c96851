#include "server/notify.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LISTENERS_MAX = 64 };

void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len;
    int fd;

    if (path == NULL || (path[0] != '/' && path[0] != '@'))
        return;
    len = strlen(path);
    if (len >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@') /* a name that is no file */
        to.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    /* Nobody can be told that telling failed. */
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL,
        (const struct sockaddr *)&to,
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    (void)close(fd);
}

/* A number that an environment variable holds, or 0. */
static unsigned long long number_in(const char *name)
{
    const char *text = getenv(name);
    unsigned long long number;
    char *end;

    if (text == NULL || *text < '0' || *text > '9')
        return 0;
    errno = 0;
    number = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0 ? number : 0;
}

int64_t notify_watchdog(void)
{
    const unsigned long long each = number_in("WATCHDOG_USEC");

    if (getenv("WATCHDOG_PID") != NULL &&
        number_in("WATCHDOG_PID") != (unsigned long long)getpid())
        return 0;
    return each / 2000 > INT32_MAX ? INT32_MAX : (int64_t)(each / 2000);
}

unsigned notify_listeners(void)
{
    const unsigned long long count = number_in("LISTEN_FDS");
    const bool ours = number_in("LISTEN_PID") == (unsigned long long)getpid();

    (void)unsetenv("LISTEN_PID");
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_FDNAMES");
    return ours && count <= LISTENERS_MAX ? (unsigned)count : 0;
}

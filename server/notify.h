/* notify.h - tells systemd, when it asked to be told (Type=notify). */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H
#include <stdint.h>

/* Sends "READY=1", "RELOADING=1\nMONOTONIC_USEC=…", "STOPPING=1", … to the
 * socket that NOTIFY_SOCKET names; without one it does nothing. */
void notify(const char *state);

/* How often systemd wants to hear "WATCHDOG=1" of this process, in
 * milliseconds; 0: it does not. Half of what it allows. */
int64_t notify_watchdog(void);

/* How many listening sockets systemd passed to this process (LISTEN_FDS): they
 * are the descriptors from LISTEN_FD_FIRST on. 0: none. Says so once; whoever
 * is started from here is not told. */
enum { LISTEN_FD_FIRST = 3 };
unsigned notify_listeners(void);

#endif

/* notify.h - tells systemd, when it asked to be told (Type=notify). */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

/* Sends "READY=1", "RELOADING=1\nMONOTONIC_USEC=…", "STOPPING=1", … to the
 * socket that NOTIFY_SOCKET names; without one it does nothing. */
void notify(const char *state);

#endif

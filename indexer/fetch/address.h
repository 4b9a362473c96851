/* address.h - addresses of the web: joined, compared, and told apart.
 *
 * libcurl's URL parser does the reading; here is what fetch has to decide. */
#ifndef INDEXER_FETCH_ADDRESS_H
#define INDEXER_FETCH_ADDRESS_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/core/error.h"

enum { ADDRESS_MAX = 4096, FILE_NAME_MAX = 200 };

/* The address that `link` means on the page `base`, without fragment and with
 * blanks escaped. Returns 0, or ERR_INPUT for what is neither http nor https,
 * has a user's name in it, or is too long. */
int address_join(char out[ADDRESS_MAX], const char *base, const char *link,
    struct error *err);
/* The address with another scheme and host: those of `from`, whose path comes
 * before the address's own. One that lies below `from` stays. */
int address_move(char out[ADDRESS_MAX], const char *address, const char *from,
    struct error *err);

/* Path and query, unescaped: what the patterns of places.tsv look at. A byte
 * that is no printable ASCII becomes '?'. */
int address_subject(
    char out[ADDRESS_MAX], const char *address, struct error *err);

/* True when both are of one publisher: the same host, or hosts whose last two
 * labels are the same (www.cms.gov, downloads.cms.gov), never of numbers. */
bool address_same_site(const char *a, const char *b);
/* True when following `to` from `from` would leave the encryption. */
bool address_downgrades(const char *from, const char *to);
/* True when `address` lies in the folder `folder`, or is it. */
bool address_below(const char *address, const char *folder);
/* A page that stands before a file and asks for a licence. */
bool address_asks_licence(const char *address);

/* The last part of a subject as a name that is safe in a folder: letters,
 * digits,
 * '.', '-', '_' and blanks, the first of them no dot; others become '_'.
 * Returns 0, or ERR_INPUT when nothing is left or it is too long. */
int address_file_name(
    char out[FILE_NAME_MAX + 1], const char *subject, struct error *err);

#endif

/* links.h - the links of a web page, and the button that accepts a licence.
 *
 * No browser and no tree: the tags are read one after the other, as far as
 * links need it, whatever stands between them. Comments, scripts and styles are
 * passed over; a quote or a comment that is never closed ends the page, as in
 * browsers.
 *
 *   <a href="/files/zip/x.zip">The <b>file</b></a>     LINK_ANCHOR, "The file"
 *   <form action="/files/zip/x.zip">
 *     <input type="hidden" name="agree" value="yes">
 *     <input type="submit" name="next" value="Accept"> LINK_ACCEPT
 *   </form>                        with /files/zip/x.zip?agree=yes&next=Accept
 *
 * A form counts when pressing one of its buttons says yes, and it is sent the
 * way an address is (GET): its address is then what a browser would ask for. */
#ifndef INDEXER_FETCH_LINKS_H
#define INDEXER_FETCH_LINKS_H
#include <stddef.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"

enum {
    LINKS_MAX = 20000,       /* of one page; what comes after is not seen */
    LINK_ADDRESS_MAX = 2048, /* bytes; a longer address is passed over */
    LINK_TEXT_MAX = 1024     /* bytes of the words' HTML that are looked at */
};

enum link_kind { LINK_ANCHOR, LINK_ACCEPT };

struct link {
    enum link_kind kind;
    size_t address, text; /* where they begin in the bytes below */
};

struct links {
    struct buffer bytes; /* strings, each with its NUL */
    struct link *item;   /* owned */
    size_t count, cap;
    size_t base; /* of <base href>, an offset; 0 is the empty string */
};

/* Returns 0, or ERR_SYSTEM when there is no memory. */
int links_read(
    struct links *out, const char *html, size_t len, struct error *err);
void links_clear(struct links *links);

/* As written on the page, entities made characters; seldom whole. */
const char *link_address(const struct links *links, const struct link *link);
const char *link_text(const struct links *links, const struct link *link);

#endif

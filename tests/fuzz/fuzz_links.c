/* fuzz_links.c - whatever stands in a page, its links are strings within their
 * bounds, and each can be taken for an address, or not, without harm. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/fetch/address.h"
#include "indexer/fetch/check.h"
#include "indexer/fetch/links.h"
#include "indexer/fetch/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* What the finder does with a link. */
static void follow(const char *link)
{
    static struct places *places;
    char address[ADDRESS_MAX], subject[ADDRESS_MAX], name[FILE_NAME_MAX + 1];
    const struct place *list;
    struct named_release release;
    size_t count;

    if (places == NULL)
        must(places_open(&places, NULL) == 0);
    if (address_join(address, "https://www.cms.gov/a/b", link, NULL) != 0)
        return;
    must(strlen(address) < ADDRESS_MAX && strncmp(address, "http", 4) == 0);
    (void)address_same_site("https://www.cms.gov/", address);
    (void)address_asks_licence(address);
    if (address_subject(subject, address, NULL) != 0)
        return;
    list = places_list(places, &count);
    for (size_t i = 0; i < count; i++)
        if (pattern_find(list[i].file, subject, &release))
            must(release.part >= 1 && release.part <= PLACE_PARTS_MAX &&
                 strlen(release.label) < RELEASE_LABEL_MAX);
    if (address_file_name(name, subject, NULL) == 0)
        must(name[0] != '.' && name[0] != '\0' && strchr(name, '/') == NULL &&
             strchr(name, '\\') == NULL && strlen(name) <= FILE_NAME_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct links links;

    must(links_read(&links, (const char *)data, size, NULL) == 0);
    must(links.count <= LINKS_MAX);
    for (size_t i = 0; i < links.count; i++) {
        const struct link *link = &links.item[i];

        must(link->address < links.bytes.len && link->text < links.bytes.len);
        must(strlen(link_address(&links, link)) < ADDRESS_MAX);
        must(strlen(link_text(&links, link)) <= LINK_TEXT_MAX);
        if (i < 64)
            follow(link_address(&links, link));
    }
    links_clear(&links);
    (void)check_is_page((const char *)data, size);
    return 0;
}

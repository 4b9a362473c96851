/* bare_evhttp - the least server that libevent makes possible: it answers every
 * request with the bytes of one file. What a request costs here, it costs any
 * server on evhttp.
 *
 *   bare_evhttp PORT FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

enum { FILE_MAX = 1 << 20 };

struct bytes {
    char data[FILE_MAX];
    size_t len;
};

static void on_request(struct evhttp_request *request, void *arg)
{
    const struct bytes *bytes = arg;

    (void)evhttp_add_header(evhttp_request_get_output_headers(request),
        "Content-Type", "application/json");
    (void)evbuffer_add_reference(evhttp_request_get_output_buffer(request),
        bytes->data, bytes->len, NULL, NULL);
    evhttp_send_reply(request, HTTP_OK, "OK", NULL);
}

static int serve(unsigned short port, struct bytes *bytes)
{
    struct event_base *base = event_base_new();
    struct evhttp *http = base != NULL ? evhttp_new(base) : NULL;
    int status = EXIT_FAILURE;

    if (http != NULL && evhttp_bind_socket(http, "127.0.0.1", port) == 0) {
        evhttp_set_gencb(http, on_request, bytes);
        if (event_base_dispatch(base) >= 0)
            status = EXIT_SUCCESS;
    }
    if (http != NULL)
        evhttp_free(http);
    if (base != NULL)
        event_base_free(base);
    return status;
}

int main(int argc, char **argv)
{
    static struct bytes bytes;
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;

    if (file == NULL) {
        (void)fputs("usage: bare_evhttp PORT FILE\n", stderr);
        return EXIT_FAILURE;
    }
    bytes.len = fread(bytes.data, 1, sizeof bytes.data, file);
    (void)fclose(file);
    return serve((unsigned short)strtoul(argv[1], NULL, 10), &bytes);
}

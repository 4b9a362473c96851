/* The framing of requests, followed byte by byte: the same bytes must mean the
 * same however they are cut into reads. */
#include "tests/harness.h"

#include <string.h>

#include "server/transport/wire.h"

#define BYTES(text) text, sizeof(text) - 1

/* Follows the bytes in pieces of n. */
static const char *follow(
    struct wire *wire, const char *bytes, size_t len, size_t n)
{
    const char *fault = NULL;

    *wire = (struct wire){0};
    for (size_t at = 0; at < len && fault == NULL; at += n)
        fault = wire_follow(wire, bytes + at, len - at < n ? len - at : n);
    return fault;
}

static void assert_between_requests(const char *bytes, size_t len)
{
    struct wire wire;

    for (size_t n = 1; n <= len; n++) {
        const char *fault = follow(&wire, bytes, len, n);

        if (fault != NULL)
            print_error("%s\nin pieces of %zu: %s\n", bytes, n, fault);
        assert_null(fault);
        assert_int_equal(wire.state, WIRE_HEAD);
        assert_false(wire.lines);
        assert_int_equal(wire.line_len, 0);
    }
}

static void assert_fault(const char *bytes, size_t len, const char *words)
{
    struct wire wire;

    for (size_t n = 1; n <= len; n++) {
        const char *fault = follow(&wire, bytes, len, n);

        if (fault == NULL || strstr(fault, words) == NULL)
            print_error("%s\nin pieces of %zu: %s\n", bytes, n,
                fault != NULL ? fault : "no fault");
        assert_non_null(fault);
        assert_non_null(strstr(fault, words));
    }
}

static void well_formed_requests_end_where_they_end(void **state)
{
    assert_between_requests(BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_between_requests(
        BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\n\r\n"));
    assert_between_requests(
        BYTES("POST / HTTP/1.1\r\ncontent-length:\t3 \r\n\r\na\0\n"
              "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"));
    assert_between_requests(
        BYTES("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\n\n\n\0\r\n0000000A\r\n0123456789\r\n0\r\n\r\n"
              "GET / HTTP/1.1\r\n\r\n"));
    /* A line longer than what is kept of it. */
    assert_between_requests(BYTES(
        "GET /?q=0123456789012345678901234567890123456789012345678901234567890"
        "12345678901234567890 HTTP/1.1\r\nTransfer-Encoding-Not: "
        "01234567890123456789012345678901234567890123456789\r\n\r\n"));
}

static void what_could_be_read_in_two_ways_is_a_fault(void **state)
{
#define CHUNKED "P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert_fault(BYTES("GET /\0 HTTP/1.1\r\n"), "NUL");
    assert_fault(BYTES("GET / HTTP/1.1\r\nA: \0\r\n"), "NUL");
    assert_fault(BYTES("GET / HTTP/1.1\nHost: a\n\n"), "line feed alone");
    assert_fault(BYTES("GET / HTTP/1.1\r\nA: b\rC: d\r\n"), "carriage return");
    assert_fault(BYTES("GET / HTTP/1.1\r\nA: b\r\r\n"), "carriage return");
    assert_fault(BYTES("GET / HTTP/1.1\r\nA:\r\n b\r\n"), "blank");
    assert_fault(BYTES("G / HTTP/1.1\r\nContent-Length: 3x\r\n"), "number");
    assert_fault(BYTES("G / HTTP/1.1\r\nContent-Length: \r\n"), "number");
    assert_fault(
        BYTES("G / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n"),
        "number");
    assert_fault(BYTES("G / HTTP/1.1\r\nContent-Length: 1, 1\r\n"), "number");
    assert_fault(
        BYTES("G / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n"),
        "more than once");
    assert_fault(BYTES("G / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n"),
        "chunked");
    assert_fault(BYTES("G / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                       "Transfer-Encoding: chunked\r\n"),
        "chunked");
    assert_fault(BYTES("G / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                       "Content-Length: 1\r\n\r\n"),
        "Content-Length");
    assert_fault(BYTES(CHUNKED "+3\r\n"), "size of a chunk");
    assert_fault(BYTES(CHUNKED "\r\n\r\n"), "size of a chunk");
    assert_fault(BYTES(CHUNKED "3 \r\n"), "size of a chunk");
    assert_fault(BYTES(CHUNKED "3\n"), "size of a chunk");
    assert_fault(BYTES(CHUNKED "3\rx"), "size of a chunk");
    assert_fault(BYTES(CHUNKED "123456789\r\n"), "size of a chunk");
    assert_fault(BYTES(CHUNKED "3\r\nabcd\r\n"), "longer than it says");
    assert_fault(BYTES(CHUNKED "3\r\nabc\n"), "longer than it says");
    assert_fault(BYTES(CHUNKED "0\r\nA: b\r\n\r\n"), "behind a body");
#undef CHUNKED
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_requests_end_where_they_end),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

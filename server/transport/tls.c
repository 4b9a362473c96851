#include "server/transport/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

/* For TLS 1.2; the suites of 1.3 are all good. Forward secrecy and
 * authenticated encryption, or nothing. */
static const char ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

struct tls {
    const char *cert, *key;
    SSL_CTX *context;
};

/* A key that wants a passphrase is refused instead of asking the terminal. */
static int no_passphrase(char *out, int size, int writing, void *arg)
{
    return -1;
}

static int choose_protocol(SSL *ssl, const unsigned char **out,
    unsigned char *out_len, const unsigned char *offered, unsigned len,
    void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;

    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, offered,
            len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int fail(struct error *err, const char *file, const char *what)
{
    const unsigned long cause = ERR_peek_last_error();
    const char *why = ERR_reason_error_string(cause);

    (void)error_set(err, ERR_INPUT, 0, "%s: %s: %s", file, what,
        why != NULL ? why : "unknown reason");
    ERR_clear_error();
    return ERR_INPUT;
}

static int readable(const char *file, struct error *err)
{
    if (access(file, R_OK) == 0)
        return 0;
    return error_set(err, ERR_SYSTEM, errno, "%s: %s", file, strerror(errno));
}

static int make_context(
    SSL_CTX **out, const char *cert, const char *key, struct error *err)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int rc;

    if (context == NULL)
        return error_memory(err);
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION |
                                     SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, ciphers) != 1)
        rc = fail(err, "TLS", "cannot begin");
    else if ((rc = readable(cert, err)) != 0 || (rc = readable(key, err)) != 0)
        ;
    else if (SSL_CTX_use_certificate_chain_file(context, cert) != 1)
        rc = fail(err, cert, "holds no certificate in PEM that can be used");
    else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        rc = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH
                 ? error_set(err, ERR_INPUT, 0,
                       "%s: is not the key of the certificate in %s", key, cert)
                 : fail(err, key,
                       "holds no private key in PEM, without a passphrase, "
                       "that can be used");
    else if (SSL_CTX_check_private_key(context) != 1)
        rc = fail(err, key, "does not belong to the certificate");
    ERR_clear_error();
    if (rc != 0) {
        SSL_CTX_free(context);
        return rc;
    }
    *out = context;
    return 0;
}

int tls_open(
    struct tls **out, const char *cert, const char *key, struct error *err)
{
    struct tls *tls = calloc(1, sizeof *tls);
    int rc;

    if (tls == NULL)
        return error_memory(err);
    *tls = (struct tls){.cert = cert, .key = key};
    if ((rc = make_context(&tls->context, cert, key, err)) != 0) {
        free(tls);
        return rc;
    }
    *out = tls;
    return 0;
}

void tls_close(struct tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    free(tls);
}

int tls_reload(struct tls *tls, struct error *err)
{
    SSL_CTX *fresh = NULL;
    const int rc = make_context(&fresh, tls->cert, tls->key, err);

    if (rc != 0)
        return rc;
    SSL_CTX_free(tls->context); /* its connections hold it on */
    tls->context = fresh;
    return 0;
}

struct bufferevent *tls_bufferevent(struct tls *tls, struct event_base *base)
{
    SSL *ssl = SSL_new(tls->context);
    struct bufferevent *bev;

    if (ssl == NULL)
        return NULL;
    bev = bufferevent_openssl_socket_new(
        base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (bev == NULL) {
        SSL_free(ssl);
        return NULL;
    }
    bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    return bev;
}

bool tls_ready(struct bufferevent *bev)
{
    return SSL_is_init_finished(bufferevent_openssl_get_ssl(bev)) != 0;
}

void tls_send_last(struct bufferevent *bev, const struct iovec *part, int parts)
{
    SSL *ssl = bufferevent_openssl_get_ssl(bev);

    for (int i = 0; i < parts && tls_ready(bev); i++) {
        size_t sent = 0;

        if (part[i].iov_len > 0 &&
            SSL_write_ex(ssl, part[i].iov_base, part[i].iov_len, &sent) != 1)
            break;
    }
    ERR_clear_error();
}

void tls_goodbye(struct bufferevent *bev)
{
    if (tls_ready(bev))
        (void)SSL_shutdown(bufferevent_openssl_get_ssl(bev));
    ERR_clear_error();
}

#include "indexer/build.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codesets/data/embedded.h"
#include "indexer/plan/plan.h"
#include "indexer/report.h"
#include "indexer/builds/store_folder.h"
#include "indexer/builds/verify.h"
#include "indexer/write/write.h"

/* --- identity ---------------------------------------------------------------
 */

static void digest_text(EVP_MD_CTX *digest, const char *text)
{
    (void)EVP_DigestUpdate(digest, text, strlen(text) + 1);
}

static void digest_embedded(
    EVP_MD_CTX *digest, const struct embedded_file *file)
{
    for (; file->name != NULL; file++) {
        digest_text(digest, file->name);
        (void)EVP_DigestUpdate(digest, file->data, file->len);
    }
}

static void digest_terms(
    EVP_MD_CTX *digest, const struct build_options *options)
{
    char said[64];

    digest_text(digest, CODEREF_VERSION);
    (void)snprintf(said, sizeof said, "%u %d %d %d %d", STORE_FORMAT,
        options->licensed, options->allow_partial,
        (int)options->collect.setting, (int)options->collect.program);
    digest_text(digest, said);
    digest_text(digest,
        options->collect.release != NULL ? options->collect.release : "");
    digest_embedded(digest, embedded_data);
    digest_embedded(digest, embedded_starter);
}

static EVP_MD_CTX *digest_open(struct error *err)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();

    if (digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1)
        return digest;
    EVP_MD_CTX_free(digest);
    (void)error_memory(err);
    return NULL;
}

/* Writes the first bytes of the hash in hex, and a NUL. */
static void digest_close(EVP_MD_CTX *digest, char *out, size_t bytes)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    (void)EVP_DigestFinal_ex(digest, sum, &len);
    EVP_MD_CTX_free(digest);
    for (size_t i = 0; i < bytes; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

int build_terms(char out[BUILD_TERMS_TEXT], const struct build_options *options,
    struct error *err)
{
    EVP_MD_CTX *digest = digest_open(err);

    if (digest == NULL)
        return ERR_SYSTEM;
    digest_terms(digest, options);
    digest_close(digest, out, BUILD_TERMS_TEXT / 2);
    return 0;
}

/* The id is made of everything that decides a build's bytes. */
static int make_id(char out[BUILD_ID_LEN + 1],
    const struct collection *collection, const struct build_options *options,
    struct error *err)
{
    char said[64];
    EVP_MD_CTX *digest = digest_open(err);

    if (digest == NULL)
        return ERR_SYSTEM;
    digest_terms(digest, options);
    for (size_t i = 0; i < collection->files; i++) {
        const struct collected *file = &collection->file[i];

        digest_text(digest, file->name);
        digest_text(digest, file->sha256);
        if (file->has_batch) {
            /* what the folders above the given path and the build before may
             * have told */
            const struct identity *id = &file->batch.id;

            (void)snprintf(said, sizeof said, "%d %d %d %d %d",
                (int)id->setting, (int)id->program, id->from, id->to,
                (int)file->status);
            digest_text(digest, said);
            digest_text(digest, id->release);
        }
    }
    digest_close(digest, out, BUILD_ID_LEN / 2);
    return 0;
}

/* --- writing ----------------------------------------------------------------
 */

static bool stopped(const struct build_options *options, struct error *err)
{
    if (options->collect.stop == NULL || !*options->collect.stop)
        return false;
    (void)error_set(err, ERR_SYSTEM, 0, "stopped; the store is as it was");
    return true;
}

static int write_and_settle(struct build_result *out, struct plan *plan,
    struct collection *collection, const struct build_options *options,
    struct error *err)
{
    const struct write_options write = {
        .id = out->id, .licensed = options->licensed};
    struct write_counts counts;
    char builds[BUILD_PATH_MAX], fresh[BUILD_PATH_MAX];
    int rc;

    if ((rc = folder_join(builds, options->store, "builds", err)) != 0 ||
        (rc = folder_make(builds, err)) != 0)
        return rc;
    folder_sweep(options->store);
    if (snprintf(fresh, sizeof fresh, "%s/.%s.%ld", builds, out->id,
            (long)getpid()) >= (int)sizeof fresh)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", builds);
    if ((rc = folder_make(fresh, err)) != 0)
        return rc;
    if (options->collect.progress)
        (void)fputs("\r\033[Kwriting the build", stderr);
    rc = write_build(plan, collection, fresh, &write, &counts, err);
    if (rc == 0)
        rc = plan_check_refused(collection, err);
    if (rc == 0)
        rc = report_manifest(fresh, collection, plan, &write, &counts, err);
    if (options->collect.progress)
        (void)fputs("\r\033[Kchecking the build", stderr);
    if (rc == 0)
        rc = verify_build(fresh, NULL, err);
    if (options->collect.progress)
        (void)fputs("\r\033[K", stderr);
    if (rc == 0 && stopped(options, err))
        rc = ERR_SYSTEM;
    if (rc == 0)
        rc = folder_settle(fresh, builds, out->id, out->path, err);
    if (rc != 0) {
        folder_remove_build(fresh);
        return rc;
    }
    if (counts.licensed_dropped > 0 && options->report != NULL)
        (void)fprintf(options->report,
            "%u licensed descriptions left out; --accept-ama-license keeps "
            "them\n",
            counts.licensed_dropped);
    if (options->no_activate)
        return 0;
    rc = folder_activate(options->store, out->id, err);
    out->activated = rc == 0;
    return rc == 0
               ? 0
               : error_prefix(err, rc, "build %s is made, not active", out->id);
}

int build_run(struct build_result *out, const char *const *paths, size_t count,
    const struct build_options *options, struct error *err)
{
    struct previous previous = {0};
    const struct plan_options planning = {
        .allow_partial = options->allow_partial, .previous = &previous};
    struct collection collection = {0};
    struct plan plan = {0};
    int lock = -1, rc = 0;

    *out = (struct build_result){0};
    if (!options->dry_run &&
        ((rc = folder_make(options->store, err)) != 0 ||
            (!options->locked &&
                (rc = folder_lock(options->store, &lock, err)) != 0)))
        goto done;
    if (options->store != NULL)
        previous_read(&previous, options->store);
    rc = collect(&collection, paths, count, &options->collect, err);
    if (rc == 0)
        rc = plan_make(&plan, &collection, &planning, err);
    if (rc == 0)
        rc = make_id(out->id, &collection, options, err);
    if (rc == 0 && stopped(options, err))
        rc = ERR_SYSTEM;
    if (rc == 0 && !options->dry_run)
        rc = write_and_settle(out, &plan, &collection, options, err);
    if (options->report != NULL)
        report_table(options->report, &collection);
done:
    plan_clear(&plan);
    collection_clear(&collection);
    if (lock >= 0)
        (void)close(lock);
    return rc;
}

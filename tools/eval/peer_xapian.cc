// peer_xapian.cc - Xapian as a yardstick: it has no C interface. Built by
// `make bench` alone.
#include "tools/eval/peers.h"

#include <cstdio>
#include <exception>
#include <string>
#include <xapian.h>

namespace {

// What a word of a text counts, by the text it stands in.
enum : Xapian::termcount { IN_LABEL = 5, IN_TITLE = 5, IN_BRIEF = 2, IN_FULL = 1, IN_EXTRA = 1 };

struct State {
    Xapian::Database database;
    Xapian::Enquire enquire;
    Xapian::QueryParser parser;
    enum peer_setting setting;

    State(const std::string &folder, enum peer_setting how)
        : database(folder), enquire(database), setting(how)
    {
        parser.set_database(database);
        parser.set_default_op(Xapian::Query::OP_AND);
        if (how != PEER_PLAIN) {
            parser.set_stemmer(Xapian::Stem("en"));
            parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
        }
    }
};

std::string message(const Xapian::Error &error)
{
    return error.get_description();
}

size_t ask(State &state, const std::string &text, unsigned flags,
    Xapian::Query::op op, size_t *out, size_t max)
{
    size_t hits = 0;

    state.parser.set_default_op(op);
    state.enquire.set_query(state.parser.parse_query(text, flags));
    const Xapian::MSet found =
        state.enquire.get_mset(0, static_cast<Xapian::doccount>(max));
    for (Xapian::MSetIterator hit = found.begin(); hit != found.end(); ++hit)
        out[hits++] = *hit - 1;
    return hits;
}

size_t xapian_find(
    void *opaque, const char *text, size_t len, size_t *out, size_t max)
{
    State &state = *static_cast<State *>(opaque);
    const unsigned flags = Xapian::QueryParser::FLAG_PARTIAL;

    try {
        const std::string query(text, len);
        size_t hits = ask(state, query, flags, Xapian::Query::OP_AND, out, max);

        if (hits > 0 || state.setting < PEER_ANY)
            return hits;
        hits = ask(state, query,
            flags | Xapian::QueryParser::FLAG_SPELLING_CORRECTION,
            Xapian::Query::OP_AND, out, max);
        const std::string corrected =
            state.parser.get_corrected_query_string();
        const std::string &best = corrected.empty() ? query : corrected;
        if (hits == 0 && !corrected.empty())
            hits = ask(
                state, corrected, flags, Xapian::Query::OP_AND, out, max);
        if (hits == 0)
            hits = ask(state, best, flags, Xapian::Query::OP_OR, out, max);
        return hits;
    } catch (const Xapian::Error &error) {
        std::fprintf(stderr, "xapian: %s\n", message(error).c_str());
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "xapian: %s\n", error.what());
        return 0;
    }
}

void xapian_close(void *opaque)
{
    delete static_cast<State *>(opaque);
}

void fill(const std::string &folder, enum peer_setting setting,
    peer_text_fn *text, void *context, size_t count)
{
    Xapian::WritableDatabase database(
        folder, Xapian::DB_CREATE_OR_OVERWRITE);
    Xapian::TermGenerator words;

    if (setting != PEER_PLAIN) {
        words.set_stemmer(Xapian::Stem("en"));
        words.set_stemming_strategy(Xapian::TermGenerator::STEM_SOME);
    }
    words.set_database(database);
    if (setting >= PEER_ANY)
        words.set_flags(Xapian::TermGenerator::FLAG_SPELLING);
    for (size_t i = 0; i < count; i++) {
        struct peer_text given;
        Xapian::Document document;

        text(context, i, &given);
        words.set_document(document);
        words.index_text(given.code, IN_TITLE);
        words.increase_termpos();
        words.index_text(given.shown, IN_TITLE);
        words.increase_termpos();
        words.index_text(given.title, IN_TITLE);
        words.increase_termpos();
        words.index_text(given.label, IN_LABEL);
        words.increase_termpos();
        words.index_text(given.brief, IN_BRIEF);
        words.increase_termpos();
        words.index_text(given.full, IN_FULL);
        if (setting != PEER_TITLES) {
            words.increase_termpos();
            words.index_text(given.extra, IN_EXTRA);
        }
        // Documents are numbered from 1, as they come.
        database.add_document(document);
    }
    database.commit();
}

} // namespace

bool xapian_open(struct finder *out, enum peer_setting setting,
    const char *folder, peer_text_fn *text, void *context, size_t count)
{
    try {
        fill(folder, setting, text, context, count);
        out->name = "Xapian";
        out->how = peer_setting_name(setting);
        out->state = new State(folder, setting);
        out->find = xapian_find;
        out->close = xapian_close;
        return true;
    } catch (const Xapian::Error &error) {
        std::fprintf(stderr, "xapian: %s: %s\n", folder, message(error).c_str());
        return false;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "xapian: %s: %s\n", folder, error.what());
        return false;
    }
}

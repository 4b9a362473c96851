# coderef: `make run` serves it, `make test` checks it, `make help` says more.
#
# Programs land in $(B), objects in $(B)/obj; nothing generated lies beside a
# source. FLAVOUR=sanitize, coverage or fuzz builds the same elsewhere.
FLAVOUR ?= release
B := $(if $(filter release,$(FLAVOUR)),build,build/$(FLAVOUR))
O := $(B)/obj
PREFIX ?= /usr/local
VERSION := 0.1.0

# What `make run` serves, and where.
STORE ?= store
RELEASES ?=
ADDRESS ?= 127.0.0.1
PORT ?= 8080
BUILD_FLAGS ?=
# What the tests and benchmarks read, when it is there: published releases.
REAL ?= $(wildcard ../shared/cms)
FUZZ_SECONDS ?= 30
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

CFLAGS ?= -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
STORE_PKGS := lmdb libutf8proc jansson libxxhash
INDEX_PKGS := libarchive expat libcrypto zlib libcurl
SERVER_PKGS := libevent libevent_openssl libssl libcrypto zlib
pkg = $(shell pkg-config $(1) 2>/dev/null)
READY := $(shell pkg-config --exists $(STORE_PKGS) $(INDEX_PKGS) \
	$(SERVER_PKGS) 2>/dev/null && echo yes)
CPPFLAGS += -I. -D_GNU_SOURCE -DCODEREF_VERSION='"$(VERSION)"' \
	$(call pkg,--cflags $(STORE_PKGS) $(INDEX_PKGS) $(SERVER_PKGS) cmocka)
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wundef \
	-Wvla -Wstrict-prototypes -Wmissing-prototypes -Wno-unused-parameter
# A warning is an error with the compilers these sources are checked with (gcc 12,
# clang 14 of Debian 12); a newer one may know warnings that nobody saw yet.
WERROR := $(if $(filter 12 14.0.6,$(shell $(CC) -dumpversion 2>/dev/null)),-Werror)
COMPILE = $(CC) -std=c11 $(WARN) $(WERROR) $(CPPFLAGS) $(CFLAGS)
STORE_LIBS := $(call pkg,--libs $(STORE_PKGS))
INDEX_LIBS := $(call pkg,--libs $(INDEX_PKGS)) -lcsv
SERVER_LIBS := $(call pkg,--libs $(SERVER_PKGS))
LINK = $(SAY_LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
# One short line a file; V=1 shows the commands.
SAY_CC = $(if $(V),,@echo '  cc    $<'; )
SAY_LINK = $(if $(V),,@echo '  link  $@'; )

sources = $(shell find $(1) -name '*.c' 2>/dev/null | LC_ALL=C sort)
objects = $(patsubst %.c,$(O)/%.o,$(call sources,$(1)))
programs = $(patsubst $(1)/%.c,$(B)/$(2)/%,$(sort $(wildcard $(1)/$(3).c)))
SRC := $(shell find codesets indexer server tools tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
SCRIPTS := .ci/run $(shell find tools tests -name '*.sh' -o -name '*.bash' 2>/dev/null | LC_ALL=C sort)
MANUALS := $(sort $(wildcard */*.1 */*/*.1))
COMPLETIONS = $(PREFIX)/share/bash-completion/completions

CODESETS := $(call objects,codesets)
INDEXER := $(filter-out $(O)/indexer/main.o,$(call objects,indexer))
SERVER := $(filter-out $(O)/server/main.o,$(call objects,server))
COMMAND := $(call objects,tools/coderef)
PROGRAMS := $(B)/coderef-index $(B)/coderef-server $(B)/coderef
# The programs that can be built from what is in the tree.
BUILT := $(if $(wildcard indexer/main.c),$(B)/coderef-index) \
	$(if $(wildcard server/main.c),$(B)/coderef-server) \
	$(if $(COMMAND),$(B)/coderef)

UNIT_TESTS := $(call programs,tests/unit,tests,test_*)
INTEGRATION_TESTS := $(call programs,tests/integration,integration,test_*)
REAL_TESTS := $(call programs,tests/real,real,test_*)
FAULT_TESTS := $(call programs,tests/faults,faults,test_*)
PRELOADS := $(patsubst tests/%.c,$(B)/%.so,$(sort $(wildcard tests/faults/preload/*.c)))
FUZZERS := $(call programs,tests/fuzz,fuzz,fuzz_*)
BENCHES := $(call programs,tools/bench,bench,*)
# A fuzzer without libFuzzer replays its corpus.
FUZZ_MAIN ?= $(O)/tests/fuzz/replay.o

all: $(if $(READY),,missing) $(BUILT) ## the programs, into build/

help: ## this list
	@echo 'make run                   install what is missing, build, serve the starter set'
	@echo 'make run RELEASES=PATHS    load releases (zips or folders) first; also PORT= STORE='
	@echo 'make test                  install what is missing, build, run every test'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1@\2/p' $(MAKEFILE_LIST) | \
		sort | while IFS=@ read -r name text; do \
			printf '%-26s %s\n' "$$name" "$$text"; done

missing:
	@echo 'Libraries are missing. Run `sh tools/setup.sh`: it says what it installs.' >&2
	@exit 1

# ---- programs

$(B)/coderef-index: $(O)/indexer/main.o $(INDEXER) $(CODESETS)
	$(LINK) $(INDEX_LIBS) $(STORE_LIBS)
$(B)/coderef-server: $(O)/server/main.o $(SERVER) $(CODESETS)
	$(LINK) $(SERVER_LIBS) $(STORE_LIBS)
$(B)/coderef: $(COMMAND) $(CODESETS)
	$(LINK) $(STORE_LIBS)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY_CC)$(COMPILE) -MMD -MP -c -o $@ $<

# Its .incbin lines are no #include lines: the compiler does not tell of them.
$(O)/codesets/data/embedded.o: $(wildcard codesets/data/*.tsv \
	codesets/data/starter/*)
$(O)/server/web.o: $(wildcard server/web/*)

# ---- run

run: ## install what is missing, build, load, serve; see above
	@sh tools/setup.sh
	@+$(MAKE) --no-print-directory $(SUBJOBS) all
	@$(MAKE) --no-print-directory serve

# Releases given: load them. None given: keep the store there is, or begin one
# with the starter set.
serve: ## build the store when there is none, and serve it
	@if [ -n '$(RELEASES)' ] || [ ! -e '$(STORE)/current' ]; then \
		$(B)/coderef-index build --store '$(STORE)' $(BUILD_FLAGS) $(RELEASES) || exit 1; \
	fi
	@exec $(B)/coderef-server --store '$(STORE)' --address $(ADDRESS) --port $(PORT)

# ---- tests

# Job slots come from the make above when it has any.
SUBJOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
TEST_ENV = B='$(abspath $(B))' TOP='$(CURDIR)' REAL='$(abspath $(REAL))'

test: ## install what is missing, build, run every test
	@sh tools/setup.sh --test
	@+$(MAKE) --no-print-directory $(SUBJOBS) test-programs
	@$(MAKE) --no-print-directory test-run

test-programs: all $(UNIT_TESTS) $(INTEGRATION_TESTS) $(REAL_TESTS) $(FUZZERS) \
	$(FAULT_TESTS) $(PRELOADS)

REPLAYS := $(if $(filter fuzz,$(FLAVOUR)),,$(FUZZERS))
REAL_ALL := $(REAL_TESTS) $(sort $(wildcard tests/real/*.sh))
test-run:
	@$(TEST_ENV) sh tests/run.sh $(UNIT_TESTS) $(INTEGRATION_TESTS) \
		$(sort $(wildcard tests/integration/*.sh)) $(FAULT_TESTS) $(REPLAYS) \
		$(if $(REAL),$(REAL_ALL),$(if $(strip $(REAL_ALL)),--skip 'tests/real: no published releases in ../shared/cms')) \
		tests/browser/browser.sh

LINK_ALL = $(LINK) $(INDEX_LIBS) $(SERVER_LIBS) $(STORE_LIBS)
# What lies in tests/, or beside tests without "test_" in its name, is theirs in
# common.
helpers = $(patsubst %.c,$(O)/%.o,$(wildcard tests/*.c) \
	$(filter-out tests/$(1)/test_%,$(wildcard tests/$(1)/*.c)))
$(UNIT_TESTS): $(B)/tests/%: $(O)/tests/unit/%.o $(call helpers,unit) \
		$(INDEXER) $(SERVER) $(CODESETS)
	@mkdir -p $(@D)
	$(LINK_ALL) -lcmocka
$(INTEGRATION_TESTS): $(B)/integration/%: $(O)/tests/integration/%.o \
		$(call helpers,integration) $(CODESETS)
	@mkdir -p $(@D)
	$(LINK_ALL) -lcmocka
$(REAL_TESTS): $(B)/real/%: $(O)/tests/real/%.o $(call helpers,real) $(INDEXER) \
		$(CODESETS)
	@mkdir -p $(@D)
	$(LINK_ALL) -lcmocka
$(FAULT_TESTS): $(B)/faults/%: $(O)/tests/faults/%.o $(call helpers,faults) \
		$(INDEXER) $(CODESETS) | $(PRELOADS)
	@mkdir -p $(@D)
	$(LINK_ALL) -lcmocka
# They stand in the place of the C library's functions; in that of memory's a
# sanitizer stands already.
$(PRELOADS): CPPFLAGS += $(if $(filter sanitize,$(FLAVOUR)),-DWITHOUT_MEMORY)
$(PRELOADS): $(B)/%.so: tests/%.c
	@mkdir -p $(@D)
	$(SAY_CC)$(CC) -std=c11 $(WARN) $(WERROR) $(CPPFLAGS) -O2 -g -fPIC -shared -o $@ $< -ldl
# The judged queries and how they are asked lie beside the other search engines.
$(B)/real/test_search_quality: $(patsubst %,$(O)/tools/eval/%.o,documents judged ours typing)
$(FUZZERS): $(B)/fuzz/%: $(O)/tests/fuzz/%.o \
		$(O)/tests/fuzz/starter.o $(O)/tests/fuzz/ask.o \
		$(O)/tests/tiny_build.o $(O)/tests/tiny_coverage.o \
		$(INDEXER) $(SERVER) $(CODESETS) $(FUZZ_MAIN)
	@mkdir -p $(@D)
	$(LINK_ALL)

faults: test-programs ## the fault tests in full: every call fails, 200 kills, …
	@$(TEST_ENV) FAULTS=full TEST_TIMEOUT=7200 sh tests/run.sh $(FAULT_TESTS)

SAN := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
sanitize: ## the tests under AddressSanitizer and UBSan
	+$(MAKE) FLAVOUR=sanitize CFLAGS="$(SAN)" test

coverage: ## the tests with gcovr's report in build/coverage/report/
	+$(MAKE) FLAVOUR=coverage CFLAGS="-O0 -g --coverage" test
	@mkdir -p build/coverage/report
	gcovr -r . -e tests/ --print-summary --html-details build/coverage/report/index.html build/coverage

fuzz: ## every fuzzer under libFuzzer (clang); FUZZ_SECONDS=600 for a longer look
	+$(MAKE) FLAVOUR=fuzz CC=clang CFLAGS="$(SAN) -fsanitize=fuzzer-no-link" FUZZ_MAIN= \
		$(SUBJOBS) fuzz-programs
	$(MAKE) FLAVOUR=fuzz FUZZ_MAIN= fuzz-run
fuzz-programs: LDFLAGS += -fsanitize=fuzzer
fuzz-programs: $(FUZZERS)
fuzz-run:
	@set -e; for f in $(FUZZERS); do name=$${f##*/fuzz_}; \
		found=build/fuzz/corpus/$$name; mkdir -p $$found tests/corpus/$$name; \
		echo "fuzz_$$name"; $$f -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 \
			$$found tests/corpus/$$name; done

# ---- care of the sources

format: ## clang-format every source
	clang-format -i $(SRC)

lint: lint-format lint-headers lint-tidy lint-cppcheck lint-symbols lint-scripts ## every check of the sources; -k for all complaints
lint-format:
	@clang-format --dry-run -Werror $(SRC)
lint-headers: # each must compile alone
	@set -e; for h in $(filter %.h,$(SRC)); do $(COMPILE) -fsyntax-only $$h; done
lint-tidy:
	@printf '%s\n' $(filter %.c,$(SRC)) | xargs -P $(JOBS) -I FILE \
		clang-tidy --quiet FILE -- -std=c11 $(CPPFLAGS) 2>/dev/null
lint-cppcheck:
	@cppcheck -q -j $(JOBS) --enable=warning,portability --inline-suppr \
		--error-exitcode=1 --suppress=missingIncludeSystem --suppress=ctunullpointer \
		--library=.cppcheck.cfg -I. $(SRC)
# A function of ours with the name of a library's would be called in its place.
lint-symbols: $(CODESETS) $(INDEXER) $(SERVER) $(COMMAND)
	@theirs=$$(for l in $(sort $(filter -l%,$(STORE_LIBS) $(INDEX_LIBS) $(SERVER_LIBS))); do \
		nm -D --defined-only "$$($(CC) -print-file-name=lib$${l#-l}.so)"; done | \
		sed -n 's/.* [TDRB] \([^@]*\).*/\1/p' | sort -u); \
	ours=$$(nm --defined-only $^ | sed -n 's/.* [TDRB] //p' | sort -u); \
	both=$$(printf '%s\n%s\n' "$$theirs" "$$ours" | sort | uniq -d); \
	if [ -n "$$both" ]; then echo "also names of a library: $$both" >&2; exit 1; fi
lint-scripts:
	@shellcheck $(SCRIPTS)

$(BENCHES): $(B)/bench/%: $(O)/tools/bench/%.o \
		$(call objects,tools/bench/support) $(INDEXER) $(SERVER) $(CODESETS)
	@mkdir -p $(@D)
	$(LINK_ALL) $(call pkg,--libs sqlite3) $(PEERS)
# Beside other search engines, one of which speaks C++ alone.
EVAL := $(filter-out $(O)/tools/eval/search_eval.o,$(call objects,tools/eval)) \
	$(O)/tools/eval/peer_xapian.o
PEER_LIBS = $(call pkg,--libs sqlite3 xapian-core) -lstdc++ -lm
SEARCHES := $(B)/bench/bench_search $(B)/bench/bench_search_http
$(SEARCHES): $(EVAL)
$(SEARCHES): PEERS = $(PEER_LIBS)
$(B)/bench/bench_soak: $(patsubst %,$(O)/tools/eval/%.o,documents query_log)
$(B)/bench/bench_soak: PEERS = -lm
$(B)/bench/search_eval: $(O)/tools/eval/search_eval.o $(EVAL) $(CODESETS)
	@mkdir -p $(@D)
	$(LINK) $(STORE_LIBS) $(PEER_LIBS)
$(O)/tools/eval/peer_xapian.o: tools/eval/peer_xapian.cc
	@mkdir -p $(@D)
	$(SAY_CC)$(CXX) -std=c++17 -Wall -Wextra $(CPPFLAGS) $(CFLAGS) \
		$(call pkg,--cflags xapian-core) -MMD -MP -c -o $@ $<
bench: ## every benchmark of tools/bench, each against a peer, in one table
	@sh tools/setup.sh --bench
	@+$(MAKE) --no-print-directory $(SUBJOBS) all bench-programs
	@$(TEST_ENV) sh tools/bench/run.sh
bench-programs: $(BENCHES) $(B)/bench/search_eval

install: all ## programs, man pages and completion below DESTDIR and PREFIX (/usr/local)
	install -D -t $(DESTDIR)$(PREFIX)/bin $(BUILT)
	$(if $(MANUALS),install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(MANUALS))
	install -D -m 644 -t $(DESTDIR)$(COMPLETIONS) tools/completion/coderef.bash
	$(foreach p,$(BUILT),ln -sf coderef.bash $(DESTDIR)$(COMPLETIONS)/$(notdir $(p));)

deb: ## the Debian package, into build/deb/, checked by lintian
	@sh tools/setup.sh --package
	@sh tools/packaging/deb.sh

clean: ## remove build/ (a store stays)
	rm -rf build

.PHONY: all help missing run serve test test-programs test-run faults sanitize \
	coverage fuzz fuzz-programs fuzz-run format lint lint-format \
	lint-headers lint-tidy lint-cppcheck lint-symbols lint-scripts bench \
	bench-programs install deb clean
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)

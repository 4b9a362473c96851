# coderef: `make run` serves it, `make test` checks it, `make help` says more.
#
# Programs land in $(B), objects in $(B)/obj; nothing generated lies beside a
# source. FLAVOUR=sanitize, coverage or fuzz builds the same elsewhere.
FLAVOUR ?= release
B := $(if $(filter release,$(FLAVOUR)),build,build/$(FLAVOUR))
O := $(B)/obj
PREFIX ?= /usr/local
VERSION := 0.1.0

CFLAGS ?= -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
STORE_PKGS := lmdb libutf8proc jansson
INDEX_PKGS := libarchive expat libcrypto zlib
SERVER_PKGS := libevent zlib
pkg = $(shell pkg-config $(1) 2>/dev/null)
CPPFLAGS += -I. -D_GNU_SOURCE -DCODEREF_VERSION='"$(VERSION)"' \
	$(call pkg,--cflags $(STORE_PKGS) $(INDEX_PKGS) $(SERVER_PKGS) cmocka)
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wundef \
	-Wvla -Wstrict-prototypes -Wmissing-prototypes -Wno-unused-parameter -Werror
COMPILE = $(CC) -std=c11 $(WARN) $(CPPFLAGS) $(CFLAGS)
STORE_LIBS = $(call pkg,--libs $(STORE_PKGS))
INDEX_LIBS = $(call pkg,--libs $(INDEX_PKGS)) -lcsv
SERVER_LIBS = $(call pkg,--libs $(SERVER_PKGS))

sources = $(shell find $(1) -name '*.c' 2>/dev/null | LC_ALL=C sort)
objects = $(patsubst %.c,$(O)/%.o,$(call sources,$(1)))
SRC := $(shell find codesets indexer server tools tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)

CODESETS := $(call objects,codesets)
INDEXER := $(filter-out $(O)/indexer/main.o,$(call objects,indexer))
SERVER := $(filter-out $(O)/server/main.o,$(call objects,server))
COMMAND := $(call objects,tools/coderef)
PROGRAMS := $(B)/coderef-index $(B)/coderef-server $(B)/coderef
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCHES := $(patsubst tools/bench/%.c,$(B)/bench/%,$(wildcard tools/bench/*.c))

all: $(PROGRAMS)

$(B)/coderef-index: $(O)/indexer/main.o $(INDEXER) $(CODESETS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS) $(STORE_LIBS)
$(B)/coderef-server: $(O)/server/main.o $(SERVER) $(CODESETS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SERVER_LIBS) $(STORE_LIBS)
$(B)/coderef: $(COMMAND) $(CODESETS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(STORE_LIBS)

$(UNIT_TESTS): $(B)/tests/%: $(O)/tests/unit/%.o $(INDEXER) $(SERVER) $(CODESETS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS) $(SERVER_LIBS) $(STORE_LIBS) -lcmocka
$(FUZZERS): $(B)/fuzz/%: $(O)/tests/fuzz/%.o $(INDEXER) $(SERVER) $(CODESETS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS) $(SERVER_LIBS) $(STORE_LIBS) $(FUZZ_MAIN)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

clean:
	rm -rf build

.PHONY: all clean
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)

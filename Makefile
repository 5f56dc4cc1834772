# mailadm: make try, make check, make install, make deb.
#
#   make                  build/mailadm
#   make SAN=1            build/san/mailadm, with ASan, UBSan and LSan
#   make CC=clang         build/clang/mailadm
#   make ANALYZE=1        build/analyze/mailadm, through gcc -fanalyzer
#   make fuzz             build/fuzz, each parser with libFuzzer for a while
#   make OUT=DIR          all that is made goes to DIR, and nothing to the tree
#   make WERROR=          warnings are no errors (they are in git checkouts)
#   make V=1              show the commands
#
# Each variant has a folder of its own, so that going from one to another
# builds nothing twice.

PREFIX ?= /usr/local
SBINDIR = $(PREFIX)/sbin
SHAREDIR = $(PREFIX)/share
MANDIR = $(SHAREDIR)/man
COMPDIR = $(SHAREDIR)/bash-completion/completions
ZSHDIR = $(SHAREDIR)/zsh/site-functions
DOCDIR = $(SHAREDIR)/doc/mailadm
UNITDIR = $(PREFIX)/lib/systemd/system
SYSUSERSDIR = $(PREFIX)/lib/sysusers.d

VARIANT := $(if $(SAN),san)$(if $(ANALYZE),analyze)
VARIANT := $(VARIANT)$(if $(findstring clang,$(CC)),clang)
VARIANT := $(if $(FUZZ),fuzz,$(VARIANT))
OUT := build$(VARIANT:%=/%)
$(if $(word 2,$(OUT)),$(error make: no blanks in the name of OUT, please))
# With all variants in it.
TOP_OUT := $(if $(filter build build/%,$(OUT)),build,$(OUT))

SRC := $(wildcard src/*.c src/*/*.c src/*/*/*.c src/*/*/*/*.c)
OBJ := $(SRC:%.c=$(OUT)/obj/%.o) $(OUT)/obj/gen/embedded.o \
	$(OUT)/obj/gen/manual.o
LIB_OBJ := $(filter-out $(OUT)/obj/src/main.o,$(OBJ))
SQL := $(sort $(wildcard sql/*.sql))
SERVERS := $(sort $(shell find postfix dovecot -type f))
EXAMPLES := $(sort $(wildcard src/examples/*))
MAPS := $(sort $(wildcard src/maps/*.map))
REPORT := $(sort $(wildcard src/pages/*))
LISTS := src/model/password/common.list
EMBEDDED := $(SQL) $(SERVERS) $(EXAMPLES) $(MAPS) $(REPORT) $(LISTS)
# In the order in which they are read.
PAGES := mailadm.8 mailadm-commands.8 mailadm.conf.5 mailadm-server.7 \
	mailadm-howto.7
UNIT := $(patsubst %.c,$(OUT)/%,$(wildcard tests/unit/*.c))
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
REPLAY := $(FUZZ_SRC:%.c=$(OUT)/%)
FUZZERS := $(FUZZ_SRC:tests/fuzz/%.c=build/fuzz/%)
DRIVE := $(OUT)/tests/drive
LATE := $(OUT)/tests/late.so
CUT := $(OUT)/tests/cut
SIGNAL_AT := $(OUT)/tests/signal_at
FALSE := $(OUT)/tests/false
FAIL := $(OUT)/tests/fail.so
SPF := $(OUT)/tests/spf
BENCH := $(OUT)/tests/meter $(OUT)/tests/lookups
HASHING := $(OUT)/tests/hashing $(OUT)/tests/reading
BIN := $(OUT)/mailadm

# libcsv has no file for pkg-config, and that of libunbound wants libevent's,
# which nobody needs.
# Asked when first used: on a new machine "make try" installs pkg-config.
PACKAGES = libmariadb libcrypt libssl libcrypto readline libidn2 jansson \
	yaml-0.1 libcurl
once = $(eval $1 := $(shell $2))$($1)
LIB_CFLAGS = $(call once,LIB_CFLAGS,pkg-config --cflags $(PACKAGES))
PKG_LIBS = $(call once,PKG_LIBS,pkg-config --libs $(PACKAGES))
LIBS = $(PKG_LIBS) -lunistring -lcsv -lunbound

WERROR ?= $(if $(wildcard .git),-Werror)
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wwrite-strings \
	-Wcast-qual -Wpointer-arith $(WERROR)
# The rows of a table leave out what is 0 at their end.
WARN += -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
X86 := $(filter x86_64 i386 i486 i586 i686,$(shell uname -m))
HARDEN = -fstack-protector-strong -fstack-clash-protection \
	$(if $(X86),-fcf-protection)
FORTIFY = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
ifdef SAN
# The fortified functions would hide from ASan what they do.
FORTIFY =
CFLAGS = -O1 -g -fno-omit-frame-pointer
MODE = -fsanitize=address,undefined -fno-sanitize-recover=all -DARENA_DEBUG
endif
ifdef FUZZ
FORTIFY =
CFLAGS = -O1 -g -fno-omit-frame-pointer
MODE = -fsanitize=fuzzer-no-link,address,undefined -DARENA_DEBUG
endif
ifdef ANALYZE
# It takes what a struct holds beyond a call for lost, and an array that a
# loop fills for unset: LSan and valgrind know better.
MODE = -fanalyzer -Wno-analyzer-malloc-leak \
	-Wno-analyzer-use-of-uninitialized-value
endif
# Hidden, or a function of ours would take the place of one that a library
# calls by the same name: readline has a history_list() of its own.
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -Isrc $(WARN) $(CFLAGS) -fPIE $(HARDEN) \
	-fvisibility=hidden $(FORTIFY) $(MODE) $(LIB_CFLAGS) $(CPPFLAGS)
# libasan has a crypt_r() that calls the real one: it must not be taken for
# the real one, and libcrypt left out.
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack \
	$(if $(SAN),,-Wl,--as-needed) $(MODE) $(CFLAGS) $(LDFLAGS)

# Nothing but errors with -s, a word a file without V=1.
SILENT := $(findstring s,$(firstword -$(MAKEFLAGS)))
ifdef V
say =
else
say = @$(if $(SILENT),:,echo "  $1 $@");
endif
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(nproc))
SUBMAKE = $(MAKE) --no-print-directory $(PARALLEL)
RUN = exec env OUT=$(OUT) SAN=$(SAN) sh tests/run.sh

all: $(BIN)

# Put in place whole: somebody may be running the one before.
$(BIN): $(OUT)/obj/src/main.o $(OUT)/libmailadm.a
	$(call say,LD)$(CC) $(ALL_LDFLAGS) -o $@.new $^ $(LIBS) && mv $@.new $@

# Rebuilt whole: ar would keep the object of a file that is gone.
$(OUT)/libmailadm.a: $(LIB_OBJ) $(OUT)/files
	$(call say,AR)rm -f $@ && $(AR) rcs $@ $(LIB_OBJ)

$(OUT)/obj/%.o: %.c $(OUT)/flags
	$(call say,CC)mkdir -p $(@D) && \
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/obj/gen/%.o: $(OUT)/gen/%.c $(OUT)/flags
	$(call say,CC)mkdir -p $(@D) && \
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/embedded.c: src/base/embed.awk $(EMBEDDED) $(OUT)/files
	$(call say,GEN)mkdir -p $(@D) && \
	LC_ALL=C awk -f $< embedded_files $(EMBEDDED) >$@.tmp && \
	mv $@.tmp $@

$(OUT)/gen/manual.c: src/manual/manual.awk $(PAGES:%=src/manual/%.text)
	$(call say,GEN)mkdir -p $(@D) && \
	LC_ALL=C awk -f $< $(PAGES:%=src/manual/%.text) >$@.tmp && \
	mv $@.tmp $@

# Change only when what they hold changes: other flags, a file more or less.
# WERROR is left out, it makes no other object.
$(OUT)/flags: FORCE
	@pkg-config --exists --print-errors $(PACKAGES) || { \
	    echo "hint: sh tests/setup.sh build installs what is missing" >&2; \
	    exit 1; }
	@mkdir -p $(@D); \
	echo '$(CC) $(filter-out -Werror,$(ALL_CFLAGS)) $(ALL_LDFLAGS)' \
	    >$@.tmp; cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

$(OUT)/files: FORCE
	@mkdir -p $(@D); echo '$(SRC) $(EMBEDDED)' >$@.tmp; \
	cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

# Tests: cmocka programs, the terminal driver, replays of the fuzz corpora.
$(UNIT): $(OUT)/tests/unit/%: $(OUT)/obj/tests/unit/%.o $(OUT)/libmailadm.a
	$(call say,LD)mkdir -p $(@D) && \
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBS)

$(DRIVE): $(OUT)/obj/tests/pty/drive.o
	$(call say,LD)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^

# Preloaded, so without the sanitizers of the program that loads them.
$(LATE): tests/pty/late.c
$(FAIL): tests/db/fail.c
$(LATE) $(FAIL):
	$(call say,LD)mkdir -p $(@D) && \
	$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -O2 -fvisibility=hidden \
	    $(if $(SAN),-DOTHER_MALLOC) -fPIC -shared -o $@ $< -ldl

$(CUT) $(SIGNAL_AT) $(FALSE): $(OUT)/tests/%: $(OUT)/obj/tests/db/%.o
	$(call say,LD)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^

# The program's own judge of SPF, as a receiver of mail.
$(SPF): $(OUT)/obj/tests/e2e/spf.o $(OUT)/libmailadm.a
	$(call say,LD)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BENCH): $(OUT)/tests/%: $(OUT)/obj/tests/bench/%.o
	$(call say,LD)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(HASHING): $(OUT)/tests/%: $(OUT)/obj/tests/bench/%.o $(OUT)/libmailadm.a
	$(call say,LD)mkdir -p $(@D) && $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(REPLAY): $(OUT)/tests/fuzz/%: $(OUT)/obj/tests/fuzz/%.o \
    $(OUT)/obj/tests/fuzz/replay.o $(OUT)/libmailadm.a
	$(call say,LD)mkdir -p $(@D) && \
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# libFuzzer wants every object instrumented: a variant of its own.
build/fuzz/fuzz_%: build/fuzz/obj/tests/fuzz/fuzz_%.o build/fuzz/libmailadm.a
	$(call say,LD)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

fuzzers: $(FUZZERS)

# make fuzz FUZZ_SECONDS=600; what is found stays beside the program.  A seed
# other than 0 draws the same inputs again.
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= 0
fuzz:
	@sh tests/setup.sh lint </dev/null >&2
	@$(SUBMAKE) FUZZ=1 CC=clang fuzzers </dev/null
	@exec env SEED=$(FUZZ_SEED) \
	    sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZERS)

test-programs: $(BIN) $(UNIT) $(DRIVE) $(LATE) $(CUT) $(SIGNAL_AT) $(FALSE) \
    $(FAIL) $(REPLAY) $(SPF)

# The daily user's first command: a new compiler's new warning must not
# keep them out, and standard output and input belong to mailadm.
try:
	@sh tests/setup.sh try </dev/null >&2
	@[ -e $(BIN) ] || echo "mailadm: compiling, which takes a minute" >&2
	@$(SUBMAKE) WERROR= all </dev/null >&2
	@exec sh tests/try.sh $(BIN) $(TOP_OUT)/try

# make check TESTS='db tests/cli/help.sh': parts and files, instead of all.
TESTS ?= unit cli pty db e2e
check:
	@sh tests/setup.sh check </dev/null >&2
	@$(SUBMAKE) test-programs </dev/null
	@$(RUN) $(TESTS) </dev/null

check-unit check-cli check-db check-pty check-e2e: test-programs
	@$(RUN) $(@:check-%=%) </dev/null

# The page of the report in a browser, which is 400 MB on the disk: apart from
# check.
check-browser:
	@sh tests/setup.sh browser </dev/null >&2
	@$(SUBMAKE) $(BIN) </dev/null
	@$(RUN) browser </dev/null

# Most of them; WHOLE=1 is all that the sanitizers can run.
SAN_OUT = $(if $(filter build build/%,$(OUT)),build/san,$(OUT))
check-san:
	@sh tests/setup.sh check </dev/null >&2
	@$(SUBMAKE) SAN=1 test-programs </dev/null
	@exec env OUT=$(SAN_OUT) SAN=1 sh tests/run.sh $(TESTS) </dev/null

# Killed at any call, and a signal at any: check takes some of the calls.  Half
# an hour.
check-killed:
	@sh tests/setup.sh check </dev/null >&2
	@$(SUBMAKE) test-programs </dev/null
	@exec env WHOLE=1 OUT=$(OUT) SAN=$(SAN) sh tests/run.sh $(KILLED) \
	    </dev/null

# What route says, and Postfix itself, of 40,000 addresses of 2,000 random mail
# systems; check takes some of them.  Half an hour.
check-routes:
	@sh tests/setup.sh check </dev/null >&2
	@$(SUBMAKE) test-programs </dev/null
	@exec env ROUTE_STATES=2000 OUT=$(OUT) SAN=$(SAN) \
	    sh tests/run.sh tests/e2e/route.sh </dev/null

KILLED = $(patsubst %,tests/db/%.sh,adopt_killed batch dkim_filter dkim_sync \
	faults forgery forgery_more interrupt restore_old)

# The configuration of the servers, and "make try" and "make check" as they are
# typed first, on bare systems of Debian 12 and 13, which are made first:
# minutes, and as root.  DEBIAN_RELEASES=bookworm for one.
check-debian:
	@sh tests/setup.sh debian </dev/null >&2
	@$(RUN) debian </dev/null

# The same commands there with the whole suite, by each kind of user: an hour.
check-newcomer:
	@sh tests/setup.sh debian </dev/null >&2
	@exec env WHOLE=1 OUT=$(OUT) sh tests/run.sh $(NEWCOMERS) </dev/null

# Mail through each of the mail filters, with every fault; check-debian plants
# the faults of rspamd together and freezes nothing.
check-filter:
	@sh tests/setup.sh debian </dev/null >&2
	@exec env WHOLE=1 OUT=$(OUT) sh tests/run.sh $(FILTERS) </dev/null

DEBIAN_RELEASES ?= bookworm trixie
FILTERS = $(DEBIAN_RELEASES:%=tests/debian/%.filter)
NEWCOMERS = $(DEBIAN_RELEASES:%=tests/debian/%.newcomer)

# The rules of the tree, then the linters (two more builds).
lint:
	@sh tests/setup.sh lint </dev/null >&2
	@$(RUN) lint </dev/null

# Do the tests notice a fault?  make mutate MUTANTS=60 SEED=1; tests/mutate.sh
# has more to set.  It takes minutes, an hour for sixty.
mutate:
	@sh tests/setup.sh check </dev/null >&2
	@$(SUBMAKE) test-programs </dev/null
	@exec env OUT=$(OUT) SAN=$(SAN) CC="$(CC)" sh tests/mutate.sh

# As for check, but alone on the machine, please.
bench:
	@sh tests/setup.sh try </dev/null >&2
	@$(SUBMAKE) $(BIN) $(BENCH) $(HASHING) </dev/null
	@exec env OUT=$(OUT) sh tests/bench/run.sh </dev/null

# What each mail filter costs, on Debian 12 and 13; as root.
bench-filter:
	@sh tests/setup.sh debian </dev/null >&2
	@for r in $(DEBIAN_RELEASES); do \
	    echo "$$r"; sh tests/debian/release.sh $$r.costs || exit 1; \
	done </dev/null

# The pictures of README.md, of the program as it is now.
screenshots:
	@sh tests/setup.sh screenshots </dev/null >&2
	@$(SUBMAKE) $(BIN) </dev/null
	@exec sh src/pictures/take.sh $(BIN) src/pictures </dev/null

# A package for the release of Debian that this is, in build/deb.
deb:
	@sh tests/setup.sh deb </dev/null >&2
	@exec sh src/package/deb.sh $(TOP_OUT)/deb </dev/null

MAN := $(PAGES:%=$(OUT)/%)
$(MAN): $(BIN)
	$(call say,GEN)$(BIN) manual $(@F) >$@.tmp </dev/null && mv $@.tmp $@

$(OUT)/mailadm.bash $(OUT)/mailadm.zsh: $(OUT)/mailadm.%: $(BIN)
	$(call say,GEN)$(BIN) completion $* >$@.tmp </dev/null && mv $@.tmp $@

# They name the program; another PREFIX writes them anew.
RENDERED = $(OUT)/mailadm-check.service $(OUT)/mailadm-dkim.service \
	$(OUT)/mailadm-dns.service
$(RENDERED): $(OUT)/%: src/examples/% FORCE
	$(call say,GEN)mkdir -p $(@D) && \
	sed 's|/usr/local/sbin/|$(SBINDIR)/|' $< >$@.tmp && mv $@.tmp $@

# What is installed, as FILE:TARGET:MODE; uninstall reads the same list.
# The templates of the servers are in the program.
SHOWN := $(filter %.example,$(EXAMPLES))
INSTALLED = $(BIN):$(SBINDIR)/mailadm:755 \
	$(foreach p,$(PAGES),$(OUT)/$p:$(MANDIR)/man$(patsubst \
	.%,%,$(suffix $p))/$p:644) \
	$(OUT)/mailadm.bash:$(COMPDIR)/mailadm:644 \
	$(OUT)/mailadm.zsh:$(ZSHDIR)/_mailadm:644 \
	$(foreach f,$(SHOWN),$f:$(DOCDIR)/examples/$(notdir $f):644) \
	$(OUT)/mailadm-check.service:$(UNITDIR)/mailadm-check.service:644 \
	src/examples/mailadm-check.timer:$(UNITDIR)/mailadm-check.timer:644 \
	$(OUT)/mailadm-dkim.service:$(UNITDIR)/mailadm-dkim.service:644 \
	src/examples/mailadm-dkim.timer:$(UNITDIR)/mailadm-dkim.timer:644 \
	$(OUT)/mailadm-dns.service:$(UNITDIR)/mailadm-dns.service:644 \
	src/examples/mailadm-dns.timer:$(UNITDIR)/mailadm-dns.timer:644 \
	src/examples/mailadm-check.sysusers:$(SYSUSERSDIR)/mailadm.conf:644
OWN_FOLDERS = $(DOCDIR)/examples $(DOCDIR)

install: $(BIN) $(MAN) $(OUT)/mailadm.bash $(OUT)/mailadm.zsh \
    $(RENDERED)
	@for i in $(INSTALLED); do \
	    from=$${i%%:*}; i=$${i#*:}; \
	    install -D -m $${i##*:} "$$from" "$(DESTDIR)$${i%:*}" || exit 1; \
	done

# What else calls the program: of "config render" and "systemctl enable".
CALLERS = /etc/cron.d/mailadm /etc/letsencrypt/renewal-hooks/deploy/mailadm \
	/etc/systemd/system/timers.target.wants/mailadm-check.timer \
	/etc/systemd/system/timers.target.wants/mailadm-dkim.timer \
	/etc/systemd/system/timers.target.wants/mailadm-dns.timer

uninstall:
	@for i in $(INSTALLED); do \
	    i=$${i#*:}; rm -f "$(DESTDIR)$${i%:*}"; done; \
	for d in $(OWN_FOLDERS); do \
	    [ ! -d "$(DESTDIR)$$d" ] || \
	    rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$d"; done; \
	for f in $(CALLERS); do \
	    f="$(DESTDIR)$$f"; \
	    [ ! -e "$$f" ] && [ ! -L "$$f" ] || \
	    echo "mailadm: $$f still calls the program: remove it" >&2; done

# The database of "make try" stays; rm -r build takes that too.
clean:
	@[ ! -d $(TOP_OUT) ] || find $(TOP_OUT) -mindepth 1 -maxdepth 1 \
	    ! -name try -exec rm -rf {} +

FORCE:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all try check check-unit check-cli check-db check-pty check-e2e \
	check-browser check-san check-killed check-routes check-debian \
	check-newcomer check-filter lint mutate bench bench-filter fuzz \
	fuzzers test-programs screenshots deb install uninstall clean FORCE

-include $(OBJ:.o=.d) $(wildcard $(OUT)/obj/tests/*/*.d)

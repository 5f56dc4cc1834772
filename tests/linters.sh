#!/bin/sh
# What other programs find in the sources: sh tests/linters.sh
#
# Each linter is one test; what it says follows where it fails.  lint.sh has
# the rules that are our own.

OUT=${OUT:-build}
T=$(mktemp -d) || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 143' INT TERM HUP
count=0
failed=0

# linter SENTENCE PROGRAM COMMAND...
linter() {
	count=$((count + 1))
	sentence=$1
	program=$2
	shift 2
	if ! command -v "$program" >/dev/null; then
		echo "ok $count - $sentence # SKIP $program is not installed"
		return
	fi
	begun=$(date +%s)
	if "$@" >"$T/said" 2>&1 </dev/null; then
		echo "ok $count - $sentence"
	else
		failed=$((failed + 1))
		echo "not ok $count - $sentence"
		head -n 200 "$T/said" | sed 's/^/#   /'
	fi
	echo "# $(($(date +%s) - begun)) s"
}

# Two at a time: as many as the smallest machine has.
build() {
	make -s -k -j2 WERROR=-Werror "$@"
}

tidy() {
	flags="-std=c17 -D_GNU_SOURCE -Isrc $(pkg-config --cflags libmariadb)"
	# shellcheck disable=SC2016,SC2086 # for the inner shell; words
	find src tests -name '*.c' ! -path 'tests/fuzz/*' -print0 |
	    FLAGS=$flags xargs -0 -n 4 -P 2 sh -c '
		clang-tidy --quiet "$@" -- $FLAGS 2>/dev/null' tidy
}

# Casts that _Generic chooses, and the items of a typed vector, are beyond it.
check_cpp() {
	cppcheck --quiet --std=c11 --language=c -j 2 -D_GNU_SOURCE -Isrc \
	    --library=tests/cppcheck.cfg --inline-suppr --error-exitcode=1 \
	    --enable=warning,performance,portability \
	    --suppress='invalidFunctionArg:tests/unit/*' \
	    --suppress=internalAstError --suppress=objectIndex src tests
}

# What t evaluates looks like text that never expands, calls nothing and
# uses nothing.
check_shell() {
	{
		find tests -maxdepth 1 -name '*.sh' -print0
		find src/package src/pictures -name '*.sh' -print0 -o \
		    -name 'mailadm.p*' -print0
	} | xargs -0 shellcheck -x .ci/run &&
	find tests -mindepth 2 -name '*.sh' -print0 |
	    xargs -0 shellcheck -x -s sh \
		-e SC2016,SC2034,SC2154,SC2317,SC2319
}

# Every unit test, with all that it allocates; its own words are TAP for
# another day.  What is allocated does not depend on how many hashes there
# are, and each takes a hundred times longer.
memory() {
	build test-programs || return 1
	# shellcheck disable=SC2016 # for the inner shell
	find tests/unit -name '*.c' | sed "s|^|$OUT/|; s|[.]c\$||" |
	    HASHES=60 CMOCKA_MESSAGE_OUTPUT=TAP xargs -n 1 -P 2 sh -c '
		valgrind -q --leak-check=full --error-exitcode=99 \
		    --errors-for-leak-kinds=definite,possible "$1" \
		    >/dev/null && exit
		echo "$1: status $?"; exit 1' memory
}

# Variables that can change are named here, with the reason, or not at all:
# readline calls back without an argument, a signal has none to give.
no_globals() {
	build all || return 1
	find "$OUT/obj/src" -name '*.o' ! -name shell.o \
	    -exec objdump -t {} + | awk '
		/file format/ { file = $1 }
		$(NF-2) ~ /^\.(data|bss)(\.|$)/ && $NF !~ /^\./ \
		    && $(NF-2) !~ /^\.data\.rel\.ro/ {
			print file " " $NF
		}' | grep -vE ' (text_empty|interrupted)$' >"$T/globals"
	cat "$T/globals"
	[ ! -s "$T/globals" ]
}

# By the objects that no_globals() has built.
no_circles() {
	sh tests/circles.sh
}

linter 'gcc -fanalyzer finds nothing' gcc build ANALYZE=1 all
linter 'clang warns of nothing' clang build CC=clang test-programs
linter 'no variable is global' objdump no_globals
linter 'no files use each other in a circle' nm no_circles
linter 'clang-tidy finds nothing' clang-tidy tidy
linter 'cppcheck finds nothing' cppcheck check_cpp
linter 'shellcheck finds nothing' shellcheck check_shell
linter 'valgrind finds nothing in the unit tests' valgrind memory

echo "1..$count"
[ "$failed" -eq 0 ]

#!/bin/sh
# Every fuzz target for a while: sh tests/fuzz/run.sh SECONDS FUZZER...
#
#   WORKERS=     how many at a time; as many as there are cores, else
#   SEED=0       a number draws the same inputs again; 0 is another each time
#
# What a target finds stays beside it, as FUZZER-crash-HASH and the like; what
# leads to new code is kept in FUZZER.corpus for the next time.  The last line
# is the sum: N passed, N failed.

WORKERS=${WORKERS:-$(nproc)}
SEED=${SEED:-0}
export SEED

if [ "$1" != --one ]; then
	seconds=$1
	shift
	said=$(mktemp) || exit 1
	trap 'rm -f "$said"' EXIT
	printf '%s\0' "$@" |
	    xargs -0 -n 1 -P "$WORKERS" sh "$0" --one "$seconds" | tee "$said"
	passed=$(grep -c '^ok ' "$said")
	echo "$passed passed, $(($# - passed)) failed"
	[ "$passed" -eq $# ]
	exit
fi

# One target; all its words at once, as others speak at the same time.
fuzzer=$3
name=${fuzzer##*/fuzz_}
mkdir -p "$fuzzer.corpus" || exit 1
# The first folder is the one that is written.
if "$fuzzer" -max_total_time="$2" -timeout=60 -seed="$SEED" \
    -artifact_prefix="$fuzzer-" "$fuzzer.corpus" \
    "tests/fuzz/corpus/$name" </dev/null >"$fuzzer.log" 2>&1; then
	words="ok $name - $(sed -n 's/^Done \(.*\) runs.*/\1 runs/p' \
	    "$fuzzer.log")"
else
	words="not ok $name
$(grep -v '^#[0-9]' "$fuzzer.log" | tail -n 30 | sed 's/^/# /')"
fi
echo "$words"

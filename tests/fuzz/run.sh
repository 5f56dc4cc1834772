#!/bin/sh
# Every fuzz target for a while: sh tests/fuzz/run.sh SECONDS FUZZER...
#
# What a target finds stays beside it, as FUZZER-crash-HASH and the like; what
# leads to new code is kept in FUZZER.corpus for the next time.  The last line
# is the sum: N passed, N failed.

seconds=$1
shift
passed=0
failed=0
for fuzzer; do
	name=${fuzzer##*/fuzz_}
	mkdir -p "$fuzzer.corpus" || exit 1
	# The first folder is the one that is written.
	if "$fuzzer" -max_total_time="$seconds" -timeout=60 \
	    -artifact_prefix="$fuzzer-" "$fuzzer.corpus" \
	    "tests/fuzz/corpus/$name" </dev/null >"$fuzzer.log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $name - $(sed -n 's/^Done \(.*\) runs.*/\1 runs/p' \
		    "$fuzzer.log")"
	else
		failed=$((failed + 1))
		echo "not ok $name"
		grep -v '^#[0-9]' "$fuzzer.log" | tail -n 30 | sed 's/^/# /'
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

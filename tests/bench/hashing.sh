# What hashing many passwords costs; part of run.sh, which says how to measure.
# shellcheck shell=sh

# at_least TEXT VALUE GOAL MORE
at_least() {
	at_least_word=$(awk -v v="$2" -v goal="$3" \
	    'BEGIN { print(v + 0 >= goal + 0 ? "PASS" : "FAIL") }')
	[ "$at_least_word" = PASS ] || missed=$((missed + 1))
	printf '%s  %-43s %7.2f x   goal >= %s x; %s\n' "$at_least_word" "$1" \
	    "$2" "$3" "$4"
}

# bulk_hashing: each turn hashes by libxcrypt, on one core and on two; enough
# that the one hash which libxcrypt verifies for each thread counts little.
bulk_hashing() {
	heading "Hashing many passwords (medians of turns)"
	for bulk_rounds in 5000 50000; do
		bulk_turns=$TURNS
		[ "$bulk_rounds" = 5000 ] || bulk_turns=$ROUNDS
		"$TOP/$OUT/tests/hashing" "$bulk_rounds" 600 "$bulk_turns" \
		    >"$T/hashing" || exit 1
		read -r core cores old new <"$T/hashing"
		at_least "one core, $bulk_rounds rounds" "$core" 4 \
		    "libxcrypt $old/s, mailadm $new/s"
		[ "$(nproc)" -lt 2 ] ||
			at_least "two cores, $bulk_rounds rounds" "$cores" 1.9 \
			    'one core'
	done
}

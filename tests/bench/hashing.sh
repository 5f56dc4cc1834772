# What hashing many passwords costs; part of run.sh, which says how to measure.
# shellcheck shell=sh

# at_least TEXT VALUE GOAL MORE
at_least() {
	at_least_word=$(awk -v v="$2" -v goal="$3" \
	    'BEGIN { print v + 0 >= goal + 0 ? "PASS" : "FAIL" }')
	[ "$at_least_word" = PASS ] || missed=$((missed + 1))
	printf '%s  %-43s %7.2f x   goal >= %s x; %s\n' "$at_least_word" "$1" \
	    "$2" "$3" "$4"
}

# bulk_hashing: each turn hashes by libxcrypt, on one core and on two; enough
# that the one hash which libxcrypt verifies for each thread counts little.
bulk_hashing() {
	heading "Hashing many passwords (medians of turns)"
	for rounds in 5000 50000; do
		turns=$TURNS
		[ "$rounds" = 5000 ] || turns=$ROUNDS
		"$TOP/$OUT/tests/hashing" "$rounds" 200 "$turns" \
		    >"$T/hashing" || exit 1
		read -r core cores old new <"$T/hashing"
		at_least "one core, $rounds rounds" "$core" 4 \
		    "libxcrypt $old/s, mailadm $new/s"
		[ "$(nproc)" -lt 2 ] ||
			at_least "two cores, $rounds rounds" "$cores" 1.9 \
			    'one core'
	done
}

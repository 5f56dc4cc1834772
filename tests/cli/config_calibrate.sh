# What config calibrate prints; how much it is depends on the machine.
. tests/lib.sh

t 'it proposes rounds that the setting accepts, and shows their time' '
	run mailadm config calibrate --time 1 -o json && status 0 &&
	matches "$out" "\"rounds\": ?[1-9][0-9]{3,6}[,}]" &&
	matches "$out" "\"milliseconds\": ?[0-9]+[,}]" &&
	matches "$out" "\"requested\": ?1[,}]" &&
	rounds=$(expr "$out" : ".*\"rounds\": *\([0-9]*\)") &&
	like "$err" "rounds = $rounds" &&
	echo "rounds = $rounds" >"$T/conf" &&
	run mailadm -c "$T/conf" domain list && status 7'

t 'times that make no sense are refused' '
	for time in 0 10001 -1 fast 1.5 ""; do
		run mailadm config calibrate --time "$time" && status 3 ||
			return 1
	done && status 3'

finish

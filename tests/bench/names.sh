# What dns check costs; part of run.sh, which says how to measure.
# shellcheck shell=sh disable=SC2154 # ports

NAMES=${BENCH_NAMES:-10000}	# domains
NAMES_MS=20			# until an answer comes

# Domains of which nothing is wrong but that no key signs, which asks no DNS.
names_populate() {
	schema names
	client names -e "INSERT INTO domains (domain)
	    SELECT CONCAT('d', seq, '.example.net') FROM seq_1_to_$NAMES"
}

names_start() {
	keep_ports 1
	cat >"$T/names.conf" <<-END2
	hostname = mx.example.org
	addresses = 203.0.113.7
	resolver = 127.0.0.1@$ports
	END2
	setpriv --pdeathsig TERM perl tests/bench/answers.pl "$ports" \
	    "$NAMES_MS" "$T/names.ready" &
	t_keepers="$t_keepers $!"
	eventually test -e "$T/names.ready"
}

# names_run NUMBER GOAL: of the domains.
names_run() {
	round=0
	while more_rounds; do
		meter_mailadm "names.$1" names -c "$T/names.conf" \
		    dns check --trust-anchor "$T/none" --severity error \
		    --ignore N042 $(seq -f 'd%.0f.example.net' "$1")
	done
	verdict "$1 domains" "$(median "names.$1" | awk '{
		print $1 / 1000 }')" s "$2"
	verdict_memory 'its memory' "names.$1" 64
}

names() {
	names_populate
	names_start
	heading "dns check, each answer after $NAMES_MS ms (median)"
	names_run 1 2
	names_run 100 15
	names_run "$NAMES" 60
}

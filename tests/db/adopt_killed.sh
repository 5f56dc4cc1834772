#!/bin/sh
# Killed after any statement, "schema upgrade" run again finishes.
. tests/lib.sh
. tests/db/lib-adopt.sh

# Hundreds of tables are made, and none lives long enough for statistics.
server_in_memory
server_start --innodb-stats-persistent=0

ROWS="INSERT INTO domains VALUES ('example.com'), ('b.org');
    INSERT INTO users VALUES ('anna@example.com', '$HASH'),
	('Bob@b.org', '$HASH'), ('carl@c.org', '!');
    INSERT INTO aliases VALUES ('info@example.com', 'anna@example.com,
	bob@b.org'), ('@b.org', 'anna@example.com'), ('x@d.org', 'y@z.org');"

# Into the files of this database: others are adopted beside it.
upgrade() {
	"$@" "$MAILADM" --defaults-file="$T/client.cnf" \
	    --database="$ADOPTED" schema upgrade --fix \
	    >"$T/$ADOPTED.out" 2>&1
}

killed_after() {
	rm -f "$T/$ADOPTED.count"
	upgrade env LD_PRELOAD="$T/kill_after.so" KILL_AFTER="$1" \
	    KILL_COUNT="$T/$ADOPTED.count" \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"
}

count() {
	cat "$T/$ADOPTED.count"
}

# One kill, one more run, and nothing shows it.
survives() {
	guide "$ROWS"
	killed_after "$1"
	[ $? -eq 137 ] && [ "$(count)" -eq "$1" ] && upgrade env &&
	content | diff "$T/expected" -
}

# Every fourth of the places: four of these side by side wait for the disk and
# for each other's processes at once.  Each has a database of its own, which
# nobody has to drop.
survive_every_fourth() {
	awk -v first="$1" 'NR % 4 == first % 4' "$T/places" |
	while read -r place; do
		ADOPTED=mail$place
		survives "$place" || { cat "$T/$ADOPTED.out"; return; }
		echo "$place" >>"$T/survived"
	done
}

t 'the tool that kills is there' '
	${CC:-cc} -shared -fPIC -o "$T/kill_after.so" tests/db/kill_after.c'

t 'not killed, it adopts' '
	guide "$ROWS" && killed_after 0 && content >"$T/expected" &&
	like "$(cat "$T/expected")" carl@c.org && n=$(count) &&
	[ "$n" -gt 50 ]'

t 'killed after any of its statements, it finishes when run again' '
	seq 1 "$(step 4)" "$n" >"$T/places" &&
	fourths= && for first in 1 2 3 4; do
		survive_every_fourth $first >"$T/$first.log" 2>&1 &
		fourths="$fourths $!"
	done && wait $fourths &&
	is "$(sort -n "$T/survived"; cat "$T"/?.log)" "$(cat "$T/places")"'

t 'while it is interrupted, other commands refuse and say what to do' '
	guide "$ROWS" && ! holds killed_after $((n / 3)) &&
	run mailadm domain list && status 6 &&
	like "$err" "hint: finish it with: mailadm schema upgrade" &&
	run mailadm --columns state schema status && like "$out" half-way'

t 'killed again and again, it finishes in the end' '
	guide "$ROWS" && for i in 3 11 19 27 35 43 50; do
		! holds killed_after $i && is "$(count)" $i || return 1
	done && [ $i = 50 ] && upgrade env &&
	is "$(content | diff "$T/expected" -)" ""'

t 'a new schema too is finished after a kill, by the same command' '
	i=1 && while i=$((i + $(step 8))) && [ $i -lt 199 ]; do
		server_database= && sql "DROP DATABASE mail" &&
		run env LD_PRELOAD="$T/kill_after.so" KILL_AFTER=$i \
		    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		    "$MAILADM" --defaults-file="$T/client.cnf" schema init
		[ "$status" -ne 0 ] || break
		status 137 && run mailadm schema init && status 0 &&
		run mailadm domain list && status 0 || return 1
	done && status 0 && [ $i -gt 20 ] && [ $i -lt 199 ]'

finish

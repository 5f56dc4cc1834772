#!/bin/sh
# Killed after any statement, "schema upgrade" run again finishes.
. tests/lib.sh
. tests/db/lib-adopt.sh

server_start

ROWS="INSERT INTO domains VALUES ('example.com'), ('b.org');
    INSERT INTO users VALUES ('anna@example.com', '$HASH'),
	('Bob@b.org', '$HASH'), ('carl@c.org', '!');
    INSERT INTO aliases VALUES ('info@example.com', 'anna@example.com,
	bob@b.org'), ('@b.org', 'anna@example.com'), ('x@d.org', 'y@z.org');"

killed_after() {
	rm -f "$T/count"
	run env LD_PRELOAD="$T/kill_after.so" KILL_AFTER="$1" \
	    KILL_COUNT="$T/count" \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
	    "$MAILADM" --defaults-file="$T/client.cnf" schema upgrade --fix
}

t 'the tool that kills is there' '
	${CC:-cc} -shared -fPIC -o "$T/kill_after.so" tests/db/kill_after.c'

t 'not killed, it adopts' '
	guide "$ROWS" && killed_after 0 && status 0 &&
	content >"$T/expected" && like "$(cat "$T/expected")" carl@c.org &&
	n=$(cat "$T/count") && [ "$n" -gt 50 ]'

t "killed after any of its statements, it finishes when run again" '
	i=0 && while [ $i -lt "$n" ]; do
		i=$((i + 1))
		guide "$ROWS" && killed_after $i && status 137 &&
		is "$(cat "$T/count")" $i &&
		run mailadm schema upgrade --fix && status 0 &&
		content >"$T/content" &&
		is "$(diff "$T/expected" "$T/content")" "" || return 1
	done && is "$i" "$n"'

t 'while it is interrupted, other commands refuse and say what to do' '
	guide "$ROWS" && killed_after $((n / 3)) && status 137 &&
	run mailadm domain list && status 6 &&
	like "$err" "hint: finish it with: mailadm schema upgrade" &&
	run mailadm --columns state schema status && like "$out" half-way'

t 'killed again and again, it finishes in the end' '
	guide "$ROWS" && for i in 3 11 19 27 35 43 50; do
		killed_after $i && status 137 || return 1
	done && [ $i = 50 ] && run mailadm schema upgrade --fix && status 0 &&
	is "$(content | diff "$T/expected" -)" ""'

t 'a new schema too is finished after a kill' '
	i=0 && while i=$((i + 1)) && [ $i -lt 30 ]; do
		server_database= && sql "DROP DATABASE mail" &&
		run env LD_PRELOAD="$T/kill_after.so" KILL_AFTER=$i \
		    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		    "$MAILADM" --defaults-file="$T/client.cnf" schema init
		[ "$status" -ne 0 ] || break
		run mailadm schema init && status 0 &&
		run mailadm domain list && status 0 || return 1
	done && status 0 && [ $i -gt 20 ] && [ $i -lt 30 ]'

finish

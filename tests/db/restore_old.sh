#!/bin/sh
# mailadm schema restore-old: the way back from an adoption.
. tests/lib.sh
. tests/db/lib-adopt.sh

server_in_memory
server_start --innodb-stats-persistent=0
fresh

ROWS="INSERT INTO domains VALUES ('example.com'), ('b.org');
    INSERT INTO users VALUES ('anna@example.com', '$HASH'),
	('Bob@b.org', '$HASH');
    INSERT INTO aliases VALUES ('info@example.com', 'anna@example.com,
	bob@b.org');"

# All that the database holds: names, definitions, rows.
everything() {
	sql "SELECT table_name FROM information_schema.tables WHERE
	    table_schema = '$server_database' ORDER BY 1" |
	while read -r table; do
		sql "SHOW CREATE TABLE \`$table\`; CHECKSUM TABLE \`$table\`" |
		    sed 's/ AUTO_INCREMENT=[0-9]*//'
	done
	sql "SELECT trigger_name FROM information_schema.triggers
	    WHERE trigger_schema = '$server_database'"
}

adopt() {
	mailadm -q schema upgrade --fix >"$T/adopt.out"
}

restore() {
	run mailadm --yes schema restore-old "$@"
}

t 'after an adoption it brings all back as it was' '
	guide "$ROWS" && everything >"$T/before" &&
	adopt && restore && status 0 &&
	like "$err" "their names again" && everything | diff "$T/before" -'

t 'then the tables can be adopted again, and be restored again' '
	adopt && run mailadm user list && status 0 &&
	restore && status 0 && everything | diff "$T/before" -'

t 'with --dry-run and without a yes nothing is touched' '
	adopt && everything >"$T/adopted" &&
	run mailadm -n schema restore-old && status 0 &&
	like "$err" "would: drop the tables of mailadm" &&
	run mailadm schema restore-old </dev/null && status 6 &&
	everything | diff "$T/adopted" -'

t 'what was written since is not lost in silence' '
	mailadm -q user set anna@example.com --quota 5G &&
	sql "UPDATE users SET active = 0 WHERE email = \"bob@b.org\"" &&
	restore && status 6 &&
	like "$err" "would be lost (changes: 2, the last on 2" &&
	like "$err" "hint: mailadm history lists them; --force" &&
	like "$(mailadm history)" "bob@b.org" &&
	restore --force && status 0 &&
	like "$err" "lose what was written since (changes: 2)" &&
	everything | diff "$T/before" -'

t 'a foreign key that followed the old table comes back with it' '
	guide "$ROWS" && sql "CREATE TABLE notes (who VARCHAR(128),
	    FOREIGN KEY (who) REFERENCES users (email))
	    CHARACTER SET latin1" &&
	everything >"$T/keyed" && adopt &&
	restore && status 0 && everything | diff "$T/keyed" -'

t 'a table that there was not is not there afterwards' '
	guide "$ROWS DROP TABLE aliases" && everything >"$T/two" &&
	mailadm -q schema upgrade --fix --only >"$T/adopt.out" &&
	restore && status 0 &&
	everything | diff "$T/two" -'

t 'without old tables, or not all, it says so' '
	guide "$ROWS" && adopt &&
	sql "DROP TABLE old_aliases" && restore && status 6 &&
	like "$err" "not all of" && mailadm -q schema upgrade --drop-old &&
	restore && status 4 && like "$err" "no old tables exist" &&
	run mailadm user list && status 0'

t 'the tool that kills is there' '
	${CC:-cc} -shared -fPIC -o "$T/kill_after.so" tests/db/kill_after.c'

# Until then every other command refuses, and schema upgrade goes forward.
# Behind the last statement nothing is left to restore.
t 'killed after any of its statements, it finishes when run again' '
	killed=0 && i=1 && while [ $i -lt 99 ]; do
		guide "$ROWS" && adopt &&
		run env LD_PRELOAD="$T/kill_after.so" \
		    KILL_AFTER=$i ASAN_OPTIONS="$ASAN_OPTIONS:\
verify_asan_link_order=0" "$MAILADM" --defaults-file="$T/client.cnf" --yes \
		    schema restore-old
		[ "$status" -ne 0 ] || break
		status 137 && run mailadm user list && [ "$status" != 0 ] &&
		if [ $((i % 4)) = 1 ]; then adopt; fi && restore &&
		{ holds status 0 || status 4; } || return 1
		everything | diff "$T/before" - || return 1
		killed=$((killed + 1)) i=$((i + $(step 2)))
	done && status 0 && [ $killed -ge 3 ] && everything |
	    diff "$T/before" -'

finish

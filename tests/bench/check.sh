# What the checker costs; part of run.sh, which says how to measure.
# shellcheck shell=sh

ROWS=${BENCH_ROWS:-1000000}	# users, and as many aliases

# check_fill DATABASE NUMBER: so many users and aliases that nothing is wrong
# with, in a thousand domains.  Hashes differ, as they do where somebody set
# them.  Of ten aliases six lead to a user, two outside, one to the alias
# before it, and one is a second destination of that.
check_fill() {
	client "$1" <<-END
		SET check_constraint_checks = 0, foreign_key_checks = 0;
		INSERT INTO domains (domain)
		SELECT CONCAT('d', seq, '.example') FROM seq_0_to_999;
		INSERT INTO users (email, crypt, home)
		SELECT CONCAT('user', seq, '@d', seq % 1000, '.example'),
		    CONCAT('\$5\$rounds=50000\$', LEFT(MD5(seq), 16), '\$',
		    LEFT(SHA2(seq, 256), 42), 'A'),
		    CONCAT('d', seq % 1000, '.example/user', seq)
		FROM seq_1_to_$2;
		INSERT INTO aliases (mail, destination)
		SELECT CONCAT(ELT(1 + (seq > 1000), 'postmaster', 'abuse'),
		    '@d', seq % 1000, '.example'),
		    CONCAT('user', 1000 + seq % 1000, '@d', seq % 1000,
		    '.example') FROM seq_1_to_2000
		UNION ALL
		SELECT CONCAT('alias', seq - (seq % 10 = 9), '@d',
		    (seq - (seq % 10 = 9)) % 1000, '.example'),
		    CASE WHEN seq % 10 < 7 OR seq % 10 = 9
			THEN CONCAT('user', seq, '@d', seq % 1000, '.example')
		    WHEN seq % 10 < 8
			THEN CONCAT('someone', seq, '@elsewhere.example')
		    ELSE CONCAT('alias', seq - 1, '@d', (seq - 1) % 1000,
			'.example') END
		FROM seq_2001_to_$2;
	END
}

# As the triggers would have written it, in one change.
check_history() {
	client "$1" <<-END
		INSERT INTO homes (home, email) SELECT home, email FROM users;
		INSERT INTO changes (actor, program) VALUES ('bench', 'sql');
		INSERT INTO history (\`change\`, actor, kind, name, new_row)
		SELECT 1, 'bench', 'domain', domain, JSON_OBJECT(
		    'domain', domain, 'active', active,
		    'description', description, 'alias_of', alias_of,
		    'quota', quota, 'max_users', max_users, 'max_aliases',
		    max_aliases, 'created', created, 'modified', modified)
		FROM domains;
		INSERT INTO history (\`change\`, actor, kind, name, new_row)
		SELECT 1, 'bench', 'user', email, JSON_OBJECT('email', email,
		    'crypt', crypt, 'active', active, 'may_login', may_login,
		    'may_send', may_send, 'may_receive', may_receive,
		    'name', name, 'quota', quota, 'home', home,
		    'created', created, 'modified', modified) FROM users;
		INSERT INTO history (\`change\`, actor, kind, name, new_row)
		SELECT 1, 'bench', 'alias', mail, JSON_OBJECT('mail', mail,
		    'destination', destination, 'active', active,
		    'created', created, 'modified', modified) FROM aliases;
	END
}

check_populate() {
	schema "$1"
	client "$1" -N -e "SELECT CONCAT('DROP TRIGGER ', trigger_name, ';')
	    FROM information_schema.triggers WHERE trigger_schema = '$1'" \
	    >"$T/drop"
	client "$1" <"$T/drop"
	check_fill "$1" "$2"
	check_history "$1"
	client "$1" -e 'ANALYZE TABLE users, domains, aliases, homes,
	    history' >/dev/null
	triggers_again "$1"
}

# check_run SIZE: the checker and the yardstick.
check_run() {
	meter_mailadm "check.$1" "check$1" check
	meter_client "check.$1.ruler" "check$1" --quick \
	    -e 'SELECT * FROM users; SELECT * FROM aliases'
}

# check_linear MANY FEW: what a row costs among so many against so few.
check_linear() {
	verdict "a row of $1 to a row of $2" "$(awk -v x="$1" -v y="$2" \
	    -v a="$(median "check.$1")" -v b="$(median "check.$2")" \
	    'BEGIN { print a / x / (b / y) }')" x 1.5 \
	    "$(median "check.$1") ms to $(median "check.$2") ms"
}

# Runs the checker until the file is gone.
check_on_and_on() {
	while [ -e "$T/checking" ]; do
		mailadm --database="$1" --quiet check || echo "status $?"
	done >"$T/checked" 2>&1
}

# What it locks meanwhile, and whether it was there when that was asked.
check_locks() {
	for look in $(seq 20); do
		client "$1" -N -e 'SELECT SUM(trx_rows_locked) +
		    SUM(trx_lock_structs), COUNT(*)
		    FROM information_schema.innodb_trx
		    WHERE trx_is_read_only = 1'
	done >>"$T/locks"
}

# check_lookup NAME DATABASE: microseconds of a lookup, among the figures.
check_lookup() {
	"$LOOKUPS" "$server_socket" "$TURNS" "$2" "$T/$2.sql" \
	    "$2" "$T/$2.sql" >"$T/lookups" || exit 1
	echo "$(cut -d ' ' -f 1 "$T/lookups") 0" >>"$T/figures/$1"
}

check_beside_round() {
	check_lookup lookup.idle "$1"
	touch "$T/checking"
	check_on_and_on "$1" &
	checker=$!
	check_lookup lookup.busy "$1"
	check_locks "$1"
	rm "$T/checking"
	wait "$checker"
	[ ! -s "$T/checked" ] || head -n 5 "$T/checked" >&2
}

# What Postfix asks meanwhile: no row is locked, and where a core is left for
# it the answer comes as it always does.
check_beside() {
	lookup_file postfix/sql_aliases.cf:query "$1"
	round=0
	while more_rounds; do
		check_beside_round "$1"
	done
	verdict 'a lookup while it runs' "$(ratio lookup.busy lookup.idle)" \
	    x 2 "$(median lookup.busy) us, else $(median lookup.idle) us"
	verdict 'rows that it locks' "$(awk '$2 > 0 {
		n++
		if ($1 > most) most = $1
	} END { if (n) print most + 0 }' "$T/locks")" '' 0 \
	    "$(awk '$2 > 0' "$T/locks" | wc -l) looks"
}

checks() {
	sizes="$((ROWS / 100)) $((ROWS / 10)) $ROWS"
	for size in $sizes; do
		check_populate "check$size" "$size"
	done
	round=0
	while more_rounds; do
		for size in $sizes; do
			check_run "$size"
		done
	done
	heading "check of $ROWS users and as many aliases (median of $round)"
	verdict_ratio 'the whole process' "check.$ROWS" "check.$ROWS.ruler" \
	    3 'mariadb --quick, both tables'
	verdict_memory 'its memory' "check.$ROWS" 256
	check_linear "$ROWS" $((ROWS / 10))
	check_linear $((ROWS / 10)) $((ROWS / 100))
	check_beside "check$ROWS"
	for size in $sizes; do
		sql "DROP DATABASE check$size"
	done
}

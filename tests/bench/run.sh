# The figures that mailadm promises, each as a ratio to its yardstick.
#
#   make bench		about twenty minutes on an idle machine of two cores
#   make bench BENCH_PARTS='checks imports'	only these, see the end
#
# Everything runs on one private server that writes each commit to the disk,
# as a careful admin's does.  What is compared is run in turns, and medians
# are compared, so that a busy moment hits both.  Goals in milliseconds are
# for the whole process, from fork to end.  The exit status is 1 when a goal
# is missed.
. tests/lib.sh
. tests/db/lib-lookups.sh
. tests/bench/complete.sh
. tests/bench/hashing.sh
. tests/bench/history.sh
. tests/bench/import.sh
. tests/bench/check.sh
. tests/bench/names.sh
. tests/bench/keys.sh
. tests/bench/sending.sh

USERS=${BENCH_USERS:-1000000}
CROWD=${BENCH_CROWD:-200000}	# of them in the one domain with a limit
BATCH=${BENCH_BATCH:-100000}
ROUNDS=${BENCH_ROUNDS:-3}	# of what takes seconds, at most
PATIENCE=${BENCH_PATIENCE:-150}	# seconds for the rounds of one thing
TURNS=${BENCH_TURNS:-25}	# of what takes milliseconds
PARTS=${BENCH_PARTS:-one_shots completions lookups lists batches histories
    checks hashing bulk_hashing imports plans
    alias_imports names syncs sendings}
METER=$TOP/$OUT/tests/meter
LOOKUPS=$TOP/$OUT/tests/lookups
HASH='$5$rounds=50000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
missed=0
mkdir "$T/figures"

# --- measuring ------------------------------------------------------------

client() {
	client_database=$1
	shift
	mariadb --no-defaults --skip-ssl --socket="$server_socket" \
	    --user=root --database="$client_database" "$@"
}

# meter NAME COMMAND...: one more line of NAME: milliseconds, KiB.
meter() {
	meter_name=$1
	shift
	"$METER" "$@" >"$T/metered" 2>"$T/err" <"${meter_input:-/dev/null}"
	read -r meter_ms meter_kib meter_status <"$T/metered"
	[ "$meter_status" = 0 ] || {
		echo "failed, status $meter_status: $*" >&2
		head -n 20 "$T/err" >&2
		exit 1
	}
	echo "$meter_ms $meter_kib" >>"$T/figures/$meter_name"
}

meter_mailadm() {
	meter_name=$1
	meter_database=$2
	shift 2
	meter "$meter_name" "$MAILADM" --defaults-file="$T/client.cnf" \
	    --database="$meter_database" "$@"
}

meter_client() {
	meter_name=$1
	meter_database=$2
	shift 2
	meter "$meter_name" mariadb --no-defaults --skip-ssl \
	    --socket="$server_socket" --user=root \
	    --database="$meter_database" "$@"
}

# median NAME, most NAME: of the milliseconds, of the KiB.
median() {
	sort -n "$T/figures/$1" | awk '{ v[NR] = $1 } END {
		print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
	}'
}

most() {
	awk '$2 > most { most = $2 } END { print most }' "$T/figures/$1"
}

# more_rounds: counts $round; true the first time and while there is time.
more_rounds() {
	[ "$round" -gt 0 ] || rounds_begun=$(date +%s)
	[ "$round" -lt "$ROUNDS" ] || return 1
	[ "$(($(date +%s) - rounds_begun))" -lt "$PATIENCE" ] || return 1
	round=$((round + 1))
}

# --- saying ---------------------------------------------------------------

heading() {
	printf '\n%s\n' "$1"
}

# verdict TEXT VALUE UNIT GOAL [MORE]: VALUE is to be no more than GOAL.
verdict() {
	verdict_word=$(awk -v v="$2" -v goal="$4" \
	    'BEGIN { print v != "" && v + 0 <= goal + 0 ? "PASS" : "FAIL" }')
	[ "$verdict_word" = PASS ] || missed=$((missed + 1))
	awk -v word="$verdict_word" -v text="$1" -v v="$2" -v unit="$3" \
	    -v goal="$4" -v more="$5" 'BEGIN {
		printf "%s  %-43s %7.2f %-3s goal <= %s %s%s\n", word, text,
		    v, unit, goal, unit, more == "" ? "" : "; " more
	}'
}

ratio() {
	awk -v a="$(median "$1")" -v b="$(median "$2")" \
	    'BEGIN { printf "%.2f", a / b }'
}

# verdict_ms TEXT NAME GOAL YARDSTICK: milliseconds, and how many times it.
verdict_ms() {
	verdict "$1" "$(median "$2")" ms "$3" \
	    "$(ratio "$2" "$4") x mariadb ($(median "$4") ms)"
}

# verdict_ratio TEXT NAME YARDSTICK GOAL WHAT
verdict_ratio() {
	verdict "$1" "$(ratio "$2" "$3")" x "$4" \
	    "$(median "$2") ms, $5 $(median "$3") ms"
}

verdict_memory() {
	verdict "$1" "$(most "$2" | awk '{ print $1 / 1024 }')" MiB "$3"
}

# --- what is measured -----------------------------------------------------

# schema DATABASE: made anew.
schema() {
	server_database=
	sql "DROP DATABASE IF EXISTS $1"
	mailadm --database="$1" --quiet schema init ||
		bail_out "no schema $1"
}

# fill DATABASE FROM TO: the numbered users; the first ones are the crowd,
# the rest have a thousand domains.  The rows are right, so they need no
# checks.
fill() {
	client "$1" <<-END
		SET check_constraint_checks = 0, foreign_key_checks = 0;
		INSERT INTO users (email, crypt, home)
		SELECT CONCAT(u, '@', d), '$HASH', CONCAT(d, '/', u)
		FROM (SELECT CONCAT('u', LPAD(seq, 7, '0')) AS u,
		    IF(seq <= $CROWD, 'crowd.example', CONCAT('d', seq % 1000,
		    '.example')) AS d FROM seq_$2_to_$3) AS numbered;
	END
}

# Triggers take five times as long as the rows, even if they do nothing: they
# are made anew when all rows are there.  Every tenth user has an alias.
populate() {
	schema "$1"
	client "$1" -e "INSERT INTO domains (domain) SELECT
	    CONCAT('d', seq, '.example') FROM seq_0_to_999;
	    INSERT INTO domains (domain, max_users)
	    VALUES ('crowd.example', 10000000), ('few.example', NULL);
	    INSERT INTO domains (domain, alias_of)
	    SELECT CONCAT('aka', domain), domain FROM domains"
	[ "$2" -gt 0 ] || return 0
	client "$1" -e 'DROP TRIGGER users_insert;
	    DROP TRIGGER users_insert_rules; DROP TRIGGER aliases_insert'
	half=$(($2 / 2))
	fill "$1" 1 "$half" &
	fill "$1" "$((half + 1))" "$2" || exit 1
	wait $! || exit 1
	client "$1" -e "INSERT INTO homes (home, email)
	    SELECT home, email FROM users;
	    INSERT INTO aliases (mail, destination)
	    SELECT CONCAT('a', email), email FROM users
	    WHERE email LIKE '%0@%'"
	populate_ways "$1" "$2"
	client "$1" -e "ANALYZE TABLE users, domains, aliases, homes,
	    recipients, patterns, blocks, relays" >/dev/null
	triggers_again "$1"
}

# Domains that are passed on, with as many names as there are users; a hundred
# patterns, which are the most, in each of a thousand domains, or of ten; a
# block for every tenth user; a hundred ways out.
populate_ways() {
	ways_domains=$(($2 < 100000 ? 10 : 1000))
	client "$1" -e "INSERT INTO domains (domain, relay_to)
	    SELECT CONCAT('r', seq, '.example'), '[192.0.2.1]:25'
	    FROM seq_0_to_99;
	    INSERT INTO recipients (address)
	    SELECT CONCAT('n', seq, '@r', seq % 100, '.example')
	    FROM seq_1_to_$2;
	    INSERT INTO patterns (domain, local, destination)
	    SELECT CONCAT('d', d.seq, '.example'), CONCAT('p', n.seq, '-*'),
	    CONCAT('rest@d', d.seq, '.example')
	    FROM seq_1_to_$ways_domains AS d JOIN seq_1_to_100 AS n
	    WHERE d.seq < 1000;
	    INSERT INTO blocks (address)
	    SELECT CONCAT('b', email) FROM users WHERE email LIKE '%0@%';
	    INSERT INTO relays (name, host, login)
	    SELECT CONCAT('w', seq), CONCAT('h', seq, '.example'), 'login'
	    FROM seq_1_to_100;
	    INSERT INTO relay_secrets (name, secret)
	    SELECT name, 'secret' FROM relays;
	    UPDATE domains SET bcc_out = 'archive@few.example',
	    send_through = CONCAT('w', 1 + CRC32(domain) % 100)
	    WHERE alias_of IS NULL AND relay_to IS NULL;
	    UPDATE aliases SET writers = 'domain'"
}

# Every statement of a migration can run again.
triggers_again() {
	cat sql/[0-9]*.sql | client "$1" || exit 1
}

one_shots() {
	heading "One command, whole process (median of $TURNS)"
	turn=0
	while [ "$turn" -lt "$TURNS" ]; do
		turn=$((turn + 1))
		meter_mailadm show large domain show few.example
		meter_client show.ruler large -e \
		    "SELECT * FROM domains WHERE domain = 'few.example'"
		for size in empty large; do
			meter_mailadm "add.$size" $size \
			    user add "n$turn@few.example" --hash "$HASH"
			meter_client "add.$size.ruler" $size -e \
			    "INSERT INTO users (email, crypt)
			    VALUES ('m$turn@few.example', '$HASH')"
		done
		meter_mailadm add.limit large \
		    user add "n$turn@crowd.example" --hash "$HASH"
	done
	verdict_ms 'domain show' show 10 show.ruler
	verdict_ms 'user add --hash, empty table' add.empty 15 \
	    add.empty.ruler
	verdict_ms "user add --hash, among $USERS" add.large 15 \
	    add.large.ruler
	verdict_ms "user add --hash, limit, $CROWD in the domain" \
	    add.limit 80 add.large.ruler
	verdict_ratio "user add --hash, $USERS to empty" add.large add.empty \
	    1.5 'empty'
}

# Commands for mailadm, statements for the client; the same users.
batch_files() {
	numbers() { client large -N -e "SELECT seq FROM seq_1_to_$BATCH"; }
	numbers | awk -v h="$HASH" \
	    '{ print "user add b" $1 "@b.example --hash \047" h "\047" }' \
	    >"$T/batch"
	{
		echo 'START TRANSACTION;'
		numbers | awk -v h="$HASH" '{
			print "INSERT INTO users (email, crypt) VALUES (" \
			    "\047b" $1 "@b.example\047, \047" h "\047);"
		}'
		echo 'COMMIT;'
	} >"$T/batch.sql"
}

# In a fresh schema each time, so that none finds what another left.
batch_schema() {
	schema batch
	mailadm --database=batch --quiet domain add b.example "$@"
}

batches() {
	batch_files
	round=0
	while more_rounds; do
		batch_schema
		meter_mailadm batch batch --quiet --file "$T/batch"
		batch_schema
		meter_input=$T/batch.sql
		meter_client batch.ruler batch
		meter_input=
		batch_schema --max-users "$BATCH"
		meter_mailadm batch.limit batch --quiet --file "$T/batch"
	done
	sql 'DROP DATABASE batch'
	heading "A batch of $BATCH user add --hash (median of $round)"
	verdict_ratio 'in one transaction' batch batch.ruler 2.5 mariadb
	verdict_memory 'its memory' batch 64
	verdict_ratio 'the same, a limit on the domain' batch.limit \
	    batch.ruler 2.5 mariadb
	verdict_memory 'its memory' batch.limit 64
}

lists() {
	columns='email, active, name, quota, scheme, rounds, home, created'
	round=0
	while more_rounds; do
		meter_mailadm list large user list -o tsv
		meter_client list.ruler large --quick -N \
		    -e "SELECT $columns, modified FROM users"
	done
	heading "user list -o tsv of $USERS (median of $round)"
	verdict_ratio 'user list -o tsv' list list.ruler 1.5 \
	    'mariadb --quick -N'
	verdict_memory 'its memory' list 32
}

# lookup_file NAME DATABASE: a thousand lookups of names that are there,
# from anywhere in the table.
lookup_file() {
	case $1 in
	*sql_aliases.cf*|*sql_internal.cf*|*sql_writers.cf*)
		key=mail table=aliases ;;
	*sql_way_tls.cf*|*way_secrets.cf*)
		key="CONCAT('[', host, ']:', port)" table=relays ;;
	*sql_blocks.cf*) key=address table=blocks ;;
	*sql_idn.cf*)
		key="REPLACE(email, '.example', 'ä.example')" table=users ;;
	*sql_patterns.cf*)
		key="CONCAT(REPLACE(local, '*', 'x'), '@', domain)"
		table=patterns ;;
	*sql_relay_*.cf*|*sql_transport.cf*) key=address table=recipients ;;
	*sql_alias_domains.cf*) key="REPLACE(email, '@', '@aka')" table=users ;;
	*) key=email table=users ;;
	esac
	client "$2" -N -e "SELECT $key FROM $table ORDER BY RAND(1)
	    LIMIT 1000" >"$T/keys"
	awk -v query="$(lookup_query "$1" USER@DOMAIN)" '{
		q = query
		if ($1 !~ /@/) gsub(/USER@DOMAIN/, $1, q)
		split($1, part, "@")
		gsub(/USER/, part[1], q)
		gsub(/DOMAIN/, part[2], q)
		print q
	}' "$T/keys" >"$T/$2.sql"
}

# The types of access to its tables, in a word each.  What a statement has
# made itself, a few rows, is read from end to end and does not count; `keys`
# is a short list of them.
lookup_explain() {
	client large -N --batch -e "EXPLAIN $(head -n 1 "$T/large.sql")" |
	awk -F '\t' '
		$3 ~ /^<(derived|union)[0-9,]*>$/ { next }
		$4 == "range" && $9 <= 20 { $4 = "keys" }
		$4 != "NULL" && !seen[$4]++ {
			printf "%s%s", n++ ? " " : "", $4
		}'
}

dirty_pages() {
	sql "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'" |
	    cut -f 2
}

# What was filled in is written to the disk first, for a minute at most: the
# large database has most of it, and would be looked up while that goes on.
settle() {
	sql 'SET GLOBAL innodb_max_dirty_pages_pct = 0'
	settle_tries=0
	while [ "$(dirty_pages)" -gt 100 ] && [ "$settle_tries" -lt 600 ]; do
		settle_tries=$((settle_tries + 1))
		sleep 0.1
	done
	sql 'SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT'
}

lookups() {
	settle
	heading "Lookups at $USERS users against 1,000 (median of $TURNS)"
	for name in $(lookup_names); do
		lookup=${name##*/}
		lookup_file "$name" small
		lookup_file "$name" large
		"$LOOKUPS" "$server_socket" "$TURNS" small "$T/small.sql" \
		    large "$T/large.sql" >"$T/lookups" || exit 1
		read -r small large <"$T/lookups"
		types=$(lookup_explain)
		case " $types " in
		*' ALL '*|*' index '*|*' range '*|'  ')
			echo "FAIL  $lookup is no key lookup: $types"
			missed=$((missed + 1)) ;;
		esac
		verdict "${lookup%:query}" "$(awk -v a="$large" -v b="$small" \
		    'BEGIN { print a / b }')" x 1.5 \
		    "$large us, at 1,000 $small us; $types"
	done
}

# Each password is made, hashed and verified before it is written.
hashing() {
	passwords=20
	client large -N -e "SELECT seq FROM seq_1_to_$passwords" |
	    awk '{ print "user add h" $1 "@few.example --generate" }' \
	    >"$T/generate"
	meter_mailadm hash large --dry-run --quiet --file "$T/generate"
	heading 'Hashing, for information'
	awk -v ms="$(median hash)" -v n=$passwords 'BEGIN {
		printf "      %.1f passwords a second at 50,000 rounds " \
		    "(%.0f ms each, made and verified)\n",
		    n * 1000 / ms, ms / n
	}'
}

# --------------------------------------------------------------------------

begun=$(date +%s)
# A build meanwhile must not change what is measured.
mkdir "$T/bin" && cp "$MAILADM" "$METER" "$LOOKUPS" "$T/bin" || exit 1
MAILADM=$T/bin/mailadm METER=$T/bin/meter LOOKUPS=$T/bin/lookups
SERVER_DURABLE=1
server_start --skip-log-bin --innodb-buffer-pool-size=768M \
    --innodb-log-file-size=512M
for size in empty small large; do
	case $size in
	empty) populate empty 0 ;;
	small) populate small 1000 ;;
	large) populate large "$USERS" ;;
	esac
done
printf '%s users made in %s s; load %s on %s cores\n' "$USERS" \
    "$(($(date +%s) - begun))" "$(cut -d ' ' -f 1-3 /proc/loadavg)" \
    "$(nproc)"
awk -v cores="$(nproc)" '$1 > cores {
	print "The machine is busy: believe the ratios, not the milliseconds."
}' /proc/loadavg
for part in $PARTS; do
	$part
done
printf '\n%s goals missed; %s s; load %s\n' "$missed" \
    "$(($(date +%s) - begun))" "$(cut -d ' ' -f 1-3 /proc/loadavg)"
[ "$missed" -eq 0 ]

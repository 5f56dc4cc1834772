# What goes wrong around mailadm: it says so, and half of nothing is done.
# shellcheck disable=SC2002,SC2015,SC2086 # words and numbers, on purpose
. tests/lib.sh
. tests/db/lib-faults.sh

# How many domains there are, users, aliases and changes.
counts() {
	sql 'SELECT (SELECT COUNT(*) FROM domains),
	    (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM aliases),
	    (SELECT COUNT(*) FROM changes)' | tr '\t' ' '
}

# --- what is not there, or not allowed ------------------------------------

t 'a server that is down is said to be, with the next step' '
	run mailadm domain list && status 7 && empty "$out" &&
	like "$err" "cannot reach the database" && like "$err" "hint:"'

# Killed servers must find again what was committed.
SERVER_DURABLE=1
server_start
server_database=

t 'so is a database that is not there' '
	run mailadm domain list && status 7 &&
	like "$err" "mailadm schema init"'

t 'and one without tables' '
	sql "CREATE DATABASE mail" &&
	run mailadm domain list && status 7 &&
	like "$err" "tables" && like "$err" "mailadm schema init"'

fresh
sql "CREATE USER reader IDENTIFIED BY 'Correct-Horse';
    GRANT SELECT ON mail.* TO reader;
    CREATE USER nobody IDENTIFIED BY 'Correct-Horse'"

t 'a schema newer than the program is refused' '
	sql "INSERT INTO schema_version (version, name, database_id)
	    VALUES (9999, \"later\", \"x\")" &&
	run mailadm domain list && status 6 && like "$err" newer &&
	sql "DELETE FROM schema_version WHERE version = 9999"'

t 'so is one that is half made' '
	sql "CREATE TABLE kept AS SELECT * FROM schema_version;
	    DELETE FROM schema_version" &&
	run mailadm domain list && status 6 &&
	like "$err" "mailadm schema" &&
	sql "INSERT INTO schema_version SELECT * FROM kept;
	    DROP TABLE kept" &&
	run mailadm domain list && status 0'

account() {
	printf '[client]\nsocket=%s\nuser=%s\npassword=%s\n' \
	    "$server_socket" "$1" "$2" >"$T/account.cnf"
	printf '[mailadm]\ndatabase=mail\n' >>"$T/account.cnf"
	chmod 600 "$T/account.cnf"
}

t 'a wrong password is denied and not repeated' '
	account reader Wrong-Horse &&
	run "$MAILADM" --defaults-file="$T/account.cnf" domain list &&
	status 9 && unlike "$err" Wrong-Horse && like "$err" "hint:"'

t 'an error names the privilege that is missing' '
	account reader Correct-Horse &&
	run "$MAILADM" --defaults-file="$T/account.cnf" domain list &&
	status 0 && before=$(counts) &&
	run "$MAILADM" --defaults-file="$T/account.cnf" \
	    domain add denied.example &&
	status 9 && like "$err" "lacks a privilege" &&
	like "$err" grants.sql && is "$(counts)" "$before"'

t 'and so is one that may not use the database at all' '
	account nobody Correct-Horse &&
	run "$MAILADM" --defaults-file="$T/account.cnf" domain list &&
	status 9 && like "$err" grants.sql'

# --- the connection is cut while committing -------------------------------

# cut_at WHAT BYTES STATUS: the status says what has become of the commit.
cut_at() {
	cut_name=$1$2.example
	cut_start "$COMMIT" "$1" "$2" || return 1
	run cut_mailadm domain add "$cut_name"
	cut_end
	eventually alone &&
	status "$3" &&
	is "$(sql "SELECT COUNT(*) FROM domains
	    WHERE domain = '$cut_name'")" "$(($3 == 0))" &&
	is "$(sql "SELECT COUNT(*) FROM history
	    WHERE name = '$cut_name'")" "$(($3 == 0))"
}

# The same behind some of its bytes: in the five in front (length, number,
# command), in the statement, and before its last.
cut_anywhere() {
	for bytes in 0 1 2 3 4 5 6 30 $((commit_size - 1)); do
		cut_at "$1" "$bytes" "$2" && like "$err" "$3" || return 1
	done
}

commit_size=$((5 + $(printf %s "$COMMIT" | wc -c)))

t 'cut after any byte of the COMMIT, nothing was changed and it says so' '
	cut_anywhere command 7 "nothing was changed"'

t 'cut when the COMMIT has passed, it was done and says so' '
	cut_at command $commit_size 0 && like "$err" "added"'

t 'cut after any byte of the answer, it was done and says so' '
	for bytes in 0 1 2 3 4 5 6 7 8 9 10; do
		cut_at answer $bytes 0 && like "$err" "added" || return 1
	done'

# --- the outcome that nobody can be asked for -----------------------------

# Another host that answers then, and to which no change has come yet.
lagging_start() {
	lagging_dir=$T/lagging
	mkdir "$lagging_dir" && server_install "$lagging_dir/data" || return 1
	(
		server_dir=$lagging_dir server_socket=$T/lagging.sock
		server_exec
	) </dev/null >"$T/lagging.out" 2>&1 &
	lagging_pid=$!
	eventually lagging_mailadm --quiet schema init
}

lagging_mailadm() {
	mailadm --socket="$T/lagging.sock" "$@" 2>"$T/lagging.err"
}

# NAME WHAT [BYTES [OTHER]]: in the background.
unknown_start() {
	unknown=$1
	shift
	cut_start "$COMMIT" "$@" && mv "$T/cut.sock" "$T/$unknown.sock" &&
	cuts="$cuts $cut_pid" || return 1
	{
		mailadm --socket="$T/$unknown.sock" user add \
		    "$unknown@fate.example" --generate 2>"$T/$unknown.err"
		echo $? >"$T/$unknown.status"
	} &
	waits="$waits $!"
}

# NAME ROWS: how many users there are of it; nobody could know.
is_unknown() {
	is "$(cat "$T/$1.status")" 11 &&
	like "$(cat "$T/$1.err")" "it is not known" &&
	like "$(cat "$T/$1.err")" "either all of it was committed" &&
	like "$(cat "$T/$1.err")" "passwords shown are valid only if" &&
	is "$(sql "SELECT COUNT(*) FROM users
	    WHERE email = '$1@fate.example'")" "$2"
}

# All at once: to give up takes seconds.
t 'when the server is gone then, the outcome is unknown' '
	mailadm --quiet domain add fate.example && lagging_start &&
	cuts= waits= &&
	unknown_start first answer-down 0 &&
	unknown_start second command-down 0 &&
	unknown_start third answer 0 "$T/lagging.sock" &&
	wait $waits
	for cut_pid in $cuts; do cut_end; done
	eventually alone && is_unknown first 1 && is_unknown second 0'

t 'so is it where another host answers, which has not got it yet' '
	is_unknown third 1; kill -KILL $lagging_pid; wait $lagging_pid
	is_unknown third 1'

t 'an error that leaves the outcome open: the server is asked' '
	cut_start "$COMMIT" lie &&
	run cut_mailadm domain add lie.example
	cut_end; status 0 && like "$err" "domain lie.example added" &&
	is "$(sql "SELECT COUNT(*) FROM domains
	    WHERE domain = \"lie.example\"")" 1'

t 'and where it was not committed, all of it is done again' '
	cut_start "$COMMIT" refuse && tried=$(rollbacks) &&
	run cut_mailadm domain add refuse.example
	cut_end; status 0 && like "$err" "domain refuse.example added" &&
	is "$(sql "SELECT COUNT(*) FROM history
	    WHERE name = \"refuse.example\"")" 1'

t 'a password of what was rolled back is not valid, and it says so' '
	cut_start "$COMMIT" command 10 &&
	run cut_mailadm user add void@fate.example --generate
	cut_end; status 7 && like "$err" "nothing was changed" &&
	like "$err" "the passwords shown are not valid"'

# --- a batch that is stopped anywhere -------------------------------------

cat >"$T/batch" <<'END'
domain add batch.example
user add anna@batch.example --no-password
user add bert@batch.example --no-password
alias add info@batch.example anna@batch.example bert@batch.example
user disable bert@batch.example
END
ALL='1 2 2'
BATCH_LIKE="'%batch.example'"

batch_counts() {
	sql "SELECT (SELECT COUNT(*) FROM domains
		WHERE domain LIKE $BATCH_LIKE),
	    (SELECT COUNT(*) FROM users WHERE email LIKE $BATCH_LIKE),
	    (SELECT COUNT(*) FROM aliases WHERE mail LIKE $BATCH_LIKE)" |
	    tr '\t' ' '
}

batch_remove() {
	[ "$(batch_counts)" = '0 0 0' ] || run mailadm --yes \
	    domain remove batch.example --recursive --cascade
}

# Kills it each time a word later, until it gets to its end; $said is then
# how often it speaks: the login, the statements, the farewell.
kill_anywhere() {
	said=1
	while :; do
		cut_start "#$said" kill-client || return 1
		run cut_mailadm --quiet --file "$T/batch"
		cut_end
		eventually alone || return 1
		[ "$status" -eq 137 ] || return 0
		case $(batch_counts) in
		'0 0 0') nothing=$((nothing + 1)) ;;
		"$ALL") everything=$((everything + 1)); batch_remove ;;
		*) t_notes="killed at $said: $(batch_counts)"; return 1 ;;
		esac
		said=$((said + 1))
	done
}

t 'mailadm killed at any of its statements: all or nothing' '
	nothing=0 everything=0 &&
	kill_anywhere && status 0 && is "$(batch_counts)" "$ALL" &&
	[ "$nothing" -gt 20 ] && [ "$everything" -ge 1 ] &&
	batch_remove && status 0'

# The connection is lost before the Nth statement.
lost_before() {
	cut_start "#$1" command 0 || return 1
	run cut_mailadm --quiet --file "$T/batch"
	cut_end
	eventually alone || return 1
	if [ "$status" -eq 0 ]; then
		again=$((again + 1))
		is "$(batch_counts)" "$ALL" && batch_remove
	else
		status 7 && like "$err" "lost" && is "$(batch_counts)" '0 0 0'
	fi
}

# From the first statement behind the login to the last before COMMIT.
lost_anywhere() {
	at=3 again=0
	while [ "$at" -lt "$((said - everything))" ]; do
		lost_before "$at" || return 1
		at=$((at + $(step 5)))
	done
}

# Before the transaction has begun there is nothing to lose.
t 'the connection cut between any two statements: nothing, status 7' '
	lost_anywhere && [ "$again" -le 1 ]'

killed_server() {
	cut_start "#$1" kill-server || return 1
	run cut_mailadm --quiet --file "$T/batch"
	cut_end
	server_kill9
	server_start
	status 7 && is "$(batch_counts)" '0 0 0'
}

t 'the server killed in the middle: nothing, and it runs clean later' '
	killed_server 12 && killed_server 20 && killed_server "$((said / 2))" &&
	run mailadm --quiet --file "$T/batch" && status 0 &&
	is "$(batch_counts)" "$ALL" && batch_remove && status 0'

t 'a server that answers no more is given up, and nothing was changed' '
	cut_start "#$((said / 2))" stop-server &&
	run timeout 300 "$MAILADM" --defaults-file="$T/client.cnf" \
	    --socket="$T/cut.sock" --config "$T/hurried.conf" --quiet \
	    --file "$T/batch"
	kill -CONT "$server_pid"
	cut_end
	eventually alone && status 7 && matches "$err" "lost|cannot reach" &&
	is "$(batch_counts)" "0 0 0"'

t 'so is one that does not even answer to a connection' '
	kill -STOP "$server_pid" &&
	run timeout 300 "$MAILADM" --defaults-file="$T/client.cnf" \
	    --config "$T/hurried.conf" domain list
	kill -CONT "$server_pid"
	status 7 && eventually alone'

# --- a transaction that the server drops in silence -----------------------

# What a command writes is written once, and in the history: the server's
# rollback in front of its Nth statement makes it do all of it again.
dropped_before() {
	n=$1
	shift
	cut_start "#$n" drop || return 1
	run cut_mailadm --quiet --yes "$@"
	eventually alone || return 1
	cut_was_time || n=0
	cut_end
	status 0 || { t_notes="dropped before $n: $t_notes"; return 1; }
}

# From behind the login on.  AFTER looks at what is there, and clears it.
dropped_anywhere() {
	after=$1
	shift
	at=3
	while dropped_before $at "$@" && $after && [ $n -gt 0 ]; do
		at=$((at + $(step 4)))
	done
	[ $n -eq 0 ] && [ $at -gt 10 ] ||
	    { t_notes="before statement $at: $t_notes"; return 1; }
}

whole() {
	sql "SELECT COUNT(*) FROM history WHERE name LIKE '%drop.example' AND
	    \`change\` = (SELECT MAX(id) FROM changes)"
}

alias_is_whole() {
	is "$(whole)" 2 &&
	is "$(sql "SELECT COUNT(*) FROM aliases
	    WHERE mail = 'team@drop.example'")" 2 &&
	mailadm --quiet alias remove team@drop.example
}

t 'a transaction that the server drops in silence is done again: alias' '
	mailadm --quiet domain add drop.example &&
	mailadm --quiet user add anna@drop.example --no-password &&
	dropped_anywhere alias_is_whole alias add team@drop.example \
	    anna@drop.example root@elsewhere.example'

user_is_whole() {
	is "$(whole)" 1 &&
	is "$(sql "SELECT home FROM users
	    WHERE email = 'bert@drop.example'")" drop.example/bert &&
	mailadm --quiet user remove bert@drop.example &&
	sql "DELETE FROM homes WHERE email = 'bert@drop.example'"
}

t 'so is a user, with the home' '
	dropped_anywhere user_is_whole \
	    user add bert@drop.example --no-password'

many_are_whole() {
	is "$(whole)" 40 &&
	is "$(sql "SELECT COUNT(*) FROM users JOIN homes USING (home)
	    WHERE users.email LIKE 'u%@drop.example'")" 40 &&
	sql "DELETE FROM users WHERE email LIKE 'u%@drop.example';
	    DELETE FROM homes WHERE email LIKE 'u%@drop.example'"
}

t 'so is an import, whose history is written at its end' '
	printf "email,hash\n" >"$T/many.csv" &&
	seq 40 | sed "s/.*/u&@drop.example,!/" >>"$T/many.csv" &&
	dropped_anywhere many_are_whole import users "$T/many.csv"'

# In front of the transaction there is nothing to be done again.
t 'an error between two rows is the one of the server: tried again' '
	n=3 again=0 &&
	while cut_start "#$n" deadlock; do
		run cut_mailadm --quiet user set anna@drop.example --name "$n"
		cut_was_time || break
		cut_end
		[ "$status" -eq 0 ] || status 8 || return 1
		[ "$status" -ne 0 ] || again=$((again + 1))
		n=$((n + 1))
	done
	cut_end
	[ "$again" -ge 5 ] && status 0'

# --- what the server says -------------------------------------------------

t 'a write that the server warns about is not kept, and it says of what' '
	sql "ALTER TABLE domains MODIFY description VARCHAR(3)" &&
	run mailadm domain add warned.example --description "abc   "
	sql "ALTER TABLE domains MODIFY description VARCHAR(255)"
	status 7 && like "$err" "Data truncated" &&
	like "$err" description && empty "$(sql "SELECT * FROM domains
	    WHERE domain = \"warned.example\"")"'

t 'binlog_format = STATEMENT is named when a write fails by it' '
	sql "SET GLOBAL binlog_format = STATEMENT" &&
	run mailadm domain add logged.example
	sql "SET GLOBAL binlog_format = MIXED"
	status 7 && like "$err" "binlog_format = STATEMENT" &&
	like "$err" "MIXED or ROW" && unlike "$err" 1665'

# --- others who hold what is wanted ---------------------------------------

run mailadm --quiet --file "$T/batch"

t 'rows that stay locked: status 8 after bounded tries, nothing changed' '
	other_open && before=$(counts) && tried=$(rollbacks) &&
	other "START TRANSACTION; SELECT * FROM domains
	    WHERE domain = \"batch.example\" FOR UPDATE" &&
	run mailadm --config "$T/unlocked.conf" \
	    domain set batch.example --description "mine" &&
	status 8 && like "$err" "another transaction" &&
	is "$(($(rollbacks) - tried))" 6 && is "$(counts)" "$before" &&
	other "ROLLBACK"'

t 'rows that are let go in time: it waits and tries again' '
	other "START TRANSACTION; SELECT * FROM domains
	    WHERE domain = \"batch.example\" FOR UPDATE" &&
	tried=$(rollbacks) &&
	{ mailadm --config "$T/tries.conf" \
	    domain set batch.example --description "later" 2>"$T/later" &
	later=$!; } &&
	eventually eval "[ \$(rollbacks) -gt $tried ]" &&
	other "ROLLBACK" &&
	wait "$later" &&
	is "$(sql "SELECT description FROM domains
	    WHERE domain = \"batch.example\"")" later'

t 'the loser of a deadlock does all of it again, and once' '
	mailadm --quiet domain add early.example &&
	printf "domain set early.example --description one\n%s\n" \
	    "domain set batch.example --description two" >"$T/two" &&
	other "START TRANSACTION; INSERT INTO locks (name)
	    SELECT seq FROM seq_1_to_2000; UPDATE domains
	    SET description = \"theirs\" WHERE domain = \"batch.example\"" &&
	tried=$(rollbacks) &&
	{ mailadm --quiet --file "$T/two" 2>"$T/two.err" & two=$!; } &&
	eventually somebody_waits &&
	other "SELECT * FROM domains WHERE domain = \"early.example\"
	    FOR UPDATE" &&
	eventually eval "[ \$(rollbacks) -gt $tried ]" &&
	other "DELETE FROM locks WHERE name <> \"aliases\"; COMMIT" &&
	wait "$two" && empty "$(cat "$T/two.err")" &&
	is "$(sql "SELECT GROUP_CONCAT(description ORDER BY domain DESC)
	    FROM domains WHERE domain IN (\"early.example\",
	    \"batch.example\")")" one,two &&
	is "$(sql "SELECT COUNT(DISTINCT \`change\`), COUNT(*) FROM history
	    WHERE new_row LIKE \"%description%one%\" OR
	    new_row LIKE \"%description%: %two%\"" | tr "\t" " ")" "1 2"'

# The session of mailadm that waits for a lock.
waiting_session() {
	sql 'SELECT trx_mysql_thread_id FROM information_schema.innodb_trx
	    WHERE trx_state = "LOCK WAIT"'
}

t 'a session that the administrator kills: only its command is lost' '
	printf "%s\n" "domain add k1.example" \
	    "domain set batch.example --description killed" \
	    "domain add k3.example" >"$T/three" &&
	other "START TRANSACTION; SELECT * FROM domains
	    WHERE domain = \"batch.example\" FOR UPDATE" &&
	{ mailadm --keep-going --file "$T/three" 2>"$T/three.err" &
	three=$!; } &&
	eventually somebody_waits &&
	sql "KILL CONNECTION $(waiting_session)" &&
	{ wait "$three"; status=$?; } && status 7 &&
	like "$(cat "$T/three.err")" "three:2: " &&
	other "ROLLBACK" &&
	is "$(sql "SELECT COUNT(*) FROM domains WHERE description = \"killed\"
	    OR domain IN (\"k1.example\", \"k3.example\")")" 2'

other_close
finish

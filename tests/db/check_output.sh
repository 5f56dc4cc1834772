# mailadm check for cron and for machines: --new, --nagios, --prometheus.
. tests/lib.sh
server_start && fresh

HASH='$5$rounds=50000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
state=$XDG_STATE_HOME/mailadm/check.state
prom=$T/mailadm.prom

# Domains without postmaster@: a warning each.
warn() {
	for domain; do
		mailadm --quiet domain add "$domain" || return 1
	done
}

# A user with a password that everybody can read: an error.
err_user() {
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0;
	    INSERT INTO users (email, crypt) VALUES (\"$1\", \"secret\")"
}

check() {
	mailadm check "$@"
}

# The column "change" and the names of the last run.
changes() {
	awk -F "\t" '{ print $7, $1, $4 }' "$T/out" | tr '\n' ,
}

# Root, too, has to obey the modes of files.
obeying() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set -dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

obeying_check() {
	obeying "$MAILADM" --defaults-file="$T/client.cnf" check "$@"
}

# --- --new -------------------------------------------------------------

t 'the first run with --new reports all findings' '
	warn x.org y.org &&
	run check --new && status 1 &&
	is "$(changes)" "new D004 x.org,new D004 y.org," &&
	is "$err" "mailadm: found 2 new warnings"'

t 'the second reports nothing, with status 0' '
	run check --new && status 0 && empty "$out$err"'

t 'without --new everything is reported, and nothing is new' '
	run check && status 1 && is "$(changes)" "\N D004 x.org,\N D004 y.org,"'

t 'the state is for its owner only, and so is its folder' '
	is "$(stat -c %a "$state")" 600 &&
	is "$(stat -c %a "$(dirname "$state")")" 700'

t 'what is new is reported once, and is status 1' '
	warn z.org && run check --new && status 1 &&
	is "$(changes)" "new D004 z.org," &&
	run check --new && status 0 && empty "$out"'

t 'what is gone is reported once, with status 0' '
	mailadm --quiet domain remove y.org &&
	run check --new && status 0 && is "$(changes)" "gone D004 y.org," &&
	like "$out" "D004	warning	domain	y.org" && empty "$err" &&
	run check --new && status 0 && empty "$out"'

t 'new and gone stand together in the order of the rules' '
	mailadm --quiet domain remove z.org && warn a.org &&
	run check --new -o jsonl && status 1 && lines "$out" 2 &&
	matches "$out" "\"name\":\"a.org\".*\"change\":\"new\"" &&
	matches "$out" "\"name\":\"z.org\".*\"change\":\"gone\""'

t 'a question about less calls nothing gone, and nothing new again' '
	run check --new --rule U008 && status 0 && empty "$out" &&
	run check --new --domain a.org && status 0 && empty "$out" &&
	run check --new --severity error && status 0 && empty "$out" &&
	run check --new && status 0 && empty "$out"'

# A state from a later night, when nothing was wrong.
t 'a state of no findings makes all of them new' '
	printf "mailadm-check-state\t1\t0\tmail\n" >"$T/none.state" &&
	run check --new --state "$T/none.state" && status 1 &&
	is "$(changes)" "new D004 a.org,new D004 x.org," && unlike "$err" note'

t 'a question about more reports what is more' '
	run check --new --rule D005 && status 1 &&
	is "$(changes)" "new D005 a.org,new D005 x.org," &&
	run check --new --severity note --ignore D012 && status 0'

t 'a rule and a name are ignored in upper and lower case' '
	for word in D004:x.org d004:x.org D004:X.Org d004:*.ORG; do
		run check --rule D004 --domain x.org --ignore "$word" &&
		status 0 && empty "$out" || return 1
	done'

t 'what is ignored is not gone, nor new when it is ignored no more' '
	run check --new --ignore D004:x.org && status 0 && empty "$out" &&
	run check --new --ignore D004 && status 0 && empty "$out" &&
	run check --new && status 0 && empty "$out"'

t 'what an account may not see is not gone' '
	err_user bo@x.org && run check --new && status 1 &&
	sql "CREATE USER checker;
	    GRANT SELECT ON mail.domains TO checker;
	    GRANT SELECT (email, active, scheme, rounds, home, quota, domain)
		ON mail.users TO checker;
	    GRANT SELECT ON mail.aliases TO checker" &&
	run check --new --user checker --rule U008 && status 0 &&
	empty "$out" && like "$err" "not checked: U008" &&
	run check --new && status 0 && empty "$out"'

t 'a name with a tab and a newline comes back as it was' '
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0;
	    INSERT INTO domains (domain) VALUES (\"o\\tp\\nq\\\\\\\\N\")" &&
	run check --new --rule D001 && status 1 &&
	run check --new --rule D001 && status 0 && empty "$out" &&
	sql "DELETE FROM domains WHERE domain LIKE \"o%\"" &&
	run check --new --rule D001 -o json && status 0 &&
	like "$out" "\"name\":\"o\\tp\\nq\\\\\\\\N\""'

t 'another file by --state is another memory' '
	run check --new --state "$T/other" && status 1 &&
	is "$(stat -c %a "$T/other")" 600 &&
	run check --new --state "$T/other" && status 0 && empty "$out"'

t 'nothing is remembered by a dry run' '
	warn n.org &&
	run check --new --dry-run && status 1 && like "$out" n.org &&
	run check --new && status 1 && like "$out" n.org'

t 'what could not be printed is new the next time' '
	warn p.org &&
	full() { mailadm "$@" >/dev/full; } &&
	run full check --new && status 10 && like "$err" "cannot write" &&
	run check --new && status 1 && is "$(changes)" "new D004 p.org,"'

t 'a run that fails remembers what there was' '
	cp "$state" "$T/before" &&
	run "$MAILADM" --socket "$T/nobody" --database mail check --new &&
	status 7 && empty "$out" && cmp "$state" "$T/before" &&
	run check --new && status 0 && empty "$out"'

# damaged TEXT: all is new again, and said to be, and then all is well.
damaged() {
	printf %b "$1" >"$state" &&
	run check --new && status 1 && matches "$out" "new$" &&
	like "$err" "note: $state is damaged" &&
	like "$err" "every problem counts as new" &&
	run check --new && status 0 && empty "$out$err"
}

t 'a damaged state is said to be, and counts as none' '
	damaged "rubbish\n" &&
	damaged "mailadm-check-state\t2\t0\tmail\n" &&
	damaged "mailadm-check-state\t1\t0\n" &&
	damaged "mailadm-check-state\t1\t-1\tmail\n" &&
	damaged "mailadm-check-state\t1\t99999999999\tmail\n" &&
	damaged "mailadm-check-state\t1\t1\tmail\nD004\tx.org\n" &&
	damaged "mailadm-check-state\t1\t1\tmail\nD004\tx.org\tt\tu\n" &&
	damaged "mailadm-check-state\t1\t1\tmail\nD004\tx\\\\y\tt\n" &&
	damaged "mailadm-check-state\t1\t0\tmail\nD004\tx.org\tt\n" &&
	damaged "mailadm-check-state\t1\t1\tmail\nD004\tx.org\tt\0000\n"'

t 'a state that lost its last line is damaged' '
	cp "$state" "$T/whole" && sed "\$d" "$T/whole" >"$state" &&
	run check --new && status 1 && like "$err" "a line is incomplete"'

t 'a state that was cut in a line is damaged' '
	head -c -3 "$T/whole" >"$state" &&
	run check --new && status 1 && like "$err" "a line is incomplete"'

t 'a rule of a later program stays in the state' '
	printf "mailadm-check-state\t1\t1\tmail\nZ999\tx.org\tt\n" \
	    >"$T/later" &&
	run check --new --state "$T/later" && status 1 &&
	run check --new --state "$T/later" && status 0 && empty "$out" &&
	grep -q "^Z999	x.org	t\$" "$T/later"'

t 'the state of another database is refused' '
	sql "CREATE DATABASE second; CREATE TABLE second.domains
	    (domain VARCHAR(255) PRIMARY KEY)" &&
	run mailadm --database second check --new && status 6 &&
	like "$err" "is of the database mail, not of second" &&
	like "$err" "hint: name another file by --state"'

t 'a state that others can write is not believed: all is reported' '
	cp "$state" "$T/open" && chmod 666 "$T/open" &&
	run check --new --state "$T/open" && status 9 &&
	matches "$out" "new$" && like "$err" "others can write $T/open" &&
	like "$err" "hint: chmod go-w $T/open"'

if [ "$(id -u)" = 0 ]; then
	t 'nor is one of another user' '
		chmod 600 "$T/open" && chown 65534 "$T/open" &&
		run check --new --state "$T/open" && status 9 &&
		matches "$out" "new$" &&
		like "$err" "another user owns $T/open"'
fi

t 'a link is no state, and stays' '
	ln -s "$state" "$T/link" &&
	run check --new --state "$T/link" && status 10 &&
	like "$err" "is a symbolic link" && [ -L "$T/link" ]'

t 'a device is no state, and stays one' '
	run check --new --state /dev/full && status 10 &&
	matches "$out" "new$" && like "$err" "/dev/full" && [ -c /dev/full ]'

t 'a state without a folder is status 10, after all was reported' '
	run check --new --state "$T/none/state" && status 10 &&
	matches "$out" "new$" && like "$err" "cannot open $T/none/state"'

t 'a folder that may not be written is status 9, after all was reported' '
	mkdir "$T/closed" && cp "$T/other" "$T/closed/state" &&
	chmod 500 "$T/closed" && warn q.org &&
	run obeying_check --new --state "$T/closed/state" && status 9 &&
	like "$out" q.org && like "$err" "cannot write $T/closed/state" &&
	run obeying_check --new --state "$T/closed/other" && status 9 &&
	like "$err" "cannot open" &&
	is "$(ls -A "$T/closed")" state && chmod 700 "$T/closed"'

t 'without a home there is no place for the state' '
	homeless() { env -u HOME -u XDG_STATE_HOME "$MAILADM" \
	    --defaults-file="$T/client.cnf" "$@"; } &&
	run homeless check --new && status 2 && like "$err" "hint: name a file"'

t 'a home that does not exist is not made, only directories in one' '
	at_home() {
		at_home=$1 && shift && env -u XDG_STATE_HOME HOME="$at_home" \
		    "$MAILADM" --defaults-file="$T/client.cnf" "$@"
	} &&
	run at_home "$T/gone" check --new && status 10 &&
	like "$err" "cannot open $T/gone/.local/state" &&
	like "$err" "hint: make the directory, or name another file by --st" &&
	[ ! -e "$T/gone" ] &&
	XDG_STATE_HOME=$T/gone/state run mailadm check --new &&
	status 10 && [ ! -e "$T/gone" ] &&
	mkdir "$T/gone" && run at_home "$T/gone" check --new &&
	[ -s "$T/gone/.local/state/mailadm/check.state" ] &&
	XDG_STATE_HOME=$T/gone/state run mailadm check --new &&
	[ -s "$T/gone/state/mailadm/check.state" ] &&
	is "$(stat -c %a "$T/gone/state/mailadm")" 700'

t '--state without --new is a usage error' '
	run check --state "$T/other" && status 2 && empty "$out"'

t 'a second run is refused while the first one is not over' '
	patient lock_timeout 1 >"$T/conf" &&
	run check --new --state "$T/held" &&
	run flock "$T/held" "$MAILADM" --defaults-file="$T/client.cnf" \
	    --config "$T/conf" check --new --state "$T/held" && status 8 &&
	empty "$out" && like "$err" "another check is using $T/held"'

# Does what a run does, and takes its time: it holds the lock, then puts a
# new state in the place of the one that it has locked.
slow_run() {
	exec 8<"$T/held" && flock 8 && : >"$T/locked" &&
	read -r _ <"$T/go" &&
	mailadm --quiet check --new --state "$T/held.new" &&
	mv "$T/held.new" "$T/held"
}

both_runs() {
	slow_run >"$T/first" 2>&1 &
	pids=$!
	eventually test -e "$T/locked" || return 1
	run_in_background &
	pids="$pids $!"
	echo >"$T/go"
	for pid in $pids; do wait "$pid" || :; done
}

run_in_background() {
	mailadm check --new --state "$T/held" >"$T/second" 2>&1
	echo "status $?" >>"$T/second"
}

t 'a second run waits, and sees what the first one has written' '
	warn r.org && mkfifo "$T/go" && cp "$T/held" "$T/held.new" &&
	mailadm check --new --state "$T/held.new" >"$T/first" 2>&1
	both_runs && is "$(cat "$T/second")" "status 0"'

five_at_once() {
	pids=
	for i in 1 2 3 4 5; do
		mailadm check --new >"$T/at-once.$i" 2>/dev/null &
		pids="$pids $!"
	done
	for pid in $pids; do wait "$pid" || :; done
}

t 'five runs at once report a finding once' '
	warn s.org && five_at_once &&
	is "$(cat "$T"/at-once.* | grep -c "s.org.*new\$")" 1'

t 'no file stays behind' '
	is "$(ls -A "$(dirname "$state")")" check.state &&
	! ls -A "$T" | grep "^\.."'

# --- --nagios ----------------------------------------------------------

# A database in which nothing is wrong.
clean_start() {
	fresh && mailadm --quiet domain add x.org &&
	mailadm --quiet user add anna@x.org --hash "$HASH" &&
	mailadm --quiet alias add postmaster@x.org anna@x.org &&
	mailadm --quiet alias add abuse@x.org anna@x.org
}

t '--nagios says OK with status 0, and the numbers behind a bar' '
	clean_start && run check --nagios && status 0 && empty "$err" &&
	matches "$out" "^MAILADM OK - nothing found.* \| errors=0;;0;0 \
warnings=0;0;;0 notes=0;;;0 unchecked=[0-9]+;;;0 domains=1;;;0 users=1;;;0 \
aliases=2;;;0\$" && lines "$out" 1'

t 'warnings are WARNING and status 1, with the findings below' '
	warn y.org && run check --nagios && status 1 && empty "$err" &&
	matches "$out" "^MAILADM WARNING - 1 warning.* \| errors=0;.* \
warnings=1;0;;0 " && lines "$out" 2 &&
	matches "$out" "^D004 warning y.org: "'

t 'errors are CRITICAL and status 2' '
	err_user bo@x.org && run check --nagios && status 2 &&
	matches "$out" "^MAILADM CRITICAL - 1 error, 1 warning.* \| errors=1;"'

t 'notes alone are OK' '
	run check --nagios --rule D005 && status 0 &&
	matches "$out" "^MAILADM OK - 1 note \| .* notes=1;"'

t 'rules that could not be asked are counted' '
	run check --nagios --user checker --rule U008 && status 0 &&
	matches "$out" "^MAILADM OK - nothing found, 1 rule not checked \| .* \
unchecked=1;"'

t 'a bar and what acts on a terminal never reach Nagios' '
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0;
	    INSERT INTO domains (domain)
		VALUES (CONCAT(\"o|p\\n\", CHAR(27), \"[31m\"))" &&
	run check --nagios --rule D001 && status 2 && lines "$out" 2 &&
	matches "$out" "^D001 error o.x7cp.n.x1b.31m: " &&
	is "$(tr -cd "|" <"$T/out")" "|" &&
	sql "DELETE FROM domains WHERE domain LIKE \"o%\""'

t 'no more than twenty findings follow' '
	warn $(seq -f d%g.org 30) &&
	run check --nagios && status 2 && lines "$out" 22 &&
	matches "$out" "warnings=31;" && matches "$out" "^and 12 more\$"'

# unknown REASON ARG...: on standard output, with status 3, and nothing else.
unknown() {
	unknown_why=$1
	shift
	run "$@" && status 3 && empty "$err" &&
	matches "$out" "^MAILADM UNKNOWN - $unknown_why" &&
	unlike "$out" "|"
}

t 'a missing server is UNKNOWN' '
	unknown "cannot reach the database" "$MAILADM" --socket "$T/nobody" \
	    --database mail check --nagios'

t 'so is an account that the server does not let in, or not near a table' '
	unknown ".*Access denied" mailadm --user nobody check --nagios &&
	sql "CREATE USER blind; GRANT SELECT ON mail.domains TO blind" &&
	unknown ".*" mailadm --user blind check --nagios'

t 'so is a database without the tables' '
	sql "CREATE DATABASE bare" &&
	unknown "the tables do not exist" mailadm --database bare check \
	    --nagios'

t 'so are settings and option files that cannot be used' '
	echo "nonsense = 1" >"$T/conf" &&
	unknown ".*unknown setting" mailadm --config "$T/conf" check \
	    --nagios &&
	unknown ".*/none" mailadm --config "$T/none" check --nagios &&
	printf "[client]\npassword=x\n" >"$T/open.cnf" &&
	chmod 644 "$T/open.cnf" &&
	unknown ".*open.cnf" "$MAILADM" --defaults-file="$T/open.cnf" check \
	    --nagios && like "$out" "hint: chmod 600"'

t 'so is a usage error, wherever it stands' '
	unknown "check: unknown option: --sevrity" mailadm check \
	    --sevrity error --nagios &&
	unknown "--rule: no such rule: U999" mailadm check --nagios \
	    --rule U999 &&
	unknown "unknown command" mailadm chekc --nagios &&
	unknown ".*cannot be combined" mailadm --file /dev/null check \
	    --nagios &&
	unknown "--nagios takes no value" mailadm check --nagios --nagios=1 &&
	unknown "argument . is not valid UTF-8" mailadm check --nagios \
	    --domain "$(printf "\377")" &&
	echo "check_ignore = Z1" >"$T/conf" &&
	unknown "check_ignore: no such rule" mailadm --config "$T/conf" \
	    check --nagios'

t '--nagios has a form of its own: not with --output, --columns or --new' '
	unknown "--nagios cannot be" mailadm check --nagios -o json &&
	unknown "--nagios cannot be" mailadm check --nagios --columns rule &&
	unknown "--nagios cannot be" mailadm check --nagios --new'

t 'a line that nobody can read is status 3, too' '
	run full check --nagios && status 3 && like "$err" "cannot write"'

t '--nagios stands in no line of a batch' '
	echo "check --nagios" >"$T/batch" &&
	run mailadm --file "$T/batch" && status 2 && empty "$out"'

# --- --prometheus ------------------------------------------------------

# metric NAME: its value.
metric() {
	awk -v name="$1" '$1 == name { print $2 }' "$prom"
}

# What the collector and "promtool check metrics" refuse: a name without
# HELP and one TYPE before it, a sample twice, a line of another form.
well_formed() {
	[ -z "$(tail -c 1 "$prom" | tr -d '\n')" ] &&
	run awk '
	/^# HELP [a-z_]+ [A-Z].*\.$/ { help[$3]++; next }
	/^# TYPE [a-z_]+ gauge$/ {
		if (type[$3]++ || !help[$3]) bad(); next }
	/^[a-z_]+({[a-z]+="[A-Za-z0-9]+"(,[a-z]+="[a-z]+")*})? [0-9.]+$/ {
		name = $1; sub(/{.*/, "", name)
		if (!type[name] || help[name] != 1 || seen[$1]++) bad()
		next }
	{ bad() }
	function bad() { print "line " NR ": " $0 }' "$prom" && empty "$out"
}

t '--prometheus writes a number for each rule that was asked, 0 too' '
	clean_start && run check --prometheus "$prom" && status 0 &&
	empty "$out$err" && well_formed &&
	is "$(metric "mailadm_check_findings{rule=\"D004\",\
severity=\"warning\"}")" 0 && is "$(metric mailadm_check_success)" 1 &&
	is "$(metric "mailadm_check_rows{kind=\"alias\"}")" 2 &&
	is "$(metric "mailadm_check_rows{kind=\"domain\"}")" 1 &&
	is "$(metric "mailadm_check_rows{kind=\"user\"}")" 1 &&
	matches "$(metric mailadm_check_duration_seconds)" "^[0-9]+\.[0-9]+$" &&
	! grep -q "rule=\"D005\"" "$prom"'

t 'the numbers are those of the findings, which are printed as ever' '
	warn y.org z.org && err_user bo@x.org &&
	run check --prometheus "$prom" && status 1 && lines "$out" 3 &&
	well_formed && is "$(metric "mailadm_check_findings{rule=\"D004\",\
severity=\"warning\"}")" 2 &&
	is "$(metric "mailadm_check_findings{rule=\"U008\",\
severity=\"error\"}")" 1 && is "$(metric mailadm_check_success)" 1'

t 'no name and no address stands in the file' '
	! grep -E "x.org|y.org|bo@" "$prom"'

t 'the collector may read it, whatever the umask' '
	is "$(stat -c %a "$prom")" 644'

t 'rules that could not be asked have no number' '
	run check --user checker --prometheus "$prom" && status 1 &&
	well_formed && [ "$(metric mailadm_check_rules_unchecked)" -ge 1 ] &&
	! grep -q "rule=\"U008\"" "$prom"'

t 'a check that fails is said to, and when one last succeeded stays' '
	when=$(metric mailadm_check_last_success_timestamp_seconds) &&
	[ "$when" -gt 1000000000 ] &&
	run "$MAILADM" --socket "$T/nobody" --database mail check \
	    --prometheus "$prom" && status 7 && well_formed &&
	is "$(metric mailadm_check_success)" 0 &&
	is "$(metric mailadm_check_last_success_timestamp_seconds)" "$when" &&
	! grep -q "^mailadm_check_findings" "$prom"'

t 'settings that cannot be read are such a failure' '
	mailadm check --prometheus "$prom" >"$T/out" 2>&1
	echo "nonsense = 1" >"$T/conf" &&
	run mailadm --config "$T/conf" check --prometheus "$prom" &&
	status 3 && is "$(metric mailadm_check_success)" 0 &&
	[ "$(metric mailadm_check_last_success_timestamp_seconds)" -gt 1 ]'

t 'without an earlier success its time is 0' '
	rm "$prom" &&
	run "$MAILADM" --socket "$T/nobody" --database mail check \
	    --prometheus "$prom" && status 7 && well_formed &&
	is "$(metric mailadm_check_last_success_timestamp_seconds)" 0'

t 'an earlier file that is rubbish is replaced' '
	printf "rubbish\nmailadm_check_last_success_timestamp_seconds x" \
	    >"$prom" && run "$MAILADM" --socket "$T/nobody" --database mail \
	    check --prometheus "$prom" && status 7 && well_formed'

t 'a name that the collector does not read is a usage error' '
	run check --prometheus "$T/mailadm.txt" && status 2 &&
	like "$err" "must end in .prom" && like "$err" "hint: " &&
	run check --prometheus "$T/.prom" && status 2 &&
	run check --prometheus .prom && status 2'

t 'a file that cannot be written is an error, after the findings' '
	run check --prometheus "$T/none/x.prom" && status 10 &&
	like "$out" U008 && like "$err" "cannot write $T/none/x.prom" &&
	like "$err" "found 1 error"'

t 'a folder that may not be written is status 9' '
	chmod 500 "$T/closed" &&
	run obeying_check --prometheus "$T/closed/x.prom" && status 9 &&
	chmod 700 "$T/closed" && is "$(ls -A "$T/closed")" state'

# With the limit in place of a full disk: a block is 512 bytes.
little_room() {
	( trap "" XFSZ && ulimit -f 1 && "$@" >/dev/null
	) 2>"$T/little"
}

t 'a full disk leaves the file as it was, and nothing beside it' '
	mkdir "$T/disk" && echo old >"$T/disk/x.prom" &&
	! little_room mailadm check --prometheus "$T/disk/x.prom" &&
	like "$(cat "$T/little")" "cannot write $T/disk/x.prom: File too" &&
	is "$(cat "$T/disk/x.prom")" old &&
	is "$(ls -A "$T/disk")" x.prom'

t 'what is no regular file is not replaced' '
	ln -s "$prom" "$T/link.prom" && mkdir "$T/folder.prom" &&
	run check --prometheus "$T/link.prom" && status 10 &&
	like "$err" "not a regular file" && [ -L "$T/link.prom" ] &&
	run check --prometheus "$T/folder.prom" && status 10'

t 'who makes such links in the folder writes nothing of others' '
	echo mine >"$T/victim" && mkdir "$T/shared" &&
	ln -s "$T/victim" "$T/shared/.x.prom.tmp" &&
	ln -s "$T/victim" "$T/shared/x.prom.tmp" &&
	ln -s "$T/victim" "$T/shared/.x.prom" &&
	run check --prometheus "$T/shared/x.prom" && status 1 &&
	[ -f "$T/shared/x.prom" ] && is "$(cat "$T/victim")" mine'

t 'Nagios and Prometheus can be served by one run' '
	run check --nagios --prometheus "$prom" && status 2 &&
	matches "$out" "^MAILADM CRITICAL" && well_formed &&
	is "$(metric mailadm_check_success)" 1'

t 'nor has Nagios a good word for a file that could not be written' '
	unknown "cannot write" mailadm check --nagios \
	    --prometheus "$T/none/x.prom"'

t 'only what is new is printed, and all is counted' '
	run check --new --state "$T/both" && status 1 &&
	run check --new --state "$T/both" --prometheus "$prom" && status 0 &&
	empty "$out" && is "$(metric "mailadm_check_findings{rule=\"D004\",\
severity=\"warning\"}")" 2'

t 'a dry run writes no file' '
	rm "$prom" && run check --dry-run --prometheus "$prom" && status 1 &&
	[ ! -e "$prom" ]'

# --- a server that goes away -------------------------------------------

t 'a server that was killed is status 7, UNKNOWN, and no success' '
	server_kill9 && run check && status 7 && empty "$out" &&
	run check --new && status 7 && empty "$out" &&
	unknown ".*" mailadm check --nagios --prometheus "$prom" &&
	is "$(metric mailadm_check_success)" 0'

finish

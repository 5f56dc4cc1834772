# Provisioning as a job of CI does it: plan, apply, look for drift.
. tests/lib.sh
SERVER_DURABLE=1 server_start && fresh

M=$T/mail.yaml
USERS=${PROVISION_USERS:-1000}

# The manifest: a domain with so many users, each with an alias.
manifest() {
	echo 'domains: {example.org: {quota: 1G, max_users: 2000}}'
	echo users:
	seq "$USERS" | awk '{
		printf "  user%d@example.org: {name: \"User %d\", " \
		    "hash: \"!\"}\n", $1, $1 }'
	echo aliases:
	seq "$USERS" | awk '{
		printf "  u%d@example.org: user%d@example.org\n", $1, $1 }'
}

# Rows that the server has written, changed and removed; the binlog's end.
written() {
	sql "SHOW GLOBAL STATUS WHERE Variable_name IN ('Handler_delete',
	    'Handler_update', 'Innodb_rows_inserted', 'Innodb_rows_updated',
	    'Innodb_rows_deleted')"
	sql "SHOW MASTER STATUS"
}

# hold SQL: what it writes stays uncommitted, and others wait for it.
hold() {
	server_sql -D mail -e "BEGIN; $1; DO SLEEP(3600)" >"$T/hold" 2>&1 &
	holder=$!
	eventually holding
}

holding() {
	[ -n "$(sql "SELECT 1 FROM information_schema.processlist
	    WHERE info = 'DO SLEEP(3600)'")" ]
}

release() {
	sql "KILL $(sql "SELECT id FROM information_schema.processlist
	    WHERE info = 'DO SLEEP(3600)'")"
	wait "$holder"
	:
}

# Somebody waits for what is held.  A status variable: the table of waits is
# as old as the question before, when that was a moment ago.
waiting() {
	[ "$(sql "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'" |
	    cut -f 2)" -gt 0 ]
}

# Nobody but us is connected, so no transaction is on its way any more.
alone() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
	    WHERE command <> 'Daemon'")" = 1 ]
}

t 'a job provisions a domain with a thousand users' '
	manifest >"$M" &&
	run mailadm plan "$M" && status 1 &&
	like "$err" "Plan: $((2 * USERS + 1)) to add, 0 to change, 0 to" &&
	run mailadm apply --yes --quiet "$M" && status 0 && empty "$out$err" &&
	is "$(sql "SELECT COUNT(*) FROM users")" "$USERS" &&
	is "$(sql "SELECT COUNT(*) FROM aliases")" "$USERS"'

t 'no drift is status 0' '
	run mailadm plan "$M" && status 0 && empty "$out"'

t 'a second apply writes nothing: neither rows nor the binlog' '
	written >"$T/before" &&
	run mailadm apply --yes --quiet "$M" && status 0 &&
	written >"$T/after" && cmp "$T/before" "$T/after"'

t 'drift is found, whoever made it, and put right' '
	sql "UPDATE users SET active = 0 WHERE email = \"user7@example.org\"" &&
	run mailadm plan "$M" && status 0 &&
	sed -i "s/user7@example.org: {/&active: true, /" "$M" &&
	run mailadm plan "$M" && status 1 &&
	like "$out" "user7@example.org	active	false	true" &&
	run mailadm apply --yes --quiet "$M" && status 0 &&
	run mailadm plan "$M" && status 0'

t 'one changed user is one change' '
	sed -i "s/User 500/The five hundredth/" "$M" &&
	run mailadm apply --yes "$M" && status 0 &&
	like "$err" "Plan: 0 to add, 1 to change, 0 to remove." &&
	written >"$T/before" &&
	run mailadm apply --yes --quiet "$M" && status 0 &&
	written >"$T/after" && cmp "$T/before" "$T/after"'

t 'two jobs at once: one does it, the other finds it done or stale' '
	sed -i "s/quota: 1G/quota: 2G/; s/User 3\"/Three\"/" "$M" &&
	"$MAILADM" --defaults-file="$T/client.cnf" -q apply -y "$M" & one=$!
	mailadm --quiet apply --yes "$M" 2>"$T/two"
	two=$?
	wait "$one"; one=$?
	for status in $one $two; do
		[ "$status" -eq 0 ] || [ "$status" -eq 6 ] || return 1
	done
	[ "$one" -eq 0 ] || [ "$two" -eq 0 ] || return 1
	run mailadm plan "$M" && status 0'

# Each point is a row that the job comes to: early, midway and late.
t 'killed at any point it has done nothing, and then finishes' '
	for point in "UPDATE locks SET taken = taken + 1" \
	    "INSERT INTO domains (domain) VALUES (\"example.org\")" \
	    "INSERT INTO homes (home, email) VALUES (\"example.org/user500\",
		\"x\")" \
	    "INSERT INTO homes (home, email) VALUES (\"example.org/user$USERS\",
		\"x\")"; do
		fresh && hold "$point" || return 1
		"$MAILADM" --defaults-file="$T/client.cnf" -q apply -y "$M" &
		job=$!
		eventually waiting && kill -9 "$job" || return 1
		wait "$job" 2>/dev/null
		release
		eventually alone || return 1
		is "$(sql "SELECT COUNT(*) FROM users")" 0 || return 1
		is "$(sql "SELECT COUNT(*) FROM domains")" 0 || return 1
		run mailadm --quiet apply --yes "$M"
		status 0 || return 1
		is "$(sql "SELECT COUNT(*) FROM aliases")" "$USERS" || return 1
	done'

t 'a lock that another holds too long is status 8, after retries' '
	sed -i "s/The five hundredth/Five hundred/" "$M" &&
	patient lock_timeout 1 >"$T/conf" &&
	hold "UPDATE users SET name = \"x\"
	    WHERE email = \"user500@example.org\"" &&
	run mailadm --config "$T/conf" apply --yes "$M" && status 8 &&
	release && run mailadm apply --yes "$M" && status 0'

finish

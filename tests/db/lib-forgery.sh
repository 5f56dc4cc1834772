# The daily account in wrong hands; sourced after lib.sh, once a server runs.
# shellcheck shell=sh
#
#   some_mail           a fresh database with two users
#   daily 'SQL'         a connection of the daily account, whose password is
#                       "secret"; goes on after errors
#   silent, errors      nothing was said; the lines of errors
#   before              remembers what the history is
#   tried 'SQL'         daily, and whatever came of it, the history is true

some_mail() {
	fresh
	mailadm -q domain add x.org
	mailadm -q user add anna@x.org --no-password
	mailadm -q user add bo@x.org --no-password
	mailadm -q alias add old@x.org anna@x.org
	mailadm -q domain set x.org --description first
}

# daily 'SQL': a connection of the daily account's own; goes on after errors.
daily() {
	printf '%s\n' "$1" | mariadb --no-defaults --skip-ssl --batch --force \
	    --skip-column-names --socket="$server_socket" --user=mailadm \
	    --password=secret mail >"$T/out" 2>"$T/err"
}

silent() {
	empty "$(cat "$T/err")"
}
errors() {
	grep "^ERROR" "$T/err"
}

# The newest entry of each name is what the tables hold, and nothing else is
# there: by the entries alone the tables could be made again.
truthful() {
	sql "SELECT 'differs', k.kind, k.name FROM (
	    SELECT 'user' AS kind, u.email AS name, u.crypt AS value
		FROM users AS u
	    UNION ALL SELECT 'domain', d.domain, COALESCE(d.description, '')
		FROM domains AS d) AS k
	    WHERE NOT (k.value <=> (SELECT COALESCE(JSON_VALUE(h.new_row,
		IF(k.kind = 'user', '\$.crypt', '\$.description')), '')
		FROM history AS h WHERE h.kind = k.kind AND h.name = k.name
		ORDER BY h.id DESC LIMIT 1))
	    UNION ALL SELECT 'no entry', 'alias', a.mail FROM aliases AS a
	    WHERE NOT EXISTS (SELECT 1 FROM history AS h WHERE h.kind =
		'alias' AND h.name = a.mail AND JSON_VALUE(h.new_row,
		'\$.destination') = a.destination)
	    UNION ALL SELECT 'not there', h.kind, h.name FROM history AS h
	    WHERE h.kind = 'user' AND h.new_row IS NOT NULL AND
		h.name NOT IN (SELECT email FROM users) AND NOT EXISTS (
		SELECT 1 FROM history AS g WHERE g.kind = 'user' AND
		g.name = h.name AND g.new_row IS NULL AND g.id > h.id)"
}

# What stood before stands unchanged; entries are in the order of their
# times, of now, and under a change of the account that made them.
before() {
	before_id=$(sql "SELECT MAX(id) FROM history") &&
	before_change=$(sql "SELECT MAX(id) FROM changes") &&
	before_old=$(old)
}
old() {
	sql "SELECT * FROM history WHERE id <= $before_id ORDER BY id;
	    SELECT id, token, at, actor, program, undoes, account FROM changes
	    WHERE id <= $before_change ORDER BY id; SELECT COUNT(*) FROM
	    history WHERE \`change\` <= $before_change"
}
forged() {
	truthful
	[ "$(old)" = "$before_old" ] || echo "the past is another"
	sql "SELECT 'under another account', h.id, c.account FROM history
	    AS h JOIN changes AS c ON c.id = h.\`change\` WHERE h.id >
	    $before_id AND c.account NOT LIKE 'mailadm@%';
	    SELECT 'at another time', h.id, h.at, c.at FROM history AS h JOIN
	    changes AS c ON c.id = h.\`change\` WHERE h.id > $before_id AND
	    (ABS(TIMESTAMPDIFF(SECOND, h.at, UTC_TIMESTAMP())) > 300 OR
	    ABS(TIMESTAMPDIFF(SECOND, c.at, UTC_TIMESTAMP())) > 300);
	    SELECT 'far number', id FROM history WHERE id > $before_id + 100000"
}

# tried SQL: whatever came of it, the history is true.
tried() {
	before && daily "$1"
	tried_result=$(forged)
	is "$tried_result" "" || {
		printf '%.300s\n' "$tried_result"
		printf 'tried: %.300s\n' "$1"
		return 1
	}
}

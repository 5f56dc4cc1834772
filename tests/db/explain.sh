# Every lookup that we ship finds its rows by a key, whatever it is asked.
. tests/lib.sh
. tests/db/lib-lookups.sh

server_start
fresh

# Enough rows that a scan would be the optimiser's choice only where it must.
sql "INSERT INTO domains (domain, alias_of)
	SELECT CONCAT('d', seq, '.example'), NULL FROM seq_1_to_200
	UNION ALL
	SELECT CONCAT('aka', seq, '.example'), CONCAT('d', seq, '.example')
	FROM seq_1_to_100;
INSERT INTO users (email, crypt)
	SELECT CONCAT('u', seq, '@d', seq % 200 + 1, '.example'), '!'
	FROM seq_1_to_4000;
INSERT INTO aliases (mail, destination)
	SELECT CONCAT('a', seq, '@d', seq % 200 + 1, '.example'),
	    CONCAT('u', seq, '@d', seq % 200 + 1, '.example')
	FROM seq_1_to_4000
	UNION ALL
	SELECT CONCAT('team@d', seq, '.example'), CONCAT('x@', n, '.example')
	FROM seq_1_to_50 JOIN (SELECT seq AS n FROM seq_1_to_5) AS five
	UNION ALL
	SELECT CONCAT('@d', seq, '.example'),
	    CONCAT('rest', seq, '@out.example')
	FROM seq_1_to_50;
INSERT INTO send_as (email, address)
	SELECT CONCAT('u', seq, '@d', seq % 200 + 1, '.example'),
	    CONCAT('a', seq + 1, '@d', (seq + 1) % 200 + 1, '.example')
	FROM seq_1_to_4000;
INSERT INTO patterns (domain, local, destination)
	SELECT CONCAT('d', d.seq, '.example'), CONCAT('p', n.seq, '-*'),
	    CONCAT('u', d.seq - 1, '@d', d.seq, '.example')
	FROM seq_1_to_200 AS d JOIN seq_1_to_20 AS n;
INSERT INTO blocks (address)
	SELECT CONCAT('b', seq, '@d', seq % 200 + 1, '.example')
	FROM seq_1_to_4000;
INSERT INTO domains (domain, relay_to)
	SELECT CONCAT('r', seq, '.example'), '[192.0.2.1]:25' FROM seq_1_to_50;
INSERT INTO recipients (address)
	SELECT CONCAT('u', seq, '@r', seq % 50 + 1, '.example')
	FROM seq_1_to_2000;
INSERT INTO relays (name, host, login)
	SELECT CONCAT('w', seq), CONCAT('h', seq, '.example'), 'x'
	FROM seq_1_to_200;
INSERT INTO relay_secrets (name, secret) SELECT name, 'y' FROM relays;
ANALYZE TABLE domains, users, aliases, send_as, recipients, relays,
	relay_secrets, patterns, blocks" >/dev/null

# What EXPLAIN says beyond the ways by a key: "(type) table".  The rows that
# a statement has made itself, a few, are read from end to end.
scans() {
	sql "EXPLAIN $1" | awk -F '\t' '
		$3 ~ /^<(derived|union)[0-9,]*>$/ { next }
		$4 ~ /^(ref|range)$/ && $9 > 20 { print "(" $9 " rows) " $3 }
		$4 !~ /^(const|(eq_)?ref|range|[a-z]*_subquery|NULL)$/ {
			print "(" $4 ") " $3
		}'
}

# How many rows the server looked at to answer.
rows_read() {
	server_sql --database=mail -e "FLUSH STATUS; $1;
	    SHOW SESSION STATUS LIKE 'Handler_read%'" |
	    awk '/^Handler_read_/ { n += $2 } END { print n }'
}

# Who may send as an address, and who gets its mail, is asked step by step, as
# mail goes there, and each step reads what the steps before it have found.
by_key() { # QUERY NAME
	is "$(scans "$1")" '' || return 1
	by_key_rows=$(rows_read "$1")
	case $2 in
	*_senders.cf:*|*_destinations.cf:*) by_key_most=300 ;;
	*-names.conf.ext:*) by_key_most=400 ;;
	*) by_key_most=40 ;;
	esac
	[ "$by_key_rows" -le "$by_key_most" ] || {
		t_notes="$by_key_rows rows read for: $1"
		return 1
	}
}

# A user, an alias, a list, both in an alias domain, a name that is nowhere,
# one with a tag, a catch-all, a domain that is not ours.
KEYS='u7@d8.example a7@d8.example team@d9.example u8@aka9.example
	a8@aka9.example nobody@d9.example nobody@d150.example
	u7+tag@d8.example @d9.example @aka9.example u1@elsewhere.example
	u7@r8.example u7+tag@r8.example @r8.example'

always_by_key() {
	for key in $KEYS; do
		query=$(lookup_query "$1" "$key")
		matches "$query" "^(SELECT|WITH) .*${key#*@}" &&
		unlike "$query" "%" && by_key "$query" "$1" || return 1
	done
}

for name in $(lookup_names); do
	t "$name finds its rows by a key" 'always_by_key "$name"'
done

t 'the next hop of a way out is looked for by a key' '
	for name in way_tls way_secrets; do
		[ -e "postfix/sql_$name.cf" ] && name=sql_$name
		query=$(lookup_query "postfix/$name.cf:query" \
			"[h7.example]:587") &&
		by_key "$query" "$name" && [ -n "$(sql "$query")" ] || return 1
	done'

t 'each fragment was looked at' '
	is "$(lookup_names | wc -l)" \
	    "$(($(find postfix -name "sql_*.cf" | wc -l) + 4))"'

t 'a lookup of a name that exists does answer' '
	is "$(sql "$(lookup_query postfix/sql_users.cf:query \
	    u7@d8.example)")" u7@d8.example &&
	is "$(sql "$(lookup_query postfix/sql_domains.cf:query \
	    u7@d8.example)")" d8.example &&
	is "$(sql "$(lookup_query postfix/sql_aliases.cf:query \
	    a7@d8.example)")" u7@d8.example &&
	is "$(sql "$(lookup_query postfix/sql_alias_domains.cf:query \
	    u8@aka9.example)")" u8@d9.example'

t 'the test would see a scan' '
	like "$(scans "SELECT email FROM users WHERE name = 1")" "(ALL) users"'

finish

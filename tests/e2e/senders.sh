#!/bin/sh
# Who may send as an address, asked by Postfix itself: smtpd_sender_login_maps
# of postfix/sql_senders.cf.  What smtpd does with the answer is its own.
# shellcheck disable=SC2015,SC2016,SC2034,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_needs
stack_folder
database_up
maps_up

SENDERS=mysql:$E/etc/mailadm/sql_senders.cf

# The logins that smtpd would find for a sender: it asks for the address,
# for that without its tag and for @domain, up to the first answer.
owners() { # ADDRESS
	o_untagged=${1%%+*}@${1#*@}
	for o_key in "$1" "$o_untagged" "@${1#*@}"; do
		run postmap -q "$o_key" "$SENDERS"
		empty "$err" || return 1
		[ -z "$out" ] || break
	done
	o_logins=$(echo "$out" | tr ',' '\n' | grep -v '^!$' | sort |
		tr '\n' ' ')
}

# Nobody else than these may send as ADDRESS.
belongs_to() { # ADDRESS LOGIN...
	o_address=$1
	shift
	owners "$o_address" && is "${o_logins% }" "$*"
}

# Not even the owner of a catch-all: a name that exists has its own answer.
belongs_to_nobody() { # ADDRESS
	belongs_to "$1" && is "$out" '!'
}

mailadm -q domain add example.com
mailadm -q domain add example.org
mailadm -q domain add aka.example --alias-of example.com
for name in anna bob carl dora@example.org gone; do
	case $name in *@*) ;; *) name=$name@example.com ;; esac
	mailadm -q user add "$name" --no-password
done
mailadm -q user disable gone@example.com

A=anna@example.com B=bob@example.com C=carl@example.com D=dora@example.org

t 'the own address belongs to the user, in capitals and with a tag, too' '
	belongs_to $A $A && belongs_to Anna@Example.COM $A &&
	belongs_to anna+shop@example.com $A'

t 'and in each alias domain' '
	belongs_to anna@aka.example $A &&
	belongs_to anna+shop@aka.example $A'

t 'a name that a pattern has belongs to who gets its mail, and to no other' '
	mailadm -q alias add @example.com $C &&
	mailadm -q alias add "bob-*@example.com" $B &&
	belongs_to bob-shop@example.com $B &&
	belongs_to bob-shop+tag@example.com $B &&
	belongs_to bob-shop@aka.example $B &&
	belongs_to bobshop@example.com $C &&
	mailadm -q alias set "bob-*@example.com" out@elsewhere.example &&
	belongs_to_nobody bob-shop@example.com &&
	mailadm -q alias remove "bob-*@example.com" &&
	belongs_to bob-shop@example.com $C &&
	mailadm -q alias remove @example.com'

t 'an alias that only receives belongs to nobody, and what leads to it does' '
	mailadm -q alias add role@example.com $A --may-send no &&
	mailadm -q alias add to-role@example.com role@example.com &&
	belongs_to_nobody role@example.com &&
	belongs_to_nobody role+tag@example.com &&
	belongs_to_nobody role@aka.example &&
	belongs_to to-role@example.com $A &&
	mailadm -q user grant $B --send-as role@example.com &&
	belongs_to role@example.com $B &&
	mailadm -q user revoke $B --send-as role@example.com &&
	mailadm -q alias remove to-role@example.com &&
	mailadm -q alias remove role@example.com'

t 'an alias belongs to everybody that it delivers to' '
	mailadm -q alias add team@example.com $A $B out@elsewhere.example &&
	belongs_to team@example.com $A $B &&
	belongs_to team+x@aka.example $A $B'

t 'through any number of aliases, in other domains and with tags' '
	mailadm -q alias add three@example.com team@example.com $D &&
	mailadm -q alias add two@example.com three@aka.example &&
	mailadm -q alias add one@example.org two+x@example.com &&
	belongs_to one@example.org $A $B $D'

t 'a disabled row leads nowhere' '
	mailadm -q alias disable team@example.com --to $B &&
	belongs_to team@example.com $A &&
	mailadm -q alias enable team@example.com'

t 'an alias that only leads outside belongs to nobody' '
	mailadm -q alias add away@example.com out@elsewhere.example &&
	belongs_to_nobody away@example.com &&
	belongs_to_nobody away@aka.example'

t 'nor does a disabled user or alias' '
	belongs_to_nobody gone@example.com &&
	mailadm -q alias add off@example.com $A &&
	mailadm -q alias disable off@example.com &&
	belongs_to_nobody off@example.com && belongs_to_nobody off@aka.example'

t 'a user who may not send owns nothing' '
	sql "UPDATE users SET may_send = 0 WHERE email = '\''$B'\''" &&
	belongs_to_nobody $B && belongs_to team@example.com $A &&
	sql "UPDATE users SET may_send = 1 WHERE email = '\''$B'\''"'

t 'what does not exist belongs to nobody, ours or not' '
	belongs_to nobody@example.com && empty "$out" &&
	belongs_to anna@elsewhere.example && empty "$out"'

t 'but to the owner of the catch-all, and no name that exists does' '
	mailadm -q alias add @example.com $C &&
	belongs_to nobody@example.com $C && belongs_to $A $A &&
	belongs_to nobody+x@aka.example $C &&
	belongs_to_nobody away@example.com &&
	belongs_to_nobody gone@example.com &&
	belongs_to_nobody off+x@aka.example'

t 'an alias domain'\''s own catch-all and aliases win over its target'\''s' '
	mailadm -q alias add @aka.example $D &&
	mailadm -q alias add team@aka.example $D &&
	belongs_to nobody@aka.example $D && belongs_to team@aka.example $D &&
	belongs_to anna@aka.example $A &&
	belongs_to nobody@example.com $C &&
	mailadm -q alias remove @aka.example && mailadm -q alias remove \
		team@aka.example'

t 'in a disabled domain nobody owns anything, nor elsewhere for its users' '
	mailadm -q alias add theirs@example.com $D &&
	mailadm -q domain disable example.org &&
	belongs_to_nobody $D && belongs_to_nobody one@example.org &&
	belongs_to_nobody theirs@example.com &&
	mailadm -q domain enable example.org &&
	mailadm -q domain disable aka.example &&
	belongs_to anna@aka.example && belongs_to two@example.com &&
	mailadm -q domain enable aka.example'

grant() { # EMAIL ADDRESS
	sql "INSERT INTO send_as (email, address) VALUES ('$1', '$2')"
}

t 'a grant adds to who owns the address, its tags included' '
	grant $B $A && belongs_to $A $A $B &&
	belongs_to anna+shop@example.com $A $B &&
	belongs_to_nobody away@example.com &&
	grant $B away@example.com && belongs_to away@example.com $B'

t 'a grant of a tagged address keeps it from nobody else' '
	grant $D anna+shop@example.com &&
	belongs_to anna+shop@example.com $A $B $D &&
	belongs_to anna+other@example.com $A $B'

t 'a grant of a domain is one of every name in it' '
	grant $D @example.com && belongs_to $A $A $B $D &&
	belongs_to nobody@example.com $C $D &&
	belongs_to gone@example.com $D &&
	belongs_to anna@aka.example $A'

t 'addresses and domains elsewhere can be granted' '
	grant $C @partner.example && grant $A boss@partner.example &&
	belongs_to any@partner.example $C &&
	belongs_to boss@partner.example $A $C &&
	belongs_to boss@other.example'

t 'whoever was granted something and is disabled has nothing' '
	mailadm -q user disable $B && belongs_to away@example.com $D &&
	mailadm -q user enable $B'

t 'a loop ends, and so do a hundred aliases that all lead to all' '
	sql "INSERT INTO aliases (mail, destination) VALUES
		('\''l1@example.com'\'', '\''l2@example.com'\''),
		('\''l2@example.com'\'', '\''l1@example.com'\''),
		('\''l2@example.com'\'', '\''$A'\'');
	INSERT INTO aliases (mail, destination)
		SELECT CONCAT('\''m'\'', a.seq, '\''@example.org'\''),
		    CONCAT('\''m'\'', b.seq, '\''@example.org'\'')
		FROM seq_1_to_100 AS a JOIN seq_1_to_100 AS b
		UNION ALL SELECT '\''m100@example.org'\'', '\''$D'\''" &&
	belongs_to l1@example.com $A $D &&
	belongs_to m1@example.org $D'

# What the server has read since it runs.
reads() {
	sql "SELECT SUM(variable_value) FROM information_schema.global_status
	    WHERE variable_name LIKE 'handler_read%'"
}

# Some reads for each of the thousand, and not each with each.
t 'a list of a thousand is answered for whole, by few reads' '
	sql "INSERT INTO users (email, crypt, home)
		SELECT CONCAT('\''u'\'', seq, '\''@example.org'\''), '\''!'\'',
		    CONCAT('\''h'\'', seq) FROM seq_1_to_1000;
	INSERT INTO aliases (mail, destination)
		SELECT '\''all@example.org'\'',
		    CONCAT('\''u'\'', seq, '\''@example.org'\'')
		FROM seq_1_to_1000;
	ANALYZE TABLE users, aliases" >"$T/fill" &&
	from=$(reads) && owners all@example.org &&
	to=$(reads) && is "$(echo "$o_logins" | wc -w)" 1000 &&
	[ $((to - from)) -lt 100000 ]'

# --- against route -------------------------------------------------------

# A random mail system: SEED.  What is disabled and what leads to nowhere is in
# it, too; grants are of anything.  Aliases that bear a tag are asked for, and
# nothing leads to them: Postfix takes the tag of a destination along, or ends
# in the mailbox without it, and sql_senders.cf knows no such ways.
random_state() {
	awk -v seed="$1" '
	function pick(n) { return int(rand() * n) }
	function flag(n) { return pick(n) ? 1 : 0 }
	function domain() { return "d" pick(3) ".test" }
	function name(tag) {
		return (pick(2) ? "u" : "a") pick(5) (pick(6) ? "" : tag)
	}
	function address() {
		return pick(7) ? name("+to") "@" (pick(4) ? domain() : \
		    "aka.test") : "out" pick(3) "@out.test"
	}
	function row(table, values) {
		print "INSERT IGNORE INTO " table " VALUES (" values ");"
	}
	BEGIN {
		srand(seed)
		for (d = 0; d < 3; d++)
			row("domains (domain, active)",
			    "\047d" d ".test\047, " flag(6))
		row("domains (domain, active, alias_of)",
		    "\047aka.test\047, " flag(6) ", \047d0.test\047")
		for (u = 0; u < 8; u++)
			row("users (email, crypt, active, may_send, " \
			    "may_receive)", "\047u" pick(5) "@" domain() \
			    "\047, \047!\047, " flag(6) ", " flag(6) ", " \
			    flag(6))
		for (a = 0; a < 22; a++) {
			mail = (pick(9) ? name("+x") : "") "@" (pick(5) ? \
			    domain() : "aka.test")
			row("aliases (mail, destination, active)", "\047" mail \
			    "\047, \047" address() "\047, " flag(6))
		}
		for (g = 0; g < 5; g++)
			print "INSERT IGNORE INTO send_as (email, address) " \
			    "SELECT email, \047" (pick(3) ? address() : "@" \
			    domain()) "\047 FROM users ORDER BY " \
			    "MD5(CONCAT(email, " g ")) LIMIT 1;"
	}'
}

# Every name that could mean something, and one in each domain that does not;
# and 0 where only a catch-all knows it.  With a tag only those that are names
# as they are: route lists any other as that.
names_of_state() {
	sql "SELECT a.name, EXISTS (SELECT 1 FROM (SELECT email FROM users UNION
	    SELECT mail FROM aliases) AS known WHERE email IN (a.name,
	    REPLACE(a.name, '@aka.test', '@d0.test')))
	FROM (SELECT email AS name FROM users UNION
		SELECT mail FROM aliases UNION
		SELECT destination FROM aliases WHERE destination NOT LIKE '%+%'
		UNION SELECT address FROM send_as WHERE address NOT LIKE '%+%'
		UNION
		SELECT CONCAT(SUBSTRING_INDEX(email, '@', 1), '@aka.test')
		FROM users UNION
		SELECT CONCAT(SUBSTRING_INDEX(mail, '@', 1), '@aka.test')
		FROM aliases WHERE domain = 'd0.test' UNION
		SELECT CONCAT('stray@', domain) FROM domains) AS a
	WHERE a.name NOT LIKE '@%'"
}

# What --sender lists for each user, turned round; NAME TAB LOGINS.
by_route() { # NAMES
	# shellcheck disable=SC2046 # words
	mailadm route --sender --columns address,hop,step \
		$(sql 'SELECT email FROM users') 2>"$T/notes" >"$T/listed" ||
		return 1
	awk -F '\t' '
	FILENAME != ARGV[2] { how[$1, $2, $3] = 1; user[$1] = 1; next }
	function said(u, hop, step) { return (u, hop, step) in how }
	function any(u, hop) {
		return said(u, hop, "user") || said(u, hop, "alias") ||
		    said(u, hop, "alias-domain") || said(u, hop, "grant")
	}
	{
		at = index($1, "@")
		plain = $1
		sub(/[+].*@/, "@", plain)
		rest = substr($1, at)
		for (u in user)
			if (any(u, $1) || said(u, rest, "grant") ||
			    said(u, plain, "grant") ||
			    (!$2 && said(u, rest, "catch-all")))
				print $1 "\t" u
	}' "$T/listed" "$1" | sort
}

by_lookup() { # NAMES
	cut -f 1 "$1" | postmap -q - "$SENDERS" | awk -F '\t' '{
		n = split($2, login, ",")
		for (i = 1; i <= n; i++)
			if (login[i] != "!")
				print $1 "\t" login[i]
	}' | sort
}

# In a circle mail passes nobody, so route lists nobody; it is left out.
t 'random systems: what route --sender lists is what Postfix finds' '
	systems=0
	for seed in $(seq "${SENDER_STATES:-20}"); do
		sql "SET foreign_key_checks = 0; DELETE FROM send_as;
			DELETE FROM aliases; DELETE FROM users;
			DELETE FROM domains" &&
		random_state "$seed" >"$T/state.sql" &&
		sql "SOURCE $T/state.sql" || return 1
		run mailadm check --rule A012
		[ "$status" = 0 ] || continue
		systems=$((systems + 1))
		names_of_state >"$T/names" && by_route "$T/names" >"$T/one" &&
		by_lookup "$T/names" >"$T/two" || return 1
		t_notes="seed $seed: $(diff "$T/one" "$T/two")"
		cmp -s "$T/one" "$T/two" || return 1
	done
	[ "$systems" -ge 5 ]'

finish

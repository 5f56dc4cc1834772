#!/bin/sh
# Text maps: that they answer as the database does, and without it.
# shellcheck disable=SC2016,SC2154,SC2317 # t evaluates the code of a test
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

D=$E/maps

add_user() { # ADDRESS: its password is pw-ADDRESS
	echo "pw-$1" | mailadm -q user add "$1" --password-stdin
}

{
mailadm -q domain add example.com --quota 1G
mailadm -q domain add aka.example --alias-of example.com
mailadm -q domain add aka2.example --alias-of example.com
mailadm -q domain add grab.example
mailadm -q domain add any.example --alias-of grab.example
mailadm -q domain add own.example --alias-of grab.example
mailadm -q domain add off.example
mailadm -q domain add shade.example --alias-of off.example
for name in anna bob carl dora gone paul rita sam tom; do
	add_user "$name@example.com"
done
add_user one@grab.example
add_user two@off.example
mailadm -q alias add team@example.com anna@example.com out@side.example
mailadm -q alias add bob@example.com bob@example.com anna@example.com
mailadm -q alias add carl@example.com carl@example.com anna@example.com
mailadm -q alias add dora@example.com out@side.example
mailadm -q alias add pause@example.com anna@example.com
mailadm -q alias add '#hash@example.com' anna@example.com
mailadm -q alias add "o'neil&co@example.com" anna@example.com
mailadm -q alias add list+tag@example.com anna@example.com
mailadm -q alias add list@example.com bob@example.com
mailadm -q alias add anna@aka.example bob@example.com
mailadm -q alias add mine@aka2.example anna@example.com
mailadm -q alias add @aka2.example bob@example.com
mailadm -q alias add @grab.example one@grab.example
mailadm -q alias add @own.example anna@example.com
mailadm -q alias add pause@own.example anna@example.com
mailadm -q alias add togone@example.com gone@example.com
mailadm -q alias add chain@example.com togone@example.com
mailadm -q alias add mix@example.com chain@example.com bob@example.com
mailadm -q alias add some@example.com gone+x@example.com anna@example.com
mailadm -q alias add away@example.com two@off.example
mailadm -q user disable gone@example.com
mailadm -q user disable carl@example.com
mailadm -q user set paul@example.com --may-receive no
mailadm -q user set rita@example.com --may-receive no
mailadm -q alias add rita@example.com rita@example.com anna@example.com
mailadm -q user set sam@example.com --may-login no
mailadm -q user set tom@example.com --may-send no
mailadm -q alias disable pause@example.com
mailadm -q alias disable pause@own.example
mailadm -q alias disable list@example.com
mailadm -q domain disable off.example
} 2>"$T/notes"

t 'the files that were written are the result' '
	mkdir "$D" &&
	run mailadm export --postfix-maps "$D" && status 0 &&
	like "$err" "begin with # are left out" &&
	is "$out" "$D/virtual_mailbox_domains
$D/virtual_mailbox_maps
$D/virtual_alias_maps
$D/recipient_access
$D/transport"'

t 'nothing is written again that is as it was' '
	ls -li "$D" >"$T/before" &&
	run mailadm export --postfix-maps "$D" && status 0 && empty "$out" &&
	ls -li "$D" >"$T/after" && cmp -s "$T/before" "$T/after"'

t 'one change writes the files that it touches' '
	add_user new@example.com &&
	run mailadm export --postfix-maps "$D" && status 0 &&
	unlike "$out" domains && like "$out" virtual_mailbox_maps &&
	mailadm -q --yes user remove new@example.com &&
	run mailadm export --postfix-maps "$D" && status 0'

t 'a domain that is passed on is not among ours, and a way is kept' '
	mailadm -q domain add passed.example --relay-to mail.far.example &&
	mailadm -q domain add near.example --transport lmtp:unix:private/two &&
	mailadm -q user add una@near.example --no-password &&
	mailadm -q export --postfix-maps "$T" >"$T/written" &&
	unlike "$(cat "$T/virtual_mailbox_domains")" passed.example &&
	like "$(cat "$T/transport")" \
	    "una@near.example	lmtp:unix:private/two" &&
	mailadm -q domain remove near.example --recursive --yes &&
	mailadm -q domain remove passed.example --recursive --yes &&
	run mailadm export --postfix-maps "$D" && status 0 && empty "$out"'

t 'others may not read them' '
	is "$(stat -c %a "$D"/* | sort | uniq -c | tr -d " ")" 5640'

### The same answers

# Every name in every domain, tagged and not, and names that nobody has.
{
	sql 'SELECT email FROM users UNION SELECT mail FROM aliases' |
		sed 's/@.*//' | sort -u | sed '/^$/d; /^#/d'
	printf '%s\n' anna+t bob+t carl+t pause+t mine+t list+tag+t nobody \
		nobody+t
} | while read -r local; do
	sql 'SELECT domain FROM domains' | sed "s|^|$local@|"
	echo "$local@elsewhere.example"
done >"$T/names"

# The forms in which Postfix asks: in full, untagged, the domain.
awk '{
	print
	at = index($0, "@")
	plus = index($0, "+")
	if (plus > 1) print substr($0, 1, plus - 1) substr($0, at)
	print substr($0, at)
}' "$T/names" | sort -u >"$T/keys"

# asked KEYS TABLE...: the first answer for each key, as KEY and ANSWER.
asked() {
	asked_keys=$1
	shift
	for table; do
		postmap -q - "$table" <"$asked_keys" || [ $? -eq 1 ] || return
	done | awk -F '\t' '!($1 in seen) { seen[$1]; print }' | sort
}

# What comes of each name, as cleanup would have it.
resolved() { # ANSWERS
	awk -F '\t' 'FNR == NR { answer[$1] = $2; next }
	{
		at = index($0, "@")
		plus = index($0, "+")
		local = substr($0, 1, at - 1)
		bare = plus > 1 ? substr($0, 1, plus - 1) substr($0, at) : ""
		tag = plus > 1 ? substr($0, plus, at - plus) : ""
		to = ""
		if ($0 in answer) to = answer[$0]
		else if (bare != "" && bare in answer) {
			n = split(answer[bare], list, /, */)
			for (i = 1; i <= n; i++) {
				sub(/@/, tag "@", list[i])
				to = to (i > 1 ? ", " : "") list[i]
			}
		} else if (substr($0, at) in answer)
			to = answer[substr($0, at)]
		if (substr(to, 1, 1) == "@") to = local to
		n = split(to, list, /, */)
		for (i = 1; i <= n; i++) print $0, list[i]
		if (n == 0) print $0, "-"
	}' "$1" "$T/names" | sort
}

same() { # FILE FILE, and not empty
	[ -s "$1" ] && run diff "$1" "$2" && status 0
}

t 'virtual_alias_maps: what comes of every name is the same' '
	asked "$T/keys" "mysql:$E/etc/mailadm/sql_aliases.cf" \
	    "mysql:$E/etc/mailadm/sql_alias_domains.cf" \
	    "mysql:$E/etc/mailadm/sql_identity.cf" >"$T/sql" &&
	asked "$T/keys" "texthash:$D/virtual_alias_maps" >"$T/text" &&
	resolved "$T/sql" >"$T/sql.to" && resolved "$T/text" >"$T/text.to" &&
	same "$T/sql.to" "$T/text.to" &&
	grep -q "^one@any.example one@grab.example" "$T/text.to" &&
	grep -q "^nobody+t@any.example nobody+t@grab.example" "$T/text.to"'

t 'virtual_mailbox_maps: the same names have a mailbox' '
	asked "$T/keys" "mysql:$E/etc/mailadm/sql_users.cf" >"$T/sql" &&
	asked "$T/keys" "texthash:$D/virtual_mailbox_maps" >"$T/text" &&
	same "$T/sql" "$T/text"'

t 'virtual_mailbox_domains: the same domains are ours' '
	sql "SELECT domain FROM domains" >"$T/domains" &&
	echo elsewhere.example >>"$T/domains" &&
	asked "$T/domains" "mysql:$E/etc/mailadm/sql_domains.cf" \
	    >"$T/sql" &&
	asked "$T/domains" "texthash:$D/virtual_mailbox_domains" \
	    >"$T/text" && same "$T/sql" "$T/text"'

# Where the table sends smtpd on, what the next one says.
access() {
	asked "$T/names.only" "mysql:$E/etc/mailadm/sql_disabled.cf" >"$T/look"
	awk -F '\t' '$2 == "mailadm_destinations" { print $1 }' "$T/look" \
		>"$T/on"
	asked "$T/on" "mysql:$E/etc/mailadm/sql_destinations.cf" >"$T/further"
	grep -v "	mailadm_destinations$" "$T/look" | sort - "$T/further"
}

# Names that nobody has are in no line: sql_destinations.cf says of them what
# becomes of a catch-all, and others are not asked for.
t 'recipient_access: the same names are refused' '
	grep -v "^@" "$T/keys" >"$T/names.only" && access >"$T/sql.all" &&
	asked "$T/names.only" "texthash:$D/recipient_access" >"$T/text" &&
	cut -f 1 "$T/text" | join -t "	" - "$T/sql.all" >"$T/sql" &&
	same "$T/sql" "$T/text" &&
	for name in gone togone chain away paul pause; do
		matches "$(cat "$T/text")" "^$name@example.com	550" ||
			return 1
	done && matches "$(cat "$T/text")" "^mix@example.com	DUNNO" &&
	matches "$(cat "$T/text")" "^togone@aka.example	550"'

### Dovecot

t 'the passwd-file is for its owner, or for the group of its folder' '
	run mailadm export --dovecot-passwd-file "$E/passwd" && status 0 &&
	is "$out" "$E/passwd" && is "$(stat -c %a "$E/passwd")" 600 &&
	install -d -g dovecot -m 2750 "$E/users" &&
	run mailadm export --mail-base "$E/vmail" \
	    --dovecot-passwd-file "$E/users/users" && status 0 &&
	is "$(stat -c "%a %G" "$E/users/users")" "640 dovecot"'

t 'it holds who may log in, send and receive, with home and quota' '
	is "$(cut -d: -f 1 "$E/passwd")" "anna@example.com
bob@example.com
dora@example.com
one@grab.example" &&
	line=$(sed -n "s/^anna@example.com://p" "$E/passwd") &&
	like "$line" "{CRYPT}\$5\$rounds=" &&
	like "$line" "::::/var/vmail/example.com/anna::userdb_quota_rule=" &&
	like "$line" "=*:bytes=1073741824"'

t 'maps and an export in another format exclude each other' '
	run mailadm export users --postfix-maps "$D" && status 2 &&
	run mailadm export --with-hashes --postfix-maps "$D" && status 2'

### The database goes away

# The lines that the comments of the fragments propose.
proposed() { # FILE FIRST: the block of comments that begins with this line
	awk -v first="$2" '
		index($0, first) { on = 1 }
		on && /^#\t/ { print substr($0, 3) }
		on && /^#$/ && printed++ > 0 { exit }
		on && !/^#/ { exit }' "$1"
}

postconf -X virtual_mailbox_domains virtual_mailbox_maps \
	virtual_alias_maps transport_maps smtpd_recipient_restrictions
proposed postfix/main.cf '	mailadm_text =' |
	sed "s|/var/lib/mailadm/postfix|$D|" >>"$E/etc/main.cf"
proposed dovecot/2.3/dovecot.conf '	passdb {' |
	sed "s|/var/lib/mailadm/dovecot|$E/users|" >"$T/fallback"
awk -v file="$T/fallback" '/^passdb/ && !done++ {
	while ((getline line <file) > 0) print line
} { print }' "$E/dovecot/dovecot.conf" >"$T/dovecot.conf"
cp "$T/dovecot.conf" "$E/dovecot/dovecot.conf"
chgrp postfix "$D"/*
touch -d '10 seconds ago' "$E/etc/main.cf"
postfix_again
dovecot_again

t 'with text maps first, mail is accepted and delivered as before' '
	send with team@example.com &&
	arrives anna@example.com pw-anna@example.com with'

t 'a name that was added since is known at once' '
	add_user fresh@example.com &&
	send news fresh@example.com &&
	arrives fresh@example.com pw-fresh@example.com news'

t 'a new password works at once, the old one ends by the next export' '
	mailadm export --mail-base "$E/vmail" \
	    --dovecot-passwd-file "$E/users/users" >"$T/written" &&
	echo other | mailadm -q user passwd fresh@example.com \
	    --password-stdin &&
	logs_in fresh@example.com other &&
	mailadm export --mail-base "$E/vmail" \
	    --dovecot-passwd-file "$E/users/users" >"$T/written" &&
	eventually no_login fresh@example.com pw-fresh@example.com &&
	logs_in fresh@example.com other'

server_stop

t 'without the database, mail to a user is accepted' '
	send away anna@example.com'

t 'to an alias and to an alias domain, too' '
	send alias bob@aka.example'

t 'users log in' '
	logs_in anna@example.com pw-anna@example.com'

t 'and find that mail in the mailbox' '
	arrives anna@example.com pw-anna@example.com away &&
	arrives bob@example.com pw-bob@example.com alias'

t 'who is disabled is refused for good' '
	refused pause@example.com && refused pause@aka.example'

t 'who is unknown is put off, since the database may know better' '
	rcpt nobody@example.com && matches "$out" "^45[01] "'

database_again

t 'with the database back, all is as before' '
	postfix_again &&
	eventually refused nobody@example.com &&
	eventually logs_in fresh@example.com other'
finish

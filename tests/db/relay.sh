#!/bin/sh
# Relay domains, their recipients, and the ways out: commands and rules.
# shellcheck disable=SC2016,SC2154 # t evaluates the code of a test
. tests/lib.sh

server_start
fresh
# shellcheck disable=SC2119 # with the passwords that it makes itself
accounts_sql >"$T/grants.sql"
sql "source $T/grants.sql"
sed -i 's|^user=.*|user=mailadm\npassword=of-mailadm|' "$T/client.cnf"

undo_last() {
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" --yes
	status 0
}

### Relay domains

t 'a relay domain is passed on, without brackets on port 25' '
	run mailadm domain add branch.example --relay-to Mail.Branch.example &&
	status 0 && run mailadm domain show branch.example --columns \
	relay_to,accepts && status 0 && like "$out" "[mail.branch.example]:25"'
t 'or on another one, by name, address, or what the DNS says' '
	for hop in "mail.branch.example:2525 [mail.branch.example]:2525" \
	    "192.0.2.7 [192.0.2.7]:25" "[192.0.2.7]:26 [192.0.2.7]:26" \
	    "2001:db8::1 [2001:db8::1]:25" "[2001:db8::1]:2525
	    [2001:db8::1]:2525" "mx mx"; do
		set -- $hop
		run mailadm domain set branch.example --relay-to "$1" &&
		status 0 && is "$(sql "SELECT relay_to FROM domains")" "$2" ||
			return 1
	done'
t 'what is no server is refused' '
	for hop in "" "a b" host:0 host:70000 "[host" host:25x 127.1 1.2.3.4.5 \
	    "x;y" "host.example:25:25"; do
		run mailadm domain set branch.example --relay-to "$hop"
		status 3 && like "$err" expected || return 1
	done'
t 'this server itself is refused, by any of its names and addresses' '
	for hop in localhost 127.0.0.1 127.9.9.9 "[::1]" "$(hostname)"; do
		case $hop in *.*|localhost|*:*) ;; *) continue ;; esac
		run mailadm domain set branch.example --relay-to "$hop"
		status 6 && like "$err" "go round in a loop" || return 1
	done'
t 'but another program of this machine, on a port of its own, is not' '
	run mailadm domain set branch.example --relay-to 127.0.0.1:2525 &&
	status 0 && run mailadm domain set branch.example \
	--relay-to mail.branch.example && status 0'
t 'it has no users' '
	run mailadm user add anna@branch.example --no-password && status 6 &&
	like "$err" "passed on to [mail.branch.example]:25 and has no users" &&
	like "$err" "mailadm recipient add anna@branch.example"'
t 'nor alias domains, nor is it one' '
	run mailadm domain add aka.example --alias-of branch.example &&
	status 6 && like "$err" "cannot have alias domains" &&
	run mailadm domain add plain.example && status 0 &&
	run mailadm domain add aka.example --alias-of plain.example &&
	status 0 &&
	run mailadm domain set aka.example --relay-to mail.branch.example &&
	status 6 && like "$err" "is an alias of plain.example" &&
	run mailadm domain set plain.example --relay-to mail.branch.example &&
	status 6 && like "$err" "has alias domains: aka.example"'
t 'a domain with users does not become one' '
	run mailadm domain add users.example && status 0 &&
	run mailadm user add anna@users.example --no-password && status 0 &&
	run mailadm domain set users.example --relay-to mail.branch.example &&
	status 6 && like "$err" "users.example has 1 user"'

### Which names it takes

t 'a relay domain takes the names of its recipients' '
	run mailadm recipient add Anna@branch.example bo@branch.example \
		--note "from the list" && status 0 &&
	run mailadm recipient list --columns address,note && status 0 &&
	is "$out" "anna@branch.example	from the list
bo@branch.example	from the list"'
t 'a recipient has no tag, is added once, and only to a relay domain' '
	run mailadm recipient add anna+x@branch.example && status 3 &&
	like "$err" "every tag is taken with the name" &&
	run mailadm recipient add anna@branch.example && status 5 &&
	run mailadm recipient add anna@branch.example --if-not-exists &&
	status 0 && run mailadm recipient add carl@users.example &&
	status 6 && like "$err" "not passed on" &&
	run mailadm recipient add carl@nowhere.example && status 4'
t 'all names: a warning says what comes of it' '
	run mailadm domain set branch.example --accept all && status 0 &&
	like "$err" backscatter && run mailadm domain set branch.example \
	--accept known && status 0 && unlike "$err" backscatter &&
	run mailadm domain set branch.example --accept-all && status 0 &&
	like "$err" backscatter && run mailadm domain set branch.example \
	--accept verify && status 0 && unlike "$err" backscatter'
t 'all names and a catch-all exclude each other, either way round' '
	run mailadm alias add @branch.example anna@users.example &&
	status 6 && like "$err" "takes all names" &&
	run mailadm domain set branch.example --accept known && status 0 &&
	run mailadm alias add @branch.example anna@users.example && status 0 &&
	run mailadm domain set branch.example --accept all && status 6 &&
	like "$err" "catch-all @branch.example" &&
	run mailadm alias remove @branch.example && status 0'
t 'only a relay domain can be told what to accept' '
	run mailadm domain set users.example --accept all && status 6 &&
	like "$err" "--accept needs --relay-to"'
t 'an alias may lead to a recipient, and to no other name' '
	run mailadm alias add team@users.example bo@branch.example &&
	status 0 && unlike "$err" "not exist" &&
	run mailadm alias add team@users.example ghost@branch.example &&
	status 6 && like "$err" "does not exist"'

### Import

t 'names come from a file, as a map of Postfix has them' '
	printf "# names\n\nbo OK\ncarl@Branch.example OK\ndora\n" >"$T/names" &&
	run mailadm recipient import branch.example "$T/names" && status 0 &&
	like "$out$err" "2 added, 0 removed, 1 unchanged" &&
	run mailadm recipient list --count && is "$out" 4'
t 'with --replace the list is what the file holds' '
	run mailadm recipient import branch.example "$T/names" --replace &&
	status 0 && like "$out$err" "0 added, 1 removed, 3 unchanged" &&
	run mailadm recipient list --columns address &&
	is "$out" "bo@branch.example
carl@branch.example
dora@branch.example"'
t 'one wrong line, and nothing is changed' '
	printf "emil\nx@users.example\n" >"$T/names" &&
	run mailadm recipient import branch.example "$T/names" --replace &&
	status 3 && like "$err" "line 2" && like "$err" "not in" &&
	run mailadm recipient list --count && is "$out" 3'
t 'an empty file removes nothing' '
	run mailadm recipient import branch.example /dev/null --replace &&
	status 6 && run mailadm recipient list --count && is "$out" 3'

### Ways out

secret() { # TEXT: a file that only its owner may read
	printf "%s\n" "$1" >"$T/secret" && chmod 600 "$T/secret"
}

t 'a way out is added with its login' '
	secret "of provider: %s" &&
	run mailadm relay add Provider --server SMTP.example.net --login anna \
		--password-file "$T/secret" && status 0 && unlike "$err" note &&
	run mailadm relay show provider --columns \
		name,host,port,login,tls,has_password && status 0 &&
	is "$(echo "$out" | tr "\t" " ")" \
		"provider smtp.example.net 587 anna secure 1"'
t 'a second login at that server is another next hop' '
	run mailadm relay add second --server smtp.example.net --login bo \
		--password-stdin <"$T/secret" && status 0 &&
	is "$(sql "SELECT GROUP_CONCAT(name, pad ORDER BY name) FROM relays")" \
		provider0,second1'
t 'mailadm cannot read the password back, nor can postfix' '
	for who in mailadm mailadm_check postfix; do
		run mariadb --no-defaults -S "$server_socket" -u "$who" \
			--password="of-$who" mail -e \
			"SELECT secret FROM relay_secrets"
		like "$err" denied || return 1
	done
	run mariadb --no-defaults -S "$server_socket" -u postfix_relay \
		--password=of-postfix_relay mail -N -e \
		"SELECT secret FROM relay_secrets WHERE name = \"provider\"" &&
	status 0 && is "$out" "of provider: %s"'
t 'it is in no history' '
	is "$(sql "SELECT COUNT(*) FROM history WHERE CONCAT(
	    COALESCE(old_row, \"\"), COALESCE(new_row, \"\"))
	    LIKE \"%of provider%\"")" 0 &&
	run mailadm history provider && status 0 && like "$out" added'
t 'a login without TLS is refused, and this server as a way out' '
	run mailadm relay set provider --tls may && status 6 &&
	like "$err" "a login needs TLS" &&
	run mailadm relay add here --server localhost && status 6 &&
	like "$err" "this server itself"'
t 'a login without a password is told, and a colon in it refused' '
	run mailadm relay add bare --server smtp.example.org --login carl &&
	status 0 && like "$err" "no password" &&
	run mailadm relay add colon --server smtp.example.org --login a:b &&
	status 3'
t 'users and domains take it' '
	run mailadm domain set users.example --send-through provider &&
	status 0 &&
	run mailadm user set anna@users.example --send-through second &&
	status 0 &&
	run mailadm user set anna@users.example --send-through nowhere &&
	status 4 && like "$err" "no such way out: nowhere" &&
	run mailadm domain set users.example --send-through nowhere &&
	status 4'
t 'and then it stays, or they take the usual way' '
	run mailadm relay remove second && status 6 &&
	like "$err" "still leaves through second: anna@users.example" &&
	run mailadm relay remove second --cascade && status 0 &&
	run mailadm user show anna@users.example --columns send_through &&
	is "$out" "\\N"'
t 'its password goes with it, and undo brings it back without' '
	is "$(sql "SELECT COUNT(*) FROM relay_secrets")" 1 &&
	undo_last &&
	run mailadm relay show second --columns has_password,users &&
	is "$out" "0	1" &&
	is "$(sql "SELECT COUNT(*) FROM relay_secrets")" 1'
t 'removing the login removes its password' '
	run mailadm relay set provider --login "" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM relay_secrets")" 0 &&
	run mailadm relay show provider --columns has_password && is "$out" 0'

### Route

t 'route says where mail goes, and by which way out' '
	run mailadm route bo+x@branch.example && status 0 &&
	like "$out" "relay:[mail.branch.example]:25" &&
	run mailadm alias add out@users.example friend@elsewhere.example &&
	status 0 && run mailadm route out@users.example --from \
		Anna+x@users.example && status 0 &&
	like "$out" "wayout:[smtp.example.net]:0587	second, of the user" &&
	run mailadm route out@users.example && status 0 &&
	unlike "$out" wayout'
t 'unknown names are refused' '
	run mailadm domain set branch.example --accept known && status 0 &&
	run mailadm route ghost@branch.example && status 0 &&
	like "$out" "550 5.1.1 <ghost@branch.example>: Recipient address \
rejected: User unknown in relay recipient table"'
t 'the way out named default takes the rest' '
	run mailadm relay add default --server smart.example.net:465 &&
	status 0 && run mailadm route out@users.example && status 0 &&
	like "$out" "wayouts:[smart.example.net]:465	default"'

### With their domain

t 'find, rename and removal know the recipients' '
	run mailadm find dora && status 0 && like "$out" recipient &&
	run mailadm domain rename branch.example new.example && status 0 &&
	run mailadm recipient list --domain new.example --count &&
	is "$out" 3 && run mailadm domain rename new.example branch.example \
		--keep-alias && status 6 &&
	run mailadm domain remove new.example && status 6 &&
	like "$err" "3 recipients" &&
	run mailadm domain remove new.example --recursive --cascade --yes &&
	status 0 && undo_last &&
	run mailadm recipient list --count && is "$out" 3'
t 'a domain that is not passed on any more loses them, until undo' '
	run mailadm domain set new.example --accept all --relay-to none &&
	status 0 && undo_last &&
	run mailadm domain set new.example --relay-to none &&
	status 0 && like "$err" "3 recipients" &&
	run mailadm recipient list --count && is "$out" 0 &&
	undo_last &&
	run mailadm recipient list --count && is "$out" 3'
t 'the history says it' '
	run mailadm history new.example && status 0 && like "$out" "relay to" &&
	run mailadm history dora@new.example --kind recipient && status 0'

finish

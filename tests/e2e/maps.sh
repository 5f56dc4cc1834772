#!/bin/sh
# The shipped lookups one by one, asked by Postfix itself: what they answer,
# what no key can do to them, what they cost, and what they cannot see.
# shellcheck disable=SC2015,SC2016,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_needs
stack_folder
database_up
maps_up

MAPS='domains users aliases alias_domains identity disabled destinations
	senders idn'
UNKNOWN='550 5.1.1 User unknown'

map() {
	echo "mysql:$E/etc/mailadm/sql_$1.cf"
}

# Every line of MAP, KEY and ANSWER holds; - is no answer.  Any complaint is
# a failure: smtpd would defer the mail, and Postfix rest for a minute.
answers() {
	for name in $MAPS; do
		awk -v map="$name" '$1 == map { print $2 }' "$1" >"$T/asked"
		awk -v map="$name" '$1 == map && $3 != "-" {
			answer = $0
			sub(/^[^ ]* [^ ]* /, "", answer)
			print $2 "\t" answer
		}' "$1" >"$T/expected"
		run postmap -q - "$(map "$name")" <"$T/asked"
		is "$out" "$(cat "$T/expected")" && empty "$err" || return 1
	done
}

# The statement of a lookup, with a key filled in.
postfix_query() { # MAP KEY
	sed -n '/^query = /,$p' "postfix/sql_$1.cf" |
		sed "s/^query = //; s/%s/$2/g; s/%u/${2%@*}/g; s/%d/${2#*@}/g"
}

dovecot_query() { # password or user, KEY
	sed -n "/^$1_query = /,/^\$/p" dovecot/2.3/mailadm-sql.conf.ext |
		sed "s/^[a-z_]* = //; s/\\\\\$//; s/%u/$2/g; s/%s/imap/g" |
		grep -v "^ *SET STATEMENT"
}

# Every statement once, with keys that make it look at all its tables.
each_query() { # COMMAND STATEMENT
	"$1" "$(postfix_query domains aka.example)" &&
	"$1" "$(postfix_query users anna@example.com)" &&
	"$1" "$(postfix_query aliases team@example.com)" &&
	"$1" "$(postfix_query alias_domains anna@aka.example)" &&
	"$1" "$(postfix_query alias_domains any@grab.example)" &&
	"$1" "$(postfix_query identity anna@example.com)" &&
	"$1" "$(postfix_query disabled carl@aka.example)" &&
	"$1" "$(postfix_query disabled team@example.com)" &&
	"$1" "$(dovecot_query password anna@example.com)" &&
	"$1" "$(dovecot_query user anna@example.com)"
}

mailadm -q domain add example.com
mailadm -q domain add aka.example --alias-of example.com
for name in anna bob carl paul rita; do
	echo secret | mailadm -q user add "$name@example.com" --password-stdin
done
mailadm -q user disable carl@example.com
mailadm -q user set paul@example.com --may-receive no
mailadm -q user set rita@example.com --may-receive no
mailadm -q alias add team@example.com anna@example.com bob@example.com
mailadm -q alias add bob@example.com bob@example.com anna@example.com
mailadm -q alias add carl@example.com carl@example.com
mailadm -q alias add rita@example.com rita@example.com anna@example.com
mailadm -q alias add old@example.com anna@example.com
mailadm -q alias disable old@example.com
mailadm -q alias add "it's@example.com" anna@example.com
mailadm -q alias add team@aka.example bob@example.com
mailadm -q domain add off.example
mailadm -q user add gina@off.example --no-password
mailadm -q alias add info@off.example anna@example.com
mailadm -q domain disable off.example
mailadm -q domain add catch.example
mailadm -q alias add @catch.example anna@example.com
mailadm -q domain add grab.example --alias-of catch.example
mailadm -q alias add own@grab.example anna@example.com
mailadm -q alias add gone@example.com carl@example.com paul+x@example.com
mailadm -q alias add chain@example.com gone@example.com
mailadm -q alias add mixed@example.com carl@example.com anna@example.com
mailadm -q alias add far@example.com gina@off.example
mailadm -q alias add lead@example.com team@example.com
mailadm -q domain add dead.example
mailadm -q alias add @dead.example chain@example.com
mailadm -q domain add dim.example --alias-of dead.example
mailadm -q domain add branch.example --relay-to 192.0.2.1
mailadm -q recipient add bo@branch.example
mailadm -q domain add ask.example --relay-to 192.0.2.1 --accept verify
mailadm -q alias add gone@branch.example carl@example.com
mailadm -q alias add gone@ask.example carl@example.com

cat >"$T/answers" <<END
domains example.com example.com
domains aka.example aka.example
domains off.example -
domains elsewhere.example -
domains anna@example.com -
users anna@example.com anna@example.com
users ANNA@Example.Com anna@example.com
users carl@example.com -
users paul@example.com -
users gina@off.example -
users team@example.com -
users @example.com -
users example.com -
aliases team@example.com anna@example.com,bob@example.com
aliases bob@example.com anna@example.com,bob@example.com
aliases it's@example.com anna@example.com
aliases carl@example.com -
aliases rita@example.com anna@example.com
aliases old@example.com -
aliases info@off.example -
aliases anna@example.com -
aliases gone@example.com -
aliases chain@example.com gone@example.com
aliases mixed@example.com anna@example.com
aliases far@example.com -
aliases @catch.example anna@example.com
aliases @example.com -
aliases catch.example -
alias_domains anna@aka.example anna@example.com
alias_domains anna+x@aka.example -
alias_domains old@aka.example old@example.com
alias_domains carl@aka.example carl@example.com
alias_domains paul@aka.example paul@example.com
alias_domains team@aka.example -
alias_domains nobody@aka.example -
alias_domains @aka.example -
alias_domains anna@example.com -
alias_domains any@grab.example any@catch.example
alias_domains any+x@grab.example -
alias_domains own@grab.example -
alias_domains @grab.example -
alias_domains grab.example -
identity anna@example.com anna@example.com
identity carl@example.com carl@example.com
identity paul@example.com paul@example.com
identity old@example.com old@example.com
identity anna@aka.example -
identity nobody@example.com -
identity @catch.example -
identity anna -
disabled anna@example.com DUNNO
disabled team@example.com DUNNO
disabled bob@example.com DUNNO
disabled carl@example.com $UNKNOWN
disabled paul@example.com $UNKNOWN
disabled rita@example.com DUNNO
disabled old@example.com $UNKNOWN
disabled gina@off.example $UNKNOWN
disabled info@off.example $UNKNOWN
disabled anna@aka.example DUNNO
disabled carl@aka.example $UNKNOWN
disabled paul@aka.example $UNKNOWN
disabled old@aka.example $UNKNOWN
disabled team@aka.example mailadm_destinations
disabled mixed@example.com DUNNO
disabled gone@example.com mailadm_destinations
disabled gone@aka.example mailadm_destinations
disabled chain@example.com mailadm_destinations
disabled lead@example.com mailadm_destinations
disabled nobody@example.com mailadm_destinations
disabled any@catch.example mailadm_destinations
disabled anna+x@example.com -
disabled gone+x@example.com -
disabled nobody@elsewhere.example -
disabled @catch.example -
disabled anna@ -
disabled example.com -
destinations anna@example.com DUNNO
destinations anna+x@aka.example DUNNO
destinations carl@example.com $UNKNOWN
destinations gone@example.com $UNKNOWN
destinations gone+x@aka.example $UNKNOWN
destinations chain@example.com $UNKNOWN
destinations mixed@example.com DUNNO
destinations lead+x@example.com DUNNO
destinations far@example.com $UNKNOWN
destinations any@catch.example DUNNO
destinations any+x@grab.example DUNNO
destinations any@dead.example $UNKNOWN
destinations any+x@dim.example $UNKNOWN
destinations gina@off.example $UNKNOWN
destinations nobody@elsewhere.example DUNNO
destinations bo+x@branch.example DUNNO
destinations nobody+x@branch.example $UNKNOWN
destinations gone+x@branch.example $UNKNOWN
destinations any+x@ask.example DUNNO
destinations gone@ask.example $UNKNOWN
destinations gone+x@ask.example $UNKNOWN
idn anna@example.com -
idn anna@exämple.com anna@xn--exmple-cua.com
idn é@example.com -
senders anna@example.com anna@example.com,!
senders anna+x@example.com anna@example.com,!
senders ANNA@Aka.Example anna@example.com,!
senders carl@example.com !
senders old@aka.example !
senders nobody@example.com -
senders @example.com -
senders any+x@grab.example anna@example.com,!
senders @catch.example anna@example.com,!
senders anna -
senders example.com -
END

t 'every lookup answers what it should' 'answers "$T/answers"'

t 'a server in another SQL mode gets the same answers' '
	sql "SET GLOBAL sql_mode = CONCAT_WS('\'','\'', '\''ANSI'\'',
		'\''ONLY_FULL_GROUP_BY'\'', '\''STRICT_ALL_TABLES'\'',
		'\''NO_BACKSLASH_ESCAPES'\'',
		'\''PAD_CHAR_TO_FULL_LENGTH'\'')" &&
	answers "$T/answers" && sql "SET GLOBAL sql_mode = DEFAULT"'

# One a line; long ones are added.
cat >"$T/keys" <<'END'
'
''
\
\'
"
%
%s
%u@%d
$user
`
é@example.com
àanna@example.com
ánna@example.com
anná@example.com
anna@exämple.com
😀@example.com
 anna@example.com
anna @example.com
anna@example.com.
anna@@example.com
an%@example.com
ann_@example.com
%@%
_nna@example.com
*@example.com
'@example.com
\'@example.com
it\'s@example.com
' OR '1'='1
' OR '1'='1'@example.com
' UNION SELECT email FROM users -- @example.com
x' UNION SELECT crypt FROM users WHERE email='anna@example.com
\' OR 1=1 -- @example.com
/*!00000 OR 1 */@example.com
anna@example.com/*
anna@example.com#
anna@example.com;
0
1
NULL
NULL@example.com
END
{
	printf 'anna@example.com \n'
	printf '%01000d@example.com\n' 0
	printf 'anna@%01000d.com\n' 0
	printf '%070000d@example.com\n' 0
} >>"$T/keys"

printf '\351@example.com\nanna\377@example.com\nanna@example.com\200\n' \
	>"$T/bytes"

for name in domains users aliases alias_domains identity senders; do
	t "no hostile key gets anything out of $name, none makes it fail" '
		run postmap -q - "$(map "$name")" <"$T/keys"
		empty "$out" && empty "$err" && status 1 &&
		run postmap -q - "$(map "$name")" <"$T/bytes"
		empty "$out" && lines "$err" 3 && status 1 &&
		[ "$(grep -c "warning: .*: non-UTF-8 key" "$T/err")" = 3 ]'
done

# These answer for names that nobody has.
for name in disabled destinations idn; do
	t "no hostile key gets more out of $name, none makes it fail" '
		run postmap -q - "$(map "$name")" <"$T/keys"
		empty "$err" && status 0 &&
		empty "$(printf "%s\n" "$out" | cut -f 2- | grep -vxF \
		    -e mailadm_destinations -e "$UNKNOWN" -e DUNNO \
		    -e anna@xn--exmple-cua.com)" &&
		run postmap -q - "$(map "$name")" <"$T/bytes"
		empty "$out" && lines "$err" 3 && status 1'
done

key_lookup() {
	sql "EXPLAIN $1" >"$T/plan" &&
	awk -F '\t' '$3 !~ /^(NULL|<union)/ &&
		    $4 !~ /^(const|eq_ref|ref|index_subquery)$/ { exit 1 }
		END { if (!NR) exit 1 }' "$T/plan" || {
		t_notes="$1
$(cat "$T/plan")"
		return 1
	}
}

rows_read() {
	sql "FLUSH STATUS; $1; SHOW SESSION STATUS LIKE 'Handler_read%'"
}

fill() { # FIRST LAST: users and aliases of these numbers
	sql "INSERT INTO users (email, crypt)
		SELECT CONCAT('u', seq, '@example.com'), '!'
		FROM seq_$1_to_$2;
	INSERT INTO aliases (mail, destination)
		SELECT CONCAT('a', seq, '@example.com'), 'anna@example.com'
		FROM seq_$1_to_$2;
	ANALYZE TABLE domains, users, aliases" >"$T/fill"
}

t 'each lookup is a key lookup' 'fill 1 1000 && each_query key_lookup'

t 'and reads as many rows among 10,000 users as among 1,000' '
	each_query rows_read >"$T/few" && fill 1001 10000 &&
	each_query rows_read >"$T/many" && run cmp "$T/few" "$T/many" &&
	status 0 && each_query key_lookup'

as_postfix() {
	run mariadb --no-defaults -S "$server_socket" -u postfix \
		--password=of-postfix mail -e "$1"
}

t 'the account of Postfix reads addresses' '
	as_postfix "SELECT email FROM users LIMIT 1" && status 0'
t 'but no hash, in no way' '
	as_postfix "SELECT crypt FROM users" && status 1 &&
	like "$err" "ERROR 1143" &&
	as_postfix "SELECT * FROM users" && status 1 &&
	as_postfix "SELECT email FROM users WHERE crypt LIKE '\''\$5%'\''" &&
	status 1 && as_postfix "SELECT * FROM history" && status 1'

t 'a map differs from its template in its connection lines only' '
	for f in postfix/sql_*.cf; do
		sed "/^@if SRS@/,/^@end@/d" "$f" |
			diff - "$E/etc/mailadm/${f##*/}" | grep "^[<>]" |
			grep -Ev "^[<>] (hosts|password|dbname|opti|retry|@)" &&
			return 1
	done
	sed "/^@if DATABASE_REMOTE@/,/^@end@/d" postfix/client.cnf |
		cmp - "$E/etc/mailadm/client.cnf"'

finish

# Hints: each that names a command or an option is printed here, and what it
# names is run: it prints something else, and is no usage error.
. tests/lib.sh
server_start
: >"$T/seen"

# The texts of the hints in the sources that name something to type, one a
# line, as patterns for grep.
hints() {
	find src -name '*.[ch]' -exec sed -z '
	    s/"[ \t\n]*\\\{0,1\}\n\{0,1\}[ \t]*"//g
	    s/\\\n[ \t]*/ /g
	    s/\n[ \t]*/ /g
	    s/\(err_hint\|out_hint\|# *define HINT_\)/\n\1/g' {} + |
	    grep -aE '^(err_hint|out_hint|# *define HINT_)' |
	    sed 's/\\"/\x01/g; s/^[^"]*"\([^"]*\)".*/\1/; s/\x01/"/g' |
	    grep -av '^xn--' |
	    grep -aE 'mailadm [a-z]|--[a-z]|(with|use|"): [a-z]|^"check' |
	    sort -u
}

# A text with %s and the like as what grep -x takes.
pattern() {
	printf '%s\n' "$1" |
	    sed 's/[][\.*^$]/\\&/g; s/%\(\\\.\\\*\)\{0,1\}[a-z]*/.*/g'
}

see() {
	sed -n 's/^ *hint: //p' "$T/err" "$T/out" >>"$T/seen"
}

# Neither a usage error nor the same again.
leads() { # HINT COMMAND FOLLOWING
	eval "run mailadm $2" && see && leads_from=$out$err &&
	matches "$err" "^hint: .*$(pattern "$1")" &&
	eval "run mailadm $3" && see &&
	[ "$status" -ne 2 ] &&
	{ [ "$out$err" != "$leads_from" ] || t_notes="the same again"; } &&
	empty "$t_notes"
}

# HINT | the command that prints it | what it says to run
rows() {
	while IFS='|' read -r hint command following; do
		t "$command leads on: $hint" '
			leads "$hint" "$command" "$following"'
	done
}

rows <<-END
	mailadm schema init|domain list|schema init
	mailadm domain add DOMAIN|--yes doctor --deliver --timeout 1|\
domain add first.org
END

mailadm --quiet <<-END || bail_out 'no rows'
	domain add x.org --quota 2G
	domain add y.org
	domain add aka.org --alias-of y.org
	domain add full.org --max-users 1
	user add anna@x.org --no-password
	user add bo@y.org --no-password
	user add carl@y.org --no-password
	user add one@full.org --no-password
	alias add info@x.org anna@x.org
	alias add list@y.org bo@y.org anna@x.org
	alias add all@x.org bo@y.org
	domain add d1.org
	user add u@d1.org --no-password
	alias add outside@y.org u@d1.org
	alias add only@x.org carl@y.org
	alias add leads@y.org only@x.org
	domain add r.org --relay-to mail.example.net
	domain add rall.org --relay-to mail.example.net --accept verify
	relay add way --server mail.example.net
	domain set d1.org --send-through way
	alias add away@x.org x@far.example
END
printf '%s\n' email,name,hash 'carl@y.org,New,!' >"$T/users.csv"
printf '%s\n' domain,description 'x.org,New' >"$T/domains.csv"
printf '%s\n' email,name,hash 'new@x.org,New,' >"$T/none.csv"
printf '%s\n' email,name,hash 'new@x.org,New,!' >"$T/new.csv"
echo 'domains: {x.org: {}}' >"$T/prune.yaml"
printf '%s\n' 'domains: {y.org: {absent: true}}' >"$T/absent.yaml"
echo 'domains: {new.org: {}}' >"$T/plan.yaml"
echo word-of-12 >"$T/password"
patient password_policy yes >"$T/weak.conf"
echo 123 >"$T/weak"
chmod 600 "$T/weak"
printf '%s\n' email,password weak@x.org,123 >"$T/weak.csv"
echo commit >"$T/commit"
echo begin >"$T/begin"
# A database server that is not there, and files that lack what is needed.
printf '%s\n' '[mailadm]' 'socket = /nonexistent' >"$T/nowhere.cnf"
printf '%s\n' '[client]' "socket = $server_socket" user=root >"$T/none.cnf"
printf '%s\n' "defaults_file = $T/bad.cnf" >"$T/bad.conf"
echo 'no group' >"$T/bad.cnf"
chmod 600 "$T"/*.cnf
mailadm -q -c "$T/patient.conf" --database other schema init
mailadm -q check --new --state "$T/state" >"$T/out"
mkdir "$T/quiet" && : >"$T/quiet/master.cf"
echo "virtual_alias_maps = mysql:$T/quiet/a.cf" >"$T/quiet/main.cf"
echo "query = select 1" >"$T/quiet/a.cf"
sql "CREATE DATABASE alone; CREATE TABLE alone.users(email CHAR(9),
    crypt CHAR(9))"
sql 'CREATE DATABASE hers; CREATE TABLE hers.users(login int);
    CREATE DATABASE taken; CREATE TABLE taken.homes(x int)'
mailadm -q plan "$T/plan.yaml" --out "$T/saved" >"$T/out"
sql "CREATE USER poor@localhost IDENTIFIED BY 'poor'"
printf '%s\n' '[mailadm]' "socket = $server_socket" user=poor password=poor \
    database=mail >"$T/poor.cnf"
chmod 600 "$T/poor.cnf"
echo 'hostname = mx.example.org' >"$T/mx.conf"
mailadm -q --database other domain add o.org
for trigger in $(sql "SHOW TRIGGERS FROM other LIKE 'aliases'" | cut -f 1); do
	sql "DROP TRIGGER other.$trigger"
done
{ patient; echo 'postmaster = root@y.net'; } >"$T/fix.conf"
# shellcheck disable=SC2119 # with the passwords that it makes itself
accounts_sql >"$T/out" && own_system "$T/accounts"
echo '-- by hand' >>"$T/accounts/etc/mailadm/grants.sql"

change_of() {
	mailadm -o tsv history "$1" --columns change | head -n 1
}

printf '%s\n' 'alias add @r.org anna@x.org' \
    'domain set r.org --accept verify' >"$T/rests"

rows <<-END
	mailadm help|frobnicate|help
	did you mean|user lits|user list
	is called here|user delete anna@x.org|user remove nobody@x.org
	mailadm export writes YAML|user list -o yaml|export
	usage: mailadm user set|user set|user set anna@x.org --name Anna
	mailadm help srs|route away@x.org|help srs
	mailadm help user set|user set anna@x.org|help user set
	mailadm help domain set|domain set x.org|help domain set
	mailadm help relay set|relay set way|help relay set
	--accept needs --relay-to HOST|domain set y.org --accept verify|\
domain set y.org --accept verify --relay-to mx --dry-run
	mailadm alias remove @r.org, or --accept known|-f $T/rests|\
domain set r.org --accept known
	mailadm domain set rall.org --accept known|\
alias add @rall.org anna@x.org|domain set rall.org --accept known --dry-run
	without --relay-to the mailboxes are here|\
domain set r.org --relay-to localhost|domain set r.org --relay-to mx
	mailadm domain add nowhere.org --relay-to HOST|\
recipient add a@nowhere.org|domain add nowhere.org --relay-to mx --dry-run
	mailadm domain set x.org --relay-to HOST makes it a relay domain; \
names of this server are users and aliases|recipient add a@x.org|\
domain set x.org --relay-to mx
	mailadm recipient add a@r.org|user add a@r.org --no-password|\
recipient add a@r.org
	mailadm relay add w2 --server HOST adds it|\
domain set x.org --send-through w2|relay add w2 --server mx.example.net
	mailadm relay list shows them|relay show w3|relay list
	--cascade lets it leave by the usual way|relay remove way|\
relay remove way --cascade --dry-run
	change it with: mailadm relay set way|\
relay add way --server a.example.net --if-not-exists|\
relay set way --server a.example.net
	--tls encrypt takes any certificate|\
relay set way --login x --tls may|\
relay set way --login x --tls encrypt
	mailadm help alias set|alias set info@x.org|help alias set
	mailadm help configuration|--password x status|help configuration
	--password-stdin|user verify anna@x.org word|\
user verify anna@x.org --password-stdin <"$T/password"
	--generate|user add new1@x.org word|user add new1@x.org --generate
	--generate|user add new2@x.org|user add new2@x.org --generate
	--password-stdin|user verify anna@x.org|\
user verify anna@x.org --password-stdin <"$T/password"
	or use --force|alias add a@x.org gone@y.org|\
alias add a@x.org gone@y.org --force
	--cascade removes|-y user remove anna@x.org|\
-y user remove anna@x.org --cascade
	--replace-with ADDRESS|-y user remove bo@y.org|\
-y user remove bo@y.org --replace-with carl@y.org
	--recursive removes|-y domain remove y.org|domain show y.org
	mailadm user show carl@y.org|user revoke carl@y.org --send-as o@y.org|\
user show carl@y.org
	mailadm user set and|user add carl@y.org --no-password --name Carl \
--if-not-exists|user set carl@y.org --name Carl
	mailadm domain add z.org|user add a@z.org --no-password|domain add z.org
	mailadm domain set x.org|domain add x.org --quota 1G --if-not-exists|\
domain set x.org --quota 1G
	mailadm domain set x.org|domain add x.org --postmaster carl@y.org \
--if-not-exists|domain set x.org --postmaster carl@y.org
	--max-users N|user add two@full.org --no-password|\
domain set full.org --max-users 2
	use --alias-of y.org|domain add b.org --alias-of aka.org|\
domain add b.org --alias-of y.org
	as carl@y.org|user add carl@aka.org --no-password|user show carl@y.org
	mailadm history lists|undo 99999|history --limit 2
	mailadm history lists|history 99999|history --limit 2
	--generate makes|--config "$T/weak.conf" user passwd one@full.org \
--password-file "$T/weak"|user passwd one@full.org --generate
	--force takes this|--config "$T/weak.conf" user passwd one@full.org \
--password-file "$T/weak"|--config "$T/weak.conf" user passwd one@full.org \
--password-file "$T/weak" --force
	--force takes such|--config "$T/weak.conf" import users \
"$T/weak.csv"|--config "$T/weak.conf" import users "$T/weak.csv" --force
	--update changes|import users "$T/users.csv"|\
import users --update "$T/users.csv"
	--update changes|import domains "$T/domains.csv"|\
import domains --update "$T/domains.csv"
	the hash ! creates|import users "$T/none.csv"|import users "$T/new.csv"
	mailadm export users|export --format csv|export users --format csv
	"check rules" lists|check --rule X999|check rules
	"config rules" lists|config verify --rule X999|config rules
	mailadm status shows|--defaults-file "$T/nowhere.cnf" domain list|\
--defaults-file "$T/nowhere.cnf" status
	mailadm help configuration|--defaults-file "$T/nowhere.cnf" status|\
help configuration
	or give --database|--defaults-file "$T/none.cnf" schema init|\
--defaults-file "$T/none.cnf" --database mail schema init
	name another file by --state|check --new --state "$T/no/state"|\
check --new --state "$T/state"
	name another file by --state|--database other check --new \
--state "$T/state"|--database other check --new --state "$T/state2"
	allow it with --max-removes|-y apply --prune --max-removes 1 \
"$T/prune.yaml"|plan --prune "$T/prune.yaml"
	or use --prune|-y apply "$T/absent.yaml"|plan --prune "$T/absent.yaml"
	--force removes it|-y alias remove postmaster@x.org|\
-y alias remove postmaster@x.org --force
	mailadm history NAME|undo "$(change_of one@full.org)"|\
history one@full.org
	--literal adds|alias add "a?@x.org" carl@y.org|\
alias add "a?@x.org" carl@y.org --literal
	catch-all of the domain is|alias add "*@x.org" carl@y.org|\
-n alias add @x.org carl@y.org
	--force blocks it|alias block postmaster@x.org|\
-n alias block postmaster@x.org --force
	a pattern is compared with|alias add "a+*@x.org" carl@y.org|\
-n alias add "a-*@x.org" carl@y.org
	--no-password creates|user add q@x.org --hash !|\
user add q@x.org --no-password
	mailadm check --rule S010|-c "$T/fix.conf" -y --database other \
check --fix|\
\
--database other check --rule S010
	rename it, or give|--database taken schema init|\
--database free schema init
	move its rows into|--database hers schema upgrade|\
--database hers2 schema init
	--only adopts what exists|--database alone schema upgrade|\
--database alone schema upgrade --only
	name tables and columns by --domains|import from tables --guess \
--postfix-dir "$T/quiet" --dovecot-dir "$T/none"|import from tables \
--source-defaults-file "$T/none.cnf" --source-database hers \
--users users.login
	mailadm schema upgrade first|--database hers schema upgrade --drop-old|\
--database hers schema upgrade --dry-run
	--cascade removes them|-y domain remove d1.org --recursive|\
-y domain remove d1.org --recursive --cascade
	--cascade removes those rows|-y alias remove only@x.org|\
-y alias remove only@x.org --cascade
	mailadm schema init|--database gone domain list|\
--database gone schema init
	that one has the id|-y --database other apply "$T/saved"|status
	--source-database names|import from postfixadmin \
--source-defaults-file "$T/none.cnf" --source-database hers|\
import from postfixadmin --source-defaults-file "$T/none.cnf" \
--source-database other --table-prefix x
	--force replaces|-c "$T/accounts/conf" \
--defaults-file "$T/accounts/cnf" config render grants --out "$T/accounts"|\
-c "$T/accounts/conf" --defaults-file "$T/accounts/cnf" \
config render grants --out "$T/accounts" --force
	create it with: mailadm config init|-c "$T/mx.conf" \
--defaults-file "$T/gone.cnf" config render grants --out "$T/r"|\
config init --out "$T/init2" --hostname mx.example.org
	--out / installs|-c "$T/accounts/conf" config render all|\
-c "$T/accounts/conf" --defaults-file "$T/accounts/cnf" \
config render grants --out "$T/r"
	--domains, --users and|import from tables \
--source-defaults-file "$T/none.cnf" --source-database hers|\
import from tables --source-defaults-file "$T/none.cnf" \
--source-database hers --users users.login
	--source-database NAME|import from postfixadmin \
--source-defaults-file "$T/none.cnf"|import from postfixadmin \
--source-defaults-file "$T/none.cnf" --source-database hers
	mailadm config render grants|--defaults-file "$T/poor.cnf" domain list|\
config render grants -c "$T/conf" --out "$T/accounts" --force
	set it with: mailadm config init|config render all --out "$T/render"|\
config init --out "$T/init" --hostname mx.example.org
	mailadm config init|config render grants -c "$T/mx.conf" --out "$T/r"|\
config init --out "$T/init" --hostname mx.example.org
END

t 'an option file of the settings may be left for another' '
	run "$MAILADM" -c "$T/bad.conf" domain list && see && status 3 &&
	like "$err" "with --defaults-file FILE" &&
	run "$MAILADM" -c "$T/bad.conf" --defaults-file "$T/client.cnf" \
	    domain list && status 0'

t 'without a home, --state names the file of check --new' '
	homeless() { env -u HOME -u XDG_STATE_HOME "$@"; } &&
	run homeless "$MAILADM" --defaults-file="$T/client.cnf" check --new &&
	see && status 2 && like "$err" "hint: name a file with --state FILE" &&
	run homeless "$MAILADM" --defaults-file="$T/client.cnf" check --new \
	    --state "$T/state" && unlike "$err" hint'

t 'in the shell a hint names the command as it is typed there' '
	PAGER=cat run on_terminal <<-"END" &&
		expect "mailadm> "
		send "use nope.example\r"
		expect "hint: list them with: domain list"
		send "domain list\r"
		expect "x.org"
		send "commit\r"
		expect "hint: open one with: begin"
		send "begin\r"
		expect "mailadm.*> "
		send "set nope\r"
		expect "hint: list them with: set"
		send "set\r"
		expect "^output"
		send "rollback\r"
		expect "rolled back"
		send "quit\r"
		status 0
	END
	status 0 && see'

# --- DKIM keys ------------------------------------------------------------

(umask 077 && openssl rand -base64 32 | tr -d '=' >"$T/dkim.secret")
printf '%s\n' "dkim_secret = $T/dkim.secret" 'resolver = 127.0.0.1@1' \
    >"$T/dkim.conf"
echo "dkim_secret = $T/none.secret" >"$T/secretless.conf"
openssl genpkey -algorithm ed25519 -out "$T/key.pem" 2>"$T/out"
K="-c \"\$T/dkim.conf\" dkim"

rows <<-END
	mailadm dkim add x.org|$K show x.org|$K add x.org --selector s1
	publish its record, then|$K add x.org|$K activate x.org --force
	mailadm dkim show x.org s1|$K add x.org --selector s1|$K show x.org s1
	mailadm dkim list --domain|$K show x.org none|$K list --domain x.org
	mailadm dkim activate y.org|$K add y.org --selector s2|\
$K activate y.org
	mailadm dkim remove y.org s2|$K retire y.org s2|$K remove y.org s2
	without --activate it is|$K add y.org --selector s3 --activate \
--import "$T/key.pem"|$K add y.org --selector s3 --import "$T/key.pem"
	--force activates|$K activate y.org|$K activate y.org --force
	mailadm dkim retire x.org s1|$K remove x.org s1|$K retire x.org s1
	or use --force|$K retire x.org s1|$K retire x.org s1 --force
	or use --force|$K remove x.org s1|$K remove x.org s1 --force
	for one key: mailadm dkim add DOMAIN|\
-c "$T/dkim.conf" import dkim "$T/key.pem"|\
-c "$T/dkim.conf" dkim add y.org --selector s4 --import "$T/key.pem" \
--if-not-exists
	give --zone-name ZONE|dns export --format octodns|\
dns export --format octodns --zone-name x.org
	by: mailadm config init|-c "$T/secretless.conf" dkim add x.org|\
config init --hostname mx.example.org --out "$T/init"
END

t 'in the shell a hint that begins with mailadm may be typed like that' '
	PAGER=cat run on_terminal <<-"END" &&
		expect "mailadm> "
		send "use nope.example\r"
		expect "hint: "
		send "mailadm domain list x.org\r"
		expect "^x.org  *yes"
		send "mailadm help user set\r"
		expect "usage: mailadm user set"
		send "mailadm\r"
		expect "unknown command: mailadm"
		send "quit\r"
		status 0
	END
	status 0'

# --- all of them ----------------------------------------------------------

# Printed by another test: a part of the hint, and of the message above it,
# which that file expects.
elsewhere() {
	cat <<-END
		--fix fixes|fixes them|tests/db/adopt.sh
		schema upgrade --fix adopts|fixes them|tests/db/adopt.sh
		choose one with --home|choose one with --home|tests/db/user.sh
		groupadd --gid|groupadd --gid|tests/cli/config_install.sh
		useradd --uid|useradd --uid|tests/cli/config_install.sh
		systemd-sysusers, or|mailadm_check|tests/cli/config_install.sh
		--no-create-home mailadm_policy|mailadm_policy|\
tests/cli/config_install.sh
		config render --out /|render --out /|tests/cli/config_install.sh
		render grants --force|grants --force|tests/cli/config_init.sh
		give the name of the mail|named mailadm-test|\
tests/cli/config_init.sh
		wait for it, or name|another check is using|\
tests/db/check_output.sh
		--force restores|--force|tests/db/undo.sh
		fix that first; mailadm history|loop: |tests/db/undo.sh
		do not repeat the command, but|command, but run: mailadm dkim|\
tests/db/dkim_filter.sh
		run: mailadm dkim sync|hint: run: mailadm dkim sync|\
tests/db/dkim_filter.sh
		need new grants|need new grants|tests/db/schema.sh
		mailadm export on that server|export on that server|\
tests/db/foreign_cases.sh
		on that server: mailadm dkim export|mailadm dkim export|\
tests/db/import_dkim_source.sh
		--resolver ADDRESS asks another|hint: --resolver ADDRESS|\
tests/db/dns_diff.sh
		remove that line; mailadm itself|hint: remove that line|\
tests/db/false_server.sh
		mailadm foreign show|hint: mailadm foreign show|\
tests/db/foreign_cases.sh
		or by --source-database|hint: name it in|\
tests/db/foreign_cases.sh
		shows what was edited|hint: mailadm config render postfix|\
tests/e2e/verify_foreign.sh
		without --to it goes|hint: without --to|tests/e2e/doctor.sh
		they sign when their records|they sign when their records|\
tests/db/import_dkim.sh
		the file is what|hint: the file is what|tests/db/import_files.sh
		the first line names the columns|the first line names|\
tests/db/spellings.sh
		keeps that, --relayhost|--relayhost|tests/debian/setup.sh
		apt install --no-install-rec|apt install --no-install|\
tests/debian/setup.sh
		choose another one with --v|choose another one with --v|\
tests/debian/setup.sh
		does it all work?|does it all work?|tests/debian/setup.sh
		give another one with --cert|give another one with --cert|\
tests/debian/setup.sh
		give that with --vmail-uid|give that with --vmail-uid|\
tests/debian/setup.sh
		mailadm domain add DOMAIN, and|mailadm domain add DOMAIN|\
tests/debian/setup.sh
		mailq says what waits|mailq says what waits|\
tests/debian/setup.sh
		sudo mailadm setup|sudo mailadm|tests/debian/setup.sh
		run mailadm setup without an|without an address|\
tests/debian/setup.sh
		mailadm alias show|mailadm alias show|tests/debian/setup.sh
		mailadm domain enable|mailadm domain enable|\
tests/debian/setup.sh
		an alias domain has those|\
an alias domain has those|tests/db/patterns.sh
		a domain has at most|a domain has at most|\
tests/db/patterns.sh
		--cascade ends the arch|--cascade ends|tests/db/archive.sh
		copies of incoming mail go|copies of incoming|\
tests/db/archive.sh
		one that they trust|one that they trust|tests/debian/setup.sh
		take what you want to keep|--replace|tests/debian/setup.sh
		the records that DNS needs|records that DNS needs|\
tests/debian/setup.sh
		when DNS has the records|mailadm dkim activate|\
tests/debian/setup.sh
	END
}

# One of those elsewhere is a part of it, or no command prints it.
is_part() {
	elsewhere | while IFS='|' read -r hint text file; do
		case $1 in
		*"$hint"*) grep -qF -- "$text" "$file" && echo found ;;
		esac
	done | grep -q found
}

hints >"$T/hints"
while read -r hint; do
	pattern=$(pattern "$hint")
	t "a test prints the hint: $hint" '
		grep -q -- "$pattern" "$T/seen" || is_part "$hint"'
done <"$T/hints"
finish

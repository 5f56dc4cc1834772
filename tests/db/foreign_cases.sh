# mailadm import from: the databases of tests/data/foreign, each moved whole.
. tests/lib.sh
server_in_memory
server_start && fresh

. tests/db/lib-foreign.sh

# moved SYSTEM EXPECTED: it comes as expected, and a second time not at all.
moved() {
	emptied && checksums >"$T/sums" && from "$1" --yes -v &&
	cp "$T/out" "$T/report" && counts_add_up &&
	found=$(sed -n "s/.*\(read: .*\)/\1/p" "$T/err") && [ "$found" ] &&
	lists "$T/lists" && cp "$T/report" "$T/lists/loss" &&
	{ perl tests/db/foreign_compare.pl "$T/lists" "$2" >"$T/faults" ||
	    { t_notes="$(cat "$T/faults") $err"; return 1; }; } &&
	from "$1" --yes && like "$err" "nothing to do" && counts_add_up &&
	cmp -s "$T/out" "$T/report" && checksums | cmp -s - "$T/sums"
}

for folder in tests/data/foreign/*/; do
	name=$(basename "$folder")
	case $name in
	forwardings* | own-* | local-*) systems=tables ;;
	postfixadmin*) systems=postfixadmin ;;
	iredmail*) systems=iredmail ;;
	ispmail-* | linode-*) systems=ispmail ;;
	three-*) continue ;;
	*) systems=$name ;;
	esac
	ends=0
	[ "$name" = own-odd ] && ends=3
	t "$name: every row is as it must be" '
		source_is "$folder/schema.sql" "$folder/data.sql" &&
		moved "$systems" "$folder/expected.tsv" && status "$ends"'
	[ "$systems" = tables ] || t "$name: its tables alone say what it is" '
		from tables --dry-run -v && like "$err" "$found" &&
		cmp -s "$T/out" "$T/report"'
done

t 'a saved plan is stale when one of its many users came since' '
	emptied && source_is tests/data/foreign/ispmail-classic/schema.sql \
	    tests/data/foreign/ispmail-classic/data.sql &&
	mailadm -q domain add example.com &&
	mailadm -q domain add example.org &&
	from ispmail --out "$T/plan" && status 0 &&
	mailadm -q user add bo@example.com --no-password &&
	run mailadm apply --yes "$T/plan" && status 6 &&
	like "$err" "user bo@example.com has changed since" &&
	is "$(sql "SELECT COUNT(*) FROM users")" 1'

### What is no source, and what the options say

t 'a database of mailadm is none' '
	server_sql -e "GRANT SELECT ON mail.* TO reader@localhost" &&
	run mailadm import from tables --source-defaults-file "$T/old.cnf" \
	    --source-database mail && status 6 &&
	like "$err" "hint: mailadm export on that server"'

t 'where no map fits, what is missing is said, and which options help' '
	source_is /dev/null && old_sql "CREATE TABLE people (who VARCHAR(99),
	    secret_word VARCHAR(99))" && from tables && status 4 &&
	like "$err" "missing" && like "$err" "mailbox.domain" &&
	like "$err" "hint: --domains, --users and --aliases"'

t 'options name tables and columns, units and conditions' '
	emptied && old_sql "CREATE TABLE places (nr INT, zone VARCHAR(99));
	    INSERT INTO places VALUES (1, \"one.example\");
	    ALTER TABLE people ADD room INT, ADD ok VARCHAR(9), ADD t INT;
	    INSERT INTO people VALUES
	    (\"ann@one.example\", \"!\", 5, \"y\", 1),
	    (\"bo@one.example\", \"!\", 5, \"off\", 1),
	    (\"cy@one.example\", \"!\", 5, \"perhaps\", 1),
	    (\"dee@one.example\", \"!\", 5, \"y\", 2);
	    CREATE TABLE moves (x VARCHAR(99), y VARCHAR(99));
	    INSERT INTO moves VALUES (\"hi@one.example\",
	    \"ann@one.example\")" &&
	from tables --yes --domains places.zone --aliases "moves.x, y" \
	    --users "people.who,secret_word,quota=room*1M,active=ok" \
	    --where people.t=1 && status 3 &&
	like "$err" "1 rows left out by --where" && counts_add_up &&
	grep -q "^user	cy@one.example	.*perhaps.*not imported" "$T/out" &&
	is "$(sql "SELECT email, active, quota FROM users ORDER BY 1")" \
	    "ann@one.example	1	5242880
bo@one.example	0	5242880" &&
	is "$(sql "SELECT mail, destination FROM aliases")" \
	    "hi@one.example	ann@one.example"'

t 'a file with a map says the same' '
	emptied && cat >"$T/map" <<-"END" &&
		domains places
			domain = zone
		users people	# all of them
			when t = 1
			email = who
			password = secret_word
			quota = room * 1M
			ignore ok
	END
	from tables --yes --map "$T/map" && status 0 && counts_add_up &&
	is "$(sql "SELECT COUNT(*) FROM users")" 3 &&
	grep -q "^user	dee@one.example	t is 2	not imported" "$T/out" &&
	grep -q "^table	moves	1 row is not read (x, y)" "$T/out" &&
	echo "users people who" >"$T/map" &&
	from tables --map "$T/map" && status 3 && like "$err" "map:1: expected"'

t 'a table of users alone has their domains; a value that is none is refused' '
	emptied && source_is /dev/null && old_sql "CREATE TABLE users
	    (login VARCHAR(99), pw VARCHAR(99)); INSERT INTO users VALUES
	    (\"bad\", \"!\"), (\"ann@one.example\", \"!\"), (\"a b\", \"!\");
	    CREATE TABLE virtual (address VARCHAR(99), \`to\` VARCHAR(99));
	    INSERT INTO virtual VALUES (\"hi@one.example\",
	    \"ann@one.example\"), (\"hi@two.example\", \"ann@one.example\")" &&
	from tables --yes && status 3 && like "$err" \
	    "rows: 5 read = 2 written + 0 unchanged + 2 refused + 1 lost" &&
	is "$(sql "SELECT domain, active FROM domains")" "one.example	1"'

t 'options that say nothing of use are usage errors' '
	from tables --users people && status 2 &&
	like "$err" "expected TABLE.COLUMN" &&
	from tables --users people.who,x=y && status 3 &&
	like "$err" "expected an attribute" &&
	from tables --users people.who --where nope=1 && status 4 &&
	from tables --users people.who --where nope && status 2 &&
	from ispmail --users people.who && status 2 &&
	from tables --users people.who --map "$T/map" && status 2 &&
	run mailadm --host none.invalid import from tables && status 2 &&
	like "$err" "missing option: --source-defaults-file"'

### What is there, before anything is moved

shown() { # [OPTION...]
	run mailadm foreign show --source-defaults-file "$T/old.cnf" "$@"
}

# fact PART NAME ROWS TEXT
fact() {
	printf "%s\t%s\t%s\t%s\n" "$@" >"$T/fact"
	grep -qxFf "$T/fact" "$T/out" || {
		t_wrong=1 t_notes="no fact: $(cat "$T/fact")"
		return 1
	}
}

t 'foreign show says what it is, what is read, what is lost, what comes next' '
	folder=tests/data/foreign/postfixadmin &&
	source_is $folder/schema.sql $folder/data.sql &&
	checksums >"$T/sums" && shown && status 0 &&
	fact family "PostfixAdmin 3" "\\N" "these tables and columns exist, \
and no other family has them all" &&
	fact read alias_domain 1 "alias domains: domain = alias_domain, \
target = target_domain, active" &&
	fact lost user 1 "bo@example.com: phone is 5550100; left out" &&
	fact next import "\\N" "mailadm import from tables \
--source-defaults-file $T/old.cnf --dry-run" &&
	like "$err" "rows: 20 read = 15 to take over + 0 refused + 5 lost" &&
	checksums | cmp -s - "$T/sums"'

t 'ours need not exist for it, and nothing is written there' '
	before=$(sql "SELECT COUNT(*) FROM information_schema.tables") &&
	run mailadm --database none foreign show \
	    --source-defaults-file "$T/old.cnf" && status 0 &&
	fact read mailbox 4 "users: email = username, password, active, \
name, quota, home = maildir" &&
	is "$(sql "SELECT COUNT(*) FROM information_schema.tables")" "$before"'

t 'its page fits 80 columns, and losses of one sort are one line' '
	folder=tests/data/foreign/vexim &&
	source_is $folder/schema.sql $folder/data.sql &&
	shown -o table && status 0 && [ -z "$(expand "$T/out" |
	    awk "length > 80 && !/\/old.cnf/")" ] &&
	is "$(grep "^[A-Z]" "$T/out")" "WHAT IT IS
WHAT WILL BE READ
WHAT WILL BE LOST
NEXT" && like "$out" "user (3 rows): for example anna@example.com: its mail"'

t 'of an unknown one it shows the tables, and what the closest also has' '
	source_is /dev/null && old_sql "CREATE TABLE mailbox (
	    username VARCHAR(99), password VARCHAR(99), domain VARCHAR(99));
	    CREATE TABLE alias (address VARCHAR(99), aim TEXT,
	    domain VARCHAR(99)); CREATE TABLE domain (domain VARCHAR(99))" &&
	shown && status 4 &&
	fact family unknown "\\N" "the closest is PostfixAdmin 4, which also \
has mailbox.maildir, alias.goto" &&
	fact table alias 0 "address, aim, domain" &&
	matches "$out" "^next	import	.*--users TABLE.ADDRESS,HASH " &&
	echo "users people" >"$T/map" && echo "	email = who" >>"$T/map" &&
	shown --map "$T/map" && status 4 &&
	unlike "$(grep "^next" "$T/out")" --map'

t 'hostile names of tables and columns are shown as they are, escaped' '
	source_is /dev/null && old_sql "CREATE TABLE \`a\`\`b;--\`
	    (\`x'"'"'%s\\n\` INT)" && shown && status 4 &&
	matches "$out" "^table	a.b;--	0	x.%s" &&
	shown -o json && status 4 && printf "%s" "$out" |
	    perl -MJSON::PP -0ne "decode_json(\$_)"'

t 'one of mailadm is known as such' '
	shown --source-database mail && status 0 &&
	like "$out" "family	mailadm	" && like "$out" "next	export	"'

t 'the next command can be typed though a name has a blank' '
	cp -p "$T/old.cnf" "$T/the old.cnf" && run mailadm foreign show \
	    --source-defaults-file "$T/the old.cnf" && like "$out" \
	    "--source-defaults-file '"'"'$T/the old.cnf'"'"' --dry-run"'

t 'what the account lacks is said of its account, and away is away' '
	shown --source-database mysql && status 9 &&
	like "$err" "hint: the account in $T/old.cnf must be right" &&
	sed "s/^user=.*/user=root/; s/^password=.*//" "$T/old.cnf" \
	    >"$T/root.cnf" && chmod 600 "$T/root.cnf" &&
	run mailadm foreign show --source-defaults-file "$T/root.cnf" \
	    --source-database gone && status 7 &&
	like "$err" "hint: name it in $T/root.cnf" &&
	sed "s,^socket=.*,socket=$T/none," "$T/old.cnf" >"$T/away.cnf" &&
	chmod 600 "$T/away.cnf" && run mailadm foreign show \
	    --source-defaults-file "$T/away.cnf" && status 7 &&
	like "$err" "host, port and socket in $T/away.cnf right?" &&
	run mailadm foreign show && status 2 &&
	like "$err" "missing option: --source-defaults-file"'

# Commands on the tables of another system find nothing wrong in them.
t 'check and its like say whose the tables are, and where to look' '
	for folder in postfixadmin ispmail-classic own-source-destination; do
		source_is tests/data/foreign/$folder/schema.sql \
		    tests/data/foreign/$folder/data.sql &&
		for command in check "user list" status; do
			run mailadm --database old $command
			status 7 && like "$err" \
			    "the tables are not mailadm'"'"'s, but" &&
			    like "$err" "hint: mailadm foreign show" ||
			    return 1
		done || return 1
	done'

t 'they say that such tables can be adopted, where that is so' '
	adopts="mailadm schema upgrade --dry-run, whether the tables can be" &&
	for folder in own-source-destination three-tables-name-active \
	    postfixadmin forwardings; do
		source_is tests/data/foreign/$folder/schema.sql &&
		run mailadm --database old user list && status 7 || return 1
		case $folder in
		own-*) like "$err" "$adopts" ;;
		# These are adopted as they are: the hint is that alone.
		three-*) unlike "$err" "$adopts" &&
			like "$err" "hint: mailadm schema upgrade --dry-run" ;;
		*) unlike "$err" "$adopts" ;;
		esac || return 1
	done'

# What its Postfix does today, in text maps.
todays_postfix() {
	mkdir -p "$T/postfix" && : >"$T/postfix/master.cf" &&
	cat >"$T/postfix/main.cf" <<-END &&
		compatibility_level = 3.6
		myhostname = mx.example.com
		mydestination =
		virtual_mailbox_domains = example.com, example.org
		virtual_mailbox_maps = texthash:$T/postfix/users
		virtual_alias_maps = texthash:$T/postfix/aliases
	END
	printf "%s 1\n" anna@example.com bo@example.com carla@example.org \
	    dag@example.org >"$T/postfix/users" &&
	printf "%s\n" "anna@example.com anna@example.com" \
	    "team@example.com $1" "dag@example.org dag@example.org" \
	    "@example.org carla@example.org" >"$T/postfix/aliases" &&
	find "$T/postfix" -type f -exec touch -d "10 seconds ago" {} +
}

command -v postmap >/dev/null || skip 'it compares routes' 'no Postfix'
! command -v postmap >/dev/null ||
t 'routes of before and after are compared, and differences are named' '
	emptied && source_is tests/data/foreign/ispmail-classic/schema.sql \
	    tests/data/foreign/ispmail-classic/data.sql && todays_postfix \
	    "eve@elsewhere.example.net, bo@example.com, anna@example.com" &&
	from ispmail --dry-run --compare-routes 2 \
	    --postfix-dir "$T/postfix" && status 1 &&
	like "$err" "routes: 4 addresses compared, 0 differ" &&
	todays_postfix bo@example.com &&
	from ispmail --dry-run --compare-routes 9 \
	    --postfix-dir "$T/postfix" && status 1 && like "$err" \
	    "team@example.com: now mailbox bo@example.com; after the import \
external eve@elsewhere.example.net, mailbox anna@example.com, \
mailbox bo@example.com" &&
	like "$err" "routes: 6 addresses compared, 1 differs" &&
	is "$(sql "SELECT COUNT(*) FROM users")" 0 &&
	from ispmail --postfix-dir "$T/postfix" && status 2'

finish

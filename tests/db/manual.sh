# The examples of the manual: each is tried, by what the line above it says.
#
#   @run [N]     typed in a world of its own; the last status is 0, 1 or 3, and
#                N at most, the others are 0
#   @batch       a batch for an empty database
#   @server      needs root or mail servers: its commands are parsed, and other
#                programs must be in the list below
#   @file KIND   read by what reads such a file
#   @screen      what is printed; nothing is typed
#
# Examples of one section are typed in the same world, one after the other.
. tests/lib.sh
server_in_memory
server_start && fresh
. tests/db/lib-foreign.sh

blocks=$T/blocks
mkdir "$blocks" "$T/bin" "$T/accounts"

# Each as a file NNN with its text, and NNN.is: page, topic, kind, argument.
awk -v to="$blocks" '
	function end() {
		if (open)
			close(file)
		open = 0
		blank = ""
	}
	/^@topics / { topic = $2 }
	/^@/ { end(); kind = substr($1, 2); rest = $2; next }
	/^    / && kind !~ /^(topics|table|)$/ {
		if (!open) {
			file = sprintf("%s/%03d", to, ++n)
			page = FILENAME
			sub(/.*\//, "", page)
			print page, topic, kind, rest >(file ".is")
			close(file ".is")
			open = 1
		}
		printf "%s%s\n", blank, substr($0, 5) >file
		blank = ""
		next
	}
	/^$/ && open { blank = blank "\n"; next }
	open { end(); kind = "" }' src/manual/*.text

# kind_of KIND: the numbers of the blocks.
kind_of() {
	grep -l "^[^ ]* [^ ]* $1 " "$blocks"/*.is | sed 's|.*/||; s|\.is$||'
}

is_of() { # NUMBER FIELD
	cut -d ' ' -f "$2" "$blocks/$1.is"
}

# --- the world ------------------------------------------------------------

cat >"$T/bin/mailadm" <<END
#!/bin/sh
echo "\$*" >>"$T/typed"
exec "$MAILADM" --defaults-file="$T/client.cnf" "\$@"
END
cat >"$T/bin/pwgen" <<'END'
#!/bin/sh
echo correct-horse-battery
END
chmod +x "$T/bin/mailadm" "$T/bin/pwgen"

world() {
	emptied && mailadm -q -f - <<-'END' &&
		domain add example.com
		domain add example.org
		user add anna@example.com --no-password
		user add bo@example.com --no-password
		alias add postmaster@example.com anna@example.com
		alias add postmaster@example.org anna@example.com
		alias add office@example.com bo@example.com
		alias block anna+shop@example.com
		alias add info@example.com anna@example.com bo@example.com
		domain add branch.example --relay-to mail.branch.example
		recipient add bo@branch.example
		relay add provider --server smtp.example.net
	END
	rm -rf "$T/work" && mkdir "$T/work" &&
	cp "$T/old.cnf" tests/data/import/mailu.yaml \
	    tests/data/import/modoboa.csv "$T/work" &&
	cp tests/data/import/directory.ldif "$T/work/iredmail.ldif" &&
	cp -r tests/data/import/postfix-files "$T/work/old-files" &&
	mkdir -p "$T/work/docker-data/dms" &&
	cp -r tests/data/import/docker-mailserver \
	    "$T/work/docker-data/dms/config" &&
	printf '%s\n' email,name,password eva@example.com,Eva,secret-of-eva \
	    >"$T/work/users.csv" && printf '%s\n' anna bo \
	    >"$T/work/names.txt" &&
	printf '%s\n' mail,destination sales@example.com,bo@example.com \
	    >"$T/work/aliases.csv" &&
	echo "alias add hello@example.com bo@example.com" >"$T/work/changes"
}

# What the examples of a section need besides.
world_of() { # TOPIC
	foreign=tests/data/foreign
	case $1 in
	quick-start) emptied ;;
	who)	mailadm -q user set bo@example.com --name Bo &&
		mailadm -q user remove bo@example.com --cascade --yes &&
		sql "UPDATE history SET \`change\` = 3
		    WHERE \`change\` = (SELECT MAX(id) FROM changes)" ;;
	postfixadmin) source_is tests/data/import/postfixadmin3.sql \
		    tests/data/import/postfixadmin-data.sql ;;
	ispmail | iredmail) source_is "tests/data/import/$1.sql" ;;
	modoboa | vexim) source_is "$foreign/$1/schema.sql" \
		    "$foreign/$1/data.sql" ;;
	own-tables) source_is "$foreign/own-accounts/schema.sql" \
		    "$foreign/own-accounts/data.sql" ;;
	esac
}

# --- kinds ---------------------------------------------------------------

# A block that is run has no other programs: it can do no harm.
harmless() { # NUMBER
	! grep -vE '^(mailadm|pwgen|umask|    )' "$blocks/$1" ||
	    { t_notes="not to be run: $(cat "$blocks/$1")"; return 1; }
}

typed() { # NUMBER
	: >"$T/typed"
	harmless "$1" || return 1
	run env PATH="$T/bin:$PATH" sh -c 'cd "$1" && exec sh -e "$2"' - \
	    "$T/work" "$blocks/$1"
	typed_may=$(is_of "$1" 4)
	case $status in
	0 | 1 | 3) [ "$status" -le "${typed_may:-0}" ] ;;
	*) false ;;
	esac || { t_notes="status $status"; return 1; }
	is "$(wc -l <"$T/typed")" "$(grep -o 'mailadm [a-z-]' "$blocks/$1" |
	    wc -l)"
}

t 'there are examples, and each is of a known kind' '
	[ "$(find "$blocks" -name "*.is" | wc -l)" -gt 60 ] &&
	for n in $(find "$blocks" -name "*.is" | sed "s|.*/||; s|[.]is||"); do
		case $(is_of "$n" 3) in
		run | batch | server | file | screen) ;;
		*) t_notes=$(cat "$blocks/$n.is"); return 1 ;;
		esac
	done'

section=
for n in $(kind_of run); do
	if [ "$section" != "$(is_of "$n" 1-2)" ]; then
		section=$(is_of "$n" 1-2)
		topic=$(is_of "$n" 2)
		{ world && world_of "$topic"; } ||
			bail_out "no world for $topic"
	fi
	t "an example of help $topic works: $(head -n 1 "$blocks/$n")" '
		typed "$n"'
done

for n in $(kind_of batch); do
	t "the batch of help $(is_of "$n" 2) works" '
		emptied && run mailadm -f "$blocks/$n" && status 0'
done

# --- servers --------------------------------------------------------------

# Other programs that the examples of servers may name.
programs="apt chmod cp doveadm groupadd install make mariadb mariadb-dump"
programs="$programs newaliases rm rsync scp service sievec ssh systemctl"
programs="$programs systemd-sysusers systemd-tmpfiles tar umask useradd"

# The commands of a block, one a line, without redirections.
commands_of() { # NUMBER
	sed -z 's/\\\n */ /g' "$blocks/$1" |
	    sed 's/; */\n/g; s/ && */\n/g; s/ | */\n/g' |
	    sed 's/ *[<>].*//; /^$/d' |
	    sed 's/^ssh [^ ]* *mailadm /mailadm /; s/ --nagios$//'
}

# Each as a transaction of its own, so that all commands may stand; --nagios
# is for the command line alone.
parsed() { # NUMBER
	commands_of "$1" | sed -n 's/^mailadm //p' >"$T/lines"
	run mailadm --check --keep-going --file "$T/lines" && status 0 ||
		return 1
	for word in $(commands_of "$1" | cut -d " " -f 1); do
		case " mailadm $programs " in
		*" $word "*) ;;
		*) t_notes="unknown program: $word"; return 1 ;;
		esac
	done
}

for n in $(kind_of server); do
	t "an example of help $(is_of "$n" 2) is parsed: \
$(head -n 1 "$blocks/$n")" '
		run sh -n "$blocks/$n" && status 0 && parsed "$n"'
done

# --- files ----------------------------------------------------------------

accounts_sql secret >/dev/null

# Merged, and then read by Postfix itself.
read_local_cf() { # FILE
	rm -rf "$T/root" && own_system "$T/root" &&
	mkdir "$T/root/etc/postfix" &&
	cp "$1" "$T/root/etc/postfix/local.cf" &&
	run "$MAILADM" -q -c "$T/accounts/conf" \
	    --defaults-file "$T/accounts/cnf" config render postfix \
	    --out "$T/root" --force --postfix-version 3.7 && status 0 &&
	run postconf -c "$T/root/etc/postfix" -n && status 0 &&
	unlike "$err" warning &&
	sed -n "s/^\([a-z_]*\) =.*/\1/p" "$1" >"$T/names" &&
	while read -r name; do
		matches "$out" "^$name = ." || return 1
	done <"$T/names"
}

# webmail.sh runs its query.
read_roundcube() {
	! sed 1d "$1" | grep -vE "^(.config\['password_[a-z_]*'\] =|    ')" &&
	is "$(grep -c ";$" "$1")" "$(grep -c "^.config" "$1")"
}

# As a hook, which writes below /var/log there.
read_hook() { # FILE
	rm -rf "$T/hooks" && mkdir "$T/hooks" &&
	sed "s|/var/log|$T|" "$1" >"$T/hooks/50-journal" &&
	chmod 755 "$T/hooks/50-journal" &&
	{ cat "$T/patient.conf" && echo "hooks = $T/hooks"; } \
	    >"$T/hooks.conf" &&
	run mailadm -c "$T/hooks.conf" domain add kept.example &&
	status 0 && unlike "$err" hook &&
	matches "$(cat "$T/mail-changes")" \
	    "^change [0-9]+ by mailadm domain add$" &&
	like "$(cat "$T/mail-changes.jsonl")" '"name":"kept.example"'
}

# Braces that close; tests/manual says how the servers read it.
read_dovecot() {
	is "$(grep -c "{$" "$1")" "$(grep -c "^ *}$" "$1")" &&
	! grep -vE "^ *([a-z_]+ = .+|[a-z_]+( [a-z]+)? \{|\})$" "$1"
}

read_cron() {
	grep -E "^([0-9*]+ ){5}root /usr/local/sbin/mailadm " "$1" |
	    sed "s|.*/mailadm ||" >"$T/cron" && [ -s "$T/cron" ] &&
	eval "run mailadm $(cat "$T/cron")" && [ "$status" -le 1 ]
}

# The expressions as sudo has them: all of the arguments.
read_sudoers() {
	grep -o "\^.*\\$" "$1" >"$T/allowed" &&
	for words in "user passwd anna@example.com" \
	    "user show bo@example.com" "user disable bo@example.com"; do
		echo "$words" | grep -qEf "$T/allowed" || return 1
	done && for words in "user passwd anna@example.org" \
	    "user passwd anna@example.com --password-file /etc/shadow" \
	    "--config x user show bo@example.com" \
	    "user remove anna@example.com"; do
		! echo "$words" | grep -qEf "$T/allowed" || return 1
	done
}

read_option_file() {
	sed "s/\"[.][.][.]\"/secret/" "$1" >"$T/options" &&
	chmod 600 "$T/options" &&
	run mariadb --defaults-file="$T/options" --print-defaults &&
	status 0 && empty "$err"
}

# Tables as it names them.
read_map() {
	source_is /dev/stdin <<-END &&
		CREATE TABLE mail_domains (id INT, name VARCHAR(99),
		    enabled INT);
		CREATE TABLE mail_users (domain_id INT, localpart VARCHAR(99),
		    crypt VARCHAR(99), quota_mb INT, maildir VARCHAR(99));
		INSERT INTO mail_domains VALUES (1, "map.example", 1);
		INSERT INTO mail_users VALUES (1, "eva", "!", 100, "eva/");
	END
	from tables --map "$1" --yes && status 0 &&
	run mailadm user show eva@map.example --columns quota &&
	is "$out" 104857600
}

for n in $(kind_of file); do
	kind=$(is_of "$n" 4 | tr .- __)
	kind=${kind%_2_[34]}
	t "the file of help $(is_of "$n" 2) is read: $(is_of "$n" 4)" '
		world && run "read_$kind" "$blocks/$n" && status 0'
done

# --- screens --------------------------------------------------------------

t 'what is printed are times that were measured, and an error in JSON' '
	is "$(kind_of screen | while read -r n; do
		is_of "$n" 2; done | sort | tr "\n" " ")" "outages output " &&
	for n in $(kind_of screen); do
		[ "$(is_of "$n" 2)" = outages ] ||
		{ run mailadm -o json domain show example.net && status 4 &&
		is "$err" "$(cat "$blocks/$n")"; } || return 1
	done'

# --- commands -------------------------------------------------------------

# The example of each command, in a world where its names exist; what it writes
# is rolled back.  tests/cli/help.sh parses those of all commands.

# Not typed here: they need mail servers, DNS, keys, an adopted database or a
# terminal.
elsewhere=" dkim dns doctor config setup schema import_dkim begin commit \
rollback use set source quit "

example_world() {
	world && mailadm -q -f - <<-'END' && rm -f "$T/work/changes" &&
		domain remove example.org --recursive --yes
		alias add info@example.com bo@example.org
		user grant bo@example.com --send-as office@example.com
		domain set example.com --quota 2G
	END
	mailadm export >"$T/work/mail.yaml" &&
	printf '%s\n' domain other.example >"$T/work/domains.csv" &&
	source_is tests/data/import/postfixadmin3.sql \
	    tests/data/import/postfixadmin-data.sql
}

# What must not exist yet goes first, in the same transaction.
before() { # COMMAND
	case $1 in
	"domain add") echo domain remove example.com --recursive --cascade \
	    --yes ;;
	"recipient add") echo recipient remove bo@branch.example ;;
	"user add") echo user remove anna@example.com --cascade --force \
	    --yes ;;
	esac
}

# The number of the last change is the one that undo names.
example_of() { # COMMAND
	# shellcheck disable=SC2086 # two words
	mailadm help $1 | sed -n '/^example:$/{n; s/^  mailadm //p;}' |
	    sed "s/^undo [0-9]*/undo $(sql 'SELECT MAX(id) FROM changes')/"
}

example_works() { # COMMAND
	{ before "$1"; example_of "$1"; } >"$T/example"
	if [ "$(wc -l <"$T/example")" -gt 1 ]; then
		run mailadm --dry-run --file "$T/example"
	else
		# shellcheck disable=SC2016 # for the inner shell
		run env PATH="$T/bin:$PATH" sh -c 'cd "$1" && shift &&
		    eval "mailadm --dry-run --yes $*"' - "$T/work" \
		    "$(cat "$T/example")" <"$T/password"
	fi
	[ "$status" -le 1 ] || [ "$status" -eq 3 ]
}

example_world || bail_out 'no world for the commands'
echo secret >"$T/password"
mailadm help | awk -F "  +" '/^options:/ { exit }
	listed && /^  [a-z]/ { print $2 }
	/^commands:/ { listed = 1 }' >"$T/commands"

while read -r command <&3; do
	case $elsewhere in
	*" ${command%% *} "*) continue ;;
	*" ${command%% *}_${command#* } "*) continue ;;
	esac
	t "the example of $command works" 'example_works "$command"'
done 3<"$T/commands"

finish

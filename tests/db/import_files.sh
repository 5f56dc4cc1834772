# mailadm import from: files of other mail systems.
. tests/lib.sh
server_start && fresh

# reported KIND NAME PROBLEM DONE: a row of the report that says so.
reported() {
	awk -F '\t' -v kind="$1" -v name="$2" -v problem="$3" -v done="$4" '
		$1 == kind && $2 == name && index($3, problem) &&
		    index($4, done) { found = 1 }
		END { exit !found }' "$T/out" || {
		t_notes="reported: $1 $2: $3: $4"
		return 1
	}
}

# sums READ WRITTEN UNCHANGED REFUSED LOST: the last line says so.
sums() {
	like "$err" "rows: $1 read = $2 written + $3 unchanged + $4 refused \
+ $5 lost"
}

# users COLUMNS, domains COLUMNS, aliases: what is in the tables.
users() {
	sql "SELECT email, $1 FROM users ORDER BY email"
}

domains() {
	sql "SELECT domain, $1 FROM domains ORDER BY domain"
}

aliases() {
	sql "SELECT mail, active, GROUP_CONCAT(destination
	    ORDER BY destination) FROM aliases GROUP BY mail, active
	    ORDER BY mail, active"
}

echo secret >"$T/pw"

### docker-mailserver

cp -R tests/data/import/docker-mailserver "$T/dms" &&
mkdir -p "$T/dms/opendkim/keys" "$T/dms/rspamd" &&
cat >"$T/dms/postfix-send-access.cf" <<'END'
user2@docker.example 		 REJECT
user1@docker.example DUNNO
docker.example REJECT
END
printf '%s\n' 'USER2@docker.example REJECT' \
    >"$T/dms/postfix-receive-access.cf"
printf '%s\n' 'root: user1@docker.example' 'devnull: /dev/null' \
    >"$T/dms/postfix-aliases.cf"
printf '%s\t%s\n' @docker.example '[relay.example]:587' @own.example '' \
    >"$T/dms/postfix-relaymap.cf"
printf '%s\n' '@docker.example mona:s3cret' >"$T/dms/postfix-sasl-password.cf"
# shellcheck disable=SC2016 # a hash
printf '%s\n' 'boss|{SHA512-CRYPT}$6$s3cret' >"$T/dms/dovecot-masters.cf"
touch "$T/dms/user1@docker.example.dovecot.sieve" "$T/dms/whatever.cf"

t 'the directory of docker-mailserver: accounts, access, aliases' '
	run mailadm import from docker-mailserver --yes "$T/dms" &&
	status 0 && like "$err" imported &&
	is "$(users "quota, may_send, may_receive")" \
	    "user1@docker.example	5368709120	1	1
user2@docker.example	NULL	0	0" &&
	is "$(domains active)" "aliases.example	1
docker.example	1"'

t 'what has no place is reported, each file and each line of it' '
	reported access user1@docker.example "no refusal" "not imported" &&
	reported access docker.example "is no account" "not imported" &&
	reported alias root "without a domain" "not imported" &&
	reported alias devnull "without a domain" "not imported" &&
	reported relay @docker.example "[relay.example]:587" "not" &&
	reported relay @own.example "this machine itself" "not" &&
	reported relay @docker.example "smtp_sasl_password_maps" "not" &&
	reported "master user" boss "every user" "not imported" &&
	reported file opendkim "import dkim" "left out" &&
	reported file rspamd "import dkim" "left out" &&
	reported file user1@docker.example.dovecot.sieve Sieve "left out" &&
	reported file whatever.cf "is not read" "left out" &&
	grep -q "is a pattern" "$T/out" &&
	unlike "$out$err" s3cret'

t 'imported again it changes nothing, and the sums are the same' '
	sum=$(printf "%s\n" "$err" | sed -n "s/^.*rows: \([0-9]*\) .*/\1/p") &&
	run mailadm import from docker-mailserver --yes "$T/dms" &&
	status 0 && like "$err" "nothing to do" &&
	like "$err" "rows: $sum read = 0 written +"'

t 'a directory of something else, and no directory, are errors' '
	run mailadm import from docker-mailserver "$T" && status 4 &&
	like "$err" "no file to import" &&
	run mailadm import from docker-mailserver - && status 2 &&
	run mailadm import from docker-mailserver && status 2 &&
	like "$err" "missing argument: FILE" &&
	run mailadm import from docker-mailserver "$T/dms" \
	    --source-database old && status 2 &&
	run mailadm import from ispmail "$T/dms" && status 2'

### The files of Postfix and Dovecot

t 'aliases(5), relays and master users are named, and stay' '
	fresh && cp -R tests/data/import/postfix-files "$T/files" &&
	cp "$T/dms/postfix-aliases.cf" "$T/files/aliases" &&
	cp "$T/dms/postfix-relaymap.cf" "$T/files/relaymap" &&
	cp "$T/dms/postfix-sasl-password.cf" "$T/files/sasl_passwd" &&
	echo "boss:{PLAIN}s3cret::::::" >"$T/files/master-users" &&
	run mailadm import from postfix-files --yes "$T/files" && status 3 &&
	reported alias root "/etc/aliases" "not imported" &&
	reported relay @docker.example "[relay.example]:587" "not" &&
	reported relay @docker.example "smtp_sasl_password_maps" "not" &&
	reported "master user" boss "every user" "not imported" &&
	unlike "$out$err" s3cret'

### Mailu

mailu() { # FILE [OPTION...]
	mailu_file=$1
	shift
	run mailadm import from mailu --yes "$mailu_file" "$@"
}

# The text of standard input is no export: status 3, and nothing changed.
no_mailu() {
	cat >"$T/no.yaml"
	mailu "$T/no.yaml" && status 3 && like "$err" "$1" &&
	like "$err" "hint: the file is what" &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0
}

t 'Mailu: users with quotas, rights, notes and passwords' '
	fresh && mailu tests/data/import/mailu.yaml && status 3 &&
	is "$(users "active, quota, name, note")" \
	    "anna@mailu.example	1	2147483648	Anna Größe	above
bo@mailu.example	0	NULL	NULL	NULL
carl@mailu.example	1	1000000000	NULL	NULL
dora@mailu.example	1	1000000000	NULL	NULL
emil@mailu.example	1	1000000000	NULL	NULL
fritz@mailu.example	1	1000000000	NULL	NULL" &&
	is "$(sql "SELECT email FROM users WHERE may_login = 0")" \
	    bo@mailu.example &&
	reported quota "*" "for 6 users" 1000000000 &&
	run mailadm user verify anna@mailu.example --password-stdin \
	    <"$T/pw" && status 0'

t 'domains, their other names, and domains that are relayed' '
	is "$(domains "alias_of, max_users, max_aliases, description")" \
	    "aka.example	mailu.example	NULL	NULL	NULL
aka2.example	mailu.example	NULL	NULL	NULL
mailu.example	NULL	10	20	Die Größten
xn--bcher-kva.example	NULL	NULL	NULL	NULL"'

t 'aliases as a list or a text, catch-alls, forwards with a copy' '
	is "$(aliases)" \
	    "@mailu.example	1	carl@mailu.example
anna@mailu.example	1	anna@gmail.example,anna@mailu.example,\
bo@mailu.example
bo@mailu.example	1	bo@gmail.example,carl@mailu.example
info@mailu.example	1	anna@mailu.example,carl@mailu.example
old@mailu.example	0	anna@mailu.example
sales@mailu.example	1	anna@mailu.example,out@gmail.example" &&
	is "$(sql "SELECT DISTINCT note FROM aliases
	    WHERE mail = \"info@mailu.example\"")" "the front desk"'

t 'imported again it changes nothing, and each loss has its reason' '
	mailu tests/data/import/mailu.yaml && status 3 &&
	like "$err" "nothing to do" && sums 25 0 16 3 6 &&
	reported domain mailu.example "import dkim" "left out" &&
	reported domain mailu.example "limit for the quotas" "left out" &&
	reported domain mailu.example "sign up" "left out" &&
	reported domain relay.example "mx.elsewhere.example" "left out" &&
	reported domain relay.example "backup MX" "not imported" &&
	reported user anna@mailu.example "IMAP only" "left out" &&
	reported user anna@mailu.example "administers Mailu" "left out" &&
	reported user anna@mailu.example vacation Sieve &&
	reported user anna@mailu.example token "not imported" &&
	reported user anna@mailu.example "fetches mail" "not imported" &&
	reported user carl@mailu.example passlib "without a password" &&
	reported user carl@mailu.example "carl@gmail.example, which is off" \
	    "left out" &&
	reported user carl@mailu.example "no spam filter" "left out" &&
	reported user carl@mailu.example "which is off" "left out" &&
	reported user dora@mailu.example cleartext "without a password" &&
	reported user dora@mailu.example "administers domains" "left out" &&
	reported user dora@mailu.example "new_thing has no place" "left" &&
	reported user emil@mailu.example cleartext "without a password" &&
	reported user fritz@mailu.example "no password" "without" &&
	reported user ida@nowhere.example "does not exist" "not imported" &&
	reported alias shop-%@mailu.example pattern "not imported" &&
	reported alias nothing@mailu.example "no destination" "not" &&
	reported section config "no place here" "left out"'

t 'a value that is none refuses the row' '
	reported user gerd@mailu.example "\"maybe\", which is neither" "not" &&
	reported user hans@mailu.example "\"2G\", which is no number" "not" &&
	reported user "o'\''neil@mailu.example" "not allowed" "not imported"'

t 'no password, key or hash of it is shown' '
	unlike "$out$err" s3cret && unlike "$out$err" abcdefgh &&
	mailu tests/data/import/mailu.yaml --dry-run --verbose &&
	unlike "$out$err" s3cret && unlike "$out$err" abcdefgh'

t 'the form of config-update, in JSON, from standard input' '
	fresh && run mailadm import from mailu - --yes \
	    <tests/data/import/mailu-update.json && status 0 &&
	is "$(domains active)" "old.example	1" &&
	is "$(aliases)" "alias1@old.example	1	\
bar@old.example,foo@old.example" &&
	reported user bar@old.example "unsalted MD5" "without a password" &&
	run mailadm user verify foo@old.example --password-stdin \
	    <"$T/pw" && status 0'

t 'a byte order mark and CR LF are nothing to speak of' '
	fresh && printf "\357\273\277domain:\r\n- name: a.example\r\n" \
	    >"$T/crlf.yaml" && mailu "$T/crlf.yaml" && status 0 &&
	is "$(domains active)" "a.example	1"'

t 'JSON of 3 MB in one line is read' '
	fresh && awk "BEGIN { printf \"{\\\"domain\\\":[{\\\"name\\\":\\\"\" \
	    \"a.example\\\"}],\\\"alias\\\":[\"
	    for (i = 0; i < 40000; i++)
		printf \"%s{\\\"email\\\":\\\"n%d@a.example\\\",\" \
		    \"\\\"destination\\\":[\\\"out@b.example\\\"]}\", \
		    i ? \",\" : \"\", i
	    print \"]}\" }" >"$T/one.json" &&
	mailu "$T/one.json" --quiet --out "$T/plan" && status 0 &&
	is "$(grep -c "n[0-9]*@a.example" "$T/plan")" 40000'

t 'what is no export is one error with its place, and changes nothing' '
	fresh && no_mailu "no sections" </dev/null &&
	echo "a: b" | no_mailu "no section domain" &&
	echo "domain: {a: b}" | no_mailu ":1:9: the section domain is no" &&
	printf "domain:\n- name: a.example\nuser:\n- email: b@a.example\n" \
	    >"$T/head" &&
	(cat "$T/head" && echo "  x: &a [1]") | no_mailu ":5:6: anchors" &&
	(cat "$T/head" && echo "  x: !!python/object:os.x {}") |
	    no_mailu ":5:6: tags" &&
	(cat "$T/head" && echo "  email: c") | no_mailu "given twice" &&
	(cat "$T/head" && echo "  ? [a]") | no_mailu "a key that is no word" &&
	(cat "$T/head" && echo "  x: [[[[[[[[[1]]]]]]]]]") |
	    no_mailu "nested too deep" &&
	(cat "$T/head" && printf "  x: \377\n") | no_mailu "UTF-8" &&
	(cat "$T/head" && printf "  x: \"\\\\0\"\n") | no_mailu NUL &&
	(cat "$T/head" && awk "BEGIN { for (i = 0; i < 501; i++)
	    print \"  k\" i \": 1\" }") | no_mailu "more than 500 keys" &&
	(cat "$T/head" && printf "  x: " &&
	    head -c 2000000 /dev/zero | tr "\0" a) |
	    no_mailu "a line longer than" &&
	(cat "$T/head" && echo "---") | no_mailu "a second document" &&
	mailu "$T" && status 3 && mailu "$T/nowhere" && status 4'

t 'entries that are no maps are refused, and nothing of them is shown' '
	fresh && printf "user: [s3cret, [s3cret], ~]\n" >"$T/no.yaml" &&
	mailu "$T/no.yaml" && status 3 && sums 3 0 0 3 0 &&
	unlike "$out$err" s3cret'

### Modoboa

modoboa() { # FILE [OPTION...]
	modoboa_file=$1
	shift
	run mailadm import from modoboa-csv --yes "$modoboa_file" "$@"
}

t 'Modoboa: domains and their other names' '
	fresh && modoboa tests/data/import/modoboa.csv && status 3 &&
	is "$(domains "active, quota, alias_of")" \
	    "aka.example	1	NULL	modo.example
later.example	0	NULL	modo.example
modo.example	1	104857600	NULL
old.example	1	52428800	NULL
xn--bro-hoa.example	0	NULL	NULL"'

t 'accounts, with the quota of the domain where they have none' '
	is "$(users "active, name, quota")" \
	    "anna@modo.example	1	Anna Größe	209715200
bo@modo.example	0	Bo	9223372036854775807
carl@modo.example	1	Carl Cox	104857600
dora@modo.example	1	Dora Dee	52428800" &&
	run mailadm user verify anna@modo.example --password-stdin \
	    <"$T/pw" && status 0 &&
	is "$(sql "SELECT LEFT(crypt, 10) FROM users
	    WHERE email = \"bo@modo.example\"")" "{BLF-CRYPT"'

t 'aliases, forwards and lists; a row may end in empty cells' '
	is "$(aliases)" \
	    "@modo.example	1	carl@modo.example
carl@modo.example	1	carl@gmail.example,carl@modo.example
info@modo.example	1	anna@modo.example
off@modo.example	0	anna@modo.example
team@modo.example	1	anna@modo.example,bo@modo.example"'

t 'imported again it changes nothing, and each loss has its reason' '
	modoboa tests/data/import/modoboa.csv && status 3 &&
	like "$err" "nothing to do" && sums 23 0 14 5 4 &&
	reported domain modo.example "limit of 1000 MB" "left out" &&
	reported domain relay.example "mx.elsewhere.example, port 25" left &&
	reported domain relay.example "backup MX" "not imported" &&
	reported domain relay2.example "relayed only" "not imported" &&
	reported user admin "has no mailbox" "not imported" &&
	reported user dora@modo.example "administers" "left out" &&
	reported user dora@modo.example "logs in as \"dora\"" "left out" &&
	reported user dora@modo.example malformed "without a password" &&
	reported user carl@modo.example cleartext "without a password" &&
	reported alias nobody@modo.example "no destination" "not imported"'

t 'a value that is none refuses the row' '
	reported domain many.example "quota is \"lots\"" "not imported" &&
	reported user emil@modo.example "\"maybe\", which is neither" not &&
	reported user fritz@modo.example "quota is \"5G\"" "not imported" &&
	reported user "line 17" "too few cells" "not imported" &&
	reported row "line 24" "begins with none of" "not imported" &&
	unlike "$out$err" s3cret && unlike "$out$err" abcdefgh'

t 'identities alone leave the domains that exist as they are' '
	printf "%s\n" "account;g@xn--bro-hoa.example;x;;;1;SimpleUsers;\
g@xn--bro-hoa.example;1" "alias;h@new.example;1;g@xn--bro-hoa.example" \
	    >"$T/identities.csv" && modoboa "$T/identities.csv" &&
	status 0 && is "$(sql "SELECT domain, active FROM domains
	    WHERE domain RLIKE \"new|bro\" ORDER BY domain")" \
	    "new.example	1
xn--bro-hoa.example	0"'

t 'commas, a list of 1000 addresses, and what is no text' '
	fresh && (echo "domain,a.example,0,0,True" &&
	    printf "alias,l@a.example,1" &&
	    awk "BEGIN { for (i = 0; i < 1000; i++) printf \",n%d@b.example\", i
		print \"\" }" &&
	    printf "alias,x@a.example,1,\377\nalias,y@a.example,1,a\0b\n" &&
	    printf "alias,z@a.example,1,\"a\"\"@a.example\"\n") \
	    >"$T/bytes.csv" &&
	modoboa "$T/bytes.csv" && status 3 && sums 5 2 0 2 1 &&
	is "$(sql "SELECT COUNT(*) FROM aliases")" 1000 &&
	reported row "line 3" "not valid UTF-8" "not imported" &&
	reported row "line 4" "NUL" "not imported"'

t 'what is no such file is one error, and changes nothing' '
	fresh && echo s3cret >"$T/no.csv" && modoboa "$T/no.csv" && status 3 &&
	like "$err" "has no row of Modoboa" && unlike "$out$err" s3cret &&
	printf "domain;a.example;0;0;1\nalias;\"b\"c;1;d\n" >"$T/no.csv" &&
	modoboa "$T/no.csv" && status 3 && like "$err" ":2:2: a quote" &&
	modoboa /dev/null && status 3 && modoboa "$T" && status 10 &&
	modoboa "$T/nowhere" && status 4 &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

### LDIF

ldif() { # FILE [OPTION...]
	ldif_file=$1
	shift
	run mailadm import from ldif --yes "$ldif_file" "$@"
}

# The text of standard input is no such file: status 3, and nothing changed.
no_ldif() {
	cat >"$T/no.ldif"
	ldif "$T/no.ldif" && status 3 && like "$err" "$1" &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0
}

t 'LDIF of iRedMail: domains, users, homes and quotas' '
	fresh && ldif tests/data/import/iredmail.ldif && status 3 &&
	is "$(domains "active, quota, max_users, alias_of, description")" \
	    "aka.example	1	NULL	NULL	ired.example	NULL
ired.example	1	1073741824	10	NULL	The firm
off.example	0	NULL	NULL	NULL	NULL" &&
	is "$(users "active, name, quota")" \
	    "anna@ired.example	1	Anna Größe	104857600
bo@ired.example	0	Bo	9223372036854775807" &&
	is "$(users "may_send, home")" \
"anna@ired.example	1	vmail1/ired.example/a/n/n/anna-2024.01.01
bo@ired.example	1	ired.example/bo" &&
	run mailadm user verify anna@ired.example --password-stdin \
	    <"$T/pw" && status 0 &&
	is "$(sql "SELECT LEFT(crypt, 6) FROM users
	    WHERE email = \"bo@ired.example\"")" "{SSHA}"'

t 'aliases, forwards, groups by their members, and catch-alls' '
	is "$(aliases)" \
	    "@ired.example	1	anna@ired.example
a.groesse@ired.example	1	anna@ired.example
anna@ired.example	1	anna@gmail.example,anna@ired.example
bo@ired.example	0	bo@gmail.example
info@ired.example	1	anna@ired.example,bo@ired.example
office@ired.example	1	info@ired.example
quiet@ired.example	0	anna@ired.example
team@ired.example	1	anna@ired.example,out@elsewhere.example"'

t 'imported again it changes nothing, and each loss has its reason' '
	ldif tests/data/import/iredmail.ldif && status 3 &&
	like "$err" "nothing to do" && sums 19 0 16 1 2 &&
	reported domain ired.example "limit for the whole" "left out" &&
	reported domain relay.example "backup MX" "not imported" &&
	reported user Anna@ired.example "IMAP only" "left out" &&
	reported user Anna@ired.example "administers" "left out" &&
	reported user carl@ired.example "\"lots\", which is no" "not" &&
	reported alias empty@ired.example "no members" "not imported" &&
	reported attribute customattribute "1 entry" "left out" &&
	reported entry "*" "without an address: 1 entry" "left out" &&
	unlike "$out$err" s3cret && unlike "$out$err" abcdefgh'

t 'qmail-ldap, Zimbra, PostfixBook and plain people, from ldapsearch' '
	fresh && run mailadm import from ldif - --yes \
	    <tests/data/import/directory.ldif && status 3 &&
	is "$(users "active, may_login, quota, home")" \
"anna@qmail.example	1	0	52428800	qmail.example/anna
bo@qmail.example	1	1	1000	qmail.example/bo
far@qmail.example	1	1	NULL	qmail.example/far
plain@plain.example	1	1	NULL	plain.example/plain
some.user@book.example	1	1	10240	book.example/some.user
zoe@zimbra.example	0	1	NULL	zimbra.example/zoe" &&
	is "$(aliases)" \
	    "a.g@qmail.example	1	anna@qmail.example
anna@qmail.example	1	anna@gmail.example,anna@qmail.example
bo@qmail.example	1	bo@gmail.example
employees@book.example	1	some.user@book.example
postmaster@book.example	1	some.user@book.example
second@plain.example	1	plain@plain.example
staff@zimbra.example	1	anna@qmail.example,zoe@zimbra.example
z@zimbra.example	0	zoe@zimbra.example
zoe@zimbra.example	0	zoe2@gmail.example,zoe@gmail.example"'

t 'contacts, files that are named and states that are not known' '
	sums 21 19 0 1 1 &&
	reported user contact@gmail.example "may be a contact" "not" &&
	reported user far@qmail.example "in another file" "left out" &&
	reported user far@qmail.example "no password" "without" &&
	reported user odd@qmail.example "\"strange\", which is not" "not" &&
	reported user bo@qmail.example "2 passwords" "left out" &&
	reported user bo@qmail.example "the part ,100C" "left out" &&
	reported user zoe@zimbra.example "administers Zimbra" "left out"'

t 'a byte order mark, CR LF, and values that are too long' '
	fresh && (printf "\357\273\277version: 1\r\ndn: x\r\n" &&
	    printf "mail: a@b.ex\r\n ample\r\nuserPassword: x\r\n" &&
	    printf "photo: " && head -c 300000 /dev/zero | tr "\0" x |
	    fold -w 70 | sed "2,\$s/^/ /" && printf "\r\n") >"$T/a.ldif" &&
	ldif "$T/a.ldif" && status 0 && is "$(users active)" \
	    "a@b.example	1" &&
	reported attribute photo "1 entry" "left out"'

t 'a value that is too long on one line is left out, with the next ones' '
	fresh && (printf "dn: x\nmail: a@b.example\nuserPassword: x\n" &&
	    printf "photo: " && head -c 70000 /dev/zero | tr "\0" x &&
	    printf "\n more\n more\n") >"$T/a.ldif" &&
	ldif "$T/a.ldif" && status 0 && is "$(users active)" \
	    "a@b.example	1" &&
	reported attribute photo "1 entry" "left out"'

t 'an entry begins with dn, also where no empty line parts it' '
	fresh && printf "dn: %s\nMail: %s@b.example\nuserPassword: x\n" \
	    a a b b >"$T/a.ldif" && ldif "$T/a.ldif" && status 0 &&
	is "$(users active)" "a@b.example	1
b@b.example	1"'

t 'what is no such file is one error with its line' '
	fresh && no_ldif "has no entry" </dev/null &&
	echo "mail: a@b.example" | no_ldif "line 1: an entry begins with" &&
	echo " x" | no_ldif "line 1: continues no line" &&
	printf "dn: a\nmail\n" | no_ldif "line 2: no \"name: value\"" &&
	printf "dn: a\nmail\nuid: a\n" | no_ldif "line 2: no \"name:" &&
	printf "dn: a\nma\n il\n\n" | no_ldif "line 2: no \"name:" &&
	printf "dn: a\n\n x\n" | no_ldif "line 3: continues no line" &&
	printf "dn: a\nchangetype: modify\n" | no_ldif "line 2: changetype" &&
	printf "dn: a\ncontrol: 1\n" | no_ldif "line 2: control" &&
	printf "dn: a\nmail:: ???\n" | no_ldif "line 2: a value that is no" &&
	printf "dn: a\nmail: \377\n" | no_ldif "line 2: not valid UTF-8" &&
	printf "dn: a\nmail: \0\n" | no_ldif "line 2: holds a NUL" &&
	(printf "dn: a\nmail: " && head -c 2000000 /dev/zero |
	    tr "\0" a) | no_ldif "line 2: longer than" &&
	awk "BEGIN { print \"dn: a\"; for (i = 0; i < 501; i++)
	    print \"k\" i \": 1\" }" | no_ldif "more than 500 attributes" &&
	ldif "$T" && status 10 && ldif "$T/nowhere" && status 4'
finish

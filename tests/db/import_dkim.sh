#!/bin/sh
# mailadm import dkim from files: each way in which other programs keep keys.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh

server_start
fresh
secret_make
K=$T/keys
umask 077

start_again() { # [DOMAIN...]
	sql 'DELETE FROM dkim_keys; DELETE FROM history; DELETE FROM aliases;
		DELETE FROM users; DELETE FROM domains' &&
	for start_domain in "${@:-x.example}"; do
		mailadm -q domain add "$start_domain" || return 1
	done
	rm -rf "$K" && mkdir "$K"
}

# key FILE [ALGORITHM [BITS]]: a private key in PEM.
key() {
	mkdir -p "$(dirname "$1")" &&
	case ${2:-ed25519} in
	rsa) openssl genrsa -out "$1" "${3:-2048}" 2>"$T/said" ;;
	*) openssl genpkey -algorithm ed25519 -out "$1" ;;
	esac
}

# The row of the result that has this file: what, why.
reported() { # FILE WHAT [WHY]
	awk -F '\t' -v file="$1" -v what="$2" -v why="$3" '
		$6 == file && $7 == what && index($8, why) { found = 1 }
		END { exit !found }' "$T/out" || {
		t_notes="reported: $1: $2: $3"
		return 1
	}
}

# The p= of a file is the stored public key.
stored() { # FILE DOMAIN SELECTOR
	openssl pkey -in "$1" -pubout -outform DER | {
		if openssl pkey -in "$1" -noout -text | grep -q ED25519
		then tail -c 32; else cat; fi
	} | base64 -w0 >"$T/public" &&
	is "$(sql "SELECT public_key FROM dkim_keys WHERE domain = '$2' AND
	    selector = '$3'")" "$(cat "$T/public")"
}

### directories

t 'keys in DOMAIN/SELECTOR.private, as opendkim-genkey leaves them' '
	start_again x.example y.example &&
	key "$K/x.example/mail.private" rsa &&
	key "$K/y.example/mail.private" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 2 &&
	keys "x.example mail pending yes" "y.example mail pending yes" &&
	stored "$K/x.example/mail.private" x.example mail &&
	stored "$K/y.example/mail.private" y.example mail &&
	matches "$out" "^x.example	mail	rsa	2048	pending	$K/\
x.example/mail.private	added	" &&
	like "$err" "2 DKIM keys added, 0 activated, 0 unchanged, 0 left out" &&
	like "$err" "hint: they sign when their records are in DNS"'

t 'imported again it changes nothing, and all in one change' '
	is "$(sql "SELECT COUNT(DISTINCT h.change) FROM history AS h
	    WHERE h.kind = \"key\"")" 1 &&
	run mailadm import dkim "$K/" && status 0 &&
	reported "$K/x.example/mail.private" unchanged &&
	keys "x.example mail pending yes" "y.example mail pending yes" &&
	like "$err" "0 DKIM keys added, 0 activated, 2 unchanged"'

t 'with --dry-run nothing is added' '
	sql "DELETE FROM dkim_keys" && run mailadm -n import dkim "$K" &&
	status 0 && lines "$out" 2 && like "$err" "nothing was changed" && keys'

t 'the result has the same rows in every format' '
	run mailadm -o json import dkim "$K" -n && status 0 &&
	is "$(echo "$out" | grep -c "\"what\": *\"added\"")" 2 &&
	run mailadm -o csv import dkim "$K" -n && status 0 && like "$out" \
	    "domain,selector,algorithm,bits,state,file,what,why"'

t 'the directory of one domain may be named itself' '
	run mailadm import dkim "$K/x.example" && status 0 &&
	keys "x.example mail pending yes"'

t 'a domain that does not exist is listed and left out' '
	start_again && key "$K/x.example/mail.private" &&
	key "$K/other.example/mail.private" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 2 &&
	reported "$K/other.example/mail.private" "left out" \
	    "the domain does not exist" &&
	keys "x.example mail pending yes" &&
	run mailadm import dkim "$K" --strict && status 3 && lines "$out" 2 &&
	like "$err" "--strict: 1 key would be left out; nothing was changed"'

t 'with --strict nothing is added when a key would be left out' '
	sql "DELETE FROM dkim_keys" && run mailadm import dkim "$K" --strict &&
	status 3 && keys'

t 'rspamd, Mailu, YunoHost and NixOS: DOMAIN.SELECTOR.key' '
	start_again x.example mail.y.example &&
	key "$K/x.example.dkim.key" && key "$K/mail.y.example.s-1.key" &&
	key "$K/X2.example.dkim.key" &&
	run mailadm import dkim "$K" && status 0 &&
	keys "mail.y.example s-1 pending yes" "x.example dkim pending yes"'

t 'the base64 that rspamadm writes for ed25519' '
	start_again && key "$T/ed.pem" && {
		openssl pkey -in "$T/ed.pem" -outform DER | tail -c 32
		openssl pkey -in "$T/ed.pem" -pubout -outform DER | tail -c 32
	} | base64 -w0 >"$K/x.example.dkim.key" &&
	run mailadm import dkim "$K" && status 0 &&
	stored "$T/ed.pem" x.example dkim'

t 'docker-mailserver with rspamd: ALGORITHM-BITS-SELECTOR-DOMAIN' '
	start_again x.example my-shop.example &&
	key "$K/rsa-2048-mail-x.example.private.txt" rsa &&
	echo "v=DKIM1; k=rsa; p=" >"$K/rsa-2048-mail-x.example.public.txt" &&
	key "$K/ed25519-2023-dkim-my-shop.example.private.txt" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 2 &&
	keys "my-shop.example 2023-dkim pending yes" \
	    "x.example mail pending yes"'

t 'iRedMail, Modoboa: DOMAIN.pem, whose selector must be given' '
	start_again x.example mail.y.example && key "$K/x.example.pem" &&
	key "$K/mail.y.example.pem" && run mailadm import dkim "$K" &&
	status 0 && reported "$K/x.example.pem" "left out" --selector &&
	keys && run mailadm import dkim "$K" --selector dkim && status 0 &&
	keys "mail.y.example dkim pending yes" "x.example dkim pending yes"'

t 'mox: SELECTOR._domainkey.DOMAIN.TIME.KIND.privatekey.pkcs8.pem' '
	start_again x.example && key "$K/dkim/2024a._domainkey.x.example.\
20240102T030405.rsa2048.privatekey.pkcs8.pem" rsa &&
	run mailadm import dkim "$K" && status 0 &&
	keys "x.example 2024a pending yes"'

t 'maddy: DOMAIN_SELECTOR.key' '
	start_again && key "$K/dkim_keys/x.example_default.key" &&
	run mailadm import dkim "$K" && status 0 &&
	keys "x.example default pending yes"'

t 'an IDN is one domain, however it is written' '
	start_again bücher.example && key "$K/bücher.example/mail.private" &&
	run mailadm import dkim "$K" && status 0 &&
	keys "xn--bcher-kva.example mail pending yes"'

### tables

t 'Mail-in-a-Box: one key, and a KeyTable that names each domain' '
	start_again x.example y.example && key "$K/dkim/mail.private" rsa &&
	printf "%s %s:mail:/home/user-data/mail/dkim/mail.private\n" \
	    x.example x.example y.example y.example >"$K/KeyTable" &&
	printf "*@%s %s\n" x.example x.example y.example y.example \
	    >"$K/SigningTable" && run mailadm import dkim "$K" && status 0 &&
	lines "$out" 2 && stored "$K/dkim/mail.private" x.example mail &&
	stored "$K/dkim/mail.private" y.example mail'

t 'docker-mailserver: its directory, with the paths of the container' '
	start_again x.example y.example &&
	key "$K/opendkim/keys/x.example/mail.private" &&
	key "$K/opendkim/keys/y.example/mail.private" &&
	for d in x y; do
		echo "mail._domainkey.$d.example $d.example:mail:/etc/\
opendkim/keys/$d.example/mail.private" || return 1
	done >"$K/opendkim/KeyTable" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 2 &&
	stored "$K/opendkim/keys/y.example/mail.private" y.example mail'

t 'opendkim.conf names its tables, and they name the files' '
	start_again x.example && key "$K/d/keys/a.key" &&
	printf "%s\n" "# Sign" "Syslog yes" "KeyTable refile:$K/d/key.list" \
	    "SigningTable	refile:$K/d/sign.list" >"$K/opendkim.conf" &&
	echo "one x.example:S1:$K/d/keys/a.key" >"$K/d/key.list" &&
	printf "%s\n" "*@x.example one" "*@news.example one" \
	    "anna@other.example one" "*@*.x.example one" "x.example" \
	    >"$K/d/sign.list" && mailadm -q domain add news.example &&
	run mailadm import dkim "$K/opendkim.conf" && status 0 &&
	keys "x.example s1 pending yes" &&
	reported "$K/d/keys/a.key" added &&
	reported "$K/d/sign.list, line 2" "left out" \
	    "the key of x.example signs for it" &&
	reported "$K/d/sign.list, line 3" "left out" "does not exist" &&
	lines "$out" 3'

t 'opendkim.conf with one key for several domains' '
	start_again x.example y.example && key "$K/mail.private" &&
	printf "%s\n" "Domain x.example,y.example" "Selector mail" \
	    "KeyFile $K/mail.private" >"$K/opendkim.conf" &&
	run mailadm import dkim "$K/opendkim.conf" && status 0 &&
	keys "x.example mail pending yes" "y.example mail pending yes"'

t 'a KeyTable with relative names, blanks, and the key itself' '
	start_again x.example y.example && key "$K/sub/k.pem" &&
	key "$T/in.pem" && printf "%s\n" "  # mine" "" \
	    "a   x.example:s1:./sub/k.pem" "b	y.example:s2:$(grep -v -- \
	    -- "$T/in.pem" | tr -d "\n")" >"$K/mine" &&
	run mailadm import dkim "$K/mine" && status 0 &&
	stored "$K/sub/k.pem" x.example s1 &&
	stored "$T/in.pem" y.example s2 && reported "$K/mine, line 4" added'

t 'a pattern of files in a KeyTable, one for each domain' '
	start_again x.example y.example z.example && key "$K/x.example.pem" &&
	key "$K/y.example.pem" && echo "a %:s1:$K/%.pem" >"$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 && lines "$out" 2 &&
	keys "x.example s1 pending yes" "y.example s1 pending yes"'

t 'one key for every sender is refused with the command, others are read' '
	start_again && key "$K/k.pem" && printf "%s\n" \
	    "a %:s1:$K/k.pem" "b x.example:s1:$K/%.pem" \
	    "c x.example:s2:$K/k.pem" "d x.example" >"$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 &&
	reported "$K/KeyTable, line 1" "left out" "name them: mailadm \
dkim add DOMAIN... --import $K/k.pem --selector s1" &&
	reported "$K/KeyTable, line 2" "left out" "% in the name" &&
	reported "$K/KeyTable, line 4" "left out" "no line of a KeyTable" &&
	keys "x.example s2 pending yes"'

t 'the password in a dsn: is not shown' '
	start_again && key "$K/x.example/mail.private" &&
	echo "KeyTable dsn:mysql://mail:hunter2@localhost/mail/table=dkim" \
	    >"$K/opendkim.conf" && run mailadm import dkim "$K" && status 0 &&
	reported "$K/opendkim.conf, line 1" "left out" \
	    --source-defaults-file && unlike "$out$err" hunter2'

t 'where a table names a key of a domain, its other files do not sign' '
	start_again && key "$K/x.example/old.private" &&
	key "$K/x.example/new.private" && echo "n x.example:new:$K/\
x.example/new.private" >"$K/KeyTable" && run mailadm import dkim "$K" &&
	status 0 && keys "x.example new pending yes" &&
	reported "$K/x.example/old.private" "left out" "names another key"'

t 'amavisd.conf: what is plain Perl, and what is not' '
	start_again x.example y.example && key "$K/x.example.pem" &&
	key "$K/y.pem" && cat >"$K/amavisd.conf" <<-END &&
	\$enable_dkim_signing = 1;
	dkim_key('\''x.example'\'', "dkim", "$K/x.example.pem");
	# dkim_key('\''z.example'\'', '\''dkim'\'', '\''/nowhere'\'');
	dkim_key(
	  '\''y.example'\'',
	  '\''mail2024'\'',
	  '\''$K/y.pem'\'', t => '\''s'\''
	);
	dkim_key("\$domain", "dkim", "/nowhere.pem");
	END
	run mailadm import dkim "$K/amavisd.conf" && status 0 &&
	lines "$out" 3 && keys "x.example dkim pending yes" \
	    "y.example mail2024 pending yes" &&
	reported "$K/amavisd.conf, line 9" "left out" "is not plain" &&
	sql "DELETE FROM dkim_keys" && run mailadm import dkim "$K" &&
	keys "x.example dkim pending yes" "y.example mail2024 pending yes"'

t 'rspamd: a section for each domain, one or several keys' '
	start_again x.example y.example && key "$K/x.pem" && key "$K/y1.pem" &&
	key "$K/y2.pem" rsa && cat >"$K/dkim_signing.conf" <<-END &&
	# documentation: https://rspamd.com/doc/modules/dkim_signing.html
	enabled = true;
	use_redis = false; # not here
	.include "\$LOCAL_CONFDIR/more.conf"
	domain {
	    x.example {
	        path = "$K/x.pem";
	        selector = "mail";
	    }
	    y.example {
	        selectors [
	            { path: "$K/y1.pem", selector: "s1" },
	            {
	                path = "$K/y2.pem";
	                selector = "s2";
	            }
	        ]
	    }
	}
	END
	run mailadm import dkim "$K/dkim_signing.conf" && status 0 &&
	lines "$out" 3 && keys "x.example mail pending yes" \
	    "y.example s1 pending yes" "y.example s2 pending yes"'

t 'rspamd: what stands behind an open quote is not read' '
	start_again x.example y.example && key "$K/x.pem" &&
	printf "%s\n" "domain {" "  x.example { path = \"$K/x.pem\"; \
selector = s; }" "  y.example { path = $K/x.pem\";" \
	    "  selector = \"s2\"; }" "}" >"$K/dkim_signing.conf" &&
	run mailadm import dkim "$K/dkim_signing.conf" && status 0 &&
	keys "x.example s pending yes" &&
	reported "$K/dkim_signing.conf, line 3" "left out" "a quote does not"'

t 'docker-mailserver with rspamd: override.d, paths of the container' '
	start_again x.example && key "$K/rspamd/dkim/rsa-2048-mail-\
x.example.private.txt" && mkdir "$K/rspamd/override.d" &&
	printf "%s\n" "domain {" "    x.example {" "        path = \"/tmp/\
docker-mailserver/rspamd/dkim/rsa-2048-mail-x.example.private.txt\";" \
	    "        selector = \"mail\";" "    }" "}" \
	    >"$K/rspamd/override.d/dkim_signing.conf" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 1 &&
	keys "x.example mail pending yes"'

t 'Froxlor, ISPConfig, Modoboa with rspamd: maps of selectors and paths' '
	start_again x.example y.example &&
	key "$K/x.example.dkim7.key" && key "$K/y.pem" &&
	printf "%s\n" "path = \"$K/\$domain.\$selector.key\";" \
	    "selector_map = \"$K/selectors.map\";" "path_map = $K/paths.map" \
	    >"$K/dkim_signing.conf" &&
	printf "%s\n" "# domains" "x.example dkim7" "y.example default" \
	    >"$K/selectors.map" && echo "y.example $K/y.pem" >"$K/paths.map" &&
	run mailadm import dkim "$K/dkim_signing.conf" && status 0 &&
	lines "$out" 2 && keys "x.example dkim7 pending yes" \
	    "y.example default pending yes"'

t 'rspamd: the selector for all, and files that only name the domain' '
	start_again && key "$K/x.example.key" && printf "%s\n" \
	    "selector = '\''s1'\'';" "path = \"/var/lib/rspamd/dkim/\
\$domain.key\";" >"$K/dkim_signing.conf" && run mailadm import dkim "$K" &&
	status 0 && keys "x.example s1 pending yes"'

t 'rspamd: a pattern of files, and the selector for all' '
	start_again x.example y.example && key "$K/x.example/mail.private" &&
	printf "%s\n" "path = \"$K/\$domain/\$selector.private\";" \
	    "selector = \"mail\";" >"$T/dkim_signing.conf" &&
	run mailadm import dkim "$T/dkim_signing.conf" && status 0 &&
	lines "$out" 1 && keys "x.example mail pending yes"'

t 'a key that signs for all domains is not given to one' '
	start_again && key "$K/mail.key" && echo "selector = mail; \
path = $K/\$selector.key;" >"$K/dkim_signing.conf" &&
	run mailadm import dkim "$K" && status 0 && keys &&
	reported "$K/dkim_signing.conf, line 1" "left out" \
	    "--import $K/mail.key --selector mail" && lines "$out" 1'

t 'two names of a table that end in one file give no key to either' '
	start_again x.example y.example && key "$K/mail.private" && printf \
	    "%s\n" "a x.example:mail:/keys/x.example/mail.private" \
	    "b y.example:mail:/keys/y.example/mail.private" >"$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 && keys'

### what is not read

t 'a file that is no key says what it is, and none of its bytes' '
	start_again a.example b.example c.example d.example &&
	mkdir "$K"/a.example "$K"/b.example "$K"/c.example "$K"/d.example &&
	key "$T/k.pem" &&
	openssl pkey -in "$T/k.pem" -pubout -out "$K/a.example/s.private" &&
	openssl pkey -in "$T/k.pem" -aes128 -passout pass:x \
	    -out "$K/b.example/s.private" &&
	echo c0ntents >"$K/c.example/s.private" &&
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	    -out "$K/d.example/s.private" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 4 && keys &&
	reported "$K/a.example/s.private" "left out" "the public key" &&
	reported "$K/b.example/s.private" "left out" "encrypted" &&
	reported "$K/c.example/s.private" "left out" "no private key" &&
	reported "$K/d.example/s.private" "left out" "neither RSA" &&
	unlike "$out$err" c0ntents && unlike "$out$err" MIG'

t 'a weak key, and one that everybody can read, are imported with words' '
	start_again && key "$K/x.example/s.private" rsa 1024 &&
	chmod 644 "$K/x.example/s.private" && run mailadm import dkim "$K" &&
	status 0 && reported "$K/x.example/s.private" added \
	    "is weak, and everybody can read the file"'

t 'links, devices and large files are not read' '
	start_again a.example b.example c.example && key "$T/k.pem" &&
	mkdir "$K/a.example" "$K/b.example" "$K/c.example" &&
	ln -s "$T/k.pem" "$K/a.example/s.private" &&
	mkfifo "$K/b.example/s.private" &&
	head -c 100000 /dev/zero >"$K/c.example/s.private" &&
	ln -s "$T" "$K/away" && run mailadm import dkim "$K" && status 0 &&
	lines "$out" 2 && keys &&
	reported "$K/a.example/s.private" "left out" "symbolic link" &&
	reported "$K/c.example/s.private" "left out" larger'

t 'a table does not lead through a link' '
	start_again && key "$T/real/k.pem" && ln -s "$T/real" "$K/link" &&
	echo "a x.example:s:$K/link/k.pem" >"$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 && keys &&
	reported "$K/link/k.pem" "left out" "symbolic link"'

t 'nor above its own directory' '
	start_again && key "$T/above.pem" && printf "%s\n" \
	    "a x.example:s:../above.pem" >"$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 && keys &&
	reported "$K/KeyTable, line 1" "left out" "no name of a file"'

t 'a table that others can write names files in the directory only' '
	start_again x.example y.example && key "$T/out.pem" &&
	key "$K/in.pem" && printf "%s\n" "a x.example:s:$T/out.pem" \
	    "b y.example:s:$K/in.pem" >"$K/KeyTable" &&
	chmod 666 "$K/KeyTable" && run mailadm import dkim "$K" &&
	status 0 && keys "y.example s pending yes" &&
	reported "$K/KeyTable, line 1" "left out" \
	    "not in a directory that was named; others can write the table" &&
	chmod 600 "$K/KeyTable" && run mailadm import dkim "$K" &&
	keys "x.example s pending yes" "y.example s pending yes"'

t 'where only the table is named, it names nothing' '
	sql "DELETE FROM dkim_keys" && chmod 666 "$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 && keys &&
	lines "$out" 2 && reported "$K/KeyTable, line 2" "left out" \
	    "not in a directory that was named"'

t 'nor does a table that such a one names' '
	start_again x.example && key "$T/out.pem" && mkdir "$K/d" &&
	echo "a x.example:s:$T/out.pem" >"$T/outer" &&
	echo "KeyTable $T/outer" >"$K/d/opendkim.conf" &&
	chmod 666 "$K/d/opendkim.conf" &&
	run mailadm import dkim "$K/d" && status 0 && keys &&
	reported "$K/d/opendkim.conf, line 1" "left out" "not in a directory"'

t 'a selector is given to one key' '
	start_again && key "$K/a/x.example/s.private" &&
	key "$K/b/x.example/s.private" && run mailadm import dkim "$K" &&
	status 0 && lines "$out" 2 && stored "$K/a/x.example/s.private" \
	    x.example s && reported "$K/b/x.example/s.private" "left out" \
	    "$K/a/x.example/s.private"'

t 'a key that the database has with this selector stays' '
	start_again && mailadm -q dkim add x.example --selector mail \
	    --algorithm ed25519 >"$T/said" && key "$K/x.example/mail.private" &&
	run mailadm import dkim "$K" && status 0 &&
	reported "$K/x.example/mail.private" "left out" \
	    "already has a pending key: mail"'

t 'names that no selector can have are left out' '
	start_again && key "$K/k.pem" && printf "%s\n" \
	    "a x.example:a_b:$K/k.pem" "b x..example:s:$K/k.pem" \
	    >"$K/KeyTable" && run mailadm import dkim "$K/KeyTable" &&
	status 0 && lines "$out" 2 && keys'

t 'a table of more lines than there can be keys is refused' '
	start_again && { yes "a x.example:s:./k" | head -n 20001; } \
	    >"$K/KeyTable" && run mailadm import dkim "$K/KeyTable" &&
	status 3 && like "$err" "names more than 20000 keys" &&
	{ yes "a %:s:./%" | head -n 300; } >"$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 &&
	lines "$out" 200 && reported "$K/KeyTable, line 101" "left out" \
	    "too many patterns"'

# Lines as /etc/passwd and others have them: no word of them may be shown.
other_text() {
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' \
	    'gnats:x:41:41:S3cret W0rds (admin):/var/lib/gnats:/bin/false' \
	    'db W0rds:hunter2:/S3cret/path' 'machine W0rds login S3cret' \
	    'x.example,W0rds,S3cret' "it isn't S3cret"
	seq -f 'S3cret W0rds:hunter%g:x' 12
}

t 'a file that is no table is refused as a whole, and none of it shown' '
	start_again && other_text >"$K/passwd" && key "$T/k.pem" &&
	for name in passwd KeyTable dkim_signing.conf; do
		cp "$K/passwd" "$T/$name" &&
		run mailadm import dkim "$T/$name" && status 3 &&
		lines "$out" 0 && like "$err" "$T/$name is no table of keys" &&
		like "$err" "opendkim.conf, a KeyTable, amavisd.conf or" &&
		unlike "$out$err" S3cret && unlike "$out$err" W0rds &&
		unlike "$out$err" hunter && unlike "$out$err" gnats ||
			return 1
	done && like "$err" "line 6: a quote does not end" &&
	for name in SigningTable opendkim.conf amavisd.conf; do
		cp "$K/passwd" "$T/$name" &&
		run mailadm import dkim "$T/$name" && status 4 &&
		is "$out" "" && like "$err" "no DKIM key in $T/$name" &&
		unlike "$err" S3cret && unlike "$err" hunter || return 1
	done && mv "$T/KeyTable" "$K" && run mailadm import dkim "$K" &&
	status 3 && like "$err" "$K/KeyTable is no table of keys: line 1: " &&
	cp "$T/k.pem" "$K/KeyTable" && run mailadm import dkim "$K" &&
	status 3 && like "$err" "is no table of keys: line 1: "'

t 'nor is it read where a table names it' '
	start_again && other_text >"$K/passwd" && printf "%s\n" \
	    "KeyTable $K/passwd" "SigningTable $K/passwd" \
	    >"$K/opendkim.conf" && run mailadm import dkim \
	    "$K/opendkim.conf" && status 0 && lines "$out" 1 &&
	reported "$K/opendkim.conf, line 1" "left out" \
	    "$K/passwd is no table of keys: line 1: is no line" &&
	unlike "$out$err" S3cret && printf "%s\n" \
	    "selector_map = \"$K/passwd\";" "path_map = $K/passwd" \
	    >"$K/dkim_signing.conf" && run mailadm import dkim \
	    "$K/dkim_signing.conf" && status 0 && lines "$out" 1 &&
	reported "$K/dkim_signing.conf, line 1" "left out" \
	    "$K/passwd is no table of keys: line 2: is no line of a map" &&
	unlike "$out$err" S3cret'

t 'of a table with other lines none of these is shown, sorted by number' '
	start_again && key "$K/k.pem" && { other_text &&
	    echo "a x.example:s:$K/k.pem"; } >"$K/mine" &&
	run mailadm import dkim "$K/mine" && status 0 && lines "$out" 19 &&
	is "$(echo "$out" | sed -n "s/.*, line \([0-9]*\)	.*/\1/p")" \
	    "$(seq 18)" && unlike "$out$err" S3cret &&
	unlike "$out$err" hunter && keys "x.example s pending yes"'

t 'an empty file, a picture, a CSV, a pipe and a folder without keys' '
	start_again && : >"$T/empty" && mkfifo "$T/pipe" &&
	printf "\377\330\377\340\0\020JFIF\0" >"$T/picture" &&
	printf "%s\n" "domain,selector,file" "x.example,s,/S3cret" >"$T/csv" &&
	for name in empty picture csv pipe; do
		run mailadm import dkim "$T/$name" && status 3 &&
		is "$out" "" && unlike "$err" S3cret || return 1
	done && cp "$T/picture" "$T/csv" "$K" &&
	run mailadm import dkim "$K" && status 4 &&
	cp "$T/picture" "$K/x.example.s.key" &&
	run mailadm import dkim "$K" && status 0 && lines "$out" 1 &&
	reported "$K/x.example.s.key" "left out" "holds a NUL byte" && keys'

### usage

t 'what is missing is said' '
	start_again && run mailadm import dkim && status 2 &&
	like "$err" "missing argument: PATH" &&
	run mailadm import dkim "$K" --source-database x && status 2 &&
	run mailadm import dkim "$K" && status 4 && like "$err" "no DKIM key" &&
	run mailadm import dkim "$T/nowhere" && status 4 &&
	key "$K/k.pem" && run mailadm import dkim "$K/k.pem" && status 3 &&
	like "$err" "mailadm dkim add DOMAIN --import FILE" &&
	echo words >"$K/text" && run mailadm import dkim "$K/text" &&
	status 3 &&
	printf "a\0b" >"$K/KeyTable" && run mailadm import dkim "$K/KeyTable" &&
	status 3 && like "$err" "holds a NUL byte"'

t 'without the secret nothing is read' '
	mv "$T/secret" "$T/away" && run mailadm import dkim "$K" && status 9 &&
	mv "$T/away" "$T/secret"'

t 'in a batch it is part of the one transaction' '
	start_again && key "$K/x.example/mail.private" &&
	printf "%s\n" "import dkim $K" "domain add y.example" "alias add" \
	    >"$T/batch" && run mailadm -f "$T/batch" && status 2 && keys &&
	sed -i 3d "$T/batch" && run mailadm -f "$T/batch" && status 0 &&
	keys "x.example mail pending yes"'

t 'hundreds of keys, in one change' '
	start_again && key "$T/k.pem" && for n in $(seq 300); do
		mkdir "$K/d$n.example" &&
		cp "$T/k.pem" "$K/d$n.example/mail.private" || return 1
	done && seq 300 | sed "s/.*/domain add d&.example/" >"$T/batch" &&
	mailadm -q -f "$T/batch" && run mailadm import dkim "$K" &&
	status 0 && lines "$out" 300 &&
	is "$(sql "SELECT COUNT(*) FROM dkim_keys")" 300'

finish

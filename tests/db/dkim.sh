#!/bin/sh
# DKIM keys: added, imported, listed, shown, retired, removed, exported.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh

server_start --log-bin --general-log=1
fresh

accounts_sql secret >"$T/grants.sql"
sql "SOURCE $T/grants.sql"
sed -i 's/^\[mailadm\]/&\nuser=mailadm\npassword=secret/' "$T/client.cnf"
secret_make
today=$(date -u +%Y%m%d)

start_again() {
	sql 'DELETE FROM dkim_keys; DELETE FROM history; DELETE FROM aliases;
		DELETE FROM users; DELETE FROM domains' &&
	mailadm -q domain add x.example && mailadm -q domain add y.example
}

start_again

### add

t 'a key is added pending, and its record is printed' '
	run mailadm dkim add x.example && status 0 &&
	keys "x.example ${today}r pending yes" && lines "$out" 1 &&
	matches "$out" "^x.example	${today}r._domainkey.x.example	\
TXT	v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{392}	required	" &&
	like "$err" "DKIM key ${today}r of x.example added" &&
	like "$err" "mailadm dkim activate x.example"'

t 'what is stored is opened by openssl with the secret, and by no other' '
	sql "SELECT private_key FROM dkim_keys" | sed "s/\\\\n/\n/g" \
	    >"$T/sealed" &&
	openssl pkey -in "$T/sealed" -passin "file:$T/secret" -pubout \
	    -outform DER | base64 -w0 >"$T/public" &&
	is "$(cat "$T/public")" "$(sql "SELECT public_key FROM dkim_keys")" &&
	! openssl pkey -in "$T/sealed" -passin pass:other -noout 2>"$T/said" &&
	openssl asn1parse -in "$T/sealed" | grep -q aes-256-cbc &&
	openssl asn1parse -in "$T/sealed" | grep -q hmacWithSHA256 &&
	openssl asn1parse -in "$T/sealed" | grep -q "INTEGER  *:01$"'

t 'a second pending key of an algorithm is refused' '
	run mailadm dkim add x.example && status 5 && empty "$out" &&
	like "$err" "x.example already has a pending key: ${today}r" &&
	run mailadm dkim add x.example --if-not-exists && status 0 &&
	lines "$out" 1 && keys "x.example ${today}r pending yes"'

t 'algorithms, sizes and selectors are chosen' '
	start_again &&
	run mailadm dkim add x.example --algorithm ed25519 && status 0 &&
	matches "$out" "${today}e._domainkey.*v=DKIM1; k=ed25519; \
p=[A-Za-z0-9+/]{43}=	" &&
	run mailadm dkim add x.example --selector Mail-1 --algorithm rsa \
	    --bits 3072 && status 0 &&
	is "$(mailadm dkim list --columns selector,algorithm,bits)" \
"${today}e	ed25519	\\N
mail-1	rsa	3072"'

t 'a named key that exists has to be of the same size' '
	run mailadm dkim add x.example --selector mail-1 --bits 3072 \
	    --if-not-exists && status 0 &&
	run mailadm dkim add x.example --selector mail-1 --bits 2048 \
	    --if-not-exists && status 5 &&
	like "$err" "already has a pending key: mail-1"'

t 'the setting says which are made, and several domains may be named' '
	start_again && dkim_settings "dkim_algorithms = rsa ed25519" &&
	run mailadm dkim add x.example y.example && status 0 &&
	lines "$out" 4 && keys "x.example ${today}e pending yes" \
	    "x.example ${today}r pending yes" \
	    "y.example ${today}e pending yes" \
	    "y.example ${today}r pending yes" &&
	is "$(sql "SELECT COUNT(DISTINCT public_key) FROM dkim_keys")" 4 &&
	run mailadm dkim add x.example --selector s && status 2 &&
	dkim_settings "dkim_algorithms = rsa dsa" &&
	run mailadm dkim add x.example && status 3 && like "$err" dsa &&
	dkim_settings "dkim_algorithms =" &&
	run mailadm dkim add x.example && status 3 && dkim_settings'

t 'a selector is never given twice, not after its key is removed either' '
	start_again && mailadm -q dkim add x.example >"$T/said" &&
	mailadm -q dkim remove x.example ${today}r &&
	run mailadm dkim add x.example && status 0 &&
	keys "x.example ${today}r2 pending yes" &&
	run mailadm dkim add x.example --selector ${today}r \
	    --algorithm ed25519 && status 5 && like "$err" "was used before"'

cat >"$T/wrong" <<'END'
3 nowhere
3 x.example --selector a.b
3 x.example --selector -a
3 x.example --selector ../../etc
3 x.example --selector a;b
3 x.example --selector ""
2 x.example --algorithm dsa
3 x.example --bits 1024
3 x.example --bits 8192
3 x.example --bits many
2 x.example --bits 2048 --algorithm ed25519
2 x.example --activate
4 x.example --import /nonexistent --selector s
4 z.example
4 x.example z.example
END

t 'what cannot be is refused, and nothing is added' '
	start_again && while read -r wanted line; do
		eval "run mailadm dkim add $(echo "$line" |
			sed "s/;/\\\\;/g")" && status "$wanted" &&
		empty "$out" && keys || return 1
	done <"$T/wrong"'

t 'with --dry-run nothing is added' '
	run mailadm -n dkim add x.example && status 0 && lines "$out" 1 &&
	like "$err" "nothing was changed" && keys'

t 'a batch adds keys in one transaction' '
	printf "dkim add %s.example\n" x y z >"$T/batch" &&
	run mailadm -f "$T/batch" && status 4 && like "$err" ":3: " && keys &&
	sed -i 3d "$T/batch" && run mailadm <"$T/batch" && status 0 &&
	keys "x.example ${today}r pending yes" \
	    "y.example ${today}r pending yes"'

### secrets

t 'without the secret nothing is added, and the file is named' '
	start_again && mv "$T/secret" "$T/secret.away" &&
	run mailadm dkim add x.example && status 9 &&
	like "$err" "$T/secret" && like "$err" "mailadm config init" && keys &&
	mv "$T/secret.away" "$T/secret"'

t 'a secret that others can read is refused' '
	chmod 640 "$T/secret" && run mailadm dkim add x.example && status 9 &&
	like "$err" "chmod 600" && chmod 600 "$T/secret" && keys'

t 'a host with another secret adds nothing and exports nothing' '
	mailadm -q dkim add x.example >"$T/said" && mv "$T/secret" "$T/mine" &&
	secret_make && run mailadm dkim add y.example && status 9 &&
	like "$err" "another secret" &&
	run mailadm dkim export x.example ${today}r --out "$T/out.pem" &&
	status 9 && like "$err" "$T/secret" && [ ! -e "$T/out.pem" ] &&
	mv "$T/mine" "$T/secret" && keys "x.example ${today}r pending yes"'

### import

opendkim() { # BITS: as opendkim-genkey writes it
	openssl genrsa -traditional -out "$T/mail.private" "$1" 2>"$T/said" ||
	openssl genrsa -out "$T/mail.private" "$1" 2>"$T/said"
	printf 'Mail\t._domainkey\tIN\tTXT\t( "v=DKIM1; p=x" )\n' |
		sed 's/	\._/._/' >"$T/mail.txt"
}

t 'a key of opendkim-genkey is imported with its selector' '
	start_again && opendkim 2048 &&
	run mailadm dkim add x.example --import "$T/mail.private" &&
	status 0 && keys "x.example mail pending yes" &&
	is "$(sql "SELECT public_key FROM dkim_keys")" "$(openssl pkey -in \
	    "$T/mail.private" -pubout -outform DER | base64 -w0)"'

t 'imported twice it is the same, another one under its name is not' '
	run mailadm dkim add x.example --import "$T/mail.private" && status 5 &&
	run mailadm -v dkim add x.example --import "$T/mail.private" \
	    --if-not-exists && status 0 && like "$err" unchanged &&
	opendkim 2048 && run mailadm dkim add x.example --import \
	    "$T/mail.private" --if-not-exists && status 5'

t 'the bytes of rspamadm and a PEM of openssl need a selector' '
	start_again &&
	printf "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL" \
	    >"$T/brisbane.key" &&
	printf "/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==\n" >>"$T/brisbane.key" &&
	run mailadm dkim add x.example --import "$T/brisbane.key" &&
	status 2 && like "$err" "--selector" &&
	run mailadm dkim add x.example --import "$T/brisbane.key" \
	    --selector brisbane && status 0 &&
	like "$out" "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" &&
	openssl genpkey -algorithm ed25519 -out "$T/e.pem" 2>"$T/said" &&
	run mailadm dkim add y.example --import "$T/e.pem" --selector e &&
	status 0 && keys "x.example brisbane pending yes" \
	    "y.example e pending yes"'

t 'a weak or exposed key is imported with a note' '
	start_again && opendkim 1024 && chmod 644 "$T/mail.private" &&
	run mailadm dkim add x.example --import "$T/mail.private" &&
	status 0 && like "$err" "1024 bits is weak" &&
	like "$err" "everybody can read $T/mail.private"'

t 'files that hold no key are refused with the reason' '
	start_again && openssl genpkey -algorithm ec -pkeyopt \
	    ec_paramgen_curve:P-256 -out "$T/ec.pem" 2>"$T/said" &&
	openssl genrsa -out "$T/512.pem" 512 2>"$T/said" &&
	openssl pkey -in "$T/e.pem" -aes128 -passout pass:x \
	    -out "$T/locked.pem" && : >"$T/empty.pem" &&
	cat "$T/e.pem" "$T/e.pem" >"$T/two.pem" &&
	openssl pkey -in "$T/e.pem" -pubout -out "$T/pub.pem" &&
	for case in "ec.pem neither RSA nor" "512.pem less than 1024" \
	    "locked.pem is encrypted" "empty.pem is empty" \
	    "two.pem more than one" "pub.pem the public key"; do
		run mailadm dkim add x.example --selector s --import \
		    "$T/${case%% *}" && status 3 &&
		like "$err" "${case#* }" && keys || return 1
	done'

### list and show

t 'keys are listed by domain, state and pattern' '
	start_again && mailadm -q dkim add x.example y.example >"$T/said" &&
	mailadm -q dkim activate x.example --force &&
	is "$(mailadm dkim list --state active --columns domain)" x.example &&
	is "$(mailadm dkim list "y*" --columns domain,state)" \
	    "y.example	pending" &&
	is "$(mailadm dkim list --count)" 2 &&
	is "$(mailadm dkim list --sort -domain --columns domain |
		tr "\n" " ")" "y.example x.example " &&
	is "$(mailadm dkim list --limit 1 --columns domain)" x.example &&
	run mailadm dkim list --domain z.example && status 4 &&
	run mailadm dkim list --state gone && status 2 &&
	is "$(mailadm -o csv dkim list | head -1 | tr -d "\r")" \
	    domain,selector,algorithm,bits,state,since,seen'

t 'show prints the record in each form, and nothing of the private half' '
	run mailadm -o json dkim show x.example ${today}r && status 0 &&
	matches "$out" "^.\"domain\":\"x.example\",\"selector\":\"${today}r\",\
\"algorithm\":\"rsa\",\"bits\":2048,\"state\":\"active\",\"since\":\"[^\"]*\",\
\"seen\":null,\"created\":\"[^\"]*\",\
\"name\":\"${today}r._domainkey.x.example\",\
\"value\":\"v=DKIM1; k=rsa; p=[^\"]{392}\",\"zone\":\"[^,]*\".$" &&
	mailadm --columns zone dkim show x.example ${today}r >"$T/zone" &&
	matches "$(cat "$T/zone")" "^${today}r._domainkey.x.example. IN TXT \
\( \"[^\"]{255}\" \"[^\"]{155}\" \)$" &&
	unlike "$out" PRIVATE && run mailadm dkim show x.example nokey &&
	status 4 && run mailadm dkim show z.example && status 4 &&
	run mailadm -o json dkim show x.example && matches "$out" "^.{"'

### retire and remove

t 'the only key that signs is retired by force only' '
	run mailadm dkim retire x.example ${today}r && status 6 &&
	like "$err" "unsigned" &&
	run mailadm dkim retire x.example ${today}r --force && status 0 &&
	matches "$out" "v=DKIM1; k=rsa; p=	remove" &&
	keys "x.example ${today}r retired no" \
	    "y.example ${today}r pending yes" &&
	run mailadm -v dkim retire x.example ${today}r && status 0 &&
	like "$err" unchanged && run mailadm dkim retire y.example ${today}r &&
	status 6 && like "$err" "pending"'

t 'a key is removed when no mail can name it any more' '
	run mailadm dkim remove x.example ${today}r && status 6 &&
	like "$err" "under way" &&
	run mailadm dkim remove y.example ${today}r && status 0 &&
	like "$err" "remove its record from DNS: ${today}r._domainkey" &&
	sql "UPDATE dkim_keys SET state_since = state_since - INTERVAL 8 DAY" &&
	run mailadm dkim remove x.example ${today}r && status 0 && keys &&
	run mailadm dkim remove x.example ${today}r && status 4 &&
	run mailadm dkim remove x.example ${today}r --if-exists && status 0'

t 'one that signs is removed by force only' '
	start_again && mailadm -q dkim add x.example >"$T/said" &&
	mailadm -q dkim activate x.example --force &&
	run mailadm dkim remove x.example ${today}r && status 6 &&
	like "$err" "is active" &&
	run mailadm dkim remove x.example ${today}r --force && status 0 && keys'

### export

t 'a key is exported to a new file that only its owner can read' '
	start_again && mailadm -q dkim add x.example >"$T/said" && umask 000 &&
	run mailadm dkim export x.example ${today}r --out "$T/key.pem" &&
	status 0 && umask 022 && empty "$out" && unlike "$err" PRIVATE &&
	is "$(stat -c %a "$T/key.pem")" 600 &&
	is "$(openssl pkey -in "$T/key.pem" -pubout -outform DER |
		base64 -w0)" "$(sql "SELECT public_key FROM dkim_keys")"'

t 'it never overwrites a file, and writes to no terminal or device' '
	cksum "$T/key.pem" >"$T/before" &&
	run mailadm dkim export x.example ${today}r --out "$T/key.pem" &&
	status 5 && cksum "$T/key.pem" | cmp - "$T/before" &&
	for file in /dev/stdout /dev/null /dev/tty; do
		run mailadm dkim export x.example ${today}r --out $file &&
		status 5 && empty "$out" || return 1
	done &&
	run mailadm dkim export x.example ${today}r --out "$T/no/key.pem" &&
	status 10 && run mailadm dkim export x.example ${today}r && status 2 &&
	run mailadm -n dkim export x.example ${today}r --out "$T/dry.pem" &&
	status 0 && [ ! -e "$T/dry.pem" ]'

t 'an exported key is imported again' '
	run mailadm dkim add y.example --selector copy --import "$T/key.pem" &&
	status 0 &&
	is "$(sql "SELECT COUNT(DISTINCT public_key) FROM dkim_keys")" 1'

t 'a retired key has nothing to export' '
	mailadm -q dkim activate x.example --force &&
	mailadm -q dkim retire x.example ${today}r --force >"$T/said" &&
	run mailadm dkim export x.example ${today}r --out "$T/gone.pem" &&
	status 6 && [ ! -e "$T/gone.pem" ]'

### nobody sees a private key

# Files of the server that hold the bytes, of a key or of a word.
holding() { # HEX
	find "$T/db" -type f -size +0 | LC_ALL=C sort |
		perl -ne 'BEGIN { $main::hex = shift }
		    chomp; open my $f, "<:raw", $_ or die; local $/;
		    print "$_\n" if index(<$f>, pack "H*", $main::hex) >= 0' \
		    "$1"
}

hex() {
	od -An -tx1 -v | tr -d ' \n'
}

t 'no private key is in the database, its logs or its history' '
	sql "FLUSH BINARY LOGS; FLUSH TABLES" && server_stop &&
	key=$(sed -n 10p "$T/key.pem") && [ ${#key} -gt 60 ] &&
	empty "$(holding "$(printf %s "$key" | hex)")" &&
	empty "$(holding "$(printf %s "$key" | base64 -d | hex)")" &&
	empty "$(holding "$(printf %s "$key" | base64 -d | hex | hex)")" &&
	for word in "BEGIN PRIVATE KEY" "BEGIN RSA PRIVATE KEY"; do
		empty "$(holding "$(printf %s "$word" | hex)")" || return 1
	done &&
	found=$(holding "$(printf "BEGIN ENCRYPTED PRIVATE KEY" | hex)") &&
	matches "$found" "[.]log$" && matches "$found" "bin[.]0" &&
	matches "$found" "ibd$|ibdata|ib_logfile"'

finish

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
finish

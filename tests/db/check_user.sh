# mailadm check: the rules of users.
. tests/lib.sh
. tests/db/lib-check.sh
server_start && fresh
server_database=
accounts_sql '' >"$T/grants.sql"
sql "source $T/grants.sql; ALTER USER mailadm_check@localhost IDENTIFIED BY ''"

# hash NUMBER: another one each time.
hash() {
	echo "\$5\$rounds=50000\$$(printf %016d "$1")\$${HASH##*$}"
}

# user EMAIL [HASH]
user() {
	plant "INSERT INTO users (email, crypt)
	    VALUES ('$1', '${2:-$(hash "$(printf %s "$1" | cksum |
	    cut -d ' ' -f 1)")}')"
}

# hashes WANTED HASH...: in both, ours first.
hashes() {
	hashes_wanted=$1
	shift
	for hashes_kind in clean foreign; do
		$hashes_kind || return 1
		hashes_n=0
		for hashes_hash; do
			hashes_n=$((hashes_n + 1))
			user "u$hashes_n@x.org" "$hashes_hash" || return 1
		done
		found "$hashes_wanted" || return 1
	done
}

t 'U001: a domain that does not exist, ours or not' '
	clean && user bo@y.org && found "U001 bo@y.org" &&
	foreign && user bo@y.org && found "U001 bo@y.org" &&
	says U001 "bo@y.org is in a domain that does not exist"'

t 'U001: nothing is said of it where there is no table of domains' '
	foreign && plant "DROP TABLE domains" && user bo@y.org &&
	found_as root --rule U001 && is "$found_out" ""'

t 'U002: what is no address' '
	foreign && user bo && user "@x.org" && user "b o@x.org" &&
	user "bo@@x.org" && user "" && user "bo@localhost" &&
	user "-bo@x.org" && plant "INSERT INTO users VALUES (NULL, NULL)" &&
	found "U002
U002
U002 -bo@x.org
U002 @x.org
U002 b_o@x.org
U002 bo
U002 bo@@x.org
U002 bo@localhost"'

t 'U003: capitals, blanks and U-labels' '
	foreign && plant "INSERT INTO domains VALUES
	    (\"xn--bcher-kva.example\");
	    INSERT INTO aliases VALUES
	    (\"postmaster@xn--bcher-kva.example\", \"anna@x.org\"),
	    (\"abuse@xn--bcher-kva.example\", \"anna@x.org\")" &&
	user "Bo@x.org" && user "carl@X.org" && user " dora@x.org" &&
	user "emil@bücher.example" && found "U003 _dora@x.org
U003 Bo@x.org
U003 carl@X.org
U003 emil@bücher.example" &&
	says U003 "must be written as emil@xn--bcher-kva.example" &&
	clean && user Bo@x.org && found "U003 Bo@x.org"'

t 'U004: in two spellings, and twice in a table without a key' '
	foreign && user "Anna@x.org" && user bo@x.org && user bo@x.org &&
	user bo@x.org && user carl@x.org && user "Carl@X.org" &&
	user "CARL@x.org" && found "U003 Anna@x.org
U003 CARL@x.org
U003 Carl@X.org
U004 anna@x.org
U004 bo@x.org
U004 carl@x.org" &&
	says U004 "anna@x.org exists twice, once as .Anna@x.org." &&
	says U004 "bo@x.org exists twice$"'

t 'U004: two spellings are found on our own schema, too' '
	clean && user Anna@x.org && found "U003 Anna@x.org
U004 anna@x.org"'

t 'U005: an empty password, and NULL' '
	foreign && user bo@x.org "" && user ok@x.org &&
	plant "UPDATE users SET crypt = \"\" WHERE email = \"bo@x.org\";
	    INSERT INTO users VALUES (\"carl@x.org\", NULL)" &&
	found "U005 bo@x.org
U005 carl@x.org" &&
	says U005 "bo@x.org has an empty password" &&
	says U005 "password of user carl@x.org is NULL" &&
	clean && user bo@x.org && plant "UPDATE users SET crypt = \"\"
	    WHERE email = \"bo@x.org\"" && found "U005 bo@x.org"'

t 'U006, U007: placeholders, and the one that was meant' '
	hashes "U006 u2@x.org
U006 u3@x.org
U006 u4@x.org
U006 u5@x.org
U006 u6@x.org
U006 u7@x.org
U007 u1@x.org" "!" "*0" "*" "!!" "x" "*LK*" "!$HASH"'

t 'U008: cleartext, and what looks so' '
	hashes "U008 u1@x.org
U008 u2@x.org
U008 u3@x.org
U008 u4@x.org" secret "hunter2 !" "{PLAIN}x" "{CLEARTEXT}secret" &&
	unlike "$out" secret && unlike "$out" hunter2'

t 'U009: an unknown scheme' '
	hashes "U009 u1@x.org
U009 u2@x.org
U009 u3@x.org" "{FOO}bar" "\$apr1\$abc\$def" \
	    "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19"'

t 'U010: another scheme than the label says' '
	hashes "U010 u1@x.org
U010 u2@x.org" "{SHA256}$(hash 1)" "{SHA512-CRYPT}$(hash 2)" \
	    "{SHA256-CRYPT}$(hash 3)" "{CRYPT}$(hash 4)"'

t 'U011: malformed and truncated' '
	hashes "U011 u1@x.org
U011 u2@x.org
U011 u3@x.org" "$(hash 1 | sed "s/.$//")" "$(hash 2) " "{SSHA}abc"'

t 'U012: DES, MD5, unsalted digests, reversible schemes' '
	hashes "U012 u1@x.org
U012 u2@x.org
U012 u3@x.org
U012 u4@x.org
U012 u5@x.org" abJnggxhB/yWI "\$1\$abcdefgh\$y6iHhJNbuC0xpbk0w9pm80" \
	    5f4dcc3b5aa765d61d8327deb882cf99 \
	    "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=" \
	    "{CRAM-MD5}38b57fd1a0c4b46c814aa05f20318edd71c455380655f2c0"'

t 'U013, U014: fewer rounds than the policy, and so many that a login hangs' '
	hashes "U013 u1@x.org
U013 u4@x.org
U014 u2@x.org
U014 u5@x.org" "$(hash 1 | sed s/50000/4999/)" \
	    "$(hash 2 | sed s/50000/999999999/)" \
	    "$(hash 3 | sed s/50000/5000/)" \
	    "\$2y\$04\$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2" \
	    "\$2y\$31\$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2" \
	    "\$2y\$10\$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2" &&
	says U013 "rounds of 4999, less than 5000" &&
	says U013 "a cost of 4, less than 10"'

t 'U013: the policy is a setting' '
	clean && echo "rounds_min = 60000" >"$T/conf" &&
	run mailadm --config "$T/conf" check --rule U013 && status 1 &&
	like "$out" anna@x.org'

# dovecot VERSION [LINE]: the configuration that the settings name.
dovecot() {
	mkdir -p "$T/no-dovecot" &&
	printf '%s\n' "${1:+dovecot_config_version = $1}" ${2:+"$2"} \
		>"$T/no-dovecot/dovecot.conf"
}

MD5=\$1\$abcdefgh\$y6iHhJNbuC0xpbk0w9pm80

t 'U024: a hash that the configured Dovecot refuses is an error' '
	clean && user md5@x.org "$MD5" &&
	user smd5@x.org "{SMD5}6zL2gBBejSe28Dd2bpaks3VWZFo3SnpY" &&
	user sha@x.org "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=" &&
	dovecot 2.4.1 && found "U012 sha@x.org
U024 md5@x.org
U024 smd5@x.org" &&
	says U024 "user md5@x.org cannot log in: Dovecot 2.4 refuses"'

t 'elsewhere it is a warning that names 2.4' '
	dovecot "" && found "U012 md5@x.org
U012 sha@x.org
U012 smd5@x.org" && says U012 "md5@x.org has a weak .*, which Dovecot 2.4" &&
	says U012 "sha@x.org has a weak password hash$" &&
	rm -r "$T/no-dovecot" && found "U012 md5@x.org
U012 sha@x.org
U012 smd5@x.org"'

t 'and so it is where weak schemes are allowed for a time' '
	dovecot 2.4.1 "auth_allow_weak_schemes = yes" && found "U012 md5@x.org
U012 sha@x.org
U012 smd5@x.org" &&
	dovecot 2.4.1 && echo "auth_allow_weak_schemes = yes" \
		>"$T/no-dovecot/local.conf" && found "U012 md5@x.org
U012 sha@x.org
U012 smd5@x.org"'

t 'an account that sees no hash sees the same by the scheme' '
	rm -r "$T/no-dovecot" && dovecot 2.4.1 &&
	found_as mailadm_check && is "$found_out" "U012 sha@x.org
U024 md5@x.org
U024 smd5@x.org" && rm -r "$T/no-dovecot"'

# verdicts COLUMN: of each row of hashes.tsv, but for those rules that are not
# about the form of a hash.
verdicts() {
	clean && verdicts_n=0 || return 1
	sed -e 1d tests/data/hashes.tsv >"$T/hashes"
	while IFS="	" read -r verdicts_name verdicts_hash verdicts_rest; do
		verdicts_n=$((verdicts_n + 1))
		user "v$verdicts_n@x.org" "$verdicts_hash" || return 1
	done <"$T/hashes"
	run mailadm check --severity note --columns rule,severity,name
	awk -F "\t" -v column="$1" "
		NR == FNR { if (\$1 ~ /^U/ && \$1 !~ /^U(007|013|015)\$/)
			found[\$3] = \$2; next }
		/^#/ { next }
		{ n++; is = found[\"v\" n \"@x.org\"]; if (is == \"\")
			is = \"silent\"
		  if (\"|\" \$column \"|\" !~ (\"[|]\" is \"[|]\"))
			print \$1 \": \" is \", not \" \$column }
	" "$T/out" tests/data/hashes.tsv >"$T/verdicts"
	is "$(cat "$T/verdicts")" ""
}

t 'the verdict on each kind of hash, where Dovecot 2.3 is configured' '
	dovecot "" && verdicts 8'
t 'and where 2.4 is' '
	dovecot 2.4.1 && verdicts 9 && rm -r "$T/no-dovecot"'

t 'U015: each user who has the hash of another' '
	hashes "U015 u2@x.org
U015 u3@x.org
U015 u5@x.org" "$(hash 1)" "$(hash 1)" "$(hash 1)" "$(hash 2)" "$(hash 2)" \
	    "$(hash 3)" &&
	says U015 "u3@x.org has the same password hash as u1@x.org" &&
	says U015 "u5@x.org has the same password hash as u4@x.org"'

t 'U015: neither those who have none nor two spellings of one' '
	foreign && user u1@x.org "!" && user u2@x.org "!" &&
	user U3@x.org "$(hash 3)" && user u3@x.org "$(hash 3)" &&
	found_as root --rule U015 && is "$found_out" ""'

t 'U016: a name with which Dovecot refuses logins' '
	clean && user bo+x@x.org && user "c'\'\''d@x.org" &&
	found "U016 bo+x@x.org
U016 c'\''d@x.org" && says U016 "cannot log in: .*begins a tag" &&
	foreign && user bo+x@x.org && user a.b_c-d@x.org &&
	found "U016 bo+x@x.org"'

t 'U017: an alias that takes all of the mail, and one that keeps a copy' '
	foreign && user bo@x.org && user carl@x.org &&
	plant "INSERT INTO aliases VALUES
	    (\"bo@x.org\", \"anna@x.org\"), (\"bo@x.org\", \"z@y.example\"),
	    (\"carl@x.org\", \"anna@x.org\"),
	    (\"carl@x.org\", \"carl@x.org\")" &&
	found "U017 bo@x.org" &&
	says U017 "mail to user bo@x.org goes to anna@x.org"'

t 'U017: a disabled alias takes nothing, a disabled user loses nothing' '
	clean && user bo@x.org && user carl@x.org &&
	plant "INSERT INTO aliases (mail, destination, active) VALUES
	    (\"bo@x.org\", \"anna@x.org\", 0),
	    (\"carl@x.org\", \"anna@x.org\", 1);
	    UPDATE users SET active = 0 WHERE email = \"carl@x.org\"" &&
	found "" && plant "UPDATE users SET active = 1" &&
	found "U017 carl@x.org"'

t 'U018: a quota that is negative or too large' '
	foreign && plant "ALTER TABLE users ADD quota BIGINT;
	    INSERT INTO users VALUES (\"a@x.org\", \"$(hash 1)\", -1),
	    (\"b@x.org\", \"$(hash 2)\", 1152921504606846977),
	    (\"c@x.org\", \"$(hash 3)\", 0),
	    (\"d@x.org\", \"$(hash 4)\", 9223372036854775807)" &&
	found "U018 a@x.org
U018 b@x.org" && says U018 "a quota of -1 bytes" &&
	clean && plant "UPDATE users SET quota = 0" && found "U018 anna@x.org"'

t 'U019: two users with one home' '
	foreign && plant "ALTER TABLE users ADD home VARCHAR(255);
	    INSERT INTO users VALUES
	    (\"a@x.org\", \"$(hash 1)\", \"/var/mail/a\"),
	    (\"b@x.org\", \"$(hash 2)\", \"/var/mail/a\"),
	    (\"c@x.org\", \"$(hash 3)\", \"/var/mail/c\"),
	    (\"d@x.org\", \"$(hash 4)\", \"\"),
	    (\"e@x.org\", \"$(hash 5)\", \"\")" && found "U019 b@x.org" &&
	says U019 "has the same home as another user: /var/mail/a"'

t 'U019: a home that everybody has is the folder that others hang under' '
	foreign && plant "ALTER TABLE users ADD home VARCHAR(255)
	    DEFAULT \"/var/mail\"" && user a@x.org && user b@x.org &&
	found ""'

t 'U019: our own homes are compared where their key is missing' '
	clean && user bo@x.org && plant "ALTER TABLE users DROP KEY home;
	    UPDATE users SET home = \"x.org/anna\"" &&
	found "U019 bo@x.org" && says U019 "x.org/anna"'
fresh

t 'U020: a home outside of the mail directory' '
	clean && for n in 1 2 3 4 5 6; do user "u$n@x.org" || return 1; done &&
	plant "UPDATE users SET home = CASE email
	    WHEN \"u1@x.org\" THEN \"/etc\" WHEN \"u2@x.org\" THEN \"../b\"
	    WHEN \"u3@x.org\" THEN \"x.org/./c\"
	    WHEN \"u4@x.org\" THEN \"~root\" WHEN \"u5@x.org\"
	    THEN \"x.org/e/..\" WHEN \"u6@x.org\" THEN \"x.org/..f\"
	    ELSE home END" &&
	found "U020 u1@x.org
U020 u2@x.org
U020 u3@x.org
U020 u4@x.org
U020 u5@x.org"'

t 'U020: others may write whole paths, but none that leads back' '
	foreign && plant "ALTER TABLE users ADD home VARCHAR(255);
	    INSERT INTO users VALUES
	    (\"a@x.org\", \"$(hash 1)\", \"/var/mail//a/\"),
	    (\"b@x.org\", \"$(hash 2)\", \"/var/mail/../b\")" &&
	found "U020 b@x.org"'

t 'U021: a user who is enabled and may do nothing' '
	clean && for n in 1 2 3 4 5; do user "u$n@x.org" || return 1; done &&
	plant "UPDATE users SET may_login = email LIKE \"u1%\",
	    may_send = email LIKE \"u2%\", may_receive = email LIKE \"u3%\"
	    WHERE email LIKE \"u%\";
	    UPDATE users SET active = 0 WHERE email LIKE \"u4%\"" &&
	found "U021 u5@x.org" &&
	says U021 "neither log in nor send nor receive" &&
	found_as mailadm_check && is "$found_out" "U021 u5@x.org"'

grant() { # EMAIL ADDRESS
	plant "INSERT INTO send_as (email, address) VALUES ('$1', '$2')"
}

t 'U022: a grant of an address of ours that does not exist' '
	clean && plant "INSERT INTO domains (domain, alias_of)
	    VALUES (\"aka.org\", \"x.org\")" && user b@x.org &&
	grant b@x.org none@x.org && found "U022 b@x.org" &&
	says U022 "b@x.org may send as none@x.org, which does not exist" &&
	found_as mailadm_check && is "$found_out" "U022 b@x.org" &&
	plant "UPDATE send_as SET address = \"none+x@aka.org\"" &&
	found "U022 b@x.org"'

t 'U022: addresses that exist, and those of others, are fine' '
	clean && plant "INSERT INTO domains (domain, alias_of)
	    VALUES (\"aka.org\", \"x.org\")" && user b@x.org &&
	for to in anna@x.org anna+tag@x.org postmaster@x.org @x.org \
	    anna@aka.org abuse+x@aka.org out@out.org @out.org; do
		grant b@x.org "$to" || return 1
	done && found "" && clean && user b@x.org &&
	plant "INSERT INTO aliases (mail, destination)
	    VALUES (\"@x.org\", \"anna@x.org\")" &&
	grant b@x.org any@x.org && found "A016 @x.org"'

t 'U023: a grant to a user who may not send' '
	clean && user b@x.org && user c@x.org && user d@x.org &&
	for name in b c d; do grant $name@x.org anna@x.org || return 1; done &&
	plant "UPDATE users SET may_send = 0 WHERE email = \"b@x.org\";
	    UPDATE users SET active = 0 WHERE email = \"c@x.org\"" &&
	found "U023 b@x.org
U023 c@x.org" && says U023 "may send as anna@x.org, but may not send" &&
	grant gone@x.org anna@x.org && found "U023 b@x.org
U023 c@x.org
U023 gone@x.org"'

t 'without a column of hashes nothing is said of any' '
	foreign && plant "ALTER TABLE users DROP crypt" && found ""'

t 'without a look at hashes their schemes and rounds are judged' '
	clean && user a@x.org "\$1\$abcdefgh\$y6iHhJNbuC0xpbk0w9pm80" &&
	user b@x.org "{PLAIN-MD5}5f4dcc3b5aa765d61d8327deb882cf99" &&
	user c@x.org "$(hash 1 | sed s/50000/4999/)" &&
	user d@x.org "$(hash 2 | sed s/50000/999999999/)" &&
	user e@x.org "\$2y\$04\$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs." &&
	user f@x.org "!" && user g@x.org "{FOO}x" && user h@x.org secret &&
	user i@x.org "{PLAIN}secret" &&
	user j@x.org "{BLF-CRYPT}\$2y\$31\$abcdefghijklmnopqrstuuHNbAKRhp" &&
	found_as mailadm_check && is "$found_out" "U007 f@x.org
U008 i@x.org
U009 g@x.org
U009 h@x.org
U012 a@x.org
U012 b@x.org
U013 c@x.org
U013 e@x.org
U014 d@x.org
U014 j@x.org" &&
	for rule in U005 U006 U008 U010 U011 U015; do
		like "$err" "$rule" || return 1
	done && unlike "$out$err" secret'

t 'the other rules of users need no look at hashes' '
	clean && user bo@y.org && user Carl@x.org && user d+e@x.org &&
	user "bo@@x.org" && user f@x.org && user F@x.org &&
	plant "UPDATE users SET quota = 0 WHERE email = \"f@x.org\";
	    INSERT INTO aliases (mail, destination)
	    VALUES (\"anna@x.org\", \"f@x.org\")" &&
	found_as mailadm_check && is "$found_out" "U001 bo@y.org
U002 bo@@x.org
U003 Carl@x.org
U003 F@x.org
U004 f@x.org
U016 d+e@x.org
U017 anna@x.org
U018 f@x.org"'

finish

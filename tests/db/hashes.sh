# Hashes that somebody brings: which are stored, and what is said of them.
. tests/lib.sh

server_start && fresh
mailadm --quiet domain add x.org

# row NAME HASH MUST WORDS: a row of hashes.tsv.
row() {
	row_n=$((row_n + 1))
	printf '%s\n' "$2" >"$T/hash"
	run mailadm user add "u$row_n@x.org" --hash-stdin <"$T/hash"
	case $status in
	0) row_answer=accept ;;
	3) row_answer=refuse ;;
	*) row_answer="status $status" ;;
	esac
	case $err in *note:*) row_answer=$row_answer+warn ;; esac
	case "|$3|" in
	*"|$row_answer|"*) ;;
	*) echo "$1: $row_answer, not $3: $err"; return ;;
	esac
	case $row_answer in
	accept) ;;
	*) echo "$err" | grep -qiE "$4" || echo "$1: no $4 in: $err" ;;
	esac
	[ "$row_answer" = refuse ] || stays "$1" "$2"
	case "$err" in *"${2#*\}}"*) echo "$1: the hash is shown" ;; esac
}

# stays NAME HASH: given again nothing changes.
stays() {
	run mailadm user add "u$row_n@x.org" --hash-stdin --if-not-exists \
	    <"$T/hash"
	[ "$status" -eq 0 ] || echo "$1: it is not the same again: $err"
}

# An empty cell is no blank to read.
rows() {
	row_n=0
	sed -e 1d -e 's/\t\t/\t-\t/g' tests/data/hashes.tsv >"$T/rows"
	while IFS="	" read -r name hash _ _ _ must words _; do
		row "$name" "$hash" "$must" "$words"
	done <"$T/rows" >"$T/wrong" 2>"$T/said"
	cat "$T/wrong"
}

t 'each kind of hash is stored or refused, with words that are true' '
	rows && is "$(cat "$T/wrong")" "" && [ "$(wc -l <"$T/rows")" -ge 36 ]'

B64='{SHA256-CRYPT.B64}JDUkb1Z3Z1A0Rm1FcnhUTTFjSCRoSXhqMzYxMW5QbEV4RHBuYmZQS1Y'
B64=${B64}ySTlJSGwuTm51V01ITTZtYWEyTTk4
MD5='$1$InJMnyIL$CxTf1ga25ad4x6ItXPMNp0'
echo 'tulip-17 ok' >"$T/tulip"

t 'what is encoded is verified like what is inside' '
	printf "%s\n" "$B64" >"$T/hash" &&
	run mailadm user add b64@x.org --hash-stdin <"$T/hash" &&
	status 0 &&
	run mailadm user verify b64@x.org --password-stdin <"$T/tulip" &&
	status 0 && unlike "$err" note &&
	echo "tulip-18 ok" >"$T/other" &&
	run mailadm user verify b64@x.org --password-stdin <"$T/other" &&
	status 1'

t 'a hash that Dovecot 2.4 refuses is stored with a note' '
	run mailadm user add old@x.org --no-password && status 0 &&
	printf "%s\n" "$MD5" >"$T/hash" &&
	run mailadm user passwd old@x.org --hash-stdin <"$T/hash" &&
	status 0 && like "$err" "Dovecot 2.4 refuses the password hash of" &&
	unlike "$err" InJMnyIL'

t 'no password at all is no such hash' '
	run mailadm user passwd old@x.org --no-password && status 0 &&
	unlike "$err" note && run mailadm user passwd old@x.org --hash-stdin \
	    <"$T/hash" && status 0'

t 'and verified with one' '
	run mailadm user verify old@x.org --password-stdin <"$T/tulip" &&
	status 0 && like "$err" "Dovecot 2.4 refuses the password hash of"'

t 'an import counts those that it brings' '
	printf "%s\n" email,hash "a@x.org,$MD5" "b@x.org,$MD5" \
	    "c@x.org,\$5\$saltstring\$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBG\
WEc5" >"$T/users.csv" && run mailadm import users "$T/users.csv" &&
	status 0 &&
	like "$err" "Dovecot 2.4 refuses the password hashes of 2 users" &&
	run mailadm import users "$T/users.csv" --update && status 0 &&
	unlike "$err" "Dovecot 2.4"'

# manifest FROM TO: users mN@x.org with an old hash.
manifest() {
	echo users:
	seq "$1" "$2" | sed "s/.*/  m&@x.org: { hash: '$MD5' }/"
}

t 'so does apply, for one and for many' '
	manifest 1 1 >"$T/m.yaml" && run mailadm apply "$T/m.yaml" --yes &&
	status 0 &&
	like "$err" "Dovecot 2.4 refuses the password hashes of 1 user," &&
	manifest 1 40 >"$T/m.yaml" && run mailadm apply "$T/m.yaml" --yes &&
	status 0 && like "$err" "hashes of 39 users, unless allow_weak" &&
	run mailadm apply "$T/m.yaml" --yes && status 0 &&
	unlike "$err" "Dovecot 2.4"'

finish

# shellcheck shell=sh disable=SC2154 # of lib.sh
# Logins at the running Dovecot with each hash of tests/data/hashes.tsv; the
# same on this machine and on a server of each release.
#
#   hashes_plant DOMAIN     a user of each row, as it stands there
#   hashes_store DOMAIN     a user of each that "user add" accepts
#   hashes_log_in DOMAIN COLUMN   each who exists as the column says
#
# COLUMN is 2.3 or 2.4, the release whose answers are right.  Who sources this
# says how the server is reached:
#
#   hash_sql STATEMENT      as an account that may write to the table
#   hash_doveadm ARG...
#
# All are asked at once, since Dovecot lets each that it refuses wait.

hashes_rows() {
	sed -e 1d -e 's/\t\t/\t-\t/g' tests/data/hashes.tsv |
		awk -F '\t' -v OFS='\t' '{ print NR, $2, $3, $4, $5, $1 }'
}

hashes_plant() { # DOMAIN
	mailadm -q domain add "$1" &&
	hash_sql "INSERT INTO users (email, crypt) VALUES $(hashes_rows |
		awk -F '\t' -v domain="$1" '{ printf "%s(\"u%d@%s\", \"%s\")",
		    (NR > 1 ? ", " : ""), $1, domain, $2 }')"
}

hashes_store() { # DOMAIN
	mailadm -q domain add "$1" || return 1
	hashes_rows >"$T/hashes"
	while IFS='	' read -r hash_n hash_text _; do
		printf '%s\n' "$hash_text" >"$T/hash"
		mailadm -q user add "u$hash_n@$1" --hash-stdin \
			<"$T/hash" 2>/dev/null || :
	done <"$T/hashes"
}

hash_try() { # NUMBER DOMAIN PASSWORD
	if hash_doveadm auth test -x service=imap "u$1@$2" "$3"; then
		echo yes
	else
		echo no
	fi >"$T/logins/$1.out" 2>&1
	tail -n 1 "$T/logins/$1.out" >"$T/logins/$1"
}

hashes_log_in() { # DOMAIN COLUMN
	rm -rf "$T/logins" && mkdir "$T/logins" || return 1
	mailadm user list --domain "$1" --columns email >"$T/existing"
	hash_pids=
	hashes_rows >"$T/hashes"
	while IFS='	' read -r hash_n _ hash_clear _; do
		grep -qx "u$hash_n@$1" "$T/existing" || continue
		hash_try "$hash_n" "$1" "$hash_clear" &
		hash_pids="$hash_pids $!"
	done <"$T/hashes"
	# shellcheck disable=SC2086 # numbers
	wait $hash_pids
	while IFS='	' read -r hash_n _ _ hash_old hash_new hash_name; do
		[ "$2" = 2.3 ] || hash_old=$hash_new
		[ ! -e "$T/logins/$hash_n" ] ||
			echo "$hash_name: $(cat "$T/logins/$hash_n")," \
			    "expected $hash_old"
	done <"$T/hashes" >"$T/answers.hashes"
	awk -F '[:, ]+' '$(NF - 2) != $NF' "$T/answers.hashes" >"$T/wrong"
	[ "$(wc -l <"$T/answers.hashes")" -ge 20 ] || t_notes='few hashes'
	t_notes=${t_notes:-$(cat "$T/wrong")}
	[ -z "$t_notes" ]
}

#!/bin/sh
# mailadm import dkim as root, from directories of other users: whoever can
# write a table must not choose which files of root become keys of the filter.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh

need_root
server_start
fresh
secret_make
K=$T/keys
umask 077
filter=64123
other=64124

# What a filter of its own user has: a table of it, and keys.
start_again() {
	sql 'DELETE FROM dkim_keys; DELETE FROM history;
		DELETE FROM domains' &&
	for start_domain in x y z; do
		mailadm -q domain add "$start_domain.example" || return 1
	done
	rm -rf "$K" && mkdir -p "$K/keys" &&
	for start_key in root filter other; do
		openssl genpkey -algorithm ed25519 \
		    -out "$K/keys/$start_key.pem" || return 1
	done
	cp "$K/keys/root.pem" "$T/tls.pem"
	printf '%s\n' "a x.example:s:$K/keys/root.pem" \
	    "b y.example:s:$K/keys/filter.pem" \
	    "c z.example:s:$K/keys/other.pem" >"$K/KeyTable"
	chown "$filter" "$K/KeyTable" "$K/keys/filter.pem"
	chown "$other" "$K/keys/other.pem"
}

reported() { # FILE WHY
	awk -F '\t' -v file="$1" -v why="$2" '
		$6 == file && $7 == "left out" && index($8, why) { found = 1 }
		END { exit !found }' "$T/out" || {
		t_notes="reported: $1: $2"
		return 1
	}
}

t 'the table of a filter names the keys of that filter' '
	start_again && run mailadm import dkim "$K/KeyTable" && status 0 &&
	keys "y.example s pending yes" &&
	reported "$K/keys/root.pem" "belongs to another user than the table" &&
	reported "$K/keys/other.pem" "belongs to another user"'

t 'in a directory that is named, all of its files' '
	start_again && run mailadm import dkim "$K" && status 0 &&
	keys "x.example s pending yes" "y.example s pending yes" \
	    "z.example s pending yes"'

t 'but none outside of it' '
	start_again && echo "a x.example:s:$T/tls.pem" >"$K/KeyTable" &&
	run mailadm import dkim "$K" && status 0 && keys &&
	reported "$T/tls.pem" "belongs to another user than the table"'

t 'a table of root names every file' '
	start_again && chown 0 "$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 &&
	keys "x.example s pending yes" "y.example s pending yes" \
	    "z.example s pending yes"'

t 'what root names is the table of the filter all the same' '
	start_again && echo "KeyTable $K/KeyTable" >"$T/opendkim.conf" &&
	run mailadm import dkim "$T/opendkim.conf" && status 0 &&
	keys "y.example s pending yes"'

t 'and a table of root is one of the filter if the filter names it' '
	start_again && chown 0 "$K/KeyTable" &&
	echo "KeyTable $K/KeyTable" >"$K/opendkim.conf" &&
	chown "$filter" "$K/opendkim.conf" &&
	run mailadm import dkim "$K/opendkim.conf" && status 0 && keys &&
	reported "$K/opendkim.conf, line 1" "belongs to another user"'

t 'a group that can write the table is not trusted as its owner is' '
	start_again && chmod 660 "$K/KeyTable" &&
	run mailadm import dkim "$K/KeyTable" && status 0 && keys &&
	reported "$K/KeyTable, line 2" "others can write the table"'

t 'a directory that became a link is not followed' '
	start_again && mkdir "$T/real" && cp "$T/tls.pem" "$T/real/root.pem" &&
	rm -r "$K/keys" && ln -s "$T/real" "$K/keys" &&
	run mailadm import dkim "$K" && status 0 && keys &&
	run mailadm import dkim "$K/KeyTable" && status 0 && keys'

finish

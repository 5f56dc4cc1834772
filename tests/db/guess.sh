# mailadm import from tables --guess: a map from the queries of the servers.
. tests/lib.sh
server_in_memory
server_start && fresh
. tests/db/lib-foreign.sh

# servers_are FILE: a Postfix and a Dovecot that ask the queries in it.
servers_are() {
	rm -rf "${T:?}/etc" && mkdir -p "$T/etc/postfix" "$T/etc/dovecot" &&
	: >"$T/etc/postfix/master.cf" &&
	awk -F '\t' -v etc="$T/etc" '
	$1 ~ /_query$/ {
		print $1 " = " $2 >(etc "/dovecot/sql.ext")
		next
	}
	{
		file = etc "/postfix/map" NR ".cf"
		print "user = mail\npassword = not-a-secret\nhosts = " \
		    "127.0.0.1\ndbname = old\nquery = " $2 >file
		close(file)
		maps[$1] = maps[$1] " proxy:mysql:" file
	}
	END {
		main = etc "/postfix/main.cf"
		print "compatibility_level = 3.6" >main
		for (name in maps)
			print name " =" maps[name] >main
	}' "$1" &&
	cat >"$T/etc/dovecot/dovecot.conf" <<-END
	passdb {
	  driver = sql
	  args = $T/etc/dovecot/sql.ext
	}
	userdb {
	  driver = sql
	  args = $T/etc/dovecot/sql.ext
	}
	END
}

guess() {
	run mailadm import from tables --guess --postfix-dir "$T/etc/postfix" \
	    --dovecot-dir "$T/etc/dovecot" "$@"
}

# What no server asks for is no fact of a guessed map, nor are its losses; nor
# are the flags in a condition of which the map says that it is not understood.
guessable() {
	awk -F '\t' -v OFS='\t' -v unread="$(grep -c 'not understood$' \
	    "$T/map")" '
	$1 == "loss" {
		next
	}
	$3 ~ /^(name|description|max_|expires)/ || $1 $3 == "domainquota" || \
	    unread && $3 ~ /^may_/ {
		print $1, $2, "active", "1 or 0"
		next
	}
	{
		print
	}' "$1"
}

for file in tests/data/guess/*; do
	name=$(basename "$file")
	of=tests/data/foreign/$name
	[ "$name" = README ] || t "$name: the guess brings the same users" '
		servers_are "$file" && guess --out "$T/map" && status 0 &&
		source_is "$of/schema.sql" "$of/data.sql" &&
		guessable "$of/expected.tsv" >"$T/expected" && emptied &&
		from tables --map "$T/map" --yes && counts_add_up &&
		lists "$T/lists" && cp "$T/out" "$T/lists/loss" &&
		{ perl tests/db/foreign_compare.pl "$T/lists" "$T/expected" \
		    >"$T/faults" || { t_wrong=1 t_notes="$(cat "$T/map" \
		    "$T/faults")"; }; }'
done

t 'it is printed, with the files, and without a password' '
	servers_are tests/data/guess/ispmail-classic && guess && status 0 &&
	matches "$out" "^users virtual_users$" &&
	like "$out" "# password_query: $T/etc/dovecot/sql.ext" &&
	like "$out" "The database is old, on 127.0.0.1." &&
	unlike "$out$err" not-a-secret && guess --out "$T/kept" &&
	status 0 && empty "$out" &&
	like "$err" "foreign show --source-defaults-file FILE --map $T/kept"'

t 'no database is asked, so what names one is refused' '
	for option in "--source-database old" "--map $T/map" --strict \
	    "--where a=b" "--compare-routes 2"; do
		guess $option && status 2 && like "$err" "--guess goes with" ||
		    return 1
	done
	run mailadm import from ispmail --guess && status 2 &&
	run mailadm import from tables --dovecot-dir "$T" && status 2 &&
	like "$err" "--dovecot-dir needs --guess"'

t 'a file that does not exist is said; the other server is enough' '
	servers_are tests/data/guess/ispmail-classic &&
	rm "$T"/etc/postfix/map1.cf && guess && status 0 &&
	like "$out" "$T/etc/postfix/map1.cf does not exist." &&
	unlike "$out" "domains virtual_domains" &&
	rm -r "$T/etc/postfix" && guess && status 0 &&
	matches "$out" "^users virtual_users$" &&
	like "$out" "# Postfix is not read: $T/etc/postfix/main.cf" &&
	rm -r "$T/etc/dovecot" && guess && status 4 &&
	like "$err" "neither Postfix nor Dovecot asks" &&
	like "$err" "hint: Postfix is not read"'

t 'what says nothing of tables is status 4, and names the query' '
	printf "virtual_alias_maps\tSELECT 1\n" >"$T/queries" &&
	printf "password_query\tcall login(%%u)\n" >>"$T/queries" &&
	servers_are "$T/queries" && guess && status 4 && empty "$out" &&
	like "$err" "say nothing of tables" && like "$err" "hint: name tables"'

finish

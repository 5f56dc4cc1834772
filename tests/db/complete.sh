# What the shells are offered: bash through its real completion function,
# anything else through "mailadm complete".
. tests/lib.sh

server_start && fresh

mailadm -q domain add example.com
mailadm -q domain add example.org
mailadm -q user add anna@example.com --no-password
mailadm -q user add anna@example.org --no-password
mailadm -q alias add 'b`$x@example.com' anna@example.com

mkdir "$T/bin"
cat >"$T/bin/mailadm" <<END
#!/bin/sh
exec "$MAILADM" --defaults-file="$T/client.cnf" "\$@"
END
chmod 700 "$T/bin/mailadm"
mailadm completion bash >"$T/completion"

# tab LINE: what bash would insert or list.
tab() {
	run env PATH="$T/bin:$PATH" bash --norc -c '
		. "$1"
		COMP_LINE=$2 COMP_POINT=${#2}
		_mailadm
		printf "%s\n" "${COMPREPLY[@]}"' bash "$T/completion" "$1"
}

t 'names are offered, one a line, and nothing is said' '
	run mailadm complete -- user show an && status 0 && empty "$err" &&
	is "$out" "anna@example.com
anna@example.org"'

t 'a line says the same as its words' '
	run mailadm complete --line "mailadm user show an" && status 0 &&
	lines "$out" 2 &&
	run mailadm complete --line "mailadm user " && status 0 &&
	like "$out" passwd'

t 'a command that is the noun of another offers that, too' '
	run mailadm complete --line "mailadm history p" && status 0 &&
	is "$out" prune &&
	run mailadm complete --line "mailadm history prune --ol" &&
	is "$out" --older-than &&
	run mailadm complete --line "mailadm history an" && lines "$out" 2'

t 'without a database there are no names, no error, and still options' '
	run mailadm complete -- --socket="$T/nobody" user show an &&
	status 0 && empty "$out" && empty "$err" &&
	run mailadm complete -- --socket="$T/nobody" user show --out &&
	status 0 && is "$out" --output'

t 'the options on the line say which database' '
	run mailadm complete -- --database=nowhere user show an &&
	status 0 && empty "$out" && empty "$err" &&
	run "$MAILADM" complete -- --defaults-file="$T/client.cnf" user \
	    show anna@example.c && status 0 && is "$out" anna@example.com'

t 'a configuration that is wrong is no error here' '
	echo nonsense >"$T/bad.conf" && chmod 600 "$T/bad.conf" &&
	run mailadm complete -- --config="$T/bad.conf" user show an &&
	status 0 && empty "$err"'

t 'bash gets words, options and whole addresses' '
	tab "mailadm us" && is "$out" user &&
	tab "mailadm user li" && is "$out" list &&
	tab "mailadm user list --col" && is "$out" "--columns
--color" &&
	tab "mailadm user show an" && is "$out" "anna@example.com
anna@example.org"'

(umask 077 && openssl rand -base64 32 | tr -d '=' >"$T/secret")
echo "dkim_secret = $T/secret" >"$T/conf"
for selector in 2024r 2026r 2026r2; do
	mailadm -q -c "$T/conf" dkim add example.com --selector $selector \
	    >"$T/said" &&
	mailadm -q dkim activate example.com $selector --force
done
mailadm -q dkim retire example.com 2024r >"$T/said"

t 'selectors are those of the domain, without retired ones where of no use' '
	tab "mailadm dkim show example.com 2" && is "$out" "2024r
2026r
2026r2" && tab "mailadm dkim activate example.com " && is "$out" "2026r
2026r2" && tab "mailadm dkim retire example.org " && is "$out" "" &&
	tab "mailadm dkim export example.com 2026r2" && is "$out" 2026r2 &&
	tab "mailadm dkim remove example.com 2024" && is "$out" 2024r &&
	tab "mailadm dkim list --state re" && is "$out" "retiring
retired" && tab "mailadm dkim add example.com --algorithm e" &&
	is "$out" ed25519'

t 'behind @ and = bash gets what follows, as it replaces only that' '
	tab "mailadm user show anna@example.c" && is "$out" example.com &&
	tab "mailadm user list --output=js" && is "$out" "json
jsonl"'

t 'what a shell would run is quoted' '
	tab "mailadm alias show b" && is "$out" "b\\\`\\\$x@example.com"'

t 'bash completes file names itself' '
	: >"$T/a file" &&
	tab "mailadm user passwd anna@example.com --password-file $T/a" &&
	is "$out" "$T/a file"'

finish

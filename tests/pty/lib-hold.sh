# Somebody else holds a user's row; sourced after server_start.
# shellcheck shell=sh
#
#   hold NAME	NAME@example.com, until release
#   ask SQL	a program in $T, for a script of the driver, as the next two
#   waited-for	a statement on such a row runs: it waits for it
#   release

cat >"$T/ask" <<END
#!/bin/sh
exec mariadb --no-defaults --skip-ssl -S "$server_socket" -u root mail -N \\
    -e "\$1"
END
cat >"$T/waited-for" <<END
#!/bin/sh
test -n "\$("$T/ask" "SELECT 1 FROM information_schema.processlist
    WHERE command <> 'Sleep' AND info LIKE '%users WHERE email%'
    AND id <> CONNECTION_ID()")"
END
cat >"$T/release" <<END
#!/bin/sh
"$T/ask" "KILL \$("$T/ask" "SELECT id FROM information_schema.processlist
    WHERE info = 'DO SLEEP(60)'")"
END
chmod 700 "$T/ask" "$T/waited-for" "$T/release"

hold() {
	server_sql -D mail -e "BEGIN; SELECT 1 FROM users
	    WHERE email = '$1@example.com' FOR UPDATE;
	    DO SLEEP(60)" >"$T/hold" 2>&1 &
	holder=$!
	eventually holding
}

holding() {
	[ -n "$(sql "SELECT 1 FROM information_schema.processlist
	    WHERE info = 'DO SLEEP(60)'")" ]
}

# The client ends with its connection.
release() {
	"$T/release" 2>/dev/null
	wait "$holder" 2>/dev/null
	true
}

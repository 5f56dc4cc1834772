# Somebody else holds a row; sourced after server_start.
# shellcheck shell=sh
#
#   hold NAME	the user NAME@example.com, until release
#   hold_domain DOMAIN	likewise
#   ask SQL	a program in $T, for a script of the driver, as the next two
#   waited-for	a statement on such a user runs: it waits for it
#   waits-long	a statement on such a domain has run for a second
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
cat >"$T/waits-long" <<END
#!/bin/sh
test -n "\$("$T/ask" "SELECT 1 FROM information_schema.processlist
    WHERE command <> 'Sleep' AND info LIKE '%domains WHERE domain%'
    AND id <> CONNECTION_ID() AND time_ms > 1000")"
END
cat >"$T/release" <<END
#!/bin/sh
"$T/ask" "KILL \$("$T/ask" "SELECT id FROM information_schema.processlist
    WHERE info = 'DO SLEEP(3600)'")"
END
chmod 700 "$T/ask" "$T/waited-for" "$T/waits-long" "$T/release"

holder=

# hold_row TABLE KEY NAME; what a case that failed has left is let go.
hold_row() {
	[ -z "$holder" ] || release
	server_sql -D mail -e "BEGIN; SELECT 1 FROM $1 WHERE $2 = '$3'
	    FOR UPDATE; DO SLEEP(3600)" >"$T/hold" 2>&1 &
	holder=$!
	eventually holding
}

hold() {
	hold_row users email "$1@example.com"
}

hold_domain() {
	hold_row domains domain "$1"
}

holding() {
	[ -n "$(sql "SELECT 1 FROM information_schema.processlist
	    WHERE info = 'DO SLEEP(3600)'")" ]
}

# The client ends with its connection.
release() {
	"$T/release" 2>/dev/null
	wait "$holder" 2>/dev/null
	holder=
}

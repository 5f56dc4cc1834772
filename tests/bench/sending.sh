# What "mailadm policy" costs a message; part of run.sh, which says how to
# measure.  A count is written to the disk, as each commit is here.
# shellcheck shell=sh

# sending NAME STATE LOGIN RECIPIENT: milliseconds, the first and the others.
sending() {
	perl tests/bench/policy.pl 500 "$2" "$3" "$4" "$MAILADM" \
	    --defaults-file="$T/client.cnf" --database=large policy \
	    >"$T/answers" || exit 1
	read -r sending_first sending_other <"$T/answers"
	verdict "$1" "$sending_other" ms "$5"
	verdict "   the first, with the start of the process" \
	    "$sending_first" ms 30
}

sendings() {
	heading "mailadm policy among $USERS users, one answer (median of 500)"
	sending_user=$(client large -N -e 'SELECT MAX(email) FROM users')
	client large -e "UPDATE users SET send_limit = 1000000
	    WHERE email = '$sending_user';
	INSERT INTO aliases (mail, destination, writers) VALUES
	    ('sending@few.example', '$sending_user', 'members')"
	sending 'DATA: a message is counted' DATA "$sending_user" '' 10
	sending 'RCPT: a member writes to an alias' RCPT "$sending_user" \
	    sending@few.example 2
}

# shellcheck shell=sh disable=SC2154 # of lib.sh
# Servers that others set up, for the tests of config verify: it finds what is
# wrong in a good one and nothing else, and each of its faults in a bad one.
#
# They are in tests/data/verify/servers, a folder each: etc/, db.sql, and
# faults.tsv with a row a fault.  Those up to a line "#round", or to the end,
# are planted together.  Its columns:
#
#   how      a shell line that plants it; ":" where the line above does
#   match    what must be found: an expression of Perl's for rule, severity,
#            name and text, parted by blanks; "-": nothing, though it looks
#            like a fault
#   why
#
# Whatever else is found must be in the good server as well.  A file "good"
# names what is wrong there already: rule, severity and name.
#
#   servers_up              after views_up
#   server NAME WHAT        three tests

export servers="$PWD/tests/data/verify/servers"

# "localhost" means the socket where Debian has it.
servers_up() {
	server_start --skip-networking=0 --bind-address=127.0.0.1 --port=3306
	{
		mount -t tmpfs run /run && mkdir /run/mysqld /run/dovecot &&
			ln -s "$server_socket" /run/mysqld/mysqld.sock
	} || bail_out 'no /run of its own'
}

# Each fault has a row, and each new row a fault: two rows may be one fault's
# only where two lines of faults.tsv say so.
judge() { # ROUND
	perl -e 'my ($faults, $good, $bad) = @ARGV;
		sub lines { open my $f, "<", shift or die; map { chomp; $_ }
			grep { !/^#/ } <$f> }
		sub shown { my @f = split /\t/, shift; "@f[0, 1, 3, 4]" }
		my %good = map { my @f = split /\t/; ("$f[0] $f[3]" => 1) }
			lines $good;
		my @want = grep { $_ ne "-" } map { (split /\t/)[1] }
			lines $faults;
		my (%found, @said);
		for my $row (map { shown $_ } lines $bad) {
			my @by = grep { $row =~ /$_/ } @want;
			$found{$_}++ for @by;
			my ($rule, undef, $name) = split / /, $row;
			push @said, "not planted: $row" unless @by ||
				$good{"$rule $name"};
		}
		push @said, map { "not found: $_" } grep { !$found{$_} } @want;
		print map { "$_\n" } @said;
		exit(@said > 0)' "$T/$1.faults" "$T/$server.rows" \
		"$T/$server-bad.rows"
}

# Each in a file of its own, $T/N.faults, from 1.
rounds() {
	rm -f "$T"/*.faults
	awk -v to="$T" 'BEGIN { n = 1 } /^#round/ { n++ } !/^#/ {
		print >(to "/" n ".faults") }' "$servers/$server/faults.tsv"
	(cd "$T" && ls -- *.faults) | sed 's/[.].*//' | sort -n
}

plant() { # ROUND
	cut -f 1 "$T/$1.faults" >"$T/$1.how"
	in_view "$server-bad$1" "$server" look "$server-bad" ". $T/$1.how"
}

# All rounds, and what each of them got wrong.
all_rounds() { # COMMAND: judge or advice
	for round in $(rounds); do
		"$1" "$round" || echo "  in round $round"
	done
}

found_there() { # ROUND
	plant "$1" && judge "$1"
}

# Rows of the last round are there; those of the others are made again.
advice_there() { # ROUND
	rows_made=$T/$server-bad.rows
	[ "$(rounds | wc -l)" -eq 1 ] ||
		in_view "$server-bad$1" "$server" look "$server-bad" : ||
		return 1
	[ ! -s "$rows_made" ] || in_view "$server-bad$1" "$server" \
		advised "$server-bad" "$T/$server.rows"
}

# Nothing, or just what the file says.
good_rows() {
	if [ -e "$servers/$server/good" ]; then
		cut -f 1,2,4 "$T/$server.rows" | tr '\t' ' ' |
			grep -v ' note ' | sort |
			diff "$servers/$server/good" -
	else
		! grep '	error	' "$T/$server.rows" &&
			awk 'END { exit NR > 8 }' "$T/$server.rows"
	fi
}

# shellcheck disable=SC2016 # for t
server() { # NAME WHAT
	server=$1
	t "$2: whose it is, and not a word that is wrong" '
		in_view "$server" "" look "$server" \
			"sh $servers/lay-out.sh $server $server_socket" &&
		like "$(head -n 1 "$T/$server.err")$(
			[ -s "$T/$server.rows" ] || echo "not mailadm")" \
			"not mailadm" &&
		unlike "$(cut -f 6 "$T/$server.rows")" "mailadm |grants.sql" &&
		t_notes=$(good_rows)'
	t "$2: each of its faults is found, and nothing else" '
		t_notes=$(all_rounds found_there) && empty "$t_notes"'
	t "$2: what is advised fixes it, and breaks nothing" '
		t_notes=$(all_rounds advice_there) && empty "$t_notes"'
	rm -rf "$T/views/$server" "$T/views/$server-bad"*
}

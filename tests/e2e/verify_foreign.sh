#!/bin/sh
# Servers that others set up, after guides that are much used: config verify
# finds nothing wrong in a good one, and each of its faults in a bad one.
#
# They are in tests/data/verify/servers, a folder each: etc/, db.sql, and
# faults.tsv with a row a fault, which are planted together.  Its columns:
#
#   how      a shell line that plants it; ":" where the line above does
#   match    what must be found: an expression of Perl's for rule, severity,
#            name and text, parted by blanks
#   why
#
# Whatever else is found must be in the good server as well.
if [ -z "${VERIFY_INSIDE:-}" ] && [ "$(id -u)" -eq 0 ]; then
	VERIFY_INSIDE=1 exec unshare --mount --net --propagation private \
		sh "$0"
fi
. tests/lib.sh
. tests/e2e/lib-views.sh
views_up

export servers="$PWD/tests/data/verify/servers"

# "localhost" means the socket where Debian has it.
own_run() {
	mount -t tmpfs run /run && mkdir /run/mysqld /run/dovecot &&
		ln -s "$server_socket" /run/mysqld/mysqld.sock
}

# Each fault has a row, and each new row a fault: two rows may be one fault's
# only where two lines of faults.tsv say so.
judge() { # SERVER
	perl -e 'my ($faults, $good, $bad) = @ARGV;
		sub lines { open my $f, "<", shift or die; map { chomp; $_ }
			grep { !/^#/ } <$f> }
		sub shown { my @f = split /\t/, shift; "@f[0, 1, 3, 4]" }
		my %good = map { my @f = split /\t/; ("$f[0] $f[3]" => 1) }
			lines $good;
		my @want = map { (split /\t/)[1] } lines $faults;
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
		exit(@said > 0)' "$servers/$1/faults.tsv" "$T/$1.rows" \
		"$T/$1-bad.rows"
}

plant() { # SERVER
	sed '/^#/d' "$servers/$1/faults.tsv" | cut -f 1 >"$T/$1.how"
	in_view "$1-bad" "$1" look "$1-bad" ". $T/$1.how"
}

server_start --skip-networking=0 --bind-address=127.0.0.1 --port=3306
own_run || bail_out 'no /run of its own'

# shellcheck disable=SC2016 # for t
server() { # NAME WHAT
	server=$1
	t "$2: whose it is, and not a word that is wrong" '
		in_view "$server" "" look "$server" \
			"sh $servers/lay-out.sh $server $server_socket" &&
		like "$(head -n 1 "$T/$server.err")" \
			"the configuration is not mailadm" &&
		unlike "$(cut -f 6 "$T/$server.rows")" "mailadm |grants.sql" &&
		is "$(grep -c "	error	" "$T/$server.rows")" 0 &&
		is "$(awk "END { print NR <= 8 }" "$T/$server.rows")" 1'
	t "$2: each of its faults is found, and nothing else" '
		plant "$server" && t_notes=$(judge "$server")'
	t "$2: what is advised fixes it, and breaks nothing" '
		t_notes=$(in_view "$server-bad" "$server" \
			advised "$server-bad" "$T/$server.rows")'
	rm -rf "$T/views/$server" "$T/views/$server-bad"
}

server ispmail 'a server of the ISPmail guide'
server postfixadmin 'PostfixAdmin, with amavis'
server iredmail 'iRedMail, with postscreen and amavis'
server docker 'text files, as docker-mailserver has them'
server own-tables 'tables of its own, with postscreen'
server flat 'accounts of the machine, and text files'

# shellcheck disable=SC2016
t 'a restriction that comes too late is moved, and not written twice' '
	like "$(grep "^V029" "$T/postfixadmin-bad.rows")" "smtpd_sender_restri\
ctions = reject_authenticated_sender_login_mismatch,permit_mynetworks,\
permit_sasl_authenticated'\''"'
# shellcheck disable=SC2016
t 'the small server once more, for what is done to it' '
	in_view fix "" look fix "sh $servers/lay-out.sh flat $server_socket"'
# shellcheck disable=SC2016
t 'a main.cf of all settings, as postconf prints them, is no worse' '
	in_view dump fix look dump "postconf >$T/all &&
		cat $T/all >/etc/postfix/main.cf" &&
	[ "$(wc -l <"$T/all")" -gt 800 ] &&
	is "$(cut -f 1,2,4 "$T/dump.rows")" "$(cut -f 1,2,4 "$T/fix.rows")"'
# shellcheck disable=SC2016
t 'all defaults behind what was set are one warning, not one for each' '
	in_view behind fix look behind "postconf -d >>/etc/postfix/main.cf" &&
	is "$(grep -c "^V079	.* times, first of line" "$T/behind.rows")" 1 &&
	is "$(grep -c "overriding an earlier entry" "$T/behind.rows")" 0'

# --fix: three faults that it knows, and one for a person.
cat >"$T/bin/faulty" <<'END'
#!/bin/sh
postconf -PX submission/inet/smtpd_tls_security_level
postconf -e relayhost=. smtp_tls_security_level=dane \
	'mydestination = example.org'
cp -p /etc/postfix/main.cf /etc/postfix/master.cf "$T"
eval "$1"
END
chmod +x "$T/bin/faulty"
# shellcheck disable=SC2016
t 'what is safe --fix changes, after a diff and with a copy' '
	run in_view fixed fix faulty "
		\"$MAILADM\" config verify --fix --yes" && status 1 &&
	like "$err" "+++ /etc/postfix/main.cf (fixed)" &&
	like "$err" "+smtp_dns_support_level = dnssec" &&
	like "$err" "+    -o smtpd_tls_security_level=encrypt" &&
	like "$err" "3 fixed; the old files are kept: " &&
	is "$(cut -f 1 "$T/out" | sort -u)" V079 &&
	cmp "$T/main.cf" "$T/views/fixed/etc/postfix/main.cf.bak" &&
	cmp "$T/master.cf" "$T/views/fixed/etc/postfix/master.cf.bak"'
# shellcheck disable=SC2016
t '--fix changes nothing without a yes, or where main.cf is a link' '
	run in_view not1 fix faulty "\"$MAILADM\" config verify --fix" &&
	status 6 && like "$err" "refusing to fix 3 problems without --yes" &&
	cmp "$T/main.cf" "$T/views/not1/etc/postfix/main.cf" &&
	run in_view not2 fix faulty "mv /etc/postfix/main.cf /etc/elsewhere
		ln -s /etc/elsewhere /etc/postfix/main.cf
		\"$MAILADM\" config verify --fix --yes" && status 6 &&
	like "$err" "/etc/postfix/main.cf is not a plain file" &&
	cmp "$T/main.cf" "$T/views/not2/etc/elsewhere"'

# shellcheck disable=SC2016
t 'nor where mailadm renders the file: it would be lost the next time' '
	run in_view ours fix faulty "mkdir -p /var/lib/mailadm
		sha256sum /etc/postfix/main.cf >/var/lib/mailadm/rendered
		chmod 600 /var/lib/mailadm/rendered
		\"$MAILADM\" config verify --fix --yes" && status 6 &&
	like "$err" "mailadm renders /etc/postfix/main.cf" &&
	like "$err" "hint: mailadm config render postfix --out /" &&
	cmp "$T/main.cf" "$T/views/ours/etc/postfix/main.cf"'

[ -z "${VERIFY_KEEP:-}" ] || cp "$T"/*.rows "$T"/*.err "$T"/*.advised \
	"$VERIFY_KEEP"
finish

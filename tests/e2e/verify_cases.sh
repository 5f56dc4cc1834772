#!/bin/sh
# The cases of tests/data/verify: what config verify says about a server of
# its own, and about one that mailadm did not make.
#
# Each case is a view of /etc and /var that nobody else sees, on top of one
# in which its base was laid out; ports are those of an own network.
# VERIFY_ROWS="A01 B06" runs these alone, else all but those of $open, which
# the verifier does not answer yet.
if [ -z "${VERIFY_INSIDE:-}" ] && [ "$(id -u)" -eq 0 ]; then
	VERIFY_INSIDE=1 exec unshare --mount --net --propagation private \
		sh "$0"
fi
. tests/lib.sh
. tests/e2e/lib-views.sh
views_up

export open=""
export cases="$PWD/tests/data/verify"
cat >"$T/bin/own" <<'END'
#!/bin/sh -e
# What mailadm installs for mail.example.com.
rm -rf /etc/postfix/main.cf /etc/postfix/master.cf /etc/dovecot \
	/etc/mailadm /var/lib/mailadm /var/vmail
mkdir -p /var/spool/postfix/private
chown postfix:root /var/spool/postfix/private
chmod 0700 /var/spool/postfix/private
groupadd --gid 5000 vmail
useradd --uid 5000 --gid vmail --home /var/vmail \
	--shell /usr/sbin/nologin vmail
useradd --system --shell /usr/sbin/nologin mailadm_check
useradd --system --shell /usr/sbin/nologin mailadm_policy
install -d -o vmail -g vmail -m 0700 /var/vmail
live=/etc/letsencrypt/live/mail.example.com
mkdir -p "$live"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	-nodes -days 90 -subj /CN=mail.example.com \
	-addext subjectAltName=DNS:mail.example.com \
	-keyout "$live/privkey.pem" -out "$live/fullchain.pem" 2>&1
chmod 600 "$live/privkey.pem"
"$MAILADM" --yes --quiet config init --hostname mail.example.com \
	--database-hosts "$server_socket"
"$MAILADM" --quiet --yes config render all --out /
mariadb --no-defaults -S "$server_socket" -u root </etc/mailadm/grants.sql
END
cat >"$T/bin/foreign" <<'END'
#!/bin/sh -e
echo '127.0.0.1 db' >>/etc/hosts
rm -rf /var/lib/mailadm /var/vmail
sh "$cases/ispmail/lay-out.sh" "$server_socket"
END
chmod +x "$T/bin"/*

server_start --skip-networking=0 --bind-address=127.0.0.1 --port=3306
fresh
sql "INSERT INTO domains (domain) VALUES ('example.com')"

# Cells to words: \n and \\ are escapes.
rows() {
	perl -F'\t' -lane 'next if /^#/; push @F, ("") x (7 - @F);
		$F[2] =~ s/\\(n|\\)/$1 eq "n" ? "\n" : "\\"/ge;
		next if $ENV{VERIFY_ROWS} &&
		    index(" $ENV{VERIFY_ROWS} ", " $F[0] ") < 0;
		next if !$ENV{VERIFY_ROWS} &&
		    index(" $ENV{open} ", " $F[0] ") >= 0;
		mkdir "$ENV{T}/cases";
		mkdir "$ENV{T}/cases/$F[0]";
		my $n = 0;
		for my $name (qw(id base how expected match not why)) {
			open my $f, ">", "$ENV{T}/cases/$F[0]/$name" or die;
			print {$f} $F[$n++];
		}
		print $F[0]' "$cases/cases.tsv"
}

# A row is new unless the base has it; the base itself has no base.
judge() { # CASE BASE
	perl -e 'my ($case, $base, $rows) = @ARGV;
		sub slurp { open my $f, "<", shift or die "$!"; local $/;
			my $t = <$f>; $t =~ s/\n\z//; $t }
		my ($want, $match, $not, $how) =
			map { slurp("$case/$_") } qw(expected match not how);
		my %known = $how eq ":" ? () :
			map { $_ => 1 } split /\n/, slurp($base);
		my (%found, @bad);
		for my $row (split /\n/, slurp($rows)) {
			my @f = split /\t/, $row;
			push @bad, "must not: $row" if $not ne "" &&
				"$f[4] $f[5]" =~ /(?:$not)/;
			next unless $row =~ /(?:$match)/;
			next if $known{$row};
			push @{$found{$f[1]}}, $row;
		}
		my %worse = (silent => ["error", "warning"],
			note => ["error", "warning"],
			warning => ["error"], error => []);
		push @bad, "not asked for: $_"
			for map { @{$found{$_} // []} } @{$worse{$want}};
		push @bad, "no $want" if $want =~ /error|warning/ &&
			!$found{$want};
		print map { substr($_, 0, 300) . "\n" } @bad;
		exit(@bad > 0)' "$@"
}

base() { # NAME
	in_view "$1" '' look "$1" "$1" || bail_out "$1 cannot be laid out"
}

again() {
	mariadb --no-defaults -S "$server_socket" -u root -e "
		DROP DATABASE IF EXISTS mailserver;
		DROP USER IF EXISTS mailuser@'%', mailuser@localhost,
			mailuser@'127.0.0.1'" &&
	mariadb --no-defaults -S "$server_socket" -u root \
		<"$cases/ispmail/db.sql"
}

rows >"$T/ids"
base own
base foreign

while read -r id; do
	how=$(cat "$T/cases/$id/how")
	# shellcheck disable=SC2034 # for the body
	base=$(sed 's/:.*//' "$T/cases/$id/base")
	# shellcheck disable=SC2016
	t "$id: $(cat "$T/cases/$id/why")" '
		in_view "$id" "$base" look "$id" "$how" &&
		t_notes=$(judge "$T/cases/$id" "$T/$base.rows" \
			"$T/$id.rows") &&
		t_notes=$(in_view "$id" "$base" advised "$id" \
			"$T/$base.rows")'
	rm -rf "$T/views/$id"
	case $how in
	*'db "'* | 'db '*) again ;;
	esac
done <"$T/ids"
# A report of several rows, for people and for programs.
cat >"$T/bin/report" <<'END'
#!/bin/sh
postconf -e 'mynetworks = 127.0.0.0/8 172.0.0.0/8' 'relayhost = .'
postconf -P submission/inet/smtpd_tls_security_level=may
echo 'auth_debug_passwords = yes' >>/etc/dovecot/local.conf
find /etc/postfix -name '*.cf' -exec touch -d '10 seconds ago' {} +
"$MAILADM" config verify -o table >"$T/people" 2>"$T/people.err"
"$MAILADM" config verify --severity note -o jsonl \
	>"$T/programs" 2>"$T/programs.err"
:
END
chmod +x "$T/bin/report"
# shellcheck disable=SC2016
t 'for people: by file, the worst first, 80 columns, and a summary' '
	in_view report foreign report &&
	is "$(awk "length > 80" "$T/people")" "" &&
	is "$(sed -n 1p "$T/people")" "errors in /etc/postfix/main.cf:" &&
	is "$(grep -c "^errors in /etc/postfix/main.cf:" "$T/people")" 1 &&
	like "$(sed -n 2p "$T/people")" "V027 line " &&
	like "$(cat "$T/people")" "errors in /etc/dovecot/local.conf:" &&
	like "$(cat "$T/people")" "errors in /etc/postfix/master.cf:" &&
	is "$(grep -E "^(errors|warnings)" "$T/people" |
		cut -d" " -f1 | uniq | tr "\n" " ")" "errors warnings " &&
	like "$(tail -n 1 "$T/people.err")" "4 errors, 1 warning, 4 notes: \
mail flows, strangers can send mail through this server, passwords or keys can \
be read, mail to others stays here"'
# shellcheck disable=SC2016
t 'for programs: file, line, setting and value of each' '
	grep "\"rule\":\"V081\"" "$T/programs" >"$T/row" &&
	n=$(grep -n "^relayhost = \.$" "$T/views/report/etc/postfix/main.cf" |
		cut -d: -f1) &&
	like "$(cat "$T/row")" "\"file\":\"/etc/postfix/main.cf\",\
\"line\":$n,\"setting\":\"relayhost\",\"value\":\".\"" &&
	grep "\"rule\":\"V031\"" "$T/programs" >"$T/row" &&
	like "$(cat "$T/row")" "/etc/postfix/master.cf" &&
	like "$(cat "$T/row")" "\"value\":\"may\"" &&
	like "$(grep V015 "$T/programs")" "\"line\":null"'
t 'where nothing is set up, the next commands are all that is said' '
	in_view none "" look none "
		rm -rf /etc/postfix/main.cf /etc/dovecot /etc/mailadm \
			/var/lib/mailadm && cp -r /usr/share/dovecot /etc/" &&
	is "$(cut -f 1,6 "$T/none.rows")" "V077	mailadm config init; mailadm \
schema init; mailadm config render all --out /" &&
	like "$(cat "$T/none.err")" "nothing is set up yet"'

# The packages alone: main.cf as debconf writes it for an "Internet Site".
cat >"$T/bin/stock" <<'END'
#!/bin/sh -e
rm -rf /etc/dovecot /etc/mailadm /var/lib/mailadm /etc/postfix/main.cf
cp -r /usr/share/dovecot /etc/
cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf
cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
postconf -e 'myhostname = mail.example.com' \
	'alias_maps = hash:/etc/aliases' \
	'alias_database = hash:/etc/aliases' \
	'mydestination = $myhostname, example.com, localhost' 'relayhost =' \
	'mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128' \
	'mailbox_size_limit = 0' 'recipient_delimiter = +' \
	'inet_interfaces = all' 'inet_protocols = all'
END
chmod +x "$T/bin/stock"
# shellcheck disable=SC2016
t 'the packages as they are installed: the next commands, and little else' '
	in_view stock "" look stock stock &&
	is "$(cut -f 1,6 "$T/stock.rows")" "V077	mailadm config init; \
mailadm schema init; mailadm config render all --out /" &&
	is "$(cat "$T/stock.rows" "$T/stock.err" | awk "END {
		print NR <= 6 }")" 1'

# Rendered over the packages, after the command.
cat >"$T/bin/render_stock" <<'END'
#!/bin/sh
stock
useradd --system --shell /usr/sbin/nologin mailadm_check
useradd --system --shell /usr/sbin/nologin mailadm_policy
eval "$1"
"$MAILADM" --yes --quiet config init --hostname mail.example.com \
	--database-hosts "$server_socket" >"$T/init" 2>&1
"$MAILADM" --yes config render all --out / >"$T/render" 2>"$T/render.err"
END
chmod +x "$T/bin/render_stock"
# shellcheck disable=SC2016
t 'files that are as the packages left them are replaced, and kept' '
	in_view stock1 "" render_stock : &&
	is "$(grep -c "	replaced	" "$T/render")" 3 &&
	grep -q "^virtual_mailbox_domains" \
		"$T/views/stock1/etc/postfix/main.cf" &&
	[ -e "$T/views/stock1/etc/postfix/main.cf.bak" ]'
# shellcheck disable=SC2016
t 'one that was edited is refused, and then nothing is written' '
	for edit in "postconf -e relayhost=a.example" \
	    "postconf -M a/unix=\"a unix - - n - - smtp\"" \
	    "echo a = b >>/etc/dovecot/dovecot.conf"; do
		in_view stock2 "" render_stock "$edit"
		t_notes="$edit: $(cat "$T/render.err")"
		is "$(grep -c "	refused	" "$T/render")" 1 &&
		is "$(grep -c "	replaced	" "$T/render")" 0 &&
		[ ! -e "$T/views/stock2/etc/postfix/main.cf.bak" ] || return 1
		rm -rf "$T/views/stock2"
	done'

# Files that nobody expects: an answer at once, no crash, one row for one cause.
bad() { # NAME SENTENCE COMMAND MATCH
	bad_name=$1 bad_how=$3 bad_match=$4
	# shellcheck disable=SC2016
	t "bad input: $2" '
		in_view "$bad_name" foreign timeout 30 look "$bad_name" \
			"$bad_how" &&
		is "$(grep -cE "$bad_match" "$T/$bad_name.rows")" 1'
	rm -rf "$T/views/$bad_name"
}

if [ -z "${VERIFY_ROWS:-}" ] || [ "$VERIFY_ROWS" = bad ]; then
bad crlf 'lines that end in CR LF' \
	'sed -i "s/\$/\r/" $P/mysql-virtual-mailbox-domains.cf \
		$D/dovecot-sql.conf.ext; echo "smptd_x = 1" >>$P/main.cf' \
	'^V002.*smptd_x'
bad utf16 'a main.cf in UTF-16' \
	'iconv -t UTF-16 $P/main.cf >$P/m && cat $P/m >$P/main.cf; rm $P/m' \
	'^V001	error'
bad loop 'a file of Dovecot that includes itself' \
	'echo "!include loop.conf" >>$D/dovecot.conf
	echo "!include loop.conf" >$D/loop.conf' '^V003	error'
bad inline 'maps that stand in the setting itself' \
	'postconf -e "transport_maps = inline:{ {a.example=smtp:b}, c=d }"
	echo "smptd_y = 1" >>$P/main.cf' '^V002.*smptd_y'
bad large 'a map of 100,000 lines' \
	'seq -f "user%.0f@example.com x" 100000 >$P/big
	postconf -e "canonical_maps = texthash:$P/big, cidr:$P/none"' \
	'^V090.*cidr:/etc/postfix/none'
bad loud 'a doveconf that prints errors, and nothing else' \
	'printf "#!/bin/sh\necho doveconf: Error: broken >&2\nexit 89\n" \
		>/var/tmp/doveconf && chmod +x /var/tmp/doveconf
	mount --bind /var/tmp/doveconf "$(command -v doveconf)"' \
	'^V003	error.*broken'
bad folder 'a directory where a map should be' \
	'mv $P/mysql-email2email.cf $P/x; mkdir $P/mysql-email2email.cf' \
	'^V0.*email2email'
fi

[ -z "${VERIFY_KEEP:-}" ] || cp "$T"/*.rows "$T"/*.err "$T"/people \
	"$T"/*.advised "$VERIFY_KEEP"
finish

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
need_root
need_command postconf doveconf openssl mariadb ip
[ -e /usr/lib/postfix/postfix-mysql.so ] ||
	skip_all 'postfix-mysql is not installed'

cases=$PWD/tests/data/verify
export open=""
own_view() {
	mkdir "$T/views" && mount -t tmpfs views "$T/views" &&
		ip link set lo up
}

own_view 2>"$T/mount" || skip_all 'no view can be made'

cases_exit() {
	e_status=$?
	server_stop
	umount -l "$T/views"
	(exit "$e_status")
	t_exit
}
trap cases_exit EXIT

# What a view holds, $2: of another one below it.
in_view() { # VIEW BELOW COMMAND...
	view=$T/views/$1 below=$2
	shift 2
	for dir in etc var; do
		mkdir -p "$view/$dir" "$view/work.$dir"
	done
	# shellcheck disable=SC2016 # for the shell inside
	VIEW=$view BELOW=${below:+$T/views/$below} unshare --mount \
		--propagation private sh -c '
		for dir in etc var; do
			mount -t overlay "$dir" -o "lowerdir=${BELOW:+$BELOW/\
$dir:}/$dir,upperdir=$VIEW/$dir,workdir=$VIEW/work.$dir" "/$dir" || exit 99
		done
		"$@"' sh "$@"
}

export MAILADM T server_socket cases
export P=/etc/postfix MP=/etc/postfix/mailadm D=/etc/dovecot
export PATH="$T/bin:$PATH:/usr/sbin:/sbin"
mkdir "$T/bin"
cat >"$T/bin/db" <<'END'
#!/bin/sh
exec mariadb --no-defaults --skip-ssl -S "$server_socket" -u root -e "$1"
END
cat >"$T/bin/look" <<'END'
#!/bin/sh
# The rows and words of config verify: look NAME COMMAND
eval "$2" >"$T/made" 2>&1 || {
	sed 's/^/# /' "$T/made"
	exit 99
}
find /etc/postfix -name '*.cf' -exec touch -d '10 seconds ago' {} +
"$MAILADM" config verify --severity note --ignore V026 \
	>"$T/$1.rows" 2>"$T/$1.err"
status=$?
[ "$status" -le 1 ] || sed 's/^/# /' "$T/$1.err"
[ "$status" -le 1 ]
END
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
			"$T/$id.rows")'
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
	like "$(tail -n 1 "$T/people.err")" "4 errors, 1 warning, 7 notes: \
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
schema init; mailadm config render all --out / --force" &&
	like "$(cat "$T/none.err")" "nothing is set up yet"'

[ -z "${VERIFY_KEEP:-}" ] || cp "$T"/*.rows "$T"/*.err "$T"/people \
	"$VERIFY_KEEP"
finish

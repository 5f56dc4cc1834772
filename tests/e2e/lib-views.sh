# shellcheck shell=sh disable=SC2154 # of lib.sh
# Views of /etc and /var that nobody else sees, for the tests of config
# verify; the test runs as root in an own namespace of mounts and network.
#
#   views_up                        or the file is skipped
#   in_view VIEW BELOW COMMAND...   what VIEW holds, on top of BELOW or nothing
#
# In a view there are
#
#   db SQL                  asked as root
#   look NAME COMMAND       runs the command and then config verify, into
#                           $T/NAME.rows and $T/NAME.err
#   advised NAME BASE       runs the commands that it advises against errors
#                           and warnings that the file BASE does not have, and
#                           looks again: they are gone, and nothing is new

views_up() {
	need_root
	need_command postconf doveconf openssl mariadb ip
	[ -e /usr/lib/postfix/postfix-mysql.so ] ||
		skip_all 'postfix-mysql is not installed'
	{
		mkdir "$T/views" && mount -t tmpfs views "$T/views" &&
			ip link set lo up
	} 2>"$T/mount" || skip_all 'no view can be made'
	trap views_exit EXIT
	export MAILADM T server_socket
	export P=/etc/postfix MP=/etc/postfix/mailadm D=/etc/dovecot
	export PATH="$T/bin:$PATH:/usr/sbin:/sbin"
	views_commands
}

views_exit() {
	e_status=$?
	server_stop
	umount -l "$T/views"
	(exit "$e_status")
	t_exit
}

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

views_commands() {
	mkdir "$T/bin"
	cat >"$T/bin/db" <<'EOF'
#!/bin/sh
exec mariadb --no-defaults --skip-ssl -S "$server_socket" -u root -e "$1"
EOF
	cat >"$T/bin/look" <<'EOF'
#!/bin/sh
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
EOF
	cat >"$T/bin/advised" <<'EOF'
#!/bin/sh
# Advice with a name to fill in, or a choice, is for a person.
perl -F'\t' -lane 'BEGIN { open my $f, "<", shift or die;
		%base = map { $_ => 1 } <$f>; chomp %base }
	next if $base{"$_\n"} || $F[1] eq "note" || $F[0] eq "V026" ||
	    $F[5] !~ /^(?:post(?:conf|map)|ch(?:mod|own|grp)|newaliases|mariadb)
		\x20/x ||
	    $F[5] =~ /, (?:or|for|which)|HOSTNAME|FILE|NAME|then verify/;
	$F[5] =~ s/\\\\/\\/g;
	print "$F[0]\t$F[3]\t$F[5]"' "$2" "$T/$1.rows" >"$T/$1.advised"
[ -s "$T/$1.advised" ] || exit 0
cut -f 3 "$T/$1.advised" | sort -u >"$T/$1.commands"
look "$1.after" "mariadb() { db \"\$2\"; }; systemctl() { :; }
	postqueue() { :; }; . $T/$1.commands" || exit 1
bad=$(
	cut -f 1,2 "$T/$1.advised" | sort -u | while read -r rule name; do
		grep -F "$rule	" "$T/$1.after.rows" | cut -f 4 |
			grep -qxF "$name" && echo "is left: $rule $name"
	done
	cut -f 1,4 "$T/$1.after.rows" | sort -u >"$T/after"
	cut -f 1,4 "$T/$1.rows" "$2" | sort -u >"$T/before"
	comm -13 "$T/before" "$T/after" | sed 's/^/is new: /'
)
[ -z "$bad" ] || {
	echo "$bad"
	sed 's/^/did: /' "$T/$1.commands"
	exit 1
}
EOF
	chmod +x "$T/bin"/*
}

# shellcheck shell=sh disable=SC2034,SC2154 # of lib.sh, and for its cases
# The package of Debian: built and looked at, and then installed, upgraded,
# removed and purged on a server with mail.  Run by release.sh, in a root that
# has what builds packages, and the servers; systemd does not run in it.
#
# lintian sees neither that a timer is not enabled nor that a service would be
# started, so the scripts of the package are looked at here.
. tests/lib.sh
ME=mail.example.test
[ "$(hostname) $(pwd)" = "$ME /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'
export DEBIAN_FRONTEND=noninteractive

mailadm() {
	/usr/sbin/mailadm "$@"
}

### What was built

deb=
build() {
	env -u OUT make -s deb
}

t 'make deb builds a package for this release' '
	run build && status 0 && . /etc/os-release &&
	matches "$out" "^build/deb/mailadm_[0-9.]+\+deb${VERSION_ID}_" &&
	deb=$TOP/$out && version=${out#*_} && version=${version%_*} &&
	lines "$(ls build/deb/*.deb)" 2'
[ -n "$deb" ] || bail_out "there is no package"

# The same package with something else in its control file.
again() { # EDIT NAME
	rm -rf "$T/again" && dpkg-deb -R "$deb" "$T/again" &&
	sed -i "$1" "$T/again/DEBIAN/control" &&
	dpkg-deb -b "$T/again" "$T/$2.deb" >"$T/said"
}

t 'lintian has no word about it, and one about a package that is wrong' '
	run lintian -EI --pedantic build/deb/*.deb && empty "$out" &&
	again "s/^Section: mail/Section: male/" wrong && run lintian \
	    "$T/wrong.deb" && like "$out" unknown-section'

t 'it holds what an admin looks for, where this release looks for it' '
	dpkg-deb -c "$deb" | sed -n "s/.* \.\(\/.*[^\/]\)$/\1/p" >"$T/files" &&
	units=/lib/systemd/system && [ "$VERSION_ID" -lt 13 ] ||
		units=/usr$units
	for file in /usr/sbin/mailadm /usr/share/man/man8/mailadm.8.gz \
	    /usr/share/bash-completion/completions/mailadm \
	    /usr/share/zsh/vendor-completions/_mailadm \
	    /usr/lib/sysusers.d/mailadm.conf \
	    /etc/logcheck/ignore.d.server/mailadm \
	    /usr/share/doc/mailadm/examples/mailadm.conf.example \
	    "$units/mailadm-check.service" "$units/mailadm-check.timer" \
	    "$units/mailadm-dkim.service" "$units/mailadm-dkim.timer" \
	    "$units/mailadm-dns.service" "$units/mailadm-dns.timer"; do
		matches "$(cat "$T/files")" "^$file$" || return 1
	done && ! grep -E "/local/|site-functions" "$T/files"'

t 'the units call the program of the package' '
	dpkg-deb -x "$deb" "$T/tree" &&
	is "$(grep -rIh "^ExecStart=" "$T/tree" | cut -d " " -f 1 | sort -u)" \
	    ExecStart=/usr/sbin/mailadm'

t 'it enables the timers of the check and the keys, and not that of DNS' '
	dpkg-deb -e "$deb" "$T/control" && cd "$T/control" &&
	for unit in check dkim; do
		grep -q "was-enabled .mailadm-$unit.timer" postinst &&
		grep -q "helper enable .mailadm-$unit.timer" postinst || break
	done && ! grep "_dh_action .*dns" postinst &&
	grep -q "debian-installed .mailadm-dns.timer" postinst; cd "$TOP"'

t 'no script of it starts a service, or asks anything' '
	! grep -rE "\.service|db_(input|go)|confmodule" "$T"/control/p*'

t 'dpkg keeps the edits of one file, that of logcheck' '
	is "$(cat "$T/control/conffiles")" \
	    /etc/logcheck/ignore.d.server/mailadm'

t 'what it links is what it depends on, and no compiler is' '
	depends=$(dpkg-deb -f "$deb" Depends) &&
	for library in libmariadb3 libunbound8 libcurl4 libreadline8 libcsv3 \
	    libyaml-0-2 libjansson4 libidn2-0 libunistring libssl3 libcrypt1
	do
		like "$depends" "$library" || return 1
	done && unlike "$depends" -dev && unlike "$depends" gcc'

### Installed, and nothing set up

install_it() { # FILE
	apt-get -q -y --no-install-recommends install "$1"
}

# What has our name, but for the source.
named() {
	find / -xdev \( -path /usr/local/src -o -path "$T" \) -prune -o \
	    -name '*mailadm*' -print |
	    grep -v '^/\.mailadm$' | sort
}

t 'apt installs it, and has no question and no complaint' '
	run install_it "$deb" && status 0 &&
	unlike "$out$err" rror && unlike "$out$err" arning &&
	unlike "$out$err" "not starting it" &&
	like "$(mailadm --version)" "mailadm ${version%+deb*}"'

wants=/etc/systemd/system/timers.target.wants
t 'its timers would start at the next boot, that of DNS would not' '
	is "$(ls $wants | grep mailadm)" "mailadm-check.timer
mailadm-dkim.timer"'

t 'there are a user without a shell and directories that are empty' '
	getent passwd mailadm_policy >/dev/null &&
	is "$(getent passwd mailadm_check | cut -d : -f 6,7)" \
	    "/var/lib/mailadm/check:/usr/sbin/nologin" &&
	is "$(stat -c "%a %U" /etc/mailadm /var/lib/mailadm/check)" \
	    "755 root
700 mailadm_check" && is "$(find /etc/mailadm -type f)" ""'

t 'after a purge nothing has its name' '
	run dpkg --purge mailadm && status 0 && is "$(named)" ""'

### A server

server() {
	mkdir -p /etc/cron.d &&
	/etc/init.d/mariadb start && mariadb -e 'DO 0' &&
	mailadm config init --hostname "$ME" --yes &&
	mailadm schema init && mariadb </etc/mailadm/grants.sql &&
	groupadd --gid 5000 vmail &&
	useradd --uid 5000 --gid vmail --home-dir /var/vmail \
	    --shell /usr/sbin/nologin vmail &&
	mailadm config render all --out / &&
	mailadm domain add example.test &&
	mailadm user add anna@example.test --generate &&
	install -d -o vmail -g vmail /var/vmail/example.test &&
	echo 'Subject: x' >/var/vmail/example.test/mail &&
	install -d /var/lib/mailadm/dkim/keys &&
	echo key >/var/lib/mailadm/dkim/keys/a &&
	echo secret >/etc/mailadm/dkim.secret
}

# All that mail needs: names, owners, modes and contents; and the tables.
# What a dump writes of itself is left out.
mail() {
	find /etc/postfix /etc/dovecot /etc/aliases /var/vmail \
	    /var/lib/mailadm/dkim /etc/mailadm/dkim.secret \
	    -printf '%p %m %u %g\n' | sort
	find /etc/postfix /etc/dovecot /etc/aliases /var/vmail \
	    /var/lib/mailadm/dkim /etc/mailadm/dkim.secret -type f \
	    -exec sha256sum {} + | sort
	mariadb-dump --skip-comments --skip-dump-date mail
	mariadb -e "SELECT user, host, authentication_string FROM mysql.user"
}

ours() {
	find /etc/mailadm "$wants" /etc/cron.d/mailadm -printf '%p %m %u %l\n' |
	    sort
	find /etc/mailadm /etc/cron.d/mailadm -type f -exec sha256sum {} + |
	    sort
}

# It is an older one that an upgrade will meet.
t 'an older version is installed, and becomes a server' '
	again "s/^Version: .*/Version: 0.0.9+deb0/" old &&
	run install_it "$T/old.deb" && status 0 && run server && status 0'

t 'an upgrade asks nothing and leaves all settings' '
	mail >"$T/mail" && ours >"$T/ours" &&
	run install_it "$deb" && status 0 && like "$out" "0.0.9" &&
	unlike "$out$err" conffile && unlike "$out$err" "not starting it" &&
	ours >"$T/now" && run diff "$T/ours" "$T/now" && empty "$out" &&
	run mailadm user list && status 0 && like "$out" anna@example.test'

# What systemctl disable does.
t 'a timer that the admin has disabled stays so' '
	rm $wants/mailadm-dkim.timer &&
	run dpkg -i "$T/old.deb" && status 0 &&
	run dpkg -i "$deb" && status 0 && [ ! -e $wants/mailadm-dkim.timer ] &&
	[ -e $wants/mailadm-check.timer ]'

cron_commands() {
	sed -n 's/^#*[0-9]* [0-9]* \* \* \*  [a-z_]*  //p' /etc/cron.d/mailadm
}

t 'once it is removed, cron calls nothing that is gone' '
	run dpkg --remove mailadm && status 0 && [ ! -e /usr/sbin/mailadm ] &&
	cron_commands >"$T/commands" && lines "$(cat "$T/commands")" 3 &&
	run sh "$T/commands" && status 0 && empty "$out$err"'

t 'mail, tables and the configuration of the servers are as they were' '
	mail >"$T/now" && run cmp "$T/mail" "$T/now" && empty "$out"'

t 'installed again, it goes on' '
	run install_it "$deb" && status 0 && run mailadm user list &&
	status 0 && like "$out" anna@example.test'

t 'a purge asks nothing, and mail, tables and servers are as they were' '
	run dpkg --purge mailadm && status 0 &&
	mail >"$T/now" && run cmp "$T/mail" "$T/now" && empty "$out" &&
	run postfix check && status 0'

# What mail needs.
t 'left are what the servers read, the keys that sign, and their secret' '
	is "$(named | grep -v "^/etc/dovecot/mailadm-.*sql")" "/etc/mailadm
/etc/postfix/mailadm
/var/lib/mailadm" && is "$(ls /etc/mailadm /var/lib/mailadm)" \
	    "/etc/mailadm:
dkim.secret

/var/lib/mailadm:
dkim"'

t 'where Postfix is not ours any more, only the secret is left' '
	run install_it "$deb" && status 0 &&
	rm -r /etc/postfix/mailadm /etc/dovecot/mailadm-* &&
	cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf &&
	run dpkg --purge mailadm && status 0 && is "$(named)" /etc/mailadm'

finish

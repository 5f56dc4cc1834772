# shellcheck shell=sh disable=SC2154 # of lib.sh
# The package on a Debian as it was installed, with apt and its network: run by
# release.sh, in a bare root, after package.sh has built it.
. tests/lib.sh
[ "$(hostname) $(pwd)" = "mail.example.test /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'

# As on a terminal: what asks would end the test.
install_it() {
	apt-get -q update &&
	apt-get -y --no-install-recommends install \
	    /var/cache/apt/archives/mailadm_[0-9]*.deb
}

t 'apt installs it and what it links, with no compiler and no question' '
	! command -v gcc && run install_it &&
	{ status 0 || tail -n 30 "$T/err" | sed "s/^/# /"; } && status 0 &&
	! command -v gcc && like "$out" "Setting up mailadm" &&
	unlike "$err" rror'

t 'it runs' '
	run /usr/sbin/mailadm --version && status 0 &&
	run /usr/sbin/mailadm help user add && status 0 && like "$out" user &&
	zcat /usr/share/man/man8/mailadm.8.gz | grep -q "^\.TH MAILADM"'

t 'apt takes it away again' '
	run apt-get -q -y purge mailadm && status 0 &&
	is "$(find /etc /usr /var -name "*mailadm*" ! -path "*/cache/*" \
	    ! -path "/usr/local/src/*")" ""'

# What the package recommends is what a mail server is made of.
with_servers() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
	    /var/cache/apt/archives/mailadm_[0-9]*.deb
}

t 'two commands make a mail server of the machine' '
	run with_servers && status 0 &&
	run /usr/sbin/mailadm setup mail.example.test anna@example.test \
	    --generate --yes && status 0 &&
	matches "$out" "^anna@example.test	[A-Za-z0-9]+$" &&
	like "$err" "proof          done" &&
	run doveadm fetch -u anna@example.test hdr.subject mailbox INBOX &&
	like "$out" "mail.example.test works"'

t 'and the package leaves without taking that along' '
	run apt-get -q -y purge mailadm && status 0 &&
	echo "Subject: later" | sendmail anna@example.test &&
	later() {
		doveadm fetch -u anna@example.test hdr.subject mailbox INBOX |
		    grep -q later
	} && eventually later'

finish

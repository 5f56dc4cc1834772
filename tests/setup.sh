#!/bin/sh
# Installs what is missing: sh tests/setup.sh build, or try,
# check, lint, deb, debian, browser, screenshots.
#
# Says nothing when nothing is missing.  Otherwise it lists the packages and
# lets apt install them, by sudo when not root.  No service is started or
# left enabled, and nothing is removed: where another mail server is
# installed, Postfix is left out and its tests are skipped.

# For an ordinary user, too: programs of /usr/sbin are looked for.
PATH=$PATH:/usr/sbin:/sbin

BUILD='gcc make libc6-dev pkg-config libmariadb-dev libcrypt-dev libssl-dev
	libreadline-dev libidn2-dev libunistring-dev libjansson-dev libyaml-dev
	libcsv-dev libunbound-dev libcurl4-openssl-dev'
SERVER='mariadb-server-core mariadb-client-core'
NAMES='knot nsd unbound'
CHECK="libcmocka-dev curl groff-base openssl strace zsh $NAMES"
DOVECOT='dovecot-core dovecot-imapd dovecot-lmtpd dovecot-mysql'
MAIL="postfix postfix-mysql libsasl2-modules postsrsd $DOVECOT"
LINT='clang libclang-rt-dev clang-tidy cppcheck shellcheck valgrind'
DEB='build-essential debhelper fakeroot lintian'
DEBIAN=debootstrap
BROWSER=chromium
POLICY=/usr/sbin/policy-rc.d
WANTS=/etc/systemd/system

say() {
	echo "mailadm: $*" >&2
}

# The packages of the list that are not installed, nor their commands.
missing() {
	for p; do
		command -v "$p" >/dev/null && continue
		case $(dpkg-query -W -f '${db:Status-Status}' "$p" 2>&1) in
		installed*) ;;
		*) echo "$p" ;;
		esac
	done
}

# Apt as root; never on our standard input, never asking.
apt() {
	$SUDO env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
	    apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# Would these install without a removal?  Needs no root.
installable() {
	apt-get -s --no-install-recommends --no-remove install "$@" \
	    </dev/null >/dev/null 2>&1
}

enabled_units() {
	find "$WANTS" -path '*.wants/*' 2>/dev/null | sort
}

# A package enables its units: disables those that were not there, here and
# for an init that reads /etc/init.d.
disable_new_units() {
	enabled_units | while read -r link; do
		case "$units_before " in
		*"$link"[[:space:]]*) continue ;;
		esac
		unit=${link##*/}
		if command -v systemctl >/dev/null; then
			$SUDO systemctl --quiet disable "$unit"
		else
			$SUDO rm -f "$link"
			$SUDO update-rc.d "${unit%.*}" disable
		fi </dev/null >/dev/null 2>&1
	done
}

# invoke-rc.d asks the policy file whether a service may start.  Ours bears
# a mark, so that one left by a run that was killed is not taken for theirs.
forbid_services() {
	units_before=$(enabled_units)
	trap 'allow_services' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	if [ -e "$POLICY" ] && ! grep -q mailadm "$POLICY"; then
		$SUDO mv "$POLICY" "$POLICY.mailadm" || return 1
	fi
	printf '#!/bin/sh\n# for mailadm/tests/setup.sh\nexit 101\n' |
	    $SUDO tee "$POLICY" >/dev/null &&
	$SUDO chmod 755 "$POLICY"
}

allow_services() {
	$SUDO rm -f "$POLICY"
	if [ -e "$POLICY.mailadm" ]; then
		$SUDO mv "$POLICY.mailadm" "$POLICY"
	fi
	disable_new_units
	trap - EXIT
}

become_root() {
	SUDO=
	[ "$(id -u)" -eq 0 ] && return 0
	command -v sudo >/dev/null || return 1
	SUDO='sudo -n'
	$SUDO true 2>/dev/null && return 0
	# A password is asked for on the terminal itself, if there is one.
	SUDO=sudo
	(: >/dev/tty) 2>/dev/null && $SUDO -v </dev/tty
}

install_packages() {
	say "missing, to be installed by apt: $*"
	SUDO=
	if ! become_root; then
		say 'this needs root; as root, type:'
		say "apt-get install --no-install-recommends $*"
		return 1
	fi
	installable "$@" || apt update || return 1
	services=
	case " $* " in
	*' postfix '*|*' dovecot-core '*|*' knot '*|*' nsd '*|*' unbound '*|\
	*' postsrsd '*)
		services=y ;;
	esac
	if [ -n "$services" ]; then
		forbid_services || return 1
		echo postfix postfix/main_mailer_type select No configuration |
		    $SUDO debconf-set-selections
	fi
	apt install -y --no-install-recommends --no-remove "$@" || {
		# Package lists that are too old name files that are gone.
		apt update &&
		apt install -y --no-install-recommends --no-remove "$@"
	}
	status=$?
	[ -z "$services" ] || allow_services
	return $status
}

# Leaves out of $wanted what would remove another mail server.
spare_other_mailer() {
	[ ! -x /usr/sbin/sendmail ] || [ -x /usr/sbin/postfix ] || {
		say 'another mail server is installed: leaving Postfix out'
		MAIL=$DOVECOT
	}
}

optional=
case $1 in
build) wanted=$BUILD ;;
try) wanted="$BUILD $SERVER" ;;
check)
	spare_other_mailer
	wanted="$BUILD $SERVER $CHECK"
	optional=$MAIL ;;
lint) wanted="$BUILD $CHECK $LINT" ;;
deb) wanted="$BUILD $DEB" ;;
debian) wanted=$DEBIAN ;;
browser) wanted="$BUILD $SERVER $BROWSER" ;;
screenshots) wanted="$BUILD $SERVER tmux" ;;
*)
	echo 'usage: sh tests/setup.sh' \
	    'build|try|check|lint|deb|debian|browser|screenshots' >&2
	exit 2 ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	# Another system: what is missing will say so when it is called.
	exit 0
fi
# shellcheck disable=SC2046,SC2086 # lists of words
{
	need=$(missing $wanted)
	extra=$(missing $optional)
	[ -n "$need$extra" ] || exit 0
	install_packages $need $extra && exit 0
	# Without the mail servers their tests are skipped, visibly.
	[ -z "$(missing $need)" ]
}

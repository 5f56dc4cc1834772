# shellcheck shell=sh disable=SC2034,SC2154 # of lib.sh, and for its cases
# The first minutes of an admin: "make try" and "make check" on a Debian as it
# was installed, as root and as an ordinary user who may use sudo and has no
# sbin in the PATH.  Run by release.sh, in a bare root of each release.
#
# In short each command is tried by one of the two, on another release by the
# other, and of the suite a few files are run; with WHOLE=1 all of it.  Each
# user has a clone of the source of their own.
. tests/lib.sh
[ "$(hostname) $(pwd)" = "mail.example.test /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'
# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")

FEW='unit tests/cli/smoke.sh tests/cli/install.sh tests/db/try.sh
	tests/pty/zsh.sh tests/e2e/maps.sh'

# What apt says at its end tells why, or what failed of the suite.
well() {
	run "$@"
	[ "$status" -eq 0 ] || {
		tail -n 30 "$T/err"
		grep -E -A 20 'FAILED|^not ok' "$T/out" | head -n 60
	} | sed 's/^/# /'
	status 0
}

# shellcheck disable=SC2016,SC2086 # marks of README.md; words
# The words of README.md, with nobody there to say yes.
first_of_all() {
	words=$(grep -o '`apt install [a-z ]*`' README.md | head -n 1)
	words=${words#?apt }
	apt-get -q update && apt-get -q -y ${words%?}
}

# As of git: what it holds is compiled more strictly.
clone() ( # FOLDER
	mkdir "$1" && tar -c --exclude ./build . | tar -x -C "$1" &&
	cd "$1" && git init -q && git add . &&
	git -c user.name=a -c user.email=a@x.org commit -q -m clone
)

ordinary_user() {
	apt-get -q -y install sudo &&
	useradd --create-home ann &&
	echo 'ann ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ann &&
	clone /home/ann/mailadm && chown -R ann: /home/ann/mailadm
}

as() { # USER COMMAND
	case $1 in
	root) set -- sh -c "cd /root/mailadm && $2" ;;
	*) set -- runuser -u "$1" -- env -i HOME=/home/ann LOGNAME=ann \
	    PATH=/usr/local/bin:/usr/bin:/bin \
	    sh -c "cd /home/ann/mailadm && $2" ;;
	esac
	env -u OUT "$@"
}

t 'a bare machine has neither compiler nor database' '
	! command -v make && ! command -v gcc && ! command -v git &&
	! command -v mariadbd'
t 'it gets what README.md says, and the source' '
	well first_of_all && well clone /root/mailadm'
t 'there is an ordinary user with sudo' '
	well ordinary_user && ! as ann "sudo -n false" && as ann "sudo -n true"'

commands='domain add example.com
user add anna@example.com --generate
user list --columns email'

try() { # USER
	t "make try, as $1, installs, builds and answers" '
		printf "%s\n" "$commands" >"$T/in" &&
		as_user() { as "$user" "make -s try" <"$T/in"; } &&
		user='"$1"' && well as_user && lines "$out" 2 &&
		like "$err" "mailadm: missing, to be installed by apt: " &&
		like "$err" "mailadm: compiling" &&
		like "$err" "domain example.com added"'
	again "$1"
}

again() { # USER
	t "make try, as $1, goes on from there, without a word of apt" '
		echo "user list --columns email" >"$T/in" &&
		user='"$1"' && well as_user && is "$out" anna@example.com &&
		empty "$err"'
	t "and is the shell on a terminal, as $1" '
		printf "%s\n" "domain list" quit >"$T/in" &&
		shell() {
			as "$user" "script -qec \"make -s try\" /dev/null" \
			    <"$T/in"
		} && user='"$1"' && well shell && like "$out" "mailadm>" &&
		like "$out" example.com'
}

check() { # USER
	t "make check, as $1, installs and tests" '
		of="TESTS=\"$(echo $FEW)\"" && [ -z "$WHOLE" ] || of= &&
		well as '"$1"' "CI=true make -s check $of" &&
		matches "$out" "^[0-9]+ passed, 0 failed"'
}

nothing_runs() {
	for name in /proc/[0-9]*/comm; do
		case $(cat "$name" 2>/dev/null) in
		mariadbd|master|dovecot|anvil) return 1 ;;
		esac
	done
}

if [ "$codename" = bookworm ]; then
	try ann
	check root
else
	try root
	check ann
fi
if [ -n "$WHOLE" ]; then
	check ann
	check root
fi

t 'no server was started, nor will one be at the next boot' '
	nothing_runs && [ ! -e /usr/sbin/policy-rc.d ] &&
	run find /etc/systemd/system /etc/rc2.d -name "*postfix*" -o \
	    -name "*dovecot*" && unlike "$out" .wants/ && unlike "$out" /S0'
finish

#!/bin/sh
# A bare Debian of another release, in a folder: sh tests/debian/root.sh
#
#   make RELEASE                bookworm or trixie, in build/debian/RELEASE;
#                               does nothing when it already exists
#   enter RELEASE COMMAND...    runs it there, as root, and throws away what
#                               it wrote
#   make-bare RELEASE           the same with what every Debian has and no
#   enter-bare RELEASE COM...   more, in build/debian/RELEASE.bare, and on the
#                               network of this machine, to install from
#   make-filter RELEASE         the root and the mail filters, in
#   enter-filter RELEASE COM... build/debian/RELEASE.filter
#   make-package, enter-package the root and what makes packages of Debian, in
#                               build/debian/RELEASE.package
#
# The root has what README.md lets an admin install on a server and what
# setup.sh installs to build and test; no service was ever started in it.
#
# Who enters has processes, mounts, host name and network of their own, and
# with the last of them all that is gone.  Two hosts are on that network:
# this one, 192.0.2.1, and the namespace "outside", 192.0.2.2, for clients
# and servers that a mail server must not trust.  A copy of the tree as it
# stands is in /usr/local/src/mailadm, and what is built there is kept, in
# build/debian/RELEASE.build.  In a bare root nothing is built before; only the
# packages that were fetched are kept, in build/debian/RELEASE.debs.

SERVERS='mariadb-server postfix postfix-mysql libsasl2-modules openssl
	dovecot-core
	dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-mysql'
FILTERS='rspamd opendkim opendmarc postfix-policyd-spf-python dovecot-sieve
	systemd-standalone-tmpfiles unbound python3-dkim'
PACKAGING='systemd-standalone-sysusers'
TOOLS='ca-certificates curl iproute2 nftables perl'
ROOTS=${OUT:-build}/debian
SOURCE=/usr/local/src/mailadm

die() {
	echo "mailadm: $*" >&2
	exit 1
}

[ -f tests/lib.sh ] || die 'run from the top of the tree'

usage() {
	echo 'usage: sh tests/debian/root.sh' \
	    '[make|enter][-bare|-filter|-package] RELEASE [COMMAND...]' >&2
	exit 2
}

### Making

# The tree as it stands, with what is not committed.
copy_tree() { # FOLDER
	if [ -e .git ]; then
		git ls-files -z --cached --others --exclude-standard
	else
		find . -path ./build -prune -o -type f -print0
	fi | tar -c --null --files-from=- --ignore-failed-read 2>/dev/null |
		tar -x -C "$1"
}

# What a root of this kind is made of: a root with another stamp is old.
stamp() {
	echo "$SERVERS $TOOLS"
	sed -n '/^BUILD=/,/^MAIL=/p' tests/setup.sh
}

# shellcheck disable=SC2016 # for apt
# "URI SUITE" of each place where this machine gets its Debian from.
machine_sources() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
		'Identifier: Packages' 'Origin: Debian' 'Component: main' |
		sort -u
}

# The same places for another release: the archive's and, where the machine
# has them, updates and security.
sources() {
	# shellcheck source=/dev/null
	machine=$(. /etc/os-release && echo "$VERSION_CODENAME")
	machine_sources | awk -v from="$machine" -v to="$1" '
		$2 == from || $2 ~ "^" from "-(updates|security)$" {
			print "deb", $1, to substr($2, length(from) + 1),
			    "main"
		}'
}

mirror() {
	sources "$1" | awk -v release="$1" '$3 == release { print $2; exit }'
}

# How the machine reaches those places holds in the root, too.
fetching() {
	echo 'Acquire::Languages "none";'
	apt-config dump |
	    grep -E '^Acquire::(https?|Retries|Check-(Valid-Until|Date))\b'
}

write_settings() { # RELEASE ROOT
	sources "$1" >"$2/etc/apt/sources.list"
	fetching >"$2/etc/apt/apt.conf.d/90machine"
	echo force-unsafe-io >"$2/etc/dpkg/dpkg.cfg.d/90quick"
	echo mail.example.test >"$2/etc/hostname"
	echo mail.example.test >"$2/etc/mailname"
	printf '127.0.0.1 localhost\n192.0.2.1 mail.example.test mail\n' \
		>"$2/etc/hosts"
	cat /etc/resolv.conf >"$2/etc/resolv.conf"
}

forbid_services() { # ROOT
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
}

# In the root, with the machine's network.
# shellcheck disable=SC2086 # lists of words
install_packages() {
	mount -t proc proc /proc &&
	export DEBIAN_FRONTEND=noninteractive &&
	apt-get -q update &&
	apt-get -q -y dist-upgrade &&
	apt-get -q -y --no-install-recommends install $SERVERS $TOOLS &&
	sh tests/setup.sh check &&
	apt-get -q clean &&
	rm -rf /tmp/mailadm /var/lib/apt/lists &&
	printf 'nameserver 192.0.2.2\n' >/etc/resolv.conf
}

# The packages that a root of this kind has besides.
packages_of() { # KIND
	case $1 in
	filter) echo "$FILTERS" ;;
	package) echo "$PACKAGING $(sed -n "s/^DEB='\(.*\)'/\1/p" \
	    tests/setup.sh)" ;;
	esac
}

# rspamd compiles its patterns when it first reads its configuration, which
# takes longer than all the rest of its start.
warm_up() { # KIND
	[ "$1" != filter ] || {
		rspamadm configtest &&
		chown -R _rspamd:_rspamd /var/lib/rspamd
	}
}

# shellcheck disable=SC2046 # lists of words
install_more() { # KIND
	mount -t proc proc /proc &&
	export DEBIAN_FRONTEND=noninteractive &&
	apt-get -q update &&
	apt-get -q -y --no-install-recommends install $(packages_of "$1") &&
	warm_up "$1" &&
	apt-get -q clean &&
	rm -rf /tmp/mailadm /var/lib/apt/lists &&
	printf 'nameserver 192.0.2.2\n' >/etc/resolv.conf
}

# Runs a part of this script in a root, with the machine's network.
inside_new() { # ROOT VERB
	mkdir -p "$1/tmp/mailadm" "$1$SOURCE" &&
	copy_tree "$1/tmp/mailadm" &&
	unshare --mount --pid --uts --fork --kill-child chroot "$1" \
		sh -c 'hostname mail.example.test && cd /tmp/mailadm &&
		    exec sh tests/debian/root.sh "$0" -' "$2"
}

make_new() { # RELEASE ROOT
	cp -a "$ROOTS/$1.bare" "$2" &&
	write_settings "$1" "$2" &&
	forbid_services "$2" &&
	inside_new "$2" install
}

make_new_more() { # RELEASE ROOT KIND
	cp -a "$ROOTS/$1" "$2" &&
	write_settings "$1" "$2" &&
	inside_new "$2" "install-$3"
}

# Runs what makes a root, and says so, as it takes its time.
attempt() { # ROOT COMMAND...
	log=$1.log
	echo "mailadm: making $1, which takes some minutes" >&2
	rm -rf "$1" "$1.new"
	shift
	"$@" >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "${log%.log} could not be made: see $log"
	}
}

make_bare() { # RELEASE
	root=$ROOTS/$1.bare
	[ ! -d "$root" ] || return 0
	sh tests/setup.sh debian || exit 1
	[ -n "$(mirror "$1")" ] ||
		die "apt has no source of Debian to make $1 from"
	attempt "$root" debootstrap --variant=minbase "$1" "$root.new" \
		"$(mirror "$1")" &&
	mv "$root.new" "$root"
}

make_root() { # RELEASE
	make_bare "$1"
	root=$ROOTS/$1
	if stamp | cmp -s - "$root/.mailadm"; then
		return 0
	fi
	rm -rf "$root.build"
	attempt "$root" make_new "$1" "$root.new" &&
	stamp >"$root.new/.mailadm" && mv "$root.new" "$root"
}

make_more() { # RELEASE KIND
	make_root "$1"
	root=$ROOTS/$1.$2
	if { stamp && packages_of "$2"; } | cmp -s - "$root/.mailadm"; then
		return 0
	fi
	attempt "$root" make_new_more "$1" "$root.new" "$2" &&
	{ stamp && packages_of "$2"; } >"$root.new/.mailadm" &&
	mv "$root.new" "$root"
}

### Entering

# All that is written lies in memory.  A /dev of its own: who makes a /dev/log
# must not make it for the machine.
mount_root() { # ROOT LAYER
	mount -t tmpfs -o mode=755,size=6G layer "$2" &&
	mkdir "$2/upper" "$2/work" "$2/root" &&
	mount -t overlay root "$2/root" -o \
		"lowerdir=$1,upperdir=$2/upper,workdir=$2/work" &&
	mount -t proc proc "$2/root/proc" &&
	mount -t sysfs -o ro sys "$2/root/sys" &&
	mount -t tmpfs -o mode=755 dev "$2/root/dev" &&
	mount -t tmpfs -o mode=755 run "$2/root/run" &&
	mkdir "$2/root/dev/pts" "$2/root/dev/shm" "$2/root/run/lock" &&
	chmod 1777 "$2/root/dev/shm" "$2/root/run/lock" &&
	mount -t devpts -o newinstance,ptmxmode=666,mode=620 pts \
		"$2/root/dev/pts" &&
	ln -s pts/ptmx "$2/root/dev/ptmx" &&
	ln -s /proc/self/fd "$2/root/dev/fd" &&
	ln -s /proc/self/fd/0 "$2/root/dev/stdin" &&
	ln -s /proc/self/fd/1 "$2/root/dev/stdout" &&
	ln -s /proc/self/fd/2 "$2/root/dev/stderr" &&
	for node in null zero full random urandom tty; do
		touch "$2/root/dev/$node" &&
		mount --bind "/dev/$node" "$2/root/dev/$node" || return 1
	done
}

# What the machine's boot makes: /run's folders and both hosts' network.
boot() {
	hostname mail.example.test &&
	install -d -o mysql -g root -m 755 /run/mysqld &&
	ip link set lo up &&
	ip netns add outside &&
	ip link add mail type veth peer name client netns outside &&
	ip addr add 192.0.2.1/24 dev mail &&
	ip link set mail up &&
	ip -n outside link set lo up &&
	ip -n outside addr add 192.0.2.2/24 dev client &&
	ip -n outside link set client up
}

# Leaves the machine's files for those of the root, where FOLDER has FOR, which
# is kept when all else is thrown away.
settle() { # ROOT FOLDER FOR
	layer=$1.layer
	if ! mount --make-rprivate / || ! mount_root "$1" "$layer"; then
		die "$1 cannot be mounted"
	fi
	mkdir -p "$layer/root$SOURCE" "$layer/root$3"
	copy_tree "$layer/root$SOURCE"
	mount --bind "$2" "$layer/root$3" || exit 1
}

# Ends as COMMAND, after what the script says, with the source as $0.
go() { # ROOT SCRIPT COMMAND...
	root=$1.layer/root
	script=$2
	shift 2
	exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
		HOME=/root LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" \
		chroot "$root" sh -c "cd \"\$0\" && $script exec \"\$@\"" \
		"$SOURCE" "$@"
}

# In the namespaces, still with the machine's files.  RELEASE.KIND builds where
# RELEASE does.
inside() { # RELEASE[.KIND] COMMAND...
	root=$ROOTS/$1
	builds=$ROOTS/${1%%.*}.build
	shift
	settle "$root" "$builds" "$SOURCE/build"
	go "$root" 'sh tests/debian/root.sh boot - &&' "$@"
}

inside_bare() { # RELEASE COMMAND...
	root=$ROOTS/$1.bare
	release=$1
	shift
	mkdir -p "$root.layer"
	settle "$root" "$ROOTS/$release.debs" /var/cache/apt/archives
	write_settings "$release" "$root.layer/root"
	hostname mail.example.test
	go "$root" '' "$@"
}

enter() { # RELEASE[.KIND] COMMAND...
	mkdir -p "$ROOTS/${1%%.*}.build" "$ROOTS/$1.layer"
	exec unshare --mount --net --pid --uts --ipc --fork --kill-child \
		sh tests/debian/root.sh inside "$@"
}

# One after the other: apt locks the packages that were fetched.
enter_bare() { # RELEASE COMMAND...
	mkdir -p "$ROOTS/$1.debs" "$ROOTS/$1.bare.layer"
	exec 8>"$ROOTS/$1.debs.lock"
	flock 8
	exec unshare --mount --pid --uts --ipc --fork --kill-child \
		sh tests/debian/root.sh inside-bare "$@"
}

[ "$#" -ge 2 ] || usage
[ "$(id -u)" -eq 0 ] || die 'a root of Debian can be made by root only'
verb=$1
shift
case $verb in
make|make-bare|make-filter|make-package)
	mkdir -p "$ROOTS"
	exec 9>"$ROOTS/$1.lock"
	flock 9
	case $verb in
	make) make_root "$1" ;;
	make-bare) make_bare "$1" ;;
	*) make_more "$1" "${verb#make-}" ;;
	esac ;;
enter|enter-filter|enter-package)
	[ "$#" -ge 2 ] || usage
	release=$1${verb#enter}
	release=$(echo "$release" | tr - .)
	shift
	[ -e "$ROOTS/$release/.mailadm" ] ||
		die "there is no root of $release: make it"
	enter "$release" "$@" ;;
enter-bare)
	[ "$#" -ge 2 ] || usage
	[ -d "$ROOTS/$1.bare" ] || die "there is no bare root of $1: make it"
	enter_bare "$@" ;;
install) install_packages ;;
install-filter|install-package) install_more "${verb#install-}" ;;
inside) inside "$@" ;;
inside-bare) inside_bare "$@" ;;
boot) boot ;;
*) usage ;;
esac

#!/bin/sh
# A test on a bare system:
# sh tests/debian/release.sh RELEASE[.KIND]
#
# Makes the root where it does not exist, and runs there mail.sh, the mail
# server of one release; newcomer.sh, the first minutes of an admin;
# filter.sh, the mail server with each of the mail filters; costs.sh, what these
# cost; moving.sh, a server that somebody else set up; setup.sh, one that
# "mailadm setup" makes; or package.sh, the package of Debian, and
# package-bare.sh, which installs it where nothing is.

release=${1%.*}
case $1 in
*.newcomer) root=-bare test=newcomer.sh ;;
*.filter) root=-filter test=filter.sh ;;
*.costs) root=-filter test=costs.sh ;;
*.moving) root='' test=moving.sh ;;
*.package) root=-package test=package.sh ;;
# With a filter, on one of the releases, setup takes it.
trixie.setup) root=-filter test=setup.sh ;;
*.setup) root='' test=setup.sh ;;
*) root='' test=mail.sh ;;
esac
if ! sh tests/debian/root.sh "make$root" "$release"; then
	echo "Bail out! there is no root of $release"
	exit 99
fi
enter() { # KIND TEST
	exec sh tests/debian/root.sh "enter$1" "$release" \
	    env WHOLE="${WHOLE:-}" sh "tests/debian/$2"
}

[ "$test" = package.sh ] || enter "$root" "$test"
( enter "$root" "$test" ) || exit
# What was built is put where a bare root looks for packages.
roots=${OUT:-build}/debian
mkdir -p "$roots/$release.debs" &&
cp "$roots/$release.build/deb"/*.deb "$roots/$release.debs" &&
sh tests/debian/root.sh make-bare "$release" && enter -bare package-bare.sh

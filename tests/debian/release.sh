#!/bin/sh
# A test on a bare system:
# sh tests/debian/release.sh RELEASE[.newcomer|.filter|.costs|.moving]
#
# Makes the root where it does not exist, and runs there mail.sh, the mail
# server of one release; newcomer.sh, the first minutes of an admin;
# filter.sh, the mail server with each of the mail filters; costs.sh, what these
# cost; or moving.sh, a server that somebody else set up.

release=${1%.*}
case $1 in
*.newcomer) root=-bare test=newcomer.sh ;;
*.filter) root=-filter test=filter.sh ;;
*.costs) root=-filter test=costs.sh ;;
*.moving) root='' test=moving.sh ;;
*) root='' test=mail.sh ;;
esac
if ! sh tests/debian/root.sh "make$root" "$release"; then
	echo "Bail out! there is no root of $release"
	exit 99
fi
exec sh tests/debian/root.sh "enter$root" "$release" \
	env WHOLE="${WHOLE:-}" sh "tests/debian/$test"

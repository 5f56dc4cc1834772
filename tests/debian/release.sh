#!/bin/sh
# The mail server of one release: sh tests/debian/release.sh RELEASE
#
# Makes the root where there is none, and runs mail.sh there.

if ! sh tests/debian/root.sh make "$1"; then
	echo "Bail out! there is no root of $1"
	exit 99
fi
exec sh tests/debian/root.sh enter "$1" sh tests/debian/mail.sh

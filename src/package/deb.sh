#!/bin/sh
# Makes a package for the release of Debian that it runs on:
# sh src/package/deb.sh OUT | --version
#
# OUT/mailadm_VERSION_ARCH.deb, of the tree as it stands, or VERSION alone.
# The packaging is in src/package/debian and becomes debian/ in a copy of it.
#
# VERSION is that of src/cmd/help/version.h.  Where git knows that the commit
# is not that release, for it has no tag vVERSION, the time and the name of the
# commit come behind a ~, which sorts before the release; the time is now where
# the tree differs from the commit.  The release of Debian comes last, so that
# the package of a newer one takes the place of this one.

maintainer="${DEBFULLNAME:-The authors of mailadm}"
maintainer="$maintainer <${DEBEMAIL:-mailadm@example.org}>"

die() {
	echo "mailadm: $*" >&2
	exit 1
}

[ -f src/package/deb.sh ] || die 'run from the top of the tree'

in_git() {
	[ -e .git ] || return 1
	[ "$(git rev-parse --show-toplevel)" = "$(pwd -P)" ] ||
		die 'git cannot read this tree: the version would be wrong'
}

# A file that somebody removed and has not committed is listed all the same.
copy_tree() { # DIRECTORY
	if in_git; then
		git ls-files -z --cached --others --exclude-standard
	else
		find . -path ./build -prune -o -type f -print0
	fi | tar -c --null --files-from=- --ignore-failed-read 2>/dev/null |
		tar -x -C "$1"
}

is_release() { # VERSION
	[ -z "$edited" ] && git describe --tags --exact-match \
	    --match "v$1" >/dev/null 2>&1
}

# $version, and $date of all that is in the package.
find_version() {
	version=$(sed -n 's/^#define MAILADM_VERSION "\(.*\)"$/\1/p' \
	    src/cmd/help/version.h)
	[ -n "$version" ] || die 'there is no version in version.h'
	date=$(date +%s)
	if in_git; then
		edited=$(git status --porcelain)
		[ -n "$edited" ] || date=$(git log -1 --format=%ct)
		is_release "$version" || version=$version~git$(date -u \
		    -d "@$date" +%Y%m%d%H%M%S).$(git rev-parse --short=7 HEAD)
	fi
	# shellcheck source=/dev/null
	version=$version+deb$(. /etc/os-release && echo "$VERSION_ID")
}

write_changelog() {
	cat <<-END
	mailadm ($version) unstable; urgency=medium

	  * See "git log" for what changed.

	 -- $maintainer  $(LC_ALL=C date -u -R -d "@$date")
	END
}

prepare() { # DIRECTORY
	copy_tree "$1" && mv "$1/src/package/debian" "$1/debian" &&
	sed -i "s|@MAINTAINER@|$maintainer|" "$1/debian/control" &&
	write_changelog >"$1/debian/changelog"
}

build() { # DIRECTORY LOG
	( cd "$1" && unset MAKEFLAGS MAKELEVEL MFLAGS OUT &&
	    SOURCE_DATE_EPOCH=$date dpkg-buildpackage -b -us -uc ) >"$2" 2>&1
}

find_version
if [ "$1" = --version ]; then
	echo "$version"
	exit
fi
out=$1
command -v dpkg-buildpackage >/dev/null || die 'this needs Debian'
mkdir -p "$out" || exit 1
# The tools do not like blanks in the name of a directory.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM HUP
mkdir "$work/tree"
prepare "$work/tree" || exit 1
build "$work/tree" "$out/build.log" || {
	tail -n 20 "$out/build.log" >&2
	die "the package could not be built: see $out/build.log"
}
rm -f "$out"/*.deb
mv "$work"/*.deb "$out" && ls "$out"/mailadm_*.deb

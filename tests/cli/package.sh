# The package of Debian, as far as the tree shows it; tests/debian/package.sh
# builds, installs and removes one.
# shellcheck shell=sh disable=SC2016,SC2034,SC2154 # t evaluates the code
. tests/lib.sh
need_command git dpkg

packaging=src/package/debian

# --- what else in the tree it depends on ---------------------------------

t 'what postrm looks for in main.cf is what config render writes there' '
	words=$(sed -n "s/.*grep -qs .\([a-z ]*\). .*main.cf.*/\1/p" \
	    "$packaging/mailadm.postrm") &&
	is "$words" "mailadm config render" &&
	grep -q "^#.*$words" postfix/main.cf'

t 'each timer is the business of the package, and no service is' '
	for timer in src/examples/*.timer; do
		grep -q "dh_installsystemd.* ${timer##*/}" \
		    "$packaging/rules" || return 1
	done && ! grep "dh_installsystemd.*\.service" "$packaging/rules"'

t 'each service waits until there is something for it to do' '
	for service in src/examples/*.service; do
		grep -q "^ConditionPathExists=/etc/mailadm/" "$service" ||
			return 1
	done'

# As pkg-config and the linker name them; -dev packages name them otherwise.
t 'it is built with what setup.sh installs' '
	tr -s " \t'\''" "\n" <tests/setup.sh |
	    grep -E "^lib[a-z0-9-]*-dev$" | sort -u |
	    grep -vE "^lib(c6|cmocka|clang-rt)-dev$" >"$T/installed" &&
	sed -n "s/^ \(lib.*-dev\),$/\1/p" "$packaging/control" |
	    sort >"$T/needed" &&
	run diff "$T/installed" "$T/needed" && empty "$out"'

# --- the rules of logcheck -----------------------------------------------

rules=$packaging/mailadm.logcheck.ignore.server

# Those of standard input that a rule takes.
taken() {
	grep -cE -f "$rules"
}

description() { # UNIT
	sed -n 's/^Description=//p' "src/examples/$1"
}

# What systemd of both releases writes for one unit.
usual() { # UNIT
	said="$1 - $(description "$1")"
	sed "s/^/$2 mx systemd[1]: /" <<-END
	Starting $said...
	Finished $said.
	Started $said.
	Stopped $said.
	$1: Deactivated successfully.
	$1: Consumed 1min 1.234s CPU time.
	$1: Consumed 1.2s CPU time over 3.4s wall clock time, 9.1M memory peak.
	END
}

t 'what systemd says of a run in which nothing was wrong is ignored' '
	for unit in src/examples/*.service src/examples/*.timer; do
		for time in "Nov  3 05:17:00" \
		    2026-11-03T05:17:00.123456+00:00; do
			is "$(usual "${unit##*/}" "$time" | taken)" 7 ||
				return 1
		done
	done'

t 'and that nothing is set up yet' '
	for unit in src/examples/*.service; do
		is "$(echo "Nov  3 05:17:00 mx systemd[1]: ${unit##*/} - \
$(description "${unit##*/}") was skipped because of an unmet condition \
check ($(grep ^Condition "$unit"))." | taken)" 1 || return 1
	done'

t 'what was found, and a run that failed, are not' '
	is "$(sed "s/^/Nov  3 05:17:00 mx /" <<-END | taken
	systemd[1]: mailadm-check.service: Failed with result "exit-code".
	systemd[1]: Failed to start mailadm-check.service - Check it.
	mailadm[312]: error  R011  anna@example.com  has no domain
	systemd[1]: Starting other.service - mailadm-check.service - x...
	END
	)" 0'

# --- versions ------------------------------------------------------------

# A tree of its own, with one commit.
mkdir -p "$T/tree/src/cmd/help" "$T/tree/src/package"
cp src/package/deb.sh "$T/tree/src/package"
git_here() {
	git -C "$T/tree" -c user.name=a -c user.email=a@x.org \
	    -c init.defaultBranch=main "$@"
}

names() { # VERSION
	echo "#define MAILADM_VERSION \"$1\"" \
	    >"$T/tree/src/cmd/help/version.h"
}

commit() { # VERSION DATE
	names "$1" && git_here add . && GIT_COMMITTER_DATE="$2 +0000" \
	    git_here commit -q --allow-empty -m x
}

version() {
	( cd "$T/tree" && sh src/package/deb.sh --version )
}

older() { # VERSION VERSION
	dpkg --compare-versions "$1" lt "$2"
}

t 'without git the version is that of the program, for this release' '
	names 0.9.0 && run version &&
	status 0 && matches "$out" "^0\.9\.0\+deb[0-9]+$" && released=$out'

t 'a commit names its time and itself' '
	git_here init -q && commit 0.9.0 2026-01-02T03:04:05 &&
	run version && status 0 && first=$out &&
	matches "$out" "^0\.9\.0~git20260102030405\.[0-9a-f]{7}\+deb[0-9]+$"'

t 'a tree with changes is newer than its commit' '
	echo >"$T/tree/new" && run version && status 0 &&
	older "$first" "$out" && older "$out" "$released" && rm "$T/tree/new"'

t 'the tag of the version makes it the release, and another one does not' '
	git_here tag v0.8.0 && is "$(version)" "$first" &&
	git_here tag v0.9.0 && is "$(version)" "$released"'

t 'a snapshot is older than the next, than the release and what follows' '
	commit 0.9.0 2026-01-02T03:04:06 && second=$(version) &&
	older "$first" "$second" && older "$second" "$released" &&
	older "$released" "${released%+deb*}+deb99" &&
	commit 0.10.0 2026-01-02T03:04:07 && older "$released" "$(version)"'

t 'a tree that git cannot read gets no version of a release' '
	rm "$T/tree/.git/HEAD" && run version && status 1 && empty "$out" &&
	like "$err" "git cannot read this tree"'

finish

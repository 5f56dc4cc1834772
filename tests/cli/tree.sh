# The tree may stand anywhere: "make check" and "make try" of an ordinary user
# in a folder with blanks, which is not theirs to write.
. tests/lib.sh
need_command tar

# An ordinary user must be able to reach it.
place=$(mktemp -d /tmp/mailadm.XXXXXX) || bail_out 'no folder'
trap 'chmod -R u+w "$place"; rm -rf "$place"; t_exit' EXIT
tree="$place/a tree 100%"

# With what is built already, as far as it is newer than the sources.
copy() {
	mkdir "$tree" "$place/out" "$place/home" &&
	find . -mindepth 1 -maxdepth 1 ! -name build ! -name .git -print0 |
	    tar -c --null --files-from=- | tar -x -C "$tree" &&
	(cd "$OUT" && find . -mindepth 1 -maxdepth 1 ! -name test ! -name try \
	    ! -name san ! -name 'db-template*' ! -name debian \
	    ! -name mutate -print0 | tar -c --null --files-from=-) |
	    tar -x -C "$place/out" &&
	if [ "$(id -u)" -eq 0 ]; then
		chown -R 65534:65534 "$place"
	fi && chmod 755 "$place" && chmod -R a-w,a+rX "$tree"
}

# COMMAND there, as nobody.
there() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	fi
	( cd "$tree" && exec env -i PATH=/usr/local/bin:/usr/bin:/bin \
	    HOME="$place/home" LC_ALL=C.UTF-8 CI=true "$@" )
}

make_there() {
	there make -s SAN="${SAN:-}" CC="${CC:-cc}" WERROR= \
	    OUT="$place/out" "$@"
}

t 'the tree is copied, and cannot be written' '
	copy && run there touch build && [ "$status" -ne 0 ]'

# As "make check" of an ordinary user has it, where mail is sent by root.
if [ "$(id -u)" -eq 0 ]; then
	t 'root may have run tests with the same OUT' '
		install -d -o 65534 -g 65534 "$place/out/test" &&
		as_root() { (cd "$tree" && OUT=$place/out sh "$@"); } &&
		run as_root tests/db/loops.sh && status 0'
fi

t 'make check needs nothing but OUT to write' '
	run make_there check TESTS="tests/unit/test_text.c \
tests/unit/test_csv.c tests/cli/smoke.sh tests/cli/config.sh \
tests/db/loops.sh tests/pty/jobs.sh" &&
	status 0 && matches "$out" "^[0-9]+ passed, 0 failed$" &&
	[ -d "$place/out/test/logs" ]'

t 'nor does make try' '
	echo "domain add example.com" >"$T/in" &&
	run make_there try <"$T/in" && status 0 &&
	like "$err" "domain example.com added" && [ -d "$place/out/try/data" ]'

t 'and make install goes where the name of a directory has blanks' '
	run make_there install DESTDIR="$place/out/in stalled" && status 0 &&
	run "$place/out/in stalled/usr/local/sbin/mailadm" --version &&
	status 0 && rm -r "$place/out/in stalled"'

t 'nothing was written to the tree' '
	[ ! -e "$tree/build" ] &&
	is "$(find "$tree" -newer "$place/out/try/ready")" ""'

t 'make clean takes what was made, but for the database' '
	run make_there clean && status 0 && is "$(ls "$place/out")" try'

finish

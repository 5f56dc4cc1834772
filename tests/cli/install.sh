# make install writes what the Makefile lists, make uninstall takes it away.
. tests/lib.sh

make_it() {
	make -s --no-print-directory SAN="${SAN:-}" DESTDIR="$T/root" \
	    PREFIX=/opt/mail "$@"
}

installed() {
	( cd "$T/root/opt/mail" && find . -type f | sort )
}

t 'everything has its place below PREFIX' '
	run make_it install && status 0 && run installed &&
	for file in ./sbin/mailadm ./share/man/man8/mailadm.8 \
	    ./share/bash-completion/completions/mailadm \
	    ./share/zsh/site-functions/_mailadm \
	    ./share/mailadm/sql/grants.sql \
	    ./share/mailadm/postfix/sql_aliases.cf \
	    ./share/doc/mailadm/examples/mailadm.conf.example \
	    ./share/doc/mailadm/examples/check.cnf.example; do
		matches "$out" "^$file$" || return 1
	done && matches "$out" "/share/mailadm/dovecot/" && empty "$err"'

t 'the program runs from there' '
	run "$T/root/opt/mail/sbin/mailadm" --version && status 0'

t 'every fragment of the tree is installed as it is' '
	( cd "$TOP" && find sql postfix dovecot -type f ) >"$T/fragments" &&
	[ -s "$T/fragments" ] && while read -r file; do
		cmp "$TOP/$file" "$T/root/opt/mail/share/mailadm/$file" ||
			return 1
	done <"$T/fragments"'

t 'the unit, its timer and its user stand where systemd looks' '
	for file in ./lib/systemd/system/mailadm-check.service \
	    ./lib/systemd/system/mailadm-check.timer \
	    ./lib/sysusers.d/mailadm.conf; do
		[ -f "$T/root/opt/mail/$file" ] || return 1
	done'

t 'the unit and the cron file name the program where it is' '
	grep -q "^ExecStart=/opt/mail/sbin/mailadm " \
	    "$T/root/opt/mail/lib/systemd/system/mailadm-check.service" &&
	grep -q " mailadm_check  /opt/mail/sbin/mailadm " \
	    "$T/root/opt/mail/share/doc/mailadm/examples/mailadm-check.cron"'

t 'nothing is installed that cron would run' '
	run find "$T/root" -path "*/cron.*" -type f && empty "$out"'

t 'nobody but the owner may write any of it' '
	run find "$T/root" -type f -perm /022 && empty "$out"'

t 'installing again is no error' '
	run make_it install && status 0'

t 'uninstall leaves what is not ours' '
	: >"$T/root/opt/mail/share/mailadm/sql/mine.sql" &&
	run make_it uninstall && status 0 && run installed &&
	is "$out" ./share/mailadm/sql/mine.sql'

t 'and otherwise no file and no folder of ours' '
	rm "$T/root/opt/mail/share/mailadm/sql/mine.sql" &&
	run make_it uninstall && status 0 && run installed && empty "$out" &&
	[ ! -e "$T/root/opt/mail/share/mailadm" ] &&
	[ ! -e "$T/root/opt/mail/share/doc/mailadm" ]'

finish

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
	    ./share/doc/mailadm/examples/mailadm.conf.example \
	    ./share/doc/mailadm/examples/mailadm.cnf.example \
	    ./share/doc/mailadm/examples/manifest.yaml.example; do
		matches "$out" "^$file$" || return 1
	done && empty "$err"'

t 'the program runs from there' '
	run "$T/root/opt/mail/sbin/mailadm" --version && status 0'

# One that somebody installed by hand would not work.
t 'no template is installed: they are in the program' '
	run grep -rlE "@[A-Z_]+@" "$T/root/opt/mail/share/doc" \
	    "$T/root/opt/mail/lib" && empty "$out" &&
	[ ! -e "$T/root/opt/mail/share/mailadm" ]'

t 'the unit, its timer and its user stand where systemd looks' '
	for file in ./lib/systemd/system/mailadm-check.service \
	    ./lib/systemd/system/mailadm-check.timer \
	    ./lib/sysusers.d/mailadm.conf; do
		[ -f "$T/root/opt/mail/$file" ] || return 1
	done'

t 'the unit names the program where it is' '
	grep -q "^ExecStart=/opt/mail/sbin/mailadm " \
	    "$T/root/opt/mail/lib/systemd/system/mailadm-check.service"'

t 'and so does the cron file that the installed program makes' '
	accounts_sql >"$T/grants" && own_system "$T/accounts" &&
	run "$T/root/opt/mail/sbin/mailadm" -c "$T/accounts/conf" \
	    --defaults-file "$T/accounts/cnf" config render cron \
	    --out "$T/accounts" && status 0 &&
	grep -q " || $T/root/opt/mail/sbin/mailadm " \
	    "$T/accounts/etc/cron.d/mailadm"'

t 'nothing is installed that cron would run' '
	run find "$T/root" -path "*/cron.*" -type f && empty "$out"'

t 'nobody but the owner may write any of it' '
	run find "$T/root" -type f -perm /022 && empty "$out"'

t 'installing again is no error' '
	run make_it install && status 0'

t 'uninstall leaves what is not ours' '
	: >"$T/root/opt/mail/share/doc/mailadm/mine" &&
	run make_it uninstall && status 0 && run installed &&
	is "$out" ./share/doc/mailadm/mine'

t 'and otherwise no file and no folder of ours' '
	rm "$T/root/opt/mail/share/doc/mailadm/mine" &&
	run make_it uninstall && status 0 && run installed && empty "$out" &&
	[ ! -e "$T/root/opt/mail/share/doc/mailadm" ]'

t 'uninstall names what still calls the program' '
	for caller in cron.d/mailadm \
	    letsencrypt/renewal-hooks/deploy/mailadm; do
		mkdir -p "$T/root/etc/$(dirname "$caller")" &&
		: >"$T/root/etc/$caller" || return 1
	done
	timer=systemd/system/timers.target.wants/mailadm-check.timer
	mkdir -p "$T/root/etc/$(dirname "$timer")" &&
	ln -s /nowhere "$T/root/etc/$timer" &&
	run make_it uninstall && status 0 && empty "$out" && lines "$err" 3 &&
	for caller in cron.d/mailadm "$timer" \
	    letsencrypt/renewal-hooks/deploy/mailadm; do
		like "$err" "/etc/$caller still calls the program" || return 1
	done'

finish

# make install writes what the Makefile lists, make uninstall takes it away.
. tests/lib.sh

make_it() {
	make -s --no-print-directory SAN="${SAN:-}" OUT="$OUT" \
	    DESTDIR="$T/root" PREFIX=/opt/mail "$@"
}

installed() {
	( cd "$T/root/opt/mail" && find . -type f | sort )
}

t 'everything has its place below PREFIX' '
	run make_it install && status 0 && run installed &&
	for file in ./sbin/mailadm ./share/man/man8/mailadm.8 \
	    ./share/man/man8/mailadm-commands.8 \
	    ./share/man/man5/mailadm.conf.5 \
	    ./share/man/man7/mailadm-server.7 \
	    ./share/man/man7/mailadm-howto.7 \
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

t 'the units, their timers and the user stand where systemd looks' '
	for file in ./lib/systemd/system/mailadm-check.service \
	    ./lib/systemd/system/mailadm-check.timer \
	    ./lib/systemd/system/mailadm-dkim.service \
	    ./lib/systemd/system/mailadm-dkim.timer \
	    ./lib/systemd/system/mailadm-dns.service \
	    ./lib/systemd/system/mailadm-dns.timer \
	    ./lib/sysusers.d/mailadm.conf; do
		[ -f "$T/root/opt/mail/$file" ] || return 1
	done'

t 'each unit names the program where it is' '
	for unit in check dkim dns; do
		grep -q "^ExecStart=/opt/mail/sbin/mailadm " "$T/root/opt/\
mail/lib/systemd/system/mailadm-$unit.service" || return 1
	done'

# Copies that name a program which exists; systemd looks for it.
mkdir "$T/units"
for unit in "$T"/root/opt/mail/lib/systemd/system/*; do
	sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" \
	    >"$T/units/${unit##*/}"
done

# What no line of a unit is: a section, a key of it and its value, a comment,
# or the rest of a line that ends with a backslash.
odd_lines() {
	awk '
	BEGIN {
		keys["Unit"] = "Description Documentation After Wants " \
		    "ConditionPathExists"
		keys["Timer"] = "OnBootSec OnUnitActiveSec OnCalendar " \
		    "RandomizedDelaySec Persistent"
		keys["Install"] = "WantedBy"
		keys["Service"] = "Type User StateDirectory " \
		    "StateDirectoryMode UMask TimeoutStartSec Nice " \
		    "ExecStart CapabilityBoundingSet LockPersonality " \
		    "MemoryDenyWriteExecute NoNewPrivileges " \
		    "PrivateDevices PrivateTmp ProtectClock " \
		    "ProtectControlGroups ProtectHome ProtectHostname " \
		    "ProtectKernelLogs ProtectKernelModules " \
		    "ProtectKernelTunables ProtectSystem " \
		    "RestrictAddressFamilies RestrictNamespaces " \
		    "RestrictRealtime RestrictSUIDSGID " \
		    "SystemCallArchitectures SystemCallFilter"
	}
	FNR == 1 { section = ""; more = 0 }
	more { more = /\\$/; next }
	/^(#|$)/ { next }
	/^\[[A-Z][a-z]+\]$/ {
		section = substr($0, 2, length - 2)
		if (section in keys)
			next
	}
	{
		more = /\\$/
		key = $0
		sub(/=.*/, "", key)
		if (!/=/ || index(" " keys[section] " ",
		    " " key " ") == 0)
			print FILENAME ": " $0
	}' "$@"
}

t 'each line of a unit is one that systemd knows' '
	run odd_lines "$T"/units/* && empty "$out$err" &&
	printf "%s\n" "[Service]" "UMsak=0077" "[Unot]" "[Unit]" "UMask=1" \
	    "nothing" >"$T/odd.service" && run odd_lines "$T/odd.service" &&
	lines "$out" 4'

t 'each timer has its service, and each service its timer' '
	for unit in "$T"/units/*; do
		[ -e "${unit%.*}.timer" ] && [ -e "${unit%.*}.service" ] ||
			return 1
	done'

# A machine without systemd has nothing else to judge them by.
if command -v systemd-analyze >/dev/null; then
	t 'systemd itself finds no fault in them, and one in what is wrong' '
		run systemd-analyze verify --man=no "$T"/units/* &&
		status 0 && unlike "$out$err" mailadm- &&
		mkdir "$T/odd" && sed "s/^UMask/UMsak/" \
		    "$T/units/mailadm-dkim.service" \
		    >"$T/odd/mailadm-dkim.service" &&
		run systemd-analyze verify --man=no \
		    "$T/odd/mailadm-dkim.service" && like "$out$err" UMsak'
fi

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
	timers=systemd/system/timers.target.wants
	mkdir -p "$T/root/etc/$timers" &&
	ln -s /nowhere "$T/root/etc/$timers/mailadm-check.timer" &&
	ln -s /nowhere "$T/root/etc/$timers/mailadm-dkim.timer" &&
	ln -s /nowhere "$T/root/etc/$timers/mailadm-dns.timer" &&
	run make_it uninstall && status 0 && empty "$out" && lines "$err" 5 &&
	for caller in cron.d/mailadm "$timers/mailadm-check.timer" \
	    "$timers/mailadm-dkim.timer" "$timers/mailadm-dns.timer" \
	    letsencrypt/renewal-hooks/deploy/mailadm; do
		like "$err" "/etc/$caller still calls the program" || return 1
	done'

# A new caller belongs to CALLERS in the Makefile, and above.
t 'what calls it is the cron file and the units of the timers, no more' '
	run grep -rlE "@PROGRAM@|^[^#]*[ /]mailadm [a-z-]" src/examples \
	    postfix dovecot && is "$(sort "$T/out")" \
	    "src/examples/mailadm-check.service
src/examples/mailadm-dkim.service
src/examples/mailadm-dns.service
src/examples/mailadm.cron" &&
	is "$(grep -h ^WantedBy src/examples/* | sort -u)" \
	    "WantedBy=timers.target"'

finish

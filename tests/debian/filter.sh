# shellcheck shell=sh
# A mail server with a filter: run by release.sh, in a root that has the
# filters' packages.
#
# First rspamd, then OpenDKIM with OpenDMARC and policyd-spf, each with the
# files of "config render all --out /", byte for byte, and the keys that "dkim
# sync" writes.  Signatures are checked by python3-dkim, which is of another
# make than both.  The names of .example
# are in unbound, on this machine.  (libunbound, inside of OpenDKIM, would say
# of itself that nothing exists in .test.)
. tests/lib.sh
. tests/debian/lib-mail.sh
. tests/debian/lib-filter.sh
. tests/debian/lib-load.sh
long=${WHOLE:-}
[ "$(hostname) $(pwd)" = "$ME /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'

t 'mailadm builds and installs here' 'run build && status 0'

world_up || bail_out 'no names, no log'
names_up || bail_out 'unbound does not start'
certificate 1 || bail_out 'no certificate'

t 'config init proposes rspamd, which is installed here' '
	run mailadm config init --hostname "$ME" && status 0 &&
	grep -qx "filter = rspamd" /etc/mailadm/mailadm.conf &&
	run accounts && status 0 && run people && status 0'

anna='anna@alpha.example pw-anna'
eve='eve@beta.example pw-eve'

t 'its files are written, and both servers start with them' '
	run mailadm config render all --out / --force && status 0 &&
	run systemd-tmpfiles --create /etc/tmpfiles.d/mailadm.conf &&
	status 0 && empty "$err" &&
	is "$(stat -c "%a %U %G" /var/spool/postfix/rspamd)" \
	    "2710 _rspamd postfix" &&
	systemctl_make && keys_add && run mailadm dkim sync && status 0 &&
	like "$err" "4 DKIM keys in use; rspamd reloaded" && test_patterns &&
	run sievec /etc/dovecot/junk.sieve && status 0 &&
	run servers_up && status 0'

rspamd_up || bail_out 'rspamd does not start'

filter=rspamd
. tests/debian/filter-out.sh

gtube() { # LETTER SUBJECT
	compose x@pass.example bo@alpha.example "$2" >"$T/mail"
	printf '%s\r\n' "$1JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-\
ANTI-UBE-TEST-EMAIL*C.34X" >>"$T/mail"
	receive 192.0.2.2 x@pass.example bo@alpha.example
}

t 'spam is filed into Junk, and worse is refused' '
	gtube Y junk-1 && status 0 && eventually arrived junk-1 Junk &&
	is "$(header bo@alpha.example junk-1 x-spam)" Yes &&
	! arrived junk-1 INBOX &&
	gtube X junk-2 && matches "$(printf "%s\n" "$err")" "^< 55[0-9] 5"'

. tests/debian/filter-in.sh
. tests/debian/filter-faults.sh
. tests/debian/filter-down.sh
if [ -n "$long" ]; then
	. tests/debian/filter-load.sh
fi

### The classic

t 'the classic takes its place, and what was rspamd is named' '
	run mailadm config init --filter opendkim && status 0 &&
	run mailadm config render all --out / --force && status 0 &&
	like "$err" "hint: rm /etc/rspamd/local.d/worker-proxy.inc" &&
	printf "%s\n" "$err" | sed -n "s/^hint: rm/rm/p" | sh &&
	run mailadm config render all --out / && status 0 &&
	unlike "$out" written && unlike "$out" obsolete &&
	rspamd_down && run systemd-tmpfiles --create \
		/etc/tmpfiles.d/mailadm.conf && status 0 &&
	run mailadm dkim sync && status 0 &&
	like "$err" "DKIM keys in use; opendkim reloaded" &&
	mailadm -q dkim sync >"$T/said" &&
	run opendkim_up && status 0 &&
	run postfix reload && status 0 && run doveadm reload && status 0'

filter=opendkim
. tests/debian/filter-out.sh
. tests/debian/filter-in.sh
. tests/debian/filter-faults.sh
. tests/debian/filter-down.sh
if [ -n "$long" ]; then
	. tests/debian/filter-load.sh
fi

finish

# shellcheck shell=sh disable=SC2154 # of the others
# What config verify finds in the configuration of $filter:
# tests/debian/filter.sh sources it.

FAULTY="/etc/postfix /etc/rspamd /etc/opendkim.conf /etc/opendkim-sign.lua
	/etc/opendmarc.conf /etc/mailadm /etc/passwd /etc/group $KEYS"

# shellcheck disable=SC2046,SC2086 # paths
faults_begin() {
	tar -C / -cpf "$T/good.tar" $(ls -d $FAULTY 2>/dev/null)
}

faults_end() {
	rm -rf "${KEYS:?}" && tar -C / -xpf "$T/good.tar"
}

# What is edited is V026 besides, which must not hide that nothing else is.
fault() { # RULES COMMAND
	restore=
	eval "$2" || { t_notes="not planted: $2"; return 1; }
	run mailadm config verify --ignore V026
	t_found=$(cut -f 1 "$T/out" | sort -u | tr '\n' ' ')
	faults_end && eval "$restore" || return 1
	[ "$status ${t_found% }" = "1 $1" ] ||
		{ t_notes="$2: found $t_found, not $1"; return 1; }
}

all_faults() {
	t_faults=0
	while read -r rules plant; do
		fault "$(echo "$rules" | tr , " ")" "$plant" </dev/null ||
			return 1
		t_faults=$((t_faults + 1))
	done <"$T/faults"
	echo "# $filter: ${t_together:-$t_faults} planted faults"
}

t "$filter: config verify finds nothing wrong" '
	run mailadm config verify && status 0 && empty "$out" &&
	unlike "$err" V06 && unlike "$err" V07'

faults_begin

# shellcheck disable=SC2034 # for the commands
{
	spool=$POSTFIX/$filter
	socket=$spool/opendkim.sock
	[ "$filter" = opendkim ] || socket=$spool/milter.sock
	signing=/etc/rspamd/local.d/dkim_signing.conf
	key_dir=$KEYS/keys
	# It may have been replaced under load before.
	alpha_key=$key_dir/alpha.example.$(mailadm dkim list \
		--domain alpha.example --state active \
		--columns algorithm,selector | sed -n 's/^rsa	//p').key
}

# Asking rspamd for its configuration takes a part of a second, so unless there
# is time some of its faults are planted together.
if [ "$filter" = rspamd ] && [ -z "$long" ]; then
	t_together=$(grep -c '^+' tests/debian/faults.rspamd)
	sed -n 's/^+//p' tests/debian/faults.rspamd |
		awk '{ rules = rules "," $1; $1 = ""; all = all ";" $0 }
		    END { print substr(rules, 2), substr(all, 2) }' \
		    >"$T/faults"
else
	t_together=
	sed '/^#/d; s/^+//' "tests/debian/faults.$filter" >"$T/faults"
fi

t "$filter: each planted fault is named by its rule and no other" '
	all_faults'

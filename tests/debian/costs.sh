# shellcheck shell=sh
# What a mail filter costs: run by release.sh, in a root that has the filters'
# packages; "make bench-filter" on both releases.
#
# The same mail without a filter, through rspamd, and through OpenDKIM with
# OpenDMARC and policyd-spf: messages of one user that are submitted and signed,
# and messages from outside, one after the other.  Of each the median time is
# shown, the CPU time of everything that runs here for a message, and the memory
# of the filter (PSS).  Times of one machine are compared, best of an idle one:
# what a filter adds counts, not the milliseconds.
. tests/lib.sh
. tests/debian/lib-mail.sh
. tests/debian/lib-filter.sh
. tests/debian/lib-load.sh
COUNT=${COSTS_MESSAGES:-200}
[ "$(hostname) $(pwd)" = "$ME /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'

ready() {
	build && world_up && names_up && certificate 1 &&
	mailadm config init --hostname "$ME" --filter none && accounts &&
	people && systemctl_make && keys_add
}

begin() { # FILTER
	mailadm config init --filter "$1" &&
	mailadm config render all --out / --force || return 1
	case $1 in
	none) servers_up ;;
	*)
		systemd-tmpfiles --create /etc/tmpfiles.d/mailadm.conf &&
		mailadm dkim sync && "$1_up" && postfix reload &&
		doveadm reload ;;
	esac
}

# Seconds of CPU of all processes here, and of those that ended.
cpu() {
	cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' |
		awk -v hz="$(getconf CLK_TCK)" '{
			ticks += $12 + $13 + $14 + $15
		} END { printf "%.2f", ticks / hz }'
}

# The first messages, which start what is started when it is needed, do not
# count.
measured() { # NAME PORT
	load_make "$1.first" "$2" 10 && load_begin "$1.first" && load_end &&
	load_make "$1" "$2" "$COUNT" && m_cpu=$(cpu) &&
	load_begin "$1" && load_end &&
	eventually queue_empty && m_cpu=$(awk -v a="$m_cpu" -v b="$(cpu)" \
	    -v n="$COUNT" 'BEGIN { printf "%.1f", (b - a) / n * 1000 }') &&
	[ "$(codes "$1")" = '250 ' ] &&
	echo "$(median "$1") $m_cpu"
}

row() { # FILTER PROGRAM...
	begin "$1" >"$T/said" 2>&1 || bail_out "$1 does not start"
	if ! r_out=$(measured "out-$1" 465) || ! r_in=$(measured "in-$1" 25)
	then
		bail_out "mail is refused with $1"
	fi
	r_name=$1
	shift
	echo "$r_name $r_out $r_in $([ $# -eq 0 ] || memory "$@")" >>"$T/rows"
}

table() {
	printf '%-9s %31s %31s %9s\n' '' 'submitted: ms' 'from outside: ms' \
	    memory
	awk 'function one(ms, cpu, i) {
		return sprintf("%4d (x %.1f), CPU %5.1f (x %.1f)", ms,
		    ms / none[i], cpu, cpu / none[i + 1])
	}
	NR == 1 { for (i = 2; i <= 5; i++) none[i] = $i }
	{ printf "%-9s %31s %31s %6d MB\n", $1, one($2, $3, 2),
	    one($4, $5, 4), $6 }' "$T/rows"
}

ready >"$T/said" 2>&1 || { cat "$T/said"; bail_out 'no mail server'; }
row none
row rspamd rspamd 'rspamd: .*'
rspamd_down
row opendkim opendkim opendmarc policyd-spf
table
rm -rf "$T"

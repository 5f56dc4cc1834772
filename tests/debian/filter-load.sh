# shellcheck shell=sh disable=SC2154 # of the others
# $filter with many messages, while keys, domains and itself come and go:
# tests/debian/filter.sh sources it.

# Until the filter has read its tables.
gina_signs() {
	tries=$((tries + 1))
	elsewhere &&
	compose "gina@$domain" x@out.example "gamma-$round-$tries" \
		>"$T/mail" &&
	submit_file 465 "gina@$domain" pw-gina "gina@$domain" \
		x@out.example &&
	[ "$status" = 0 ] && gone_out "gamma-$round-$tries" &&
	[ "$(signatures "gamma-$round-$tries")" -gt 0 ]
}

t "$filter: a domain that is added signs without a restart" '
	echo "gamma$round MX 10 mail.example.test." >>"$W/unbound/zone" &&
	domain=gamma$round.example && mailadm -q domain add $domain &&
	echo pw-gina | mailadm -q user add gina@$domain --password-stdin \
	    --force &&
	mailadm -q dkim add $domain --selector new >"$T/said" &&
	publish $domain new && run mailadm dkim activate $domain &&
	status 0 && like "$err" "$filter reloaded" && tries=0 &&
	within 60 gina_signs &&
	verified "gamma-$round-$tries" $domain'

# At a reload rspamd ends workers that Postfix still talks to, and then the next
# message of an open session is refused for now: counted, and sent again.
retried() { # NAME
	case $(codes "$1") in
	'250 '|'250 451 ') ;;
	*) is "$(codes "$1")" '250 451 '; return 1 ;;
	esac
	echo "# $filter: $(grep -c ' 451 ' "$T/$1.sent") of $1 refused for now"
	load_again "$1"
}

### A whole rotation

rotate() { # NAME=VALUE...
	{
		grep -v "^dkim_[awr]" /etc/mailadm/mailadm.conf
		printf '%s\n' "dkim_algorithms = $algorithms" \
			"dkim_wait = 0" "$@"
	} >"$T/rotate.conf"
	run mailadm -c "$T/rotate.conf" dkim rotate alpha.example
}

selectors() { # STATE
	mailadm -o tsv --columns selector dkim list --domain alpha.example \
		--state "$1"
}

publish_pending() {
	selectors pending | while read -r p_selector; do
		publish alpha.example "$p_selector" </dev/null || exit 1
	done
}

states() {
	mailadm -o tsv --columns state dkim list --domain alpha.example |
		sort | uniq -c | awk '{ printf "%s %s ", $1, $2 }'
}

# What signed, of all that went out.
used() {
	cut -d ' ' -f 3 "$T/out" | sort -u | wc -l
}

algorithms=rsa
[ "$filter" = opendkim ] || algorithms='rsa ed25519'
kinds=$(echo "$algorithms" | wc -w)

t "$filter: keys are replaced under load, and each message verifies" '
	load=rotate$round && load_make $load 465 510 && load_begin $load &&
	within 300 load_sent $load 80 &&
	rotate && status 0 && rotate && status 1 &&
	publish_pending && within 300 load_sent $load 160 &&
	rotate && status 0 && like "$err" "$filter reloaded" &&
	is "$(selectors active | wc -l)" 2 &&
	within 300 load_sent $load 340 &&
	rotate "dkim_retire = 0" && status 0 && load_end &&
	retried $load && load_verified $load 510 &&
	is "$(used)" $((kinds * 2))'

### The filter goes and comes back

# shellcheck disable=SC2046 # numbers
killed_rspamd() {
	kill -9 $(pidof rspamd) && rm -f "$W/rspamd.pid"
}

# shellcheck disable=SC2046 # numbers
killed_opendkim() {
	kill -9 $(pidof opendkim opendmarc) &&
	rm -f /run/opendkim/opendkim.pid /run/opendmarc/opendmarc.pid
}

# While it is away each session is refused for now, none for good.
refused_for_now() { # NAME
	is "$(codes "$1" | sed "s/45[14]/45x/g; s/45x 45x/45x/")" "250 45x "
}

t "$filter: restarted and killed under load, it loses no mail" '
	load_make out$round 465 90 12 && load_make in$round 25 90 12 &&
	load_begin out$round && load_begin in$round &&
	within 300 load_sent out$round 15 250 &&
	within 300 load_sent in$round 15 250 &&
	${filter}_down && ${filter}_up && away=$(load_failed out$round) &&
	within 300 load_sent out$round 30 250 &&
	killed_$filter && within 300 load_sent out$round 10 45 &&
	within 300 load_sent in$round 10 45 && ${filter}_up && load_end &&
	refused_for_now out$round && refused_for_now in$round &&
	echo "# $filter: $(grep -c " 45" "$T/out$round.sent") and" \
	    "$(grep -c " 45" "$T/in$round.sent") sessions refused for now" &&
	load_again out$round && load_again in$round &&
	load_verified out$round 90 && load_arrived in$round 90'

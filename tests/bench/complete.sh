# What TAB costs among many names; part of run.sh, which says how to measure.
# shellcheck shell=sh

# tab NAME LINE: the whole process that answers a shell's TAB, with its
# start and its connection; the shell of mailadm itself has both already.
tab() {
	meter_mailadm "tab.$1" large complete --line "mailadm $2"
	verdict_lines="$verdict_lines
$1|$2"
}

completions() {
	heading "TAB among $USERS users, whole process (median of $TURNS)"
	turn=0
	while [ "$turn" -lt "$TURNS" ]; do
		turn=$((turn + 1))
		verdict_lines=
		tab all 'user show u'
		tab some 'user show u00001'
		tab none 'user show zz'
		tab new 'user add carl@d'
		tab alias 'alias add x@few.example au'
	done
	while IFS='|' read -r name line; do
		[ -z "$name" ] ||
			verdict_ms "TAB behind $line" "tab.$name" 20 show.ruler
	done <<-END
		$verdict_lines
	END
}

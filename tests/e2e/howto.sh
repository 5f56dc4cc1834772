#!/bin/sh
# What mailadm-howto(7) says of a running server is so: its examples are typed
# there, and Postfix is asked.
# shellcheck disable=SC2154 # of lib.sh
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_up

mailadm -q -f - <<-'END' || bail_out 'no world'
	domain add example.com
	user add anna@example.com --no-password
	user add bo@example.com --no-password
END

# The examples of a topic that are of this kind, one behind the other.
example() { # TOPIC KIND
	awk -v topic="$1" -v kind="@$2" '
		/^@topics / { inside = $2 == topic }
		/^@/ { taken = inside && $1 == kind; next }
		/^    / && taken { print substr($0, 5); next }
		NF { taken = 0 }' src/manual/mailadm-howto.7.text
}

typed() { # TOPIC
	example "$1" run >"$T/typed" && [ -s "$T/typed" ] &&
	sed -z 's/\\\n */ /g; s/mailadm /-/' "$T/typed" |
	    sed 's/^-//; s/^mailadm //' >"$T/lines" &&
	run mailadm --file "$T/lines" && status 0
}

taken() { # ADDRESS
	rcpt "$1" && matches "$out" '^250 2.1.5 '
}

t 'a catch-all takes all names' '
	refused shop@example.com && typed catch-all && taken shop@example.com'

t 'but not the one that is blocked, nor the one +tag' '
	typed block && refused shop@example.com &&
	refused anna+shop@example.com && taken anna+news@example.com &&
	taken anna@example.com && taken other@example.com'

t 'a pattern takes its names, without the catch-all too' '
	mailadm -q alias remove @example.com &&
	refused bo-books@example.com && typed wildcards &&
	taken bo-books@example.com && taken bo-books+tag@example.com &&
	refused bobooks@example.com'

t 'an internal group takes nothing from outside' '
	typed internal && rcpt staff@example.com &&
	matches "$out" "^550 5.7.1 .*Only users of this server" &&
	mailadm -q alias set staff@example.com --from anyone &&
	taken staff@example.com'

t 'a group and a second domain are taken' '
	typed group && taken team@example.com &&
	typed alias-domain && taken bo@example.net'

t 'an alias that ends by itself is taken until then' '
	typed ends && taken fair@example.com && taken bo@example.com'

t 'mail for a device that only sends is refused' '
	typed send-only && refused printer@example.com'

t 'the mail of a sender is refused by local.cf' '
	rcpt -f spam@shop.example anna@example.com &&
	matches "$out" "^250 2.1.5 " &&
	example sender file >>"$E/etc/main.cf" && postfix_again &&
	rcpt -f spam@shop.example anna@example.com &&
	matches "$out" "^554 5.7.1 " &&
	rcpt -f any@evil.example anna@example.com &&
	matches "$out" "^554 5.7.1 " &&
	rcpt -f good@shop.example anna@example.com &&
	matches "$out" "^250 2.1.5 "'

finish

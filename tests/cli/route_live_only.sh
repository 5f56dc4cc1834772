#!/bin/sh
# mailadm route --live-only: mail followed through the maps of any Postfix.
. tests/lib.sh
need_command postconf postmap

P=$T/postfix
mkdir "$P"
cat >"$P/master.cf" <<END
smtp inet n - y - - smtpd
END
cat >"$P/main.cf" <<END
compatibility_level = 3.6
myhostname = mx.shop.test
mydomain = shop.test
myorigin = \$mydomain
mydestination = \$myhostname, localhost
recipient_delimiter = +
virtual_mailbox_domains = texthash:$P/domains, $P/more_domains
virtual_mailbox_maps = texthash:$P/mailboxes
virtual_alias_domains = old.test
virtual_alias_maps = texthash:$P/aliases, regexp:$P/patterns
relay_domains = branch.test
relay_recipient_maps =
transport_maps = texthash:$P/transport
alias_maps = texthash:$P/local
canonical_maps = texthash:$P/canonical
virtual_transport = lmtp:unix:private/dovecot-lmtp
smtpd_recipient_restrictions = permit_mynetworks,
    check_recipient_access texthash:$P/access, reject_unauth_destination
END
echo 'shop.test ok' >"$P/domains"
printf '%s\n' '# those of the sister' 'sister.test other.test' \
    >"$P/more_domains"
printf '%s\n' 'ann@shop.test shop.test/ann/' 'bo@shop.test shop.test/bo/' \
    'cy@sister.test sister.test/cy/' >"$P/mailboxes"
printf '%s\n' 'info@shop.test ann@shop.test, bo@shop.test' \
    'ann@shop.test ann@shop.test, far@away.test' \
    'sales@shop.test info' 'info info@shop.test' 'a@shop.test b@shop.test' \
    'b@shop.test a@shop.test' '@other.test @shop.test' \
    'gone@shop.test nobody@shop.test' 'joe@old.test bo@shop.test' \
    'root@mx.shop.test bo@shop.test' >"$P/aliases"
echo '/^ticket-[0-9]+@shop\.test$/ bo@shop.test' >"$P/patterns"
printf '%s\n' 'branch.test smtp:[10.1.2.3]' 'away.test relay:[out.test]' \
    >"$P/transport"
echo 'postmaster: root' | tr -d : >"$P/local"
echo 'anne@shop.test ann@shop.test' >"$P/canonical"
echo 'spam@shop.test REJECT no longer used' >"$P/access"
# A main.cf that is younger is read again and again.
find "$P" -type f -exec touch -d '10 seconds ago' {} +

# route ADDRESS...: the rows, without the addresses.
route() {
	run mailadm route --live-only --postfix-dir "$P" \
	    --columns depth,step,key,result "$@"
}

# ends_in: the last rows, by STEP KEY RESULT, in order.
ends_in() {
	is "$(printf "%s\n" "$out" | grep -Ev \
	    "	(domain|aliases|canonical|transport|access|above)	" |
	    cut -f 2- | tr "\t" " ")" "$1"
}

t 'aliases are followed, and what leads to itself stays there' '
	route info@shop.test && status 0 && empty "$err" &&
	ends_in "mailbox ann@shop.test ann@shop.test
external far@away.test far@away.test
mailbox bo@shop.test bo@shop.test" &&
	like "$out" "2	transport	away.test	relay:[out.test]"'

t 'an extension is looked up first without, and kept' '
	route info+x@shop.test bo+y@shop.test && status 0 &&
	ends_in "mailbox ann+x@shop.test ann@shop.test
external far+x@away.test far+x@away.test
mailbox bo+x@shop.test bo@shop.test
mailbox bo+y@shop.test bo@shop.test"'

t 'a name alone gets the domain of myorigin, and patterns are maps, too' '
	route sales@shop.test && ends_in "mailbox ann@shop.test ann@shop.test
external far@away.test far@away.test
mailbox bo@shop.test bo@shop.test" && route ticket-17@shop.test &&
	ends_in "mailbox bo@shop.test bo@shop.test"'

t 'canonical names come first, and whole domains are rewritten' '
	route anne@shop.test bo@other.test && ends_in \
	    "mailbox ann@shop.test ann@shop.test
external far@away.test far@away.test
mailbox bo@shop.test bo@shop.test"'

t 'names of a file of domains are ours' '
	route cy@sister.test && ends_in \
	    "mailbox cy@sister.test cy@sister.test"'

t 'unknown names are refused at the door, and bounce behind it' '
	route nobody@shop.test && ends_in "refused nobody@shop.test \N" &&
	route gone@shop.test && ends_in "bounce nobody@shop.test \N" &&
	route x@old.test && ends_in "refused x@old.test \N" &&
	route joe@old.test && ends_in "mailbox bo@shop.test bo@shop.test" &&
	route x@strange.test && ends_in "refused x@strange.test \N"'

t 'a loop ends' '
	route a@shop.test && status 0 && ends_in "" &&
	like "$out" "	above	"'

t 'access, relays and names of the machine are told' '
	route spam@shop.test && ends_in \
	    "refused spam@shop.test REJECT no longer used" &&
	route x@branch.test && like "$out" "branch.test	smtp:[10.1.2.3]" &&
	ends_in "external x@branch.test x@branch.test" &&
	route postmaster@mx.shop.test && ends_in \
	    "local postmaster@mx.shop.test root" &&
	route root@mx.shop.test && ends_in \
	    "mailbox bo@shop.test bo@shop.test"'

t 'no database is asked, and as JSON an address is one object' '
	run mailadm --host none.invalid route --live-only --postfix-dir "$P" \
	    -o json info@shop.test && status 0 && printf "%s" "$out" |
	    perl -MJSON::PP -0ne "decode_json(\$_)->{hops}[0]{step} eq
		q(domain) or exit 1"'

t 'a map that cannot be asked is named; so is a main.cf that is missing' '
	cp -r "$P" "$T/broken" && sed -i \
	    "s|texthash:$P/aliases|texthash:$P/none|" "$T/broken/main.cf" &&
	find "$T/broken" -type f -exec touch -d "10 seconds ago" {} + &&
	run mailadm route --live-only --postfix-dir "$T/broken" \
	    info@shop.test && status 10 && like "$err" "virtual_alias_maps" &&
	like "$err" "$P/none" && run mailadm route --live-only \
	    --postfix-dir "$T/no" info@shop.test && status 10 &&
	like "$err" "open $T/no/main.cf"'

t 'the two ways to ask exclude each other' '
	run mailadm route --live --live-only a@b.test && status 2 &&
	run mailadm route --live-only --to a@b.test && status 2 &&
	run mailadm route --postfix-dir "$P" a@b.test && status 2'

finish

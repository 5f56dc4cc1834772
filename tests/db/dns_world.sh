#!/bin/sh
# dns check in a made world: each fault is found by its rule, and no other.
# shellcheck disable=SC2016,SC2034,SC2046,SC2119,SC2120,SC2154 # t, words
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-dns.sh
. tests/db/lib-world.sh

need_command openssl perl setpriv knotd keymgr unbound nsd nsd-checkzone
FAULTS=tests/db/faults.dns
tab=$(printf '\t')

### the domains, and what DNS has of them

server_start
fresh
certificate_make
secret_make
world_place
settings() { # [HOST ADDRESS...]
	dns_settings 'dmarc = quarantine' 'dmarc_reports = d@example.com'
	[ $# = 0 ] || sed -i "s/^hostname = .*/hostname = $1/
	    s/^addresses = .*/addresses = $2/" "$T/conf"
}
settings

table() { # WHAT ARG...
	table_what=$1
	shift
	perl tests/db/dns_world.pl "$table_what" $FAULTS "$@"
}

{
	table domains
	echo example.com
	echo off.example.net
	printf '%s.example.org\n' failing silent loops
} | sed 's/\(.*\)/domain add \1\
user add anna@\1 --no-password\
alias add postmaster@\1 anna@\1\
alias add abuse@\1 anna@\1/' >"$T/batch"
mailadm -q -f "$T/batch" || bail_out 'no domains'
mailadm -q dkim add example.com --selector s1 >"$T/said"
mailadm -q dkim add example.com --selector old >"$T/said"
old=$(sql "SELECT public_key FROM dkim_keys WHERE selector = 'old'")
key=$(sql "SELECT public_key FROM dkim_keys WHERE selector = 's1'")
mailadm -q dkim remove example.com old --force
sql "UPDATE dkim_keys SET state = 'active';
    INSERT INTO dkim_keys (domain, selector, algorithm, bits, state,
	public_key, private_key, secret_id)
    SELECT d.domain, selector, algorithm, bits, state, public_key,
	private_key, secret_id FROM dkim_keys, domains d
    WHERE d.domain <> 'example.com'"
table sql >"$T/sql"
sql "$(cat "$T/sql")"
mailadm -q domain disable off.example.net

# What is shown of a zone, as it is.
shown_zone() {
	mailadm -q dns show --zone --zone-name "$1"
}

world_heads
part() { printf %s "$1" | cut -c "$2"; }
mailadm -q dns show --zone >"$T/records"
table zone "$T/world" "KEY1=$(part "$key" -200)" "KEY2=$(part "$key" 201-)" \
    "OLD1=$(part "$old" -200)" "OLD2=$(part "$old" 201-)" \
    "SPKI=$(tlsa "$T/key.pem" | cut -d ' ' -f 4)" <"$T/records"
{
	echo second.example.org. A 203.0.113.7
	echo second.example.org. AAAA 2001:db8::7
	echo alias.example.org. CNAME mx.example.org.
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "a$i.example.org. A 198.51.100.9"
		echo "a$i.example.org. AAAA 2001:db8::9"
	done
	for i in 4 5 6; do
		echo "v$i.example.org. A 198.51.100.9"
	done
	echo a11.example.org. A 203.0.113.7
	echo a11.example.org. AAAA 2001:db8::7
	echo nospf.example.org. A 198.51.100.9
	echo 'twospf.example.org. TXT "v=spf1 -all"'
	echo 'twospf.example.org. TXT "v=spf1 mx -all"'
	echo 'spf.example.org. TXT "v=spf1 ip4:198.51.100.0/24 -all"'
	echo loop.example.org. CNAME pool.example.org.
	echo pool.example.org. CNAME loop.example.org.
	echo loops.example.org. MX 20 loop.example.org.
} >>"$T/world/example.org.zone"
{
	cat <<-END
	mail.example.com. A 198.51.100.1
	END
	shown_zone example.com
} >>"$T/world/example.com.zone"
echo '*._report._dmarc.agreed.example. TXT "v=DMARC1"' \
    >>"$T/world/root.zone"
world_start
settings

check() { # ARG...
	run mailadm -o tsv --columns rule,severity,name,text dns check \
	    --trust-anchor "$anchor" --severity note "$@"
}

### the good world

t 'the good world is silent' '
	check example.com && status 0 && empty "$out" && empty "$err"'

t 'the addresses of DNS count where none are set' '
	sed -i "/^addresses/d" "$T/conf" && check example.com && status 0 &&
	empty "$out" && empty "$err"'
settings

# Files of dns show alone, below what begins a zone; nothing is signed.
nsd_conf() {
	cat <<-END
	server:
	    ip-address: $world@5354
	    username: ""
	    chroot: ""
	    zonesdir: "$T/world/plain"
	    zonelistfile: "$T/world/plain/list"
	    xfrdfile: "$T/world/plain/xfrd"
	    database: ""
	    pidfile: "$T/world/plain/pid"
	    server-count: 1
	remote-control:
	    control-enable: no
	END
	for zone in $PLAIN; do
		printf 'zone:\n    name: "%s"\n    zonefile: "%s"\n' \
		    "$(zone_name "$zone")" "$zone.zone"
	done
}

PLAIN="root example.com example.org 113.0.203.in-addr.arpa
    8.b.d.0.1.0.0.2.ip6.arpa"
mkdir "$T/world/plain"
for zone in $PLAIN; do
	{
		world_head "$zone"
		if [ "$zone" = root ]; then
			echo "ns.example. 60 IN A $world"
			# shellcheck disable=SC2086 # words
			printf '%s. 60 IN NS ns.example.\n' \
			    ${PLAIN#root}
		else
			shown_zone "$zone"
		fi
	} >"$T/world/plain/$zone.zone"
done

t 'NSD takes the zones of dns show without a warning' '
	for zone in $PLAIN; do
		run nsd-checkzone "$(zone_name "$zone")" \
		    "$T/world/plain/$zone.zone" && status 0 && empty "$err" &&
		unlike "$out" arning || return 1
	done && nsd_conf >"$T/world/nsd.conf" &&
	serve nsd nsd -d -c "$T/world/nsd.conf" &&
	eventually answers "$world@5354"'

t 'with them the world is good, too, but for DNSSEC: one warning' '
	check example.com --resolver "$world@5354" --ignore N027 && status 1 &&
	is "$(echo "$out" | cut -f 1-3)" \
	    "N039${tab}warning${tab}mx.example.org"'

t 'who only says that answers are proved is not believed' '
	serve liar perl tests/db/relay.pl "$world@5355" "$world@5354" proved &&
	eventually answers "$world@5355" &&
	check example.com --resolver "$world@5355" && status 1 &&
	is "$(echo "$out" | cut -f 1-3)" \
	    "N039${tab}warning${tab}mx.example.org"'

# A resolver for the own network has other addresses.
t 'what others see is asked of another resolver' '
	serve inside perl tests/db/relay.pl "$world@5356" "$world@5354" \
	    203.0.113.7=10.0.0.7 &&
	eventually answers "$world@5356" &&
	check example.com --resolver "$world@5356" --ignore N039 &&
	status 1 && like "$out" "N004" && like "$out" "10.0.0.7, which nobody"'

### no answers

t 'a zone that fails has no verdict' '
	check failing.example.org && status 0 && empty "$out" &&
	like "$err" "the first about failing.example.org" &&
	like "$err" "not checked: N001" && unlike "$err" N004'

t 'a zone that is silent costs seconds, and others are judged' '
	begun=$(date +%s) && check silent.example.org no-mx.example.net &&
	status 1 && [ $(($(date +%s) - begun)) -lt 60 ] &&
	is "$(echo "$out" | cut -f 1,3)" "N001${tab}no-mx.example.net" &&
	like "$err" "not checked: N001"'

t 'aliases in a circle have no verdict' '
	check loops.example.org --rule N002 --rule N003 && status 0 &&
	empty "$out" && like "$err" "not checked: N002, N003 (DNS gave no"'

t 'without a resolver there is no verdict' '
	check example.com --resolver "$world@1" && status 10 && empty "$out" &&
	like "$err" "DNS gives no answer to any question" &&
	check example.com --resolver "$world@1" --nagios && status 3 &&
	like "$out" "MAILADM UNKNOWN"'

### hostile contents

t 'nothing of a record acts on a terminal, and JSON stays JSON' '
	hostile=$(table domains | grep hostile) &&
	run "$DRIVE" - "$MAILADM" --defaults-file="$T/client.cnf" \
	    -c "$T/conf" dns check $hostile --trust-anchor "$anchor" <<-"END" &&
		expect "x1b.31m%s%n.{1,2}n.{1,2}x07"
		status 1
	END
	status 0 && run mailadm -o json dns check $hostile \
	    --trust-anchor "$anchor" && status 1 &&
	is "$(perl -MJSON::PP -0777 -ne "
	    print scalar @{decode_json(\$_)}" <"$T/out")" 4'

t 'the largest answer there can be is read' '
	is "$(perl tests/db/ask.pl "$resolver" large-answer.example.net TXT \
	    tcp)" "0 65535 17"'

### one domain for each fault

check $(table domains)
cp "$T/out" "$T/found"
cp "$T/err" "$T/found.err"
table judge <"$T/found" >"$T/judged"
while IFS=$tab read -r title wrong; do
	t "$title" 'empty "$wrong"'
done <"$T/judged"

t 'the servers have nothing to say' '
	empty "$(grep -hi -e warn -e error -e "failed to" "$T"/world/*.log)"'

### one server for each fault

while IFS=$tab read -r host addresses title rule words; do
	t "${title}: ${rule:-nothing is wrong}" '
		settings "$host" "$addresses" &&
		check off.example.net --blocklists && if [ -z "$rule" ]; then
			status 0 && empty "$out"
		else
			status 1 && lines "$out" 1 &&
			like "$out" "$(echo "$rule" | tr " " "$tab")" &&
			like "$out" "$words"
		fi'
done <<END2
$(table hosts)
END2
settings

t 'a blocklist that refuses to answer is named' '
	like "$err" "not checked: N043 (a blocklist does not answer"'

finish

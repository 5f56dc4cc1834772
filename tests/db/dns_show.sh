#!/bin/sh
# dns show: the records that DNS needs, by settings, domains and keys.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-dns.sh

need_command openssl perl
server_start
fresh
certificate_make
secret_make
dns_settings
S=$(date -u +%Y%m%d)r
K=$S._domainkey.example.com
mailadm -q domain add example.com
mailadm -q dkim add example.com >"$T/said"
tab=$(printf '\t')

t 'the records of the server come first, then those of the domain' '
	run mailadm dns show example.com --columns name,type,value,need &&
	status 0 && empty "$err" && is "$(echo "$out" |
		sed "s/p=M[^$tab]*/p=KEY/" | tr "\t" "|")" "$(
cat <<-END
mx.example.org|A|203.0.113.7|required
mx.example.org|AAAA|2001:db8::7|required
7.113.0.203.in-addr.arpa|PTR|mx.example.org.|required
7.$(printf "0.%.0s" 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 \
    23)8.b.d.0.1.0.0.2.ip6.arpa|PTR|mx.example.org.|required
_25._tcp.mx.example.org|TLSA|$(tlsa "$T/key.pem")|optional
mx.example.org|TXT|v=spf1 a -all|recommended
example.com|MX|10 mx.example.org.|required
example.com|TXT|v=spf1 mx ~all|required
$K|TXT|v=DKIM1; k=rsa; p=KEY|required
_dmarc.example.com|TXT|v=DMARC1; p=none|required
_submissions._tcp.example.com|SRV|0 1 465 mx.example.org.|recommended
_submission._tcp.example.com|SRV|0 1 587 mx.example.org.|recommended
_imaps._tcp.example.com|SRV|0 1 993 mx.example.org.|recommended
_imap._tcp.example.com|SRV|0 0 0 .|optional
_pop3s._tcp.example.com|SRV|0 0 0 .|optional
_pop3._tcp.example.com|SRV|0 0 0 .|optional
example.com|CAA|0 issue "letsencrypt.org"|optional
END
)"'

t 'the columns are those of dkim add, and more for forms of providers' '
	run mailadm -o csv dns show example.com && status 0 &&
	like "$out" "domain,name,type,value,need,why" &&
	run mailadm --columns type,priority,content,ttl dns show example.com \
	    --ttl 300 && status 0 &&
	matches "$out" "^MX	10	mx.example.org.	300$" &&
	matches "$out" "^SRV	0	1 465 mx.example.org.	300$" &&
	matches "$out" "^TXT	.N	v=spf1 mx ~all	300$" &&
	run mailadm -o json dns show example.com && status 0 &&
	is "$(echo "$out" | grep -c "\"why\":")" 17'

t 'settings make policies stricter, and add reports' '
	dns_settings "spf_all = fail" "dmarc = quarantine" \
	    "dmarc_reports = d@example.com" "tls_reports = t@example.com" \
	    "pop3 = yes" &&
	is "$(shown example.com TXT example.com)" "v=spf1 mx -all" &&
	is "$(shown _dmarc.example.com TXT example.com)" \
	    "v=DMARC1; p=quarantine; rua=mailto:d@example.com" &&
	is "$(shown _smtp._tls.example.com TXT example.com)" \
	    "v=TLSRPTv1; rua=mailto:t@example.com" &&
	is "$(shown _smtp._tls.mx.example.org TXT example.com)" \
	    "v=TLSRPTv1; rua=mailto:t@example.com" &&
	is "$(shown _pop3s._tcp.example.com SRV example.com)" \
	    "0 1 995 mx.example.org."'

t 'signs in an address that mean something in a list are encoded' '
	dns_settings "dmarc_reports = o'\''b!#\$&*=?^{}~x@bücher.example" &&
	uri=o%27b%21%23%24%26%2A%3D%3F%5E%7B%7D~x@xn--bcher-kva.example &&
	is "$(shown _dmarc.example.com TXT example.com)" \
	    "v=DMARC1; p=none; rua=mailto:$uri"'

t 'an address of reports that is none is refused' '
	for name in dmarc_reports tls_reports; do
		dns_settings "$name = not an address" &&
		run mailadm dns show example.com && status 3 &&
		like "$err" "$name" || return 1
	done'

t 'reports to another domain need its consent, below as well as beside' '
	mailadm -q domain add reports.example &&
	mailadm -q domain add sub.example.com &&
	dns_settings "dmarc_reports = d@reports.example" &&
	is "$(shown example.com._report._dmarc.reports.example TXT \
	    example.com)" "v=DMARC1" &&
	run mailadm dns show reports.example && unlike "$out" _report &&
	dns_settings "dmarc_reports = d@example.com" &&
	run mailadm dns show sub.example.com && unlike "$out" _report &&
	dns_settings "dmarc_reports = d@elsewhere.example" &&
	run mailadm dns show example.com && like "$out" \
	    "who owns that domain publishes it"'

t 'MTA-STS has a policy, and an id that changes with it' '
	dns_settings "mta_sts = testing" &&
	run mailadm dns show example.com --zone && status 0 &&
	like "$out" "; https://mta-sts.example.com/.well-known/mta-sts.txt:
;     version: STSv1
;     mode: testing
;     mx: mx.example.org
;     max_age: 604800" &&
	is "$(shown mta-sts.example.com CNAME example.com)" \
	    mx.example.org. &&
	one=$(shown _mta-sts.example.com TXT example.com) &&
	matches "$one" "^v=STSv1; id=[0-9a-f]{20}$" &&
	is "$(shown _mta-sts.example.com TXT example.com)" "$one" &&
	dns_settings "mta_sts = enforce" &&
	two=$(shown _mta-sts.example.com TXT example.com) &&
	matches "$two" "^v=STSv1; id=[0-9a-f]{20}$" && [ "$one" != "$two" ]'

t 'with autoconfig mail programs find their configuration' '
	dns_settings "autoconfig = yes" &&
	is "$(shown autoconfig.example.com CNAME example.com)" \
	    mx.example.org. &&
	is "$(shown autodiscover.example.com CNAME example.com)" \
	    mx.example.org. &&
	is "$(shown _autodiscover._tcp.example.com SRV example.com)" \
	    "0 1 443 mx.example.org."'

signs() { # SELECTOR
	mailadm -q dkim add example.com --selector "$1" >"$T/said" &&
	mailadm -q dkim activate example.com "$1" --force
}

t 'each key has its record, and that of a retired key is to go' '
	dns_settings && signs old2 && signs old1 && signs new &&
	mailadm -q dkim retire example.com old2 >"$T/said" &&
	run mailadm dns show example.com --columns name,need,why && status 0 &&
	matches "$out" "^$K	required	publish it before" &&
	matches "$out" "^new._domainkey.example.com	required	the" &&
	matches "$out" "^old1._domainkey.example.com	required	mail" &&
	matches "$out" "^old2._domainkey.example.com	remove	" &&
	is "$(shown old2._domainkey.example.com TXT example.com)" \
	    "v=DKIM1; k=rsa; p=" && run mailadm dns show example.com --zone &&
	unlike "$(echo "$out" | grep -v "^;")" old2 &&
	like "$out" ";   old2._domainkey" && for old in old1 old2 new; do
		mailadm -q dkim remove example.com $old --force || return 1
	done'

t 'a key is one value in columns, and strings of 255 bytes in a zone' '
	key=$(sql "SELECT public_key FROM dkim_keys") &&
	[ ${#key} -eq 392 ] && is "$(shown $K TXT example.com)" \
	    "v=DKIM1; k=rsa; p=$key" &&
	run mailadm dns show example.com --zone && status 0 &&
	line=$(echo "$out" | grep "^$K") &&
	is "$(echo "$line" | grep -o "\"[^\"]*\"" | awk "{ print length }" |
		tr "\n" " ")" "257 157 "'

t 'the next key of the server has a TLSA record, too' '
	cp "$T/other.pem" "$T/key.next.pem" &&
	is "$(shown _25._tcp.mx.example.org TLSA example.com)" \
	    "$(tlsa "$T/key.pem")
$(tlsa "$T/other.pem")" && mv "$T/key.next.pem" "$T/key.roll.pem" &&
	is "$(shown _25._tcp.mx.example.org TLSA example.com | tail -n 1)" \
	    "$(tlsa "$T/other.pem")" && cp "$T/key.pem" "$T/key.roll.pem" &&
	lines "$(shown _25._tcp.mx.example.org TLSA example.com)" 1 &&
	rm "$T/key.roll.pem"'

t 'a certificate that cannot be read is a note, not the end' '
	for bad in "$T/none.pem" "$T/client.cnf"; do
		dkim_settings "hostname = mx.example.org" \
		    "certificate = $bad" "addresses = 203.0.113.7" &&
		run mailadm dns show example.com && status 0 &&
		like "$err" "note: no TLSA record" && like "$err" "$bad" &&
		unlike "$out" TLSA || return 1
	done; dns_settings'

t 'the server may have the name of a domain: then it has one SPF record' '
	mailadm -q domain add mx.example.org &&
	is "$(shown mx.example.org TXT mx.example.org)" "v=spf1 mx ~all" &&
	mailadm -q domain remove mx.example.org --yes &&
	dns_settings "hostname = autoconfig.example.com" "autoconfig = yes" &&
	sed -i "/^hostname = mx/d" "$T/conf" && run mailadm dns show \
	    example.com --columns name,type && status 0 &&
	like "$out" "autodiscover.example.com	CNAME" &&
	unlike "$out" "autoconfig.example.com	CNAME" &&
	dns_settings'

t 'without a host name it says what to set' '
	sed -i /^hostname/d "$T/conf" && run mailadm dns show example.com &&
	status 3 && like "$err" "hostname is not set" && dns_settings'

### domains

t 'an alias domain needs the same records, with its own keys' '
	mailadm -q domain add alias.example --alias-of example.com &&
	mailadm -q dkim add alias.example --algorithm ed25519 >"$T/said" &&
	run mailadm dns show alias.example --columns name,type &&
	matches "$out" "^alias.example	MX$" &&
	matches "$out" "^[0-9]*e._domainkey.alias.example	TXT$" &&
	unlike "$out" "$K"'

t 'a domain that is disabled needs none, nor does its alias' '
	mailadm -q domain disable example.com && run mailadm dns show \
	    example.com alias.example --columns name && status 0 &&
	like "$err" "note: example.com is disabled" &&
	like "$err" "note: alias.example is an alias of a domain that is" &&
	lines "$out" 6 && run mailadm dns show --columns domain &&
	is "$(echo "$out" | uniq | tr "\n" " ")" \
	    "mx.example.org reports.example sub.example.com " &&
	mailadm -q domain enable example.com'

t 'without a name all domains are shown' '
	run mailadm dns show --columns domain && status 0 &&
	is "$(echo "$out" | uniq | tr "\n" " ")" "mx.example.org \
alias.example example.com reports.example sub.example.com "'

t 'a domain that does not exist is not found, and nothing is shown' '
	run mailadm dns show example.com none.example && status 4 &&
	like "$err" none.example && empty "$out"'

t 'names in other scripts are written as DNS has them' '
	mailadm -q domain add bücher.example && run mailadm dns show \
	    bücher.example --zone && status 0 &&
	matches "$out" "^xn--bcher-kva.example. 3600 IN MX" &&
	is "$(LC_ALL=C grep -c "[^ -~]" "$T/out")" 0 &&
	run mailadm -o table dns show bücher.example --columns domain &&
	like "$out" "bücher.example"'

### addresses

t 'private addresses are noted' '
	dns_settings && sed -i "s/^addresses.*/addresses = 10.1.2.3/" \
	    "$T/conf" && run mailadm dns show example.com && status 0 &&
	like "$err" "note: the address 10.1.2.3 is not public" &&
	dns_settings'

no_addresses() {
	sed -i '/^addresses/d' "$T/conf"
}

if [ "$(id -u)" -eq 0 ] && unshare -n ip link set lo up 2>"$T/said"; then
	t 'without a setting the addresses are those of the interfaces' '
		no_addresses && run unshare -n sh -c "ip link set lo up &&
		    ip address add 203.0.113.9/32 dev lo &&
		    ip address add 192.168.1.1/24 dev lo &&
		    ip address add 2001:db8::9/128 dev lo &&
		    exec \"\$@\"" sh "$MAILADM" \
		    --defaults-file="$T/client.cnf" -c "$T/conf" dns show \
		    example.com --columns name,value && status 0 &&
		like "$err" "interfaces: 203.0.113.9, 2001:db8::9" &&
		matches "$out" "^mx.example.org	203.0.113.9$" &&
		matches "$out" "^mx.example.org	2001:db8::9$" &&
		unlike "$out" 192.168'

	t 'where no interface has a public one, it says what to set' '
		no_addresses && run unshare -n "$MAILADM" \
		    --defaults-file="$T/client.cnf" -c "$T/conf" dns show \
		    example.com --columns type && status 0 &&
		like "$err" "no network interface has a public address" &&
		like "$err" "hint: set addresses" &&
		unlike "$out" PTR'
else
	skip 'the addresses are those of the interfaces' 'no namespaces'
fi
dns_settings

### for people

t 'on a terminal of 80 columns each record is a block' '
	run on_terminal -c "$T/conf" dns show example.com <<-"END" &&
		status 0
	END
	status 0 && text=$(tr -d "\r" <"$T/out") &&
	matches "$text" "^name: $K\$" && like "$text" "name: example.com
  type: MX    need: required
  value: 10 mx.example.org.
  why: mail for the domain comes here" &&
	is "$(echo "$text" | grep -v "^  value:" | grep ".\{81\}")" ""'

finish

#!/bin/sh
# dns show --diff: what DNS lacks, and what is wrong there; each fault alone.
# shellcheck disable=SC2016,SC2119,SC2120,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-dns.sh

need_root
need_command openssl perl setpriv
server_start
fresh
certificate_make
secret_make
dns_start
dns_settings "dmarc_reports = d@reports.example" "mta_sts = testing" \
    "tls_reports = t@example.com" "autoconfig = yes"
S=$(date -u +%Y%m%d)r
K=$S._domainkey.example.com
mailadm -q domain add example.com
mailadm -q dkim add example.com >"$T/said"

# All that is wanted is in the DNS of the resolver, as tests/db/dns.pl reads
# it; then other lines, and no lines that match.
world() { # [ERE [LINES]]
	[ -e "$T/good" ] || {
		mailadm -q -o tsv --columns name,type,value,need dns show \
		    example.com | grep -Ev '	(CAA|remove)	' | cut -f 1-3 |
		    sed -E 's/\.$//; s/ \.?$/ ./' | tr '\t' ' '
		echo 'example.org NS ns.example.org'
	} >"$T/good"
	grep -Ev -e "${1:-^$}" "$T/good" >"$T/new"
	printf '%s\n' "${2:-}" >>"$T/new"
	cp "$T/new" "$T/resolver"
}

# The differences, a line each: "action|name|type|value|found".
diff() { # [ARG...]
	run mailadm -o tsv --columns action,name,type,value,found dns show \
	    example.com --diff "$@"
	changes=$(echo "$out" | tr '\t' '|' | sed 's/p=M[^|]*/p=KEY/g')
}


# One fault: what is left out, what is there instead, and what is said.
fault() { # SENTENCE ERE LINES EXPECTED [WHY]
	fault_ere=$2 fault_lines=$3 fault_expected=$4 fault_why=${5:-}
	t "$1" fault_case
}

fault_case() {
	world "${fault_ere:-^$}" "$fault_lines" && diff &&
	is "$changes" "$fault_expected" && if [ -z "$fault_expected" ]; then
		status 0 && like "$err" 'DNS has all records'
	else
		status 1
	fi || return 1
	[ -z "$fault_why" ] || {
		run mailadm dns show example.com --diff --columns why &&
		like "$out" "$fault_why"
	}
}

N='\N'
MX=mx.example.org

fault 'where DNS has all of it, nothing is to be done' '' '' ''

### the server

fault 'an address that is missing is added' "^$MX A " '' \
    "add|$MX|A|203.0.113.7|$N"
fault 'an address that is another is changed' "^$MX A " \
    "$MX A 198.51.100.1" "change|$MX|A|203.0.113.7|198.51.100.1"
fault 'an address more stays' '' "$MX A 198.51.100.1" ''
fault 'a PTR that is missing is added' '^7.113.0.203.in-addr.arpa' '' \
    "add|7.113.0.203.in-addr.arpa|PTR|$MX.|$N" 'who owns the address'
fault 'a PTR that is another name is changed' '^7.113.0.203.in-addr.arpa' \
    '7.113.0.203.in-addr.arpa PTR host7.provider.example' \
    "change|7.113.0.203.in-addr.arpa|PTR|$MX.|host7.provider.example"
fault 'a server without SPF gets a record' "^$MX TXT" '' \
    "add|$MX|TXT|v=spf1 a -all|$N"
fault 'one by whose SPF it may not send is changed' "^$MX TXT" \
    "$MX TXT v=spf1 -all" \
    "change|$MX|TXT|v=spf1 a -all|v=spf1 -all" 'fail of 203.0.113.7 by -all'

### TLSA

signed='example.org DS 1 13 2 0123456789abcdef'
key=$(tlsa "$T/key.pem")
fault 'in a zone that is not signed no TLSA record is missed' TLSA '' ''
fault 'in one that is signed it is' TLSA "$signed" \
    "add|_25._tcp.$MX|TLSA|$key|$N"
fault 'that of another key is changed' TLSA \
    "$signed
_25._tcp.$MX TLSA $(tlsa "$T/other.pem")" \
    "change|_25._tcp.$MX|TLSA|$key|$(tlsa "$T/other.pem")" 'another key'
fault 'one of another key besides is removed' '' \
    "$signed
_25._tcp.$MX TLSA $(tlsa "$T/other.pem")" \
    "remove|_25._tcp.$MX|TLSA|$N|$(tlsa "$T/other.pem")"
fault 'those of other kinds stay' '' \
    "$signed
_25._tcp.$MX TLSA 2 1 1 0123
_25._tcp.$MX TLSA 3 0 1 4567" ''

### MX

fault 'an MX that is missing is added' '^example.com MX' '' \
    "add|example.com|MX|10 $MX.|$N"
fault 'the MX of others stay' '^example.com MX' \
    'example.com MX 1 aspmx.l.google.example' \
    "add|example.com|MX|10 $MX.|$N" \
    'aspmx.l.google.example is an MX, and stays one'
fault 'a backup MX, and another preference, are fine' '^example.com MX' \
    "example.com MX 5 $MX
example.com MX 20 backup.example" ''
fault 'a domain that takes no mail (null MX) takes it' '^example.com MX' \
    'example.com MX 0 .' "change|example.com|MX|10 $MX.|0 ."

### SPF

spf='^example.com TXT'
fault 'an SPF record that is missing is added' "$spf" \
    'example.com TXT google-site-verification=x' \
    "add|example.com|TXT|v=spf1 mx ~all|$N"
fault 'other senders, and a stricter end, are fine' "$spf" \
    'example.com TXT v=spf1 include:_spf.mailer.example mx -all
_spf.mailer.example TXT v=spf1 ip4:192.0.2.0/24 -all' ''
fault 'so are our addresses, however they are written' "$spf" \
    'example.com TXT v=spf1 ip4:203.0.113.0/24 ip6:2001:db8::/32 ?all' ''
fault 'where only the provider may send, this server is added' "$spf" \
    'example.com TXT other
example.com TXT v=spf1 include:_spf.mailer.example ~all
_spf.mailer.example TXT v=spf1 ip4:192.0.2.0/24 -all' \
    'change|example.com|TXT|v=spf1 mx include:_spf.mailer.example ~all|'\
'v=spf1 include:_spf.mailer.example ~all' 'softfail of 203.0.113.7 by ~all'
fault 'one address of two that may not send is found' "$spf" \
    'example.com TXT v=spf1 ip4:203.0.113.7 -all' \
    'change|example.com|TXT|v=spf1 mx ip4:203.0.113.7 -all|'\
'v=spf1 ip4:203.0.113.7 -all' 'fail of 2001:db8::7'
fault 'two SPF records become one' "$spf" \
    'example.com TXT v=spf1 mx ~all
example.com TXT v=spf1 include:x.example -all' \
    'change|example.com|TXT|v=spf1 mx include:x.example ~all|'\
'v=spf1 include:x.example -all | v=spf1 mx ~all' 'has two SPF records'
fault 'one that is broken is replaced, and says where' "$spf" \
    'example.com TXT v=spf1 include:none.example mx -all' \
    'change|example.com|TXT|v=spf1 mx ~all|'\
'v=spf1 include:none.example mx -all' \
    'permerror of 203.0.113.7 by include:none.example'
fault 'what is missing for SPF is not a fault of SPF' \
    "^$MX AAAA|$spf" 'example.com TXT v=spf1 mx -all' \
    "add|$MX|AAAA|2001:db8::7|$N"

### DKIM

public=$(sql 'SELECT public_key FROM dkim_keys')
fault 'a key without a record gets one' "^$K" '' \
    "add|$K|TXT|v=DKIM1; k=rsa; p=KEY|$N"
fault 'the record of another key is changed' "^$K" \
    "$K TXT v=DKIM1; k=rsa; p=AAAA" \
    "change|$K|TXT|v=DKIM1; k=rsa; p=KEY|v=DKIM1; k=rsa; p=AAAA" \
    'another public key'
fault 'one that is cut off is changed' "^$K" \
    "$K TXT v=DKIM1; k=rsa; p=$(echo "$public" | cut -c 1-200)" \
    "change|$K|TXT|v=DKIM1; k=rsa; p=KEY|v=DKIM1; k=rsa; p=KEY" 'cut off'
fault 'other tags, blanks and cuts of the strings are fine' "^$K" \
    "$K STRINGS v=DKIM1; s=email ;n=x; p=|$(echo "$public" |
	cut -c 1-99)|$(echo "$public" | cut -c 100-300)|$(echo "$public" |
	cut -c 301-)" ''
fault 'so is an alias that leads to the record' "^$K" \
    "$K CNAME key.provider.example
key.provider.example TXT p=$public" ''
fault 'a wildcard is no record of the key' "^$K" \
    '*.example.com TXT v=spf1 -all' \
    "add|$K|TXT|v=DKIM1; k=rsa; p=KEY|$N" 'a wildcard answers'

### DMARC and the other policies

dmarc='^_dmarc.example.com'
ours='rua=mailto:d@reports.example'
fault 'a DMARC record that is missing is added' "$dmarc" '' \
    "add|_dmarc.example.com|TXT|v=DMARC1; p=none; $ours|$N"
fault 'a stricter policy, other tags and receivers stay' "$dmarc" \
    '_dmarc.example.com TXT v=DMARC1; p=reject; sp=none; '\
'rua=mailto:x@y.example,mailto:d@reports.example; fo=1' ''
fault 'reports that go elsewhere go here as well' "$dmarc" \
    '_dmarc.example.com TXT v=DMARC1; p=reject; fo=1; rua=mailto:x@y.example' \
    "change|_dmarc.example.com|TXT|v=DMARC1; p=reject; fo=1; \
rua=mailto:x@y.example,mailto:d@reports.example|v=DMARC1; p=reject; fo=1; \
rua=mailto:x@y.example" 'sends the reports elsewhere'
fault 'two DMARC records become one' '' \
    '_dmarc.example.com TXT v=DMARC1; p=reject' \
    "change|_dmarc.example.com|TXT|v=DMARC1; p=none; $ours|v=DMARC1; p=none; \
$ours | v=DMARC1; p=reject" 'two records'
fault 'one that is none is replaced' "$dmarc" \
    '_dmarc.example.com TXT v=DMARC1; p=maybe' \
    "change|_dmarc.example.com|TXT|v=DMARC1; p=none; $ours|v=DMARC1; p=maybe"
fault 'consent to reports that is missing is added' 'reports.example TXT' '' \
    "add|example.com._report._dmarc.reports.example|TXT|v=DMARC1|$N"
fault 'any consent will do' '^example.com._report' \
    '*._report._dmarc.reports.example TXT v=DMARC1; rua=mailto:z@y.example' ''
fault 'the id of another policy of MTA-STS is changed' '^_mta-sts' \
    '_mta-sts.example.com TXT v=STSv1; id=2020' \
    "change|_mta-sts.example.com|TXT|$(world; sed -n \
	's/^_mta-sts.example.com TXT //p' "$T/good")|v=STSv1; id=2020"
fault 'TLS reports that go elsewhere are changed' '^_smtp._tls.example.com' \
    '_smtp._tls.example.com TXT v=TLSRPTv1; rua=https://x.example/r' \
    "change|_smtp._tls.example.com|TXT|v=TLSRPTv1; rua=mailto:t@example.com|\
v=TLSRPTv1; rua=https://x.example/r"

### services

fault 'a service that is missing is added' '^_imaps' '' \
    "add|_imaps._tcp.example.com|SRV|0 1 993 $MX.|$N"
fault 'one that leads elsewhere is changed' '^_imaps' \
    '_imaps._tcp.example.com SRV 5 1 993 imap.old.example' \
    "change|_imaps._tcp.example.com|SRV|0 1 993 $MX.|5 1 993 imap.old.example" \
    'leads to imap.old.example port 993'
fault 'a service that is off is said to be off' '^_pop3s' \
    "_pop3s._tcp.example.com SRV 0 1 995 $MX" \
    "change|_pop3s._tcp.example.com|SRV|0 0 0 .|0 1 995 $MX" \
    'and the service is off'
fault 'a service of the server that is said to be off is not fine' '^_imaps' \
    '_imaps._tcp.example.com SRV 0 0 0 .' \
    "change|_imaps._tcp.example.com|SRV|0 1 993 $MX.|0 0 0 ." \
    'says that the service is not offered'
fault 'other numbers in it are fine' '^_imaps' \
    "_imaps._tcp.example.com SRV 5 9 993 $MX" ''
fault 'a web server elsewhere is fine' '^(mta-sts|autoconfig)' \
    'mta-sts.example.com A 192.0.2.80
autoconfig.example.com CNAME www.example.net
www.example.net A 192.0.2.81' ''
fault 'a name that leads nowhere is changed' '^autoconfig' \
    'autoconfig.example.com CNAME gone.example.net' \
    "change|autoconfig.example.com|CNAME|$MX.|gone.example.net"

### what others publish

# The records that other programs and guides make, for this server: only what
# is wrong is changed, and what is listed is added.
real() { # SENTENCE LINES ADDED [CHANGED]
	real_lines=$2 real_added=$3 real_changed=${4:-}
	t "what $1 makes is fine, but for what it does not make" real_case
}

real_case() {
	world "example.com|^$MX TXT" "$real_lines
example.com._report._dmarc.reports.example TXT v=DMARC1" && diff &&
	is "$(echo "$changes" | sed -n 's/^add|\([^|]*\).example.com|.*/\1/p' |
		grep -v _report | sort | tr '\n' ' ')" "$real_added" &&
	is "$(echo "$changes" | grep -Ev '^add|^$' | cut -d'|' -f 1-4)" \
	    "$real_changed"
}

rm -f "$T/good"
dns_settings
good="v=DKIM1; k=rsa; p=$public"
plain='_imap._tcp _pop3._tcp _pop3s._tcp '
real mox "$MX TXT v=spf1 a -all
example.com MX 10 $MX
$K TXT v=DKIM1;h=sha256;p=$public
example.com TXT v=spf1 ip4:203.0.113.7 ip6:2001:db8::7 mx ~all
_dmarc.example.com TXT v=DMARC1;p=reject;rua=mailto:reports@example.com!10m
mta-sts.example.com CNAME $MX
_mta-sts.example.com TXT v=STSv1; id=20261129T000000
_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:tls-reports@example.com
mail.example.com CNAME $MX
autoconfig.example.com CNAME $MX
_autodiscover._tcp.example.com SRV 0 1 443 $MX
_imaps._tcp.example.com SRV 0 1 993 mail.example.com
_submissions._tcp.example.com SRV 0 1 465 mail.example.com
_imap._tcp.example.com SRV 0 0 0 .
_submission._tcp.example.com SRV 0 0 0 .
_pop3._tcp.example.com SRV 0 0 0 .
_pop3s._tcp.example.com SRV 0 0 0 ." ''
real mailcow "example.com MX 10 $MX
example.com TXT v=spf1 mx a -all
$MX TXT v=spf1 a -all
$K TXT v=DKIM1; k=rsa; t=s; s=email; p=$public
_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:reports@example.org
autodiscover.example.com CNAME $MX
autoconfig.example.com CNAME $MX
_autodiscover._tcp.example.com SRV 0 1 443 $MX
_caldavs._tcp.example.com SRV 0 1 443 $MX
_caldavs._tcp.example.com TXT path=/SOGo/dav/
_imap._tcp.example.com SRV 0 1 143 $MX
_imaps._tcp.example.com SRV 0 1 993 $MX
_pop3._tcp.example.com SRV 0 1 110 $MX
_pop3s._tcp.example.com SRV 0 1 995 $MX
_sieve._tcp.example.com SRV 0 1 4190 $MX
_submission._tcp.example.com SRV 0 1 587 $MX
_submissions._tcp.example.com SRV 0 1 465 $MX" '' \
    "change|_pop3s._tcp.example.com|SRV|0 0 0 .
change|_pop3._tcp.example.com|SRV|0 0 0 ."
real Mail-in-a-Box "example.com MX 10 $MX
example.com TXT v=spf1 mx -all
$MX TXT v=spf1 a -all
$K TXT v=DKIM1; k=rsa; s=email; p=$public
_dmarc.example.com TXT v=DMARC1; p=quarantine;
_caldavs._tcp.example.com SRV 0 0 443 $MX
autoconfig.example.com A 203.0.113.7
mta-sts.example.com A 203.0.113.7" "$(printf '%s ' _imap._tcp _imaps._tcp \
    _pop3._tcp _pop3s._tcp _submission._tcp _submissions._tcp)"
real docker-mailserver "example.com MX 10 $MX
$MX TXT v=spf1 a -all
example.com TXT v=spf1 mx ~all
$K STRINGS v=DKIM1; k=rsa; |p=$(echo "$public" | cut -c 1-250)|$(echo \
    "$public" | cut -c 251-)
_dmarc.example.com TXT v=DMARC1; p=none; sp=none; fo=0; adkim=r; aspf=r; \
pct=100; rf=afrf; ri=86400; rua=mailto:d@example.com; \
ruf=mailto:d@example.com" \
    "$(printf '%s ' _imap._tcp _imaps._tcp _pop3._tcp _pop3s._tcp \
    _submission._tcp _submissions._tcp)"
real excision "example.com MX 10 $MX
$MX TXT v=spf1 a -all
example.com TXT v=spf1 mx:example.com -all
$K TXT v=DKIM1;k=rsa;p=$public
_dmarc.example.com TXT v=DMARC1;p=reject;pct=100;rua=mailto:d@example.com
_smtp._tls.example.com TXT v=TLSRPTv1;rua=mailto:t@example.com;
_mta-sts.example.com TXT v=STSv1;id=20220114T165521;
_submissions._tcp.example.com SRV 0 1 465 smtp.example.com
_submission._tcp.example.com SRV 0 1 587 smtp.example.com
_imaps._tcp.example.com SRV 0 1 993 imap.example.com
smtp.example.com A 203.0.113.7
imap.example.com AAAA 2001:db8::7" "$plain"
real Maddy "example.com MX 10 $MX
$MX TXT v=spf1 mx ~all
$MX MX 10 $MX
example.com TXT v=spf1 include:$MX ~all
$K TXT $good
_dmarc.example.com TXT v=DMARC1; p=quarantine; ruf=mailto:p@example.com" \
    "$(printf '%s ' _imap._tcp _imaps._tcp _pop3._tcp _pop3s._tcp \
    _submission._tcp _submissions._tcp)"
real YunoHost "example.com MX 5 mail.example.com
mail.example.com A 203.0.113.7
$MX TXT v=spf1 a -all
example.com TXT v=spf1 mx a -all
$K TXT v=DKIM1; h=sha256; k=rsa; p=$public
_dmarc.example.com TXT v=DMARC1; p=none
*.example.com A 203.0.113.7" "$(printf '%s ' _imap._tcp _imaps._tcp \
    _pop3._tcp _pop3s._tcp _submission._tcp _submissions._tcp)"
real 'a provider (Hetzner)' "example.com MX 10 www208.your-server.example
$MX TXT v=spf1 a -all
example.com TXT v=spf1 mx ~all
default2307._domainkey.example.com TXT v=DKIM1;p=AAAA
$K TXT $good
_dmarc.example.com TXT v=DMARC1;p=quarantine;sp=quarantine;adkim=s;aspf=s;
_autodiscover._tcp.example.com SRV 0 100 443 mail.your-server.example
_imaps._tcp.example.com SRV 0 100 993 mail.your-server.example
_pop3s._tcp.example.com SRV 0 100 995 mail.your-server.example
_submission._tcp.example.com SRV 0 100 587 mail.your-server.example
autoconfig.example.com CNAME mail.your-server.example" \
    '_imap._tcp _pop3._tcp _submissions._tcp ' \
    "change|_submission._tcp.example.com|SRV|0 1 587 $MX.
change|_imaps._tcp.example.com|SRV|0 1 993 $MX.
change|_pop3s._tcp.example.com|SRV|0 0 0 ."
real Fastmail "example.com MX 10 in1-smtp.messagingengine.example
$MX TXT v=spf1 a -all
example.com TXT v=spf1 include:spf.messagingengine.example ?all
spf.messagingengine.example TXT v=spf1 ip4:192.0.2.0/24 -all
fm1._domainkey.example.com CNAME fm1.example.com.dkim.fmhosted.example
$K TXT $good
_dmarc.example.com TXT v=DMARC1; p=none;" "$(printf '%s ' _imap._tcp \
    _imaps._tcp _pop3._tcp _pop3s._tcp _submission._tcp _submissions._tcp)" \
    "change|example.com|TXT|v=spf1 mx include:spf.messagingengine.example ?all"
real 'a script with faults' "example.com MX 10 $MX
$MX TXT v=spf1 a -all
example.com TXT v=spf +ip4:203.0.113.7 -all
$K TXT $good
_dmarc.example.com TXT v=DMARC1; p=none: rua=mailto:root@example.com
_adsp._domainkey.example.com TXT dkim=unknown" "$(printf '%s ' _imap._tcp \
    _imaps._tcp _pop3._tcp _pop3s._tcp _submission._tcp _submissions._tcp)" \
    'change|_dmarc.example.com|TXT|v=DMARC1; p=none'
rm -f "$T/good"
dns_settings "dmarc_reports = d@reports.example" "mta_sts = testing" \
    "tls_reports = t@example.com" "autoconfig = yes"

### nobody answers

t 'what cannot be asked is not known, and never missing' '
	world "^(_dmarc.example.com|example.com MX)" "_dmarc.example.com SILENT
example.com SERVFAIL" && diff && status 8 && is "$changes" "" &&
	like "$err" "note: not known: _dmarc.example.com TXT" &&
	like "$err" "note: not known: example.com MX" &&
	like "$err" "note: not known: example.com TXT" &&
	like "$err" "could not be asked for 3 of the records"'

t 'a fault besides is still shown' '
	world "^(_dmarc.example.com|_imaps)" "_dmarc.example.com SILENT" &&
	diff && status 1 &&
	is "$changes" "add|_imaps._tcp.example.com|SRV|0 1 993 $MX.|\\N" &&
	like "$err" "note: not known: _dmarc"'

t 'where nobody answers at all, that is said once' '
	diff --resolver 127.0.0.1@1 && status 8 && is "$changes" "" &&
	like "$err" "DNS could not be asked: nobody answers" &&
	like "$err" "hint: --resolver ADDRESS asks another" &&
	lines "$err" 2'

t 'a resolver that is none is refused' '
	diff --resolver dns.example.org && status 3 &&
	like "$err" "not the address of a resolver"'

t 'include that cannot be asked leaves SPF unknown' '
	world "$spf" "example.com TXT v=spf1 include:slow.example -all
slow.example SERVFAIL" && diff && status 8 && is "$changes" "" &&
	like "$err" "example.com TXT: temperror"'

### forms

fault_world() {
	world "^($K|_imaps|$MX A |example.com TXT)" \
	    "$K STRINGS v=DKIM1; \"\\;|k=rsa; p=AAAA
example.com TXT v=spf1 -all
example.com TXT keep=\"me\""
}

t 'as a zone it has lines to add, and comments for what goes' '
	fault_world && run mailadm dns show example.com --diff --zone &&
	status 1 && perl tests/db/records.pl zone <"$T/out" >"$T/read" &&
	is "$(sed "s/p=M.*/p=KEY/" "$T/read" | sort)" \
"$K TXT 3600 v=DKIM1; k=rsa; p=KEY
_imaps._tcp.example.com SRV 3600 0 1 993 $MX.
example.com TXT 3600 v=spf1 mx -all
$MX A 3600 203.0.113.7" &&
	like "$out" "; REMOVE: example.com. IN TXT \"v=spf1 -all\"" &&
	unlike "$out" keep'

t 'nsupdate deletes a record string by string, and only ours' '
	fault_world && run mailadm dns export example.com --diff \
	    --format nsupdate && status 1 &&
	perl tests/db/records.pl nsupdate <"$T/out" >"$T/read" &&
	is "$(sed "s/p=M.*/p=KEY/" "$T/read" | sort)" \
"$K TXT 3600 v=DKIM1; k=rsa; p=KEY
$K TXT delete v=DKIM1; \"\\;k=rsa; p=AAAA
_imaps._tcp.example.com SRV 3600 0 1 993 $MX.
example.com TXT 3600 v=spf1 mx -all
example.com TXT delete v=spf1 -all
$MX A 3600 203.0.113.7" && like "$out" \
	    "update delete $K. TXT \"v=DKIM1; \\\"\\\\;\" \"k=rsa; p=AAAA\""'

t 'with a zone what is elsewhere is a comment' '
	fault_world && run mailadm dns export example.com --diff \
	    --format nsupdate --zone-name example.org && status 1 &&
	perl tests/db/records.pl nsupdate example.org <"$T/out" >"$T/read" &&
	is "$(cat "$T/read")" "$MX A 3600 203.0.113.7" &&
	for format in octodns terraform; do
		run mailadm dns export example.com --diff --format $format &&
		status 2 && like "$err" "finds the changes itself" || return 1
	done'

t 'no value ends the comment that quotes it' '
	text=$(printf "v=spf1 x\rsend\033 -all") &&
	world "$spf" "example.com STRINGS $text" &&
	run mailadm dns export example.com --diff --format nsupdate &&
	status 1 && perl tests/db/records.pl nsupdate <"$T/out" >"$T/read" &&
	like "$out" "; example.com TXT permerror of 203.0.113.7 by \
x\\013send\\027"'

t 'what DNS holds is escaped on the terminal' '
	world "^_dmarc.example.com" "_dmarc.example.com TXT v=DMARC1; p=$(
	    printf "\033[31m")" && run on_terminal -c "$T/conf" dns show \
	    example.com --diff <<-"END" &&
		status 1
	END
	status 0 && like "$out" "p=\\x1b[31m"'

t 'as JSON a value that does not exist is null' '
	world "^_imaps" && run mailadm -o json dns show example.com --diff &&
	status 1 && like "$out" "\"found\":null" &&
	like "$out" "\"action\":\"add\""'

t 'the signature of the zone of the server is asked for with --live' '
	world "" "$signed" && run mailadm dns show --zone --live &&
	status 0 && matches "$out" "^_25._tcp.$MX. 3600 IN TLSA" &&
	world && run mailadm dns show --zone --live && status 0 &&
	matches "$out" "^;   _25._tcp" && run mailadm dns show --zone --live \
	    --resolver 127.0.0.1@1 && status 0 &&
	like "$err" "note: DNS could not be asked whether" &&
	matches "$out" "^;   _25._tcp"'

### old keys

t 'the record of a retired key is removed, but one that revokes it stays' '
	mailadm -q dkim add example.com --selector new >"$T/said" &&
	mailadm -q dkim activate example.com --force &&
	mailadm -q dkim activate example.com new --force &&
	mailadm -q dkim retire example.com "$S" >"$T/said" &&
	world "^$K" "$(record example.com new)" && diff && status 0 &&
	world "^$K" "$(record example.com new)
$K TXT v=DKIM1; k=rsa; p=$public" && diff && status 1 &&
	is "$changes" "remove|$K|TXT|\\N|v=DKIM1; k=rsa; p=KEY" &&
	world "^$K" "$(record example.com new)
$K TXT v=DKIM1; p=" && diff && status 0'

finish

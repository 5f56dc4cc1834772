#!/bin/sh
# dns check: what DNS has is asked for and judged.
# shellcheck disable=SC2016,SC2034,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-dns.sh

need_root
need_command openssl perl setpriv
server_start
fresh
dns_start
certificate_make
secret_make
dns_settings 'dmarc_reports = dmarc@example.com'
mailadm -q domain add example.com
printf 'long enough pw\n' |
	mailadm -q user add anna@example.com --password-stdin >"$T/said"
mailadm -q alias add postmaster@example.com anna@example.com
mailadm -q alias add abuse@example.com anna@example.com
mailadm -q dkim add example.com >"$T/said"
sql "UPDATE dkim_keys SET state = 'active'"
S=$(sql "SELECT selector FROM dkim_keys")

# The records of dns show, which the domain needs, in the form of dns.pl; and
# the reverse names.
mailadm -q -o tsv --columns name,type,value dns show example.com \
    2>"$T/said" | awk -F '\t' -v OFS=' ' '$2 != "CAA" {
	if ($2 != "TXT" && $3 != "0 0 0 .")
		sub(/\.$/, "", $3)
	print $1, $2, $3
}' >"$T/good"

# The good world without the lines that begin so, and with others.
world() { # PATTERN [LINE...]
	grep -v -e "^$1" "$T/good" >"$T/resolver"
	shift
	[ $# = 0 ] || printf '%s\n' "$@" >>"$T/resolver"
}

# The rules that find something, besides DNSSEC, which dns.pl does not have.
found() { # RULE...
	run mailadm -o tsv --columns rule dns check --ignore N039 &&
	is "$(echo "$out" | sort -u | tr '\n' ' ' | sed 's/ *$//')" "$*"
}

t 'what dns show lists is what dns check wants' '
	world "#" && run mailadm dns check --ignore N039 &&
	status 0 && empty "$out" && empty "$err"'

t 'the notes are about what is left to do' '
	run mailadm -o tsv --columns rule,severity,name dns check \
	    --severity note && status 1 &&
	is "$(echo "$out" | tr "\t" " ")" \
	    "N027 note example.com
N039 warning mx.example.org"'

D=example.com M=mx.example.org Z="3 1 1 $(printf %064d 0)"
while IFS='|' read -r what rules without with; do
	t "$what" '
		world "${without:-#}" ${with:+"$with"} && found $rules'
done <<END
no MX|N001 N012|$D MX
an address instead of an MX|N002 N012|$D MX|$D A 198.51.100.1
an MX of nobody|N003 N012|$D MX|$D MX 10 a.net
a PTR that is missing|N005|7.113
no SPF|N009|$D TXT
two SPF records|N010||$D TXT v=spf1 -all
SPF that includes nothing|N011|$D TXT|$D TXT v=spf1 include:a.$D -all
SPF without this server|N012|$D TXT|$D TXT v=spf1 -all
no SPF of the server|N014|$M TXT
no record of the key|N015|$S
another key|N016|$S|$S._domainkey.$D TXT p=AAAA
no DMARC|N025|_dmarc
DMARC in the wrong order|N026|_dmarc|_dmarc.$D TXT p=reject; v=DMARC1
another key of the certificate|N037|_25|_25._tcp.$M TLSA $Z
a SRV record elsewhere|N038|_submissions|_submissions._tcp.$D SRV 0 1 587 $M
END

t 'a name that gives no answer is no problem, and is named' '
	world "example.com TXT" "example.com SERVFAIL" &&
	run mailadm dns check --ignore N039 && status 0 && empty "$out" &&
	like "$err" "DNS gave no answer to 3 questions, the first about" &&
	like "$err" "not checked: N001, N002, N003, N009, N010, N011, N012," &&
	like "$err" "(DNS gave no answer)"'

t 'where nothing gives an answer there is no verdict' '
	run mailadm dns check --resolver 127.0.0.1@1 && status 10 &&
	empty "$out" && like "$err" "DNS gives no answer to any question" &&
	run mailadm dns check --resolver 127.0.0.1@1 --nagios && status 3 &&
	matches "$out" "UNKNOWN"'

# --- MTA-STS: a web server that says what $T/web has ---------------------

STS="_mta-sts.$D TXT v=STSv1; id=1" WEB="mta-sts.$D A $ns1"
mkdir -p "$T/web/.well-known"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$T/web.key" -out "$T/web.pem" -days 3650 -subj /CN=web \
    -addext "subjectAltName=DNS:mta-sts.$D" 2>"$T/said"
(cd "$T/web" && exec setpriv --pdeathsig TERM openssl s_server -HTTP \
    -accept "$ns1:443" -cert "$T/web.pem" -key "$T/web.key" -quiet \
    >"$T/web.log" 2>&1) &
t_keepers="$t_keepers $!"
eventually sh -c \
    "openssl s_client -connect $ns1:443 </dev/null >$T/said 2>&1"
export SSL_CERT_FILE="$T/web.pem"

# policy STATUS TYPE LINE...
policy() {
	{
		printf 'HTTP/1.0 %s\r\nContent-Type: %s\r\n' "$1" "$2"
		shift 2
		printf 'Location: /elsewhere\r\n\r\nversion: STSv1\n'
		printf '%s\n' "$@"
	} >"$T/web/.well-known/mta-sts.txt"
}

# What the rules of MTA-STS say.
sts() {
	run mailadm -o tsv --columns rule,severity,text dns check \
	    --rule N032 --rule N033 --rule N034 --rule N035 "$@" &&
	out=$(echo "$out" | tr '\t' ' ')
}

good() {
	policy "200 OK" "text/plain; charset=utf-8" "mode: enforce" "mx: $M" \
	    "max_age: 604800" "$@"
}

t 'a good policy is fetched, and nothing said' '
	world "#" "$STS" "$WEB" && good && sts && status 0 && empty "$err" &&
	sts --show && like "$out" "N032 ok the policy can be fetched"'

t 'a policy by a redirect is none' '
	policy "301 Moved" text/plain "mode: enforce" && sts && status 1 &&
	is "$out" "N032 error the policy cannot be fetched: the web server \
sends to another place, where others do not look"'

t 'a page that is not there is no policy' '
	policy "404 Not Found" text/plain && sts && status 1 &&
	like "$out" "N032 error the policy cannot be fetched: the web \
server answers with status 404"'

t 'a policy of another type is a warning' '
	policy "200 OK" text/html "mode: enforce" "mx: $M" "max_age: 604800" &&
	sts && status 1 &&
	is "$out" "N032 warning the policy is not text/plain"'

t 'a policy without this server, one that enforces nothing, a brief one' '
	policy "200 OK" text/plain "mode: enforce" "mx: a.net" \
	    "max_age: 3600" && sts &&
	like "$out" "N033 error the policy has no mx: for $M" &&
	like "$out" "N034 warning max_age is 3600 seconds" &&
	policy "200 OK" text/plain "mode: testing" "mx: $M" "max_age: 86400" &&
	sts && is "$out" "N034 warning the mode is not enforce"'

t 'more than 64 KiB is no policy' '
	good "$(printf "x: %070000d" 0)" && sts && status 1 &&
	like "$out" "N032 error the policy cannot be fetched: it is larger"'

t 'a policy that no record announces is a warning, a page is nothing' '
	world "#" "$WEB" && good && sts && status 1 &&
	is "$out" "N035 warning no record _mta-sts.$D" &&
	policy "200 OK" text/html "<html>" && sts && status 0'

t 'the certificate must be valid, and of the name' '
	world "#" "$STS" "$WEB" && good &&
	SSL_CERT_FILE=$T/cert.pem sts && status 1 &&
	matches "$out" "^N032 error the policy cannot be fetched: SSL cert" &&
	mailadm -q domain add example.net &&
	world "#" "_mta-sts.example.net TXT v=STSv1; id=1" \
	    "mta-sts.example.net A $ns1" && sts example.net && status 1 &&
	matches "$out" "^N032 error .*mta-sts.example.net" &&
	mailadm -q domain remove example.net'

t 'a web server that is missing, or away' '
	world "#" "$STS" && sts && status 1 &&
	like "$out" "fetched: mta-sts.$D has no address" &&
	world "#" "$STS" "mta-sts.$D A $ns2" && sts && status 1 &&
	matches "$out" "^N032 error the policy cannot be fetched: [A-Z]"'

t 'where the web server cannot be asked for, nothing is said of it' '
	world "#" "$STS" "mta-sts.$D SERVFAIL" && sts && status 0 &&
	like "$err" "not checked: N032, N033, N034, N035 (DNS gave no"'

setpriv --pdeathsig TERM perl -MIO::Socket::INET -e 'my (@all, $one);
    my $s = IO::Socket::INET->new(LocalAddr => "$ARGV[0]:443", Listen => 5)
	or die; open F, ">", $ARGV[1]; close F;
    push @all, $one while $one = $s->accept' "$ns2" "$T/silent" &
t_keepers="$t_keepers $!"
eventually test -e "$T/silent"

t 'a web server that says nothing has the seconds of --timeout' '
	world "#" "$STS" "mta-sts.$D A $ns2" && begun=$(date +%s) &&
	sts --timeout 1 && status 1 &&
	matches "$out" "^N032 error .* timed out" &&
	[ $(($(date +%s) - begun)) -lt 20 ]'

unset SSL_CERT_FILE
# --- the command ---------------------------------------------------------

# That of the root, which dns.pl cannot sign for.
printf '. IN DS 20326 8 2 %s%s\n' E06D44B80B8F1D39A95C0B0D7C65D084 \
    58E880409BBC683457104237C7F8EC8D >"$T/anchor"

t 'a resolver that strips the signatures is one warning, not a hundred' '
	world "#" && run mailadm -o tsv --columns rule,name dns check \
	    --trust-anchor "$T/anchor" && status 1 &&
	is "$out" "N039	mx.example.org" &&
	run mailadm dns check --trust-anchor "$T/none" --ignore N039 &&
	status 0'

t 'what is right is shown, with what was seen' '
	world "_imaps" && run mailadm -o tsv --columns rule,severity,name,text \
	    dns check --show --ignore N039 && status 0 && empty "$err" && {
		echo "$out" | grep -v "	ok	" >"$T/bad"
		[ ! -s "$T/bad" ]
	} && fine=$(echo "$out" | tr "\t" " ") &&
	like "$fine" "N002 ok example.com the MX record leads to" &&
	like "$fine" "N005 ok 203.0.113.7 the name is mx.example.org" &&
	like "$fine" "N012 ok example.com mail from 203.0.113.7 passes" &&
	like "$fine" "N015 ok example.com the record of the key $S" &&
	like "$fine" "N025 ok example.com the policy is none" &&
	like "$fine" "N037 ok mx.example.org a record" &&
	unlike "$fine" "_imaps._tcp" &&
	like "$fine" "N042 ok example.com postmaster and abuse"'

t 'what is wrong stands before what is right, and decides the status' '
	world "_dmarc" && run mailadm -o tsv --columns rule,severity \
	    dns check --show --ignore N039 && status 1 &&
	matches "$out" "^N025	error" && is "${out%%	*}" N025 &&
	unlike "$out" "N025	ok" && run mailadm dns check --show --nagios &&
	status 3 && like "$out" "--show cannot be combined"'

t 'only what is new or gone, with a file of its own' '
	world "_dmarc" && run mailadm -o tsv --columns rule,change dns check \
	    --ignore N039 --new && status 1 && is "$out" "N025	new" &&
	[ -s "$XDG_STATE_HOME/mailadm/dns-check.state" ] &&
	[ ! -e "$XDG_STATE_HOME/mailadm/check.state" ] &&
	run mailadm dns check --ignore N039 --new && status 0 &&
	empty "$out" && world "#" && run mailadm -o tsv \
	    --columns rule,severity,change dns check --ignore N039 --new &&
	status 0 && is "$out" "N025	error	gone"'

t 'of a rule with two severities only the one that is checked is gone' '
	world "_[is][mu][ab]" && run mailadm -o tsv --columns rule \
	    dns check --new --severity note --ignore N039 --state "$T/both" &&
	status 1 && is "$out" "N027
N038" && for severity in warning note; do
		run mailadm dns check --new --severity $severity \
		    --ignore N039 --state "$T/both" &&
		status 0 && empty "$out" || return 1
	done'

t 'what could not be asked is not gone' '
	world "_dmarc" && run mailadm dns check --ignore N039 --new \
	    --state "$T/asked" && status 1 &&
	world "_dmarc" "_dmarc.example.com SERVFAIL" &&
	run mailadm dns check --ignore N039 --new --state "$T/asked" &&
	status 0 && empty "$out" && like "$err" "not checked: N025"'

t 'the numbers for Prometheus have names of their own' '
	world "_dmarc" && run mailadm dns check --ignore N039 \
	    --prometheus "$T/dns.prom" && status 1 &&
	grep -q "^mailadm_dns_check_findings{rule=\"N025\",severity=\"error\
\"} 1$" "$T/dns.prom" && grep -q "^mailadm_dns_check_success 1" \
	    "$T/dns.prom" && ! grep -q "^mailadm_check\|_rows" "$T/dns.prom" &&
	run mailadm dns check --prometheus "$T/dns.prom" \
	    --resolver 127.0.0.1@1 && status 10 &&
	grep -q "^mailadm_dns_check_success 0" "$T/dns.prom" &&
	matches "$(cat "$T/dns.prom")" \
	    "^mailadm_dns_check_last_success_timestamp_seconds [1-9]"'

t 'what does not answer takes as long as --timeout says' '
	world "_dmarc" "_dmarc.example.com SILENT" &&
	begun=$(date +%s) && run mailadm dns check --timeout 1 \
	    --ignore N039 && status 0 && like "$err" "not checked: N025" &&
	[ $(($(date +%s) - begun)) -lt 5 ] &&
	run mailadm dns check --timeout 0 && status 3'

t 'without the name of the server there is nothing to check' '
	dkim_settings && run mailadm dns check && status 3 &&
	like "$err" hostname && dns_settings \
	    "dmarc_reports = dmarc@example.com"'

t 'a domain that is disabled is not asked for' '
	world "nothing" && mailadm -q domain disable example.com &&
	run mailadm -o tsv --columns name dns check --rule N025 &&
	status 0 && run mailadm dns check example.com --rule N025 &&
	status 0 && like "$err" "example.com is disabled: it needs no" &&
	mailadm -q domain enable example.com'

t 'a domain that does not exist is not asked for' '
	run mailadm dns check none.example && status 4 &&
	like "$err" "no such domain: none.example"'

t 'an alias domain is judged by records of its own' '
	world "#" && mailadm -q domain add example.net --alias-of example.com &&
	run mailadm -o tsv --columns rule,name dns check example.net \
	    --severity error && status 1 &&
	matches "$out" "^N001	example.net" && matches "$out" "^N024	" &&
	mailadm -q domain remove example.net'

servers() { # PATTERN
	world "#" "$D NS ns1.$D" "$D NS ns2.$D" "ns1.$D A $ns1" \
	    "ns2.$D A $ns2" && cp "$T/resolver" "$T/ns1" &&
	grep -v -e "^$1" "$T/good" >"$T/ns2"
}

t 'name servers that disagree are found on request, and named' '
	servers "#" && run mailadm dns check --authoritative \
	    --rule N041 && status 0 && empty "$out$err" &&
	servers "$D MX" && run mailadm -o tsv --columns severity,text dns \
	    check --authoritative --rule N041 && status 1 &&
	is "$out" "warning	MX of $D: ns1.$D ($ns1) has 10 $M; \
ns2.$D ($ns2) has nothing" && found "" &&
	servers "$S" && run mailadm dns check --authoritative --rule N041 &&
	status 1 && like "$out" "DKIM of $S._domainkey.$D" &&
	servers "$D TXT" && run mailadm dns check --authoritative \
	    --rule N041 && status 1 && like "$out" "SPF of $D" &&
	run mailadm dns check --rule N041 && status 2 &&
	like "$err" "N041 needs --authoritative"'

t 'other texts of the domain do not count, nor a server that is silent' '
	servers "#" && echo "$D TXT other" >>"$T/ns2" &&
	run mailadm dns check --authoritative --rule N041 && status 0 &&
	sed "s/ .*/ SILENT/" "$T/good" >"$T/ns2" &&
	run mailadm dns check --authoritative --rule N041 --timeout 1 &&
	status 0 && like "$err" "N041 (a name server gave no answer)" &&
	world "#" && run mailadm dns check --authoritative --rule N041 &&
	status 0 && like "$err" "N041 (the name servers are not known)"'

B=7.113.0.203.zen.spamhaus.org
t 'blocklists are asked only on request' '
	world "#" "$B A 127.0.0.2" && found "" && run mailadm -o tsv \
	    --columns rule,name dns check --blocklists --ignore N039 &&
	status 1 && is "$out" "N043	203.0.113.7" &&
	world "#" "$B A 127.255.255.254" &&
	run mailadm dns check --blocklists --ignore N039 && status 0 &&
	like "$err" "not checked: N043 (a blocklist does not answer" &&
	run mailadm dns check --rule n043 && status 2 &&
	like "$err" "N043 needs --blocklists"'

t 'one rule, or all but one' '
	world "_dmarc" && run mailadm -o tsv --columns rule dns check \
	    --rule N025 && status 1 && is "$out" N025 &&
	run mailadm dns check --ignore N025:example.com --ignore N039 &&
	status 0 && run mailadm dns check --rule V001 && status 2 &&
	like "$err" "dns rules"'

t 'the setting check_ignore names rules of DNS, too' '
	dns_settings "check_ignore = N025 N039" \
	    "dmarc_reports = dmarc@example.com" && world "_dmarc" &&
	run mailadm dns check && status 0 && empty "$out" &&
	dns_settings "dmarc_reports = dmarc@example.com"'

t 'Nagios gets one line' '
	world "_dmarc" && run mailadm dns check --nagios && status 2 &&
	like "$out" "MAILADM CRITICAL - 1 error" &&
	like "$out" "N025 error example.com"'

finish

# Keys, a secret, and name servers of one's own: for the tests of dkim.
# shellcheck shell=sh disable=SC2119,SC2120
#
#   dns_start           three servers on loopback: $resolver, $ns1 and $ns2
#                       answer from $T/resolver, $T/ns1 and $T/ns2; $domain is
#                       what ns1 and ns2 serve
#   zones NAME...       both name servers have these lines, besides their own
#   mailadm ...         with settings that name the secret and the resolver

# Addresses that no test running beside this one has.
dns_start() {
	dns_part=$(($$ % 64516))
	for dns_name in resolver ns1 ns2; do
		dns_net=$((${dns_net:-10} + 1))
		dns_address=127.$dns_net.$((dns_part / 254 + 1)).$((dns_part %
		    254 + 1))
		eval "$dns_name=$dns_address"
		: >"$T/$dns_name"
		setpriv --pdeathsig TERM perl tests/db/dns.pl "$dns_address" \
		    "$T/$dns_name" "$T/$dns_name.ready" &
		t_keepers="$t_keepers $!"
	done
	for dns_name in resolver ns1 ns2; do
		eventually test -e "$T/$dns_name.ready"
	done
	# shellcheck disable=SC2154 # set by eval
	cat >"$T/resolver" <<-END
	x.example NS ns1.x.example
	x.example NS ns2.x.example
	ns1.x.example A $ns1
	ns2.x.example A $ns2
	END
}

zones() {
	printf '%s\n' "$@" >"$T/ns1"
	cp "$T/ns1" "$T/ns2"
}

# The settings; more lines follow the name of a setting and its value.
dkim_settings() {
	cat >"$T/conf" <<-END
	dkim_secret = $T/secret
	resolver = ${resolver:-127.0.0.1@1}
	END
	printf '%s\n' "$@" >>"$T/conf"
}

secret_make() {
	(umask 077 && openssl rand -base64 32 | tr -d '=' >"${1:-$T/secret}")
}

mailadm() {
	"$MAILADM" --defaults-file="$T/client.cnf" -c "$T/conf" "$@"
}

# The columns of the keys that the words name: state, and whether there is a
# private half.
keys() { # LINE...: "x.example s1 active yes"
	is "$(sql "SELECT domain, selector, state,
	    IF(private_key IS NULL, 'no', 'yes') FROM dkim_keys
	    ORDER BY domain, selector" | tr '\t' ' ')" \
	    "$([ $# = 0 ] || printf '%s\n' "$@")"
}

# The record of a key as a line of a zone.
record() { # DOMAIN SELECTOR
	mailadm -o tsv --columns name,value dkim show "$1" "$2" |
		sed 's/	/ TXT /'
}

dkim_settings

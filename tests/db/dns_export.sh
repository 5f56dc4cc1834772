#!/bin/sh
# dns export and dns show --zone: each format says the same, and what applies
# it can read it.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh
. tests/db/lib-dns.sh

need_command openssl perl
server_start
fresh
certificate_make
secret_make
dns_settings "mta_sts = testing" "autoconfig = yes" "pop3 = yes" \
    "dmarc_reports = o'b!#\$&*=?^{}~x@example.com" \
    "tls_reports = t@example.com"
cp "$T/other.pem" "$T/key.next.pem"
mailadm -q domain add example.com
mailadm -q domain add bücher.example
mailadm -q domain add sub.example.com --alias-of example.com
mailadm -q dkim add example.com --bits 4096 >"$T/said"
mailadm -q dkim add example.com --algorithm ed25519 >"$T/said"
mailadm -q dkim add sub.example.com >"$T/said"

# What dns show says, as tests/db/records.pl prints it; without what is a
# comment in an export.
expected() { # ARG...
	mailadm -q -o tsv --columns name,type,ttl,value dns show "$@" |
	    grep -Ev '	(PTR|TLSA|CAA)	' | tr '\t' ' ' | sort
}

read_as() { # FORMAT [ZONE]
	perl tests/db/records.pl "$@" <"$T/out" >"$T/read" 2>"$T/said" ||
		{ cat "$T/said"; return 1; }
	sort "$T/read"
}

t 'a zone file has all records, in strings of at most 255 bytes' '
	run mailadm dns show --zone && status 0 &&
	is "$(read_as zone)" "$(expected)" &&
	cp "$T/out" "$T/zone" && run mailadm dns export --format zone &&
	cmp "$T/out" "$T/zone"'

t 'with a zone the rest is a comment, but its own PTR is not' '
	run mailadm dns show --zone --zone-name example.com. && status 0 &&
	is "$(read_as zone)" "$(expected | grep "example.com [A-Z]* 3600" |
		grep -v "mx.example.org [AT]")" &&
	matches "$out" "^;   mx.example.org. 3600 IN A" &&
	run mailadm dns show --zone --zone-name 113.0.203.in-addr.arpa &&
	is "$(read_as zone)" \
	    "7.113.0.203.in-addr.arpa PTR 3600 mx.example.org."'

t 'nsupdate replaces what is ours alone, and adds to what may not be' '
	run mailadm dns export --format nsupdate --ttl 60 && status 0 &&
	is "$(read_as nsupdate | grep -v " delete$")" "$(expected --ttl 60)" &&
	is "$(grep delete "$T/read" | cut -d" " -f 1,2 | sort)" "$(
		expected | awk "\$1 ~ /^_|_domainkey/ || \$2 == \"CNAME\" {
		    print \$1, \$2 }" | grep -v _report | sort)" &&
	run mailadm dns export example.com --format nsupdate --zone-name \
	    example.com && matches "$out" "^zone example.com.$" &&
	read_as nsupdate example.com >"$T/said"'

t 'Terraform has a resource for each name and type' '
	run mailadm dns export --format terraform && status 0 &&
	is "$(read_as terraform)" "$(expected)"'

t 'octoDNS has the records of one zone, in its order' '
	run mailadm dns export example.com --format octodns && status 0 &&
	is "$(read_as octodns example.com)" "$(expected example.com |
		grep -v "mx.example.org [AT]")" &&
	run mailadm dns export --format octodns && status 2 &&
	like "$err" "octodns needs a zone" &&
	run mailadm dns export --format octodns --zone-name example.com &&
	is "$(read_as octodns example.com)" "$(expected |
		grep "example.com [A-Z]* 3600")" &&
	run mailadm dns export --format octodns --zone-name none.example &&
	status 0 && matches "$out" "^\{\}$"'

t 'a retired key is removed where that can be said' '
	mailadm -q dkim add sub.example.com --selector old --algorithm \
	    ed25519 >"$T/said" &&
	mailadm -q dkim activate sub.example.com old --force &&
	mailadm -q dkim retire sub.example.com old --force >"$T/said" &&
	run mailadm dns export sub.example.com --format nsupdate &&
	matches "$out" "^update delete old._domainkey.sub.example.com. TXT$" &&
	unlike "$out" "update add old" && for format in zone terraform; do
		run mailadm dns export sub.example.com --format $format &&
		unlike "$(echo "$out" | grep -v "^[;#]")" old || return 1
	done && mailadm -q dkim remove sub.example.com old --force'

t 'an unknown format, and a zone that is none, are refused' '
	run mailadm dns export --format bind && status 2 &&
	run mailadm dns export && status 2 &&
	run mailadm dns show --zone --zone-name "a b" && status 3 &&
	run mailadm dns show --zone-name example.com && status 2 &&
	run mailadm dns show --ttl -1 && status 3'

### what applies them, where that is installed

# A whole zone around the records, as its owner has it.
around() { # ZONE
	run mailadm dns show --zone --zone-name "$1" &&
	cat - "$T/out" >"$T/whole" <<-END
	\$ORIGIN $1.
	@ 3600 IN SOA ns.$1. admin.$1. 1 7200 3600 1209600 3600
	@ 3600 IN NS ns.$1.
	ns 3600 IN A 192.0.2.53
	END
}

zone_case() { # NAME COMMAND CALL
	! command -v "$2" >/dev/null ||
		t "$1 loads the zone without a warning" "for zone in \
		    example.com example.org xn--bcher-kva.example; do
			around \$zone && run $3 && status 0 &&
			unlike \"\$out\$err\" warning || return 1
		done"
}

zone_case Knot kzonecheck 'kzonecheck -o $zone "$T/whole"'
zone_case NSD nsd-checkzone 'nsd-checkzone $zone "$T/whole"'
zone_case BIND named-checkzone 'named-checkzone -i none $zone "$T/whole"'

if command -v nsupdate >/dev/null; then
	# Without a server it reads and sends nothing.
	t 'nsupdate takes each line' '
		run mailadm dns export --format nsupdate &&
		sed "s/^send$/show/" "$T/out" >"$T/updates" &&
		run nsupdate <"$T/updates" && unlike "$err" "syntax" &&
		unlike "$err" invalid && unlike "$err" error'
fi

if command -v terraform >/dev/null; then
	t 'Terraform reads its language' '
		run mailadm dns export --format terraform &&
		cp "$T/out" "$T/mail.tf" &&
		run terraform fmt -no-color -write=false "$T/mail.tf" &&
		status 0'
fi

if python3 -c 'import octodns.manager' 2>"$T/said"; then
	t 'octoDNS reads the zone, and finds it valid' '
		mkdir -p "$T/octo" && cat >"$T/octo.yaml" <<-END &&
		providers:
		  config:
		    class: octodns.provider.yaml.YamlProvider
		    directory: $T/octo
		  target:
		    class: octodns.provider.yaml.YamlProvider
		    directory: $T/octo
		    strict_supports: false
		zones:
		  example.com.:
		    sources: [config]
		    targets: [target]
		END
		run mailadm dns export --format octodns --zone-name \
		    example.com && cp "$T/out" "$T/octo/example.com.yaml" &&
		run python3 -m octodns.cmds.validate --config-file \
		    "$T/octo.yaml" && status 0 && unlike "$err" WARN'
fi

finish

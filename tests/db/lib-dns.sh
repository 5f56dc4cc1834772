# Records that DNS needs: a server of one's own, with settings and a
# certificate; besides lib-dkim.sh.
# shellcheck shell=sh disable=SC2119,SC2120
#
#   dns_settings LINE...    the settings, with a certificate and addresses
#   certificate_make        $T/cert.pem and $T/key.pem, once
#   tlsa FILE               what the TLSA record of a key says
#   grep_zone PATTERN       lines of the zone file in $out, with one blank

certificate_make() {
	openssl ecparam -name prime256v1 -genkey -noout -out "$T/key.pem" &&
	openssl req -new -x509 -key "$T/key.pem" -out "$T/cert.pem" \
	    -subj /CN=mx.example.org -days 3650 2>"$T/said" &&
	openssl ecparam -name prime256v1 -genkey -noout \
	    -out "$T/other.pem"
}

dns_settings() {
	dkim_settings "hostname = mx.example.org" \
	    "certificate = $T/cert.pem" "certificate_key = $T/key.pem" \
	    "addresses = 203.0.113.7 2001:db8::7" "$@"
}

tlsa() {
	printf '3 1 1 %s' "$(openssl pkey -in "$1" -pubout -outform DER |
		openssl dgst -sha256 -r | cut -d' ' -f1)"
}

# The columns that the words name, of the records of one name and type.
shown() { # NAME TYPE [ARG...]
	shown_name=$1 shown_type=$2
	shift 2
	mailadm -q -o tsv --columns name,type,value dns show "$@" \
	    2>"$T/said" | awk -F '\t' -v name="$shown_name" \
	    -v type="$shown_type" '$1 == name && $2 == type { print $3 }'
}

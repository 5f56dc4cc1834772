# Postfix's map that makes A-labels makes those that everybody makes.
. tests/lib.sh
. tests/db/lib-lookups.sh

server_start
fresh
lookup_template postfix/sql_idn.cf:query >"$T/query"

# asked FILE: the query for each line of it, a quote and a backslash as Postfix
# escapes them.
asked() {
	perl -e '
		open my $in, "<", shift or die;
		my $query = do { local $/; <$in> };
		while (my $key = <>) {
			chomp $key;
			$key =~ s/[\\\x27]/\\$&/g;
			my $asks = $query;
			$asks =~ s/%s/$key/;
			print "$asks;\n";
		}' "$T/query" "$1" >"$T/sql"
	server_sql --database=mail --default-character-set=utf8mb4 \
		-e "source $T/sql"
}

# Whether a name may be registered is another question: its form is clear.
awk -F '\t' '$4 ~ /xn--/ && $2 !~ /xn--/ && $5 !~ /A4|P/ && $4 !~ /[.]$/ &&
	!($2 in seen) && $2 !~ /["\\ ]/ {
	seen[$2]
	print "x@" $2 "\tx@" $4
}' tests/data/idna-toascii-15.0.0.tsv | head -n 1000 >"$T/pairs"

t 'of the published names each has its A-label' '
	[ "$(wc -l <"$T/pairs")" -ge 900 ] &&
	cut -f 1 "$T/pairs" >"$T/names" && cut -f 2 "$T/pairs" >"$T/labels" &&
	asked "$T/names" >"$T/got" && run diff "$T/labels" "$T/got" &&
	status 0'

t 'what stands around the domain stays, a second @ too' '
	cat >"$T/names" <<-END &&
	RCPT TO:<info@bücher.example> NOTIFY=NEVER
	MAIL FROM:<o'\''h@BÜCHER.example> SIZE=1 BODY=8BITMIME
	RCPT TO:<"a@b"@bücher.example>
	jörg+x@a.ü.example
	END
	is "$(asked "$T/names")" \
"RCPT TO:<info@xn--bcher-kva.example> NOTIFY=NEVER
MAIL FROM:<o'\''h@xn--bcher-kva.example> SIZE=1 BODY=8BITMIME
RCPT TO:<\"a@b\"@xn--bcher-kva.example>
jörg+x@a.xn--tda.example"'

t 'what has no such domain has no answer' '
	cat >"$T/names" <<-END &&
	RCPT TO:<info@example.com>
	RCPT TO:<é@example.com>
	bücher.example
	MAIL FROM:<>
	é
	END
	is "$(asked "$T/names")" ""'

t 'nor has one that is too long for a name' '
	echo "x@$(printf "ü%.0s" $(seq 254))" >"$T/names" &&
	is "$(asked "$T/names")" ""'

finish

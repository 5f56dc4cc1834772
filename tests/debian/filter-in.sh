# shellcheck shell=sh disable=SC2154 # of the others
# What comes in through $filter: tests/debian/filter.sh sources it.

### The table: each kind of SPF with each of DKIM, and how DMARC sees them

# NAME SENDER FROM KEY SPF DKIM DMARC
#
# SENDER and FROM: domains, with .example behind them where they have no point;
# "-" for MAIL FROM:<>.  KEY: the domain that signed, "-" for none; with "/ed"
# by Ed25519, "/both" by RSA, too, "/past" so that it ended long ago (x=); with
# "!" the text was changed afterwards.  Of two SPF records rspamd takes either
# one.  A signature that has ended counts for neither filter, and they have
# different words for it.
cases() {
	sed "$([ "$filter" = rspamd ] && echo /^two-/d)" <<'END'
pass-none        pass       pass     -        pass      none pass
pass-pass        pass       pass     pass     pass      pass pass
pass-fail        pass       pass     pass!    pass      fail pass
fail-none        fail       fail     -        fail      none fail
fail-pass        fail       fail     fail     fail      pass pass
fail-fail        fail       fail     fail!    fail      fail fail
soft-none        soft       soft     -        softfail  none fail
soft-pass        soft       soft     soft     softfail  pass pass
soft-fail        soft       soft     soft!    softfail  fail fail
neutral-none     neutral    neutral  -        neutral   none fail
neutral-pass     neutral    neutral  neutral  neutral   pass pass
neutral-fail     neutral    neutral  neutral! neutral   fail fail
nospf-none       nospf      nospf    -        none      none none
nospf-pass       nospf      nospf    nospf    none      pass none
nospf-fail       nospf      nospf    nospf!   none      fail none
two-none         two        two      -        permerror none fail
two-pass         two        two      two      permerror pass pass
two-fail         two        two      two!     permerror fail fail
loose-none       loose      loose    -        softfail  none fail
loose-pass       loose      loose    loose    softfail  pass pass
other-none       pass       fail     -        pass      none fail
other-theirs     pass       fail     pass     pass      pass fail
other-its        pass       fail     fail     pass      pass pass
sub-relaxed      example.org sub.example.org - pass     none pass
sub-strict       sub.strict.example strict -  pass      none fail
sub-strict-key   sub.strict.example strict strict pass  pass pass
strict           strict     strict   -        pass      none pass
bounce           -          pass     -        none      none fail
ed-spf           pass       pass     pass/ed  pass      pass pass
ed-pass          soft       soft     soft/ed  softfail  pass pass
ed-fail          soft       soft     soft/ed! softfail  fail fail
ed-both          soft       soft     soft/both softfail pass pass
past-spf         pass       pass     pass/past pass     ended pass
past             soft       soft     soft/past softfail ended fail
END
}

# What this filter says otherwise.
expected() {
	cases | awk -v filter="$filter" '{
		reply = "250"
		sub(/ended/, filter == "rspamd" ? "-" : "permerror", $6)
		if (filter == "opendkim" && $5 == "fail") reply = "550"
		print $1, $5, $6, $7, reply
	}'
}

full() {
	case $1 in *.*) echo "$1" ;; *) echo "$1.example" ;; esac
}

# $T/mail gets a signature; HOW: of sign.py.
sign() { # DOMAIN SELECTOR KEY-FILE [HOW]
	python3 tests/debian/sign.py "$@" <"$T/mail" >"$T/signed" &&
		mv "$T/signed" "$T/mail"
}

signs_as() { # KEY
	s_domain=${1%!}
	s_domain=${s_domain%/*}.example
	case $1 in -|*/ed|*/ed!) ;; */past)
		sign "$s_domain" s1 "$W/keys/sender.pem" past ;;
	*) sign "$s_domain" s1 "$W/keys/sender.pem" ;;
	esac &&
	case $1 in */ed|*/ed!|*/both)
		sign "$s_domain" e1 "$W/keys/sender.seed" ;;
	esac &&
	case $1 in *!) echo 'More.' >>"$T/mail" ;; esac
}

case_send() { # NAME SENDER FROM KEY
	compose "x@$(full "$3")" bo@alpha.example "$1-$round" >"$T/mail"
	signs_as "$4" || return 1
	t_sender=
	[ "$2" = - ] || t_sender=x@$(full "$2")
	receive 192.0.2.2 "$t_sender" bo@alpha.example
	echo "$1 $(echo "$err" | sed -n 's/^< \([2-5]5[0-9]\) .*/\1/p' |
		tail -n 1)" >>"$T/replies"
}

# NAME SPF DKIM DMARC of each message of bo's.
judged() {
	doveadm fetch -u bo@alpha.example hdr mailbox '*' all |
		perl -0777 -ne 'for (split /^hdr:\n/m) {
			s/\r//g;
			s/\n[ \t]+/ /g;
			my ($name) = /^Subject: (\S+)-\d+$/m or next;
			my $all = join " ; ",
			    /^Authentication-Results: (.*)$/mg;
			my @said = map { $all =~ /;\s*$_=(\w+)/ ? $1 : "-" }
			    qw(spf dkim dmarc);
			# OpenDMARC also says what it found itself.
			$said[0] = $1 if $all =~ /;\s*spf=(\w+)[^;]*client-ip/;
			print "$name @said\n";
		}'
}

cases_run() {
	: >"$T/replies"
	cases | while read -r name sender from key said; do
		case_send "$name" "$sender" "$from" "$key" </dev/null ||
			exit 1
	done
}

# Replies and judgements beside what is expected; what differs.
compare() {
	judged | sort >"$T/judged"
	sort "$T/replies" >"$T/replied"
	expected | sort | while read -r name spf dkim dmarc reply; do
		t_reply=$(awk -v n="$name" '$1 == n { print $2 }' "$T/replied")
		t_said=$(awk -v n="$name" '$1 == n { print $2, $3, $4 }' \
			"$T/judged")
		t_wanted="$spf $dkim $dmarc"
		[ "$reply" = 250 ] || t_wanted=
		[ "$t_reply $t_said" = "$reply $t_wanted" ] ||
			echo "$name: $t_reply $t_said, not $reply $t_wanted"
	done
}

all_arrived() {
	[ "$(judged | grep -c .)" -ge "$(grep -c ' 250$' "$T/replies")" ]
}

t "$filter: SPF, DKIM and DMARC of each kind of mail are as the RFCs say" '
	doveadm expunge -u bo@alpha.example mailbox "*" all &&
	cases_run && eventually all_arrived && run compare && empty "$out"'

### What others wrote is not believed

t "$filter: forged results with our name are removed or not believed" '
	compose x@soft.example bo@alpha.example "forged-$round" \
	    "Authentication-Results: $ME; spf=pass; dkim=pass
	header.d=soft.example; dmarc=pass header.from=soft.example" \
	    "Received-SPF: pass (x) client-ip=192.0.2.2;
	envelope-from=x@soft.example;" \
	    "X-Spam: Yes" >"$T/mail" &&
	receive 192.0.2.2 x@soft.example bo@alpha.example && status 0 &&
	eventually arrived "forged-$round" "*" && judged >"$T/judged" &&
	is "$(grep "^forged " "$T/judged")" "forged softfail none fail" &&
	is "$(header bo@alpha.example "forged-$round" authentication-results |
	    grep -c "dkim=pass")" 0'

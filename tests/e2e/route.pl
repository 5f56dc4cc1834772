#!/usr/bin/perl
# What Postfix does with mail to random mail systems: for route.sh.
#
#	route.pl sink FOLDER SPOOL PORT...	takes all mail: delivered
#	route.pl ask FOLDER PORT SUBMISSION SESSIONS	sends it: replies
#	route.pl compare FOLDER			with what route says: routed
#	route.pl back FOLDER			and with route --to: back
#
# route_states.pl has made the systems, and what is asked: messages with a
# number each, which is their subject.  The sink is whoever may get them: every
# port of it is another server, and a client says by its name in HELO which
# service of Postfix it is.  In SPOOL it also is Dovecot, for who logs in and
# how full a mailbox is: any password is right, and no mailbox is full.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use MIME::Base64;

### sink

# The end of a message: a line of the log for each recipient.
sub taken {
	my ($c, $log) = @_;
	my $by = join ':', $c->{helo}, $c->{port}, $c->{login};

	syswrite $log, join '', map { "$c->{number}\t$by\t$_\n" } @{$c->{to}};
	return "250 2.0.0 taken\r\n" x ($c->{lmtp} ? @{$c->{to}} : 1);
}

sub smtp_data {
	my ($c, $line, $log) = @_;

	$c->{number} //= $1 if $line =~ /^Subject: (\d+)$/;
	return '' if $line ne '.';
	$c->{data} = 0;
	return taken($c, $log);
}

# One line of a client; what is sent back.
sub smtp_line {
	my ($c, $line, $log) = @_;

	return smtp_data($c, $line, $log) if $c->{data};
	if ($line =~ /^(LHLO|EHLO) (\S+)/i) {
		$c->{lmtp} = uc $1 eq 'LHLO';
		$c->{helo} = $2;
		return "250-sink.test\r\n250-PIPELINING\r\n" .
		    "250-AUTH PLAIN\r\n250 8BITMIME\r\n";
	} elsif ($line =~ /^AUTH PLAIN (\S+)/i) {
		(undef, $c->{login}) = split /\0/, decode_base64($1);
		return "235 2.7.0 welcome\r\n";
	} elsif ($line =~ /^MAIL FROM:/i) {
		$c->{to} = [];
		$c->{number} = undef;
	} elsif ($line =~ /^RCPT TO:<([^>]*)>/i) {
		push @{$c->{to}}, $1;
	} elsif ($line =~ /^DATA/i) {
		$c->{data} = 1;
		return "354 go on\r\n";
	}
	return $line =~ /^QUIT/i ? "221 bye\r\n" : "250 2.0.0 ok\r\n";
}

# A line of Postfix to Dovecot's auth.
sub auth_line {
	my ($c, $line) = @_;

	my ($verb, $id) = split /\t/, $line;
	return '' if $verb ne 'AUTH';
	my ($response) = $line =~ /\tresp=(\S*)/;
	my (undef, $login) = split /\0/, decode_base64($response);
	return "OK\t$id\tuser=$login\n";
}

# And to its quota-status, where an empty line asks.
sub quota_line { return $_[1] eq '' ? "action=DUNNO\n\n" : '' }

my $auth_greeting = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\n" .
    "CUID\t1\nCOOKIE\t" . '0' x 32 . "\nDONE\n";

sub listen_on {
	my ($place) = @_;
	my $socket = $place =~ m{/} ? IO::Socket::UNIX->new(Listen => 128,
	    Local => $place) : IO::Socket::INET->new(Listen => 128,
	    ReuseAddr => 1, LocalAddr => '127.0.0.1', LocalPort => $place);

	die "$place: $!" if !$socket;
	chmod 0666, $place if $place =~ m{/};
	return $socket;
}

# What has come from a client; false when it has gone.
sub serve {
	my ($s, $c, $log) = @_;
	my $answer = '';

	return 0 if !sysread $s, $c->{buf}, 65536, length $c->{buf};
	$answer .= $c->{line}->($c, $1, $log)
	    while $c->{buf} =~ s/^(.*?)\r?\n//;
	syswrite $s, $answer if length $answer;
	return 1;
}

sub sink {
	my ($folder, $spool, @ports) = @_;
	my ($select, %place, %client) = (IO::Select->new);

	for ((map { { line => \&smtp_line, greeting => "220 sink.test\r\n",
	    port => $_ } } @ports), { line => \&auth_line,
	    greeting => $auth_greeting, port => "$spool/private/auth" },
	    { line => \&quota_line, greeting => '',
	    port => "$spool/private/quota-status" }) {
		my $s = listen_on($_->{port});
		$place{$s} = $_;
		$select->add($s);
	}
	open my $log, '>>', "$folder/delivered" or die;
	while (my @ready = $select->can_read) {
		for my $s (@ready) {
			if (my $place = $place{$s}) {
				my $new = $s->accept or next;
				$client{$new} = { %$place, data => 0,
				    buf => '', login => '', helo => '' };
				$select->add($new);
				syswrite $new, $place->{greeting};
			} elsif (!serve($s, $client{$s}, $log)) {
				$select->remove($s);
				delete $client{$s};
				close $s;
			}
		}
	}
}

### ask

sub reply {
	my ($server) = @_;

	while (defined(my $line = <$server>)) {
		$line =~ s/\r?\n\z//;
		return $line if $line =~ /^\d{3} /;
	}
	die "route.pl: the connection is closed\n";
}

sub command {
	my ($server, @lines) = @_;

	print $server map { "$_\r\n" } @lines;
	$server->flush;
	return reply($server);
}

sub connected {
	my ($port) = @_;
	my $server = IO::Socket::INET->new(PeerPort => $port,
	    PeerAddr => '127.0.0.1') or die "connect: $!";

	reply($server);
	command($server, 'EHLO asker.test') =~ /^250/ or die 'EHLO';
	return $server;
}

# On submission, where each user has a connection.
sub logged_in {
	my ($port, $login) = @_;
	my $server = connected($port);

	command($server, 'AUTH PLAIN ' . encode_base64("\0$login\0x", '')) =~
	    /^235/ or die "AUTH $login";
	return $server;
}

# The replies to MAIL, RCPT and the message; "-" where there is none.
sub ask_once {
	my ($server, $n, $address, $sender) = @_;
	my ($mail, $rcpt, $end) = ('-', '-', '-');

	$mail = command($server, "MAIL FROM:<$sender>");
	return "$n\t$mail\t-\t-\n" if $mail !~ /^250/;
	$rcpt = command($server, "RCPT TO:<$address>");
	if ($rcpt =~ /^250/) {
		command($server, 'DATA') =~ /^354/ or die 'DATA';
		$end = command($server, "Subject: $n", '', $n, '.');
	} else {
		command($server, 'RSET');
	}
	return "$n\t$mail\t$rcpt\t$end\n";
}

# What is busy says so for now, and is asked again: the policy service, and
# who verifies addresses.
sub ask_one {
	my $replies;

	for (1 .. 30) {
		$replies = ask_once(@_);
		last if $replies !~ /\t(451 4[.]3[.]|450 4[.]1[.]1)/;
		sleep 1;
	}
	return $replies;
}

sub ask_some {
	my ($folder, $port, $submission, $part, @asked) = @_;
	my ($server, $used);

	open my $out, '>', "$folder/replies.$part" or die;
	for (@asked) {
		my ($n, $address, $login, $sender) = @$_;
		alarm 300;
		$server = connected($port)
		    if !$server || $used++ % 500 == 499;
		print $out ask_one($login eq '' ? $server :
		    logged_in($submission, $login), $n, $address, $sender);
	}
	close $out or die;
}

sub asked_read {
	my ($folder) = @_;

	open my $file, '<', "$folder/asked" or die;
	return map { chomp; [split /\t/, $_, -1] } <$file>;
}

sub ask {
	my ($folder, $port, $submission, $sessions) = @_;
	my @asked = asked_read($folder);
	my $failed = 0;

	for my $part (0 .. $sessions - 1) {
		my $pid = fork // die;
		next if $pid;
		ask_some($folder, $port, $submission, $part, @asked[grep {
		    $_ % $sessions == $part } 0 .. $#asked]);
		exit 0;
	}
	while (wait > 0) { $failed ||= $? }
	exit($failed ? 1 : 0);
}

### compare

# As route shows it: only a tag keeps its capitals.  Postfix keeps them all
# where no map knows the name, which is that of another server.
sub canonical {
	my ($address) = @_;
	my ($local, $tag, $domain) = $address =~
	    /^([+].*|[^+\@]+)([+][^\@]*)?\@(.*)$/;

	return lc($local) . ($tag // '') . '@' . lc $domain;
}

# What Postfix did: number => reply or recipients.
sub done_read {
	my ($folder) = @_;
	my (%done, %got);

	open my $delivered, '<', "$folder/delivered" or die;
	while (<$delivered>) {
		chomp;
		my ($n, $by, $to) = split /\t/;
		$got{$n}{"$by " . canonical($to)}++;
	}
	for my $part (glob "$folder/replies.*") {
		open my $replies, '<', $part or die;
		while (<$replies>) {
			chomp;
			my ($n, $mail, $rcpt, $end) = split /\t/;
			$done{$n} = $mail !~ /^250/ ? lc $mail :
			    $rcpt !~ /^250/ ? lc $rcpt :
			    $end !~ /^250/ ? lc $end :
			    join ' ', 'to', sort keys %{$got{$n} // {}};
			$done{$n} .= ' twice' if grep { $_ > 1 }
			    values %{$got{$n} // {}};
		}
	}
	return \%done;
}

sub mailbox_of {
	my ($address) = @_;

	return lc($address) =~ s/^([^+\@]+)[+][^\@]*\@/$1\@/r;
}

sub lines_of {
	my ($path) = @_;

	open my $file, '<', $path or die "$path: $!";
	return map { chomp; $_ } <$file>;
}

# Service, port and login of the next hop, as the sink notes it.
sub by {
	my ($hop, $ways) = @_;
	my ($service, $port) = $hop =~ /^([a-z]+):.*:0*(\d+)$/ or die $hop;

	return "$service:$port:" . ($ways->{$hop} // '');
}

# What route says of one message, whose rows these are.
sub said {
	my ($n, $rows, $known) = @_;
	my (%transport, @leaves, @to);
	my $way = $known->{way}{smtp};

	for (@$rows) {
		my ($address, $hop, $step, $key, $result) = @$_;
		if ($step =~ /^(refused|deferred)$/) {
			return lc $result;
		} elsif ($step =~ /^(mailbox|bounce)$/) {
			push @to, "$known->{way}{lmtp} $key";
			my $user = mailbox_of($key);
			my $is = $known->{mailbox}{$user} ? 'mailbox' :
			    'bounce';
			push @{$known->{wrong}}, "$n $address: $step of " .
			    "$key, not $is" if $is ne $step ||
			    ($is eq 'mailbox' && $user ne $result);
		} elsif ($step eq 'transport') {
			$transport{$hop} = by($result, $known->{ways});
		} elsif ($step eq 'way out') {
			$way = by($result, $known->{ways});
		} elsif ($step eq 'external') {
			push @leaves, $key;
		}
	}
	return join ' ', 'to', sort @to,
	    map { ($transport{$_} // $way) . " $_" } @leaves;
}

# Rows of route, in the order of what was asked; number => what it says.
sub said_read {
	my ($folder, $known, @asked) = @_;
	my @rows = map { [split /\t/, $_, -1] } lines_of("$folder/routed");
	my ($at, %said) = 0;

	for (@asked) {
		my ($n, $address) = @$_;
		my $canonical = canonical($address);
		my @its;
		push @its, $rows[$at++]
		    while $at < @rows && $rows[$at][0] eq $canonical;
		$said{$n} = said($n, \@its, $known);
	}
	push @{$known->{wrong}}, "route says more: $rows[$at][0]"
	    if $at < @rows;
	return \%said;
}

# Ports of the sink for mailboxes, and for all others.
sub compare {
	my ($folder, $lmtp, $smtp) = @_;
	my @asked = asked_read($folder);
	my %known = (wrong => [], way => { lmtp => "lmtp:$lmtp:",
	    smtp => "smtp:$smtp:" },
	    mailbox => { map { $_ => 1 } lines_of("$folder/users") },
	    ways => { map { split /\t/, $_, 2 } lines_of("$folder/ways") });
	my $done = done_read($folder);
	my $said = said_read($folder, \%known, @asked);
	my (%kinds, %ways);
	my @wrong = @{$known{wrong}};

	for (@asked) {
		my ($n, $address, $login, $sender) = @$_;
		my $postfix = $done->{$n} // 'no reply';
		my $route = $said->{$n} // 'nothing';

		$kinds{$postfix =~ /^to/ ? 'delivered' :
		    $postfix =~ s/<.*?>//r}++;
		$ways{$1}++ while $postfix =~ /([a-z]+):\d+:[l\d]* /g;
		next if $postfix =~ /^553 /;
		push @wrong, "$n $address from $sender" .
		    ($login ? " by $login" : '') . "\n  Postfix: $postfix\n" .
		    "  route:   $route" if $postfix ne $route;
	}
	print "$kinds{$_} $_\n" for sort keys %kinds;
	print "$ways{$_} recipients by $_\n" for sort keys %ways;
	print scalar(@wrong), " differences\n";
	print "$_\n" for splice @wrong, 0, 40;
}

# Is it a pattern that has the name?
sub has_name {
	my ($pattern, $name) = @_;
	my $any = join '.*', map { quotemeta } split /[*]/, $pattern, -1;

	return $pattern =~ /[*]/ && $name =~ /^$any$/;
}

# Of what reaches a user, route --to lists the name, or what stands for it.
sub back {
	my ($folder) = @_;
	my (%listed, %archive, $n, @missing);

	for (lines_of("$folder/back")) {
		my ($user, $hop) = split /\t/;
		$listed{$user}{$hop} = 1;
	}
	for (lines_of("$folder/routed")) {
		my ($address, undef, $step, $key, $user, $reason) = split /\t/;
		$archive{$address}{mailbox_of(lc $user =~ s/.*, //r)} = 1
		    if ($reason // '') =~ /the last is the archive/;
		# The way back does not list what is only copied.
		next if $step ne 'mailbox' || $archive{$address}{$user};
		my $name = lc $address;
		$n++;
		push @missing, "$address reaches $user\n" unless grep {
		    $listed{$user}{$_} } $name, mailbox_of($name),
		    mailbox_of($name) =~ s/\@/+*\@/r,
		    $name =~ s/.*(\@.*)/$1/r or grep {
		    has_name($_, $name) || has_name($_, mailbox_of($name)) }
		    keys %{$listed{$user}};
	}
	print "$n found, ", scalar @missing, " missing\n", @missing;
}

my %verb = (sink => \&sink, ask => \&ask, compare => \&compare,
    back => \&back);
my $verb = shift // '';
($verb{$verb} // die "usage: route.pl VERB FOLDER ...\n")
    ->(@ARGV);

#!/usr/bin/perl
# Random mail systems, and what Postfix does with mail to them: for route.sh.
#
#	route.pl make FOLDER SEED STATES	states.sql, asked, users
#	route.pl sink FOLDER LMTP SMTP		takes all mail: delivered
#	route.pl ask FOLDER PORT SESSIONS	sends a message each: replies
#	route.pl compare FOLDER			with what route says: routed
#	route.pl back FOLDER			and with route --to: back
#
# A state is some domains of its own with users, aliases of every kind and
# whatever may be odd about them, so that all of them stand in one database
# side by side.  Of each, 20 addresses are asked.  A line of `asked` has its
# number and the address; the sender of the message carries the number.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my $ASKED = 20;

sub any { return $_[int rand @_] }

sub often { return rand() < $_[0] }

### make

# Names with characters that are special somewhere else.
my @odd = ("o'h", '#h', '$m', '&n', '*s', '=e', '?w', '^c', '`b', '{r}',
    '~t', 'x!y', '+p', 'a.b', 'a_b', 'a-b');
my @tags = qw(+t +t+v +zz);
my @users = map { "u$_" } 1 .. 4;
my @aliases = map { "i$_" } 1 .. 6;
my @unknown = map { "n$_" } 1 .. 3;
my @patterns = ('n*', '*2', 'n*1', 'u*', 'i*', '*n*', 'a_*', '*-b', 'u*4',
    '*h', 'e*', 'n2*');

sub domains_make {
	my ($i) = @_;
	my @d = ({ name => "a$i.test", active => often(.92) },
	    { name => "b$i.test", active => often(.75) });
	push @d, { name => "c$i.test", active => often(.9), of => $d[0] };
	push @d, { name => "d$i.test", active => often(.9),
	    of => any(@d[0, 1]) } if often(.5);
	return @d;
}

sub ours {
	my ($d) = @_;

	return $d->{active} && (!$d->{of} || $d->{of}{active});
}

# Where a name stands in a state that has few loops: mail goes up only.
sub rank {
	my ($address) = @_;

	return $address =~ /^i(\d)/ ? $1 : $address =~ /^u(\d)/ ? 10 + $1 :
	    $address =~ /^n/ ? 20 : $address =~ /out.test$/ ? 40 :
	    $address =~ /^\@/ ? 30 : 0;
}

# Postfix takes seconds for each loop, so most states are to have none.
sub destination {
	my ($loops, $from, @rest) = @_;

	for (1 .. 20) {
		my $to = destination_any($from, @rest);
		return $to if $loops || $to eq $from || rank($to) > rank($from);
	}
	return 'e4@x.out.test';
}

# A destination of the alias `from`.
sub destination_any {
	my ($from, $pool, @domains) = @_;
	my $kind = rand;
	my $tag = often(.15) ? any(@tags) : '';
	my $domain = any(@domains)->{name};

	return $from if $kind < .12 && $from !~ /^\@/;
	return any('e1', 'e2', 'e3') . "$tag\@" . any('x', 'y') . ".out.test"
	    if $kind < .32;
	return any(@unknown) . "$tag\@$domain" if $kind < .40;
	if ($kind < .65 && @$pool) {
		my $to = any(@$pool);
		$to =~ s/\@/$tag\@/;
		return $to if $to !~ /^\@|^[+]/;
	}
	return any(@users, @aliases) . "$tag\@$domain";
}

sub aliases_make {
	my (@domains) = @_;
	my (@mails, %rows);
	my $many = 6 + int rand 12;
	my $loops = often(.12);

	for (1 .. $many) {
		my $local = often(.25) ? any(@users) : often(.15) ? any(@odd) :
		    any(@aliases);
		$local .= any(@tags) if often(.15);
		push @mails, "$local\@" . any(@domains)->{name};
	}
	push @mails, map { often(.35) ? "\@$_->{name}" : () } @domains;
	for my $mail (@mails) {
		my $n = often(.6) ? 1 : often(.7) ? 2 : 4;
		my $off = often(.12);

		$rows{$mail}{destination($loops, $mail, \@mails,
		    @domains)} = $off || often(.1) ? 0 : 1 for 1 .. $n;
	}
	return %rows;
}

# What has the names that nobody has: mostly what ends there.
sub patterns_make {
	my ($users, $rows, @domains) = @_;
	my @ends = grep { !$rows->{$_} } sort keys %$users;
	my %patterns;

	for my $d (grep { !$_->{of} && often(.6) } @domains) {
		for (1 .. 1 + int rand 4) {
			my $name = any(@patterns) . "\@$d->{name}";
			for (1 .. any(1, 1, 2, 3)) {
				my $to = @ends && often(.6) ? any(@ends) :
				    often(.1) ? any(@users, @aliases) .
				    "\@$d->{name}" : any('e1', 'e2') .
				    '@x.out.test';
				$to =~ s/\@/any(@tags) . '@'/e if often(.15);
				$patterns{$name}{$to} = often(.85) || 0;
			}
		}
	}
	return %patterns;
}

sub blocks_make {
	my ($rows, @domains) = @_;
	my %blocks;

	for (1 .. any(0, 0, 1, 2, 4)) {
		my $address = often(.3) && %$rows ? any(sort keys %$rows) :
		    any(@users, @aliases, @unknown, @odd) . '@' .
		    any(@domains)->{name};
		$address =~ s/\@/any(@tags) . '@'/e
		    if often(.3) && $address !~ /[+]/;
		$blocks{$address} = 1 if $address !~ /^\@/;
	}
	return sort keys %blocks;
}

# Who may write to an alias: the same for all its rows.
sub writers_make {
	return map { $_ => !/^\@/ && often(.12) ?
	    any('users', 'domain', 'members') : undef } sort @_;
}

# A time that has passed, or one that has not, or none.
sub expires {
	return 'UTC_TIMESTAMP()' if $_[0];
	return often(.1) ? "'2037-01-01'" : 'NULL';
}

# One in some hundred states meets a limit of Postfix's.
sub limit_make {
	my ($i, $rows) = @_;
	my $last = 998 + int rand 5;
	my $domain = "a$i.test";

	if (often(.5)) {
		$rows->{"i7\@$domain"}{"w$_\@x.out.test"} = 1 for 1 .. $last;
		$rows->{"i8\@$domain"}{"i7\@$domain"} = 1;
	} else {
		$rows->{"s$_\@$domain"}{"s" . ($_ + 1) . "\@$domain"} = 1
		    for 1 .. $last;
		$rows->{"i7\@$domain"}{"s1\@$domain"} = 1;
		$rows->{"i8\@$domain"}{"s2\@$domain"} = 1;
	}
}

sub odd_case { return join '', map { often(.4) ? uc : $_ } split //, $_[0] }

sub asked_make {
	my ($users, $rows, @domains) = @_;
	my @known = (sort(grep { !/^\@/ } keys %$rows), sort keys %$users);
	my (@asked, %seen);

	while (@asked < $ASKED) {
		my $kind = rand;
		my $address = $kind < .6 ? any(@known) :
		    $kind < .7 ? any(@unknown, @odd) . '@' .
		    any(@domains)->{name} :
		    $kind < .73 ? 'e1@x.out.test' :
		    any(@users, @aliases, 'i7', 'i8') . '@' .
		    any(@domains)->{name};

		$address =~ s/\@.*/'@' . any(@domains)->{name}/e
		    if often(.15);
		$address =~ s/\@/any(@tags) . '@'/e if often(.3);
		next if $seen{$address}++;
		push @asked, often(.4) ? odd_case($address) : $address;
	}
	return @asked;
}

sub quoted { return "'" . ($_[0] =~ s/'/''/gr) . "'" }

# Some hundred rows a statement.
sub insert {
	my ($file, $table, @rows) = @_;

	while (my @some = splice @rows, 0, 500) {
		print $file "INSERT INTO $table VALUES ", join(",\n",
		    map { '(' . join(', ', @$_) . ')' } @some), ";\n";
	}
}

sub make {
	my ($folder, $seed, $states) = @_;
	my (@targets, @others, @users_rows, @alias_rows, @pattern_rows,
	    @blocks);
	my $n = 0;

	open my $asked, '>', "$folder/asked" or die;
	open my $mailboxes, '>', "$folder/users" or die;
	for my $i (1 .. $states) {
		srand($seed * 1_000_003 + $i);
		my @domains = domains_make($i);
		my %users;
		for my $d (grep { !$_->{of} } @domains) {
			for my $name (@users) {
				$users{"$name\@$d->{name}"} = [often(.8) || 0,
				    often(.85) || 0] if often(.6);
			}
		}
		my %rows = aliases_make(@domains);
		limit_make($i, \%rows) if $i % 200 == 7;
		push @{$_->{of} ? \@others : \@targets}, [quoted($_->{name}),
		    $_->{active} || 0, $_->{of} ? quoted($_->{of}{name}) :
		    'NULL'] for @domains;
		my %writers = writers_make(keys %rows);
		for (sort keys %users) {
			my $expired = often(.06);

			push @users_rows, [quoted($_), "'!'", @{$users{$_}},
			    expires($expired)];
			$users{$_}[0] &&= !$expired;
		}
		for my $mail (sort keys %rows) {
			push @alias_rows, [quoted($mail), quoted($_),
			    $rows{$mail}{$_}, expires(often(.06)),
			    defined $writers{$mail} ?
			    quoted($writers{$mail}) : 'NULL']
			    for sort keys %{$rows{$mail}};
		}
		my %patterns = patterns_make(\%users, \%rows, @domains);
		for my $pattern (sort keys %patterns) {
			my ($local, $domain) = split /\@/, $pattern;
			push @pattern_rows, [quoted($domain), quoted($local),
			    quoted($_), $patterns{$pattern}{$_}]
			    for sort keys %{$patterns{$pattern}};
		}
		push @blocks, map { [quoted($_)] } blocks_make(\%rows,
		    @domains);
		my %live = map { $_->{name} => ours($_) } @domains;
		for (sort keys %users) {
			print $mailboxes "$_\n" if $users{$_}[0] &&
			    $users{$_}[1] && $live{(split /\@/)[1]};
		}
		print $asked $n++, "\t$_\n"
		    for asked_make(\%users, \%rows, @domains);
	}
	open my $sql, '>', "$folder/states.sql" or die;
	print $sql "START TRANSACTION;\n";
	insert($sql, 'domains (domain, active, alias_of)', @targets);
	insert($sql, 'domains (domain, active, alias_of)', @others);
	insert($sql, 'users (email, crypt, active, may_receive, expires)',
	    @users_rows);
	insert($sql, 'aliases (mail, destination, active, expires, writers)',
	    @alias_rows);
	insert($sql, 'patterns (domain, local, destination, active)',
	    @pattern_rows);
	insert($sql, 'blocks (address)', @blocks);
	print $sql "COMMIT;\n";
}

### sink

# One line of a client; what is sent back.
sub sink_line {
	my ($c, $line, $log) = @_;

	if ($c->{data}) {
		return '' if $line ne '.';
		$c->{data} = 0;
		syswrite $log, join '', map { "$c->{kind}\t$c->{from}\t$_\n" }
		    @{$c->{to}};
		return "250 2.0.0 taken\r\n" x
		    ($c->{kind} eq 'lmtp' ? @{$c->{to}} : 1);
	}
	if ($line =~ /^(LHLO|EHLO)/i) {
		return "250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n";
	} elsif ($line =~ /^MAIL FROM:<([^>]*)>/i) {
		$c->{from} = $1;
		$c->{to} = [];
	} elsif ($line =~ /^RCPT TO:<([^>]*)>/i) {
		push @{$c->{to}}, $1;
	} elsif ($line =~ /^DATA/i) {
		$c->{data} = 1;
		return "354 go on\r\n";
	}
	return $line =~ /^QUIT/i ? "221 bye\r\n" : "250 2.0.0 ok\r\n";
}

sub listen_on {
	return IO::Socket::INET->new(Listen => 128, ReuseAddr => 1,
	    LocalAddr => '127.0.0.1', LocalPort => $_[0]) || die "$_[0]: $!";
}

sub sink {
	my ($folder, @ports) = @_;
	my ($select, %kind, %client) = (IO::Select->new);

	for my $kind ('lmtp', 'smtp') {
		my $s = listen_on(shift @ports);
		$kind{$s} = $kind;
		$select->add($s);
	}
	open my $log, '>>', "$folder/delivered" or die;
	while (my @ready = $select->can_read) {
		for my $s (@ready) {
			if ($kind{$s}) {
				my $new = $s->accept or next;
				$client{$new} = { kind => $kind{$s},
				    data => 0, buf => '' };
				$select->add($new);
				syswrite $new, "220 sink.test\r\n";
				next;
			}
			my $c = $client{$s};
			my $answer = '';
			if (!sysread $s, $c->{buf}, 65536,
			    length $c->{buf}) {
				$select->remove($s);
				delete $client{$s};
				close $s;
				next;
			}
			$answer .= sink_line($c, $1, $log)
			    while $c->{buf} =~ s/^(.*?)\r?\n//;
			syswrite $s, $answer if length $answer;
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

sub ask_one {
	my ($server, $n, $address) = @_;
	my ($rcpt, $data, $end);

	print $server "MAIL FROM:<q$n\@asker.test>\r\n",
	    "RCPT TO:<$address>\r\nDATA\r\n";
	$server->flush;
	reply($server) =~ /^250/ or die "route.pl: sender refused\n";
	$rcpt = reply($server);
	$data = reply($server);
	if ($data =~ /^354/) {
		print $server "Subject: $n\r\n\r\n$n\r\n.\r\n";
		$server->flush;
		$end = reply($server);
	} else {
		print $server "RSET\r\n";
		$server->flush;
		reply($server);
	}
	return "$n\t$rcpt\t" . ($end // '-') . "\n";
}

sub ask_some {
	my ($folder, $port, $part, @asked) = @_;
	my $server;

	open my $out, '>', "$folder/replies.$part" or die;
	for my $i (0 .. $#asked) {
		if ($i % 500 == 0) {
			$server = IO::Socket::INET->new(PeerPort => $port,
			    PeerAddr => '127.0.0.1') or die "connect: $!";
			reply($server);
			print $server "EHLO asker.test\r\n";
			$server->flush;
			reply($server);
		}
		alarm 300;
		print $out ask_one($server, @{$asked[$i]});
	}
	close $out or die;
}

sub asked_read {
	my ($folder) = @_;

	open my $file, '<', "$folder/asked" or die;
	return map { chomp; [split /\t/, $_, 2] } <$file>;
}

sub ask {
	my ($folder, $port, $sessions) = @_;
	my @asked = asked_read($folder);
	my $failed = 0;

	for my $part (0 .. $sessions - 1) {
		my $pid = fork // die;
		next if $pid;
		ask_some($folder, $port, $part, @asked[grep {
		    $_ % $sessions == $part } 0 .. $#asked]);
		exit 0;
	}
	while (wait > 0) { $failed ||= $? }
	exit($failed ? 1 : 0);
}

### compare

# As route shows it: a tag keeps its capitals.
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
		my ($kind, $from, $to) = split /\t/;
		my ($n) = $from =~ /^q(\d+)\@/ or die "odd sender: $from";
		$got{$n}{"$kind $to"}++;
	}
	for my $part (glob "$folder/replies.*") {
		open my $replies, '<', $part or die;
		while (<$replies>) {
			chomp;
			my ($n, $rcpt, $end) = split /\t/;
			$done{$n} = $rcpt !~ /^250/ ? lc $rcpt :
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

# What route says: address => the same; and whether a mailbox is one.
sub said_read {
	my ($folder, $wrong) = @_;
	my (%said, %to, %mailbox);

	open my $users, '<', "$folder/users" or die;
	while (<$users>) { chomp; $mailbox{$_} = 1 }
	open my $routed, '<', "$folder/routed" or die;
	while (<$routed>) {
		chomp;
		my ($address, $step, $key, $result) = split /\t/;
		if ($step =~ /^(refused|deferred)$/) {
			$said{$address} = lc $result;
		} elsif ($step =~ /^(mailbox|bounce)$/) {
			push @{$to{$address}}, "lmtp $key";
			my $user = mailbox_of($key);
			my $is = $mailbox{$user} ? 'mailbox' : 'bounce';
			push @$wrong, "$address: $step of $key, not $is"
			    if $is ne $step || ($is eq 'mailbox' &&
			    $user ne $result);
		} elsif ($step eq 'external') {
			push @{$to{$address}}, "smtp $key";
		}
	}
	$said{$_} = join ' ', 'to', sort @{$to{$_}} for keys %to;
	return \%said;
}

sub compare {
	my ($folder) = @_;
	my @wrong;
	my $done = done_read($folder);
	my $said = said_read($folder, \@wrong);
	my %kinds;

	for (asked_read($folder)) {
		my ($n, $address) = @$_;
		my $postfix = $done->{$n} // 'no reply';
		my $route = $said->{canonical($address)} // 'nothing';

		$kinds{$postfix =~ /^to/ ? 'delivered' :
		    $postfix =~ s/<.*>//r}++;
		push @wrong, "$n $address\n  Postfix: $postfix\n" .
		    "  route:   $route" if $postfix ne $route;
	}
	print "$kinds{$_} $_\n" for sort keys %kinds;
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
	my (%listed, $n, @missing);

	open my $back, '<', "$folder/back" or die;
	while (<$back>) {
		chomp;
		my ($user, $hop) = split /\t/;
		$listed{$user}{$hop} = 1;
	}
	open my $routed, '<', "$folder/routed" or die;
	while (<$routed>) {
		chomp;
		my ($address, $step, $key, $user) = split /\t/;
		next if $step ne 'mailbox';
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

my %verb = (make => \&make, sink => \&sink, ask => \&ask,
    compare => \&compare, back => \&back);
my $verb = shift // '';
($verb{$verb} // die "usage: route.pl VERB FOLDER ...\n")
    ->(@ARGV);

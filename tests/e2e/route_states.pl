#!/usr/bin/perl
# Random mail systems and what is asked about them: for route.sh.
#
#	route_states.pl FOLDER SEED STATES RELAY RELAY LMTP SMTP WAY WAY
#
# Writes into FOLDER: states.sql; asked, a line for each message with its
# number, address, login and sender; users, whose mailboxes take mail; batch,
# the same questions for mailadm; ways, with the login of each way out.
#
# A state is some domains of its own with users, aliases of every kind and
# whatever may be odd about them, so that all of them stand in one database
# side by side.  Of each, 20 addresses are asked.  The ports are those of our
# sink; every second seed has a way out named default.
use strict;
use warnings;

my $ASKED = 20;
my ($folder, $seed, $states, @ports) = @ARGV;
@ports == 6 or die "usage: route_states.pl FOLDER SEED STATES PORT x 6\n";
my @relay_ports = @ports[0, 1];
my ($lmtp, $smtp, @way_ports) = @ports[2 .. 5];

sub any { return $_[int rand @_] }

sub often { return rand() < $_[0] }

# Names with characters that are special somewhere else.
my @odd = ("o'h", '#h', '$m', '&n', '*s', '=e', '?w', '^c', '`b', '{r}',
    '~t', 'x!y', '+p', 'a.b', 'a_b', 'a-b');
my @tags = qw(+t +t+v +zz);
my @users = map { "u$_" } 1 .. 4;
my @aliases = map { "i$_" } 1 .. 6;
my @unknown = map { "n$_" } 1 .. 3;
my @patterns = ('n*', '*2', 'n*1', 'u*', 'i*', '*n*', 'a_*', '*-b', 'u*4',
    '*h', 'e*', 'n2*');
my @ways = qw(w1 w2 w3 w4);

### Domains

sub relay_domain {
	my ($i) = @_;

	return { name => "r$i.test", active => often(.85),
	    relay => '[127.0.0.1]:' . any(@relay_ports),
	    accepts => any(undef, undef, 'all', 'verify', 'verify') };
}

# a and b are ours, r is passed on, c and d have the names of others.
sub domains_make {
	my ($i) = @_;
	my @d = ({ name => "a$i.test", active => often(.92) },
	    { name => "b$i.test", active => often(.75) });
	push @d, relay_domain($i) if often(.6);
	push @d, { name => "c$i.test", active => often(.9), of => $d[0] };
	push @d, { name => "d$i.test", active => often(.9),
	    of => any(@d[0, 1], often(.2) ? $d[2] : $d[0]) } if often(.5);
	$d[-1]{of} = $d[0] if $d[-1]{of} && $d[-1]{of}{of};
	for my $d (@d) {
		$d->{way} = any(@ways) if often(.2);
		$d->{transport} = any("lmtp:inet:127.0.0.1:$lmtp",
		    "smtp:[127.0.0.1]:$smtp", "relay:[127.0.0.1]:$smtp")
		    if often(.1);
	}
	return @d;
}

sub ours {
	my ($d) = @_;

	return $d->{active} && (!$d->{of} || $d->{of}{active});
}

# Has users of its own.
sub has_users { return !$_[0]{of} && !$_[0]{relay} }

# What the servers of relay domains are known to have.
sub recipients_make {
	my (@domains) = @_;
	my %recipients;

	for my $d (grep { $_->{relay} } @domains) {
		for (@users, @aliases, @unknown, @odd) {
			$recipients{"$_\@$d->{name}"} = 1
			    if often(/^[ui]/ ? .4 : .2);
		}
	}
	return sort keys %recipients;
}

### Aliases

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

# Who gets copies: users, and what the lookups have to leave out.
sub archive {
	return often(.2) ? lc destination_any('@', [], @_) : undef;
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
	return map { $_ => !/^\@/ && often(.2) ?
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

### What is asked

sub odd_case { return join '', map { often(.4) ? uc : $_ } split //, $_[0] }

# No two states ask about the same address.
sub asked_make {
	my ($i, $users, $rows, @domains) = @_;
	my @known = (sort(grep { !/^\@/ } keys %$rows), sort keys %$users);
	my (@asked, %seen);

	while (@asked < $ASKED) {
		my $kind = rand;
		my $address = $kind < .6 ? any(@known) :
		    $kind < .7 ? any(@unknown, @odd) . '@' .
		    any(@domains)->{name} :
		    $kind < .75 ? "e1\@x$i.out.test" :
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

# One of the names of a user: their own, with a tag, in an alias domain.
sub name_of {
	my ($user, @domains) = @_;
	my ($local, $domain) = split /\@/, $user;
	my @same = grep { $_->{of} && $_->{of}{name} eq $domain &&
	    $_->{active} } @domains;

	$domain = any(@same)->{name} if @same && often(.25);
	$local .= any(@tags) if often(.25);
	return often(.2) ? odd_case("$local\@$domain") : "$local\@$domain";
}

# The login and the sender of a message.  Whoever has none writes from
# outside, by a name of theirs or by one that no user who may send has.
sub sender_make {
	my ($n, $senders, $users, @domains) = @_;
	my @others = grep { !$senders->{$_} } sort keys %$users;
	my @logins = sort keys %$senders;

	if (@logins && often(.3)) {
		my $login = any(@logins);
		return $login, name_of($login, @domains);
	}
	return '', "q$n\@asker.test" if often(.55);
	return '', '' if often(.1);
	return '', name_of(any(@others), @domains) if @others && often(.3);
	return '', any(@unknown, @aliases) . '@' . any(@domains)->{name};
}

### Writing it

sub quoted { return defined $_[0] ? "'" . ($_[0] =~ s/'/''/gr) . "'" : 'NULL' }

# For a line of mailadm: every character that may mean something.
sub word { return $_[0] =~ s/([^a-zA-Z0-9.\@_-])/\\$1/gr }

# Some hundred rows a statement.
sub insert {
	my ($file, $table, @rows) = @_;

	while (my @some = splice @rows, 0, 500) {
		print $file "INSERT INTO $table VALUES ", join(",\n",
		    map { '(' . join(', ', @$_) . ')' } @some), ";\n";
	}
}

# Two logins at one server and port; a server that wants none.
sub relays_make {
	my @relays = (['w1', $way_ports[0], 'l1', 0],
	    ['w2', $way_ports[0], 'l2', 1], ['w3', $way_ports[1], undef, 0],
	    ['w4', $way_ports[1], 'l4', 1]);

	push @relays, ['default', $way_ports[1], 'l5', 2] if $seed % 2;
	return @relays;
}

sub ways_write {
	my ($sql, @relays) = @_;

	open my $ways, '>', "$folder/ways" or die;
	print $ways "wayout:[127.0.0.1]:", '0' x $_->[3], $_->[1], "\t",
	    $_->[2] // '', "\n" for @relays;
	insert($sql, 'relays (name, host, port, login, pad)', map {
	    [quoted($_->[0]), quoted('127.0.0.1'), $_->[1], quoted($_->[2]),
	    $_->[3]] } @relays);
	insert($sql, 'relay_secrets (name, secret)', map { [quoted($_->[0]),
	    quoted("of-$_->[2]")] } grep { $_->[2] } @relays);
}

# The rows of each table, in the order in which they must come.
my %tables = map { $_ => [] } qw(targets others users aliases recipients
    patterns blocks);

sub users_rows {
	my (%users) = @_;

	for (sort keys %users) {
		my $u = $users{$_};
		push @{$tables{users}}, [quoted($_), "'!'", $u->{active},
		    $u->{receives}, $u->{sends}, expires($u->{expired}),
		    quoted($u->{way}), quoted($u->{archive})];
	}
}

sub users_make {
	my (@domains) = @_;
	my %users;

	for my $d (grep { has_users($_) } @domains) {
		for my $name (@users) {
			$users{"$name\@$d->{name}"} = {
			    active => often(.8) || 0,
			    receives => often(.85) || 0,
			    sends => often(.85) || 0,
			    expired => often(.06),
			    way => often(.2) ? any(@ways) : undef,
			    archive => archive(@domains),
			    domain => $d } if often(.6);
		}
	}
	return %users;
}

sub aliases_rows {
	my (%rows) = @_;
	my %writers = writers_make(keys %rows);

	for my $mail (sort keys %rows) {
		push @{$tables{aliases}}, [quoted($mail), quoted($_),
		    $rows{$mail}{$_}, expires(often(.06)),
		    quoted($writers{$mail})] for sort keys %{$rows{$mail}};
	}
}

sub patterns_rows {
	my (%patterns) = @_;

	for my $pattern (sort keys %patterns) {
		my ($local, $domain) = split /\@/, $pattern;
		push @{$tables{patterns}}, [quoted($domain), quoted($local),
		    quoted($_), $patterns{$pattern}{$_}]
		    for sort keys %{$patterns{$pattern}};
	}
}

sub domains_rows {
	push @{$tables{$_->{of} ? 'others' : 'targets'}}, [quoted($_->{name}),
	    $_->{active} || 0, $_->{of} ? quoted($_->{of}{name}) : 'NULL',
	    quoted($_->{relay}), quoted($_->{accepts}),
	    quoted($_->{transport}), quoted($_->{way}),
	    quoted(archive(grep { !$_->{of} } @_))] for @_;
}

open my $asked, '>', "$folder/asked" or die;
open my $batch, '>', "$folder/batch" or die;
open my $mailboxes, '>', "$folder/users" or die;
my $n = 0;

sub state_make {
	my ($i) = @_;
	my @domains = domains_make($i);
	my %users = users_make(@domains);
	my %rows = aliases_make(@domains);

	limit_make($i, \%rows) if $i % 200 == 7;
	domains_rows(@domains);
	users_rows(%users);
	aliases_rows(%rows);
	patterns_rows(patterns_make(\%users, \%rows, @domains));
	push @{$tables{blocks}}, map { [quoted($_)] } blocks_make(\%rows,
	    @domains);
	push @{$tables{recipients}}, map { [quoted($_)] }
	    recipients_make(@domains);

	my %on = map { $_ => 1 } grep { $users{$_}{active} &&
	    !$users{$_}{expired} && $users{$_}{domain}{active} } keys %users;
	print $mailboxes "$_\n"
	    for sort grep { $users{$_}{receives} } keys %on;
	my %senders = map { $_ => 1 } grep { $users{$_}{sends} } keys %on;
	for (asked_make($i, \%users, \%rows, @domains)) {
		my ($login, $sender) = sender_make($n, \%senders, \%users,
		    @domains);
		print $asked join("\t", $n++, $_, $login, $sender), "\n";
		print $batch 'route ', word($_), $sender eq '' ? '' :
		    ' --from ' . word($sender), "\n";
	}
}

for my $i (1 .. $states) {
	srand($seed * 1_000_003 + $i);
	state_make($i);
}
open my $sql, '>', "$folder/states.sql" or die;
my $domain = 'domains (domain, active, alias_of, relay_to, accepts, ' .
    'transport, send_through, bcc_in)';
print $sql "START TRANSACTION;\n";
ways_write($sql, relays_make());
insert($sql, $domain, @{$tables{targets}});
insert($sql, $domain, @{$tables{others}});
insert($sql, 'users (email, crypt, active, may_receive, may_send, expires, ' .
    'send_through, bcc_in)', @{$tables{users}});
insert($sql, 'aliases (mail, destination, active, expires, writers)',
    @{$tables{aliases}});
insert($sql, 'recipients (address)', @{$tables{recipients}});
insert($sql, 'patterns (domain, local, destination, active)',
    @{$tables{patterns}});
insert($sql, 'blocks (address)', @{$tables{blocks}});
print $sql "COMMIT;\n";

#!/usr/bin/perl
# The table of faults in DNS: perl dns_world.pl WHAT FAULTS ARG...
#
#   domains                     their names, and hosts those of servers with
#   hosts                       the addresses that are set
#   sql                         what the faults change in the database
#   zone FOLDER NAME=VALUE...   writes the zones, with the records of dns show
#                               on standard input and words that stand for a
#                               value
#   judge                       for each domain or server what is wrong with
#                               the findings on standard input, behind a tab
use strict;
use warnings;

my ($what, $faults, @rest) = @ARGV;
my @zones = qw(not-signed.example.net false-ds.example.net
    false-signature.example.net large-answer.example.net example.net
    example.org example.com);
my (@rows, $row);
open my $in, '<', $faults or die "$faults: $!\n";
while (<$in>) {
	chomp;
	if (/^([a-z0-9.-]+): (?:-|(\w+ \w+) ?(.*?))(?: \[.*\])?$/) {
		$row = { name => $1, edits => [], want =>
		    defined $2 ? [[$2, $3]] : [] };
		push @rows, $row;
	} elsif (/^\t> (\w+ \w+) ?(.*)/) {
		push @{$row->{want}}, [$1, $2];
	} elsif (/^\ta (.*)/) {
		$row->{addresses} = [split / /, $1];
	} elsif (/^\t! (.*)/) {
		$row->{sql} = $1;
	} elsif (/^\t([-+=]) (\S+) (\S+) ?(.*)/) {
		push @{$row->{edits}}, [$1, $2, $3, $4];
	} elsif (/^[^#]/) {
		die "$faults:$.: not understood\n";
	}
}

sub domain_of {
	my ($row) = @_;
	return "$row->{name}.example." . ($row->{name} =~ /\.not-signed$/ ||
	    !$row->{addresses} ? 'net' : 'org');
}

sub reverse_of {
	my ($address) = @_;
	return join('.', reverse split /\./, $address) . '.in-addr.arpa.'
	    unless $address =~ /:/;
	my ($head, $tail) = map { join '', map { sprintf '%04s', $_ }
	    split /:/ } split /::/, $address;
	return join('.', reverse split //, $head . '0' x (32 - length $head .
	    $tail) . $tail) . '.ip6.arpa.';
}

### the zones

my @records;	# [NAME TYPE DATA], with a final dot

sub apply {
	my ($row) = @_;
	my $domain = domain_of($row);
	for (@{$row->{edits}}) {
		my ($how, $name, $type, $data) = @$_;
		$name = $name eq '@' ? "$domain." : $name =~ /\.$/ ? $name :
		    "$name.$domain.";
		@records = grep { $_->[0] ne $name || $_->[1] ne $type }
		    @records if $how ne '+';
		push @records, [$name, $type, $data] if $how ne '-';
	}
}

sub server_of {
	my ($row) = @_;
	my $name = domain_of($row) . '.';
	my @spf;
	for (@{$row->{addresses}}) {
		my ($alone, $address) = /(<?)(.*)/;
		my $six = $address =~ /:/;
		push @records, [$name, $six ? 'AAAA' : 'A', $address]
		    unless $alone;
		push @records, [reverse_of($address), 'PTR', $name];
		push @spf, ($six ? 'ip6:' : 'ip4:') . $address;
	}
	push @records, [$name, 'TXT', "\"v=spf1 @spf -all\""];
}

# TXT records of so many bytes, with what each of them needs in a message.
sub filled {
	my ($name, $bytes) = @_;
	my $n = 0;
	while ($bytes > 0) {
		my $now = $bytes > 8000 ? 4000 : $bytes;
		my ($text, $left) = ('', $now - 12);
		$bytes -= $now;
		while ($left > 0) {
			my $len = $left > 256 ? 200 : $left;
			my $number = sprintf '%04d', $n++;
			$text .= sprintf '"%s" ', substr $number . 'x' x 256,
			    0, $len - 1;
			$left -= $len;
		}
		push @records, [$name, 'TXT', $text];
	}
}

# The largest answer there is: header, question, and the OPT of its end.
sub fill {
	my ($record) = @_;
	my ($name, $data) = ($record->[0], $record->[2]);
	my $fixed = 12 + length($name) + 1 + 4 + 11;
	my ($spf) = grep { $_->[0] eq $name && $_->[2] =~ /spf1/ } @records;
	@records = grep { $_ ne $record } @records;
	filled($name, $data eq '"LONG"' ? 4000 : 65535 - $fixed - 12 - 1 -
	    length('v=spf1 mx ~all'));
}

sub zone_of {
	my ($name) = @_;
	for my $zone (@zones) {
		return $zone if $name =~ /(^|\.)\Q$zone\E\.$/;
	}
	return 'root';
}

sub write_zones {
	my ($folder, @values) = @_;
	# example.com is served as it is shown.
	my $line = qr/^(?:;   (?=\S*(?:arpa|_25)))?(\S+) 3600 IN (\S+) (.*)/;
	while (<STDIN>) {
		push @records, [$1, $2, $3] if /$line/ &&
		    $1 !~ /\bexample\.com\.$/;
	}
	for my $row (@rows) {
		server_of($row) if $row->{addresses};
		apply($row);
	}
	my @short = grep { $_->[2] =~ /^"(LONG|LARGE)"$/ } @records;
	fill($_) for @short;
	my %seen;
	for (@records) {
		my ($name, $type, $data) = @$_;
		for my $value (@values) {
			my ($word, $by) = split /=/, $value, 2;
			$data =~ s/\b$word\b/$by/g;
		}
		my $zone = zone_of($name);
		open my $out, '>>', "$folder/$zone.zone" or die "$zone: $!\n";
		print $out "$name 60 IN $type $data\n";
		close $out;
	}
}

### the findings

sub judge {
	my %found;
	while (<STDIN>) {
		chomp;
		my ($rule, $severity, $name, $text) = split /\t/;
		push @{$found{$name}}, ["$rule $severity", $text];
	}
	for my $row (@rows) {
		my $domain = domain_of($row);
		my @found = @{delete $found{$domain} // []};
		next if $row->{addresses};
		my @wrong;
		for my $want (@{$row->{want}}) {
			my ($hit) = grep { $_->[0] eq $want->[0] &&
			    index($_->[1], $want->[1]) >= 0 } @found;
			push @wrong, "not found: @$want" unless $hit;
			@found = grep { !$hit || $_ ne $hit } @found;
		}
		push @wrong, map { "found: @$_" } @found;
		my ($title) = map { "$row->{name}: $_" } @{$row->{want}} ?
		    "@{$row->{want}[0]}" : 'nothing is wrong';
		print "$title\t", join('; ', @wrong), "\n";
	}
	print "nothing else is found\t", join(' ', keys %found), "\n";
}

if ($what eq 'domains') {
	print map { domain_of($_) . "\n" } grep { !$_->{addresses} } @rows;
} elsif ($what eq 'hosts') {
	for my $row (grep { $_->{addresses} } @rows) {
		print join("\t", domain_of($row), join(' ', map { s/<//r }
		    @{$row->{addresses}}), $row->{name}, @{$row->{want}} ?
		    @{$row->{want}[0]} : ('', '')), "\n";
	}
} elsif ($what eq 'sql') {
	for my $row (grep { $_->{sql} } @rows) {
		my $domain = domain_of($row);
		print $row->{sql} =~ s/\$d/$domain/gr, ";\n";
	}
} elsif ($what eq 'zone') {
	write_zones(@rest);
} else {
	judge();
}

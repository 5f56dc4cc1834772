#!/usr/bin/perl
# A name server on loopback: perl dns.pl ADDRESS ZONE READY [PORT]
#
# ZONE is read at each question: lines "NAME TYPE DATA", of the types below
# with their data as in a zone file, but names without the final dot and TXT
# as the bare text, or SILENT (no answer) and SERVFAIL without data.  STRINGS
# is a TXT of several strings, with a | between them.  A name that is not there
# does not exist; *.NAME is a wildcard.  "TXT TOGETHER N": what asks for a TXT
# waits until N names were asked for.  READY is made when it listens.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(inet_pton AF_INET6);

my ($address, $zone, $ready, $port) = @ARGV;
my %types = (A => 1, NS => 2, CNAME => 5, PTR => 12, MX => 15, TXT => 16,
    STRINGS => 16, AAAA => 28, SRV => 33, DS => 43, TLSA => 52);
my $socket = IO::Socket::INET->new(LocalAddr => $address,
    LocalPort => $port // 53,
    Proto => 'udp') or die "$address: $!\n";

sub wire {
	my ($name) = @_;
	return join('', map { chr(length) . $_ } split /\./, $name) . "\0";
}

# The fields of a record, of which the last is a name or hexadecimal digits.
sub fields {
	my ($format, $text) = @_;
	my @field = split / /, $text;
	my $last = pop @field;

	return pack($format, @field) . ($format =~ /C/ ? pack('H*', $last) :
	    wire($last eq '.' ? '' : $last));
}

sub data {
	my ($type, $text) = @_;
	return inet_aton($text) if $type eq 'A';
	return inet_pton(AF_INET6, $text) if $type eq 'AAAA';
	return fields('n', $text) if $type eq 'MX';
	return fields('n3', $text) if $type eq 'SRV';
	return fields('nCC', $text) if $type eq 'DS';
	return fields('CCC', $text) if $type eq 'TLSA';
	return wire($text) if $type !~ /^(TXT|STRINGS)$/;
	return join '', map { chr(length) . $_ } $type eq 'TXT' ?
	    $text =~ /.{1,255}/gs : split /\|/, $text, -1;
}

sub record {
	my ($type, $data) = @_;
	return pack 'n n n N n/a*', 0xc00c, $type, 1, 1, $data;
}

sub answer {
	my ($name, $type) = @_;
	my @answer = look($name, $type);

	# The wildcard of the next name above that exists, or nothing.
	while (@answer && $answer[0] == 3 && $name =~ s/^[^.]+\.//) {
		@answer = look("*.$name", $type);
		last if (look($name, $type))[0] != 3;
	}
	return @answer;
}

sub look {
	my ($name, $type) = @_;
	my ($code, @records) = (3);
	open my $in, '<', $zone or die "$zone: $!\n";
	while (<$in>) {
		chomp;
		my ($at, $kind, $text) = split / /, $_, 3;
		next unless defined $kind;
		return if $at eq $name && $kind eq 'SILENT';
		return (2) if $at eq $name && $kind eq 'SERVFAIL';
		$code = 0 if $at eq $name || $at =~ /\.\Q$name\E$/;
		next unless $at eq $name && $types{$kind};
		push @records, record($types{$kind}, data($kind, $text))
		    if $types{$kind} == $type || $kind eq 'CNAME';
	}
	return ($code, @records);
}

# How many questions of that type wait for each other.
sub together {
	my ($type) = @_;
	open my $in, '<', $zone or die "$zone: $!\n";
	my ($n) = map { /^(\w+) TOGETHER (\d+)$/ && ($types{$1} // 0) == $type ?
	    $2 : () } <$in>;
	return $n // 0;
}

sub reply {
	my ($query, $from, $name, $type) = @_;
	my ($code, @records) = answer($name, $type) or return;
	my @soa = @records || $code == 2 ? () : (record(6, wire('ns') .
	    wire('admin') . pack 'N5', 1, 1, 1, 1, 1));
	$socket->send(pack('n6', unpack('n', $query), 0x8480 | $code, 1,
	    scalar @records, scalar @soa, 0) .
	    substr($query, 12, 4 + length wire($name)) .
	    join('', @records, @soa), 0, $from);
}

my (%asked, @waiting);
open my $out, '>', $ready or die "$ready: $!\n";
close $out;
while (defined(my $from = $socket->recv(my $query, 4096))) {
	my ($at, @labels) = (12);
	while ((my $len = ord substr $query, $at, 1) > 0) {
		push @labels, lc substr $query, $at + 1, $len;
		$at += $len + 1;
	}
	my $type = unpack 'n', substr $query, $at + 1, 2;
	my $name = join '.', @labels;
	$asked{"$type $name"} = 1;
	push @waiting, [$query, $from, $name, $type];
	next if grep(/^$type /, keys %asked) < together($type);
	for my $question (splice @waiting) {
		reply(@$question);
	}
}

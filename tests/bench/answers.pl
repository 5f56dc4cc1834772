#!/usr/bin/perl
# A resolver that has the same for each domain: perl answers.pl PORT MS READY
#
# On 127.0.0.1; each answer goes out so many milliseconds after its question,
# however many there are.  READY is made when it listens.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

my ($port, $delay, $ready) = @ARGV;
my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
    LocalPort => $port, Proto => 'udp', ReuseAddr => 1) or die "$port: $!\n";
setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 4 << 20;
my $select = IO::Select->new($socket);
my $host = wire('mx.example.org');

sub wire {
	return join('', map { chr(length) . $_ } split /\./, $_[0]) . "\0";
}

sub text {
	return pack "C/a*", $_[0];
}

# The types that every name has, and what depends on the name.
my %always = (15 => pack('n', 10) . $host, 12 => $host);
my %ports = (_imaps => 993, _submissions => 465, _submission => 587);

sub data {
	my ($labels, $type) = @_;
	my $first = $labels->[0] // '';
	return $always{$type} if $always{$type};
	return inet_aton('203.0.113.7') if $type == 1 && $first eq 'mx';
	return pack('n3', 0, 1, $ports{$first}) . $host
	    if $type == 33 && $ports{$first};
	return if $type != 16;
	return text('v=DMARC1; p=reject; rua=mailto:d@' .
	    join '.', @$labels[1 .. $#$labels]) if $first eq '_dmarc';
	return text("v=spf1 mx -all") if $first !~ /^_/;
	return;
}

sub answer {
	my ($query) = @_;
	my ($at, @labels) = (12);
	while ((my $len = ord substr $query, $at, 1) > 0) {
		push @labels, lc substr $query, $at + 1, $len;
		$at += $len + 1;
	}
	my $type = unpack 'n', substr $query, $at + 1, 2;
	my $data = data(\@labels, $type);
	my $records = defined $data ? pack('n n n N n/a*', 0xc00c, $type, 1,
	    300, $data) : pack('C n n N n/a*', 0, 6, 1, 300, wire('ns') .
	    wire('admin') . pack 'N5', 1, 1, 1, 1, 300);
	return pack('n6', unpack('n', $query), 0x8180, 1, defined $data || 0,
	    defined $data ? 0 : 1, 0) . substr($query, 12, $at - 7) . $records;
}

my @waiting;	# [when, answer, to whom]
open my $out, '>', $ready or die "$ready: $!\n";
close $out;
while () {
	my $wait = @waiting ? $waiting[0][0] - time : 60;
	if ($wait > 0 && $select->can_read($wait)) {
		my $from = $socket->recv(my $query, 4096);
		push @waiting, [time + $delay / 1000, answer($query), $from];
	}
	while (@waiting && $waiting[0][0] <= time) {
		my ($when, $answer, $to) = @{shift @waiting};
		$socket->send($answer, 0, $to);
	}
}

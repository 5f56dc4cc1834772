#!/usr/bin/perl
# A resolver that is not honest: perl relay.pl ADDRESS@PORT SERVER@PORT CHANGE
#
# It asks the server, and changes the answer: "proved" says that DNSSEC proves
# it, and ADDRESS=ADDRESS puts the second address for the first.
use strict;
use warnings;
use IO::Socket::INET;

my ($at, $server, $change) = @ARGV;
my ($address, $port) = split /@/, $at;
my ($peer, $peer_port) = split /@/, $server;
my $socket = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port,
    Proto => 'udp') or die "$at: $!\n";
my $asked = IO::Socket::INET->new(PeerAddr => $peer, PeerPort => $peer_port,
    Proto => 'udp') or die "$server: $!\n";
my ($from, $to) = map { inet_aton($_) } $change =~ /(.*)=(.*)/;

while (defined(my $client = $socket->recv(my $query, 4096))) {
	$asked->send($query);
	$asked->recv(my $answer, 65535);
	$answer =~ s/\Q$from\E/$to/g if defined $from;
	substr($answer, 3, 1) |= "\x20" if $change eq 'proved';
	$socket->send($answer, 0, $client);
}

#!/usr/bin/perl
# Asks a DNS server once: perl ask.pl ADDRESS@PORT NAME TYPE [tcp]
#
# Says the code of the answer, its size, and how many records it has; nothing
# when none comes within a second.
use strict;
use warnings;
use IO::Socket::INET;

my ($at, $name, $type, $tcp) = @ARGV;
my %types = (NS => 2, SOA => 6, MX => 15, TXT => 16);
my ($address, $port) = split /@/, $at;
my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port,
    Proto => $tcp // 'udp', Timeout => 1) or exit;
my $query = pack('n6', 7, 0x100, 1, 0, 0, 1) .
    join('', map { chr(length) . $_ } split /\./, $name) .
    pack('Cn2 Cn2Nn', 0, $types{$type}, 1, 0, 41, 1232, 0, 0);
local $SIG{ALRM} = sub { exit };
alarm 1;
if ($tcp) {
	my ($size, $answer) = ('', '');
	$socket->syswrite(pack('n/a*', $query));
	read($socket, $size, 2) == 2 or exit;
	read($socket, $answer, unpack 'n', $size);
	print unpack('x3C', $answer) & 15, ' ', length $answer, ' ',
	    unpack('x6n', $answer), "\n";
	exit;
}
$socket->send($query);
defined $socket->recv(my $answer, 65535) or exit;
print unpack('x3C', $answer) & 15, ' ', length $answer, ' ',
    unpack('x6n', $answer), "\n";

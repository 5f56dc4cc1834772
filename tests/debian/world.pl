#!/usr/bin/perl
# The world of tests/debian/mail.sh beside the mail server: world.pl WHAT
#
#	dns		answers on UDP port 53 of 192.0.2.2: the mail server
#			is 192.0.2.1, all of sender.test and outside.test is
#			192.0.2.2, and nothing else exists
#	log FILE	takes what is sent to /dev/log into FILE
#	talk PORT LINE...
#			a session in clear with the mail server: prints the
#			last line of each reply, the greeting's first
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::UNIX;

my %run = (dns => \&dns, log => \&log_lines, talk => \&talk);
my $what = shift // '';
($run{$what} or die "usage: world.pl dns|log FILE|talk PORT LINE...\n")->();

sub dns {
	my $socket = IO::Socket::INET->new(Proto => 'udp', LocalPort => 53,
	    LocalAddr => '192.0.2.2') or die "dns: $!\n";
	while (defined(my $from = $socket->recv(my $query, 512))) {
		$socket->send(dns_answer($query), 0, $from);
	}
}

# One question, and at most one record in the answer.
sub dns_answer {
	my ($query) = @_;
	my ($id) = unpack 'n', $query;
	my ($name, $at) = dns_name($query);
	my ($type) = unpack 'n', substr($query, $at, 2);
	my ($exists, $data) = dns_data($name, $type);
	my $answer = defined $data ?
	    pack('n n n N n/a', 0xc00c, $type, 1, 60, $data) : '';

	return pack('n6', $id, $exists ? 0x8580 : 0x8583, 1,
	    $answer ne '' ? 1 : 0, 0, 0) .
	    substr($query, 12, $at + 4 - 12) . $answer;
}

sub dns_name {
	my ($query) = @_;
	my ($at, @labels) = (12);

	while (my $length = ord substr($query, $at, 1)) {
		push @labels, lc substr($query, $at + 1, $length);
		$at += $length + 1;
	}
	return (join('.', @labels), $at + 1);
}

sub dns_wire {
	return join('', map { pack 'C/a', $_ } split /\./, $_[0]) . "\0";
}

# Whether the name exists, and its record of that type: A, PTR or MX.
sub dns_data {
	my ($name, $type) = @_;

	if ($name =~ /^(\d+)\.2\.0\.192\.in-addr\.arpa$/) {
		my $host = $1 == 1 ? 'mail.example.test' : 'client.sender.test';
		return (1, $type == 12 ? dns_wire($host) : undef);
	}
	my $address = $name eq 'mail.example.test' ? "\300\0\2\1" :
	    $name =~ /(^|\.)(sender|outside)\.test$/ ? "\300\0\2\2" : undef;
	return (0) if !defined $address;
	return (1, $address) if $type == 1;
	return (1, pack('n', 10) . dns_wire("mx.$name"))
	    if $type == 15 && $name =~ /^(sender|outside)\.test$/;
	return (1);
}

sub log_lines {
	my $file = shift @ARGV;
	my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
	    Local => '/dev/log') or die "log: $!\n";

	chmod 0666, '/dev/log';
	open my $log, '>>', $file or die "$file: $!\n";
	$log->autoflush(1);
	while (defined $socket->recv(my $line, 8192)) {
		$line =~ s/^<\d+>//;
		$line =~ s/\n*\z/\n/;
		print $log $line;
	}
}

sub talk {
	my $port = shift @ARGV;

	$SIG{ALRM} = sub { die "talk: no answer\n" };
	alarm 60;
	my $server = IO::Socket::INET->new(PeerAddr => '192.0.2.1',
	    PeerPort => $port) or die "talk: $!\n";
	talk_reply($server);
	for my $line (@ARGV) {
		print $server "$line\r\n";
		$server->flush;
		talk_reply($server);
	}
}

# Of SMTP, IMAP and POP3.
sub talk_reply {
	my ($server) = @_;

	while (defined(my $line = <$server>)) {
		$line =~ s/\r\n\z//;
		if ($line =~ /^(\d{3} |[+-](OK|ERR)|\* (OK|BYE) )/ ||
		    $line =~ /^\w+ (OK|NO|BAD) /) {
			print "$line\n";
			return;
		}
	}
	print "closed\n";
	exit;
}

#!/usr/bin/perl
# One SMTP session, for tests: RCPT replies are what curl hides.
#
#	smtp.pl -p PORT [-u] [-f SENDER] [-s SUBJECT] RECIPIENT...
#
# Prints the final reply to each RCPT TO, one a line, and with -s sends a
# message of that subject to those that were accepted and prints the reply
# to its end.  -u announces SMTPUTF8.  Recipients go out as the bytes given.
# Without -f each session has a sender of its own: smtpd remembers for the
# same sender and recipient how it resolved the domain.
# A server that does not answer within 300 s is an error.
use strict;
use warnings;
use Getopt::Std;
use IO::Socket::INET;

my %opt = (f => "outside-$$\@sender.test");
getopts('p:uf:s:', \%opt) && $opt{p} && @ARGV
    or die "usage: smtp.pl -p PORT RECIPIENT...\n";

$SIG{ALRM} = sub { die "smtp.pl: no answer\n" };
alarm 300;
my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $opt{p}) or die "smtp.pl: connect: $!\n";
binmode $server;

sub reply {
	while (defined(my $line = <$server>)) {
		$line =~ s/\r\n\z//;
		return $line if $line =~ /^\d{3} /;
	}
	die "smtp.pl: connection closed\n";
}

sub command {
	print $server "$_[0]\r\n";
	$server->flush;
	return reply();
}

reply();
command('EHLO client.sender.test');
command("MAIL FROM:<$opt{f}>" . ($opt{u} ? ' SMTPUTF8' : '')) =~ /^250/
    or die "smtp.pl: sender refused\n";
my $accepted = 0;
for my $recipient (@ARGV) {
	my $answer = command("RCPT TO:<$recipient>");
	$accepted++ if $answer =~ /^250/;
	print "$answer\n";
}
if (defined $opt{s} && $accepted) {
	command('DATA') =~ /^354/ or die "smtp.pl: DATA refused\n";
	print command(join "\r\n", "From: <$opt{f}>", "Subject: $opt{s}", '',
	    "The body of $opt{s}.", '.'), "\n";
}
command('QUIT');

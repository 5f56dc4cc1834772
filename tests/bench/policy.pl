#!/usr/bin/perl
# What one answer of "mailadm policy" takes, as Postfix waits for it.
#
#	policy.pl NUMBER STATE LOGIN RECIPIENT COMMAND...
#
# Starts the command on a socket, as spawn(8) does, and asks NUMBER times.
# Prints milliseconds: that of the first answer with the start of the process,
# and the median of the others.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time);

my ($number, $state, $login, $recipient, @command) = @ARGV;
my $begun = time;

socketpair(my $us, my $them, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
my $pid = fork // die "fork: $!\n";
if (!$pid) {
	open STDIN, '<&', $them;
	open STDOUT, '>&', $them;
	open STDERR, '>&', $them;
	close $_ for $us, $them;
	exec @command;
}
close $them;
$us->autoflush(1);
my @took;
for (0 .. $number) {
	my $from = @took ? time : $begun;

	print $us "request=smtpd_access_policy\nprotocol_state=$state\n",
	    "sasl_username=$login\nrecipient=$recipient\n",
	    "recipient_count=1\n\n";
	defined(my $action = <$us>) or die "no answer\n";
	$action =~ /^action=DUNNO$/ or die $action;
	defined <$us> or die "no end\n";
	push @took, (time - $from) * 1000;
}
shutdown $us, 1;
waitpid $pid, 0;
my $first = shift @took;
@took = sort { $a <=> $b } @took;
printf "%.2f %.3f\n", $first, $took[@took / 2];

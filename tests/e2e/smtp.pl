#!/usr/bin/perl
# One SMTP session, for tests: RCPT replies are what curl hides.
#
#	smtp.pl -p PORT [-h HOST] [-u] [-f SENDER] [-s SUBJECT] RECIPIENT...
#
# Prints the final reply to each RCPT TO, one a line, and with -s sends a
# message of that subject to those that were accepted and prints the reply
# to its end; of a sender that is refused only that reply.  Addresses go out
# as the bytes given.  With -u as a modern server sends them: marked SMTPUTF8
# where that is needed and offered, else a domain as its A-label, and what
# has no such form is "not sent".
# Without -f each session has a sender of its own: smtpd remembers for the
# same sender and recipient how it resolved the domain.
# A server that does not answer within 300 s is an error.
use strict;
use warnings;
use Encode qw(decode_utf8);
use Getopt::Std;
use IO::Socket::INET;

my %opt = (f => "outside-$$\@sender.test", h => '127.0.0.1');
getopts('h:p:uf:s:', \%opt) && $opt{p} && @ARGV
    or die "usage: smtp.pl -p PORT RECIPIENT...\n";

$SIG{ALRM} = sub { die "smtp.pl: no answer\n" };
alarm 300;
my $server = IO::Socket::INET->new(PeerAddr => $opt{h},
    PeerPort => $opt{p}) or die "smtp.pl: connect: $!\n";
binmode $server;
my $offers = '';

sub reply {
	while (defined(my $line = <$server>)) {
		$line =~ s/\r\n\z//;
		return $line if $line =~ /^\d{3} /;
		$offers .= "$line\n";
	}
	die "smtp.pl: connection closed\n";
}

sub command {
	print $server "$_[0]\r\n";
	$server->flush;
	return reply();
}

# --- A-labels: RFC 3492, section 6.3 ---

sub adapted {
	my ($delta, $points, $first) = @_;
	my $k = 0;

	$delta = int($delta / ($first ? 700 : 2));
	$delta += int($delta / $points);
	for (; $delta > 455; $k += 36) {
		$delta = int($delta / 35);
	}
	return $k + int(36 * $delta / ($delta + 38));
}

sub digits {
	my ($q, $bias) = @_;
	my $digits = '';

	for (my $k = 36;; $k += 36) {
		my $t = $k - $bias;

		$t = 1 if $t < 1;
		$t = 26 if $t > 26;
		return $digits . ('a' .. 'z', 0 .. 9)[$q] if $q < $t;
		$digits .= ('a' .. 'z', 0 .. 9)[$t + ($q - $t) % (36 - $t)];
		$q = int(($q - $t) / (36 - $t));
	}
}

sub label {
	my @code = map { ord } split //, lc $_[0];
	my @basic = grep { $_ < 128 } @code;
	my ($n, $delta, $bias, $done) = (128, 0, 72, scalar @basic);
	my $to = join '', 'xn--', map({ chr } @basic), @basic ? '-' : ();

	return $_[0] if @basic == @code;
	while ($done < @code) {
		my ($next) = sort { $a <=> $b } grep { $_ >= $n } @code;

		$delta += ($next - $n) * ($done + 1);
		$n = $next;
		for my $code (@code) {
			$delta++ if $code < $n;
			next if $code != $n;
			$to .= digits($delta, $bias);
			$bias = adapted($delta, $done + 1, $done == @basic);
			$delta = 0;
			$done++;
		}
		$delta++;
		$n++;
	}
	return $to;
}

# The address as it may be sent, or nothing.
sub sendable {
	my ($address) = @_;
	my ($local, $domain) = $address =~ /^(.*)\@([^\@]*)$/;

	return $address if !$opt{u} || $address !~ /[^ -~]/ ||
	    $offers =~ /SMTPUTF8/;
	return if $local =~ /[^ -~]/;
	return "$local\@" . join '.', map { label($_) } split /\./,
	    decode_utf8($domain);
}

# --- the session ---

reply();
$offers .= command('EHLO client.sender.test');
my $options = !$opt{u} ? '' : $offers !~ /SMTPUTF8/ ? ' BODY=8BITMIME' :
    join('', $opt{f}, $opt{s} // '', @ARGV) =~ /[^ -~]/ ? ' SMTPUTF8' : '';
my $from = sendable($opt{f}) // do { print "not sent\n"; exit };
my $answer = command("MAIL FROM:<$from>$options");
if ($answer !~ /^250/) {
	print "$answer\n";
	exit;
}
my $accepted = 0;
for my $recipient (@ARGV) {
	my $to = sendable($recipient);

	$answer = defined $to ? command("RCPT TO:<$to>") : 'not sent';
	$accepted++ if $answer =~ /^250/;
	print "$answer\n";
}
if (defined $opt{s} && $accepted) {
	command('DATA') =~ /^354/ or die "smtp.pl: DATA refused\n";
	print command(join "\r\n", "From: <$opt{f}>", "Subject: $opt{s}", '',
	    "The body of $opt{s}.", '.'), "\n";
}
command('QUIT');

# How often each text stands in the writable memory of a running mailadm:
#
#   perl memory.pl MARK TEXT...
#
# The process is the one whose command line holds MARK.  One line a text: the
# number and the text.
use strict;
use warnings;

my ($mark, @texts) = @ARGV;
my ($process) = grep {
	my $program = readlink("$_/exe") // '';
	open my $f, '<', "$_/cmdline" or next;
	local $/;
	$program =~ m{/mailadm$} && index(<$f> // '', $mark) >= 0;
} glob '/proc/[0-9]*';
die "no process with $mark\n" unless $process;

my %count = map { $_ => 0 } @texts;
open my $maps, '<', "$process/maps" or die "$process/maps: $!\n";
open my $memory, '<:raw', "$process/mem" or die "$process/mem: $!\n";
while (<$maps>) {
	my ($from, $to) = /^([0-9a-f]+)-([0-9a-f]+) rw/ or next;
	my $size = hex($to) - hex($from);

	# What a sanitizer keeps for itself is terabytes.
	next if $size > 256 << 20;
	sysseek $memory, hex($from), 0;
	sysread $memory, my $bytes, $size;
	for my $text (@texts) {
		$count{$text}++ while ($bytes // '') =~ /\Q$text\E/g;
	}
}
print "$count{$_} $_\n" for @texts;

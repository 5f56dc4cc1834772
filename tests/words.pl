#!/usr/bin/perl
# Plain words for people who are not native speakers:
#	tests/words.pl [--tests] FILE...
#
# Prints FILE:LINE for each word of the table below, with what to write
# instead.  Of C it reads strings and comments, of other files all of the
# text.  Lines are joined first, so words that a line break or two strings
# separate are found.  Names as told_at or --his are not words.  With --tests
# only words that are marked so count: the sentences of tests are for us.
use strict;
use warnings;

my @table = (
	# words				what to write instead
	['presets?',			'default', 'tests'],
	['mend(s|ed|ing|able)?',	'fix', 'tests'],
	['(is|are|was|were) there',	'exists, or: a word for what it is'],
	['(is|are) already there',	'already exists'],
	['told|tells?|telling',		'report, show, or: is known'],
	['deeds?',			'action', 'tests'],
	['whom',			'who, or: the users that ...', 'tests'],
	['s?he|him|his|himself|her',	'they, their, or: the user', 'tests'],
	['by-pass(es|ed|ing)?',		'bypass', 'tests'],
	['folders?',			'directory'],
	['not confirmed',		'cancelled'],
	['is no file',			'is not a regular file'],
	['at work',			'running'],
);
if (@ARGV && $ARGV[0] eq '--tests') {
	shift @ARGV;
	@table = grep { defined $_->[2] } @table;
}
my $words = join '|', map { $_->[0] } @table;

# Text that is read as one: its parts, and the line of each.
my (@part, $text);

sub add {
	my ($piece, $line) = @_;

	push @part, [length $text, $line];
	$text .= $piece;
}

sub look {
	my ($file) = @_;

	while ($text =~ /(?<![\w-])($words)(?![\w-])/gi) {
		my ($found, $at) = ($1, $-[0]);
		my ($part) = grep { $_->[0] <= $at } reverse @part;
		my ($row) = grep { $found =~ /^(?:$_->[0])$/i } @table;

		print "$file:$part->[1]: \"$found\": write $row->[1]\n";
	}
	@part = ();
	$text = '';
}

sub lines {
	my ($piece, $line) = @_;

	add($_ =~ s/^\s*(\*|#|--)? ?//r . ' ', $line++)
	    for split /\n/, $piece;
}

# Strings that stand behind each other are one, as the compiler has it.
sub c {
	my ($file, $source) = @_;
	my $line = 1;

	while ($source =~ m{\G(?:(\s+)|(/\*.*?\*/)|"((?:\\.|[^"\\])*)"
	    |'(?:\\.|[^'\\])*'|PRI\w+|(\w+|.))}gcsx) {
		my ($all, $comment, $string) = ($&, $2, $3);

		if (defined $string) {
			add($string =~ s/\\[nt]/ /gr, $line);
		} elsif (defined $comment) {
			my @kept = @part;
			my $before = $text;

			@part = ();
			$text = '';
			lines($comment, $line);
			look($file);
			@part = @kept;
			$text = $before;
		} elsif (defined $4) {
			look($file);
		}
		$line += $all =~ tr/\n//;
	}
	look($file);
}

@part = ();
$text = '';
for my $file (@ARGV) {
	open my $in, '<', $file or die "$file: $!\n";
	my $source = do { local $/; <$in> };

	close $in;
	if ($file =~ /\.(c|h|def)$/) {
		c($file, $source);
	} else {
		lines($source, 1);
		look($file);
	}
}

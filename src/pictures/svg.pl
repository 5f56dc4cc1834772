#!/usr/bin/perl
# A screen of a terminal as a picture: perl src/pictures/svg.pl TITLE COLUMNS
#
# Standard input is what "tmux capture-pane -e -p" writes: lines of text with
# the sequences of ECMA-48 that choose colours.  Standard output is an SVG with
# text that can be marked and searched; empty lines at the end are left out.
# The same screen makes the same picture.
#
# A reader of SVG folds blanks, and its font may be wider than another: so each
# run of words has its place and its length, and columns stay below each other.
use strict;
use warnings;
use utf8;

binmode STDIN, ':encoding(UTF-8)';
binmode STDOUT, ':encoding(UTF-8)';

# Of a character, of the edge around them, and of the bar with the title.
my ($WIDTH, $HEIGHT, $EDGE, $BAR) = (8.4, 18, 16, 34);
my ($TEXT, $GROUND) = ('#d7dce5', '#1a2029');
# The 8 colours, and the same bright.
my @COLOURS = map { "#$_" } qw(3b4252 e9757c 7ec77b e5b567 6ea2ff c58af9
    56c2c2 d7dce5 8b95a7 ff8b92 9fe09b ffd282 93baff dbb2ff 7fe0e0 ffffff);

my $WIDE = qr/[\x{1100}-\x{115f}\x{2e80}-\x{a4cf}\x{ac00}-\x{d7a3}
    \x{f900}-\x{faff}\x{fe30}-\x{fe6f}\x{ff00}-\x{ff60}\x{1f300}-\x{1faff}
    \x{20000}-\x{3fffd}]/xx;
my $NO_WIDTH = qr/[\x{300}-\x{36f}\x{200b}-\x{200f}\x{fe00}-\x{fe0f}]/;

my %ON = (1 => 'bold', 2 => 'dim', 3 => 'slant', 4 => 'line', 7 => 'swap');
my %OFF = (22 => [qw(bold dim)], 23 => ['slant'], 24 => ['line'],
    27 => ['swap'], 39 => ['text'], 49 => ['ground']);

sub escape {
	my ($text) = @_;

	$text =~ s/&/&amp;/g;
	$text =~ s/</&lt;/g;
	$text =~ s/>/&gt;/g;
	$text =~ s/"/&quot;/g;
	return $text;
}

sub number {
	my $text = sprintf '%.1f', $_[0];

	$text =~ s/\.0$//;
	return $text;
}

sub columns {
	my ($text) = @_;
	my $wide = () = $text =~ /$WIDE/g;
	my $none = () = $text =~ /$NO_WIDTH/g;

	return length($text) + $wide - $none;
}

# One of 256: the 16, a cube of 6 by 6 by 6, and greys.
sub palette {
	my ($n) = @_;

	return $COLOURS[$n] if $n < 16;
	return sprintf '#%02x%02x%02x', (8 + 10 * ($n - 232)) x 3 if $n > 231;
	return sprintf '#%02x%02x%02x', map { $_ ? 55 + 40 * $_ : 0 }
	    int(($n - 16) / 36), int(($n - 16) / 6) % 6, ($n - 16) % 6;
}

# Behind 38 or 48; takes its numbers away.
sub other_colour {
	my ($codes) = @_;
	my $kind = shift @$codes // 0;

	return palette(shift @$codes // 0) if $kind == 5;
	return sprintf '#%02x%02x%02x', map { $_ // 0 }
	    splice(@$codes, 0, 3) if $kind == 2;
	return undef;
}

sub choose {
	my ($style, @codes) = @_;

	while (defined(my $code = shift @codes)) {
		my ($tens, $one) = (int($code / 10), $code % 10);

		if ($code == 0) {
			%$style = ();
		} elsif ($ON{$code}) {
			$style->{$ON{$code}} = 1;
		} elsif ($OFF{$code}) {
			delete @$style{@{$OFF{$code}}};
		} elsif ($code == 38 || $code == 48) {
			$style->{$code == 38 ? 'text' : 'ground'} =
			    other_colour(\@codes);
		} elsif ($one < 8 && $tens =~ /^(3|4|9|10)$/) {
			$style->{$tens % 3 == 0 ? 'text' : 'ground'} =
			    $COLOURS[$tens > 4 ? $one + 8 : $one];
		}
	}
}

sub attributes {
	my ($style, $text) = @_;

	return join '', $text ? qq( fill="$text") : '',
	    $style->{bold} ? ' font-weight="700"' : '',
	    $style->{slant} ? ' font-style="italic"' : '',
	    $style->{dim} ? ' opacity=".65"' : '',
	    $style->{line} ? ' text-decoration="underline"' : '';
}

# A part of a line in one style: its ground, and its runs of words.
sub part {
	my ($style, $text, $column, $row) = @_;
	my ($ink, $ground) = @$style{'text', 'ground'};
	my ($grounds, $words) = ('', '');

	($ink, $ground) = ($ground // $GROUND, $ink // $TEXT)
	    if $style->{swap};
	$grounds = sprintf qq(<rect x="%s" y="%d" width="%s" height="%d" ) .
	    qq(fill="%s"/>\n), number($EDGE + $column * $WIDTH),
	    $BAR + $row * $HEIGHT, number(columns($text) * $WIDTH), $HEIGHT,
	    $ground if $ground;
	while ($text =~ /(\S+(?: \S+)*)/g) {
		$words .= sprintf '<tspan x="%s" textLength="%s"%s>%s</tspan>',
		    number($EDGE + ($column + columns(substr $text, 0,
		    $-[1])) * $WIDTH), number(columns($1) * $WIDTH),
		    attributes($style, $ink), escape($1);
	}
	return ($grounds, $words);
}

sub line {
	my ($style, $line, $row) = @_;
	my ($column, $grounds, $words) = (0, '', '');

	for my $piece (split /(\e\[[0-9;:]*m)/, $line) {
		if ($piece =~ /^\e\[([0-9;:]*)m$/) {
			choose($style, map { $_ || 0 } split /[;:]/,
			    length $1 ? $1 : '0');
			next;
		}
		my ($ground, $said) = part($style, $piece, $column, $row);
		$column += columns($piece);
		$grounds .= $ground;
		$words .= $said;
	}
	return $grounds if $words eq '';
	return sprintf qq(%s<text y="%d">%s</text>\n), $grounds,
	    $BAR + $row * $HEIGHT + 13, $words;
}

# What chooses no colour is not shown.
sub read_lines {
	my @lines = map {
		s/\n$//;
		s/\e\[[0-9;:?]*[A-Za-ln-z]|\e[()].|[\x00-\x1a\x1c-\x1f]//gr
	} <STDIN>;

	pop @lines while @lines && $lines[-1] =~ /^(?:\e\[[0-9;:]*m|\s)*$/;
	return @lines;
}

die "usage: svg.pl TITLE COLUMNS <SCREEN\n"
    unless @ARGV == 2 && $ARGV[1] =~ /^[1-9][0-9]{0,2}$/;
utf8::decode($ARGV[0]);
my ($title, $columns) = (escape($ARGV[0]), $ARGV[1]);
my @lines = read_lines();
my ($width, $height) = (number($columns * $WIDTH + 2 * $EDGE),
    @lines * $HEIGHT + $BAR + $EDGE);
my $style = {};
my $middle = number(($columns * $WIDTH + 2 * $EDGE) / 2);

print <<"END";
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height"
 width="$width" role="img" aria-label="$title">
<rect width="100%" height="100%" rx="9" fill="$GROUND"/>
<g fill="#9aa5b6"><circle cx="20" cy="17" r="5.5"/>
<circle cx="38" cy="17" r="5.5"/><circle cx="56" cy="17" r="5.5"/>
<text x="$middle" y="21" text-anchor="middle" font-size="12.5"
 font-family="system-ui,sans-serif">$title</text></g>
<g fill="$TEXT" font-size="14" font-family="ui-monospace,Menlo,Consolas,
DejaVu Sans Mono,monospace">
END
print line($style, $lines[$_], $_) for 0 .. $#lines;
print "</g></svg>\n";

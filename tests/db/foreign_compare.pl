# What an import must have made: perl foreign_compare.pl DIR EXPECTED
#
# DIR has the lists domain, user and alias (tsv with a header), hash (email,
# hash) and loss (the result of the command).  EXPECTED is described in
# tests/data/foreign/README.  Prints each row that does not hold.
use strict;
use warnings;

my ($dir, $expected) = @ARGV;
my $faults = 0;

sub fault { print "@_\n"; $faults++ }

sub lines {
	open my $in, '<', $_[0] or die "$_[0]: $!\n";
	chomp(my @lines = <$in>);
	return @lines;
}

# Rows by the first column: a list of hashes for each.
sub table {
	my ($header, @rows) = lines("$dir/$_[0]");
	my @names = split /\t/, $header;
	my %by;
	for (@rows) {
		my %row;
		@row{@names} = split /\t/, $_, -1;
		push @{ $by{ $row{ $names[0] } } }, \%row;
	}
	return \%by;
}

my %have = map { $_ => table($_) } qw(domain user alias);
my $hash = table('hash');
my @loss = lines("$dir/loss");

sub value {
	my ($kind, $rows, $key, $field) = @_;
	if ($kind eq 'alias') {
		return join ',', sort map { $_->{destination} } @$rows
		    if $field eq 'destination';
		return join ',', sort map { $_->{destination} }
		    grep { !$_->{active} } @$rows if $field eq 'off';
		return grep({ $_->{active} } @$rows) ? 1 : 0;
	}
	my $value = $field eq 'hash' ? $hash->{$key}[0]{hash} :
	    $rows->[0]{$field};
	return 'no such field' unless defined $value;
	$value =~ s/^\{[A-Z0-9-]+\}(?=\$)// if $field eq 'hash';
	return 'none' if $field eq 'hash' && $value eq '!';
	return 'default' if $field eq 'quota' && $value eq '\N';
	return $value;
}

my %named;
for (lines($expected)) {
	next if /^#/;
	my ($kind, $key, $field, $want) = split /\t/;
	if ($kind eq 'loss') {
		my @of = grep { index($_, $key) >= 0 } @loss;
		fault("no loss of $key: $field, $want") unless
		    grep { /\Q$field\E/i || /\Q$want\E/i } @of;
		next;
	}
	$named{$kind}{$key} = 1;
	my $rows = $have{$kind}{$key};
	my @right = split / or /, $want;
	my $is = $rows ? value($kind, $rows, $key, $field) : 'absent';
	fault("$kind $key: $field is $is, not $want")
	    unless grep { $_ eq $is } @right;
}
for my $kind (qw(domain user alias)) {
	for my $key (sort keys %{ $have{$kind} }) {
		my @to = map { $_->{destination} // '' }
		    @{ $have{$kind}{$key} };
		fault("$kind $key is there, and no row says so") unless
		    $named{$kind}{$key} || ($kind eq 'alias' && "@to" eq $key);
	}
}
exit($faults > 0);

#!/usr/bin/perl
# A strict reader of exported records: perl records.pl FORMAT [ZONE] <TEXT
#
# Prints "NAME TYPE TTL VALUE" for each record, a TXT joined and unquoted, and
# for nsupdate also "NAME TYPE delete".  It dies of a line that is neither
# that of a record nor a comment.  FORMAT is zone, nsupdate, terraform or
# octodns, which needs the ZONE.
use strict;
use warnings;

my ($format, $zone) = @ARGV;
my %read = (zone => \&zone, nsupdate => \&nsupdate,
    terraform => \&terraform, octodns => \&octodns);
# The fields of a value in the order of a zone file.
my %order = (MX => [qw(preference exchange)],
    SRV => [qw(priority weight port target)],
    TLSA => [qw(certificate_usage selector matching_type
	certificate_association_data)]);

my @lines = <STDIN>;
chomp @lines;
/[^\x20-\x7e]/ and die "not ASCII: $_\n" for @lines;
$read{$format}->();

# What a text of a zone file means.
sub unescaped {
	my ($text) = @_;

	return $text =~ s/\\([0-9]{3}|.)/length $1 == 3 ? chr $1 : $1/ger;
}

sub strings {
	my ($text) = @_;
	my $joined = '';

	while ($text =~ s/^"((?:[^"\\]|\\[^0-9]|\\[0-9]{3})*)"(?: (?=")|$)//) {
		my $string = unescaped($1);

		die 'string of ' . length($string) . "\n"
		    if length $string > 255;
		$joined .= $string;
	}
	die "not strings: $text\n" if $text ne '';
	return $joined;
}

sub data {
	my ($type, $text) = @_;

	return $type eq 'TXT' ? strings($text) : $text;
}

sub record {
	my ($name, $type, $ttl, $value) = @_;

	print "$name $type $ttl $value\n";
}

sub zone {
	for (@lines) {
		next if /^(;|$)/;
		/^(\S+)\. (\d+) IN ([A-Z]+) (.+)$/ or die "line: $_\n";
		my ($name, $ttl, $type, $data) = ($1, $2, $3, $4);

		$data =~ s/^\( (.*) \)$/$1/ if $type eq 'TXT';
		record($name, $type, $ttl, data($type, $data));
	}
}

sub nsupdate {
	my $open = 0;

	for (@lines) {
		next if /^(;|$)/;
		if ($_ eq 'send') {
			die "nothing to send\n" unless $open;
			$open = 0;
			next;
		}
		$open = 1;
		next if /^zone (\S+)\.$/ && ($zone // $1) eq $1;
		if (/^update delete (\S+)\. ([A-Z]+)(?: (.*))?$/) {
			print "$1 $2 delete", defined $3 ?
			    ' ' . data($2, $3) : '', "\n";
			next;
		}
		/^update add (\S+)\. (\d+) ([A-Z]+) (.+)$/ or
		    die "line: $_\n";
		record($1, $3, $2, data($3, $4));
	}
	die "not sent\n" if $open;
}

sub hcl {
	my ($text) = @_;

	$text =~ /^"((?:[^"\\\$%]|\\["\\]|\\u[0-9A-F]{4}|\$(?!\{)|%(?!\{)
	    |\$\$\{|%%\{)*)"$/x or die "string: $text\n";
	return $1 =~ s/\\u([0-9A-F]{4})/chr hex $1/ger =~ s/\\(.)/$1/gr =~
	    s/([\$%])\1\{/$1\{/gr;
}

sub resource {
	my ($type, $at, @values) = @_;
	my $name = join '.', grep { defined } $at->{name},
	    $at->{zone} =~ s/\.$//r;

	die "no value: $name\n" unless @values;
	record($name, $type, $at->{ttl}, $type eq 'TXT' ? unescaped($_) : $_)
	    for @values;
}

sub terraform {
	my (%at, %seen, @values, @block, $type);

	for (@lines) {
		next if /^(#|$)/;
		if (/^resource\ "dns_([a-z]+)_record(?:_set)?"
		    \ "(\w[\w-]*)"\ \{$/x) {
			die "twice: $1 $2\n" if $seen{"$1 $2"}++;
			($type, %at) = (uc $1);
			@values = ();
		} elsif (/^  (zone|name|ttl) +=( .*)$/) {
			$at{$1} = $1 eq 'ttl' ? substr $2, 1 :
			    hcl(substr $2, 1);
		} elsif (/^  (?:txt|addresses) = \[(.*)\]$/) {
			my $list = $1;

			push @values, hcl($1) while $list =~
			    s/^("(?:[^"\\]|\\.)*")(?:, (?=")|$)//;
			die "list: $list\n" if $list ne '';
		} elsif (/^  (?:cname|ptr) *= (.*)$/) {
			push @values, hcl($1);
		} elsif (/^  (?:mx|srv) \{$/) {
			@block = ();
		} elsif (/^    [a-z]+ = (.*)$/) {
			my $word = $1;

			push @block, $word =~ /^\d+$/ ? $word : hcl($word);
		} elsif ($_ eq '  }') {
			push @values, join ' ', @block;
		} elsif ($_ eq '}') {
			resource($type, \%at, @values);
		} else {
			die "line: $_\n";
		}
	}
}

sub quoted {
	my ($text) = @_;

	return $text if $text =~ /^\d+$/;
	$text =~ /^'((?:[^']|'')*)'$/ or die "not quoted: $text\n";
	return $1 =~ s/''/'/gr;
}

sub octodns {
	my ($name, $ttl, $type, %field, $value);

	for (@lines) {
		next if /^(#|$)/ || $_ eq '---' || $_ eq '    values:';
		if (/^('[^']*'):$/) {
			$name = join '.', grep { $_ ne '' } quoted($1), $zone;
		} elsif (/^  - ttl: (\d+)$/) {
			$ttl = $1;
		} elsif (/^    type: ([A-Z]+)$/) {
			$type = $1;
		} elsif (/^      (?:- |  )(\w+): (.*)$/) {
			$field{$1} = quoted($2);
			next if keys %field < @{$order{$type}};
			record($name, $type, $ttl,
			    join ' ', @field{@{$order{$type}}});
			%field = ();
		} elsif (/^(?:      -|    value:) (.*)$/) {
			$value = quoted($1);
			die "unescaped: $value\n"
			    if $type eq 'TXT' && $value =~ /(?<!\\);/;
			record($name, $type, $ttl, $type eq 'TXT' ?
			    unescaped($value) : $value);
		} else {
			die "line: $_\n";
		}
	}
	die "fields are left\n" if %field;
}

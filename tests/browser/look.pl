#!/usr/bin/perl
# Looks at a page as a person would, in chromium: look.pl CHROMIUM PAGE OUT
#
# Prints what it sees, one fact a line behind the width and the colours: what
# overflows, scripts, and the least contrast of a text.  Then what was asked
# for, and what the console says.  OUT-WIDTH-COLOURS.png and OUT.pdf are
# pictures.  Chromium is spoken to on descriptors 3 and 4, in JSON with a NUL
# behind each message.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use POSIX ();

$^F = 100;
my ($chromium, $page, $out) = @ARGV;
my @flags = qw(--headless --no-sandbox --disable-gpu --no-first-run
    --disable-dev-shm-usage --disable-background-networking
    --disable-component-update --disable-sync --hide-scrollbars
    --remote-debugging-pipe);
push @flags, '--host-resolver-rules=MAP * ~NOTFOUND',
    "--user-data-dir=$out.profile", 'about:blank';
pipe my $theirs_in, my $to or die "$!";
pipe my $from, my $theirs_out or die "$!";
my $pid = fork // die "$!";
if (!$pid) {
	POSIX::dup2(fileno $theirs_in, 63);
	POSIX::dup2(fileno $theirs_out, 64);
	POSIX::dup2(63, 3);
	POSIX::dup2(64, 4);
	open STDERR, '>', "$out.log";
	exec $chromium, @flags or POSIX::_exit(127);
}
close $theirs_in;
close $theirs_out;
$SIG{PIPE} = 'IGNORE';

my $json = JSON::PP->new->utf8->canonical;
my ($buffer, $last, $session, @events) = ('', 0);

sub message {
	until ($buffer =~ /\0/) {
		sysread $from, $buffer, 1 << 20, length $buffer
		    or die "chromium has ended: see $out.log\n";
	}
	$buffer =~ s/^([^\0]*)\0//;
	return $json->decode($1);
}

sub call {
	my ($method, %params) = @_;
	my %m = (id => ++$last, method => $method, params => \%params);

	$m{sessionId} = $session if $session;
	syswrite $to, $json->encode(\%m) . "\0" or die "$!";
	while (1) {
		my $got = message();

		if (($got->{id} // 0) != $last) {
			push @events, $got;
			next;
		}
		die "$method: $got->{error}{message}\n" if $got->{error};
		return $got->{result};
	}
}

sub happened {
	my ($method) = @_;

	return grep { ($_->{method} // '') eq $method } @events;
}

sub ask {
	my ($script) = @_;
	my $got = call('Runtime.evaluate', expression => $script,
	    returnByValue => JSON::PP::true);

	die $json->encode($got) if $got->{exceptionDetails};
	return $got->{result}{value};
}

sub save {
	my ($name, $data) = @_;

	open my $file, '>:raw', $name or die "$name: $!";
	print $file decode_base64($data);
	close $file or die "$name: $!";
}

# Of every element that has words of its own: how its colour stands out from
# what is behind it, by WCAG.
my $contrast = <<'END';
(() => {
	const rgb = c => c.match(/[\d.]+/g).map(Number);
	const light = c => {
		const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v =>
		    v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b;
	};
	const behind = e => {
		for (; e; e = e.parentElement) {
			const c = rgb(getComputedStyle(e).backgroundColor);
			if (c.length < 4 || c[3] > .5)
				return c;
		}
		return [255, 255, 255];
	};
	let least = [21, ""];
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some(n => n.nodeType == 3 &&
		    n.data.trim()) || e.closest("svg"))
			continue;
		const a = light(rgb(getComputedStyle(e).color));
		const b = light(behind(e));
		const c = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (c < least[0])
			least = [c, e.tagName + "." + e.className];
	}
	return least[0] >= 4.5 ? "enough" : least.join(" ");
})()
END

my %questions = (
	overflow => 'document.documentElement.scrollWidth - innerWidth',
	beyond => '[...document.querySelectorAll("body *")].filter(e =>
	    !e.closest(".scroll") && !e.closest("svg") &&
	    getComputedStyle(e).position != "absolute" &&
	    e.getBoundingClientRect().right > innerWidth + 1).map(e =>
	    e.tagName + "." + e.className).join(" ") || "nothing"',
	scripts => 'document.scripts.length',
	ids => '(a => a.length == new Set(a).size ? "different" :
	    a.join(" "))([...document.querySelectorAll("[id]")].map(e =>
	    e.id))',
	charts => '[...document.querySelectorAll("svg")].every(e =>
	    e.getAttribute("role") == "img" && e.getAttribute("aria-label"))
	    ? "labelled" : "not labelled"',
	headers => '[...document.querySelectorAll("th")].every(e =>
	    e.scope) ? "scoped" : "not scoped"',
	cards => 'document.querySelectorAll("section").length',
	contrast => $contrast,
);

my $target = call('Target.createTarget', url => 'about:blank');
$session = call('Target.attachToTarget', flatten => JSON::PP::true,
    targetId => $target->{targetId})->{sessionId};
call("$_.enable") for qw(Page Network Log Runtime);
for my $width (1280, 400) {
	for my $colours ('light', 'dark') {
		my $size;

		call('Emulation.setDeviceMetricsOverride', width => $width,
		    height => 900, deviceScaleFactor => 1,
		    mobile => $width < 500 ? JSON::PP::true : JSON::PP::false);
		call('Emulation.setEmulatedMedia', features => [
		    { name => 'prefers-color-scheme', value => $colours }]);
		@events = grep { $_->{method} ne 'Page.loadEventFired' }
		    @events;
		call('Page.navigate', url => "file://$page");
		push @events, message()
		    until happened('Page.loadEventFired');
		print "$width $colours $_: ", ask($questions{$_}), "\n"
		    for sort keys %questions;
		$size = call('Page.getLayoutMetrics')->{cssContentSize};
		save("$out-$width-$colours.png", call(
		    'Page.captureScreenshot', format => 'png',
		    captureBeyondViewport => JSON::PP::true, clip => {
			x => 0, y => 0, width => $width, scale => 1,
			height => $size->{height} })->{data});
	}
}
save("$out.pdf", call('Page.printToPDF', paperWidth => 8.27,
    paperHeight => 11.69)->{data});
my %asked = map { $_->{params}{request}{url} => 1 }
    happened('Network.requestWillBeSent');
print "asked for: $_\n" for sort keys %asked;
print "console: $_->{params}{entry}{text}\n" for happened('Log.entryAdded');
print "console: ", $json->encode($_->{params}{args}), "\n"
    for happened('Runtime.consoleAPICalled');
print "a dialog opened\n" for happened('Page.javascriptDialogOpening');
call('Browser.close');
waitpid $pid, 0;

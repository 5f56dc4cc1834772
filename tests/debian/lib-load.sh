# shellcheck shell=sh disable=SC2154 # of the others
# Many messages, one after the other: tests/debian/filter.sh sources it.
#
#   load_make NAME PORT COUNT [EACH]    messages NAME-1..COUNT of anna's by 465
#                or 587, or to bo by 25; EACH address of the other host sends
#                so many (200): Postfix counts what one sends in a minute
#   load_begin NAME, load_end           sends them in the background
#   load_sent NAME COUNT                so many were sent, or refused
#   load_again NAME                     those that were refused, again
#   codes NAME                          which replies there were
#   median NAME                         of the milliseconds that one took
#   memory PROGRAM...                   MB of their processes (PSS)

load_make() { # NAME PORT COUNT [EACH]
	load_places=$((${load_places:-0} + 7))
	mkdir -p "$T/$1" && : >"$T/$1.sent" &&
	awk -v name="$1" -v port="$2" -v count="$3" -v each="${4:-200}" \
	    -v me="$ME" -v dir="$T/$1" -v ca="$W/ca.pem" \
	    -v address=$load_places \
	    -v date="$(date -R)" '
	function transfer(i, file) {
		printf "url = \"%s://%s:%s/client.sender.test\"\n" \
		    "interface = \"192.0.2.%d\"\nmail-from = \"%s\"\n" \
		    "mail-rcpt = \"%s\"\nupload-file = \"%s/%d\"\n" \
		    "silent\nmax-time = 100\nwrite-out = \"%d " \
		    "%%{response_code} %%{time_total}\\n\"\n",
		    port == 465 ? "smtps" : "smtp", me, port,
		    100 + (address + int((i - 1) / each)) % 60,
		    from, to, dir, i, i >file
		if (port != 25)
			printf "user = \"%s:pw-anna\"\nssl-reqd\n" \
			    "cacert = \"%s\"\n", from, ca >file
		close(file)
	}
	function message(i, file) {
		printf "From: <%s>\r\nTo: <%s>\r\nSubject: %s-%d\r\n" \
		    "Date: %s\r\nMessage-ID: <%s-%d@client.example>" \
		    "\r\n\r\nHow do you do?\r\n", from, to, name, i,
		    date, name, i >file
		close(file)
	}
	BEGIN {
		from = port == 25 ? "x@nospf.example" : "anna@alpha.example"
		to = port == 25 ? "bo@alpha.example" : "x@out.example"
		for (i = 1; i <= count; i++) {
			message(i, dir "/" i)
			transfer(i, dir "/" i ".curl")
		}
	}' </dev/null
}

load_numbers() { # NAME NUMBER...
	l_name=$1
	shift
	for l_n; do
		cat "$T/$l_name/$l_n.curl" && echo next
	done | sed '$d' >"$T/$l_name.curl"
	out curl -K "$T/$l_name.curl" >>"$T/$l_name.sent"
}

# shellcheck disable=SC2046 # numbers
load_begin() { # NAME
	load_numbers "$1" $(seq "$(find "$T/$1" -name '*.curl' | wc -l)") &
	loads="${loads-} $!"
}

load_end() {
	for l_pid in $loads; do
		wait "$l_pid"
	done
	loads=
	true
}

load_sent() { # NAME COUNT [CODE]
	[ "$(grep -c " ${3:-}" "$T/$1.sent")" -ge "$2" ]
}

load_failed() { # NAME
	awk '{ code[$1] = $2 } END { for (i in code)
		if (code[i] != 250) print i }' "$T/$1.sent"
}

# shellcheck disable=SC2046 # numbers
load_again() { # NAME
	while [ -n "$(load_failed "$1")" ]; do
		load_numbers "$1" $(load_failed "$1")
	done
}

codes() { # NAME
	cut -d ' ' -f 2 "$T/$1.sent" | sort -u | tr '\n' ' '
}

median() { # NAME
	cut -d ' ' -f 3 "$T/$1.sent" | sort -n | awk '{ all[NR] = $1 }
		END { printf "%.0f", all[int((NR + 1) / 2)] * 1000 }'
}

# policyd-spf is a program of Python, so the name is looked for in arguments.
memory() { # PROGRAM...
	for l_program; do
		grep -lazE "(^|/)$l_program\$" /proc/[0-9]*/cmdline 2>/dev/null
	done | sort -u | while read -r l_file; do
		cat "${l_file%cmdline}smaps_rollup" 2>/dev/null
	done | awk '/^Pss:/ { kb += $2 } END { printf "%.0f", kb / 1024 }'
}

load_files() { # NAME
	grep -ls "^Subject: $1-[0-9]*\$" "$W"/sink/*
}

# Each of the messages went outside, once.
load_sunk() { # NAME COUNT
	[ "$(load_files "$1" | wc -l)" -ge "$2" ]
}

# ... and each signature of each verifies.
# shellcheck disable=SC2046 # files
load_verified() { # NAME COUNT
	eventually load_sunk "$1" "$2" && run signed $(load_files "$1") &&
	status 0 && is "$(cut -d ' ' -f 2,5 "$T/out" | sort -u)" \
	    "alpha.example ok" &&
	is "$(cut -d ' ' -f 1 "$T/out" | sort -u | wc -l)" "$2" &&
	is "$(load_files "$1" | wc -l)" "$2"
}

load_found() { # NAME COUNT
	[ "$(doveadm fetch -u bo@alpha.example hdr.subject mailbox '*' \
		header subject "$1-" | grep -c "$1-")" -ge "$2" ]
}

load_arrived() { # NAME COUNT
	eventually load_found "$1" "$2" &&
	is "$(doveadm fetch -u bo@alpha.example hdr.subject mailbox '*' \
		header subject "$1-" | grep "$1-" | sort | uniq -d)" ""
}

# shellcheck shell=sh disable=SC2154 # of lib.sh
# Cases of live mail, a row each in tests/data/mail.tsv; the same on this
# machine (cases.sh) and on a server of each release (tests/debian/mail.sh).
#
#   cases_run FILE       makes a test of each row
#
# The columns, parted by tabs: id, setup, step, expected, why.
#
#   setup     mailadm commands, parted by " ; "; `fill USER` puts a message of
#             1.5 MB into a mailbox by hand, and `save USER` by Dovecot, which
#             takes note of it
#   step      rcpt ADDRESS                 the reply to RCPT
#             deliver FROM TO SUBJECT      as a modern server does
#             sendmail TO SUBJECT          on the server itself
#             m COMMAND                    of mailadm
#   expected  a regular expression of Perl's for the reply
#             delivered USER               and nothing bounced
#             sent out                     to the world outside
#             not accepted                 by the reply
#             STATUS WORDS                 of the command, an expression too
#             home USER PATH
#             A or B
#
# Who sources this says how the server is reached:
#
#   case_smtp ARG...     smtp.pl, from outside
#   case_sendmail ARG... the server's own
#   case_doveadm ARG...
#   $case_store          where homes are
#   $case_owner          whose the mail is
#   $case_log            Postfix's log
#   $case_queue          and its queue
#   $case_sink           what went out, a file each
#   $case_host           the server's name, for commands

case_home() { # USER
	mailadm user list --columns home "$1"
}

case_maildir() { # USER
	echo "$case_store/$(case_home "$1")/Maildir"
}

case_look() { # USER
	case_doveadm mailbox status -u "$1" vsize INBOX >/dev/null
}

case_big() {
	printf 'Subject: big\n\n'
	yes 'All work and no play makes Jack a dull boy.' | head -c 1500000
}

# As somebody copies it there; Dovecot counts it when it looks.
fill() { # USER
	fill_file=$(case_maildir "$1")/new/1.fill.test
	case_look "$1" && case_big >"$fill_file" &&
		chown "$case_owner" "$fill_file" && case_look "$1"
}

save() { # USER
	case_big | case_doveadm save -u "$1" -m INBOX
}

# Words of a command are quoted as in a shell.
case_command() { # COMMAND
	case $1 in
	fill\ *|save\ *) eval "$1" ;;
	*" remove "*|*" disable "*) eval "mailadm -q $1 --yes" ;;
	*) eval "mailadm -q $1" ;;
	esac >"$T/setup" 2>&1 || {
		t_notes="set-up: $1: $(cat "$T/setup")"
		return 1
	}
}

case_setup() { # COMMANDS
	printf '%s\n' "$1" | sed 's/ ; /\n/g' >"$T/commands"
	while read -r case_line; do
		[ -z "$case_line" ] || case_command "$case_line" || return 1
	done <"$T/commands"
}

case_bounces() {
	grep -c 'status=bounced' "$case_log"
}

# The subject has the id, so that a mail is known again.
case_step() { # ID STEP
	case_bounced=$(case_bounces)
	case_subject="${2##* } $1"
	# shellcheck disable=SC2086 # words
	set -- $2
	case $1 in
	rcpt) run case_smtp "$2" ;;
	deliver) run case_smtp -u -f "$2" -s "$case_subject" "$3" ;;
	sendmail)
		printf 'Subject: %s\n\nx\n' "$case_subject" >"$T/letter"
		run case_sendmail "$2" <"$T/letter" ;;
	m)
		shift
		eval "run mailadm $*" ;;
	esac
}

case_stored() { # USER
	grep -rqsF "Subject: $case_subject" "$(case_maildir "$1")"
}

# Delivery was tried to all of its recipients; what is full may wait.
case_tried() {
	[ -z "$(find "$case_queue/maildrop" "$case_queue/incoming" \
		"$case_queue/active" -type f)" ]
}

case_accepted() {
	[ "$status" = 0 ] && ! holds case_like "$out" '^([45]\d\d |not sent)'
}

# What was not accepted need not be waited for.
case_delivered() { # USER
	case_accepted && eventually case_stored "$1" && eventually case_tried &&
		[ "$(case_bounces)" = "$case_bounced" ]
}

case_sunk() {
	grep -rqsF "Subject: $case_subject" "$case_sink"
}

case_sent_out() {
	case_accepted && eventually case_sunk && eventually case_tried &&
		[ "$(case_bounces)" = "$case_bounced" ]
}

case_like() { # TEXT EXPRESSION
	printf '%s\n' "$1" | CASE_LIKE=$2 perl -0777 -ne '
		exit !/$ENV{CASE_LIKE}/m'
}

case_answer() { # EXPECTED
	case $1 in
	"delivered "*) case_delivered "${1#* }" ;;
	"sent out") case_sent_out ;;
	"not accepted") case_like "$out" '^(5\d\d |not sent)' ;;
	"home "*)
		# shellcheck disable=SC2086 # words
		set -- $1
		[ "$(case_home "$2")" = "$3" ] ;;
	[0-9\[]*" "*)
		case_like "$status" "^${1%% *}\$" &&
		case_like "$out$err" "${1#* }" ;;
	*) case_like "$out" "$1" ;;
	esac
}

case_answers() { # EXPECTED
	printf '%s\n' "$1" | sed 's/ or /\n/g' >"$T/answers"
	while IFS= read -r case_line; do
		! case_answer "$case_line" || return 0
	done <"$T/answers"
	t_notes="expected: $1"
	return 1
}

case_holds() { # ID SETUP STEP EXPECTED
	case_setup "$2" && case_step "$1" "$3" && case_answers "$4"
}

# A field may be empty, which "read" would not see.
case_field() { # NUMBER
	printf '%s\n' "$case_row" | cut -f "$1"
}

cases_run() { # FILE
	while read -r case_row <&3; do
		case $case_row in '#'*) continue ;; esac
		t "$(case_field 1): $(case_field 5)" 'case_holds \
			"$(case_field 1)" "$(case_field 2)" \
			"$(case_field 3)" "$(case_field 4)"'
	done 3<"$1"
}

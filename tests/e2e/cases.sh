#!/bin/sh
# The cases of tests/data/mail.tsv on this machine's own servers.
# shellcheck disable=SC2034,SC2154,SC2317 # of lib-cases.sh
. tests/lib.sh
. tests/e2e/lib-stack.sh
. tests/e2e/lib-cases.sh
stack_up

case_store=$E/vmail
case_owner=nobody:nogroup
case_log=$E/log/postfix
case_queue=$E/spool
case_sink=$E/sink
case_host=mx.mailadm.test

# What a machine of that name has in /etc/mailadm.
export MAILADM_CONFIG="$E/mailadm.conf"

case_smtp() {
	smtp "$@"
}

case_sendmail() {
	sendmail -C "$E/etc" -f outside@sender.test "$@"
}

case_doveadm() {
	doveadm -c "$E/dovecot/dovecot.conf" "$@"
}

cases_run tests/data/mail.tsv

finish

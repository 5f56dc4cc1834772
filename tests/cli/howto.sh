# What an admin asks, in the words that they type: the answer is on the screen.
. tests/lib.sh

# The words, a bar, and what the answer shows; one question a line.
questions() {
	cat <<-'END'
	rename|domain rename example.com example.net
	move domain|export --domain example.com --with-hashes
	two addresses|alias add anna.ek@example.com anna@example.com
	second address|alias add anna.ek@example.com anna@example.com
	forward|alias add anna@example.com anna@example.com
	keep a copy|the mailbox keeps a copy
	catch-all|alias add @example.com anna@example.com
	catchall|alias add @example.com anna@example.com
	block|alias block shop@example.com
	tag|alias block anna+shop@example.com
	postfixadmin|import from postfixadmin
	ispmail|import from ispmail
	iredmail|import from iredmail
	modoboa|import from modoboa
	vexim|import from vexim
	mailu|import from mailu
	docker-mailserver|import from docker-mailserver
	own tables|import from tables
	text files|import from postfix-files
	migrate|foreign show --source-defaults-file
	hash cost|config calibrate
	rounds|config calibrate
	roundcube|UPDATE users SET crypt = %P
	users change their own password|config init --webmail yes
	change password|config init --webmail yes
	wildcard|alias add @example.com
	disposable|alias add 'bo-*@example.com'
	internal|--from users
	forgot|user passwd anna@example.com --generate
	backup|mariadb-dump --single-transaction
	restore|mariadb mail <mail.sql
	two servers|--database-hosts
	replication|dkim sync
	vacation|sieve
	out of office|managesieve
	used|--sort -used
	usage|--over-quota
	last login|--unused-for 180d
	delete mail|doveadm expunge -A
	old mail|rm -r /var/vmail/example.com/bo
	certificate|--certificate /etc/ssl/mail/fullchain.pem
	database password|accounts.cnf; a new one
	printer|--may-login no --may-receive no
	send-only|--may-login no --may-receive no
	expires|user list --expiring 14d
	temporary|--expires 2037-06-30
	who removed|history bo@example.com
	bring back|undo 3
	mailed|MAILTO=
	alerts|check --new
	relayhost|relay add default --server smtp.provider.example
	smarthost|relay set default --password-file
	ways out|user set bo@example.com --send-through newsletter
	send through|relay add newsletter
	relay domain|domain add office.example --relay-to mail.office.example
	backup mx|--relay-to mx
	accept|domain set office.example --accept verify
	milter|smtpd_milters
	rspamd|config init --filter rspamd
	dkim|mailadm help dkim-keys
	dkim keys|dkim activate example.com
	helpdesk|NOPASSWD
	hooks|/etc/mailadm/hooks.d
	srs|config init --srs yes
	archive|domain set example.com --bcc-out
	copy-of-incoming-mail|domain set example.com --bcc-in
	sudo|^user passwd
	leave|export --with-hashes
	uninstall|make uninstall
	quota|domain set example.com --quota 2G
	shared hosting|--max-users 20
	database down|No mail is lost or bounced
	howto|Forward mail, with or without a copy
	END
}

questions >"$T/questions"
while IFS='|' read -r words answer; do
	t "help $words" '
		run mailadm help $words && status 0 && empty "$err" &&
		like "$(tr -s " \n" "  " <"$T/out")" "$answer"'
done <"$T/questions"

t 'of several words that no topic has together each is named' '
	run mailadm help migrate from postfixadmin && status 4 &&
	like "$err" "hint: mailadm help moving, mailadm help postfixadmin"'

t 'a typing error of any word of a topic names it' '
	run mailadm help forwrading && status 4 &&
	like "$err" "hint: did you mean: forwarding" &&
	run mailadm help smarthots && status 4 && like "$err" "smarthost"'

finish

# config init and config render on a machine of their own, where they stand.
. tests/lib.sh
need_root
need_command unshare chroot

# The machine as it is, with a layer over it that goes with the test.
own_machine() { # SCRIPT
	mkdir -p "$T/layer"
	unshare --mount --fork sh -e -c '
		mount -t tmpfs layer "$1"
		mkdir "$1/upper" "$1/work" "$1/root"
		mount -t overlay own "$1/root" \
		    -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work"
		mount -t proc proc "$1/root/proc"
		exec chroot "$1/root" sh "$2"' sh "$T/layer" "$1"
}

echo 'exit 0' >"$T/nothing"
own_machine "$T/nothing" 2>/dev/null ||
	skip_all 'no layer can be laid over this machine'

# A name without blanks, whatever the tree's has.
ln -s "$MAILADM" "$T/mailadm"

cat >"$T/script" <<END
step() {
	echo "== \$1"
	shift
	"\$@" 2>&1
	echo "status \$?"
}
render="$T/mailadm config render --postfix-version 3.7 --dovecot-version 2.3"
rm -rf /etc/mailadm /etc/postfix /etc/dovecot /var/lib/mailadm /etc/cron.d \
    /etc/letsencrypt
mkdir -p /etc/dovecot /etc/postfix
printf '%s\n' 'root:x:0:0:of the layer:/:' mailadm_check:x:990:990::/: \
    mailadm_policy:x:991:991::/: \
    >/etc/passwd
printf '%s\n' root:x:0: postfix:x:901: dovecot:x:902: >/etc/group
step early \$render grants --out /
step init $T/mailadm config init --yes --hostname mx.example.org
echo '# of the distribution' >/etc/dovecot/dovecot.conf
step refused \$render --out /
step forced \$render --out / --force
step again \$render --out /
step init-again $T/mailadm config init --yes
step readers sh -c 'cd /etc && ls -d cron.d letsencrypt;
    mkdir cron.d letsencrypt'
step readers-there \$render cron --out /
step connect $T/mailadm domain list
step files stat -c '%a %u %g %n' /etc/postfix/mailadm/sql_users.cf \
    /etc/mailadm/accounts.cnf /var/lib/mailadm/rendered
step vmail sh -c 'echo vmail:x:5000:5000::/: >>/etc/passwd;
    $T/mailadm config init --yes; $T/mailadm config init --yes --vmail-uid 5001'
END
own_machine "$T/script" >"$T/said" 2>&1

# What a step said.
said() {
	sed -n "/^== $1\$/,/^status /p" "$T/said"
}

t 'before config init, rendering says what is missing' '
	like "$(said early)" "hostname is not set" &&
	like "$(said early)" "hint: set it with: mailadm config init" &&
	like "$(said early)" "status 3"'

t 'config init says what comes next, in order' '
	like "$(said init)" "status 0" &&
	is "$(said init | sed -n "s/^hint: //p")" \
	    "groupadd --gid 5000 vmail
useradd --uid 5000 --gid vmail --home-dir /var/vmail --no-create-home \
--shell /usr/sbin/nologin vmail
install -d -o vmail -g vmail -m 700 /var/vmail
mailadm schema init
mariadb </etc/mailadm/grants.sql
mailadm config render --out /"'

t 'a vmail that exists, or has another id, is reported' '
	unlike "$(said vmail)" useradd &&
	like "$(said vmail)" "note: user vmail has id 5000 here, not 5001"'

t 'the files of a distribution are not replaced without --force' '
	like "$(said refused)" "status 6" &&
	matches "$(said refused)" "^/etc/dovecot/dovecot.conf	refused" &&
	like "$(said refused)" "# of the distribution"'

t 'with it they are, and kept' '
	like "$(said forced)" "status 0" &&
	like "$(said forced)" "kept: /etc/dovecot/dovecot.conf.bak"'

t 'settings and accounts are found where config init put them' '
	like "$(said again)" "status 0" && unlike "$(said again)" written &&
	like "$(said init-again)" "status 0" &&
	unlike "$(said init-again)" written &&
	like "$(said connect)" /run/mysqld/mysqld.sock'

t 'each file is in its place, with its owner' '
	is "$(said files | grep /)" "640 0 901 /etc/postfix/mailadm/sql_users.cf
600 0 0 /etc/mailadm/accounts.cnf
600 0 0 /var/lib/mailadm/rendered"'

t 'cron and certbot get a file where they are, and no folder is made' '
	unlike "$(said forced)" cron.d && unlike "$(said forced)" letsenc &&
	like "$(said forced)" "/etc/mailadm/check.cnf	written" &&
	like "$(said readers)" "cannot access '"'cron.d'"'" &&
	like "$(said readers)" "cannot access '"'letsencrypt'"'" &&
	like "$(said readers-there)" "/etc/cron.d/mailadm	written" &&
	like "$(said readers-there)" "deploy/mailadm	written"'

t 'the machine itself is as it was' '
	! grep "of the layer" /etc/passwd &&
	! grep -s "of the distribution" /etc/dovecot/dovecot.conf'

finish

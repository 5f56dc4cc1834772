# mailadm check: every defect among many good rows is found, and no other.
#
#   PLANT_GOOD=10000 PLANT_EACH=5 PLANT_SEED=8 sh tests/db/check_planted.sh
. tests/lib.sh
. tests/bench/check.sh

good=${PLANT_GOOD:-100000}	# users, and as many aliases
each=${PLANT_EACH:-25}		# instances of each defect
seed=${PLANT_SEED:-7}

# Each rule about rows has a defect in plant.awk; Dovecot is one that refuses
# old hashes.
export MAILADM_CONFIG="$T/mailadm.conf"
mkdir "$T/dovecot"
echo "dovecot_directory = $T/dovecot" >"$MAILADM_CONFIG"
echo 'dovecot_config_version = 2.4.1' >"$T/dovecot/dovecot.conf"
# A host that signs.
printf '%s\n' 'filter = rspamd' "dkim_secret = $T/secret" >>"$MAILADM_CONFIG"
(umask 077 && openssl rand -base64 32 | tr -d '=' >"$T/secret")
secret_id=$(tr -d '\n' <"$T/secret" | sha256sum | cut -c 1-16)
# Patterns and blocks, A019 and more, have tables of their own: patterns.sh.
# So has where mail goes: check_ways.sh.
OURS=$(mailadm check rules -o tsv --columns rule |
	grep -vE '^S|U025|A019|A02[0-3]|^W|D02[1-9]|D03|U03')
# Foreign tables have no columns for these.
OURS_ALONE='D00[6-9]|D01[013-9]|D020|U01[89]|U02[0-36-9]|A01[018]|A02[45]'
FOREIGN=$(echo "$OURS" | grep -vxE "$OURS_ALONE")

client() {
	client_database=$1
	shift
	mariadb --no-defaults --skip-ssl --socket="$server_socket" \
	    --user=root --database="$client_database" "$@"
}

# Good rows and, on our schema, nothing that keeps bad ones out: the triggers
# see to it that nobody becomes an alias domain who has users, the keys that
# no home is given twice and no algorithm signs twice.
fill_ours() {
	fresh
	client mail -N -e "SELECT CONCAT('DROP TRIGGER ', trigger_name, ';')
	    FROM information_schema.triggers
	    WHERE trigger_schema = 'mail'" >"$T/drop" &&
	client mail <"$T/drop" &&
	client mail -e 'ALTER TABLE users DROP KEY home;
	    ALTER TABLE dkim_keys DROP KEY signing' &&
	check_fill mail "$good" &&
	client mail -e "INSERT INTO dkim_keys (domain, selector, algorithm,
	    bits, state, public_key, private_key, secret_id)
	    SELECT domain, 's', 'rsa', 2048, 'active', 'AAAA',
	    '-----BEGIN ENCRYPTED PRIVATE KEY-----', '$secret_id'
	    FROM domains"
}

fill_foreign() {
	server_database=
	sql 'CREATE DATABASE other CHARACTER SET latin1' &&
	client other -e 'CREATE TABLE domains (domain VARCHAR(120));
	    CREATE TABLE users (email VARCHAR(128), crypt VARCHAR(128),
		home VARCHAR(128));
	    CREATE TABLE aliases (mail VARCHAR(120), destination TEXT)' &&
	check_fill other "$good"
}

# planted DATABASE KIND RULES: the sets of what was wanted and what is found.
planted() {
	awk -v each="$each" -v seed="$seed" -v good="$good" -v kind="$2" \
	    -v secret="$secret_id" -v rules="$3" \
	    -v wanted="$T/wanted" -f tests/db/plant.awk \
	    >"$T/plant.sql" && client "$1" <"$T/plant.sql" &&
	run mailadm --database "$1" check --severity note -o tsv \
	    --columns rule,name && status 1 || return 1
	grep -v '^S' "$T/out" | LC_ALL=C sort >"$T/found"
	LC_ALL=C sort "$T/wanted" >"$T/planted"
	LC_ALL=C comm -23 "$T/planted" "$T/found" >"$T/missing"
	LC_ALL=C comm -13 "$T/planted" "$T/found" >"$T/false"
	echo "# $1: $(wc -l <"$T/planted") defects of" \
	    "$(cut -f 1 "$T/planted" | sort -u | wc -l) rules planted among" \
	    "$((2 * good)) rows," \
	    "$(($(wc -l <"$T/planted") - $(wc -l <"$T/missing"))) found," \
	    "$(wc -l <"$T/false") false alarms (seed $seed)"
	is "$(head -n 20 "$T/missing")" '' && is "$(head -n 20 "$T/false")" ''
}

# clean DATABASE: the good rows alone.
clean() {
	run mailadm --database "$1" check --severity note -o tsv \
	    --columns rule,name &&
	is "$(grep -v '^S' "$T/out" | head -n 20)" ''
}

server_start --skip-log-bin --innodb-buffer-pool-size=256M \
    --innodb-log-file-size=64M --innodb-autoinc-lock-mode=2

t 'nothing is found in good rows' 'fill_ours && clean mail'
t 'every defect is found once, and nothing else' '
	planted mail ours "$OURS"'
t 'nothing is found in the same rows in tables of others' '
	fill_foreign && clean other'
t 'every defect that such tables hold is found once, and nothing else' '
	planted other foreign "$FOREIGN"'

finish

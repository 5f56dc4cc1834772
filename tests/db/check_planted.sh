# mailadm check: every defect among many good rows is found, and no other.
#
#   PLANT_GOOD=10000 PLANT_EACH=5 PLANT_SEED=8 sh tests/db/check_planted.sh
. tests/lib.sh
. tests/bench/check.sh

good=${PLANT_GOOD:-100000}	# users, and as many aliases
each=${PLANT_EACH:-25}		# instances of each defect
seed=${PLANT_SEED:-7}

OURS='D001 D002 D003 D004 D005 D006 D007 D008 D009 D010 D011 D012 D013 D014
	U001 U002 U003 U004 U005 U006 U007 U008 U009 U010 U011 U012 U013 U014
	U015 U016 U017 U018 U019 U020 U021 U022 U023
	A001 A002 A003 A004 A005 A006 A007 A008 A009 A010 A011 A012 A013 A014
	A015 A016 A017 A018'
# Exactly equal rows, and NULL, are what only tables of others hold.
FOREIGN='D001 D002 D003 D004 D005 D012 U001 U002 U003 U004 U005 U006 U007
	U008 U009 U010 U011 U012 U013 U014 U015 U016 U017
	A001 A002 A003 A004 A005 A006 A007 A008 A009 A012 A013 A014 A015 A016
	A017'

client() {
	client_database=$1
	shift
	mariadb --no-defaults --skip-ssl --socket="$server_socket" \
	    --user=root --database="$client_database" "$@"
}

# Good rows and, on our schema, nothing that keeps bad ones out: the triggers
# see to it that nobody becomes an alias domain who has users, the key that
# no home is given twice.
fill_ours() {
	fresh
	client mail -N -e "SELECT CONCAT('DROP TRIGGER ', trigger_name, ';')
	    FROM information_schema.triggers
	    WHERE trigger_schema = 'mail'" >"$T/drop" &&
	client mail <"$T/drop" &&
	client mail -e 'ALTER TABLE users DROP KEY home' &&
	check_fill mail "$good"
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
	    -v rules="$3" -v wanted="$T/wanted" -f tests/db/plant.awk \
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

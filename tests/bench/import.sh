# What import, plan and export cost; part of run.sh, which says how to
# measure.
# shellcheck shell=sh

IMPORT=${BENCH_IMPORT:-1000000}	# users

# Users in a thousand domains, with hashes, as export writes them; and the
# same rows as LOAD DATA reads them.
import_files() {
	awk -v n="$IMPORT" -v csv="$T/import.csv" \
	    -v tsv="$T/import.tsv" 'BEGIN {
		print "email,active,name,quota,home,hash" >csv
		for (i = 1; i <= n; i++) {
			d = "d" i % 1000 ".example"
			u = sprintf("u%07d", i)
			hash = sprintf("$5$rounds=50000$abcdefghijklmnop$" \
			    "%042dA", i)
			print u "@" d ",1,User " i ",default," d "/" u "," \
			    hash >csv
			print u "@" d "\t1\tUser " i "\t\\N\t" d "/" u \
			    "\t" hash >tsv
		}
	}'
}

import_schema() {
	schema import
	client import -e "INSERT INTO domains (domain)
	    SELECT CONCAT('d', seq, '.example') FROM seq_0_to_999"
}

imports() {
	import_files
	round=0
	while more_rounds; do
		import_schema
		client import -e 'DROP TRIGGER users_insert;
		    DROP TRIGGER users_insert_rules'
		meter_client import.ruler import --local-infile=1 -e "LOAD DATA
		    LOCAL INFILE '$T/import.tsv' INTO TABLE users
		    CHARACTER SET utf8mb4
		    (email, active, name, quota, home, crypt)"
		import_schema
		meter_mailadm import import --quiet \
		    import users "$T/import.csv"
	done
	heading "import users of $IMPORT, with hashes (median of $round)"
	# 3 was kept while the client wrote the history, which let the daily
	# account forge it; the server's own triggers read JSON instead.
	verdict_ratio 'with history' import import.ruler 4 \
	    'LOAD DATA without triggers'
	verdict_memory 'its memory' import 64
}

# As many aliases, one in ten to an address elsewhere, to the users of
# imports().
alias_files() {
	awk -v n="$IMPORT" -v csv="$T/aliases.csv" \
	    -v tsv="$T/aliases.tsv" 'BEGIN {
		print "mail,destination,active" >csv
		for (i = 1; i <= n; i++) {
			d = "d" i % 1000 ".example"
			from = sprintf("a%07d@%s", i, d)
			to = i % 10 ? sprintf("u%07d@%s", i, d) : \
			    "out" i "@else.example.net"
			print from "," to ",1" >csv
			print from "\t" to "\t1" >tsv
		}
	}'
}

alias_imports() {
	alias_files
	round=0
	while more_rounds; do
		client import -e 'TRUNCATE aliases;
		    DROP TRIGGER aliases_insert'
		meter_client aliases.ruler import --local-infile=1 -e "LOAD
		    DATA LOCAL INFILE '$T/aliases.tsv' INTO TABLE aliases
		    CHARACTER SET utf8mb4 (mail, destination, active)"
		client import -e 'TRUNCATE aliases'
		triggers_again import
		meter_mailadm aliases import --quiet \
		    import aliases "$T/aliases.csv"
	done
	heading "import aliases of $IMPORT, each judged (median of $round)"
	verdict_ratio 'with history' aliases aliases.ruler 6 \
	    'LOAD DATA without triggers'
	verdict_memory 'its memory' aliases 64
}

# The database of imports() against a manifest of itself.
plans() {
	mailadm --database=import export --with-hashes >"$T/import.yaml"
	round=0
	while more_rounds; do
		meter plan.reading "$TOP/$OUT/tests/reading" \
		    "$T/import.yaml"
		meter_client plan.rows import --quick -N -e 'SELECT email,
		    active, name, quota, home, crypt FROM users;
		    SELECT mail, destination, active FROM aliases;
		    SELECT * FROM domains'
		meter_mailadm plan import plan "$T/import.yaml"
		meter_mailadm export import export --with-hashes
		meter_mailadm export.csv import export users --format csv
	done
	paste -d ' ' "$T/figures/plan.reading" "$T/figures/plan.rows" |
		awk '{ print $1 + $3, $2 }' >"$T/figures/plan.ruler"
	heading "plan and export of $IMPORT users (median of $round)"
	verdict_ratio 'plan of what is there' plan plan.ruler 3 \
	    'reading the file, and mariadb --quick'
	verdict_memory 'its memory' plan 400
	verdict_ratio 'export' export plan.rows 1.5 'mariadb --quick'
	verdict_ratio 'export users --format csv' export.csv plan.rows 1.5 \
	    'mariadb --quick'
	verdict_memory 'its memory' export 32
}

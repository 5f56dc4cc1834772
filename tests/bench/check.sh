# What the checker costs; part of run.sh, which says how to measure.
# shellcheck shell=sh

ROWS=${BENCH_ROWS:-1000000}	# users, and as many aliases

# check_fill DATABASE NUMBER: so many users and aliases that nothing is wrong
# with, in a thousand domains.  Hashes differ, as they do where somebody set
# them.  Of ten aliases six lead to a user, two outside, one to the alias
# before it, and one is a second destination of that.
check_fill() {
	client "$1" <<-END
		SET check_constraint_checks = 0, foreign_key_checks = 0;
		INSERT INTO domains (domain)
		SELECT CONCAT('d', seq, '.example') FROM seq_0_to_999;
		INSERT INTO users (email, crypt, home)
		SELECT CONCAT('user', seq, '@d', seq % 1000, '.example'),
		    CONCAT('\$5\$rounds=50000\$', LEFT(MD5(seq), 16), '\$',
		    LEFT(SHA2(seq, 256), 42), 'A'),
		    CONCAT('d', seq % 1000, '.example/user', seq)
		FROM seq_1_to_$2;
		INSERT INTO aliases (mail, destination)
		SELECT CONCAT(ELT(1 + (seq > 1000), 'postmaster', 'abuse'),
		    '@d', seq % 1000, '.example'),
		    CONCAT('user', 1000 + seq % 1000, '@d', seq % 1000,
		    '.example') FROM seq_1_to_2000
		UNION ALL
		SELECT CONCAT('alias', seq - (seq % 10 = 9), '@d',
		    (seq - (seq % 10 = 9)) % 1000, '.example'),
		    CASE WHEN seq % 10 < 7 OR seq % 10 = 9
			THEN CONCAT('user', seq, '@d', seq % 1000, '.example')
		    WHEN seq % 10 < 8
			THEN CONCAT('someone', seq, '@elsewhere.example')
		    ELSE CONCAT('alias', seq - 1, '@d', (seq - 1) % 1000,
			'.example') END
		FROM seq_2001_to_$2;
	END
}

# As the triggers would have written it, in one change.
check_history() {
	client "$1" <<-END
		INSERT INTO homes (home, email) SELECT home, email FROM users;
		INSERT INTO changes (actor, program) VALUES ('bench', 'sql');
		INSERT INTO history (\`change\`, actor, kind, name, new_row)
		SELECT 1, 'bench', 'domain', domain, JSON_OBJECT(
		    'domain', domain, 'active', active,
		    'description', description, 'alias_of', alias_of,
		    'quota', quota, 'max_users', max_users, 'max_aliases',
		    max_aliases, 'created', created, 'modified', modified)
		FROM domains;
		INSERT INTO history (\`change\`, actor, kind, name, new_row)
		SELECT 1, 'bench', 'user', email, JSON_OBJECT('email', email,
		    'crypt', crypt, 'active', active, 'name', name,
		    'quota', quota, 'home', home, 'created', created,
		    'modified', modified) FROM users;
		INSERT INTO history (\`change\`, actor, kind, name, new_row)
		SELECT 1, 'bench', 'alias', mail, JSON_OBJECT('mail', mail,
		    'destination', destination, 'active', active,
		    'created', created, 'modified', modified) FROM aliases;
	END
}

check_populate() {
	schema "$1"
	client "$1" -N -e "SELECT CONCAT('DROP TRIGGER ', trigger_name, ';')
	    FROM information_schema.triggers WHERE trigger_schema = '$1'" \
	    >"$T/drop"
	client "$1" <"$T/drop"
	check_fill "$1" "$2"
	check_history "$1"
	client "$1" -e 'ANALYZE TABLE users, domains, aliases, homes,
	    history' >/dev/null
	client "$1" <sql/001-mail.sql || exit 1
}

# Many who write at once: no rule is passed, nothing is lost, nothing half
# done.
#
# FULL=1 runs 32 writers with 1,000 commands each instead of a short round.
. tests/lib.sh

WRITERS=32
COMMANDS=${COMMANDS:-60}
[ -z "${FULL:-}" ] || COMMANDS=1000

server_start --innodb-buffer-pool-size=128M
fresh

# --- races with a gate ----------------------------------------------------

# Another session holds a row until all who race for it wait there; then it
# lets them go at once.
mkfifo "$T/gate.in"
mariadb --no-defaults --skip-ssl --socket="$server_socket" --user=root \
    --database=mail --batch --skip-column-names --unbuffered \
    <"$T/gate.in" >"$T/gate.out" 2>&1 &
exec 8>"$T/gate.in"

gate() {
	: >"$T/gate.out"
	echo "$1; SELECT 'is done';" >&8
	eventually grep -q 'is done' "$T/gate.out"
}

gate_shut() {
	gate "START TRANSACTION; SELECT * FROM $1 FOR UPDATE"
}

waiting() {
	[ "$(sql "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'" |
	    cut -f 2)" -ge "$1" ]
}

# race ROW COMMAND...: all at once; $won is how many succeeded, $statuses
# what the others said, sorted.
race() {
	gate_shut "$1" || return 1
	shift
	racers=
	for racer; do
		# shellcheck disable=SC2086 # words
		mailadm --yes $racer >/dev/null 2>>"$T/race.err" &
		racers="$racers $!"
	done
	eventually waiting $# && gate 'COMMIT' || return 1
	won=0
	statuses=
	for racer in $racers; do
		if wait "$racer"; then
			won=$((won + 1))
		else
			statuses="$statuses$?
"
		fi
	done
	statuses=$(printf %s "$statuses" | sort | tr '\n' ' ')
}

ALIASES="locks WHERE name = 'aliases'"

# domain NAME: its row.
row() {
	echo "domains WHERE domain = '$1'"
}

# The first loop that the aliases make, by their rows alone.
loop() {
	sql 'SELECT mail, destination FROM aliases
	    WHERE mail <> destination' | awk '
	function walk(name,    i, n, to) {
		if (state[name] == "open") { print "loop at " name; exit }
		if (state[name] == "done") return
		state[name] = "open"
		n = split(edges[name], to, " ")
		for (i = 1; i <= n; i++) walk(to[i])
		state[name] = "done"
	}
	{ edges[$1] = edges[$1] " " $2 }
	END { for (name in edges) walk(name) }'
}

t 'the check for loops sees one' '
	mailadm --quiet domain add seen.example &&
	sql "INSERT INTO aliases (mail, destination) VALUES
	    (\"a@seen.example\", \"b@seen.example\"),
	    (\"b@seen.example\", \"c@seen.example\"),
	    (\"c@seen.example\", \"a@seen.example\")" &&
	like "$(loop)" "loop at" &&
	mailadm --quiet --yes domain remove seen.example --recursive &&
	empty "$(loop)"'

for n in 1 2 3 4; do
	echo "domain add c$n.example"
	echo "domain add d$n.example"
done >"$T/setup"
mailadm --quiet --file "$T/setup" || bail_out 'no domains'

cycle() {
	for name in a b c d e f; do
		race "$ALIASES" \
		    "alias add $name@c1.example $name@c2.example --force" \
		    "alias add $name@c2.example $name@c3.example --force" \
		    "alias add $name@c3.example $name@c4.example --force" \
		    "alias add $name@c4.example $name@c1.example --force" &&
		is "$won won, $statuses" '3 won, 6 ' && empty "$(loop)" ||
			return 1
	done
}

t 'four who close a loop over four domains: the last is refused' cycle

t 'a limit holds however many race for the last place' '
	mailadm --quiet domain set d1.example --max-users 3 &&
	mailadm --quiet user add one@d1.example --no-password &&
	race "$(row d1.example)" "user add a@d1.example --no-password" \
	    "user add b@d1.example --no-password" \
	    "user add c@d1.example --no-password" \
	    "user add d@d1.example --no-password" \
	    "user add e@d1.example --no-password" \
	    "user add f@d1.example --no-password" &&
	is "$won won, $statuses" "2 won, 6 6 6 6 " &&
	is "$(sql "SELECT COUNT(*) FROM users
	    WHERE domain = \"d1.example\"")" 3'

t 'a limit of aliases does, too' '
	mailadm --quiet domain set d2.example --max-aliases 1 &&
	race "$ALIASES" "alias add a@d2.example x@out.example" \
	    "alias add b@d2.example x@out.example" \
	    "alias add c@d2.example x@out.example" &&
	is "$won won, $statuses" "1 won, 6 6 " &&
	is "$(sql "SELECT COUNT(DISTINCT mail) FROM aliases
	    WHERE domain = \"d2.example\"")" 1'

# undo_race WRITE COMMAND...: the command's change is undone while another
# session has made the write, and commits once the undo waits for its row.
# So the undo has looked at the row before, and writes to it after.
undo_race() {
	write=$1
	shift
	mailadm --quiet --yes "$@" &&
	change=$(mailadm history --limit 1 --columns change) &&
	gate "START TRANSACTION; $write" || return 1
	mailadm undo "$change" >"$T/undo.out" 2>"$T/undo.err" &
	undoer=$!
	eventually waiting 1 && gate COMMIT || return 1
	wait "$undoer"
	is "$? $(grep -c 'undone by' "$T/undo.err")" '6 0' &&
	like "$(cat "$T/undo.err")" "cannot undo change $change"
}

t 'an undo overwrites no row that is changed after it has looked' '
	mailadm --quiet domain add undo.example &&
	mailadm --quiet user add anna@undo.example --no-password &&
	undo_race "UPDATE users SET name = \"Other\"
	    WHERE email = \"anna@undo.example\"" \
	    user set anna@undo.example --quota 1G &&
	is "$(sql "SELECT name, quota FROM users
	    WHERE email = \"anna@undo.example\"")" "Other	1073741824"'

t 'and removes none' '
	undo_race "UPDATE aliases SET active = 0
	    WHERE mail = \"info@undo.example\"" \
	    alias add info@undo.example anna@undo.example &&
	is "$(sql "SELECT COUNT(*) FROM aliases
	    WHERE mail = \"info@undo.example\"")" 1'

t 'nor does it write a row that somebody else has written meanwhile' '
	mailadm --quiet alias add team@undo.example anna@undo.example &&
	undo_race "INSERT INTO aliases (mail, destination)
	    VALUES (\"team@undo.example\", \"anna@undo.example\")" \
	    alias remove team@undo.example &&
	is "$(sql "SELECT COUNT(*) FROM aliases
	    WHERE mail = \"team@undo.example\"")" 1'

t 'a place that a command of the same batch has freed can be taken' '
	mailadm --quiet domain add free.example --max-aliases 1 &&
	printf "%s\n" "user add u@free.example --no-password" \
	    "alias add a@free.example u@free.example" \
	    "user remove u@free.example --cascade" \
	    "alias add b@free.example x@out.example" >"$T/freed" &&
	run mailadm --quiet --yes --file "$T/freed" && status 0'

t 'a user who is renamed does not bring an alias too many' '
	mailadm --quiet user add b@d4.example --no-password &&
	mailadm --quiet user add c@d4.example --no-password &&
	mailadm --quiet alias add b@d4.example x@out.example &&
	mailadm --quiet alias add c@d4.example x@out.example &&
	mailadm --quiet domain set d2.example --max-aliases 2 &&
	race "$ALIASES" "user rename b@d4.example b@d2.example" \
	    "user rename c@d4.example c@d2.example" &&
	is "$won won, $statuses" "1 won, 6 " &&
	is "$(sql "SELECT COUNT(DISTINCT mail) FROM aliases
	    WHERE domain = \"d2.example\"")" 2'

t 'of those who add the same user one does, the others get an error' '
	race "$(row d3.example)" "user add same@d3.example --no-password" \
	    "user add same@d3.example --no-password" \
	    "user add same@d3.example --no-password" &&
	is "$won won, $statuses" "1 won, 5 5 "'

t 'no alias leads to a user who is being removed' '
	race "$ALIASES" "user remove same@d3.example" \
	    "alias add to@d3.example same@d3.example" &&
	is "$won won, $statuses" "1 won, 6 " &&
	is "$(sql "SELECT (SELECT COUNT(*) FROM users
		WHERE email = \"same@d3.example\") =
	    (SELECT COUNT(*) FROM aliases
		WHERE mail = \"to@d3.example\")")" 1'

t 'nobody is added to a domain that is being removed' '
	mailadm --quiet domain add gone.example &&
	race "$(row gone.example)" "domain remove gone.example" \
	    "user add last@gone.example --no-password" &&
	is "$won" 1 && matches "$statuses" "^[46] $" &&
	is "$(sql "SELECT COUNT(*) FROM users
	    WHERE domain = \"gone.example\"")" \
	    "$(sql "SELECT COUNT(*) FROM domains
	    WHERE domain = \"gone.example\"")"'

t 'two domains do not become aliases of each other' '
	mailadm --quiet domain add p.example &&
	mailadm --quiet domain add q.example &&
	race "domains WHERE domain IN (\"p.example\", \"q.example\")" \
	    "domain set p.example --alias-of q.example" \
	    "domain set q.example --alias-of p.example" &&
	is "$won won, $statuses" "1 won, 6 "'

t 'a domain that becomes an alias gets no user meanwhile' '
	mailadm --quiet domain add r.example &&
	race "$(row r.example)" \
	    "domain set r.example --alias-of d4.example" \
	    "user add late@r.example --no-password" &&
	is "$won won, $statuses" "1 won, 6 " &&
	is "$(sql "SELECT COUNT(*) FROM users JOIN domains USING (domain)
	    WHERE alias_of IS NOT NULL")" 0'

exec 8>&-

# --- everybody at once ----------------------------------------------------

# A domain with limits, three without; one that is switched on and off.
{
	echo 'domain add w1.example --max-users 20 --max-aliases 12'
	for n in 2 3 4; do
		echo "domain add w$n.example"
	done
	echo 'domain add steady.example'
	for n in 1 2 3 4 5 6 7 8; do
		echo "user add s$n@steady.example --no-password"
	done
} >"$T/setup"
mailadm --quiet --file "$T/setup" || bail_out 'no domains'
before=$(sql 'SELECT MAX(id) FROM history')

# The commands of one writer.  Each that writes a row of its own bears a tag
# that no other has: wWRITER-LINE.
commands() {
	awk -v writer="$1" -v count="$COMMANDS" '
	function some(n) { return int(rand() * n) + 1 }
	function domain() { return "@w" some(4) ".example" }
	function user() { return "u" some(25) domain() }
	function alias() { return "a" some(15) domain() }
	BEGIN {
		srand(writer)
		for (line = 1; line <= count; line++) {
			tag = "w" writer "-" line
			kind = some(100)
			if (kind <= 20)
				print "user add " user() \
				    " --no-password --name " tag
			else if (kind <= 38)
				print "user set " user() " --name " tag
			else if (kind <= 46)
				print "user remove " user() " --cascade"
			else if (kind <= 52)
				print "user rename " user(), user()
			else if (kind <= 54)
				print "alias add " user(), tag "@out.example"
			else if (kind <= 62)
				print "alias add " alias(), tag "@out.example"
			else if (kind <= 74)
				print "alias add " alias(), alias() " --force"
			else if (kind <= 80)
				print "alias set " alias(), user(), tag \
				    "@out.example --force"
			else if (kind <= 86)
				print "alias remove " alias() " --cascade"
			else if (kind <= 91)
				print "alias disable " alias()
			else if (kind <= 93)
				print "alias enable " alias()
			else if (kind <= 97)
				print "domain set w" some(4) \
				    ".example --description " tag
			else
				print "domain " (some(2) == 1 ? "enable" : \
				    "disable") " w4.example"
		}
	}'
}

# Batches of five commands each, in one transaction, that want the same rows
# in any order: what deadlocks are made of.
bundles() {
	awk -v writer="$1" -v count="$COMMANDS" -v prefix="$T/bundle-$1-" '
	BEGIN {
		srand(writer)
		for (line = 1; line <= count; line++) {
			file = prefix int((line - 1) / 5)
			print "user set s" int(rand() * 8) + 1 \
			    "@steady.example --name w" writer "-" line >file
		}
	}'
}

# Errors as JSON lines: they name the error, and the line.
write_bundles() {
	for bundle in "$T/bundle-$1-"*; do
		mailadm --quiet -o json --file "$bundle" 2>"$bundle.err" ||
			echo $? >"$bundle.status"
	done
}

# One process a command.
write_singly() {
	line=0
	while read -r command; do
		line=$((line + 1))
		# shellcheck disable=SC2086 # words
		mailadm --quiet -o json --yes $command 2>"$T/single.$1" ||
		    sed "s/}\$/,\"line\":$line}/" "$T/single.$1"
	done <"$T/writer-$1" >"$T/writer-$1.err"
}

write_all() {
	writers=
	n=0
	while [ "$n" -lt "$WRITERS" ]; do
		n=$((n + 1))
		if [ "$n" -le 4 ]; then
			bundles "$n"
			write_bundles "$n" &
		else
			commands "$n" >"$T/writer-$n"
			if [ "$n" -le 6 ]; then
				write_singly "$n" &
			else
				mailadm --quiet --yes -o json --keep-going \
				    --file "$T/writer-$n" \
				    2>"$T/writer-$n.err" &
			fi
		fi
		writers="$writers $!"
	done
	# shellcheck disable=SC2086 # numbers
	wait $writers
}

begun=$(date +%s)
write_all
took=$(($(date +%s) - begun))

# What each failed command said, as NAME LINE WRITER.
for file in "$T"/writer-*.err; do
	sed -n 's/^{"error":"\([a-z-]*\)".*"line":\([0-9]*\).*/\1 \2/p' \
	    "$file" | sed "s/\$/ $(basename "$file" .err | cut -d - -f 2)/"
done >"$T/failed"

# The tags of the commands that were reported as done: those without error.
done_tags() {
	for file in "$T"/writer-*[0-9]; do
		awk -v writer="${file##*-}" -v failed="$T/failed" '
		BEGIN {
			while ((getline <failed) > 0)
				if ($3 == writer) bad[$2] = 1
		}
		!(FNR in bad) && match($0, "w" writer "-[0-9]+") {
			print substr($0, RSTART, RLENGTH)
		}' "$file"
	done
	for file in "$T"/bundle-*[0-9]; do
		[ -e "$file.status" ] ||
			grep -o 'w[0-9]*-[0-9]*$' "$file"
	done
}

# The tags that came into the database.
kept_tags() {
	sql "SELECT new_row FROM history WHERE id > $before
	    AND new_row IS NOT NULL" | grep -o 'w[0-9][0-9]*-[0-9][0-9]*' |
	    sort -u
}

t 'what was reported as done was done, what failed left nothing' '
	done_tags | sort -u >"$T/done" && kept_tags >"$T/kept" &&
	[ "$(wc -l <"$T/done")" -gt "$WRITERS" ] &&
	is "$(comm -3 "$T/done" "$T/kept")" ""'

t 'errors say what is so; none is about the database' '
	is "$(cut -d " " -f 1 "$T/failed" | sort -u |
	    grep -Evx "not-found|exists|refused|invalid|retry")" "" &&
	is "$(cat "$T"/bundle-*.status 2>/dev/null | grep -v "^8\$")" ""'

retries=$(grep -c '^retry' "$T/failed")
given_up=$((retries + $(cat "$T"/bundle-*.status 2>/dev/null | wc -l)))
t 'hardly anybody had to be sent away' '
	[ "$((given_up * 100))" -le "$((WRITERS * COMMANDS))" ]'

t 'no loop was closed' '
	empty "$(loop)"'

t 'no limit was passed' '
	is "$(sql "SELECT domain FROM domains AS d
	    WHERE (SELECT COUNT(*) FROM users AS u
		WHERE u.domain = d.domain) > d.max_users
	    OR (SELECT COUNT(DISTINCT mail) FROM aliases AS a
		WHERE a.domain = d.domain) > d.max_aliases")" ""'

# Rows that came, less rows that went, are the rows that are there.
lost_rows() {
	sql "SELECT kind, SUM((old_row IS NULL) - (new_row IS NULL)) AS n
	    FROM history GROUP BY kind
	    HAVING n <> CASE kind
		WHEN 'domain' THEN (SELECT COUNT(*) FROM domains)
		WHEN 'user' THEN (SELECT COUNT(*) FROM users)
		ELSE (SELECT COUNT(*) FROM aliases) END"
}

# Each row is as its last change left it.
other_rows() {
	sql "SELECT u.email FROM users AS u
	    JOIN (SELECT name, MAX(id) AS id FROM history
		WHERE kind = 'user' GROUP BY name) AS last
		ON last.name = u.email
	    JOIN history AS h ON h.id = last.id
	    WHERE NOT (JSON_VALUE(h.new_row, '$.name') <=> u.name)
	    OR NOT (JSON_VALUE(h.new_row, '$.active') <=> u.active)"
}

t 'no row was lost, and each is as its last change left it' '
	empty "$(lost_rows)" && empty "$(other_rows)"'

t 'each change belongs to one command' '
	is "$(sql "SELECT COUNT(*) FROM changes
	    WHERE token IS NULL")" "$(sql "SELECT COUNT(*) FROM changes
	    WHERE actor LIKE \"root@localhost%\"")" &&
	is "$(sql "SELECT COUNT(*) FROM history AS h LEFT JOIN changes AS c
	    ON c.id = h.\`change\` WHERE c.id IS NULL")" 0'

status_of() {
	sql "SHOW GLOBAL STATUS LIKE '$1'" | cut -f 2
}

echo "# $WRITERS writers, $COMMANDS commands each, in $took s:" \
    "$(sort "$T/failed" | cut -d ' ' -f 1 | uniq -c | tr '\n' ' ' |
    tr -s ' ')errors; $(status_of Innodb_deadlocks) deadlocks," \
    "$(status_of Com_rollback) rollbacks, $given_up sent away"

finish

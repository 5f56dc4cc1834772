# What history costs, and undo; part of run.sh, which says how to measure.
# shellcheck shell=sh

# plain DATABASE rules|nothing: the schema without history, or without any
# trigger at all.
plain() {
	schema "$1"
	client "$1" -N -e "SELECT CONCAT('DROP TRIGGER ', trigger_name, ';')
	    FROM information_schema.triggers WHERE trigger_schema = '$1'
	    AND ('$2' = 'nothing' OR trigger_name NOT LIKE '%\\_rules')" \
	    >"$T/drop"
	client "$1" <"$T/drop"
}

# One user, with history and without.
history_one() {
	schema recorded
	plain bare rules
	for name in recorded bare; do
		mailadm --database=$name --quiet domain add few.example
	done
	turn=0
	while [ "$turn" -lt "$TURNS" ]; do
		turn=$((turn + 1))
		for name in recorded bare; do
			meter_mailadm "history.$name" $name \
			    user add "n$turn@few.example" --hash "$HASH"
		done
	done
	verdict_ratio 'user add --hash' history.recorded history.bare 1.5 \
	    'without history'
}

# The statements of a load into a schema that fills in nothing.
history_load() {
	echo 'START TRANSACTION;'
	seq "$BATCH" | awk -v h="$HASH" '{
		print "INSERT INTO users (email, crypt, home) VALUES (" \
		    "\047b" $1 "@b.example\047, \047" h "\047, " \
		    "\047b.example/b" $1 "\047);"
	}'
	echo 'COMMIT;'
}

# One statement of SQL by hand, for as many users.
history_by_hand() {
	meter_client "history.hand.$1" "$1" -e "INSERT INTO users
	    (email, crypt, home) SELECT CONCAT('h', seq, '@b.example'),
	    '$HASH', CONCAT('b.example/h', seq) FROM seq_1_to_$BATCH"
}

# Many users: by mailadm with history, by SQL with no trigger at all; by
# hand with both; and what was done by mailadm is shown and undone.
history_many() {
	seq "$BATCH" | awk -v h="$HASH" \
	    '{ print "user add b" $1 "@b.example --hash \047" h "\047" }' \
	    >"$T/batch"
	history_load >"$T/load.sql"
	round=0
	while [ "$round" -lt "$ROUNDS" ]; do
		round=$((round + 1))
		schema recorded
		plain bare nothing
		for name in recorded bare; do
			client $name -e "INSERT INTO domains (domain)
			    VALUES ('b.example')"
			history_by_hand $name
		done
		meter_mailadm history.batch recorded --quiet --file "$T/batch"
		meter_input=$T/load.sql
		meter_client history.load bare
		meter_input=
		meter_mailadm history.list recorded history -o tsv
		id=$(mailadm --database=recorded history --limit 1 \
		    --columns change)
		meter_mailadm history.undo recorded --quiet undo "$id"
	done
}

histories() {
	heading "History (median of $TURNS; of $ROUNDS for $BATCH users)"
	history_one
	history_many
	verdict_ratio 'a batch of user add --hash' history.batch \
	    history.load 3 'SQL without triggers'
	awk -v with="$(median history.hand.recorded)" \
	    -v without="$(median history.hand.bare)" 'BEGIN {
		printf "      one INSERT by hand: %.2f x (%.0f ms, without " \
		    "triggers %.0f ms)\n", with / without, with, without
	}'
	awk -v list="$(median history.list)" -v undo="$(median history.undo)" \
	    -v batch="$(median history.batch)" 'BEGIN {
		printf "      history of all of it %.0f ms; undo of the " \
		    "batch %.0f ms, %.2f x the batch\n", list, undo,
		    undo / batch
	}'
	verdict_memory 'memory of history' history.list 32
	verdict_memory 'memory of undo' history.undo 64
	sql 'DROP DATABASE recorded; DROP DATABASE bare'
}

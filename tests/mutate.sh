#!/bin/sh
# Do the tests notice a fault?  sh tests/mutate.sh, or make mutate
#
# Mutations are drawn at random over all rooms of src, and each is made alone:
# a condition negated, < for <=, + for -, && for ||, true for false, a constant
# one higher, a "return false" or a call left out (see mutations.awk).  It is
# built, and the tests run until one fails: those that know the room first.
# A mutation that no test notices is shown: it needs a test, or a reason.
#
#   MUTANTS=60          how many
#   SEED=1              the same number draws the same mutations again
#   ONLY=12             the mutation of that number alone
#   ROOM=src/model      only in rooms whose names begin so
#   WORKERS=1           mutations at a time; each keeps one core busy
#   TESTS='FILE...'     these test files instead of all
#   SLOW=30             a test file that takes more seconds is asked only
#                       about the rooms that it is named after
#   ENCLOSE=            root works without namespaces
#
# All happens in copies of the tree below $OUT/mutate: nothing has to be put
# back, however this ends.  As root each test runs in namespaces of its own,
# as a program that is wrong may write anywhere: all but the copy and /tmp is
# read-only in them, and no process outlives them.
#
# A mutation that does not build, or that makes the same object, is drawn
# again.  A test file that fails has to fail twice, and when it does so for the
# first time, it has to pass without a mutation, or it is not used.

OUT=${OUT:-build}
SAN=${SAN:-}
MUTANTS=${MUTANTS:-60}
ONLY=${ONLY:-}
ROOM=${ROOM:-src}
WORKERS=${WORKERS:-1}
TESTS=${TESTS:-}
SEED=${SEED:-$(date +%s)}
ENCLOSE=${ENCLOSE-root}
SLOW=${SLOW:-30}
TRIES=12
[ -f tests/mutate.sh ] || { echo 'Bail out! run from the top'; exit 99; }
top=$(pwd)
W=$top/$OUT/mutate
tab=$(printf '\t')
export LC_ALL=C
unset MAKEFLAGS MAKELEVEL MFLAGS
workers=
child=

# From here on the current folder is a copy, and $S what is noted about it.
enter() {
	S=$W/$1.notes
	mkdir -p "$S" && cd "$W/$1" || exit 1
}

build() {
	make -s WERROR= CC="${CC:-cc}" SAN="$SAN" OUT=build "$@" \
	    >"$S/build" 2>&1 </dev/null
}

# Becomes a command, in namespaces where that is asked for.
enclose() {
	[ -n "$ENCLOSE" ] || exec "$@"
	# shellcheck disable=SC2016 # for the inner shell
	exec unshare -m -p -f --kill-child --mount-proc sh -c '
		mount --bind /tmp /tmp && mount --bind "$0" "$0" &&
		cd "$0" && mount -o remount,bind,ro / || exit 99
		"$@"' "$(pwd)" "$@"
}

# Becomes a test file that runs for a limited time, in the way of run.sh.
start() {
	name=${1%.c}
	limit=$2
	case $name in
	tests/unit/*) set -- env CMOCKA_MESSAGE_OUTPUT=TAP "build/$name" ;;
	tests/fuzz/*)
		set -- "build/$name" "tests/fuzz/corpus/${name##*/fuzz_}" ;;
	*) set -- sh "$1" ;;
	esac
	enclose env OUT=build SAN="$SAN" CI= timeout -k 5 "$limit" "$@"
}

# unshare hands no other signal on, and takes all with it.
stop_child() {
	[ -z "$child" ] || kill ${ENCLOSE:+-KILL} "$child" 2>/dev/null
}

stop() {
	stop_child
	# shellcheck disable=SC2086 # numbers
	[ -z "$workers" ] || kill $workers 2>/dev/null
	wait
	exit 130
}
trap stop INT TERM HUP

failed_case() {
	sed -n 's/^[ 	]*not ok [0-9]* - //p' "$S/test" | head -n 1
}

# Whether a test file passes; it is stopped at the first case that fails.
passes() {
	begun=$(date +%s)
	: >"$S/test"
	( start "$1" "$2" ) >"$S/test" 2>&1 </dev/null 9>&- &
	child=$!
	while kill -0 "$child" 2>/dev/null; do
		[ -z "$(failed_case)" ] || { stop_child; break; }
		sleep 0.1
	done
	wait "$child" 2>/dev/null
	ended=$?
	child=
	took=$(($(date +%s) - begun))
	[ "$ended" -eq 0 ] && [ -z "$(failed_case)" ]
}

complaint() {
	if [ -n "$(failed_case)" ]; then
		failed_case
	elif [ "$ended" -eq 124 ] || [ "$ended" -eq 137 ]; then
		echo "not done after $took s"
	else
		echo "status $ended"
	fi
}

# Every test file that a mutation could fail.  What looks at the sources, and
# not at the program, is left out.
test_files() {
	if [ -n "$TESTS" ]; then
		echo "$TESTS" | tr -s ' ' '\n'
		return
	fi
	find tests -path 'tests/unit/*.c' -o -path 'tests/fuzz/fuzz_*.c' \
	    -o -path 'tests/[cdpe]*/*.sh' ! -path 'tests/debian/*' \
	    ! -name 'lib*.sh' |
	    grep -vE '^tests/cli/(lint|circles|mutate)\.sh$'
}

# What the tests of a room are named after, besides the room.
words_of() {
	case $1 in
	src) echo batch shell drive usage output ;;
	src/base) echo text words ;;
	src/file) echo config settings import ;;
	src/print) echo out output ;;
	src/db) echo batch connect faults ;;
	src/db/schema) echo schema adopt ;;
	src/model/connect) echo complete ;;
	src/model/mail) echo alias domain user send_as loops ;;
	src/model/server) echo render config ;;
	src/model/dkim) echo dkim ;;
	src/model/verify) echo config_verify ;;
	src/model/foreign) echo import_from ;;
	src/model/keys) echo import_dkim ;;
	src/model/plan) echo provision bulk ;;
	src/model/manifest) echo plan export ;;
	src/model/repair) echo check_fix ;;
	src/cmd/language) echo usage complete parse ;;
	src/cmd/help) echo manual ;;
	src/cmd/run) echo batch output ;;
	esac
}

# How long each test file takes: at first as its log in $OUT says, or as its
# length lets suppose.
suppose_times() {
	test_files | while read -r test; do
		echo "$(($(wc -l <"$test") / 20)) $test"
	done
	sed -n 's|^\(tests/[^ ]*\) .* \([0-9]*\) s$|\2 \1|p' \
	    "$top/$OUT"/test/logs/*.said 2>/dev/null
}

# What was found out last counts.
time_of() {
	awk -v test="$1" '$2 == test { n = $1 } END { print n }' "$W/times"
}

# The test files in the order in which they are asked: those named after the
# file, all unit tests, those named after the room, the rest; the quickest of
# each first.  Postfix and Dovecot are asked only about what they read.
order() {
	awk -v file="$(basename "$file" .c)" -v room="${room##*/}" \
	    -v words="$(words_of "$room")" -v slow="$SLOW" '
	function rank_of(test,	name, rank, n, word, i) {
		name = test
		gsub(/.*\/(test_|fuzz_)?|\..*/, "", name)
		rank = test ~ /^tests\/(unit|fuzz)\// ? 2 : 4
		n = split(words " " file " " room, word, " ")
		for (i = 1; i <= n; i++)
			if (rank == 4 && index(name, word[i]))
				rank = 3
		if (name == file || name == room "_" file)
			rank = 1
		if (test !~ /^tests\/e2e\//)
			return rank == 4 && time[test] > slow ? 0 : rank
		if (room !~ /^(server|verify|route|config|mail)$/)
			return 0
		return rank == 3 ? 3 : 5
	}
	NF == 2 { time[$2] = $1 }
	NF == 1 { unused[$1] }
	END {
		for (test in time)
			if (!(test in unused) && (rank = rank_of(test)))
				print rank, time[test], test
	}' "$W/times" "$W/unused" | sort -k 1,1n -k 2,2n -k 3 |
	    cut -d ' ' -f 3
}

# Whether a test file that has failed passes without a mutation.
is_of_use() {
	trusted=$W/trusted/$(basename "$1")
	[ ! -e "$trusted" ] || return 0
	exec 9>"$W/0.lock"
	flock 9
	here=${S%.notes}
	enter 0
	if passes "$1" 900; then
		echo "$took $1" >>"$W/times"
		: >"$trusted"
	elif ! grep -qxF "$1" "$W/unused"; then
		echo "$1" >>"$W/unused"
		echo "    $1 fails without a mutation and is not used:" \
		    "$(complaint)"
	fi
	rm -rf build/test/*
	enter "${here##*/}"
	exec 9>&-
	[ -e "$trusted" ]
}

# The file with the mutation that $offset and the like describe.
mutate() {
	from=$W/tree/$file
	[ "$kind" != call ] || before=$(printf %s "$before" | tr n '\n')
	{
		head -c "$offset" "$from"
		printf %s "$before"
		[ "$keep" = drop ] ||
			tail -c +$((offset + 1)) "$from" | head -c "$length"
		printf %s "$after"
		tail -c +$((offset + length + 1)) "$from"
	} >"$file"
}

# Whether the mutation builds, and changes the program.
is_mutant() {
	object=${file%.c}.o
	if ! build "build/obj/$object"; then
		echo "$file:$line $kind" >>"$W/unbuilt"
		return 1
	fi
	objcopy --strip-debug "build/obj/$object" "$S/now.o"
	objcopy --strip-debug "$W/objects/$object" "$S/before.o"
	if cmp -s "$S/now.o" "$S/before.o"; then
		echo "$file:$line $kind" >>"$W/same"
		return 1
	fi
	build test-programs && return
	echo "$file:$line $kind" >>"$W/unbuilt"
	return 1
}

# Sets $said.  A test file that fails once, and not again, has seen nothing.
ask_the_tests() {
	for test in $(order); do
		if passes "$test" $(($(time_of "$test") * 4 + 200)); then
			echo "$took $test" >>"$W/times"
			continue
		fi
		said="caught   $file:$line $kind, $(($(date +%s) - since)) s,"
		first=$(complaint)
		said="$said by $test: $first"
		if passes "$test" $(($(time_of "$test") * 4 + 200)); then
			echo "    $1 $test failed once, and then passed: $first"
			continue
		fi
		is_of_use "$test" && return
	done
	said="SURVIVED $file:$line $kind, $(($(date +%s) - since)) s
$(diff "$W/tree/$file" "$file" | sed -n 's/^[<>]/             &/p')"
}

# The mutations of a number, one after the other until one is a mutant.
one() {
	since=$(date +%s)
	said="nothing  of $TRIES drawn none is new, builds and matters"
	grep "^$1$tab" "$W/drawn" | cut -f 2- >"$S/mutations"
	while IFS=$tab read -r room file line kind offset length keep before \
	    after; do
		mutate
		if is_mutant; then
			ask_the_tests "$1"
			diff -u "$W/tree/$file" "$file" >"$W/result/$1.diff"
			cp "$W/tree/$file" "$file"
			break
		fi
		cp "$W/tree/$file" "$file"
	done <"$S/mutations"
	echo "$said" >"$W/result/$1.said"
	printf '%3d %s\n' "$1" "$said"
	rm -rf build/test/*
}

# Takes the next number that nobody has taken, until there is none.
worker() {
	trap 'stop_child; exit 143' TERM
	enter "$1"
	for n in ${ONLY:-$(seq "$MUTANTS")}; do
		mkdir "$W/claims/$n" 2>/dev/null && one "$n"
	done
}

# Each room in turn, in an order drawn anew for each round; in the room a kind,
# and one mutation of that kind.  A number has several, for the case that one
# does not build.  The generator is that of Park and Miller: rand() differs
# from one awk to another.
draw() {
	awk -F '\t' -v seed="$SEED" -v numbers="$MUTANTS" -v tries="$TRIES" '
	function below(n) {
		x = x * 16807 % 2147483647
		return int(x / 2147483647 * n)
	}
	function next_room(	i, r) {
		if (!left) {
			left = rooms
			for (i = 1; i <= rooms; i++)
				order[i] = room[i]
		}
		i = 1 + below(left)
		r = order[i]
		order[i] = order[left--]
		return r
	}
	!($1 in kinds) { room[++rooms] = $1 }
	!(($1, $4) in count) { kind[$1, ++kinds[$1]] = $4 }
	{ mutation[$1, $4, ++count[$1, $4]] = $0 }
	END {
		if (!rooms)
			exit
		x = seed % 2147483646 + 1
		for (i = 0; i < 10; i++)
			below(1)
		for (number = 1; number <= numbers; number++) {
			r = next_room()
			for (i = 1; i <= tries; i++) {
				k = kind[r, 1 + below(kinds[r])]
				m = mutation[r, k, 1 + below(count[r, k])]
				if (!(m in taken))
					print number "\t" m
				taken[m]
			}
		}
	}'
}

# The tree as it is now, without what was built.
copy() {
	mkdir -p "$2"
	tar -cf - -C "$1" --exclude=./.git --exclude=./build . |
	    tar -xf - -C "$2"
}

prepare() {
	rm -rf "$W"
	mkdir -p "$W/result" "$W/claims" "$W/objects" "$W/trusted"
	for list in unbuilt same unused; do
		: >"$W/$list"
	done
	copy . "$W/tree"
	copy . "$W/0"
	enter 0
	suppose_times >"$W/times"
	find src -name '*.c' -exec awk -f tests/mutations.awk {} \; |
	    awk -v room="$ROOM" 'index($1, room) == 1' | sort >"$W/places"
	draw <"$W/places" >"$W/drawn"
	if [ ! -s "$W/drawn" ]; then
		echo "nothing can be mutated in $ROOM"
		exit 1
	fi
	# What is built already is made anew only where it has to be.
	mkdir -p build
	for made in obj gen flags files; do
		[ ! -e "$top/$OUT/$made" ] || cp -a "$top/$OUT/$made" build
	done
	if ! build -j"$(nproc)" test-programs; then
		cat "$S/build"
		echo 'it does not build without a mutation'
		exit 1
	fi
	cp -r build/obj/src "$W/objects/src"
}

score() {
	cat "$W"/result/*.said | awk -v unbuilt="$(wc -l <"$W/unbuilt")" \
	    -v same="$(wc -l <"$W/same")" -v seed="$SEED" '
	/^caught/ { caught++ }
	/^SURVIVED/ { survived++ }
	END {
		printf "%d of %d caught, SEED=%s; drawn again: " \
		    "%d that did not build, %d that changed nothing\n", caught,
		    caught + survived, seed, unbuilt, same
	}'
}

[ "$(id -u)" -eq 0 ] || ENCLOSE=
( enclose true ) || {
	echo 'root has no namespaces here: run it as another user'
	exit 1
}
prepare
for n in $(seq "$WORKERS"); do
	cp -a "$W/0" "$W/$n"
	worker "$n" &
	workers="$workers $!"
done
# shellcheck disable=SC2086
wait $workers
score

# tests/mutate.sh makes faults, one at a time, and reports which are noticed.
. tests/lib.sh
need_command make cc objcopy diff

# A small program with a test of its own.
mkdir -p "$T/tree/src/base" "$T/tree/tests/cli"
cp tests/mutate.sh tests/mutations.awk "$T/tree/tests"
cat >"$T/tree/Makefile" <<'END'
OBJ = $(OUT)/obj/src/base/size.o $(OUT)/obj/src/main.o
test-programs: $(OUT)/program
$(OUT)/program: $(OBJ)
	$(CC) -o $@ $(OBJ)
$(OUT)/obj/%.o: %.c
	mkdir -p $(@D) && $(CC) -O1 -g -c -o $@ $<
END
cat >"$T/tree/src/base/size.c" <<'END'
/* Sizes: n < 3 is small. */
#define SMALL 3
int size_is_small(int n);
int
size_is_small(int n)
{
	return n < SMALL;
}
END
cat >"$T/tree/src/main.c" <<'END'
/* Prints whether the sizes that are given are small. */
#include <stdio.h>
#include <stdlib.h>
int size_is_small(int n);
int
main(int count, char **word)
{
	if (count > 1)
		puts(size_is_small(atoi(word[1])) ? "small" : "big");
	return 0;
}
END

# knows SIZE ANSWER...: the only test is about these sizes.
knows() {
	n=0
	{
		echo 'say() { [ "$2" = "$3" ] && echo "ok $1 - $4" ||'
		echo '    echo "not ok $1 - $4"; }'
		while [ $# -gt 0 ]; do
			n=$((n + 1))
			echo "say $n \"\$(build/program $1)\" $2" \
			    "'$1 is $2'"
			shift 2
		done
		echo "echo 1..$n"
	} >"$T/tree/tests/cli/size.sh"
}

# mutate NAME=VALUE...: without the times.
mutate() {
	( cd "$T/tree" && unset OUT SAN && env "$@" sh tests/mutate.sh ) |
	    sed 's/, [0-9]* s//'
}

# places TEXT: what can be mutated in a function with that text.
places() {
	mkdir -p "$T/src/base"
	printf 'int\nf(void)\n{\n%b\n}\n' "$1" >"$T/src/base/f.c"
	( cd "$T" && awk -f "$TOP/tests/mutations.awk" src/base/f.c ) |
	    while IFS="$(printf '\t')" read -r room file line kind at n keep \
		before after; do
		echo "$line $kind $(tail -c +$((at + 1)) "$T/src/base/f.c" |
		    head -c "$n" | tr '\n\t' '  ') $keep $before $after"
	    done
}

t 'a condition is negated whole' '
	run places "\tif (a(b) &&\n\t    (c || d))\n\t\tx = y;" &&
	is "$(grep negate "$T/out")" \
	    "4 negate a(b) &&      (c || d) keep !( )"'

t 'operators, truths and constants are swapped for their neighbours' '
	run places "\treturn a < b && c + 7 != x->y || true;" &&
	is "$(sort "$T/out")" "4 arithmetic + drop - 
4 constant 7 drop 8 
4 logic && drop || 
4 logic || drop && 
4 relation != drop == 
4 relation < drop <= 
4 truth true drop false "'

t 'a return is left out, but not the last one' '
	run places "\tif (x)\n\t\treturn false;\n\treturn false;" &&
	is "$(grep -c "return return false; drop { }" "$T/out")" 1 &&
	like "$out" "5 return"'

t 'a call is left out where it is a whole statement' '
	run places "\tone(a,\n\t    b);\n\tx = two(y);\n\tthree()->w = 1;" &&
	is "$(grep call "$T/out")" "4 call one(a,      b); drop {n} "'

t 'what gives memory back stays' '
	run places "\tfree(x);\n\ttext_clear(&y);\n\terr_clear(e);" &&
	is "$out" "6 call err_clear(e); drop {} "'

t 'comments, strings, macros, BUG_ON and sizes of arrays are no places' '
	run places "\tchar x[9], y = \"a < 1\";\t/* a < 2\n\t && true */
#define X 3 + \\\\\\\\\n 4
	BUG_ON(a < 5 &&\n\t    g(6));
	struct err e = { 0 };	// true" &&
	empty "$out"'

t 'a fault that a test notices is caught, and the case is named' '
	knows 2 small 3 big &&
	run mutate MUTANTS=2 SEED=1 ENCLOSE= ROOM=src/base &&
	status 0 && empty "$err" &&
	like "$out" "caught   src/base/size.c:7 relation, by tests/cli/size.sh:\
 3 is big" &&
	like "$out" "1 of 1 caught, SEED=1"'

t 'one that none notices is shown with its lines' '
	knows 2 small 4 big &&
	run mutate MUTANTS=1 SEED=1 ENCLOSE= ROOM=src/base &&
	like "$out" "SURVIVED src/base/size.c:7 relation" &&
	like "$out" "< 	return n < SMALL;" &&
	like "$out" "> 	return n <= SMALL;" &&
	like "$out" "0 of 1 caught"'

t 'the same seed draws the same faults, another one others' '
	knows 2 small 3 big &&
	run mutate MUTANTS=6 SEED=3 ENCLOSE= && first=$out &&
	run mutate MUTANTS=6 SEED=3 ENCLOSE= WORKERS=2 &&
	is "$(sort "$T/out")" "$(echo "$first" | sort)" &&
	run mutate MUTANTS=6 SEED=5 ENCLOSE= &&
	unlike "$(echo "$first" | sed s/SEED=3/SEED=5/)" "$out"'

t 'one fault of them can be made alone' '
	run mutate MUTANTS=6 SEED=3 ENCLOSE= ONLY=2 &&
	is "$(head -n 1 "$T/out")" "$(echo "$first" | grep "^  2")"'

t 'what changes nothing, or does not build, does not count' '
	cp "$T/tree/src/base/size.c" "$T/size.c" &&
	cat >>"$T/tree/src/base/size.c" <<-"END" &&
		int size_half(int n);
		int
		size_half(int n)
		{
			if (sizeof(char) > 1)
				n = n + 7;
			return n;
		}
	END
	run mutate MUTANTS=8 SEED=1 ENCLOSE= ROOM=src/base &&
	unlike "$out" ", 0 that changed nothing" &&
	printf "int x = 1;\nstruct { int one : 1 && 1 != 0 ? 1 : -1; } y;\n" \
	    >"$T/tree/src/base/size.c" &&
	cat "$T/size.c" >>"$T/tree/src/base/size.c" &&
	run mutate MUTANTS=8 SEED=1 ENCLOSE= ROOM=src/base &&
	unlike "$out" ": 0 that did not build" &&
	unlike "$out" "size.c:2 "
	cp "$T/size.c" "$T/tree/src/base/size.c"'

t 'a test that fails without a fault catches none' '
	knows 2 big &&
	run mutate MUTANTS=2 SEED=1 ENCLOSE= &&
	is "$(grep -c "tests/cli/size.sh fails without a mutation and is not\
 used: 2 is big" "$T/out")" 1 && like "$out" "0 of 2 caught"'

t 'a test that fails now and then catches none' '
	cat >"$T/tree/tests/cli/size.sh" <<-"END" &&
		if [ -e now ]; then
			rm now
			echo "ok 1 - now and then"
		else
			: >now
			echo "not ok 1 - now and then"
		fi
		echo 1..1
	END
	run mutate MUTANTS=1 SEED=1 ENCLOSE= &&
	like "$out" "    1 tests/cli/size.sh failed once, and then passed" &&
	like "$out" "0 of 1 caught"'

t 'a room that does not exist has nothing to mutate' '
	run mutate MUTANTS=1 ROOM=src/attic ENCLOSE= &&
	is "$out" "nothing can be mutated in src/attic"'

sentence='as root a fault reaches nothing else, and leaves no process'
if [ "$(id -u)" -ne 0 ]; then
	skip "$sentence" 'needs root'
elif ! unshare -m -p -f --mount-proc true 2>/dev/null; then
	skip "$sentence" 'root has no namespaces here'
else
	t "$sentence" '
		cat >"$T/tree/tests/cli/size.sh" <<-"END" &&
			setsid sleep 7654.3 &
			if touch /var/tmp/mailadm-mutate 2>/dev/null; then
				echo "not ok 1 - all is writable"
			else
				echo "ok 1"
			fi
			echo 1..1
		END
		run mutate MUTANTS=1 SEED=1 ENCLOSE=root &&
		like "$out" "0 of 1 caught" && empty "$err" &&
		unlike "$(ps ax)" "sleep 7654.3"'
fi

finish

# Each rule of tests/lint.sh finds what breaks it, and only that.
. tests/lib.sh

# A small tree that keeps every rule.
mkdir -p "$T/tree/.ci" "$T/tree/sql" "$T/tree/tests/fuzz"
cp tests/lint.sh tests/words.pl "$T/tree/tests"
: >"$T/tree/tests/fuzz/readers"
: >"$T/tree/Makefile"
: >"$T/tree/.ci/run"
echo 'DO 0;' >"$T/tree/sql/001-first.sql"
for file in main base/size db/connection model/mail/user \
    cmd/language/parse print/out; do
	mkdir -p "$T/tree/src/$(dirname $file)"
	echo '/* A file with a purpose. */' >"$T/tree/src/$file.c"
done
cp -R "$T/tree" "$T/broken"

lint() {
	( cd "$T/tree" && sh tests/lint.sh )
}

# broken RULE FILE TEXT: in a copy of the tree a file with that text breaks
# that rule.  One look at all of them is enough, as each has a file of its own:
# beside a C file of the tree, and like it.
planted=0
broken() {
	planted=$((planted + 1))
	file=$2
	if [ -e "$T/tree/$file" ] && [ "$file" != "${file%.c}" ]; then
		file=${file%.c}$planted.c
		cp "$T/tree/$2" "$T/broken/$file"
	fi
	mkdir -p "$T/broken/$(dirname "$file")"
	printf '%b\n' "$3" >>"$T/broken/$file"
	printf '%s\t%s\n' "$1" "$file" >>"$T/planted"
}

# breaks FILE TEXT: alone in the tree.
breaks() {
	printf '%b\n' "$2" >"$T/tree/$1"
	run lint
	rm "$T/tree/$1"
	status 1 && like "$out" "$1" && lines "$(grep "^not ok" "$T/out")" 1
}

# What the lint finds there, as RULE, tab, FILE.
find_broken() {
	( cd "$T/broken" && sh tests/lint.sh ) | awk -v OFS='\t' '
		/^not ok/ { sub(/^not ok [0-9]+ - /, ""); rule = $0 }
		/^ok/ { rule = "" }
		/^#   / && rule != "" {
			sub(/^#   /, "")
			sub(/[: ].*/, "")
			print rule, $0
		}' | sort -u
}

t 'a tree that keeps every rule passes' '
	run lint && status 0 && empty "$err"'

broken 'src/base includes only what is below it' src/base/size.c \
	'#include "db/db.h"'
broken 'src/db includes only what is below it' src/db/connection.c \
	'#include "db/schema/schema.h"'
broken 'src/model includes only what is below it' src/model/idn.c \
	'/* Names. */\n#include "model/mail/user.h"'
broken 'src/model/mail includes only what is below it' src/model/mail/user.c \
	'#include "print/out.h"'
broken 'src/model/mail includes only what is below it' src/model/mail/user.c \
	'#include "model/check/check.h"'
broken 'src/model/attic includes only what is below it' src/model/attic/box.c \
	'/* A room without a line. */\n#include "base/size.h"'
broken 'src/cmd/language includes only what is below it' \
	src/cmd/language/parse.c '#include "db/db.h"'
broken 'src/cmd/language includes only what is below it' \
	src/cmd/language/parse.c '#include "cmd/run/session.h"'
broken 'src/print includes only what is below it' src/print/out.c \
	'#include "batch.h"'
broken 'libmariadb is included only where it belongs' src/model/mail/user.c \
	'#include <mysql.h>'
broken 'readline is included only where it belongs' src/cmd/language/parse.c \
	'#include <readline/history.h>'
broken 'libcrypt is included only where it belongs' src/model/mail/user.c \
	'#include <crypt.h>'
broken 'jansson is included only where it belongs' src/model/mail/user.c \
	'#include <jansson.h>'
broken 'every reader of bytes has a fuzz target' src/base/size.c \
	'\tn = read(fd, buf, 1);'
broken 'SQL stands only in src/db and sql' src/model/mail/user.c \
	'const char *s = "SELECT 1";'
broken 'only src/print prints' src/cmd/language/parse.c 'printf("x");'
broken 'only main.c ends the program' src/db/connection.c '\texit(1);'
broken 'only BUG_ON aborts' src/db/connection.c '\tabort();'
broken 'no other program is called' src/main.c '\tx = system("ls");'
broken 'no function that can write beyond its buffer' src/db/connection.c \
	'\tstrcpy(a, b);'
broken 'no function with a hidden state' src/base/size.c 't = gmtime(&x);'
broken 'numbers are parsed with their errors' src/base/size.c 'n = atoi(s);'
broken 'handlers and models take their memory from an arena' \
	src/model/mail/user.c '\tp = malloc(9);'
broken 'code is ASCII' src/base/size.c 'char *s = "\0303\0251";'
broken 'lines have at most 80 columns' src/base/size.c \
	"/*$(seq -s x 40)*/"
broken 'a file begins with what it is for' src/base/new.c 'int x;'
broken 'files that a comment names exist' src/base/size.c \
	'/* See model/mail/gone.c. */'
broken 'files have at most 600 lines' src/base/size.c "$(seq 600)"
broken 'nothing is left to be done' src/base/size.c '/* TO''DO: more */'
broken 'tabs indent, and nothing trails' src/base/size.c 'int x; '
broken 'headers are guarded' src/base/new.h '/* A new one. */'
broken 'functions have at most 6 parameters' src/base/size.c \
	'int\nseven(int a, int b, int c,\n    int d, int (*e)(int, int), int f,
    int g)\n{\n}'
broken 'people read plain words' src/base/size.c \
	'const char *s = "is already there";'
broken 'people read plain words' README.md 'It tells nobody.'
broken 'people read plain words' tests/some.sh "t 'what he may do' ''"
broken 'people read plain words' sql/002-second.sql '-- A rule for him.'

find_broken >"$T/found"
while IFS='	' read -r rule file; do
	t "found: $rule, in $file" '
		grep -Fqx "$rule	$file" "$T/found"'
done <"$T/planted"

t 'and nothing else is' '
	is "$(cat "$T/found")" "$(sort -u "$T/planted")"'

t 'a migration whose number is not the next is found' '
	breaks sql/999-gap.sql "DO 0;"'

t 'and one whose number exists' '
	breaks sql/001-twice.sql "DO 0;"'

# --- words: tests/words.pl -------------------------------------------

# words_of FILE TEXT: what tests/words.pl says of a file with that text.
words_of() {
	printf '%b' "$2" >"$T/$1" && run perl tests/words.pl "$T/$1"
}

t 'a word is named with its line and what to write instead' '
	words_of a.c "/* One. */\nf(\"mend it\");\n" && status 0 &&
	is "$out" "$T/a.c:2: \"mend\": write fix" && empty "$err"'

t 'every word of the table proposes another one' '
	words_of a.c "/* A preset; the users whom he knows; a deed. */" &&
	is "$(printf "%s\n" "$out" | sed "s/.*: write //")" "default
who, or: the users that ...
they, their, or: the user
action"'

t 'words are found that a line break or two strings separate' '
	words_of a.c "/*\n * It is\n * there.\n */\n\"it is \"\n\"there\";" &&
	like "$out" "a.c:2:" && like "$out" "a.c:5:" &&
	is "$(printf "%s\n" "$out" | wc -l)" 2'

t 'the end of a line in a string is no part of a word' '
	words_of a.c "\"x\\\\nhe\";" && like "$out" "\"he\": write"'

t 'comments are read one by one, and strings across them' '
	words_of a.c "\"is \" /* there */ \"there\"; /* is */ /* there */" &&
	matches "$out" "^$T/a.c:1: \"is there\": write exists, or: [^:]*$"'

t 'names in code are no words, nor parts of words' '
	words_of a.c "int told = his_name(he);\n/* told_at, his(), the */" &&
	is "$out" "$T/a.c:2: \"his\": write they, their, or: the user" &&
	words_of a.c "f(\"--mend\", \"mend_all\", \"shell\");" && empty "$out"'

# --- what breaks nothing ---------------------------------------------

t 'a folder with more than 20 files is too full' '
	for n in $(seq 19); do
		echo "/* One of many. */" >"$T/tree/src/base/many$n.c"
	done
	run lint && status 0 && echo "/* Too many. */" \
	    >"$T/tree/src/base/many20.c" && run lint && status 1 &&
	like "$out" "#   src/base: 21 files" && rm "$T"/tree/src/base/many*'

t 'six parameters, and one that is a function, are none too many' '
	printf "int\nsix(int a, int b, int c, int d, int e,\n    %s)\n{\n}\n" \
	    "int (*f)(int, int, int)" >>"$T/tree/src/base/size.c" &&
	run lint && status 0'

t 'a room includes its own headers, those of rooms below, and single ones' '
	printf "#include \"%s\"\n" model/mail/alias.h model/address.h \
	    base/size.h db/sql.h >>"$T/tree/src/model/mail/user.c" &&
	printf "#include \"%s\"\n" model/mail/user.h model/idn.h \
	    db/rows.h >>"$T/tree/src/cmd/language/parse.c" &&
	printf "#include \"%s\"\n" db/db.h cmd/run/session.h batch.h \
	    >>"$T/tree/src/main.c" &&
	run lint && status 0'

t 'comments and strings break nothing' '
	cat >>"$T/tree/src/model/mail/user.c" <<-"END" &&
		/* printf( exit( strcpy( */
		// system("x")
		const char *s = "printf(\" exit(";
		const char c = '\''"'\'';
		int arena_printf(int my_exit);
	END
	run lint && status 0'

finish

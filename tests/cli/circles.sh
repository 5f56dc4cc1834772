# tests/circles.sh finds files that use each other in a circle.
. tests/lib.sh
need_command cc nm

mkdir -p "$T/tree/tests"
cp tests/circles.sh "$T/tree/tests"

# written NAME TEXT: src/NAME.c and its object.
written() {
	mkdir -p "$T/tree/src/$(dirname "$1")" \
	    "$T/tree/build/obj/src/$(dirname "$1")"
	printf '%s\n' "$2" >"$T/tree/src/$1.c"
	cc -c -o "$T/tree/build/obj/src/$1.o" "$T/tree/src/$1.c"
}

circles() {
	( cd "$T/tree" && unset OUT && sh tests/circles.sh "$@" )
}

written base/size 'int size(void) { return 1; }'
written model/user 'int size(void); int user(void) { return size(); }'
written model/alias 'int user(void), size(void);
	int alias(void) { return user() + size(); }'
written main 'int alias(void); int main(void) { return alias(); }'

t 'files that use each other downwards pass' '
	run circles && status 0 && empty "$out" && empty "$err"'

t 'a circle is found, with what ties it, and without what leads to it' '
	written base/size "int alias(void);
		int size(void) { return alias(); }" &&
	run circles && status 1 && empty "$err" &&
	is "$(grep -v "^[a-z]" "$T/out")" "3 files in a circle:
	src/base/size.c -> src/model/alias.c: alias
	src/model/alias.c -> src/base/size.c: size
	src/model/alias.c -> src/model/user.c: user
	src/model/user.c -> src/base/size.c: size" &&
	like "$out" "what both need goes into a file below both"'

t 'a table of data ties as a function does' '
	written base/size "extern int (*const all[])(void);
		int size(void) { return all[0](); }" &&
	written model/alias "int user(void);
		int alias(void) { return user(); }
		int (*const all[])(void) = { alias };" &&
	run circles && status 1 &&
	like "$out" "src/base/size.c -> src/model/alias.c: all"'

t 'each circle is shown by itself' '
	written print/out "int cell(void); int out(void) { return cell(); }" &&
	written print/cell "int out(void); int cell(void) { return out(); }" &&
	run circles && status 1 &&
	is "$(grep "in a circle" "$T/out")" "3 files in a circle:
2 files in a circle:"'

t 'a function that only its file knows ties nothing' '
	written print/cell "static int out(void) { return 1; }
		int cell(void) { return out(); }" &&
	written base/size "int size(void) { return 1; }" &&
	run circles && status 0'

t 'the table of commands may name its handlers' '
	written cmd/language/parse "extern int (*const commands[])(void);
		int parse(void) { return commands[0](); }" &&
	written cmd/user "int parse(void); int run(void) { return parse(); }" &&
	written cmd/commands "int run(void);
		int (*const commands[])(void) = { run };" &&
	run circles && status 0'

t 'no other file may, nor may the table use the front end' '
	mv "$T/tree/src/cmd/commands.c" "$T/tree/src/cmd/table.c" &&
	mv "$T/tree/build/obj/src/cmd/commands.o" \
	    "$T/tree/build/obj/src/cmd/table.o" &&
	run circles && status 1 &&
	like "$out" "src/cmd/table.c -> src/cmd/user.c: run" &&
	rm "$T/tree/src/cmd/table.c" &&
	written cmd/commands "int shell(void);
		int (*const commands[])(void) = { shell };" &&
	written shell "int parse(void); int shell(void) { return parse(); }" &&
	run circles && status 1 &&
	like "$out" "src/cmd/commands.c -> src/shell.c: shell" &&
	rm "$T/tree/src/shell.c" "$T/tree/src/cmd/commands.c"'

t 'the objects may be elsewhere' '
	mv "$T/tree/build/obj/src" "$T/tree/elsewhere" &&
	run circles elsewhere && status 0 &&
	run circles && status 1 && like "$out" "make first" &&
	mv "$T/tree/elsewhere" "$T/tree/build/obj/src"'

t 'an object that is older than its source is not believed' '
	touch -d 2001-01-01 "$T/tree/build/obj/src/model/user.o" &&
	run circles && status 1 && lines "$out" 1 &&
	like "$out" "src/model/user.c"'

finish

#!/bin/sh
# Looks for circles between the files of src: sh tests/circles.sh [FOLDER]
#
# A file uses another one when its object names a symbol that the other one
# defines.  Files that use each other in a circle are one file in truth: none
# can be read, tested or moved alone.  The objects know better than the
# includes do, as one header may stand for several files.
#
# FOLDER holds the objects, below the names that their sources have in src; by
# default it is $OUT/obj/src.  There is one exception: the table of commands
# names its handlers, which use the language that reads the table.
#
# How: Tarjan's algorithm finds the strongly connected components, in one walk
# over the files.  A component of more than one file holds a circle; all ties
# inside of it are shown, as any of them may be the one to cut.

OUT=${OUT:-build}
TABLE=src/cmd/commands.c
T=$(mktemp -d) || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 143' INT TERM HUP

objects=${1:-$OUT/obj/src}

# Only the objects whose sources exist: others may be left from before.
find src -name '*.c' | sort >"$T/sources"
while read -r source; do
	object=${source#src/}
	object=$objects/${object%.c}.o
	if [ ! -e "$object" ] || [ -n "$(find "$source" -newer "$object")" ]
	then
		echo "$object is not of today's $source: make first"
		exit 1
	fi
	echo "file $source" >>"$T/symbols"
	nm "$object" >>"$T/symbols" || exit 1
done <"$T/sources"

awk -v table="$TABLE" '
function visit(f,	i, n, to, g) {
	depth[f] = low[f] = ++visited
	stack[++height] = f
	on_stack[f] = 1
	n = split(uses[f], to, " ")
	for (i = 1; i <= n; i++) {
		g = to[i]
		if (!(g in depth)) {
			visit(g)
			if (low[g] < low[f])
				low[f] = low[g]
		} else if (on_stack[g] && depth[g] < low[f])
			low[f] = depth[g]
	}
	if (low[f] == depth[f])
		component(f)
}

# What lies above the file on the stack is its component.
function component(f,	g, n, member, inside, i, j) {
	do {
		g = stack[height--]
		on_stack[g] = 0
		member[++n] = g
		inside[g] = 1
	} while (g != f)
	if (n == 1)
		return
	circles++
	printf "%d files in a circle:\n", n
	for (i = 1; i <= files; i++)
		for (j = 1; j <= files; j++)
			if (inside[file[i]] && inside[file[j]] && \
			    (file[i], file[j]) in tie)
				print "\t" file[i] " -> " file[j] ":" \
				    tie[file[i], file[j]]
}

$1 == "file" { file[++files] = $2; next }
$(NF - 1) ~ /^[A-TV-Z]$/ { owner[$NF] = file[files]; next }
$(NF - 1) == "U" { user[++wants] = file[files]; wanted[wants] = $NF }

END {
	for (i = 1; i <= wants; i++) {
		from = user[i]
		to = owner[wanted[i]]
		if (to == "" || to == from)
			continue
		if (from == table && to ~ /^src\/cmd\//)
			continue
		if (!((from, to) in tie))
			uses[from] = uses[from] " " to
		tie[from, to] = tie[from, to] " " wanted[i]
	}
	for (i = 1; i <= files; i++)
		if (!(file[i] in depth))
			visit(file[i])
	if (!circles)
		exit
	print "cut it: what both need goes into a file below both; what the"
	print "lower file asks of the upper one comes down as a value or as a"
	print "function that the caller passes"
	exit 1
}' "$T/symbols"

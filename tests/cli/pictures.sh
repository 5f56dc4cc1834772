# The pictures of README.md: what svg.pl makes of a screen.
# shellcheck shell=sh disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh
need_command perl

# What printf makes, as a picture.
picture() { # FORMAT [TITLE]
	# shellcheck disable=SC2059 # sequences
	printf "$1" | perl "$TOP/src/pictures/svg.pl" "${2:-title}" 80
}

# The runs of words in it, a line each.
words() {
	printf '%s\n' "$out" | sed 's/<tspan/\n&/g' | sed -n 's/<tspan //p' |
	    sed 's/<\/tspan>.*//'
}

t 'words stand where they stood, and columns below each other' '
	run picture "AB  C D\n\n    E\n" && status 0 && empty "$err" &&
	is "$(words)" "x=\"16\" textLength=\"16.8\">AB
x=\"49.6\" textLength=\"25.2\">C D
x=\"49.6\" textLength=\"8.4\">E" && like "$out" "<text y=\"47\">" &&
	like "$out" "<text y=\"83\">"'

t 'colours and bold begin and end where they did' '
	run picture "\033[1mA\033[0m B \033[31mC\033[1;92mD\033[39;22m E\n" &&
	is "$(words | sed "s/.*textLength=\"8.4\"//")" " font-weight=\"700\">A
>B
 fill=\"#e9757c\">C
 fill=\"#9fe09b\" font-weight=\"700\">D
>E"'

t 'a style goes on in the next line' '
	run picture "\033[2mA\nB\033[22m\nC" &&
	is "$(words | grep -c opacity)" 2'

t 'colours of 256 and of 24 bits are those that were meant' '
	run picture "\033[38;5;208mA\033[38;5;244mB\033[38;2;1;2;255mC" &&
	is "$(words | grep -o "#[0-9a-f]*" | tr "\n" " ")" \
	    "#ff8700 #808080 #0102ff "'

t 'a ground is as wide as its text, and swapped colours are' '
	run picture "x\033[44mAB \033[0m\n\033[7mC\033[0m" &&
	like "$out" "<rect x=\"24.4\" y=\"34\" width=\"25.2\" height=\"18\" \
fill=\"#6ea2ff\"/>" && like "$(words)" "fill=\"#1a2029\">C" &&
	like "$out" "fill=\"#d7dce5\"/>"'

t 'what is markup in text is none in the picture' '
	run picture "<script> & \"x\"\n" "<a> & \"b\"" &&
	unlike "$out" "<script" &&
	like "$out" "&lt;script&gt; &amp; &quot;x&quot;" &&
	like "$out" "aria-label=\"&lt;a&gt; &amp; &quot;b&quot;\""'

t 'wide characters take two columns' '
	run picture "日本 x\n" && like "$(words)" "textLength=\"50.4\">日本 x"'

t 'other sequences are left out, and so are empty lines at the end' '
	run picture "\033[2J\033(BA\033[K\n\033[0m  \n\n" &&
	is "$(words | sed "s/.*>//")" A && like "$out" "0 0 704 68"'

t 'the same screen makes the same picture' '
	picture "\033[1;4mA \033[45m<B>\033[0m\n" >"$T/one" &&
	picture "\033[1;4mA \033[45m<B>\033[0m\n" >"$T/two" &&
	cmp "$T/one" "$T/two"'

t 'it wants a title and columns' '
	run perl src/pictures/svg.pl title 0 && ! holds status 0 &&
	like "$err" "usage: "'

# Small, for whoever opens the page.
t 'README.md shows each picture, and each is small' '
	for file in src/pictures/*.svg; do
		grep -q "($file)" README.md || return 1
		[ "$(wc -c <"$file")" -lt 12000 ] || return 1
	done && is "$(ls src/pictures/*.svg | wc -l)" 3 &&
	! grep -hoE "<script|href|(http|url)[^ >]*" src/pictures/*.svg |
	    grep -v "http://www.w3.org/2000/svg"'

finish

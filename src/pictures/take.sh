#!/bin/sh
# The pictures of README.md, from a real terminal:
# sh src/pictures/take.sh MAILADM DIRECTORY
#
# tmux is a terminal of 80 columns and 30 rows, in which somebody types what
# the scenes say; svg.pl makes a picture of what stands there at the end.  No
# scene shows a time, or a password that was made, so that the same program
# makes the same pictures.

MAILADM=$1
case $MAILADM in
/*) ;;
*) MAILADM=$(pwd)/$MAILADM ;;
esac
pictures=$2
work=$(mktemp -d /tmp/mailadm.XXXXXX) || exit 1
. tests/server.sh
# shellcheck disable=SC2034 # of server.sh
server_dir=$work

end() {
	status=$?
	trap - EXIT
	terminal kill-server 2>/dev/null
	server_stop
	rm -rf "$work"
	exit "$status"
}

# Of its own, whatever else runs on this machine.
terminal() {
	tmux -S "$work/tmux" -f /dev/null "$@"
}

### The world of the scenes

mailadm() {
	"$work/bin/mailadm" "$@"
}

world() {
	mkdir "$work/bin" "$work/home" &&
	cat >"$work/client.cnf" <<-END &&
		[client]
		socket=$server_socket
		user=root
		[mailadm]
		database=mail
		[mailadm-admin]
		database=mail
	END
	chmod 600 "$work/client.cnf" &&
	printf '#!/bin/sh\nexec "%s" --defaults-file="%s" "$@"\n' "$MAILADM" \
	    "$work/client.cnf" >"$work/bin/mailadm" &&
	chmod 755 "$work/bin/mailadm" &&
	mailadm -q schema init && people
}

people() {
	cat >"$work/people" <<-END
		domain add example.com --quota 2G
		domain add example.org
		user add bo@example.com --name 'Bo Berg' --generate
		user add cleo@example.org --name "Cleo Cruz" --generate
		alias add postmaster@example.com bo@example.com
		alias add sales@example.com bo@example.com cleo@example.org
		alias add jobs@example.com dora@example.com --force
	END
	mailadm -q -f "$work/people" >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		return 1
	}
}

### Typing

screen() {
	terminal capture-pane -t "$scene" "$@"
}

# The last one that is not empty.
last_line() {
	screen -p | sed '/^ *$/d; s/ *$//' | tail -n 1
}

# The shell says behind it what may follow.
holds() { # TEXT
	case $(last_line) in
	*"$1"*) ;;
	*) false ;;
	esac
}

is_last() { # LINE
	[ "$(last_line)" = "$1" ]
}

eventually() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 3000 ]; then
			echo "mailadm: $scene waits for: $*" >&2
			screen -p >&2
			exit 1
		fi
		sleep 0.02
	done
}

secret() { # TEXT NEXT: what is not shown, and the line after it
	terminal send-keys -t "$scene" -l -- "$1"
	terminal send-keys -t "$scene" Enter
	eventually is_last "$2"
}

# What is typed stands there before Return: the next prompt is a new one.
type() { # TEXT [NEXT]
	terminal send-keys -t "$scene" -l -- "$1"
	eventually holds "${1#"${1%??????}"}"
	secret '' "${2:-$prompt}"
}

### Scenes

scene_shell() {
	type mailadm 'mailadm>'
	prompt='mailadm>'
	type "user add anna@example.com --name 'Anna Ek'" \
	    'New password:'
	secret 'late train to Umea' 'Repeat the password:'
	secret 'late train to Umea' "$prompt"
	type 'alias add info@example.com anna@example.com bo@example.com'
	type 'alias add anna@example.com info@example.com'
	type 'user remove anna@example.com'
	type 'user list'
	type 'route info@example.com'
}

scene_plan() {
	cat >"$work/home/staff.yaml" <<-END
		domains:
		  example.com:
		    description: The company
		users:
		  bo@example.com:
		    name: Bo Berg
		    quota: 5G
		  dora@example.com:
		    name: Dora Dahl
		    hash: "!"
		  cleo@example.org:
		    absent: true
		aliases:
		  sales@example.com: [bo@example.com, dora@example.com]
	END
	type 'cat staff.yaml'
	type 'mailadm plan staff.yaml'
}

scene_check() {
	type 'mailadm check'
}

# The empty lines at the end, and the prompt before them, say nothing.
without_prompt() {
	awk -v prompt="$prompt" '
	{ line[NR] = $0 }
	END {
		while (NR > 0 && line[NR] ~ /^ *$/)
			NR--
		last = line[NR]
		gsub(/\033\[[0-9;]*m| *$/, "", last)
		if (last == prompt)
			NR--
		for (i = 1; i <= NR; i++)
			print line[i]
	}'
}

# A shell in a terminal of its own, and what stands there at the end.
take() { # SCENE TITLE
	scene=$1
	prompt='$'
	terminal new-session -d -s "$scene" -x 80 -y 30 env -i \
	    PATH="$work/bin:/usr/bin:/bin" HOME="$work/home" PS1='$ ' \
	    TERM=screen-256color LC_ALL=C.UTF-8 \
	    sh -c 'cd && exec sh -i'
	eventually is_last "$prompt"
	"scene_$1"
	screen -e -p | without_prompt >"$work/screen" &&
	perl src/pictures/svg.pl "$2" 80 <"$work/screen" \
	    >"$work/$1.svg" && mv "$work/$1.svg" "$pictures/$1.svg"
}

trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
umask 022
mkdir -p "$pictures" || exit
# shellcheck disable=SC2119 # no flags of its own
server_place_socket && server_install "$work/data" && server_run && world ||
	exit 1
take shell 'mailadm: the shell' && take plan 'mailadm plan' &&
	take check 'mailadm check'

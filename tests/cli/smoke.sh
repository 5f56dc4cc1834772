# The program starts, says what it is, and knows its exit statuses.
. tests/lib.sh

t 'the version is on standard output' '
	run mailadm --version && status 0 && empty "$err" &&
	matches "$out" "^mailadm [0-9]"'

t 'the help is on standard output' '
	run mailadm --help && status 0 && empty "$err" &&
	like "$out" "domain add" && like "$out" "--output"'

t 'an unknown option is a usage error' '
	run mailadm --no-such-option && status 2 && empty "$out" &&
	like "$err" "--no-such-option"'

t 'an unknown command is a usage error' '
	run mailadm domian list && status 2 && empty "$out" &&
	like "$err" "domian"'

t 'without a server the status says so' '
	run mailadm domain list && status 7 && empty "$out" &&
	like "$err" "$server_socket"'

# The linker lets a library that calls a name find it here first.
t 'no function of ours takes the place of one of readline' '
	nm -D --defined-only "$MAILADM" >"$T/ours" && [ -s "$T/ours" ] &&
	! grep " T .*history" "$T/ours"'

finish

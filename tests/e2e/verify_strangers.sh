#!/bin/sh
# More servers that others set up: guides, panels, containers, accounts of the
# machine, a relay and a satellite.  Their faults are those that people ask
# about.
#
# The servers are in tests/data/verify/servers; see lib-servers.sh.
if [ -z "${VERIFY_INSIDE:-}" ] && [ "$(id -u)" -eq 0 ]; then
	VERIFY_INSIDE=1 exec unshare --mount --net --propagation private \
		sh "$0"
fi
. tests/lib.sh
. tests/e2e/lib-views.sh
. tests/e2e/lib-servers.sh
views_up
servers_up

server sql-guide 'a guide with tables of its own'
server panel 'a panel on the web'
server passwdfile 'users in a file, and delivery by a pipe'
server unixusers 'accounts of the machine'
server satellite 'a satellite of a provider'
server gateway 'a second MX for other servers'
server containers 'containers'

[ -z "${VERIFY_KEEP:-}" ] || cp "$T"/*.rows "$T"/*.err "$T"/*.advised \
	"$VERIFY_KEEP"
finish

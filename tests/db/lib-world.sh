# A made world of DNS on loopback: knot with signed zones, unbound in front.
# shellcheck shell=sh disable=SC2034,SC2086 # for the cases; words
#
#   world_place         $world is an address of its own, $resolver is unbound's
#   world_heads         the beginnings of all zones, in $T/world
#   world_start         signs and serves them: $anchor has the root's key
#   world_head ZONE     what each zone begins with; zone_name ZONE
#   serve NAME COMMAND...       a server that ends with the test; what it says
#                       is in $T/world/NAME.log
#   answers ADDRESS     true when a server answers there, at PORT
#
# All run as who calls them, on ports that need no rights.  The zone of the
# root has all that is in no other.  example.com, example.org and example.net
# are signed, and below example.net are zones with a fault each.

PATH=$PATH:/usr/sbin:/sbin
WORLD_SIGNED='example.com example.org example.net'
WORLD_BELOW='not-signed large-answer false-ds false-signature'

# An address that no test running beside this one has.
world_place() {
	world_part=$(($$ % 64516))
	world=127.30.$((world_part / 254 + 1)).$((world_part % 254 + 1))
	resolver=$world@5353
	mkdir -p "$T/world/keys"
}

world_zones() {
	echo root
	printf '%s\n' $WORLD_SIGNED
	printf '%s.example.net\n' $WORLD_BELOW
}

zone_name() {
	[ "$1" = root ] && echo . || echo "$1."
}

world_head() { # ZONE
	printf "$(zone_name "$1") 60 IN %s\n" \
	    'SOA ns.example. admin.example. 1 60 60 60000 1' 'NS ns.example.'
}

world_heads() {
	for world_zone in $(world_zones); do
		world_head "$world_zone" >"$T/world/$world_zone.zone"
	done
	echo "ns.example. 60 IN A $world" >>"$T/world/root.zone"
	for world_zone in $WORLD_SIGNED; do
		echo "$world_zone. 60 IN NS ns.example." \
		    >>"$T/world/root.zone"
	done
	for world_zone in $WORLD_BELOW; do
		echo "$world_zone.example.net. 60 IN NS ns.example." \
		    >>"$T/world/example.net.zone"
	done
}

# Of the zones those that are named are signed.
knot_conf() { # ZONES ZONE...
	knot_zones=$1
	shift
	cat <<-END
	server:
	    rundir: $T/world
	    listen: $world@5300
	    tcp-workers: 2
	    udp-workers: 1
	    background-workers: 2
	log:
	  - target: stderr
	    any: info
	database:
	    storage: $T/world/keys
	policy:
	  - id: p
	    algorithm: ecdsap256sha256
	    single-type-signing: on
	template:
	  - id: default
	    storage: $T/world
	    file: "%s.zone"
	    zonefile-sync: ${knot_sync:--1}
	    zonefile-load: whole
	    journal-content: none
	zone:
	END
	for world_zone in $knot_zones; do
		cat <<-END
		  - domain: $(zone_name "$world_zone")
		    file: $world_zone.zone
		END
		case " $* " in
		*" $world_zone "*)
			printf '    %s\n' 'dnssec-signing: on' \
			    'dnssec-policy: p' ;;
		esac
	done
}

key() { # ZONE COMMAND...
	world_at=$(zone_name "$1")
	shift
	keymgr -c "$T/world/knot.conf" "$world_at" "$@" 2>>"$T/said"
}

# The DS of a zone goes into the one above.
trusted() { # ZONE ABOVE
	key "$1" generate ksk=yes zsk=yes >"$T/said" &&
	key "$1" ds | grep ' 13 2 ' >>"$T/world/$2.zone"
}

serve() {
	world_name=$1
	shift
	setpriv --pdeathsig TERM "$@" >"$T/world/$world_name.log" 2>&1 &
	t_keepers="$t_keepers $!"
	world_pid=$!
}

answers() { # ADDRESS@PORT
	[ -n "$(perl tests/db/ask.pl "$1" . NS)" ]
}

# The zone is signed, and then one signature is made of another.
false_signature() {
	world_zone=false-signature.example.net
	knot_sync=0 knot_conf $world_zone $world_zone >"$T/world/knot.conf"
	serve signer knotd -c "$T/world/knot.conf"
	eventually grep -q 'zone file updated' \
	    "$T/world/signer.log" || bail_out 'knot does not sign'
	kill "$world_pid"
	wait "$world_pid"
	t_keepers=${t_keepers% *}
	sed -i '/RRSIG[[:space:]]*TXT/s/.\{8\}==$/AAAAAAAA==/' \
	    "$T/world/false-signature.example.net.zone"
}

unbound_conf() {
	cat <<-END
	server:
	    interface: $resolver
	    directory: "$T/world"
	    chroot: ""
	    username: ""
	    pidfile: "$T/world/unbound.pid"
	    use-syslog: no
	    do-daemonize: no
	    do-not-query-localhost: no
	    access-control: 127.0.0.0/8 allow
	    module-config: "validator iterator"
	    trust-anchor-file: "$anchor"
	    unblock-lan-zones: yes
	    local-zone: "silent.example.org." always_deny
	remote-control:
	    control-enable: no
	stub-zone:
	    name: "failing.example.org."
	    stub-addr: $world@1
	END
	for world_zone in $(world_zones); do
		printf 'stub-zone:\n    name: "%s"\n    stub-addr: %s\n' \
		    "$(zone_name "$world_zone")" "$world@5300"
	done
}

world_start() {
	anchor=$T/world/anchor
	knot_conf "$(world_zones)" >"$T/world/knot.conf"
	trusted false-signature.example.net example.net
	printf 'false-ds.example.net. 60 IN DS 1 13 2 %064d\n' 0 \
	    >>"$T/world/example.net.zone"
	for world_zone in $WORLD_SIGNED; do
		trusted "$world_zone" root
	done
	false_signature
	key root generate ksk=yes zsk=yes >"$T/said"
	key root ds | grep ' 13 2 ' >"$anchor"
	# shellcheck disable=SC2046,SC2086 # words
	knot_conf "$(world_zones)" root $WORLD_SIGNED false-ds.example.net \
	    >"$T/world/knot.conf"
	serve knot knotd -c "$T/world/knot.conf"
	unbound_conf >"$T/world/unbound.conf"
	serve unbound unbound -c "$T/world/unbound.conf"
	eventually grep -q "example.net.*loaded" "$T/world/knot.log"
	eventually answers "$resolver"
}

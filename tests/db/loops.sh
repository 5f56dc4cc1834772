# No command closes a loop, not even one that only takes something away.
. tests/lib.sh

server_start
fresh

# A loop that a name of its own still keeps open: without it the catch-all,
# or the alias domain's target, answers for the name.
domains() {
	for domain; do
		run mailadm --quiet domain add "$domain" && status 0 || return 1
	done
}

quietly() {
	run mailadm --quiet "$@" && status 0
}

everything() {
	sql 'SELECT * FROM domains; SELECT * FROM users;
	    SELECT * FROM aliases; SELECT * FROM history'
}

refused_loop() {
	refused_before=$(everything)
	run mailadm --yes "$@" && status 6 && like "$err" 'loop: ' &&
	is "$(everything)" "$refused_before"
}

t 'an alias that keeps its catch-all from a circle cannot be removed' '
	domains d.example e.example &&
	quietly alias add c@d.example x@out.example &&
	quietly alias add b@e.example c@d.example &&
	quietly alias add @d.example b@e.example &&
	refused_loop alias remove c@d.example &&
	like "$err" "without c@d.example"'

t 'but it can when the circle is broken elsewhere' '
	quietly alias set @d.example x@out.example &&
	quietly alias remove c@d.example'

t 'nor an alias of an alias domain that its target would lead back to' '
	domains t.example &&
	quietly domain add aka.example --alias-of t.example &&
	quietly alias add a@aka.example x@out.example &&
	quietly alias add a@t.example a@aka.example &&
	refused_loop alias remove a@aka.example'

t 'nor a user, even where the alias bears a tag' '
	domains f.example g.example &&
	quietly user add c@f.example --no-password &&
	quietly alias add b@g.example c+tag@f.example &&
	quietly alias add @f.example b@g.example &&
	refused_loop user remove c@f.example &&
	refused_loop user rename c@f.example c@g.example'

t 'nor a domain to which the last destination of such an alias leads' '
	domains h.example i.example j.example &&
	quietly user add u@j.example --no-password &&
	quietly alias add a@h.example u@j.example &&
	quietly alias add b@i.example a@h.example &&
	quietly alias add @h.example b@i.example &&
	refused_loop domain remove j.example --recursive --cascade'

t 'a domain does not become an alias whose target leads back to it' '
	domains k.example l.example &&
	quietly alias add @l.example x@out.example &&
	quietly alias add a@k.example a@l.example &&
	refused_loop domain set l.example --alias-of k.example'

t 'nor is it made as one, where it was somebody else'"'"'s before' '
	quietly alias add a@k.example a@new.example &&
	refused_loop domain add new.example --alias-of k.example &&
	quietly alias set a@k.example a@l.example &&
	quietly domain add new.example --alias-of k.example'

t 'nor does it cease to be one, where its catch-all leads back' '
	domains n.example o.example &&
	quietly domain add p.example --alias-of n.example &&
	quietly user add a@n.example --no-password &&
	quietly alias add b@o.example a@p.example &&
	quietly alias add @p.example b@o.example &&
	refused_loop domain set p.example --alias-of none'

t 'a tagged name of an alias domain is asked for before its own name' '
	domains q.example && quietly user add b@q.example --no-password &&
	quietly domain add aka2.example --alias-of q.example &&
	refused_loop alias add b@aka2.example b+t@aka2.example &&
	quietly alias add a@aka2.example x@out.example &&
	quietly alias add a@q.example a+t@aka2.example'

t 'an alias that its tag meets again is a loop, for mail with that tag' '
	domains r.example &&
	quietly alias add b@r.example x@out.example &&
	quietly alias add a@r.example b@r.example &&
	refused_loop alias add b+t@r.example a+t@r.example &&
	quietly alias add a+t@r.example x@out.example &&
	quietly alias add b+t@r.example a+t@r.example &&
	refused_loop alias remove a+t@r.example'

t 'nor may mail with any tag circle, where one without finds a way out' '
	domains s.example &&
	quietly alias add c+u@s.example x@out.example &&
	quietly alias add c+u+u@s.example x@out.example &&
	refused_loop alias add c@s.example c+u@s.example &&
	like "$err" "loop: c@s.example" &&
	quietly alias add d@s.example c+u@s.example &&
	refused_loop alias add c@s.example d@s.example'

finish

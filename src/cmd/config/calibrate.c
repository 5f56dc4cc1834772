/* mailadm config calibrate: the number of rounds for a given time. */
#include <inttypes.h>

#include "cmd/run/list.h"
#include "model/password/calibrate.h"

struct calibrate_args {
	int64_t time;
};

static const struct arg_type arg_milliseconds = {
	.metavar = "MILLISECONDS", .min = CALIBRATE_TIME_MIN,
	.max = CALIBRATE_TIME_MAX
};

static const struct arg calibrate_arg[] = {
	OPTION("--time", arg_milliseconds, calibrate_args, time,
	    "how long a password check may take; default: 100"),
	{ 0 }
};

static bool
run_calibrate(struct session *s, const void *args, struct err *e)
{
	const struct calibrate_args *a = args;
	struct calibration c;

	if (!calibrate(&s->scratch, calibrate_measure,
	    a->time == VALUE_UNSET ? CALIBRATE_TIME : a->time, &c, e) ||
	    !show_print(s, calibration_fields, &c, e))
		return false;
	out_hint(&s->out, "rounds = %" PRId64 " in mailadm.conf applies to "
	    "passwords that are set from then on", c.rounds);
	return true;
}

const struct cmd config_calibrate_cmds[] = {
	{ .name = "config calibrate",
	    .brief = "find the number of rounds for password hashes",
	    .detail =
	    "Measures how long this machine needs to check a SHA256-CRYPT "
	    "hash, and proposes a value of the setting rounds for --time: the "
	    "cost of each guess for an attacker, and of each login for the "
	    "server. Run it on the machine of Dovecot, when it is idle. "
	    "Nothing is changed.",
	    .example = "config calibrate --time 50",
	    ARGS(calibrate_arg, calibrate_args), .columns = calibration_fields,
	    .flags = CMD_NOT_IN_BATCH, .run = run_calibrate },
	{ 0 }
};

/* mailadm config calibrate: rounds for a wanted time. */
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
	    "how long a login may compute, 100 if not said"),
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
	out_hint(&s->out, "rounds = %" PRId64 " in mailadm.conf is for "
	    "passwords that are set from now on", c.rounds);
	return true;
}

const struct cmd config_calibrate_cmds[] = {
	{ .name = "config calibrate",
	    .brief = "how many rounds a password's hash may have",
	    .detail =
	    "Measures on this machine how long checking a SHA256-CRYPT hash "
	    "takes, and proposes for the setting rounds what takes --time: "
	    "what an attacker pays for each guess, and the server for each "
	    "login. Run it where Dovecot runs, when little else does. Nothing "
	    "is changed.",
	    .example = "config calibrate --time 50",
	    ARGS(calibrate_arg, calibrate_args), .columns = calibration_fields,
	    .flags = CMD_NOT_IN_BATCH, .run = run_calibrate },
	{ 0 }
};

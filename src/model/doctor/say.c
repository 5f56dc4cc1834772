/* What a step of the doctor says: one row for each thing. */
#include <stdarg.h>

#include "base/text.h"
#include "model/doctor/private.h"

const char *const doctor_state_names[] = {
	[DOCTOR_WRONG] = "wrong",
	[DOCTOR_UNKNOWN] = "unknown",
	[DOCTOR_OK] = "ok",
	[DOCTOR_SKIPPED] = "skipped",
	NULL
};

void
doctor_add(struct doctor *d, struct verdict verdict)
{
	const char *advice = verdict.advice;

	if (advice == NULL && verdict.state == DOCTOR_WRONG)
		advice = d->step->advice;
	*VECTOR_ADD(&d->found) = (struct doctor_finding){ verdict.state,
	    { d->step->name, doctor_state_names[verdict.state], verdict.what,
	    advice } };
}

void
doctor_say(struct doctor *d, enum doctor_state state, const char *advice,
    const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	doctor_add(d, (struct verdict){ state,
	    arena_strndup(d->arena, t.buf, t.len), advice });
	text_clear(&t);
}

unsigned
doctor_seconds(const struct doctor *d)
{
	return (unsigned)stop_left(&d->stop, d->options->timeout) + 1;
}

bool
doctor_program_hangs(const struct doctor *d, const struct err *e)
{
	return e->code == ERR_RETRY && !stop_is_due(&d->stop);
}

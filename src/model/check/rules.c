/* The table of the checker's rules, from rules.def. */
#include "model/check/private.h"

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define N SEVERITY_NOTE

/* Advice that several rules give. */
#define SET_PASSWORD "set a password: user passwd EMAIL"
#define LOOK_AT_ALIAS "route ADDRESS shows where the mail goes"
#define REPAIR "compare with the files of sql/ and fix it: ALTER TABLE"

#define RULE(name, ...) [name] = { __VA_ARGS__ },

const struct rule check_rules[] = {
#include "model/check/rules.def"
	[RULES] = { NULL }
};

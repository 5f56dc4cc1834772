/* The table of the verifier's rules, from rules.def. */
#include "model/verify/private.h"

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define N SEVERITY_NOTE

/* What rules need to see. */
#define P VERIFY_POSTFIX
#define D VERIFY_DOVECOT
#define MAP (P | VERIFY_MAP_FILE)
#define QUERY (P | VERIFY_MAP_FILE | VERIFY_SQL_FILE)
#define ANSWER (QUERY | VERIFY_ANSWER)

/* Advice that several rules give. */
#define RENDER_POSTFIX VERIFY_RENDER("postfix")
#define RENDER_DOVECOT VERIFY_RENDER("dovecot")
#define RENDER_FILTER VERIFY_RENDER("filter")
#define GRANTS "mailadm config render grants --out /; mariadb "		\
    "</etc/mailadm/grants.sql"

#define RULE(name, ...) [name] = { __VA_ARGS__ },

const struct rule verify_rules[] = {
#include "model/verify/rules.def"
	[VERIFY_RULES] = { NULL }
};

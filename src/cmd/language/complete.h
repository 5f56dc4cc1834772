/*
 * Completion: what may come at the cursor, from the tables and from the
 * database.  One engine for readline, bash and zsh.
 */
#ifndef CMD_LANGUAGE_COMPLETE_H
#define CMD_LANGUAGE_COMPLETE_H

#include "cmd/language/options.h"
#include "model/connect/names.h"

/* What the candidates depend on, besides the line. */
struct completion {
	bool shell;		/* without options of the command line */
	const char *domain;	/* the default domain, or NULL */
	const struct words *topics;	/* of help, besides commands; or NULL */
	/* As names_find(); NULL: no names are known. */
	void (*names)(void *arg, struct arena *a, enum names_kind kind,
	    const char *domain, const char *begun,
	    struct names_found *found);
	void *arg;
};

/* What the word `begun` may become after the words `before`. */
struct candidates {
	struct words words;
	bool more;		/* too many: only the first and the last */
	bool files;		/* a file: the caller completes those */
};

struct candidates complete(const struct completion *c, struct arena *a,
    const struct words *before, const char *begun);

/* names_find() of a session's database, for struct completion. */
void complete_from(void *names, struct arena *a, enum names_kind kind,
    const char *domain, const char *begun, struct names_found *found);

/* The options in the words, which say where the database is. */
void complete_options(struct arena *a, const struct words *before,
    struct run_options *run);

/* The script that makes bash or zsh ask `mailadm complete`. */
const char *completion_script(const char *shell);

#endif

/*
 * The parts of mailadm(8): prose from a table, the rest from the tables of
 * commands, settings and errors.
 *
 * The text is plain: characters that are special to roff are escaped when
 * it is rendered.  Text between backquotes is bold, and so are --options.
 */
#ifndef CMD_HELP_MANUAL_H
#define CMD_HELP_MANUAL_H

#include "base/text.h"

#define MANUAL_DATE "2026-11-21"

enum block_kind {
	BLOCK_END,
	BLOCK_SECTION,		/* term is its title, text its topics */
	BLOCK_TEXT,		/* a paragraph */
	BLOCK_ITEM,		/* a term and what it is */
	BLOCK_CODE,		/* lines as they are typed or printed */
	/* Made from the tables of the program: */
	BLOCK_SYNOPSIS,
	BLOCK_RUN_OPTIONS,
	BLOCK_COMMANDS,
	BLOCK_PLACES,		/* which setting is in which file */
	BLOCK_SETTINGS,
	BLOCK_RULES,		/* of the checker */
	BLOCK_VERIFY_RULES,
	BLOCK_DNS_RULES,
	BLOCK_STATUSES
};

struct block {
	enum block_kind kind;
	const char *term;
	const char *text;
};

/* The whole page, in order; ended by BLOCK_END. */
extern const struct block manual_blocks[];

/* How mailadm is called: one way in each line. */
extern const char manual_synopsis[];

/* A row of the table of settings for what is not in settings_table. */
struct place {
	const char *setting;	/* NULL ends the array */
	const char *file;
	const char *option;
	const char *order;	/* precedence: the first one wins */
};

extern const struct place manual_places[];

/* The page, in man macros. */
void manual_add(struct text *t);

#endif

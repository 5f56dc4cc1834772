/*
 * The pages of the manual: prose from the files of src/manual, the rest from
 * the tables of commands, settings and errors.
 *
 * "mailadm manual PAGE" prints one for man, "mailadm help TOPIC" a section of
 * any page.  Text between backquotes is bold, and so are --options.
 */
#ifndef CMD_HELP_MANUAL_H
#define CMD_HELP_MANUAL_H

#include <stdbool.h>

#include "base/text.h"

#define MANUAL_DATE "2026-11-21"

enum block_kind {
	BLOCK_END,
	BLOCK_PAGE,		/* "mailadm.8" and what it is about */
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
	BLOCK_STATUSES,
	BLOCK_ENTRIES		/* the sections of the page */
};

struct block {
	enum block_kind kind;
	const char *term;
	const char *text;
};

/*
 * All pages, in order; ended by BLOCK_END.  src/manual/manual.awk makes the
 * array.
 */
extern const struct block manual_blocks[];

/* True of what is no longer in the section: a section, a page, the end. */
bool block_ends_section(const struct block *b);

/* The page of this name, or NULL. */
const struct block *manual_page(const char *name);

/* How mailadm is called: one way in each line. */
extern const char manual_synopsis[];

/* What others wrote, at the end of each page. */
extern const char manual_see_also[];

/* A row of the table of settings for what is not in settings_table. */
struct place {
	const char *setting;	/* NULL ends the array */
	const char *file;
	const char *option;
	const char *order;	/* precedence: the first one wins */
};

extern const struct place manual_places[];

/* A page, in man macros. */
void manual_add(struct text *t, const struct block *page);

#endif

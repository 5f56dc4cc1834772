/* The words of a query. */
#ifndef MODEL_GUESS_SELECT_WORDS_H
#define MODEL_GUESS_SELECT_WORDS_H

#include <stdbool.h>

#include "base/arena.h"

enum select_word_kind {
	SELECT_WORD_END,
	SELECT_WORD_NAME,	/* also in `...` */
	SELECT_WORD_TEXT,	/* in quotes, a number, or a variable */
	SELECT_WORD_SIGN
};

struct select_word {
	enum select_word_kind kind;
	const char *text;
	bool quoted;		/* `from` is no word of the language */
	bool number;
};

struct select_reader {
	struct arena *arena;
	const char *p;		/* behind the word */
	const char *begin;	/* of the word */
	struct select_word word;
	unsigned depth;
};

/* To the next word; at the end it stays there. */
void select_word_next(struct select_reader *r);

/* Is this word that of the language, or that sign? */
bool select_word_is(const struct select_reader *r, const char *text);

/* If it is, goes behind it. */
bool select_word_take(struct select_reader *r, const char *text);

#endif

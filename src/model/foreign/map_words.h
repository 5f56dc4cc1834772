/*
 * Maps: words, columns and expressions, which lines are made of.
 */
#ifndef MODEL_FOREIGN_MAP_WORDS_H
#define MODEL_FOREIGN_MAP_WORDS_H

#include "model/foreign/map.h"

enum word_kind { WORD_END, WORD_NAME, WORD_TEXT, WORD_SIGN, WORD_FAULTY };

struct word {
	enum word_kind kind;
	const char *text;	/* of a sign: one character, or != */
};

struct reading {
	struct arena *arena;
	const char *p;		/* what is left of the line */
	struct word word;	/* the current one */
};

/* To the next word, which is the current one then. */
void reading_next(struct reading *r);

bool reading_is_sign(const struct reading *r, const char *sign);
bool reading_is_word(const struct reading *r, const char *name);

/* ERR_INVALID: the current word is not `what`. */
bool reading_expected(const struct reading *r, const char *what,
    struct err *e);

/* Nothing follows. */
bool reading_ends(const struct reading *r, struct err *e);

/* Each reads from the current word on, to the word behind it. */
bool reading_values(struct reading *r, struct words *values, struct err *e);
bool reading_column(struct reading *r, struct map_column *column,
    struct err *e);

/* To the end of the line. */
bool reading_expression(struct reading *r, struct map_expression *x,
    struct err *e);

#endif

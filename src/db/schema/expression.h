/*
 * SQL expressions in one spelling, so that those of sql/ can be compared with
 * those that a server prints.
 */
#ifndef DB_SCHEMA_EXPRESSION_H
#define DB_SCHEMA_EXPRESSION_H

#include "base/arena.h"
#include "base/text.h"

/* The expression in that spelling. */
const char *expression(struct arena *a, const char *p);

/* The body of a trigger: everything but the form of its blanks is kept. */
const char *expression_body(struct arena *a, const char *p);

/* Appends a word in that spelling: lower case, one name for each function. */
void expression_word_add(struct text *t, const char *word, size_t len);

/* The end of a literal that begins here, after its closing quote. */
const char *expression_quoted_end(const char *p);

#endif

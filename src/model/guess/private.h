/* What the files that read a query share. */
#ifndef MODEL_GUESS_PRIVATE_H
#define MODEL_GUESS_PRIVATE_H

#include "model/guess/select.h"
#include "model/guess/select_words.h"

/* Brackets in each other that are followed: more is not known. */
#define SELECT_DEPTH_MAX 16

/* A value; one that is not known is read over. */
struct select_value select_value_read(struct select_reader *r);

/* Behind an open bracket, to behind the one that closes it. */
void select_brackets_skip(struct select_reader *r);

/* The conditions that follow, up to the end of them all, or a bracket. */
void select_conditions_read(struct select_reader *r, struct select *s);

#endif

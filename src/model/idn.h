/*
 * One label of a domain name in its two forms: xn-- and Unicode.
 *
 * IDNA2008 (RFC 5891 to 5893), non-transitional, and the strict half of
 * it: nothing is mapped, so what comes out is what went in.  Only
 * model/address.c calls this, and it hands over what it folded already.
 */
#ifndef MODEL_IDN_H
#define MODEL_IDN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct idn_label {
	const char *ascii;	/* what is stored: a-z 0-9 - */
	const char *unicode;	/* what is shown; the same one if plain */
};

/*
 * `text` is not empty, valid UTF-8, without dots and ASCII capitals.
 * ERR_INVALID with the bare reason: the caller says of what.
 */
bool idn_label_parse(struct arena *a, const char *text,
    struct idn_label *label, struct err *e);

/*
 * The Bidi rule is one of whole domains: a right-to-left label binds its
 * neighbours too.
 */
bool idn_direction_valid(const struct idn_label *labels, size_t count,
    struct err *e);

/* 1 to 63 of a-z 0-9 and -, which stands neither first nor last. */
bool idn_label_is_ldh(const char *label);

#endif

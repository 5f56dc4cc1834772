/* What the files of SPF share. */
#ifndef MODEL_SPF_PRIVATE_H
#define MODEL_SPF_PRIVATE_H

#include "model/spf/spf.h"

/* One evaluation. */
struct spf_run {
	struct arena *arena;
	const struct dns_asker *asker;
	const struct spf_query *query;
	struct dns_address address;
	const char *local;	/* the part before the @ */
	const char *sender;	/* the domain behind it */
	const char *domain;	/* whose record is evaluated now */
	const char *term;	/* of it */
	const char *validated;	/* what %{p} stands for, once known */
	struct spf_result result;
};

/* --- macros ---------------------------------------------------------- */

/* NULL, or why the text is no macro-string. */
const char *spf_macro_judge(const char *text);

/* NULL, or why it is no domain-spec. */
const char *spf_domain_judge(const char *text);

/*
 * The name that a domain-spec stands for, without final dot and shortened to
 * what DNS can hold.  NULL: the result has been set.
 */
const char *spf_domain_expand(struct spf_run *run, const char *text);

/* --- asking ---------------------------------------------------------- */

/* Ends the evaluation, unless it has ended before. */
void spf_end(struct spf_run *run, enum spf_state state, const char *why);

/* NULL: not known yet, and the evaluation has ended. */
const struct dns_answer *spf_ask(struct spf_run *run, const char *name,
    enum dns_type type);

/*
 * The names of the address that lead back to it, of the first ten.  False:
 * not known yet, and the evaluation has ended.
 */
bool spf_validated_names(struct spf_run *run, struct words *names);

/* NULL is not found. */
bool spf_is_found(const struct dns_answer *answer);

/* Of the client's addresses. */
enum dns_type spf_address_type(const struct spf_run *run);

/* True where one of the addresses has the first bits of the client's. */
bool spf_has_address(const struct spf_run *run,
    const struct dns_answer *answer, unsigned bits);

/* --- limits: false where one is passed, and the evaluation has ended -- */

/* Counts a term that asks. */
bool spf_count_asking(struct spf_run *run);

/* Counts an answer with nothing in it. */
bool spf_count_empty(struct spf_run *run);

/* An MX with so many servers. */
bool spf_allows_servers(struct spf_run *run, size_t count);

/* --- mechanisms ------------------------------------------------------ */

enum spf_match {
	SPF_NO_MATCH,
	SPF_MATCH,
	SPF_ENDED		/* the result has been set */
};

/* Of all mechanisms but include. */
enum spf_match spf_term_match(struct spf_run *run,
    const struct spf_term *term);

#endif

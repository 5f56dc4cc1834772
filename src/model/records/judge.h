/* What the files that judge records share. */
#ifndef MODEL_RECORDS_JUDGE_H
#define MODEL_RECORDS_JUDGE_H

#include "model/records/changes.h"

/* One record that is judged. */
struct judging {
	struct arena *arena;
	struct answers *answers;
	const struct records_server *server;
	const struct record *record;
	struct record_change *change;
};

/* NULL: the change is RECORD_OPEN or RECORD_UNKNOWN, and all is said. */
const struct dns_answer *judge_ask(struct judging *j, const char *name,
    enum dns_type type);

/* Each sets the change.  `why` may be NULL. */
void judge_fine(struct judging *j);
void judge_add(struct judging *j, const char *why);
void judge_change(struct judging *j, const char *value, const char *why);
void judge_drop(struct judging *j, const char *why);

/* A value that goes, and how it stands in a zone file. */
void judge_found(struct judging *j, const char *value, const char *data);

/* All of these TXT values that `is_ours` says are (NULL: all) go. */
void judge_found_texts(struct judging *j, const struct dns_answer *answer,
    bool (*is_ours)(const char *text));

/* The same of values that end with a name, as SRV. */
void judge_found_names(struct judging *j, const struct dns_answer *answer);

/*
 * True where the values are those of a wildcard: no record of the name itself
 * exists that could be changed.  The names above, up to the domain, may have
 * one.  *open: not known yet.
 */
bool judge_wildcard(struct judging *j, const struct dns_answer *answer,
    bool *open);

/* A TXT of ours that is missing, or wrong: all values of the name go. */
void judge_text(struct judging *j, const struct dns_answer *answer,
    const char *value, const char *why);

/* One of the server's own. */
bool judge_is_own(const struct judging *j, const char *address);

/*
 * Does a name lead to this server?  It may have other names: an alias for
 * each domain, as some programs make it.  Where that is not known, the change
 * is set.
 */
bool judge_leads_here(struct judging *j, const char *name, bool *known);

/* --- each kind of record --------------------------------------------- */

void judge_address(struct judging *j);		/* judge_server.c */
void judge_pointer(struct judging *j);
void judge_tlsa(struct judging *j);

void judge_mx(struct judging *j);		/* judge_domain.c */
void judge_key(struct judging *j);
void judge_old_key(struct judging *j);
void judge_consent(struct judging *j);
void judge_tls_reports(struct judging *j);
void judge_sts(struct judging *j);

void judge_alias(struct judging *j);		/* judge_service.c */
void judge_service(struct judging *j);

void judge_spf(struct judging *j);		/* judge_spf.c */
void judge_dmarc(struct judging *j);		/* judge_dmarc.c */

#endif

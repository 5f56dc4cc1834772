/*
 * The records that DNS needs so that others take our mail, and users find
 * this server: one list for what is shown, exported and compared.
 *
 * They follow from the settings, the domains and their DKIM keys, and the
 * certificate of the server.  Nothing here asks the network.
 */
#ifndef MODEL_RECORDS_RECORDS_H
#define MODEL_RECORDS_RECORDS_H

#include "file/settings.h"
#include "model/mail/mail.h"
#include "model/server/addresses.h"

/* What a record is for. */
enum record_kind {
	RECORD_ADDRESS,		/* A and AAAA of the server */
	RECORD_POINTER,		/* PTR: the reverse of them */
	RECORD_HELO,		/* SPF of the server's own name */
	RECORD_TLSA,
	RECORD_TLS_REPORTS,
	RECORD_MX,
	RECORD_SPF,
	RECORD_DKIM,		/* of a key in use, or about to be */
	RECORD_DKIM_OLD,	/* of a retired key: it is to go */
	RECORD_DMARC,
	RECORD_CONSENT,		/* to the reports of another domain */
	RECORD_STS,
	RECORD_STS_HOST,
	RECORD_SRV,
	RECORD_AUTOCONFIG,
	RECORD_CAA
};

/* The values of `need`. */
#define RECORD_REQUIRED "required"
#define RECORD_RECOMMENDED "recommended"
#define RECORD_OPTIONAL "optional"
#define RECORD_REMOVE "remove"

struct record {
	enum record_kind kind;
	const char *domain;	/* that needs it; or the server's name */
	const char *name;	/* without the final dot */
	const char *type;	/* "MX" */
	/*
	 * As in a zone file, names with their final dot; but a TXT is the
	 * joined text without quotes.
	 */
	const char *value;
	const char *need;
	const char *why;
	const struct dkim_row *key;	/* of RECORD_DKIM and _OLD */
	bool foreign;		/* others have to publish it */
};

/* In an arena; a zeroed list is empty. */
struct records {
	struct arena *arena;
	struct record *record;
	size_t count;
	size_t room;
};

/* What the records of all domains depend on. */
struct records_server {
	const struct settings *settings;
	struct server_addresses addresses;
	bool is_domain;		/* the server's name is one of our domains */
	const char *dmarc_reports;	/* canonical, as the next; or NULL */
	const char *tls_reports;
	bool reports_ours;	/* dmarc_reports is in one of our domains */
	struct words tlsa;	/* of the key in use, and of the next one */
	const char *tlsa_why;	/* why none, or NULL */
	const char *policy;	/* of MTA-STS; NULL: not wanted */
	const char *policy_id;
};

/* ERR_INVALID for a setting; the texts live in the arena of `m`. */
bool records_server_read(struct mail *m, const struct settings *s,
    struct records_server *server, struct err *e);

/* Once for the server: addresses, PTR, SPF of its name, TLSA. */
void records_of_server(struct records *list,
    const struct records_server *server);

/* Those of a domain that exists; an alias domain needs the same. */
bool records_of_domain(struct mail *m, const struct records_server *server,
    const char *domain, struct records *list, struct err *e);

/* ERR_INVALID, ERR_NOT_FOUND, ERR_DENIED, ERR_IO: no certificate. */
bool records_tlsa_read(struct arena *a, const struct settings *s,
    struct words *tlsa, struct err *e);

/*
 * The data of a TLSA record, "3 1 1 ...", of the key in a PEM text: of a
 * certificate, or of a private or public key.  NULL: it holds none.
 */
const char *records_tlsa(struct arena *a, const char *pem, size_t len);

#endif

/* Lists of records, and the texts that are the same for all domains. */
#include <string.h>

#include "base/text.h"
#include "model/records/private.h"

struct record *
records_add(struct records *list, const struct record *record)
{
	struct record *grown;

	if (list->count == list->room) {
		list->room = list->room > 0 ? 2 * list->room : 32;
		grown = arena_array(list->arena, list->room, sizeof(*grown));
		if (list->count > 0)
			memcpy(grown, list->record,
			    list->count * sizeof(*grown));
		list->record = grown;
	}
	list->record[list->count] = *record;
	return &list->record[list->count++];
}

const char *
records_absolute(struct arena *a, const char *name)
{
	return arena_printf(a, "%s.", name);
}

/* --- texts ----------------------------------------------------------- */

/*
 * A URI (RFC 6068) in a list of tags: what means something there, and the
 * comma and exclamation mark of DMARC and TLSRPT, is encoded.
 */
static const char *
mailto(struct arena *a, const char *address)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+@";
	struct text t = TEXT_INIT;
	const char *uri;

	text_add(&t, "mailto:");
	for (; *address != '\0'; address++) {
		if (strchr(plain, *address) != NULL)
			text_add_char(&t, *address);
		else
			text_addf(&t, "%%%02X", (unsigned char)*address);
	}
	uri = arena_strdup(a, t.buf);
	text_clear(&t);
	return uri;
}

const char *
records_tls_reports(struct arena *a, const struct records_server *server)
{
	return arena_printf(a, "v=TLSRPTv1; rua=%s", mailto(a,
	    server->tls_reports));
}

const char *
records_dmarc(struct arena *a, const struct records_server *server)
{
	const char *text = arena_printf(a, "v=DMARC1; p=%s",
	    server->settings->dmarc);

	return server->dmarc_reports == NULL ? text : arena_printf(a,
	    "%s; rua=%s", text, mailto(a, server->dmarc_reports));
}

const char *
records_spf_all(const struct settings *s)
{
	return strcmp(s->spf_all, "fail") == 0 ? "-all" : "~all";
}

/* What the rules of DNS have to know besides DNS. */
#include "model/dnscheck/read.h"

#include <string.h>
#include <time.h>

#include "file/read.h"
#include "model/dkim/dkim.h"
#include "model/mail/domain.h"
#include "model/mail/user.h"
#include "model/route/trace.h"
#include "model/server/addresses.h"
#include "model/server/settings.h"

/* --- the server ------------------------------------------------------ */

static void
certificate_read(struct arena *a, const struct settings *s,
    struct dnscheck_server *server)
{
	struct text content = TEXT_INIT;
	struct err unread = { 0 };
	struct stat st;

	if (file_read(server_certificate(a, s), &content, &st, &unread)) {
		server->certificate = arena_strndup(a, content.buf,
		    content.len);
		server->certificate_len = content.len;
	}
	text_clear(&content);
	err_clear(&unread);
}

bool
dnscheck_server_read(struct arena *a, const struct settings *s,
    struct dnscheck_server *server, struct err *e)
{
	struct server_addresses addresses;

	*server = (struct dnscheck_server){ .host = s->hostname,
	    .pop3 = s->pop3, .dkim_max_age = s->dkim_max_age,
	    .now = (int64_t)time(NULL) };
	if (!server_check(s, e) || !server_addresses(a, s, &addresses, e))
		return false;
	/* Behind NAT the interfaces have others than DNS. */
	if (addresses.set)
		server->addresses = addresses.list;
	certificate_read(a, s, server);
	return true;
}

/* --- a domain -------------------------------------------------------- */

/* True where somebody gets the mail. */
static bool
role_is_read(struct mail *m, const char *role, const char *domain,
    bool *is_read, struct err *e)
{
	const char *text = arena_printf(m->arena, "%s@%s", role, domain);
	const char *address;
	struct route route;

	*is_read = false;
	if (!route_address(m->arena, text, &address, e) ||
	    !route_trace(m, address, &route, e))
		return false;
	for (size_t i = 0; route.verdict == ROUTE_ACCEPTED &&
	    i < route.finals; i++)
		*is_read = *is_read || route.final[i].end != ROUTE_BOUNCE;
	return true;
}

static bool
roles_read(struct mail *m, struct dnscheck_domain *d, struct err *e)
{
	static const char *const roles[] = { "postmaster", "abuse" };
	bool is_read;

	for (size_t i = 0; i < 2 && d->unread_role == NULL; i++) {
		if (!role_is_read(m, roles[i], d->name, &is_read, e))
			return false;
		if (!is_read)
			d->unread_role = roles[i];
	}
	return true;
}

/* Users of the target send as the alias domain, too. */
static bool
senders_read(struct mail *m, const struct domain *row, bool *some,
    struct err *e)
{
	struct list_filter filter = { .domain = row->alias_of != NULL ?
	    row->alias_of : row->domain };
	int64_t users = 0;

	if (!user_count(m, &filter, &users, e))
		return false;
	*some = users > 0;
	return true;
}

bool
dnscheck_domain_read(struct mail *m, const char *name, bool roles,
    struct dnscheck_domain *domain, struct err *e)
{
	struct db_rows keys;
	struct domain row;
	bool found;

	*domain = (struct dnscheck_domain){ .name = arena_strdup(m->arena,
	    name) };
	if (!domain_find(m, name, &row, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "no such domain: %s", name);
	domain->active = row.active;
	if (!senders_read(m, &row, &domain->sends, e) ||
	    !dkim_of(m, name, &keys, e))
		return false;
	domain->key = keys.row;
	domain->keys = keys.count;
	return !roles || roles_read(m, domain, e);
}

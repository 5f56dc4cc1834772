/* A resolver inside this process, by libunbound. */
#include "model/dns/resolver.h"

#include <string.h>
#include <strings.h>
#include <unbound.h>

#include "base/text.h"
#include "model/dns/name.h"
#include "model/dns/value.h"

/* --- answers --------------------------------------------------------- */

static void
value_add(struct arena *a, struct dns_question *q, const void *bytes,
    size_t len)
{
	const char *value = dns_value_text(a, q->type, bytes, len);

	if (value == NULL)
		return;
	words_add(a, &q->values, value);
	if (q->type == DNS_TXT)
		words_add(a, &q->texts, dns_value_strings(a, bytes, len));
}

/* With or without the final dot. */
static bool
is_name(const char *canonical, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(canonical, name, len) == 0 &&
	    (canonical[len] == '\0' || strcmp(canonical + len, ".") == 0);
}

void
resolver_take(struct arena *a, struct dns_question *q,
    const struct ub_result *r)
{
	q->is_alias = r->canonname != NULL && !is_name(r->canonname, q->name);
	q->secure = r->secure != 0;
	q->bogus = r->bogus != 0;
	if (r->havedata && !r->bogus)
		q->state = DNS_FOUND;
	else if (!r->bogus && (r->nxdomain || r->rcode == 0))
		q->state = DNS_NOTHING;
	for (int i = 0; q->state == DNS_FOUND && r->data[i] != NULL; i++)
		value_add(a, q, r->data[i], (size_t)r->len[i]);
}

/* --- contexts -------------------------------------------------------- */

static bool
not_address(const char *what, const char *value, struct err *e)
{
	err_set(e, ERR_INVALID, "not the address of a %s: \"%.200s\"", what,
	    value);
	return err_hint(e, "like 192.0.2.53 or 127.0.0.1@5353");
}

static bool
cannot(const char *what, int code, struct err *e)
{
	return err_set(e, ERR_IO, "cannot %s: %s", what, ub_strerror(code));
}

bool
resolver_add(struct ub_ctx *ctx, const struct dns_question *q, struct err *e)
{
	return ub_ctx_set_stub(ctx, q->zone, q->server, 0) == 0 ||
	    not_address("name server", q->server, e);
}

static bool
servers_set(const struct dns *dns, const struct dns_question *q,
    struct ub_ctx *ctx, struct err *e)
{
	int code;

	if (q->server != NULL)
		return resolver_add(ctx, q, e);
	if (dns->resolver != NULL)
		return ub_ctx_set_fwd(ctx, dns->resolver) == 0 ||
		    not_address("resolver", dns->resolver, e);
	code = ub_ctx_resolvconf(ctx, NULL);
	return code == 0 || cannot("read /etc/resolv.conf", code, e);
}

bool
resolver_open(const struct dns *dns, const struct dns_question *q,
    struct ub_ctx **ctx, struct err *e)
{
	*ctx = ub_ctx_create();
	if (*ctx == NULL)
		return err_set(e, ERR_IO, "cannot start a resolver");
	/* Threads: a child process would have a copy of all memory. */
	ub_ctx_async(*ctx, 1);
	ub_ctx_debuglevel(*ctx, 0);
	ub_ctx_set_option(*ctx, "do-not-query-localhost:", "no");
	ub_ctx_set_option(*ctx, "unblock-lan-zones:", "yes");
	/* Its default of 16 sockets is 800 answers a second at 20 ms. */
	ub_ctx_set_option(*ctx, "outgoing-range:", "100");
	if (servers_set(dns, q, *ctx, e))
		return true;
	ub_ctx_delete(*ctx);
	*ctx = NULL;
	return false;
}

bool
resolver_trust(struct ub_ctx *ctx, const char *file, struct err *e)
{
	int code = ub_ctx_add_ta_file(ctx, file);

	return code == 0 || cannot("take the trust anchor", code, e);
}

/* --- asking ---------------------------------------------------------- */

bool
resolver_can_ask(const char *name)
{
	return dns_name_is_valid(name) || strcmp(name, ".") == 0;
}

/* In a name that is asked for, a backslash begins an escape. */
static const char *
name_escaped(struct arena *a, const char *name)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (; *name != '\0'; name++) {
		if (*name == '\\')
			text_add_char(&t, '\\');
		text_add_char(&t, *name);
	}
	copy = arena_strdup(a, t.buf);
	text_clear(&t);
	return copy;
}

bool
resolver_ask(const struct dns *dns, struct ub_ctx *ctx,
    const struct dns_question *q, const struct resolver_call *call,
    struct err *e)
{
	int code = ub_resolve_async(ctx, name_escaped(dns->arena, q->name),
	    (int)q->type, 1, call->arg, call->answered, call->id);

	return code == 0 || cannot("ask DNS", code, e);
}

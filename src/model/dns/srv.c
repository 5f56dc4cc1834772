/* SRV records of mail: RFC 6186, 3, and RFC 8314, 5.1. */
#include "model/dns/srv.h"

#include <stdlib.h>
#include <string.h>

#include "model/dns/name.h"

#define DIGITS "0123456789"

/* A number of two bytes, and the blank behind it. */
static bool
number_read(const char **text, unsigned *number)
{
	size_t len = strspn(*text, DIGITS);

	if (len < 1 || len > 5 || (*text)[len] != ' ')
		return false;
	*number = (unsigned)strtoul(*text, NULL, 10);
	*text += len + 1;
	return *number <= 65535;
}

bool
srv_record_parse(struct arena *a, const char *value,
    struct srv_record *record)
{
	size_t len;

	*record = (struct srv_record){ 0 };
	if (!number_read(&value, &record->priority) ||
	    !number_read(&value, &record->weight) ||
	    !number_read(&value, &record->port))
		return false;
	len = strlen(value);
	if (len > 1 && value[len - 1] == '.')
		len--;
	record->target = arena_strndup(a, value, len);
	return strcmp(record->target, ".") == 0 ||
	    dns_name_is_valid(record->target);
}

unsigned
srv_port(const char *service)
{
	static const struct {
		const char *name;
		unsigned port;
	} services[] = {
		{ "_submissions", 465 }, { "_submission", 587 },
		{ "_imaps", 993 }, { "_imap", 143 }, { "_pop3s", 995 },
		{ "_pop3", 110 }, { "_sieve", 4190 },
		{ "_autodiscover", 443 },
	};

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
		if (strcmp(services[i].name, service) == 0)
			return services[i].port;
	}
	return 0;
}

static const char *
one_judge(struct arena *a, const char *value, const char *host,
    unsigned port)
{
	struct srv_record r;

	if (!srv_record_parse(a, value, &r))
		return "is no SRV record";
	if (strcmp(r.target, ".") == 0)
		return port == 0 ? NULL :
		    "says that the service is not offered";
	if (port == 0)
		return arena_printf(a, "leads to %s port %u, and the service "
		    "is off", r.target, r.port);
	if (!dns_name_same(r.target, host) || r.port != port)
		return arena_printf(a, "leads to %s port %u", r.target,
		    r.port);
	return NULL;
}

const char *
srv_judge(struct arena *a, const struct words *values, const char *host,
    unsigned port)
{
	const char *why = NULL;

	for (size_t i = 0; i < values->count && why == NULL; i++)
		why = one_judge(a, values->word[i], host, port);
	return why;
}

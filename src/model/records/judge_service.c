/* Judging the records with which users find the server. */
#include <string.h>

#include "model/dns/srv.h"
#include "model/records/judge.h"

/* A web server may be elsewhere: any address will do. */
void
judge_alias(struct judging *j)
{
	const char *name = j->record->name;
	const struct dns_answer *a = judge_ask(j, name, DNS_A);
	const struct dns_answer *aaaa = judge_ask(j, name, DNS_AAAA);
	const struct dns_answer *cname = judge_ask(j, name, DNS_CNAME);

	if (a == NULL || aaaa == NULL || cname == NULL)
		return;
	if (a->state == DNS_FOUND || aaaa->state == DNS_FOUND ||
	    words_have(&cname->values, j->server->settings->hostname)) {
		judge_fine(j);
	} else if (cname->values.count > 0) {
		judge_found_names(j, cname);
		judge_change(j, j->record->value, "leads to no address");
	} else {
		judge_add(j, NULL);
	}
}

/*
 * A service without TLS from the first byte: whether programs are sent there,
 * or to the other one, is a matter of taste.
 */
static bool
is_plain(const char *name)
{
	static const char *const services[] = {
		"_submission", "_imap", "_pop3"
	};
	size_t len = strcspn(name, ".");

	for (size_t i = 0; i < 3; i++) {
		if (strlen(services[i]) == len &&
		    strncmp(services[i], name, len) == 0)
			return true;
	}
	return false;
}

/* POP3 is a setting; all else is offered. */
static bool
is_offered(const struct judging *j, const char *service)
{
	return strncmp(service, "_pop3", 5) != 0 ||
	    j->server->settings->pop3;
}

/*
 * NULL: it leads to the service of this server, or says what is true of it.
 * Where that is not known, the change is set.
 */
static const char *
service_fault(struct judging *j, const char *value, bool *known)
{
	const char *service = arena_strndup(j->arena, j->record->name,
	    strcspn(j->record->name, "."));
	struct srv_record srv;

	*known = true;
	if (!srv_record_parse(j->arena, value, &srv))
		return "is no SRV record";
	if (strcmp(srv.target, ".") == 0)
		return is_plain(service) || !is_offered(j, service) ? NULL :
		    "says that the service is not offered";
	if (is_offered(j, service) && srv.port == srv_port(service) &&
	    judge_leads_here(j, srv.target, known))
		return NULL;
	return arena_printf(j->arena, "leads to %s port %u%s", srv.target,
	    srv.port, is_offered(j, service) ? "" :
	    ", and the service is off");
}

void
judge_service(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_SRV);
	const char *why = NULL;

	if (answer == NULL)
		return;
	for (size_t i = 0; i < answer->values.count && why == NULL; i++) {
		bool known;

		why = service_fault(j, answer->values.word[i], &known);
		if (!known)
			return;
	}
	if (answer->values.count == 0) {
		judge_add(j, NULL);
	} else if (why == NULL) {
		judge_fine(j);
	} else {
		judge_found_names(j, answer);
		judge_change(j, j->record->value, why);
	}
}

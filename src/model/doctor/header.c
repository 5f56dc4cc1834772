/* What the header of a probe says of its way. */
#include <string.h>
#include <strings.h>

#include "model/doctor/deliver.h"

/* The next field, unfolded; false at the end of the header. */
static bool
field_next(const char **message, struct text *field)
{
	const char *p = *message;

	text_cut(field, 0);
	if (*p == '\0' || *p == '\n' || strncmp(p, "\r\n", 2) == 0)
		return false;
	do {
		size_t len = strcspn(p, "\n");
		size_t kept = len > 0 && p[len - 1] == '\r' ? len - 1 : len;

		text_add_bytes(field, p, kept);
		p += len + (p[len] == '\n');
	} while (*p == ' ' || *p == '\t');
	*message = p;
	return true;
}

/* The value of a field of that name, or NULL. */
static const char *
value_of(const struct text *field, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(field->buf, name, len) != 0 ||
	    field->buf[len] != ':')
		return NULL;
	return field->buf + len + 1 + strspn(field->buf + len + 1, " \t");
}

/* A tag of a list "a=b; c=d", without blanks; "" where it is missing. */
static const char *
tag(struct arena *a, const char *list, const char *name)
{
	size_t len = strlen(name);

	while (*list != '\0') {
		list += strspn(list, "; \t");
		if (strncmp(list, name, len) == 0 && list[len] == '=')
			return arena_strndup(a, list + len + 1,
			    strcspn(list + len + 1, "; \t"));
		list += strcspn(list, ";");
	}
	return "";
}

/* "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) ...". */
static const char *
tls_of(struct arena *a, const char *received)
{
	static const char using[] = "(using ";
	const char *p = strstr(received, using);
	size_t len;

	if (p == NULL || strstr(received, "with LMTP") != NULL)
		return NULL;
	p += strlen(using);
	len = strcspn(p, "()\n");
	return arena_strndup(a, p, len > 0 && p[len - 1] == ' ' ? len - 1 :
	    len);
}

static void
field_take(struct arena *a, const struct text *field, struct probe_header *h)
{
	const char *value;

	if ((value = value_of(field, "DKIM-Signature")) != NULL)
		words_add(a, &h->signatures, arena_printf(a, "d=%s s=%s",
		    tag(a, value, "d"), tag(a, value, "s")));
	else if ((value = value_of(field, "Authentication-Results")) != NULL &&
	    h->results == NULL)
		h->results = arena_strndup(a, value, strnlen(value, 300));
	else if (h->tls == NULL && (value = value_of(field, "Received")) !=
	    NULL)
		h->tls = tls_of(a, value);
	else if ((value = value_of(field, "X-Spam-Status")) != NULL)
		h->spam = arena_strndup(a, value, strnlen(value, 60));
	else if ((value = value_of(field, "X-Spam")) != NULL)
		h->is_spam = strncasecmp(value, "yes", 3) == 0;
}

void
probe_header_read(struct arena *a, const char *message,
    struct probe_header *h)
{
	struct text field = TEXT_INIT;

	*h = (struct probe_header){ 0 };
	while (field_next(&message, &field)) {
		/* Nobody's header is longer. */
		if (h->signatures.count < 20)
			field_take(a, &field, h);
	}
	text_clear(&field);
}

static bool
is_signed(const struct probe_header *h, const char *domain)
{
	size_t len = strlen(domain);

	for (size_t i = 0; i < h->signatures.count; i++) {
		const char *word = h->signatures.word[i];

		if (strncmp(word, "d=", 2) == 0 &&
		    strncasecmp(word + 2, domain, len) == 0 &&
		    word[2 + len] == ' ')
			return true;
	}
	return false;
}

struct verdict
probe_judge(struct arena *a, const struct probe_way *way,
    const struct probe_header *h, const char *domain)
{
	const char *what = arena_printf(a, "by %s: %s%s%s", way->name,
	    h->signatures.count > 0 ? h->signatures.word[0] : "unsigned",
	    h->results != NULL ? "; " : "", h->results != NULL ?
	    h->results : "");

	if (h->tls != NULL)
		what = arena_printf(a, "%s; %s", what, h->tls);
	if (h->spam != NULL)
		what = arena_printf(a, "%s; spam: %s", what, h->spam);
	if (h->is_spam)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "the filter takes our own mail for spam: %s", what),
		    "rspamc symbols, or the log of the filter" };
	if (way->logins && way->signs && !is_signed(h, domain))
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "no DKIM-Signature of %s on what users send: the filter "
		    "did not see it, or has no key; %s", domain, what),
		    "mailadm dkim sync; mailadm config verify" };
	if (!way->logins && way->filters && h->results == NULL)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "no Authentication-Results on mail from outside: the "
		    "filter did not see it; %s", what),
		    "mailadm config verify" };
	return (struct verdict){ DOCTOR_OK, what, NULL };
}

/* Values that Postfix refuses when a service starts. */
#include <string.h>
#include <strings.h>

#include "model/conf/conf.h"

#define DIGITS "0123456789"

/* Whose default looks like a number or a switch, and that take more. */
static const char *const others[] = {
	"compatibility_level", "smtpd_forbid_bare_newline",
	"mail_release_date", NULL
};

/* Settings that take a word, or a list, of these alone. */
static const struct choice {
	const char *end;	/* of the name */
	bool list;
	const char *words[9];
} choices[] = {
	{ "_sasl_security_options", true, { "noplaintext", "noactive",
	    "nodictionary", "noanonymous", "forward_secrecy",
	    "mutual_auth", NULL } },
	{ "_sasl_tls_security_options", true, { "noplaintext", "noactive",
	    "nodictionary", "noanonymous", "forward_secrecy",
	    "mutual_auth", NULL } },
	{ "_sasl_tls_verified_security_options", true, { "noplaintext",
	    "noactive", "nodictionary", "noanonymous", "forward_secrecy",
	    "mutual_auth", NULL } },
	{ "smtpd_tls_security_level", false, { "none", "may", "encrypt",
	    NULL } },
	{ "smtp_tls_security_level", false, { "none", "may", "encrypt",
	    "dane", "dane-only", "fingerprint", "verify", "secure", NULL } },
	{ "notify_classes", true, { "bounce", "2bounce", "data", "delay",
	    "policy", "protocol", "resource", "software", NULL } },
	{ "smtp_sasl_type", false, { "cyrus", NULL } },
	{ "smtp_host_lookup", true, { "dns", "native", NULL } },
	{ "milter_default_action", false, { "accept", "reject", "tempfail",
	    "quarantine", "shutdown", NULL } },
	{ "inet_protocols", true, { "all", "ipv4", "ipv6", NULL } },
};

static bool
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), of = strlen(end);

	return len >= of && strcmp(name + len - of, end) == 0;
}

static bool
is_known(const struct choice *c, const char *word, size_t len)
{
	for (size_t i = 0; c->words[i] != NULL; i++) {
		if (strlen(c->words[i]) == len &&
		    strncasecmp(c->words[i], word, len) == 0)
			return true;
	}
	return false;
}

static const char *
choice_refused(struct arena *a, const struct choice *c, const char *value)
{
	while (*(value += strspn(value, ", \t")) != '\0') {
		size_t len = c->list ? strcspn(value, ", \t") : strlen(value);

		if (!is_known(c, value, len))
			return arena_printf(a, "\"%.*s\" is no word that it "
			    "knows", (int)(len < 60 ? len : 60), value);
		value += len;
	}
	return NULL;
}

static bool
is_switch(const char *value)
{
	return strcasecmp(value, "yes") == 0 || strcasecmp(value, "no") == 0;
}

static bool
is_number(const char *value)
{
	value += *value == '-';
	return *value != '\0' && value[strspn(value, DIGITS)] == '\0';
}

/* "5d", where a number alone is in the unit of the setting. */
static bool
is_time(const char *value)
{
	size_t digits = strspn(value, DIGITS);

	return digits > 0 && (value[digits] == '\0' ||
	    (strchr("smhdw", value[digits]) != NULL &&
	    value[digits + 1] == '\0'));
}

static bool
is_other(const char *name)
{
	for (size_t i = 0; others[i] != NULL; i++) {
		if (strcmp(name, others[i]) == 0)
			return true;
	}
	return ends_with(name, "_feedback");
}

/* A value that holds a $ is worth what a service makes of it. */
const char *
conf_refused(struct arena *a, const char *name, const char *value,
    const char *standard)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		const char *why = ends_with(name, choices[i].end) ?
		    choice_refused(a, &choices[i], value) : NULL;

		if (why != NULL)
			return why;
	}
	if (strchr(value, '$') != NULL || standard == NULL || is_other(name))
		return NULL;
	if (is_switch(standard) && !is_switch(value))
		return "it is yes or no";
	if (is_number(standard) && !is_number(value))
		return "it is a number, and nothing may stand behind it";
	if (!is_number(standard) && is_time(standard) && !is_time(value))
		return "it is a time like 5m, and nothing may stand behind it";
	return NULL;
}

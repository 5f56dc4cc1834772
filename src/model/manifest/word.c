/* The words that attributes may be: servers, ways out, choices. */
#include <string.h>

#include "base/sentence.h"
#include "base/shown.h"
#include "model/manifest/private.h"
#include "model/next_hop.h"
#include "model/way/relay.h"

/* The longest login, in characters: what the column holds. */
#define LOGIN_CHARACTERS 255

/* The first of the choices is what no word means; NULL ends them. */
static bool
choice(struct arena *a, const char *const *choices, const char *text,
    const char **word, struct err *e)
{
	struct words all = { 0 };

	for (size_t i = 0; choices[i] != NULL; i++) {
		words_add(a, &all, choices[i]);
		*word = i > 0 ? choices[i] : NULL;
		if (strcmp(choices[i], text) == 0)
			return true;
	}
	return err_set(e, ERR_INVALID, "expected one of %s, got \"%.100s\"",
	    sentence_list(a, &all), text);
}

static bool
relay_to_word(struct arena *a, const char *text, const char **word,
    struct err *e)
{
	return next_hop_parse(a, text, NEXT_HOP_PORT, word, e);
}

static bool
accepts_word(struct arena *a, const char *text, const char **word,
    struct err *e)
{
	static const char *const names[] = { "known", "all", "verify", NULL };

	return choice(a, names, text, word, e);
}

static bool
writers_word(struct arena *a, const char *text, const char **word,
    struct err *e)
{
	static const char *const writers[] = { "anyone", "users", "domain",
	    "members", NULL };

	return choice(a, writers, text, word, e);
}

/* The column has no NULL: the default is a word, too. */
static bool
tls_word(struct arena *a, const char *text, const char **word, struct err *e)
{
	if (!choice(a, relay_tls_names, text, word, e))
		return false;
	if (*word == NULL)
		*word = relay_tls_names[0];
	return true;
}

/* A colon ends the login where Postfix reads it with the password. */
static bool
login_word(struct arena *a, const char *text, const char **word,
    struct err *e)
{
	if (!shown_valid(text, LOGIN_CHARACTERS, e))
		return false;
	if (*text == '\0' || strchr(text, ':') != NULL)
		return err_set(e, ERR_INVALID, "expected a login without "
		    "\":\", got \"%.100s\"", text);
	*word = arena_strdup(a, text);
	return true;
}

static const struct {
	const char *name;
	bool (*parse)(struct arena *a, const char *text, const char **word,
	    struct err *e);
} forms[] = {
	{ "relay_to", relay_to_word },
	{ "accepts", accepts_word },
	{ "transport", next_hop_transport },
	{ "send_through", relay_name_parse },
	{ "writers", writers_word },
	{ "host", next_hop_host },
	{ "login", login_word },
	{ "tls", tls_word },
};

bool
manifest_word(struct arena *a, const struct attribute *attribute,
    const char *text, const char **word, struct err *e)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].name, attribute->name) == 0)
			return forms[i].parse(a, text, word, e);
	}
	BUG_ON(true);
	return false;
}

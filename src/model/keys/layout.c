/*
 * What the names of key files say: one row for each way to name them.
 *
 * A pattern is matched with the end of a name, the parts after a "/" that it
 * has.  %d is a domain, %s a selector, %n a number, and %t anything.
 */
#include <string.h>

#include "base/ascii.h"
#include "model/keys/private.h"

static const struct {
	const char *pattern;
	const char *from;	/* who names them so */
} layouts[] = {
	/* The selector stands in front in mox. */
	{ "%s._domainkey.%d.%t.privatekey.pkcs8.pem", "mox" },
	{ "rsa-%n-%s-%d.private.txt", "docker-mailserver with rspamd" },
	{ "ed25519-%s-%d.private.txt", "docker-mailserver with rspamd" },
	{ "%d_%s.key", "maddy" },
	{ "%d.%s.key", "rspamd, Mailu, simple-nixos-mailserver, YunoHost" },
	{ "%d.%s.private", "amavisd by hand" },
	{ "%d.%s.pem", "amavisd by hand" },
	{ "%d/%s.private", "opendkim-genkey, docker-mailserver" },
	{ "%d/%s.key", "rspamd by hand" },
	{ "%d/%s.pem", "amavisd by hand" },
	{ "%d/%s.key.pem", "amavisd's manual" },
	{ "%d.pem", "iRedMail, Modoboa, amavisd" },
	{ "%d.private", "ISPConfig" },
	{ "%d.key", "Stalwart" },
	{ "%s.private", "Mail-in-a-Box" },
	{ NULL, NULL }
};

/* What a private key may be called at all. */
static const char *const suffixes[] = {
	".private", ".private.txt", ".key", ".pem", NULL
};

/* --- parts ------------------------------------------------------------- */

struct matching {
	struct arena *arena;
	const struct keys_layout *wanted;
	const char *domain;		/* of this try; NULL: none yet */
	size_t domain_len;
	const char *selector;
	size_t selector_len;
	const char *first_domain;	/* the first that matched */
	const char *first_selector;
	const char *known_domain;	/* and the first that is known */
	const char *known_selector;
	bool any;
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool
is_selector(const char *text, size_t len)
{
	return len > 0 && len <= 63 && strspn(text, LETTERS DIGITS "-_") >=
	    len;
}

bool
keys_is_selector(const char *text)
{
	return is_selector(text, strlen(text));
}

/* At least one dot; the bytes of an IDN may be there. */
static bool
is_domain(const char *text, size_t len)
{
	bool dot = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x80 && strchr(LETTERS DIGITS "-.", c) == NULL)
			return false;
		if (c == '.' && (i == 0 || i + 1 == len ||
		    text[i - 1] == '.'))
			return false;
		dot |= c == '.';
	}
	return dot;
}

static bool
part_take(struct matching *m, char kind, const char *text, size_t len)
{
	switch (kind) {
	case 'd':
		m->domain = text;
		m->domain_len = len;
		return is_domain(text, len);
	case 's':
		m->selector = text;
		m->selector_len = len;
		return is_selector(text, len);
	case 'n':
		return strspn(text, DIGITS) >= len;
	default:
		return len > 0;
	}
}

/* --- patterns ---------------------------------------------------------- */

static void
matched(struct matching *m)
{
	const char *domain = m->domain == NULL ? NULL : lowered(m->arena,
	    arena_strndup(m->arena, m->domain, m->domain_len));
	const char *selector = m->selector == NULL ? NULL : arena_strndup(
	    m->arena, m->selector, m->selector_len);

	if (!m->any) {
		m->any = true;
		m->first_domain = domain;
		m->first_selector = selector;
	}
	if (domain != NULL && m->wanted->known != NULL &&
	    m->wanted->known(m->wanted->arg, domain)) {
		m->known_domain = domain;
		m->known_selector = selector;
	}
}

/* Tries every way to match until one names a domain that is known. */
static void
pattern_try(struct matching *m, const char *pattern, const char *name)
{
	const struct matching before = *m;

	if (*pattern == '\0') {
		if (*name == '\0')
			matched(m);
		return;
	}
	if (*pattern != '%') {
		if (*pattern == *name)
			pattern_try(m, pattern + 1, name + 1);
		return;
	}
	for (size_t len = 1; m->known_domain == NULL && name[len - 1] != '\0'
	    && name[len - 1] != '/'; len++) {
		m->domain = before.domain;
		m->domain_len = before.domain_len;
		m->selector = before.selector;
		m->selector_len = before.selector_len;
		if (part_take(m, pattern[1], name, len))
			pattern_try(m, pattern + 2, name + len);
	}
}

/* The end of a name with as many parts as the pattern has, or NULL. */
static const char *
end_of(const char *name, const char *pattern)
{
	const char *end = name + strlen(name);
	int slashes = 1;

	for (; *pattern != '\0'; pattern++)
		slashes += *pattern == '/';
	while (end > name && (end[-1] != '/' || --slashes > 0))
		end--;
	return slashes > 1 ? NULL : end;
}

static bool
is_candidate(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; suffixes[i] != NULL; i++) {
		size_t n = strlen(suffixes[i]);

		if (len > n && strcmp(name + len - n, suffixes[i]) == 0)
			return true;
	}
	return false;
}

bool
keys_layout(struct arena *a, const char *name, struct keys_layout *l)
{
	struct matching m = { .arena = a, .wanted = l };

	l->domain = l->selector = NULL;
	if (!is_candidate(name))
		return false;
	for (size_t i = 0; layouts[i].pattern != NULL &&
	    m.known_domain == NULL; i++) {
		const char *end = end_of(name, layouts[i].pattern);

		m.domain = m.selector = NULL;
		if (end != NULL)
			pattern_try(&m, layouts[i].pattern, end);
	}
	l->domain = m.known_domain != NULL ? m.known_domain : m.first_domain;
	l->selector = m.known_domain != NULL ? m.known_selector :
	    m.first_selector;
	return true;
}

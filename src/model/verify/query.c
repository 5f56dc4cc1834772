/* Verifying the text of a query, before any database is asked. */
#include <ctype.h>
#include <string.h>

#include "base/ascii.h"
#include "base/embed.h"
#include "base/sentence.h"
#include "base/text.h"
#include "model/conf/conf.h"
#include "model/verify/private.h"

const char *
verify_shipped(const char *name)
{
	for (const struct embedded *f = embedded_files; f->name; f++) {
		if (strcmp(f->name, name) == 0)
			return f->text;
	}
	return NULL;
}

/* --- comparing ------------------------------------------------------- */

/* True where a blank has no meaning. */
static bool
is_mark(char c)
{
	return is_one_of(c, "(),=<>");
}

/* The length of "@NAME@" where it begins here, else 0. */
static size_t
template_name(const char *s)
{
	size_t n = 1;

	if (*s != '@')
		return 0;
	while ((s[n] >= 'A' && s[n] <= 'Z') || s[n] == '_')
		n++;
	return n > 1 && s[n] == '@' ? n + 1 : 0;
}

/* Appends a text between quotes, as it is; returns its end. */
static const char *
quoted_add(struct text *t, const char *s)
{
	size_t n = 1;

	while (s[n] != '\0' && s[n] != *s)
		n++;
	n += s[n] != '\0';
	text_add_bytes(t, s, n);
	return s + n;
}

const char *
verify_query_plain(struct arena *a, const char *text)
{
	struct text t = TEXT_INIT;
	const char *plain;

	while (*text != '\0') {
		size_t name = template_name(text);

		if (is_one_of(*text, SPACES)) {
			text += strspn(text, SPACES);
			if (t.len > 0 && !is_mark(t.buf[t.len - 1]) &&
			    *text != '\0' && !is_mark(*text))
				text_add_char(&t, ' ');
		} else if (*text == '\'' || *text == '"') {
			text = quoted_add(&t, text);
		} else if (name > 0) {
			text_add_bytes(&t, text, name);
			text += name;
		} else if (*text == '`') {
			text++;
		} else {
			text_add_char(&t, lower_char(*text++));
		}
	}
	while (t.len > 0 && t.buf[t.len - 1] == ';')
		text_cut(&t, t.len - 1);
	plain = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return plain;
}

/* As in fnmatch(): after a failure the last @NAME@ takes one character more. */
static bool
is_same(const char *text, const char *shipped)
{
	const char *again = NULL, *behind = NULL;

	for (;;) {
		size_t name = template_name(shipped);

		if (name > 0) {
			shipped += name;
			behind = shipped;
			again = text;
		} else if (*text == *shipped) {
			if (*text == '\0')
				return true;
			text++;
			shipped++;
		} else if (again != NULL && *again != '\0' &&
		    *again != '\'') {
			text = ++again;
			shipped = behind;
		} else {
			return false;
		}
	}
}

bool
verify_query_same(struct arena *a, const char *text, const char *shipped)
{
	return is_same(verify_query_plain(a, text),
	    verify_query_plain(a, shipped));
}

/* --- what is wrong --------------------------------------------------- */

/* What %-letters mean in a file, and which of them name the key. */
struct letters {
	const char *known;
	const char *keys;
};

/* Postfix's mysql_table(5); Dovecot 2.3's config_variables. */
static const struct letters postfix_letters = { "sudSUD123456789", "sudSUD"
    "123456789" };
static const struct letters dovecot_letters = {
	"undsrlphiwmcabkTDN$LURHEXMS0123456789-.%", "un" };

/* A text between quotes that is a percent sign alone. */
static bool
has_typo(const char *text)
{
	return strstr(text, "'%'") != NULL || strstr(text, "\"%\"") != NULL;
}

/* The first % with a letter that is not known, or NULL. */
static const char *
unknown_letter(const struct verifying *v, const struct verify_query *q)
{
	const char *at = q->text;

	while ((at = strchr(at, '%')) != NULL) {
		const char *known = q->dovecot ? dovecot_letters.known :
		    postfix_letters.known;

		if (at[1] == '%') {
			at += 2;
			continue;
		}
		/* Dovecot 2.4 takes nothing but %{name}. */
		if (q->dovecot && at[1] == '{') {
			at++;
			continue;
		}
		if ((q->dovecot && v->dovecot.minor >= 4) ||
		    at[1] == '\0' || strchr(known, at[1]) == NULL)
			return at;
		at++;
	}
	return NULL;
}

static bool
has_key(const struct verify_query *q)
{
	const char *at = q->text;

	if (q->dovecot && (strstr(at, "%{user") != NULL ||
	    strstr(at, "%{original_user") != NULL))
		return true;
	while ((at = strchr(at, '%')) != NULL) {
		const char *keys = q->dovecot ? dovecot_letters.keys :
		    postfix_letters.keys;

		/* Modifiers stand in front: %Lu */
		for (at++; q->dovecot && *at >= 'A' && *at <= 'Z'; at++)
			;
		if (*at != '\0' && strchr(keys, *at) != NULL)
			return true;
		at += *at == '%';
	}
	return false;
}

/* Open brackets of a text. */
static int
depth_of(const char *text)
{
	int depth = 0;

	for (; *text != '\0'; text++)
		depth += (*text == '(') - (*text == ')');
	return depth;
}

static bool
is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The next word UNION; "reunion" and "union_id" are none. */
static const char *
union_in(const char *text, const char *at)
{
	for (; (at = strcasestr(at, "union")) != NULL; at += 5) {
		if (at > text && !is_letter(at[-1]) && !is_letter(at[5]))
			return at;
	}
	return NULL;
}

/*
 * Each SELECT of a UNION answers for itself, unless brackets hold it: then
 * what stands around it may ask for the key.
 */
static bool
has_keys(struct verifying *v, const struct verify_query *q)
{
	const char *at = q->text + strspn(q->text, " \t\r\n("), *next;

	if (strncasecmp(at, "select", 6) != 0)
		return has_key(q);
	for (at = q->text; (next = union_in(q->text, at)) != NULL;
	    at = next + 5) {
		struct verify_query part = *q;

		part.text = arena_strndup(v->arena, at, (size_t)(next - at));
		if (depth_of(part.text) != 0)
			return has_key(q);
		if (!has_key(&part))
			return false;
	}
	return has_key(&(struct verify_query){ .text = at,
	    .dovecot = q->dovecot });
}

/* Columns of permissions; NULL-terminated. */
static const char *const flags[] = {
	"active", "may_login", "may_send", "may_receive", NULL
};

static bool
mentions(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)) != NULL;
	    at += len) {
		if ((at == text || (!isalnum((unsigned char)at[-1]) &&
		    at[-1] != '_')) && !isalnum((unsigned char)at[len]) &&
		    at[len] != '_')
			return true;
	}
	return false;
}

/*
 * The flags that the shipped query reads and this one does not.  What is added
 * to the answer for archives does not count: it enables nobody.
 */
static const char *
blind_to(struct arena *a, const char *plain, const char *shipped)
{
	const char *copies = strstr(shipped,
	    "union all select coalesce(u.bcc_in");
	const char *first = copies == NULL ? shipped : arena_strndup(a,
	    shipped, (size_t)(copies - shipped));
	struct words missing = { 0 };

	for (size_t i = 0; flags[i] != NULL; i++) {
		if (mentions(first, flags[i]) && !mentions(plain, flags[i]))
			words_add(a, &missing, flags[i]);
	}
	return missing.count > 0 ? sentence_list(a, &missing) : NULL;
}

static const char *
key_letter(const struct verifying *v, const struct verify_query *q)
{
	if (!q->dovecot)
		return "%s";
	return v->dovecot.minor >= 4 ? "%{user}" : "%u";
}

/* --- what it means for people ----------------------------------------- */

/* "%w" of 2.3, "%{password}" of both. */
static bool
asks_password(const char *text)
{
	return strstr(text, "%w") != NULL || strstr(text, "%{password") !=
	    NULL;
}

static bool
lacks_domain(const struct verifying *v, const struct verify_query *q)
{
	return q->dovecot && q->keyed && verify_dovecot_domains(v) &&
	    conf_lacks_domain(q->text) && strcasestr(q->text, "domain") ==
	    NULL;
}

/* Answers strangers or everybody, though the database takes it. */
static bool
is_unsafe(struct verifying *v, const struct verify_query *q)
{
	if (q->persons && conf_lacks_person(q->text))
		verify_found(v, VERIFY_LOOKUP_KEY, q->name, arena_printf(
		    v->arena, "ask for '%%s' in %s", q->name), "the query of "
		    "%s asks for %%d alone: each address of a domain has the "
		    "same answer, so one person gets all mail", q->name);
	else if (q->persons && conf_lacks_key_domain(q->text))
		verify_found(v, VERIFY_LOOKUP_KEY, q->name, arena_printf(
		    v->arena, "ask for '%%s' in %s", q->name), "the query of "
		    "%s asks for %%u alone: two addresses of two domains have "
		    "the same answer", q->name);
	else if (lacks_domain(v, q))
		verify_found(v, VERIFY_DOMAIN_MISSING, q->name, arena_printf(
		    v->arena, "ask for %s in %s; doveadm reload",
			v->dovecot.minor >= 4 ? "%{user}" : "%u", q->name),
		    "the query of %s asks for %%n and not for the domain: "
		    "users of two domains with the same name are one",
		    q->name);
	else if (q->passwords && asks_password(q->text))
		verify_found(v, VERIFY_CLEARTEXT, q->name, NULL, "the query "
		    "of %s compares the password (%%w) itself: it is stored "
		    "in clear, and sent to the database", q->name);
	else
		return false;
	return true;
}

/* Names that Dovecot passes over, so that what they should do is not done. */
static void
fields_verify(struct verifying *v, const struct verify_query *q)
{
	const struct conf_column *c = conf_columns(v->arena, q->text);

	for (; c->text != NULL; c++) {
		const char *meant = conf_field_meant(c->name);

		if (c->given && meant != NULL)
			verify_found(v, VERIFY_FIELD, q->name, arena_printf(
			    v->arena, "write AS %s for %s in %s; doveadm "
				"reload", meant, c->name, q->name), "the "
			    "query of %s answers %s, which Dovecot does not "
			    "know: %s is meant", q->name, c->name, meant);
		else if (strcmp(c->name, "quota") == 0 &&
		    strcasestr(c->text, "storage=") != NULL)
			verify_found(v, VERIFY_FIELD, q->name, arena_printf(
			    v->arena, "write CONCAT('*:bytes=', ...) AS "
				"quota_rule in %s; doveadm reload", q->name),
			    "the query of %s answers quota as Dovecot 1 had "
			    "it: no quota is enforced", q->name);
	}
}

/* One finding for each query: the next shows when this one is fixed. */
static bool
is_wrong(struct verifying *v, const struct verify_query *q)
{
	const char *letter = unknown_letter(v, q);

	if (has_typo(q->text))
		verify_found(v, VERIFY_LOOKUP_TYPO, q->name, arena_printf(
		    v->arena, "write '%s' for '%%' in %s", key_letter(v, q),
			q->name), "the query of %s compares "
		    "with '%%' alone, which is not a name: it finds nothing",
		    q->name);
	else if (letter != NULL)
		verify_found(v, VERIFY_LOOKUP_LETTER, q->name, arena_printf(
		    v->arena, "write %s for %.2s in %s, or %%%% for a "
			"percent sign", key_letter(v, q), letter, q->name),
		    "the query of %s has %.2s, which %s does not "
		    "know", q->name, letter, q->dovecot ? "Dovecot" :
		    "Postfix");
	else if (q->keyed && !has_keys(v, q))
		verify_found(v, VERIFY_LOOKUP_KEY, q->name, NULL,
		    "the query of %s does not use its key%s: the answer "
		    "is the same for every name", q->name, has_key(q) ?
		    " in each SELECT" : "");
	else
		return false;
	return true;
}

static const char *
render_advice(const struct verify_query *q)
{
	return q->dovecot ? VERIFY_RENDER("dovecot") : NULL;
}

static void
compare(struct verifying *v, const struct verify_query *q)
{
	const char *plain = verify_query_plain(v->arena, q->text);
	const char *shipped = verify_query_plain(v->arena, q->shipped);
	const char *blind;

	if (is_same(plain, shipped))
		return;
	blind = blind_to(v->arena, plain, shipped);
	if (blind != NULL)
		verify_found(v, VERIFY_LOOKUP_FLAGS, q->name,
		    render_advice(q), "the query of %s does not look at %s: "
		    "what mailadm disables stays enabled here", q->name,
		    blind);
	else
		verify_found(v, VERIFY_LOOKUP_DIFFERS, q->name,
		    render_advice(q), "the query of %s differs from the one "
		    "that mailadm ships", q->name);
}

void
verify_query(struct verifying *v, const struct verify_query *query)
{
	struct verify_query *kept;

	if (is_wrong(v, query) || is_unsafe(v, query))
		return;
	if (query->dovecot && query->keyed)
		fields_verify(v, query);
	if (query->shipped != NULL)
		compare(v, query);
	kept = VECTOR_ADD(&v->queries);
	*kept = *query;
}

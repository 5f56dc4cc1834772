/* Where a finding is: its file, its line, the setting, and its value. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

/* What a name or a rule says about the place of a finding. */
struct looking {
	struct verifying *v;
	const char *kind;	/* of the rule */
	const char *name;	/* of the finding */
	const char *service;	/* "smtp/inet"; NULL: all of them */
	const char *setting;
	const char *own;	/* of the finding, not of the rule */
	struct place place;
};

/* --- values ----------------------------------------------------------- */

/* Values of these may be secrets, or hold some. */
static bool
is_secret(const char *setting)
{
	static const char *const parts[] = { "password", "secret", "_pw",
	    "key", "connect", "query", "token" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (strcasestr(setting, parts[i]) != NULL)
			return true;
	}
	return false;
}

static const char *
value_of(const struct looking *l)
{
	const struct verifying *v = l->v;
	const struct postfix_service *s = NULL;
	const char *value = NULL;

	if (is_secret(l->setting))
		return NULL;
	for (size_t i = 0; l->service != NULL && i < v->postfix.services;
	    i++) {
		const char *name = arena_printf(v->arena, "%s/%s",
		    v->postfix.service[i].name, v->postfix.service[i].type);

		if (strcmp(name, l->service) == 0)
			s = &v->postfix.service[i];
	}
	if (s != NULL)
		value = cf_value(&s->overrides, l->setting);
	if (value == NULL && v->has_postfix && strcmp(l->kind,
	    "dovecot") != 0)
		value = cf_value(&v->postfix.settings, l->setting);
	if (value == NULL && v->has_dovecot)
		value = dovecot_value(v->dovecot.root, l->setting);
	/* A map may stand in the setting itself, with all that it answers. */
	return value != NULL && (strstr(value, "static:") != NULL ||
	    strstr(value, "inline:") != NULL) ? NULL : value;
}

/* --- by the name ------------------------------------------------------ */

static bool
is_service(const struct looking *l)
{
	struct place place;

	return place_service(&l->v->places, l->name, &place);
}

static bool
is_postfix_setting(const struct looking *l, const char *name)
{
	return l->v->has_postfix && (cf_value(&l->v->postfix.settings, name) !=
	    NULL || cf_find(&l->v->places.main, name) != NULL);
}

/* "auth-worker" of service, "passdb", "protocol imap". */
static bool
in_block(struct looking *l, const char *name)
{
	static const char *const types[] = { "service", "passdb", "userdb",
	    "protocol", "plugin", "mysql", "unix_listener" };
	const struct places *p = &l->v->places;
	const char *blank = strchr(name, ' ');

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (place_dovecot(p, types[i], name, l->setting,
		    &l->place) || place_dovecot(p, types[i], name, NULL,
		    &l->place))
			return true;
		if (strcmp(types[i], name) == 0)
			return place_dovecot(p, name, NULL, l->setting,
			    &l->place) || place_dovecot(p, name, NULL,
			    NULL, &l->place);
	}
	return blank != NULL && place_dovecot(p, arena_strndup(l->v->arena,
	    name, (size_t)(blank - name)), blank + 1, l->setting,
	    &l->place);
}

/* "FILE:user_query", and "userdb:query" of 2.4. */
static bool
in_part(struct looking *l)
{
	const char *colon = strrchr(l->name, ':');
	const char *first;

	if (colon == NULL || colon == l->name)
		return false;
	first = arena_strndup(l->v->arena, l->name,
	    (size_t)(colon - l->name));
	if (*first == '/') {
		if (access(first, F_OK) != 0)
			return false;
		l->setting = colon + 1;
		l->place = (struct place){ first, place_in_file(l->v->arena,
		    first, CF_DOVECOT, l->setting) };
		return true;
	}
	if (place_dovecot(&l->v->places, first, NULL, colon + 1,
	    &l->place)) {
		l->setting = colon + 1;
		return true;
	}
	return place_dovecot(&l->v->places, first, NULL, NULL, &l->place);
}

/* A file that is itself at fault, or one that a setting names. */
static bool
by_path(struct looking *l)
{
	bool named = strcmp(l->kind, "tls") == 0 || strcmp(l->kind,
	    "socket") == 0 || access(l->name, F_OK) != 0;
	bool socket = strcmp(l->kind, "socket") == 0;
	const char *slash = strstr(l->name, "/private/"), *holder;

	if (named && in_block(l, l->name))
		return true;
	if (socket && in_block(l, strrchr(l->name, '/') + 1))
		return true;
	if (named) {
		holder = place_holder(&l->v->places, l->name, &l->place);
		if (holder == NULL && slash != NULL)
			holder = place_holder(&l->v->places, slash + 1,
			    &l->place);
		if (holder != NULL) {
			l->setting = holder;
			return true;
		}
	}
	if (socket || (named && l->own != NULL) || strcmp(l->name,
	    l->v->options->postfix_dir) == 0)
		return l->setting == NULL;
	l->place = (struct place){ l->name, 0 };
	if (l->setting != NULL)
		l->place.line = place_in_file(l->v->arena, l->name,
		    strcmp(l->kind, "dovecot") == 0 ? CF_DOVECOT :
		    CF_POSTFIX, l->setting);
	return true;
}

/* --- by the setting ---------------------------------------------------- */

/* Where it is not set, the default counts: the file that would set it. */
static void
by_setting(struct looking *l)
{
	const struct places *p = &l->v->places;

	if (strcmp(l->kind, "dovecot") == 0 && (place_dovecot(p, NULL, NULL,
	    l->setting, &l->place) || !is_postfix_setting(l, l->setting))) {
		if (l->place.file == NULL && p->sources > 0)
			l->place.file = p->source[0].path;
		return;
	}
	if (place_postfix(p, l->service, l->setting, &l->place))
		return;
	if (is_postfix_setting(l, l->setting))
		l->place.file = p->main_file;
	else
		place_dovecot(p, NULL, NULL, l->setting, &l->place);
}

static void
look(struct looking *l)
{
	const char *holder;

	if (is_service(l)) {
		l->service = l->name;
		if (l->setting == NULL)
			place_service(&l->v->places, l->name, &l->place);
	} else if (*l->name == '/') {
		if (!in_part(l))
			by_path(l);
	} else if (l->own == NULL && is_postfix_setting(l, l->name)) {
		l->setting = l->name;
	} else if (in_block(l, l->name) || in_part(l)) {
		return;
	} else if (l->setting == NULL) {
		holder = place_holder(&l->v->places, l->name, &l->place);
		l->setting = holder;
		if (holder == NULL && place_dovecot(&l->v->places, NULL, NULL,
		    l->name, &l->place))
			l->setting = l->name;
	}
	if (l->place.file == NULL && l->setting != NULL)
		by_setting(l);
	if (l->place.file == NULL && strcmp(l->kind, "dovecot") == 0 &&
	    l->v->places.sources > 0)
		l->place.file = l->v->places.source[0].path;
}

void
verify_place(struct verifying *v, struct finding *f,
    const struct verify_at *at)
{
	struct looking l = { .v = v, .kind = f->kind, .name = f->name,
	    .service = at->service, .own = at->setting,
	    .setting = at->setting != NULL ?
	    at->setting : f->of->setting,
	    .place = { at->file, at->line } };

	if (at->file == NULL && f->name != NULL)
		look(&l);
	else if (at->file != NULL && at->line == 0 && l.setting != NULL)
		l.place.line = place_in_file(v->arena, at->file, CF_POSTFIX,
		    l.setting);
	if (at->instead != VERIFY_NONE)
		f->consequence = (int)at->instead;
	f->file = l.place.file;
	f->line = l.place.line > 0 ? (int64_t)l.place.line : FIELD_NULL;
	f->setting = l.setting;
	f->value = l.setting != NULL ? value_of(&l) : NULL;
}

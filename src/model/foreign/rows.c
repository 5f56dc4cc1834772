/* Importing from other systems: reading, domains and users. */
#include "model/foreign/private.h"

#include <stdarg.h>
#include <string.h>

#include "base/ascii.h"
#include "base/size.h"
#include "base/utf8.h"
#include "file/option_file.h"
#include "model/address.h"
#include "model/mail/domain.h"

#define NOT_CARRIED "not carried over"
#define LEFT_OUT "left out"

/* PostfixAdmin's preset of quota_multiplier, and the other one. */
#define UNIT_DECIMAL 1024000
#define UNIT_BINARY 1048576

const struct field import_loss_fields[] = {
	FIELD(struct import_loss, kind, FIELD_TEXT),
	FIELD(struct import_loss, name, FIELD_TEXT),
	FIELD(struct import_loss, problem, FIELD_TEXT),
	FIELD(struct import_loss, done, FIELD_TEXT),
	{ 0 }
};

const char *const import_from_systems[] = {
	"postfixadmin", "ispmail", "iredmail", IMPORT_FROM_FILES, NULL
};

/* --- what is lost ---------------------------------------------------- */

__attribute__((format(printf, 6, 0)))
static void
loss_add(struct importing *i, bool mended, const char *kind,
    const char *name, const char *done, const char *fmt, va_list ap)
{
	struct import_loss *loss = vector_add(&i->from->losses,
	    sizeof(*loss));
	struct text t = TEXT_INIT;

	text_addv(&t, fmt, ap);
	*loss = (struct import_loss){ kind, arena_strdup(i->arena, name),
	    arena_strdup(i->arena, t.buf), arena_strdup(i->arena, done),
	    mended };
	text_clear(&t);
}

void
import_lost(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	loss_add(i, false, kind, name, done, fmt, ap);
	va_end(ap);
}

void
import_mended(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	loss_add(i, true, kind, name, done, fmt, ap);
	va_end(ap);
}

/* --- names ----------------------------------------------------------- */

const char *
import_trimmed(struct arena *a, const char *text)
{
	return text == NULL ? "" : trimmed(a, text, strlen(text), SPACES);
}

struct wanted *
import_find(struct importing *i, enum manifest_kind kind, const char *name)
{
	uint32_t n = nameset_find(&i->names[kind], name, strlen(name));

	return n == NAME_NONE ? NULL : manifest_at(i->manifest, kind, n);
}

struct wanted *
import_add(struct importing *i, enum manifest_kind kind, const char *name)
{
	const struct place at = place_at(i->options->system, i->row, 0);

	nameset_add(&i->names[kind], name, strlen(name));
	return manifest_add(i->manifest, kind, name, &at);
}

/* The canonical form; NULL where there is none, which is told. */
static const char *
name_of(struct importing *i, enum manifest_kind kind, const char *text)
{
	const char *trimmed = import_trimmed(i->arena, text), *name = NULL;
	struct err why = { 0 };
	bool ok;

	ok = kind == MANIFEST_DOMAIN ? domain_parse(i->arena, trimmed, &name,
	    &why) : address_parse(i->arena, ADDRESS_USER, trimmed, &name,
	    &why);
	if (!ok)
		import_lost(i, manifest_kind_names[kind], trimmed,
		    NOT_CARRIED, "%s", why.text);
	err_clear(&why);
	return ok ? name : NULL;
}

bool
import_domain_known(struct importing *i, const char *kind, const char *name,
    bool *known, struct err *e)
{
	const char *domain = address_domain(name);
	struct domain row;
	bool backup = nameset_find(&i->backups, domain, strlen(domain)) !=
	    NAME_NONE;

	*known = import_find(i, MANIFEST_DOMAIN, domain) != NULL;
	if (!*known && !backup && !domain_find(i->m, domain, &row, known, e))
		return false;
	if (!*known)
		import_lost(i, kind, name, NOT_CARRIED, backup ?
		    "%s is only relayed" : "there is no domain %s", domain);
	return true;
}

/* --- values ---------------------------------------------------------- */

static void
value_set(struct importing *i, enum manifest_kind kind, struct wanted *w,
    const char *attribute, const char *text)
{
	const struct attribute *a = manifest_attributes[kind];
	struct err why = { 0 };

	while (strcmp(a->name, attribute) != 0)
		a++;
	if (!manifest_set(i->manifest, kind, w, a, text, false, &why))
		import_lost(i, manifest_kind_names[kind], w->name, LEFT_OUT,
		    "%s", why.text);
	err_clear(&why);
}

/* Free text, as a person typed it. */
static void
text_set(struct importing *i, enum manifest_kind kind, struct wanted *w,
    const char *attribute, const char *text)
{
	const char *mended;

	text = text != NULL ? import_trimmed(i->arena, text) : "";
	mended = import_unlatin(i->arena, text);
	if (mended != NULL) {
		import_mended(i, manifest_kind_names[kind], w->name,
		    arena_printf(i->arena, "read as: %s", mended),
		    "%s: UTF-8 that was taken for latin1: %s", attribute,
		    text);
		text = mended;
	}
	if (*text != '\0')
		value_set(i, kind, w, attribute, text);
}

static void
number_set(enum manifest_kind kind, struct wanted *w, const char *attribute,
    int64_t *slot, int64_t number)
{
	if (number == FIELD_NULL)
		return;
	*slot = number;
	w->given |= attribute_bit(kind, attribute);
}

static void
flag_set(enum manifest_kind kind, struct wanted *w, const char *name,
    bool *slot, bool flag)
{
	*slot = flag;
	w->given |= attribute_bit(kind, name);
}

/* --- domains --------------------------------------------------------- */

bool
import_domain(struct importing *i, const struct source_domain *row,
    struct err *e)
{
	const char *name = name_of(i, MANIFEST_DOMAIN, row->domain);
	struct wanted_domain *d;

	(void)e;
	i->row++;
	if (name == NULL)
		return true;
	if (row->backup) {
		nameset_add(&i->backups, name, strlen(name));
		import_lost(i, "domain", name, NOT_CARRIED,
		    "is a backup MX: put it into relay_domains");
		return true;
	}
	if (import_find(i, MANIFEST_DOMAIN, name) != NULL) {
		import_lost(i, "domain", row->domain, NOT_CARRIED,
		    "is %s once more", name);
		return true;
	}
	d = (void *)import_add(i, MANIFEST_DOMAIN, name);
	flag_set(MANIFEST_DOMAIN, &d->is, "active", &d->active, row->active);
	text_set(i, MANIFEST_DOMAIN, &d->is, "description",
	    row->description);
	number_set(MANIFEST_DOMAIN, &d->is, "quota", &d->quota, row->quota);
	number_set(MANIFEST_DOMAIN, &d->is, "max_users", &d->max_users,
	    row->max_users);
	number_set(MANIFEST_DOMAIN, &d->is, "max_aliases", &d->max_aliases,
	    row->max_aliases);
	if (row->lost != NULL)
		import_lost(i, "domain", name, LEFT_OUT, "%s", row->lost);
	return true;
}

/*
 * A domain of its own that is an alias domain besides, but not for now, is
 * what it is: switched off as a whole it would lose its own names.
 */
bool
import_link(struct importing *i, const struct source_link *row,
    struct err *e)
{
	const char *name = name_of(i, MANIFEST_DOMAIN, row->domain);
	const char *target = name != NULL ? name_of(i, MANIFEST_DOMAIN,
	    row->target) : NULL;
	struct wanted_domain *d;

	(void)e;
	i->row++;
	if (target == NULL)
		return true;
	d = (void *)import_find(i, MANIFEST_DOMAIN, name);
	if (d != NULL && !row->active) {
		import_lost(i, "domain", name, LEFT_OUT,
		    "is an alias of %s that is switched off", target);
		return true;
	}
	if (d == NULL) {
		d = (void *)import_add(i, MANIFEST_DOMAIN, name);
		flag_set(MANIFEST_DOMAIN, &d->is, "active", &d->active,
		    row->active);
	}
	d->alias_of = target;
	d->is.given |= attribute_bit(MANIFEST_DOMAIN, "alias_of");
	return true;
}

/* --- users ----------------------------------------------------------- */

static void
home_set(struct importing *i, struct wanted_user *u, const char *home)
{
	static const char own[] = "gets a home of its own: move its mail";
	struct err why = { 0 };
	const struct attribute *a = manifest_attributes[MANIFEST_USER];

	if (home == NULL || *home == '\0')
		return;
	while (a->type != ATTRIBUTE_HOME)
		a++;
	if (nameset_find(&i->homes, home, strlen(home)) != NAME_NONE)
		import_lost(i, "user", u->is.name, own,
		    "the home %s is another's, too", home);
	else if (!manifest_set(i->manifest, MANIFEST_USER, &u->is, a, home,
	    true, &why))
		import_lost(i, "user", u->is.name, own, "%s", why.text);
	else
		nameset_add(&i->homes, home, strlen(home));
	err_clear(&why);
}

static void
user_fill(struct importing *i, struct wanted_user *u,
    const struct source_user *row)
{
	flag_set(MANIFEST_USER, &u->is, "active", &u->active, row->active);
	flag_set(MANIFEST_USER, &u->is, "may_login", &u->may_login,
	    row->may_login);
	flag_set(MANIFEST_USER, &u->is, "may_send", &u->may_send,
	    row->may_send);
	flag_set(MANIFEST_USER, &u->is, "may_receive", &u->may_receive,
	    row->may_receive);
	text_set(i, MANIFEST_USER, &u->is, "name", row->name);
	u->quota = row->quota;
	u->hash = import_hash(i, u->is.name, row->crypt);
	u->is.given |= attribute_bit(MANIFEST_USER, "hash");
	home_set(i, u, row->home);
	if (row->lost != NULL)
		import_lost(i, "user", u->is.name, LEFT_OUT, "%s",
		    row->lost);
}

bool
import_user(struct importing *i, const struct source_user *row,
    struct err *e)
{
	const char *name = name_of(i, MANIFEST_USER, row->email);
	bool known;

	i->row++;
	if (name == NULL)
		return true;
	if (!import_domain_known(i, "user", name, &known, e))
		return false;
	if (!known)
		return true;
	if (import_find(i, MANIFEST_USER, name) != NULL)
		import_lost(i, "user", row->email, NOT_CARRIED,
		    "is %s once more", name);
	else
		user_fill(i, (void *)import_add(i, MANIFEST_USER, name),
		    row);
	return true;
}

/* --- quotas ---------------------------------------------------------- */

/* All of them are multiples of one unit, and not all of the other? */
static bool
is_decimal(const struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);
	bool decimal = true, binary = true;

	for (size_t k = 0; k < n; k++) {
		const struct wanted_user *u = (const void *)manifest_at(
		    i->manifest, MANIFEST_USER, k);

		if (u->quota == FIELD_NULL)
			continue;
		decimal &= u->quota % UNIT_DECIMAL == 0;
		binary &= u->quota % UNIT_BINARY == 0;
	}
	return decimal && !binary;
}

/* Exact for multiples of the unit, and rounded up else. */
static int64_t
in_binary(int64_t bytes)
{
	return bytes / 125 * 128 + (bytes % 125 * 128 + 124) / 125;
}

/* "500 MB" was meant, in whatever unit, and 500M it becomes. */
static void
quotas_scale(struct importing *i, bool guessed)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);

	for (size_t k = 0; k < n; k++) {
		struct wanted_user *u = (void *)manifest_at(i->manifest,
		    MANIFEST_USER, k);

		if (u->quota != FIELD_NULL && u->quota < INT64_MAX / 2)
			u->quota = in_binary(u->quota);
	}
	if (guessed)
		import_mended(i, "quota", "*", "counted as megabytes of "
		    "1048576; --quota-unit 1048576 keeps the bytes",
		    "all are in megabytes of 1024000 bytes");
}

/*
 * A user without a limit is that by the domain, which may have one for
 * those who have nothing of their own.
 */
static void
quotas_settle(struct importing *i)
{
	size_t n = manifest_count(i->manifest, MANIFEST_USER);
	int64_t unit = i->options->quota_unit;

	if (i->quota_in_units && (unit == UNIT_DECIMAL || (unit ==
	    FIELD_NULL && is_decimal(i))))
		quotas_scale(i, unit == FIELD_NULL);
	for (size_t k = 0; k < n; k++) {
		struct wanted_user *u = (void *)manifest_at(i->manifest,
		    MANIFEST_USER, k);
		const struct wanted_domain *d = (const void *)import_find(i,
		    MANIFEST_DOMAIN, address_domain(u->is.name));

		if (u->quota == FIELD_NULL && d != NULL && wanted_has(
		    &d->is, attribute_bit(MANIFEST_DOMAIN, "quota")))
			u->quota = QUOTA_NONE;
		if (u->quota != FIELD_NULL)
			u->is.given |= attribute_bit(MANIFEST_USER, "quota");
	}
}

/* --- the database ---------------------------------------------------- */

static bool
domain_row(void *arg, const void *row, struct err *e)
{
	return import_domain(arg, row, e);
}

static bool
link_row(void *arg, const void *row, struct err *e)
{
	return import_link(arg, row, e);
}

static bool
user_row(void *arg, const void *row, struct err *e)
{
	return import_user(arg, row, e);
}

static bool
alias_row(void *arg, const void *row, struct err *e)
{
	return import_alias(arg, row, e);
}

static const db_row_each row_of[SOURCE_ROWS] = {
	[SOURCE_DOMAINS] = domain_row,
	[SOURCE_LINKS] = link_row,
	[SOURCE_USERS] = user_row,
	[SOURCE_ALIASES] = alias_row,
};

static bool
source_read(struct importing *i, struct db *db, struct err *e)
{
	struct source source;
	bool ok = true;

	if (!source_begin(&source, db, i->arena, i->options->system,
	    i->options->prefix != NULL ? i->options->prefix : "", e))
		return false;
	i->from->found = source.system->name;
	for (int rows = 0; ok && rows < SOURCE_ROWS; rows++)
		ok = source_each(&source, (enum source_rows)rows,
		    row_of[rows], i, e);
	source_end(&source);
	i->quota_in_units = source.system->quota_in_units;
	return ok;
}

/* The group of mailadm's own account says nothing about this one. */
#define GROUP "mailadm-source"

static bool
account_look(struct importing *i, struct db_account *account, struct err *e)
{
	const struct import_from_options *o = i->options;
	struct option_facts facts = { 0 };
	int64_t port = 0;

	if (!option_files_look(i->arena, o->defaults_file, GROUP, NULL,
	    &facts, e))
		return false;
	if (facts.port != NULL)
		number_parse(facts.port, &port);
	*account = (struct db_account){
		.group = GROUP,
		.host = facts.host,
		.socket = facts.socket,
		.user = facts.user,
		.database = o->database ? o->database : facts.database,
		.port = (unsigned)port,
		.remote = !option_host_is_local(facts.host, facts.socket),
	};
	if (account->database != NULL)
		return true;
	err_set(e, ERR_USAGE, "%s names no database", o->defaults_file);
	return err_hint(e, "--source-database NAME");
}

static bool
import_database(struct importing *i, const struct db_settings *like,
    struct err *e)
{
	struct db_settings settings = *like;
	struct db *db;
	bool ok;

	settings.defaults_file = i->options->defaults_file;
	if (!account_look(i, &settings.daily, e))
		return false;
	settings.admin = settings.daily;
	db = db_open(&settings);
	ok = source_read(i, db, e);
	db_close(db);
	return ok;
}

bool
import_from(struct mail *m, const struct db_settings *like,
    const struct import_from_options *options, struct import_from *from,
    struct err *e)
{
	struct importing i = { .m = m, .arena = m->arena,
	    .options = options, .from = from, .manifest = from->manifest };
	bool files = strcmp(options->system, IMPORT_FROM_FILES) == 0;
	bool ok;

	ok = files ? import_files(&i, e) : import_database(&i, like, e);
	if (ok) {
		quotas_settle(&i);
		ok = import_settle(&i, e);
	}
	for (int kind = 0; kind < MANIFEST_KINDS; kind++)
		nameset_clear(&i.names[kind]);
	nameset_clear(&i.backups);
	nameset_clear(&i.homes);
	return ok;
}

void
import_from_clear(struct import_from *from)
{
	vector_clear(&from->losses);
}

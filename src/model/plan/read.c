/*
 * Reading a saved plan: lines of JSON become steps.
 *
 * The file comes from a disk, so nothing in it is believed.  A line may have
 * the keys that mailadm writes for its kind of object, and no others; each
 * value goes through the same checks as one of a manifest.  What a step
 * says must fit together: only users have passwords to generate, only what
 * the manifest does not name is pruned, a row that exists has a digest.
 * The database is not asked here: plan_load() and plan_apply() do that.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "model/manifest/private.h"
#include "model/manifest/state.h"
#include "model/password/hash.h"
#include "model/plan/private.h"

/* The longest line: an alias with a thousand destinations and more. */
#define LINE_MAX_BYTES (1024 * 1024)

struct loading {
	struct manifest *manifest;
	struct plan *plan;
	struct file_position position;
	const char *database;	/* the id of the database */
	bool whole;		/* the last line was read */
};

static bool
broken(const struct loading *l, const char *why, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s:%u: not a plan that mailadm saved: "
	    "%s", l->position.file, l->position.line, why);
}

/* --- values ---------------------------------------------------------- */

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

static bool
hex_read(const char *hex, unsigned char digest[static PLAN_DIGEST])
{
	if (hex == NULL || strlen(hex) != 2 * PLAN_DIGEST)
		return false;
	for (size_t i = 0; i < PLAN_DIGEST; i++) {
		int high = hex_value(hex[2 * i]);
		int low = hex_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		digest[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Every key of the object is one of these; NULL ends them. */
static bool
keys_known(json_t *object, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		size_t i = 0;

		while (known[i] != NULL && strcmp(known[i], key) != 0)
			i++;
		if (known[i] == NULL)
			return false;
	}
	return true;
}

/* A flag that must be given. */
static bool
flag_read(const json_t *line, const char *key, bool *flag)
{
	const json_t *value = json_object_get(line, key);

	*flag = json_is_true(value);
	return json_is_boolean(value);
}

/* A UUID: hexadecimal digits and hyphens. */
static bool
is_id(const char *text)
{
	return text != NULL && strlen(text) <= 36 &&
	    text[strspn(text, "0123456789abcdef-")] == '\0';
}

/* --- the first line -------------------------------------------------- */

static bool
domains_read(struct loading *l, const json_t *list, struct words *domains,
    struct err *e)
{
	const json_t *name;
	size_t i;

	json_array_foreach(list, i, name) {
		const char *domain;

		if (!json_is_string(name) || !manifest_name_hidden(l->manifest,
		    MANIFEST_DOMAIN, json_string_value(name), &domain, e))
			return broken(l, "a pruned domain is not valid", e);
		words_add(l->plan->arena, domains, domain);
	}
	return true;
}

/* A list for each kind that may be pruned, and no others. */
static bool
pruned_read(struct loading *l, json_t *pruned, struct err *e)
{
	const size_t kinds = MANIFEST_IN_DOMAIN_END - MANIFEST_IN_DOMAIN;

	for (int k = MANIFEST_IN_DOMAIN; k < MANIFEST_IN_DOMAIN_END; k++) {
		const json_t *list = json_object_get(pruned,
		    manifest_section_names[k]);

		if (!json_is_array(list) || json_object_size(pruned) != kinds)
			return broken(l, "the pruned domains are not valid",
			    e);
		if (!domains_read(l, list, &l->plan->pruned[k], e))
			return false;
	}
	return true;
}

static bool
head_read(struct loading *l, json_t *line, struct err *e)
{
	static const char *const keys[] = { "mailadm_plan", "database",
	    "pruned", "names", NULL };
	json_t *pruned = json_object_get(line, "pruned");
	const char *made_for = text_of(line, "database");

	if (json_integer_value(json_object_get(line, "mailadm_plan")) != 1 ||
	    !is_id(made_for) || !json_is_object(pruned) ||
	    !hex_read(text_of(line, "names"), l->plan->pruned_names) ||
	    !keys_known(line, keys))
		return broken(l, "it has another version", e);
	l->database = arena_strdup(l->plan->arena, made_for);
	return pruned_read(l, pruned, e);
}

/* --- objects --------------------------------------------------------- */

static bool
list_read(struct loading *l, struct desired *w, const struct attribute *a,
    const json_t *list, struct err *e)
{
	const json_t *one;
	size_t i;

	w->given |= desired_bit(w, a);
	json_array_foreach(list, i, one) {
		if (!json_is_string(one))
			return err_set(e, ERR_INVALID, "%s: an address was "
			    "expected", a->name);
		if (!manifest_set_hidden(l->manifest, w, a,
		    json_string_value(one), false, e))
			return false;
	}
	return true;
}

static bool
scalar_read(struct loading *l, struct desired *w, const struct attribute *a,
    const json_t *value, struct err *e)
{
	if (json_is_integer(value))
		return manifest_set_hidden(l->manifest, w, a, arena_printf(
		    l->plan->arena, "%lld", (long long)
		    json_integer_value(value)), true, e);
	if (json_is_boolean(value))
		return manifest_set_hidden(l->manifest, w, a,
		    json_is_true(value) ? "true" : "false", true, e);
	if (json_is_string(value))
		return manifest_set_hidden(l->manifest, w, a,
		    json_string_value(value), false, e);
	return manifest_set_hidden(l->manifest, w, a, "null", true, e);
}

static bool
attribute_read(struct loading *l, struct desired *w,
    const struct attribute *a, const json_t *value, struct err *e)
{
	/* A hash that is not made yet, a home that a trigger will choose. */
	if (json_is_null(value) && (a->type == ATTRIBUTE_HASH ||
	    a->type == ATTRIBUTE_HOME))
		return true;
	if (json_is_array(value) != attribute_is_list(a) ||
	    json_is_object(value) || json_is_real(value))
		return err_set(e, ERR_INVALID, "%s: a value of another type "
		    "was expected", a->name);
	return attribute_is_list(a) ? list_read(l, w, a, value, e) :
	    scalar_read(l, w, a, value, e);
}

/* Only a manifest may name password files. */
static const struct attribute *
attribute_of(enum manifest_kind kind, const char *key)
{
	const struct attribute *a = manifest_attributes[kind];

	while (a->name != NULL && (strcmp(a->name, key) != 0 ||
	    a->type == ATTRIBUTE_FILE || a->type == ATTRIBUTE_GENERATE))
		a++;
	return a->name != NULL ? a : NULL;
}

/* The kind of an object is the key that holds its name. */
static const char *
kind_read(const json_t *object, enum manifest_kind *kind)
{
	for (int k = 0; k < MANIFEST_KINDS; k++) {
		const char *name = text_of(object, manifest_kind_names[k]);

		*kind = (enum manifest_kind)k;
		if (name != NULL)
			return name;
	}
	return NULL;
}

static bool
object_read(struct loading *l, json_t *object, struct desired **w,
    struct err *e)
{
	enum manifest_kind kind;
	const char *text = kind_read(object, &kind), *name, *key;
	json_t *value;

	if (text == NULL) {
		err_set(e, ERR_INVALID, "a step without an object");
		return false;
	}
	if (!manifest_name_hidden(l->manifest, kind, text, &name, e))
		return false;
	*w = arena_alloc(l->plan->arena, manifest_sizes[kind]);
	(*w)->kind = (uint8_t)kind;
	(*w)->name = name;
	(*w)->position = l->position;
	json_object_foreach(object, key, value) {
		const struct attribute *a = attribute_of(kind, key);

		if (strcmp(key, manifest_kind_names[kind]) == 0)
			continue;
		if (a == NULL)
			return err_set(e, ERR_INVALID, "a key that a %s has "
			    "not", manifest_kind_names[kind]);
		if (!attribute_read(l, *w, a, value, e))
			return false;
	}
	state_complete(*w, NULL);
	return true;
}

/* --- steps ----------------------------------------------------------- */

static bool
action_read(const json_t *line, enum plan_action *action)
{
	const char *name = text_of(line, "action");

	for (int n = 0; name != NULL && n < PLAN_ACTIONS; n++) {
		if (strcmp(plan_action_names[n], name) == 0) {
			*action = (enum plan_action)n;
			return true;
		}
	}
	return false;
}

static bool
digest_read(const json_t *line, struct plan_step *step)
{
	const char *old = text_of(line, "old");

	step->digested = true;
	return step->action == PLAN_ADD ?
	    json_object_get(line, "old") == NULL :
	    hex_read(old, step->digest);
}

/* The bits of attributes of the kind; a change has at least one. */
static bool
changes_read(const json_t *line, struct plan_step *step)
{
	const json_t *value = json_object_get(line, "changes");
	json_int_t bits = json_integer_value(value), all = 1;

	for (const struct attribute *a = manifest_attributes[step->kind];
	    a->name != NULL; a++)
		all *= 2;
	step->changes = (uint32_t)bits;
	return json_is_integer(value) && bits >= 0 && bits < all &&
	    (step->action == PLAN_ADD ||
	    (step->action == PLAN_CHANGE) == (bits != 0));
}

static bool
has_password(const struct desired_user *user)
{
	return user->hash != NULL && strcmp(user->hash, PASSWORD_NONE) != 0;
}

/*
 * Passwords are generated only for users that are not removed.  Only objects
 * that the manifest does not name are pruned, and only such as are in a domain.
 */
static bool
flags_read(const json_t *line, struct plan_step *step, struct desired *w)
{
	bool generate, pruned;

	if (!flag_read(line, "generate", &generate) ||
	    !flag_read(line, "pruned", &pruned))
		return false;
	if (pruned && (step->action != PLAN_REMOVE ||
	    step->kind < MANIFEST_IN_DOMAIN ||
	    step->kind >= MANIFEST_IN_DOMAIN_END))
		return false;
	step->said = pruned ? NULL : w;
	if (!generate)
		return true;
	if (step->kind != MANIFEST_USER || step->action == PLAN_REMOVE ||
	    has_password(desired_user(w)))
		return false;
	desired_user(w)->generate = true;
	step->password = true;
	return true;
}

/* The manifest that says the same as the step. */
static void
step_keep(struct loading *l, const struct plan_step *step,
    const struct desired *w)
{
	struct desired *kept = manifest_add(l->manifest, step->kind, w->name,
	    &l->position);

	if (step->action == PLAN_REMOVE)
		kept->absent = true;
	else
		memcpy(kept, w, manifest_sizes[step->kind]);
	*VECTOR_ADD(&l->plan->steps) = *step;
	l->plan->number[step->action]++;
}

static bool
step_read(struct loading *l, json_t *line, struct err *e)
{
	static const char *const keys[] = { "action", "pruned", "generate",
	    "old", "changes", "object", NULL };
	struct plan_step step = { 0 };
	struct desired *w = NULL;

	if (!keys_known(line, keys) || !action_read(line, &step.action))
		return broken(l, "a step of another kind", e);
	if (!object_read(l, json_object_get(line, "object"), &w, e))
		return broken(l, e->text, e);
	step.kind = (enum manifest_kind)w->kind;
	step.name = w->name;
	if (!digest_read(line, &step))
		return broken(l, "the digest does not fit the action", e);
	if (!changes_read(line, &step))
		return broken(l, "the changes do not fit the action", e);
	if (!flags_read(line, &step, w))
		return broken(l, "the flags do not fit the action", e);
	if (step.action != PLAN_REMOVE) {
		if (!manifest_object_end(w, e))
			return broken(l, e->text, e);
		step.new = w;
	}
	step_keep(l, &step, w);
	return true;
}

/* --- lines ----------------------------------------------------------- */

static bool
line_read(struct loading *l, json_t *line, struct err *e)
{
	const json_t *steps = json_object_get(line, "steps");

	if (l->position.line == 1)
		return head_read(l, line, e);
	if (l->whole)
		return broken(l, "something follows its end", e);
	if (steps == NULL)
		return step_read(l, line, e);
	l->whole = json_integer_value(steps) ==
	    (json_int_t)l->plan->steps.count;
	return l->whole || broken(l, "steps are missing", e);
}

static bool
lines_read(struct loading *l, FILE *file, struct err *e)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	bool ok = true;

	while (ok && (len = getline(&line, &size, file)) > 0) {
		json_t *parsed = len > LINE_MAX_BYTES ? NULL :
		    json_loadb(line, (size_t)len, JSON_REJECT_DUPLICATES,
			NULL);

		l->position.line++;
		if (len > LINE_MAX_BYTES)
			ok = broken(l, "a line that is too long", e);
		else
			ok = json_is_object(parsed) ?
			    line_read(l, parsed, e) :
			    broken(l, "a line is not a JSON object", e);
		json_decref(parsed);
		explicit_bzero(line, size);
	}
	free(line);
	if (ok && ferror(file))
		return err_errno(e, "cannot read %s", l->position.file);
	return ok && (l->whole || broken(l, "it is cut off", e));
}

bool
plan_read(FILE *file, const char *name, struct manifest *manifest,
    struct plan *plan, const char **database, struct err *e)
{
	struct loading l = { .manifest = manifest, .plan = plan,
	    .position = { .file = name } };

	if (!lines_read(&l, file, e))
		return false;
	*database = l.database;
	manifest_sort(manifest);
	return manifest->complaints.count == 0 ||
	    broken(&l, manifest->complaints.item[0].text, e);
}

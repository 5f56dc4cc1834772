/* A plan in a file: lines of JSON, written and read one by one. */
#include "model/plan/file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "file/permission.h"
#include "file/write.h"
#include "model/address.h"
#include "model/manifest/private.h"
#include "model/manifest/text.h"
#include "model/plan/private.h"
#include "model/manifest/state.h"

#define HEAD "{\"mailadm_plan\":1,"

/* The longest line: an alias with a thousand destinations and more. */
#define LINE_MAX_BYTES (1024 * 1024)

/* --- digests --------------------------------------------------------- */

static void
add_hex(struct text *t, const unsigned char digest[static PLAN_DIGEST])
{
	for (size_t i = 0; i < PLAN_DIGEST; i++)
		text_addf(t, "%02x", digest[i]);
}

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

static bool
database_id(struct mail *m, struct arena *a, const char **id, struct err *e)
{
	struct words ids;

	if (!db_texts(m->db, a, SQL_DATABASE_ID, NO_PARAMS, &ids, e))
		return false;
	*id = ids.count > 0 && ids.word[0] != NULL ? ids.word[0] : "";
	return true;
}

/* --- writing --------------------------------------------------------- */

static void
add_head(struct text *t, const struct plan *plan, const char *id)
{
	text_addf(t, HEAD "\"database\":\"%s\",\"pruned\":[", id);
	for (size_t i = 0; i < plan->pruned.count; i++)
		text_addf(t, "%s\"%s\"", i > 0 ? "," : "",
		    plan->pruned.word[i]);
	text_add(t, "],\"names\":\"");
	add_hex(t, plan->pruned_names);
	text_add(t, "\"}\n");
}

static void
add_step(struct text *t, const struct plan_step *step)
{
	const struct desired *w = step->new != NULL ? step->new : step->old;
	unsigned char digest[PLAN_DIGEST];

	text_addf(t, "{\"action\":\"%s\",\"pruned\":%s,\"generate\":%s,",
	    plan_action_names[step->action], step->said ? "false" : "true",
	    plan_step_generates(step) ? "true" : "false");
	if (step->old != NULL) {
		plan_digest(step->old, digest);
		text_add(t, "\"old\":\"");
		add_hex(t, digest);
		text_add(t, "\",");
	}
	text_addf(t, "\"changes\":%lu,\"object\":",
	    (unsigned long)step->changes);
	/* Of what goes only the name is needed. */
	manifest_text_add(t, MANIFEST_JSONL, w, step->new != NULL);
	text_cut(t, t->len - 1);
	text_add(t, "}\n");
}

bool
plan_save(struct mail *m, const struct plan *plan, const char *path,
    struct err *e)
{
	struct text t = TEXT_INIT;
	const char *id;
	bool ok;

	if (!database_id(m, plan->arena, &id, e))
		return false;
	add_head(&t, plan, id);
	for (size_t i = 0; i < plan->steps.count; i++)
		add_step(&t, plan_at(plan, i));
	text_addf(&t, "{\"steps\":%zu}\n", plan->steps.count);
	ok = file_replace(path, t.buf, t.len, 0600, e);
	text_clear(&t);
	return ok;
}

/* --- reading --------------------------------------------------------- */

struct loading {
	struct mail *m;
	struct manifest *manifest;
	struct plan *plan;
	struct file_position position;
	bool head;
	bool whole;		/* the last line was read */
};

static bool
broken(const struct loading *l, const char *why, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s:%u: no plan of mailadm: %s",
	    l->position.file, l->position.line, why);
}

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool
head_read(struct loading *l, const json_t *line, struct err *e)
{
	const json_t *pruned = json_object_get(line, "pruned"), *name;
	const char *id, *made_for = text_of(line, "database");
	size_t i;

	if (json_integer_value(json_object_get(line, "mailadm_plan")) != 1 ||
	    made_for == NULL || !hex_read(text_of(line, "names"),
	    l->plan->pruned_names))
		return broken(l, "of another version", e);
	json_array_foreach(pruned, i, name) {
		if (!json_is_string(name))
			return broken(l, "pruned", e);
		words_add(l->plan->arena, &l->plan->pruned, arena_strdup(
		    l->plan->arena, json_string_value(name)));
	}
	if (!database_id(l->m, l->plan->arena, &id, e))
		return false;
	if (strcmp(id, made_for) == 0)
		return true;
	err_set(e, ERR_REFUSED, "%s was made for another database",
	    l->position.file);
	return err_hint(e, "that one has the id %s, this one %s; mailadm "
	    "status shows it", made_for, id);
}

static bool
attribute_load(struct loading *l, struct desired *w,
    const struct attribute *a, const json_t *value, struct err *e)
{
	const json_t *one;
	size_t i;

	/* A hash that is still to be made, a home that will be given. */
	if (json_is_null(value) && (a->type == ATTRIBUTE_HASH ||
	    a->type == ATTRIBUTE_HOME))
		return true;
	if (json_is_array(value)) {
		w->given |= desired_bit(w, a);
		json_array_foreach(value, i, one) {
			if (!json_is_string(one) || !manifest_set(l->manifest,
			    w, a, json_string_value(one), false, e))
				return false;
		}
		return true;
	}
	if (json_is_integer(value))
		return manifest_set(l->manifest, w, a, arena_printf(
		    l->plan->arena, "%lld", (long long)
		    json_integer_value(value)), true, e);
	if (json_is_boolean(value))
		return manifest_set(l->manifest, w, a,
		    json_is_true(value) ? "true" : "false", true, e);
	return manifest_set(l->manifest, w, a, json_is_string(value) ?
	    json_string_value(value) : "null", !json_is_string(value), e);
}

static bool
object_load(struct loading *l, const json_t *object,
    enum manifest_kind *kind, struct desired **w, struct err *e)
{
	const char *text = NULL, *name;
	int k = 0;

	for (; k < MANIFEST_KINDS && text == NULL; k++)
		text = text_of(object, manifest_kind_names[k]);
	*kind = (enum manifest_kind)(k - 1);
	if (text == NULL || !manifest_name(l->manifest, *kind, text, &name,
	    e))
		return false;
	*w = arena_alloc(l->plan->arena, manifest_sizes[*kind]);
	(*w)->kind = (uint8_t)*kind;
	(*w)->name = name;
	(*w)->position = l->position;
	for (const struct attribute *a = manifest_attributes[*kind]; a->name;
	    a++) {
		const json_t *value = json_object_get(object, a->name);

		if (value != NULL && !attribute_load(l, *w, a, value, e))
			return false;
	}
	state_complete(*w, NULL);
	return true;
}

static bool
step_load(struct loading *l, const json_t *line, struct err *e)
{
	struct plan_step *step = VECTOR_ADD(&l->plan->steps);
	const char *action = text_of(line, "action"), *old;
	struct desired *w, *kept;
	int n = 0;

	while (n < PLAN_ACTIONS && (action == NULL ||
	    strcmp(plan_action_names[n], action) != 0))
		n++;
	if (n == PLAN_ACTIONS || !object_load(l, json_object_get(line,
	    "object"), &step->kind, &w, e))
		return broken(l, e->text ? e->text : "a step", e);
	step->action = (enum plan_action)n;
	step->name = w->name;
	old = text_of(line, "old");
	step->digested = true;
	if ((old != NULL) != (step->action != PLAN_ADD) ||
	    (old != NULL && !hex_read(old, step->digest)))
		return broken(l, "a digest", e);
	step->changes = (uint32_t)json_integer_value(json_object_get(line,
	    "changes"));
	kept = manifest_add(l->manifest, step->kind, w->name, &l->position);
	if (step->action == PLAN_REMOVE) {
		kept->absent = true;
	} else {
		memcpy(kept, w, manifest_sizes[step->kind]);
		step->new = w;
	}
	if (json_is_true(json_object_get(line, "generate"))) {
		((struct desired_user *)(void *)w)->generate = true;
		step->password = true;
	}
	step->said = json_is_true(json_object_get(line, "pruned")) ? NULL : w;
	l->plan->number[step->action]++;
	return true;
}

static bool
line_load(struct loading *l, const json_t *line, struct err *e)
{
	const json_t *steps = json_object_get(line, "steps");

	if (l->position.line == 1)
		return head_read(l, line, e);
	if (l->whole)
		return broken(l, "something behind its end", e);
	if (steps == NULL)
		return step_load(l, line, e);
	l->whole = json_integer_value(steps) ==
	    (json_int_t)l->plan->steps.count;
	return l->whole || broken(l, "steps are missing", e);
}

static bool
lines_load(struct loading *l, FILE *file, struct err *e)
{
	char *line = NULL;
	size_t size = 0;
	bool ok = true;

	while (ok && getline(&line, &size, file) > 0) {
		json_t *parsed = json_loads(line, JSON_REJECT_DUPLICATES,
		    NULL);

		l->position.line++;
		ok = json_is_object(parsed) ? line_load(l, parsed, e) :
		    broken(l, "a line that is no JSON object", e);
		json_decref(parsed);
		explicit_bzero(line, size);
		if (ok && size > LINE_MAX_BYTES)
			ok = broken(l, "a line that is too long", e);
	}
	free(line);
	if (ok && ferror(file))
		return err_errno(e, "cannot read %s", l->position.file);
	return ok && (l->whole || broken(l, "it is cut off", e));
}

static bool
file_look(FILE *file, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fileno(file), &st) != 0)
		return err_errno(e, "cannot look at %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INVALID, "%s is not a regular file",
		    path);
	return permission_check(FILE_PLAN, path, &st, e);
}

bool
plan_file_is(const char *path)
{
	char head[sizeof(HEAD)] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head) - 1);

	if (fd >= 0)
		close(fd);
	return n > 15 && strncmp(head, HEAD, 15) == 0;
}

bool
plan_load(struct mail *m, const char *path, struct manifest *manifest,
    struct plan *plan, struct err *e)
{
	struct loading l = { .m = m, .manifest = manifest, .plan = plan,
	    .position = { .file = arena_strdup(plan->arena, path) } };
	FILE *file = fopen(path, "re");
	bool ok;

	if (file == NULL)
		return err_errno(e, "cannot open %s", path);
	ok = file_look(file, path, e) && lines_load(&l, file, e);
	fclose(file);
	manifest_sort(manifest);
	return ok;
}

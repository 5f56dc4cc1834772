/* A plan in a file: writing it, and who may have written it. */
#include "model/plan/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "file/permission.h"
#include "file/write.h"
#include "model/manifest/text.h"
#include "model/plan/private.h"

#define HEAD "{\"mailadm_plan\":1,"

/* --- digests --------------------------------------------------------- */

static void
add_hex(struct text *t, const unsigned char digest[static PLAN_DIGEST])
{
	for (size_t i = 0; i < PLAN_DIGEST; i++)
		text_addf(t, "%02x", digest[i]);
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
add_pruned(struct text *t, const struct words *domains)
{
	text_add_char(t, '[');
	for (size_t i = 0; i < domains->count; i++)
		text_addf(t, "%s\"%s\"", i > 0 ? "," : "",
		    domains->word[i]);
	text_add_char(t, ']');
}

static void
add_head(struct text *t, const struct plan *plan, const char *id)
{
	text_addf(t, HEAD "\"database\":\"%s\",\"pruned\":{", id);
	for (int k = MANIFEST_IN_DOMAIN; k < MANIFEST_IN_DOMAIN_END; k++) {
		text_addf(t, "%s\"%s\":", k > MANIFEST_IN_DOMAIN ? "," : "",
		    manifest_section_names[k]);
		add_pruned(t, &plan->pruned[k]);
	}
	text_add(t, "},\"names\":\"");
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
	/* For a removed object only the name is needed. */
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

static bool
file_look(FILE *file, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fileno(file), &st) != 0)
		return err_errno(e, "cannot access %s", path);
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

static bool
database_check(struct mail *m, const char *path, struct arena *a,
    const char *made_for, struct err *e)
{
	const char *id;

	if (!database_id(m, a, &id, e))
		return false;
	if (strcmp(id, made_for) == 0)
		return true;
	err_set(e, ERR_REFUSED, "%s was made for another database", path);
	return err_hint(e, "that one has the id %s, this one %s; mailadm "
	    "status shows it", made_for, id);
}

bool
plan_load(struct mail *m, const char *path, struct manifest *manifest,
    struct plan *plan, struct err *e)
{
	FILE *file = fopen(path, "re");
	const char *made_for;
	bool ok;

	if (file == NULL)
		return err_errno(e, "cannot open %s", path);
	ok = file_look(file, path, e) &&
	    plan_read(file, arena_strdup(plan->arena, path), manifest, plan,
		&made_for, e);
	fclose(file);
	return ok && database_check(m, path, plan->arena, made_for, e);
}

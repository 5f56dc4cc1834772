/* Running doveconf, and reading the blocks that it prints. */
#include "file/dovecot.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/text.h"
#include "file/program.h"

/* No setting of Dovecot is in deeper blocks. */
#define DEPTH_MAX 32


struct reader {
	struct arena *arena;
	struct dovecot_block *at;
	unsigned depth;
	size_t line;
};

/* --- reading --------------------------------------------------------- */

/* The text between quotes; \" and \\ are unescaped. */
static const char *
unquoted(struct arena *a, const char *s, size_t len)
{
	char *text = arena_strndup(a, s, len), *to = text;

	if (len < 2 || s[0] != '"' || s[len - 1] != '"')
		return text;
	for (size_t i = 1; i + 1 < len; i++) {
		if (s[i] == '\\' && i + 2 < len &&
		    (s[i + 1] == '"' || s[i + 1] == '\\'))
			i++;
		*to++ = s[i];
	}
	*to = '\0';
	return text;
}

static bool
block_begin(struct reader *r, const char *line, size_t len, struct err *e)
{
	struct dovecot_block *b = arena_alloc(r->arena, sizeof(*b));
	size_t type = 0, name;

	len = trimmed_length(line, len - 1, LINE_BLANKS);
	while (type < len && strchr(LINE_BLANKS, line[type]) == NULL)
		type++;
	name = type;
	while (name < len && strchr(LINE_BLANKS, line[name]) != NULL)
		name++;
	b->type = arena_strndup(r->arena, line, type);
	b->name = unquoted(r->arena, line + name, len - name);
	b->line = r->line;
	b->up = r->at;
	if (r->at->last != NULL)
		r->at->last->next = b;
	else
		r->at->child = b;
	r->at->last = b;
	r->at = b;
	return ++r->depth <= DEPTH_MAX || err_set(e, ERR_INVALID,
	    "line %zu: blocks are nested more than %d deep", r->line,
	    DEPTH_MAX);
}

static bool
line_take(struct reader *r, const char *line, size_t len, struct err *e)
{
	const char *equals, *value;
	size_t name;

	if (len == 1 && line[0] == '}') {
		if (r->at->up == NULL)
			return err_set(e, ERR_INVALID,
			    "line %zu: } without a block",
			    r->line);
		r->at = r->at->up;
		r->depth--;
		return true;
	}
	/* The name of a setting has no blanks; the beginning of a block has. */
	equals = memchr(line, '=', len);
	name = equals != NULL ? trimmed_length(line,
	    (size_t)(equals - line), LINE_BLANKS) : 0;
	if (line[len - 1] == '{' &&
	    (equals == NULL || memchr(line, ' ', name) != NULL))
		return block_begin(r, line, len, e);
	if (name == 0)
		return true;
	value = equals + 1;
	len -= (size_t)(value - line);
	while (len > 0 && strchr(LINE_BLANKS, *value) != NULL) {
		value++;
		len--;
	}
	cf_add_at(r->arena, &r->at->settings, arena_strndup(r->arena, line,
	    name), unquoted(r->arena, value, len), r->line);
	return true;
}

bool
dovecot_parse(struct arena *a, const char *text, struct dovecot_block **root,
    struct err *e)
{
	struct reader r = { .arena = a };
	struct text line = TEXT_INIT;
	bool ok = true;

	r.at = *root = arena_alloc(a, sizeof(**root));
	(*root)->type = (*root)->name = "";
	while (ok && *text != '\0') {
		size_t end = strcspn(text, "\n");
		size_t indent = strspn(text, LINE_BLANKS);
		size_t len = trimmed_length(text, end, LINE_BLANKS);

		r.line++;
		if (indent < end && text[indent] != '#')
			text_add_bytes(&line, text + indent, len - indent);
		text += end + (text[end] == '\n');
		if (line.len > 0 && line.buf[line.len - 1] == '\\' &&
		    *text != '\0') {
			line.buf[line.len - 1] = ' ';
			continue;
		}
		if (line.len > 0)
			ok = line_take(&r, line.buf, line.len, e);
		text_cut(&line, 0);
	}
	text_clear(&line);
	return ok && (r.at->up == NULL || err_set(e, ERR_INVALID,
	    "the block %s does not end", r.at->type));
}

const struct dovecot_block *
dovecot_block(const struct dovecot_block *block, const char *type,
    const char *name)
{
	const struct dovecot_block *b = block->child;

	while (b != NULL && (strcmp(b->type, type) != 0 ||
	    (name != NULL && strcmp(b->name, name) != 0)))
		b = b->next;
	return b;
}

const char *
dovecot_value(const struct dovecot_block *block, const char *name)
{
	return cf_value(&block->settings, name);
}

/* --- doveconf -------------------------------------------------------- */

/* "# 2.3.19.1 (9b53102964): FILE" */
static void
version_take(struct arena *a, const char *out, struct dovecot_config *config)
{
	if (strncmp(out, "# ", 2) == 0)
		config->version = arena_strndup(a, out + 2,
		    strcspn(out + 2, " \n"));
	else
		config->version = "";
	config->minor = strncmp(config->version, "2.", 2) != 0 ? 0 :
	    config->version[2] - '0';
}

/* "doveconf: Fatal: Error in configuration file …" without its beginning. */
static const char *
complaint(struct arena *a, const char *said)
{
	static const char *const marks[] = { "Fatal: ", "Error: ", NULL };

	for (size_t i = 0; marks[i] != NULL; i++) {
		const char *at = strstr(said, marks[i]);

		if (at == NULL)
			continue;
		at += strlen(marks[i]);
		return arena_strndup(a, at, strcspn(at, "\n"));
	}
	return arena_strndup(a, said, strcspn(said, "\n"));
}

/*
 * "doveconf: Warning: Obsolete setting in FILE:12: …"; a NOTE is advice on
 * how to go on, and limits of the load are no mistake.
 */
static void
warnings_take(struct arena *a, const char *said, struct words *warnings)
{
	static const char warning[] = "Warning: ";

	while (*said != '\0') {
		size_t end = strcspn(said, "\n");
		const char *line = arena_strndup(a, said, end);
		const char *at = strstr(line, warning);

		if (at != NULL && strncmp(at + strlen(warning), "NOTE", 4) !=
		    0 && strstr(at, "under max. load") == NULL)
			words_add(a, warnings, at + strlen(warning));
		said += end + (said[end] == '\n');
	}
}

bool
dovecot_config_read(struct arena *a, const char *file,
    struct dovecot_config *config, struct err *e)
{
	const struct text nothing = TEXT_INIT;
	struct program_answer answer;
	struct words argv = { 0 };
	const char *path;
	bool denied;

	*config = (struct dovecot_config){ 0 };
	if (!program_find(a, "doveconf", "Dovecot", &path, e))
		return false;
	if (access(file, R_OK) != 0)
		return err_set(e, errno == ENOENT ? ERR_NOT_FOUND :
		    ERR_DENIED, "cannot read %s: %s", file, strerror(errno));
	words_add(a, &argv, path);
	words_add(a, &argv, "-c");
	words_add(a, &argv, file);
	words_add(a, &argv, "-a");
	words_add(a, &argv, "-P");
	if (!program_run(a, &argv, &nothing, &answer, e))
		return false;
	/* A file that is included; root may read all. */
	denied = geteuid() != 0 && strstr(answer.err, strerror(EACCES)) !=
	    NULL;
	if (answer.status != 0)
		return err_set(e, denied ? ERR_DENIED : ERR_INVALID, "%s",
		    complaint(a, answer.err));
	version_take(a, answer.out, config);
	warnings_take(a, answer.err, &config->said);
	return dovecot_parse(a, answer.out, &config->root, e);
}

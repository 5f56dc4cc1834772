/* main.cf and master.cf as commands of postconf. */
#include "model/server/render.h"

#include <string.h>

#include "base/ascii.h"
#include "base/text.h"

/* service type private unpriv chroot wakeup maxproc command */
#define MASTER_FIELDS 8

struct printer {
	struct arena *arena;
	const char *program;		/* with -c, if not the default */
	struct words *commands;
};

static void
quote_add(struct text *t, const char *s)
{
	text_add_char(t, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			text_add(t, "'\\''");
		else
			text_add_char(t, *s);
	}
	text_add_char(t, '\'');
}

static void
command_add(struct printer *p, const char *option, const char *setting)
{
	struct text t = TEXT_INIT;

	text_addf(&t, "%s %s ", p->program, option);
	quote_add(&t, setting);
	words_add(p->arena, p->commands, arena_strdup(p->arena, t.buf));
	text_clear(&t);
}

/*
 * The next logical line in one piece, blanks cut to one: a line that begins
 * with a blank continues the one before, over comments and empty lines.
 */
static bool
logical_line(const char **at, struct text *line)
{
	text_cut(line, 0);
	while (**at != '\0') {
		size_t len = strcspn(*at, "\n");
		const char *text = *at, *end = text + len;

		while (text < end && is_one_of(*text, BLANKS))
			text++;
		if (text < end && *text != '#') {
			if (!is_one_of(**at, BLANKS) && line->len > 0)
				return true;
			text_add(line, line->len > 0 ? " " : "");
			text_add_bytes(line, text, (size_t)(end - text));
		}
		*at = end + (*end == '\n');
	}
	return line->len > 0;
}

static void
main_commands(struct printer *p, const char *text)
{
	struct text line = TEXT_INIT;

	while (logical_line(&text, &line))
		command_add(p, "-e", line.buf);
	text_clear(&line);
}

/* A word, or all of { several }, which stays in one piece. */
static const char *
word_next(struct arena *a, const char **at)
{
	const char *begin = *at + strspn(*at, BLANKS), *end;

	if (*begin == '\0')
		return NULL;
	end = *begin == '{' ? strchr(begin, '}') : NULL;
	end = end != NULL ? end + 1 : begin + strcspn(begin, BLANKS);
	*at = end;
	return arena_strndup(a, begin, (size_t)(end - begin));
}

/* "{ name = value }" or "name=value", as -P wants it. */
static const char *
parameter(struct arena *a, const char *word)
{
	const char *end = word + strlen(word);

	if (*word != '{')
		return word;
	for (word++; is_one_of(*word, BLANKS); word++)
		;
	for (end--; end > word && is_one_of(end[-1], BLANKS); end--)
		;
	return arena_strndup(a, word, (size_t)(end - word));
}

/*
 * A service is followed by its options (-o), which postconf sets one by one.
 * After a word that is no option, as for pipe(8), all words belong to the
 * command.
 */
static void
service_commands(struct printer *p, const char *line)
{
	struct words parameters = { 0 };
	struct text service = TEXT_INIT;
	const char *word, *name, *type;
	bool options = true;
	size_t n = 2;

	name = word_next(p->arena, &line);
	type = word_next(p->arena, &line);
	if (name == NULL || type == NULL)
		return;
	text_addf(&service, "%s/%s=%s %s", name, type, name, type);
	while ((word = word_next(p->arena, &line)) != NULL) {
		bool argument = n++ >= MASTER_FIELDS;

		if (argument && *word != '-')
			options = false;
		if (!argument || !options || strcmp(word, "-o") != 0)
			text_addf(&service, " %s", word);
		else if ((word = word_next(p->arena, &line)) != NULL)
			words_add(p->arena, &parameters,
			    parameter(p->arena, word));
		else
			break;
	}
	command_add(p, "-M", service.buf);
	for (size_t i = 0; i < parameters.count; i++)
		command_add(p, "-P", arena_printf(p->arena, "%s/%s/%s",
		    name, type, parameters.word[i]));
	text_clear(&service);
}

static void
master_commands(struct printer *p, const char *text)
{
	struct text line = TEXT_INIT;

	while (logical_line(&text, &line))
		service_commands(p, line.buf);
	text_clear(&line);
}

void
render_postconf(struct arena *a, const char *directory, const char *name,
    const char *text, struct words *commands)
{
	struct printer p = { .arena = a, .program = "postconf",
	    .commands = commands };

	if (strcmp(directory, "/etc/postfix") != 0)
		p.program = arena_printf(a, "postconf -c %s", directory);
	if (strcmp(name, "postfix/main.cf") == 0)
		main_commands(&p, text);
	else
		master_commands(&p, text);
}

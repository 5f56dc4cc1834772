/* Running postconf and postmap. */
#include "file/postfix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "file/program.h"

/*
 * The message of a program that failed; warnings are no failure.  Behind the
 * number of a line Postfix quotes the line, which may hold a password.
 */
static const char *
complaint(struct arena *a, const char *said)
{
	const char *fatal = strstr(said, "fatal: "), *line, *quote;
	size_t len;

	if (fatal == NULL)
		return NULL;
	fatal += strlen("fatal: ");
	len = strcspn(fatal, "\n");
	line = strstr(fatal, ", line ");
	quote = line != NULL ? strstr(line, ": \"") : NULL;
	if (quote != NULL && quote < fatal + len)
		len = (size_t)(quote - fatal);
	return arena_strndup(a, fatal, len);
}

/* Runs a program of Postfix; the statuses 0 and `none` are no failure. */
static bool
run(struct arena *a, const struct words *argv, const struct text *input,
    int none, struct program_answer *answer, struct err *e)
{
	const char *fatal;

	if (!program_run(a, argv, input, answer, e))
		return false;
	fatal = complaint(a, answer->err);
	if (fatal != NULL)
		return err_set(e, ERR_IO, "%s", fatal);
	return answer->status == 0 || answer->status == none || err_set(e,
	    ERR_IO, "%s ended with status %d", argv->word[0],
	    answer->status);
}

/*
 * Each program sleeps for a second before it gives up, and several are asked
 * in turn: so what they would say of a missing main.cf is said here.
 */
static bool
has_main_cf(struct arena *a, const char *dir, struct err *e)
{
	const char *path = arena_printf(a, "%s/main.cf", dir);

	return access(path, F_OK) == 0 || errno != ENOENT || err_set(e,
	    ERR_IO, "open %s: %s", path, strerror(ENOENT));
}

/* The defaults are in no file, so there dir may lack its main.cf. */
static bool
begin(struct arena *a, const char *program, const char *dir,
    struct words *argv, struct err *e)
{
	const char *path;

	*argv = (struct words){ 0 };
	if (!program_find(a, program, "Postfix", &path, e))
		return false;
	words_add(a, argv, path);
	words_add(a, argv, "-c");
	words_add(a, argv, dir);
	return true;
}

bool
postfix_setting(struct arena *a, const char *dir, const char *name,
    const char **value, struct err *e)
{
	const struct text nothing = TEXT_INIT;
	struct program_answer answer;
	struct words argv;

	if (!has_main_cf(a, dir, e))
		return err_wrap(e, "cannot ask Postfix for %s", name);
	if (!begin(a, "postconf", dir, &argv, e))
		return false;
	words_add(a, &argv, "-xh");
	words_add(a, &argv, name);
	if (!run(a, &argv, &nothing, 0, &answer, e))
		return err_wrap(e, "cannot ask Postfix for %s", name);
	*value = arena_strndup(a, answer.out, strcspn(answer.out, "\n"));
	return true;
}

/* Lines of "key<TAB>answer", for the keys that were found, in order. */
static void
answers_take(struct arena *a, const char *output, const struct words *keys,
    const char **answers)
{
	size_t key = 0;

	while (*output != '\0') {
		size_t tab = strcspn(output, "\t\n");
		size_t end = strcspn(output, "\n");
		size_t i = key;

		while (i < keys->count && (strlen(keys->word[i]) != tab ||
		    memcmp(keys->word[i], output, tab) != 0))
			i++;
		if (i < keys->count && tab < end) {
			answers[i] = arena_strndup(a, output + tab + 1,
			    end - tab - 1);
			key = i + 1;
		}
		output += end + (output[end] == '\n');
	}
}

bool
postfix_lookup(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e)
{
	const char *direct = strncmp(map, "proxy:", 6) == 0 ? map + 6 : map;
	struct text input = TEXT_INIT;
	struct program_answer answer;
	struct words argv;
	bool ok;

	*answers = arena_array(a, keys->count + 1, sizeof(const char *));
	if (!has_main_cf(a, dir, e))
		return err_wrap(e, "cannot ask %s", map);
	if (!begin(a, "postmap", dir, &argv, e))
		return false;
	words_add(a, &argv, "-q");
	words_add(a, &argv, "-");
	words_add(a, &argv, direct);
	for (size_t i = 0; i < keys->count; i++)
		text_addf(&input, "%s\n", keys->word[i]);
	ok = run(a, &argv, &input, 1, &answer, e);
	text_clear(&input);
	if (!ok)
		return err_wrap(e, "cannot ask %s", map);
	answers_take(a, answer.out, keys, *answers);
	return true;
}

/* --- the whole configuration ----------------------------------------- */

/*
 * postconf reads a main.cf that is younger than two seconds several times,
 * and then forgets the directory that -c gave.  The defaults are in no file.
 */
static bool
postconf(struct arena *a, const char *dir, const char *how,
    struct program_answer *answer, struct err *e)
{
	const struct text nothing = TEXT_INIT;
	bool of_defaults = strcmp(how, "-d") == 0;
	struct words argv;

	if ((!of_defaults && !has_main_cf(a, dir, e)) ||
	    !begin(a, "postconf", dir, &argv, e))
		return false;
	if (!of_defaults) {
		words_add(a, &argv, "-o");
		words_add(a, &argv, arena_printf(a, "config_directory=%s",
		    dir));
	}
	words_add(a, &argv, how);
	return run(a, &argv, &nothing, 0, answer, e);
}

/* What is said again and again of one line is said once. */
static bool
is_said(const struct cf *cf, const char *file, const char *what)
{
	for (size_t i = 0; i < cf->count; i++) {
		if (strcmp(cf->entry[i].name, file) == 0 &&
		    strcmp(cf->entry[i].value, what) == 0)
			return true;
	}
	return false;
}

/* ": unused parameter: name=value"; the value may be a password. */
static bool
name_take(struct arena *a, const char *line, const char *mark, struct cf *cf)
{
	const char *at = strstr(line, mark), *file, *name;

	if (at == NULL)
		return false;
	file = arena_strndup(a, line, (size_t)(at - line));
	at += strlen(mark);
	name = arena_strndup(a, at, strcspn(at, "="));
	if (!is_said(cf, file, name))
		cf_add(a, cf, file, name);
	return true;
}

/*
 * "/etc/postfix/main.cf, line 7: overriding earlier entry: name=value"; all
 * of postconf's runs say it.
 */
static void
line_take(struct arena *a, const char *line, struct postfix_config *config)
{
	static const char mark[] = ", line ";
	const char *at = strstr(line, mark), *colon, *file, *what;
	size_t number;

	if (at == NULL || (colon = strchr(at, ':')) == NULL)
		return;
	file = arena_strndup(a, line, (size_t)(at - line));
	number = (size_t)strtoul(at + strlen(mark), NULL, 10);
	colon++;
	colon += strspn(colon, " ");
	what = arena_strndup(a, colon, strcspn(colon, "=\""));
	if (is_said(&config->said, file, what))
		return;
	cf_add_at(a, &config->said, file, what, number);
}

static void
warning_take(struct arena *a, const char *line, struct postfix_config *config)
{
	if (!name_take(a, line, ": unused parameter: ", &config->unused) &&
	    !name_take(a, line, ": undefined parameter: ",
	    &config->undefined))
		line_take(a, line, config);
}

/* The text behind each "warning: " of a program. */
static struct words
warnings_of(struct arena *a, const char *said)
{
	static const char warning[] = "warning: ";
	struct words found = { 0 };

	while (*said != '\0') {
		size_t end = strcspn(said, "\n");
		const char *line = arena_strndup(a, said, end);
		const char *at = strstr(line, warning);

		if (at != NULL)
			words_add(a, &found, at + strlen(warning));
		said += end + (said[end] == '\n');
	}
	return found;
}

static void
warnings_take(struct arena *a, const char *said,
    struct postfix_config *config)
{
	struct words warnings = warnings_of(a, said);

	for (size_t i = 0; i < warnings.count; i++)
		warning_take(a, warnings.word[i], config);
}

/* The next field of a line of master.cf. */
static const char *
field(struct arena *a, const char **line)
{
	size_t len;
	const char *word;

	*line += strspn(*line, " \t");
	len = strcspn(*line, " \t");
	word = arena_strndup(a, *line, len);
	*line += len;
	return word;
}

/* "submission/inet/name = value", sorted as postconf likes. */
static void
overrides_take(struct arena *a, struct postfix_service *s,
    const struct cf *all)
{
	const char *prefix = arena_printf(a, "%s/%s/", s->name, s->type);

	for (size_t i = 0; i < all->count; i++) {
		const char *name = all->entry[i].name;

		if (strncmp(name, prefix, strlen(prefix)) == 0 &&
		    strchr(name + strlen(prefix), '/') == NULL)
			cf_add(a, &s->overrides, name + strlen(prefix),
			    all->entry[i].value);
	}
}

static void
services_take(struct arena *a, const char *lines, const char *overrides,
    struct postfix_config *config)
{
	struct postfix_service *s;
	size_t room = 1;
	struct cf all;

	cf_parse(a, overrides, CF_POSTFIX, &all);
	for (const char *p = lines; *p != '\0'; p++)
		room += *p == '\n';
	config->service = s = arena_array(a, room, sizeof(*s));
	while (*lines != '\0') {
		size_t end = strcspn(lines, "\n");
		const char *line = arena_strndup(a, lines, end);

		s->name = field(a, &line);
		s->type = field(a, &line);
		field(a, &line);
		field(a, &line);
		s->chrooted = *field(a, &line) == 'y';
		field(a, &line);
		s->limit = field(a, &line);
		s->command = field(a, &line);
		s->arguments = line;
		overrides_take(a, s, &all);
		if (*s->command != '\0') {
			s++;
			config->services++;
		}
		lines += end + (lines[end] == '\n');
	}
}

bool
postfix_config_read(struct arena *a, const char *dir,
    struct postfix_config *config, struct err *e)
{
	const char *file = arena_printf(a, "%s/main.cf", dir);
	struct program_answer answer, standard, lines, overrides;

	*config = (struct postfix_config){ .dir = dir };
	if (access(file, R_OK) != 0 && errno == EACCES)
		return err_set(e, ERR_DENIED, "cannot read %s: %s", file,
		    strerror(errno));
	if (!postconf(a, dir, "-x", &answer, e) ||
	    !postconf(a, dir, "-d", &standard, e) ||
	    !postconf(a, dir, "-M", &lines, e) ||
	    !postconf(a, dir, "-Px", &overrides, e))
		return false;
	cf_parse(a, answer.out, CF_POSTFIX, &config->settings);
	cf_parse(a, standard.out, CF_POSTFIX, &config->standard);
	warnings_take(a, answer.err, config);
	services_take(a, lines.out, overrides.out, config);
	return true;
}

const char *
postfix_value(const struct postfix_config *config,
    const struct postfix_service *service, const char *name)
{
	const char *value = service == NULL ? NULL :
	    cf_value(&service->overrides, name);

	if (value == NULL)
		value = cf_value(&config->settings, name);
	return value != NULL ? value : "";
}

struct words
postfix_list(struct arena *a, const char *value)
{
	struct words names = { 0 };

	for (;;) {
		size_t n = 0;
		int depth = 0;

		value += strspn(value, ", \t\r\n");
		if (*value == '\0')
			return names;
		for (; value[n] != '\0' && (depth > 0 ||
		    strchr(", \t\r\n", value[n]) == NULL); n++)
			depth += (value[n] == '{') - (value[n] == '}');
		words_add(a, &names, arena_strndup(a, value, n));
		value += n;
	}
}

/* --- trying ----------------------------------------------------------- */

/* A program of Postfix that fails waits for a second, or for some. */
#define TRIAL_SECONDS 20

bool
postfix_try(struct arena *a, const char *dir, const char *map,
    struct postfix_trial *trial, struct err *e)
{
	struct program_answer answer;
	struct words argv;

	*trial = (struct postfix_trial){ 0 };
	if (!begin(a, "postmap", dir, &argv, e))
		return false;
	words_add(a, &argv, "-q");
	words_add(a, &argv, "verify.mailadm.invalid");
	words_add(a, &argv, map);
	if (!program_run_for(a, &argv, TRIAL_SECONDS, &answer, e))
		return false;
	trial->fatal = complaint(a, answer.err);
	trial->warnings = warnings_of(a, answer.err);
	return true;
}

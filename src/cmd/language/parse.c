/* Words to commands: one parser for argv, batch lines and the shell. */
#include "cmd/language/parse.h"

#include <string.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "cmd/language/default_domain.h"
#include "cmd/language/parsed.h"
#include "cmd/language/suggest.h"
#include "cmd/language/usage.h"
#include "file/password_file.h"
#include "model/mail/domain.h"
#include "print/out.h"

/* --- arguments ------------------------------------------------------- */

static const struct arg *
arg_by_letter(const struct arg *args, char letter)
{
	for (; args != NULL && args->name != NULL; args++) {
		if (args->letter == letter)
			return args;
	}
	return NULL;
}

static bool
arg_store(struct arena *a, const struct arg *arg, void *args,
    const char *word, struct err *e)
{
	void *slot = (char *)args + arg->offset;
	struct value v = { 0 };

	if (arg->type != NULL && word != NULL &&
	    !arg_parse(a, arg, word, &v, e))
		return arg_is_option(arg) ? err_wrap(e, "%s", arg->name) :
		    false;
	switch (arg->slot) {
	case SLOT_TEXT:
		*(const char **)slot = v.text;
		break;
	case SLOT_FLAG:
		*(bool *)slot = true;
		break;
	case SLOT_NUMBER:
		*(int64_t *)slot = v.number;
		break;
	case SLOT_LIST:
		words_add(a, slot, v.text);
		break;
	}
	return true;
}

static void *
args_new(struct arena *a, const struct cmd *cmd)
{
	char *args = arena_alloc(a, cmd->args_size ? cmd->args_size : 1);

	for (const struct arg *arg = cmd->args; arg && arg->name; arg++) {
		if (arg->slot == SLOT_NUMBER)
			*(int64_t *)(void *)(args + arg->offset) = VALUE_UNSET;
	}
	return args;
}

/* --- the parser ------------------------------------------------------ */

struct parser {
	struct arena *arena;
	enum parse_mode mode;
	const struct words *words;
	size_t next;
	const char *noun;		/* a first word that needs a verb */
	const struct arg *positional;	/* the next to be filled */
	bool filled;			/* it is a list that has a value */
	const char *last;		/* word that one was filled with */
	bool options_ended;
	bool salvaging;			/* after an error */
	struct parsed *parsed;
};

static bool
command_begin(struct parser *p, const struct cmd *cmd)
{
	p->parsed->cmd = cmd;
	p->parsed->args = args_new(p->arena, cmd);
	p->positional = cmd->args;
	p->filled = false;
	p->last = NULL;
	return true;
}

/* "history" is a command, and "history prune" is another one. */
static bool
verb_follows(const struct parser *p, const char *noun)
{
	const struct words *w = p->words;

	return p->noun == NULL && p->next < w->count && cmd_find(arena_printf(
	    p->arena, "%s %s", noun, w->word[p->next])) != NULL;
}

/* The first word or the first two name the command. */
static bool
take_command_word(struct parser *p, const char *word, struct err *e)
{
	const char *name = p->noun == NULL ? word :
	    arena_printf(p->arena, "%s %s", p->noun, word);
	const char *whole = name;
	const struct cmd *cmd = cmd_find(name);

	if (cmd == NULL && p->mode == PARSE_SHELL &&
	    !command_complete_prefix(p->arena, p->noun, word,
		p->next < p->words->count ? p->words->word[p->next] : NULL,
		&whole, e))
		return false;
	if (cmd == NULL)
		cmd = cmd_find(whole);
	if (cmd != NULL && !verb_follows(p, whole))
		return command_begin(p, cmd);
	if (p->noun == NULL && is_noun(whole)) {
		p->noun = p->parsed->noun = whole;
		return true;
	}
	p->parsed->secret |= !refuse_command(p->arena, p->noun, word, e);
	return false;
}

static void
skip_options(struct parser *p)
{
	while (p->positional != NULL && p->positional->name != NULL &&
	    arg_is_option(p->positional))
		p->positional++;
}

/* In the shell a local part alone gets the default domain. */
static bool
store(struct parser *p, const struct arg *arg, void *args, const char *word,
    struct err *e)
{
	const char *domain = p->parsed->options.domain;
	bool bare = p->mode == PARSE_SHELL && is_bare_address(arg, word);

	if (bare && domain != NULL)
		word = bare_address(p->arena, word, domain);
	if (arg_store(p->arena, arg, args, word, e))
		return true;
	return bare && domain == NULL ? err_hint(e,
	    "set a default domain first: use DOMAIN") : false;
}

/* What may be a password is not shown, not even in part. */
static bool
refuse_password(struct parser *p, struct err *e)
{
	const struct cmd *cmd = p->parsed->cmd;

	p->parsed->secret = true;
	err_set(e, ERR_USAGE, "passwords are not accepted on the command "
	    "line; leave it out and you will be asked");
	if (cmd == NULL || !(cmd->flags & CMD_PASSWORD))
		return err_hint(e, "the password of the database account "
		    "can stand in an option file: mailadm help configuration");
	if (arg_find(cmd->args, "--generate", strlen("--generate")) == NULL)
		return err_hint(e, "or use --password-stdin");
	return err_hint(e, "or use --generate, --password-stdin or "
	    "--password-file FILE");
}

static bool
take_positional(struct parser *p, const char *word, struct err *e)
{
	const struct cmd *cmd = p->parsed->cmd;

	skip_options(p);
	if (p->positional == NULL || p->positional->name == NULL) {
		if (cmd->flags & CMD_PASSWORD)
			return refuse_password(p, e);
		err_set(e, ERR_USAGE, "%s: unexpected argument%s%.200s",
		    cmd->name, p->last ? " after " : "",
		    p->last ? p->last : "");
		return hint_usage(cmd, e);
	}
	if (!store(p, p->positional, p->parsed->args, word, e))
		return cmd->flags & CMD_PASSWORD ? quote_hide(e, word) : false;
	p->filled = true;
	p->last = word;
	if (!(p->positional->flags & ARG_REPEAT)) {
		p->positional++;
		p->filled = false;
	}
	return true;
}

/* The options of other programs that a password follows at once. */
static bool
is_password_option(const char *name)
{
	static const char *const begins[] = { "-p", "--pass", "--pw",
	    "--secret" };

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
}

static bool
unknown_option(struct parser *p, const char *name, size_t len, struct err *e)
{
	const struct cmd *cmd = p->parsed->cmd;

	name = arena_strndup(p->arena, name, len);
	if (is_password_option(name))
		return refuse_password(p, e);
	if (quote_option(p->arena, cmd, name))
		err_set(e, ERR_USAGE, "unknown option: %.100s", name);
	else
		p->parsed->secret = !err_set(e, ERR_USAGE, "unknown option ("
		    QUOTE_HIDDEN ")");
	if (cmd != NULL)
		err_wrap(e, "%s", cmd->name);
	if (hint_option(cmd, name, e))
		return false;
	return hint_usage(cmd, e);
}

/*
 * After an unknown command: finds one that has this option and reports errors
 * its own way.
 */
static bool
reporter_find(struct parser *p, const char *name, size_t len)
{
	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);

		if (cmd->conclude != NULL && arg_find(cmd->args, name, len))
			return command_begin(p, cmd);
	}
	return false;
}

/* Finds an option, and the struct that it fills. */
static const struct arg *
option_find(struct parser *p, const char *name, size_t len, void **args)
{
	const struct cmd *cmd = p->parsed->cmd;
	const struct arg *arg = NULL;

	if (cmd != NULL) {
		*args = p->parsed->args;
		arg = arg_find(cmd->args, name, len);
	}
	if (arg == NULL) {
		*args = &p->parsed->options;
		arg = arg_find(run_args, name, len);
	}
	if (arg == NULL && cmd == NULL && p->salvaging &&
	    reporter_find(p, name, len))
		return option_find(p, name, len, args);
	return arg;
}

static bool
option_allowed(struct parser *p, const struct arg *arg, struct err *e)
{
	if (p->mode == PARSE_COMMAND_LINE ||
	    !(arg->flags & (ARG_RUN | ARG_STDIN)))
		return true;
	if (!(arg->flags & ARG_STDIN))
		return err_set(e, ERR_USAGE, "%s only works on the command "
		    "line, not in %s", arg->name,
		    p->mode == PARSE_SHELL ? "the shell" : "a batch");
	if (p->mode == PARSE_SHELL)
		return err_set(e, ERR_USAGE, "%s cannot be used in the shell; "
		    "leave it out and you will be asked", arg->name);
	return err_set(e, ERR_USAGE, "%s cannot be used in a batch: standard "
	    "input may hold the commands", arg->name);
}

/* The value after "=", or the next word. */
static bool
option_value(struct parser *p, const struct arg *arg, const char *given,
    const char **value, struct err *e)
{
	*value = given;
	if (arg->type == NULL) {
		return given == NULL || err_set(e, ERR_USAGE,
		    "%s takes no value", arg->name);
	}
	if (given != NULL || arg->flags & ARG_MAY_LACK_VALUE)
		return true;
	if (p->next >= p->words->count) {
		err_set(e, ERR_USAGE, "%s needs a value: %s", arg->name,
		    arg->type->metavar);
		return hint_usage(p->parsed->cmd, e);
	}
	*value = p->words->word[p->next++];
	return true;
}

static bool
take_option(struct parser *p, const struct arg *arg, void *args,
    const char *given, struct err *e)
{
	const char *value;

	if (arg->flags & ARG_SECRET)
		p->parsed->secret = true;
	if (!option_allowed(p, arg, e) ||
	    !option_value(p, arg, given, &value, e))
		return false;
	if (arg->flags & ARG_SECRET_FILE && !password_file_is_path(value))
		p->parsed->secret = true;
	if (p->salvaging && arg->type != NULL && args == p->parsed->args)
		return true;
	/* --generate=SECRET */
	if (!store(p, arg, args, value, e))
		return arg->flags & (ARG_SECRET | ARG_MAY_LACK_VALUE) &&
		    value != NULL ? quote_hide(e, value) : false;
	/* --json is a format, too: the last one is used. */
	if (p->parsed->options.json)
		p->parsed->options.output = "json";
	p->parsed->options.json = false;
	return true;
}

static bool
take_long(struct parser *p, const char *word, struct err *e)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const struct arg *arg;
	void *args;

	arg = option_find(p, word, len, &args);
	if (arg == NULL)
		return unknown_option(p, word, len, e);
	return take_option(p, arg, args, equals ? equals + 1 : NULL, e);
}

/* Shows the letter only: what follows may be a secret value. */
static bool
unknown_letter(struct parser *p, const char *c, struct err *e)
{
	size_t len = 1;

	while (((unsigned char)c[len] & 0xc0) == 0x80)
		len++;
	return unknown_option(p, arena_printf(p->arena, "-%.*s", (int)len,
	    c), len + 1, e);
}

/* -qy, -ojson, -o json: the last letter may have a value. */
static bool
take_letters(struct parser *p, const char *word, struct err *e)
{
	for (const char *c = word + 1; *c != '\0'; c++) {
		const struct arg *arg = arg_by_letter(run_args, *c);
		bool valued;

		if (arg == NULL)
			return unknown_letter(p, c, e);
		valued = arg->type != NULL;
		if (!take_option(p, arg, &p->parsed->options,
		    valued && c[1] != '\0' ? c + 1 : NULL, e))
			return false;
		if (valued)
			return true;
	}
	return true;
}

/* The word begins with a hyphen and has more characters. */
static bool
take_option_word(struct parser *p, const char *word, struct err *e)
{
	if (strcmp(word, "--") == 0) {
		p->options_ended = true;
		return true;
	}
	return word[1] == '-' ? take_long(p, word, e) :
	    take_letters(p, word, e);
}

static bool
take_word(struct parser *p, const char *word, struct err *e)
{
	if (!p->options_ended && word[0] == '-' && word[1] != '\0')
		return take_option_word(p, word, e);
	if (p->parsed->cmd == NULL)
		return take_command_word(p, word, e);
	return take_positional(p, word, e);
}

/* Every required argument must have its word. */
static bool
check_complete(struct parser *p, struct err *e)
{
	const struct cmd *cmd = p->parsed->cmd;

	if (cmd == NULL) {
		if (p->noun == NULL)
			return true;
		err_set(e, ERR_USAGE, "missing verb after %s", p->noun);
		return hint_verbs(p->arena, p->noun, e);
	}
	skip_options(p);
	if (p->positional == NULL || p->positional->name == NULL ||
	    p->filled || !(p->positional->flags & ARG_REQUIRED))
		return parsed_check(p->parsed, e);
	err_set(e, ERR_USAGE, "missing argument: %s", p->positional->name);
	return hint_usage(cmd, e);
}

/* Bytes that are not text are not shown: they may be a password. */
static bool
words_valid(const struct words *words, struct err *e)
{
	for (size_t i = 0; i < words->count; i++) {
		if (!utf8_valid(words->word[i], strlen(words->word[i])))
			return err_set(e, ERR_INVALID, "argument %zu is not "
			    "valid UTF-8", i + 1);
	}
	return true;
}

static bool
take_words(struct parser *p, struct err *e)
{
	if (!words_valid(p->words, e))
		return false;
	/* Hints begin with it, and are typed as they stand. */
	if (p->mode == PARSE_SHELL && p->words->count > 1 &&
	    strcmp(p->words->word[0], "mailadm") == 0)
		p->next = 1;
	while (p->next < p->words->count) {
		if (!take_word(p, p->words->word[p->next++], e))
			return false;
	}
	return p->parsed->options.help || p->parsed->options.version ||
	    check_complete(p, e);
}

/* Reads all words again, for what says how to report the error. */
static void
salvage(struct parser *p)
{
	const struct words *words = p->words;
	struct err ignored = { 0 };

	p->next = 0;
	p->salvaging = true;
	p->options_ended = false;
	if (p->parsed->cmd != NULL)
		command_begin(p, p->parsed->cmd);
	while (p->next < words->count && !p->options_ended) {
		const char *word = words->word[p->next++];

		if (word[0] == '-')
			take_option_word(p, word, &ignored);
		err_clear(&ignored);
	}
}

bool
parse_words(struct arena *a, const struct words *words,
    const struct run_options *options, enum parse_mode mode,
    struct parsed *parsed, struct err *e)
{
	struct parser p = { .arena = a, .mode = mode, .words = words,
	    .parsed = parsed };

	*parsed = (struct parsed){ .options = *options };
	if (take_words(&p, e))
		return true;
	salvage(&p);
	return false;
}

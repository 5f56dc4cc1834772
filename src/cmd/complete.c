/* What may come next: command words, options, choices. */
#include "cmd/complete.h"

#include <string.h>

#include "cmd/parse.h"
#include "cmd/suggest.h"

/* Where in a command line the cursor stands. */
struct position {
	const struct cmd *cmd;		/* NULL: its words are being typed */
	const char *noun;
	const struct arg *valued;	/* an option that waits for a value */
	size_t positionals;		/* how many were given */
};

static const struct arg *
option_of(const struct cmd *cmd, const char *word)
{
	const struct arg *arg = cmd ?
	    arg_find(cmd->args, word, strlen(word)) : NULL;

	if (arg == NULL)
		arg = arg_find(run_args, word, strlen(word));
	for (const struct arg *r = run_args; arg == NULL && r->name; r++) {
		if (r->letter != 0 && word[0] == '-' &&
		    word[1] == r->letter && word[2] == '\0')
			return r;
	}
	return arg;
}

/* A word of the command, or the only one that begins so. */
static void
advance_command(struct arena *a, struct position *p, const char *word)
{
	const char *whole = p->noun == NULL ? word :
	    arena_printf(a, "%s %s", p->noun, word);
	struct err ambiguous = { 0 };

	if (cmd_find(whole) == NULL)
		command_complete_prefix(a, p->noun, word, &whole,
		    &ambiguous);
	err_clear(&ambiguous);
	p->cmd = cmd_find(whole);
	if (p->cmd == NULL && p->noun == NULL && is_noun(whole))
		p->noun = whole;
}

static void
advance(struct arena *a, struct position *p, const char *word)
{
	if (p->valued != NULL) {
		p->valued = NULL;
	} else if (word[0] == '-') {
		const struct arg *arg = option_of(p->cmd, word);

		if (arg != NULL && arg->type != NULL &&
		    !(arg->flags & ARG_MAY_LACK_VALUE))
			p->valued = arg;
	} else if (p->cmd != NULL) {
		p->positionals++;
	} else {
		advance_command(a, p, word);
	}
}

static struct position
position_find(struct arena *a, const struct words *before)
{
	struct position p = { 0 };

	for (size_t i = 0; i < before->count; i++)
		advance(a, &p, before->word[i]);
	return p;
}

static void
offer(struct arena *a, struct words *found, const char *word,
    const char *begun)
{
	if (strncmp(word, begun, strlen(begun)) != 0)
		return;
	for (size_t i = 0; i < found->count; i++) {
		if (strcmp(found->word[i], word) == 0)
			return;
	}
	words_add(a, found, word);
}

static void
offer_commands(struct arena *a, struct words *found, const char *noun,
    const char *begun)
{
	size_t len = noun ? strlen(noun) : 0;

	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);
		size_t first = strcspn(cmd->name, " ");

		if (cmd->flags & CMD_HIDDEN)
			continue;
		if (noun == NULL)
			offer(a, found, arena_strndup(a, cmd->name, first),
			    begun);
		else if (first == len && cmd->name[len] == ' ' &&
		    memcmp(cmd->name, noun, len) == 0)
			offer(a, found, cmd->name + len + 1, begun);
	}
}

static void
offer_options(struct arena *a, struct words *found, const struct arg *args,
    const char *begun)
{
	for (; args != NULL && args->name != NULL; args++) {
		if (args->name[0] == '-')
			offer(a, found, args->name, begun);
	}
}

static void
offer_choices(struct arena *a, struct words *found,
    const struct arg_type *type, const char *begun)
{
	const char *const *choice = type->choices;

	for (; choice != NULL && *choice != NULL; choice++)
		offer(a, found, *choice, begun);
}

/* The positional argument that the next word fills. */
static const struct arg *
positional_at(const struct cmd *cmd, size_t n)
{
	for (const struct arg *arg = cmd->args; arg && arg->name; arg++) {
		if (arg->name[0] == '-')
			continue;
		if (n == 0 || arg->flags & ARG_REPEAT)
			return arg;
		n--;
	}
	return NULL;
}

static const struct arg *
arg_expected(const struct position *p)
{
	if (p->valued != NULL)
		return p->valued;
	return p->cmd ? positional_at(p->cmd, p->positionals) : NULL;
}

struct words
complete(struct arena *a, const struct words *before, const char *begun)
{
	struct position p = position_find(a, before);
	const struct arg *arg = arg_expected(&p);
	struct words found = { 0 };

	if (p.valued == NULL && begun[0] == '-') {
		if (p.cmd != NULL)
			offer_options(a, &found, p.cmd->args, begun);
		offer_options(a, &found, run_args, begun);
	} else if (p.valued == NULL && p.cmd == NULL) {
		offer_commands(a, &found, p.noun, begun);
	} else if (arg != NULL && arg->type == &arg_word) {
		offer_commands(a, &found, p.positionals > 0 ?
		    before->word[before->count - 1] : NULL, begun);
	} else if (arg != NULL && arg->type != NULL) {
		offer_choices(a, &found, arg->type, begun);
	}
	return found;
}

bool
complete_is_file(struct arena *a, const struct words *before)
{
	struct position p = position_find(a, before);
	const struct arg *arg = arg_expected(&p);

	return arg != NULL && arg->type != NULL &&
	    arg->type->complete == COMPLETE_FILE;
}

static const char bash_script[] =
    "# bash completion for mailadm: the program itself says what may come.\n"
    "_mailadm()\n"
    "{\n"
    "	local words cword prev cur candidates\n"
    "	if declare -F _get_comp_words_by_ref >/dev/null; then\n"
    "		# @ and : belong to addresses, not between words\n"
    "		_get_comp_words_by_ref -n @:= words cword cur prev\n"
    "	else\n"
    "		words=(\"${COMP_WORDS[@]}\") cword=$COMP_CWORD\n"
    "		cur=${COMP_WORDS[COMP_CWORD]}\n"
    "	fi\n"
    "	candidates=$(mailadm complete -- \"${words[@]:1:cword}\" "
    "2>/dev/null) ||\n"
    "		return\n"
    "	if [ \"$candidates\" = //file ]; then\n"
    "		mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "		compopt -o filenames 2>/dev/null\n"
    "	else\n"
    "		mapfile -t COMPREPLY < <(compgen -W \"$candidates\" -- "
    "\"$cur\")\n"
    "	fi\n"
    "	if declare -F __ltrim_colon_completions >/dev/null; then\n"
    "		__ltrim_colon_completions \"$cur\"\n"
    "	fi\n"
    "}\n"
    "complete -F _mailadm mailadm\n";

static const char zsh_script[] =
    "#compdef mailadm\n"
    "# zsh completion for mailadm: the program itself says what may come.\n"
    "local -a candidates\n"
    "candidates=(${(f)\"$(mailadm complete -- "
    "${words[2,CURRENT]} 2>/dev/null)\"})\n"
    "if [[ $candidates = //file ]]; then\n"
    "	_files\n"
    "else\n"
    "	compadd -a candidates\n"
    "fi\n";

const char *
completion_script(const char *shell)
{
	return strcmp(shell, "zsh") == 0 ? zsh_script : bash_script;
}

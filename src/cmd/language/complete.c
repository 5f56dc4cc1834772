/* What may come next: command words, options, choices, names. */
#include "cmd/language/complete.h"

#include <string.h>

#include "cmd/language/parse.h"
#include "cmd/language/position.h"
#include "cmd/language/setting.h"
#include "model/address.h"
#include "model/check/check.h"
#include "model/dnscheck/dnscheck.h"
#include "model/verify/verify.h"

/* The state of one completion. */
struct search {
	const struct completion *c;
	struct arena *arena;
	struct position at;
	const char *begun;
	const char *front;	/* of each candidate: "--domain=" */
	struct candidates found;
};

/* --- words of the tables --------------------------------------------- */

static void
add(struct search *s, const char *word)
{
	struct words *w = &s->found.words;

	if (*s->front != '\0')
		word = arena_printf(s->arena, "%s%s", s->front, word);
	for (size_t i = 0; i < w->count; i++) {
		if (strcmp(w->word[i], word) == 0)
			return;
	}
	words_add(s->arena, w, word);
}

static void
offer(struct search *s, const char *word)
{
	if (strncmp(word, s->begun, strlen(s->begun)) == 0)
		add(s, word);
}

static void
offer_commands(struct search *s, const char *noun)
{
	size_t len = noun ? strlen(noun) : 0;

	for (size_t i = 0; i < cmd_count(); i++) {
		const struct cmd *cmd = cmd_at(i);
		size_t first = strcspn(cmd->name, " ");

		if (cmd->flags & CMD_HIDDEN ||
		    (cmd->flags & CMD_SHELL && !s->c->shell))
			continue;
		if (noun == NULL)
			offer(s, arena_strndup(s->arena, cmd->name, first));
		else if (first == len && cmd->name[len] == ' ' &&
		    memcmp(cmd->name, noun, len) == 0)
			offer(s, cmd->name + len + 1);
	}
}

static void
offer_options(struct search *s, const struct arg *args)
{
	for (; args != NULL && args->name != NULL; args++) {
		if (args->name[0] != '-' || position_has(&s->at, args) ||
		    (s->c->shell && args->flags & (ARG_RUN | ARG_STDIN)))
			continue;
		offer(s, args->name);
	}
}

static void
offer_choices(struct search *s, const char *const *choice)
{
	for (; choice != NULL && *choice != NULL; choice++)
		offer(s, *choice);
}

static void
offer_columns(struct search *s)
{
	const struct field *f = s->at.cmd ? s->at.cmd->columns : NULL;

	for (; f != NULL && f->name != NULL; f++)
		offer(s, f->name);
}

/* Completes the name after the last comma; those before it are kept. */
static void
offer_column_list(struct search *s)
{
	const char *comma = strrchr(s->begun, ',');

	if (comma != NULL) {
		s->front = arena_printf(s->arena, "%s%.*s", s->front,
		    (int)(comma + 1 - s->begun), s->begun);
		s->begun = comma + 1;
	}
	offer_columns(s);
}

/* --- names from the database ----------------------------------------- */

static struct words
names(struct search *s, enum names_kind kind, const char *domain,
    const char *begun)
{
	struct names_found found = { 0 };

	if (s->c->names != NULL)
		s->c->names(s->c->arg, s->arena, kind, domain, begun,
		    &found);
	s->found.more |= found.more;
	return found.names;
}

/* Offers addresses, or local parts of the default domain. */
static void
offer_names(struct search *s, enum names_kind kind)
{
	bool bare = kind != NAMES_DOMAIN && kind != NAMES_RELAY &&
	    s->c->domain != NULL &&
	    strchr(s->begun, '@') == NULL;
	struct words found = names(s, kind, bare ? s->c->domain : NULL,
	    s->begun);

	for (size_t i = 0; i < found.count; i++) {
		const char *name = found.word[i];
		size_t local = strcspn(name, "@");

		if (bare && local > 0)
			name = arena_strndup(s->arena, name, local);
		add(s, name);
	}
}

/* For a new name: the local part as typed, in each domain. */
static void
offer_new(struct search *s, bool catch_all)
{
	size_t local = strcspn(s->begun, "@");
	bool bare = s->begun[local] == '\0';
	struct words domains;

	if ((bare && local == 0) || (!bare && local == 0 && !catch_all))
		return;
	if (bare && s->c->domain != NULL) {
		add(s, s->begun);
		return;
	}
	domains = names(s, NAMES_DOMAIN, NULL,
	    bare ? "" : s->begun + local + 1);
	for (size_t i = 0; i < domains.count; i++)
		add(s, arena_printf(s->arena, "%.*s@%s", (int)local,
		    s->begun, domains.word[i]));
}

static void
offer_users(struct search *s, bool new)
{
	if (new)
		offer_new(s, false);
	else
		offer_names(s, NAMES_USER);
}

/* For a grant, also @DOMAIN after the @ is typed. */
static void
offer_addresses(struct search *s, bool send_as)
{
	struct words domains;

	offer_names(s, NAMES_USER);
	offer_names(s, NAMES_ALIAS);
	if (!send_as || s->begun[0] != '@')
		return;
	domains = names(s, NAMES_DOMAIN, NULL, s->begun + 1);
	for (size_t i = 0; i < domains.count; i++)
		add(s, arena_printf(s->arena, "@%s", domains.word[i]));
}

/* The domain is the word before it. */
static void
offer_selectors(struct search *s, const struct arg *arg)
{
	enum names_kind kind = arg->type->complete == COMPLETE_SELECTOR ?
	    NAMES_SELECTOR : NAMES_SELECTOR_USED;
	struct err ignored = { 0 };
	const char *domain;
	struct words found;

	if (arg->flags & ARG_NEW)
		return;
	if (s->at.last != NULL && domain_parse(s->arena, s->at.last, &domain,
	    &ignored)) {
		found = names(s, kind, domain, s->begun);
		for (size_t i = 0; i < found.count; i++)
			add(s, found.word[i]);
	}
	err_clear(&ignored);
}

/* The names that a pattern may match: those of the noun of the command. */
static void
offer_pattern(struct search *s)
{
	static const struct {
		const char *noun;
		enum names_kind kind;
	} nouns[] = {
		{ "domain ", NAMES_DOMAIN },
		{ "user ", NAMES_USER },
		{ "alias ", NAMES_ALIAS },
		{ "dkim ", NAMES_DOMAIN },
		{ "relay ", NAMES_RELAY },
		{ "recipient ", NAMES_RECIPIENT },
	};
	bool known = false;

	for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		size_t len = strlen(nouns[i].noun);

		if (strncmp(s->at.cmd->name, nouns[i].noun, len) != 0)
			continue;
		offer_names(s, nouns[i].kind);
		known = true;
	}
	if (!known) {
		offer_names(s, NAMES_USER);
		offer_names(s, NAMES_ALIAS);
	}
}

/* A topic is one word. */
static void
offer_topics(struct search *s)
{
	const struct words *topics = s->c->topics;

	for (size_t i = 0; topics != NULL && i < topics->count &&
	    s->at.last == NULL; i++)
		offer(s, topics->word[i]);
}

static void
offer_rules(struct search *s, enum complete_kind what)
{
	const struct rule *rules = what == COMPLETE_RULE ? check_rules :
	    what == COMPLETE_DNS_RULE ? dnscheck_rules : verify_rules;

	for (; rules->id != NULL; rules++)
		offer(s, rules->id);
}

static void
offer_settings(struct search *s)
{
	for (int i = 0; i < SHELL_SETTINGS; i++)
		offer(s, shell_settings[i].name);
}

static void
offer_setting_values(struct search *s)
{
	enum shell_setting setting = s->at.last == NULL ? SHELL_SETTINGS :
	    shell_setting_find(s->at.last);

	if (setting != SHELL_SETTINGS)
		offer_choices(s, shell_settings[setting].values);
}

static void
offer_of_shell(struct search *s, enum complete_kind what)
{
	if (what == COMPLETE_SETTING)
		offer_settings(s);
	else
		offer_setting_values(s);
}

/* Ways out, and the names of relay domains. */
static void
offer_ways(struct search *s, enum complete_kind what, bool new)
{
	if (what == COMPLETE_RELAY && !new)
		offer_names(s, NAMES_RELAY);
	else if (what == COMPLETE_RECIPIENT && new)
		offer_new(s, false);
	else if (what == COMPLETE_RECIPIENT)
		offer_names(s, NAMES_RECIPIENT);
}

/* --- the argument that is expected ----------------------------------- */

static void
offer_value(struct search *s, const struct arg *arg)
{
	bool new = arg->flags & ARG_NEW;

	offer_choices(s, arg->type->choices);
	switch (arg->type->complete) {
	case COMPLETE_NOTHING:
		break;
	case COMPLETE_FILE:
		s->found.files = true;
		break;
	case COMPLETE_DOMAIN:
		if (!new)
			offer_names(s, NAMES_DOMAIN);
		break;
	case COMPLETE_USER:
		offer_users(s, new);
		break;
	case COMPLETE_ALIAS:
		offer_names(s, NAMES_ALIAS);
		if (new)
			offer_new(s, true);
		break;
	case COMPLETE_ADDRESS:
	case COMPLETE_SEND_AS:
		offer_addresses(s, arg->type->complete == COMPLETE_SEND_AS);
		break;
	case COMPLETE_SELECTOR:
	case COMPLETE_SELECTOR_USED:
		offer_selectors(s, arg);
		break;
	case COMPLETE_RELAY:
	case COMPLETE_RECIPIENT:
		offer_ways(s, arg->type->complete, new);
		break;
	case COMPLETE_PATTERN:
		offer_pattern(s);
		break;
	case COMPLETE_COMMAND:
		offer_commands(s, s->at.last);
		offer_topics(s);
		break;
	case COMPLETE_COLUMN:
		offer_columns(s);
		break;
	case COMPLETE_COLUMNS:
		offer_column_list(s);
		break;
	case COMPLETE_RULE:
	case COMPLETE_VERIFY_RULE:
	case COMPLETE_DNS_RULE:
		offer_rules(s, arg->type->complete);
		break;
	case COMPLETE_SETTING:
	case COMPLETE_VALUE:
		offer_of_shell(s, arg->type->complete);
		break;
	}
}

/* "--domain=ex": completes the value. */
static void
offer_attached(struct search *s, const char *equals)
{
	const struct arg *arg = position_option(s->at.cmd, s->begun,
	    (size_t)(equals - s->begun));

	if (arg == NULL || arg->type == NULL)
		return;
	s->front = arena_strndup(s->arena, s->begun,
	    (size_t)(equals + 1 - s->begun));
	s->begun = equals + 1;
	offer_value(s, arg);
}

struct candidates
complete(const struct completion *c, struct arena *a,
    const struct words *before, const char *begun)
{
	struct search s = { .c = c, .arena = a, .begun = begun, .front = "",
	    .at = position_find(a, before, begun) };
	const struct arg *arg = position_expected(&s.at);
	const char *equals = strchr(begun, '=');

	if (s.at.valued == NULL && strncmp(begun, "--", 2) == 0 &&
	    equals != NULL) {
		offer_attached(&s, equals);
	} else if (s.at.valued == NULL && begun[0] == '-') {
		if (s.at.cmd != NULL)
			offer_options(&s, s.at.cmd->args);
		/*
		 * Only then, so that --q is --quota although --quiet exists.
		 */
		if (s.found.words.count == 0)
			offer_options(&s, run_args);
	} else if (arg != NULL && arg->type != NULL) {
		if (s.at.valued == NULL && s.at.positionals == 0)
			offer_commands(&s, s.at.cmd->name);
		offer_value(&s, arg);
	} else if (s.at.cmd == NULL && !s.at.lost) {
		offer_commands(&s, s.at.noun);
	} else if (s.at.cmd != NULL && *begun == '\0') {
		offer_options(&s, s.at.cmd->args);
	}
	return s.found;
}

void
complete_from(void *names, struct arena *a, enum names_kind kind,
    const char *domain, const char *begun, struct names_found *found)
{
	names_find(names, a, kind, domain, begun, found);
}

/* Options that do not parse yet are left out. */
void
complete_options(struct arena *a, const struct words *before,
    struct run_options *run)
{
	struct words words = *before;
	struct parsed parsed;
	struct err e = { 0 };

	parse_words(a, &words, run, PARSE_COMMAND_LINE, &parsed, &e);
	*run = parsed.options;
	err_clear(&e);
}

/* --- the shells' scripts --------------------------------------------- */

/*
 * Candidates are data: nothing in them may be expanded, as compgen -W would.
 * What is inserted is quoted, because a local part can have ` and $.
 */
static const char bash_script[] =
    "# bash completion for mailadm: the program itself says what may come.\n"
    "_mailadm()\n"
    "{\n"
    "	local line=${COMP_LINE:0:COMP_POINT} cur cut= c candidate\n"
    "	cur=${line##*[[:space:]]}\n"
    "	# bash begins a new word behind @ : and =, mailadm does not\n"
    "	for c in @ : =; do\n"
    "		[[ $COMP_WORDBREAKS == *$c* && $cur == *$c* ]] || continue\n"
    "		c=${cur%\"$c\"*}$c\n"
    "		(( ${#c} > ${#cut} )) && cut=$c\n"
    "	done\n"
    "	COMPREPLY=()\n"
    "	while IFS= read -r candidate; do\n"
    "		if [[ $candidate == //file ]]; then\n"
    "			mapfile -t COMPREPLY < <(compgen -f -- "
    "\"${cur#\"$cut\"}\")\n"
    "			compopt -o filenames 2>/dev/null\n"
    "			return\n"
    "		fi\n"
    "		printf -v candidate %q \"${candidate#\"$cut\"}\"\n"
    "		COMPREPLY+=(\"$candidate\")\n"
    "	done < <(mailadm complete --line \"$line\" 2>/dev/null)\n"
    "}\n"
    "complete -F _mailadm mailadm\n";

/* zsh passes whole words with their quotes, and quotes what it inserts. */
static const char zsh_script[] =
    "#compdef mailadm\n"
    "# zsh completion for mailadm: the program itself says what may come.\n"
    "_mailadm()\n"
    "{\n"
    "	local -a candidates\n"
    "	candidates=(\"${(@f)$(mailadm complete -- "
    "\"${(@Q)words[2,CURRENT-1]}\" \"${(Q)PREFIX}\" 2>/dev/null)}\")\n"
    "	if [[ $candidates[1] = //file ]]; then\n"
    "		compset -P '--*='\n"
    "		_files\n"
    "	elif [[ -n $candidates[1] ]]; then\n"
    "		compadd -a candidates\n"
    "	fi\n"
    "}\n"
    "# Found by compinit it is what completes; read by \"source\" it says so.\n"
    "if [[ $funcstack[1] = _mailadm ]]; then\n"
    "	_mailadm \"$@\"\n"
    "else\n"
    "	compdef _mailadm mailadm\n"
    "fi\n";

const char *
completion_script(const char *shell)
{
	return strcmp(shell, "zsh") == 0 ? zsh_script : bash_script;
}

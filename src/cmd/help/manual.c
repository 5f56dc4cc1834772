/* mailadm(8), rendered in man macros from the tables. */
#include "cmd/help/manual.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "cmd/help/version.h"
#include "cmd/language/options.h"
#include "cmd/language/usage.h"
#include "file/settings.h"
#include "model/check/check.h"
#include "model/dnscheck/dnscheck.h"
#include "model/verify/verify.h"

/* Lines of the roff source are broken after this column. */
#define LINE 70

/* --- roff ------------------------------------------------------------ */

static bool
at_line_start(const struct text *t)
{
	return t->len == 0 || t->buf[t->len - 1] == '\n';
}

static void
line_end(struct text *t)
{
	if (!at_line_start(t))
		text_add_char(t, '\n');
}

/* A heading begins a paragraph by itself. */
static void
add_paragraph(struct text *t)
{
	size_t line = t->len > 0 ? t->len - 1 : 0;

	while (line > 0 && t->buf[line - 1] != '\n')
		line--;
	if (strncmp(t->buf + line, ".S", 2) != 0)
		text_add(t, ".PP\n");
}

/* Adds a character, escaped if roff would take it for something else. */
static void
add_char(struct text *t, char c)
{
	static const struct { char c; const char *roff; } special[] = {
		{ '\\', "\\e" }, { '-', "\\-" }, { '"', "\\(dq" },
		{ '\'', "\\(aq" }, { '`', "\\(ga" }, { '^', "\\(ha" },
		{ '~', "\\(ti" },
	};

	if (c == '.' && at_line_start(t))
		text_add(t, "\\&");
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (special[i].c == c) {
			text_add(t, special[i].roff);
			return;
		}
	}
	text_add_char(t, c);
}

static void
add_literal(struct text *t, const char *s)
{
	for (; *s != '\0'; s++)
		add_char(t, *s);
}

static void
add_bytes(struct text *t, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		add_char(t, s[i]);
}

/* The length of an option that begins here, 0 where none does. */
static size_t
option_length(const char *s, char before)
{
	size_t n = 2;

	if (strncmp(s, "--", 2) != 0 || !isalpha((unsigned char)s[2]) ||
	    isalnum((unsigned char)before) || before == '-')
		return 0;
	while (isalpha((unsigned char)s[n]) ||
	    (s[n] == '-' && isalpha((unsigned char)s[n + 1])))
		n++;
	return n;
}

/* Stops roff from hyphenating a word that may be copied: an option, a path. */
static void
keep_whole(struct text *t, const char *word)
{
	size_t len = strcspn(word, " ");

	if (strcspn(word, "$/_@[]") < len ||
	    memmem(word, len, "--", 2) != NULL)
		text_add(t, "\\%");
}

static void
add_font(struct text *t, char font, const char *s, size_t len)
{
	text_addf(t, "\\f%c", font);
	add_bytes(t, s, len);
	text_add(t, "\\fR");
}

/* A space, or a line end if the source line is long: roff fills the page. */
static void
add_blank(struct text *t, size_t *begun, char before)
{
	if (t->len - *begun < LINE && before != '.' && before != ':') {
		text_add_char(t, ' ');
		return;
	}
	text_add_char(t, '\n');
	*begun = t->len;
}

/* Text with `bold` and --options, filled by roff. */
static void
add_prose(struct text *t, const char *s)
{
	size_t begun = t->len, n;
	bool bold = false;
	char before = ' ';

	for (; *s != '\0'; before = *s++) {
		if (before == ' ')
			keep_whole(t, s);
		if (*s == '`') {
			bold = !bold;
			text_add(t, bold ? "\\fB" : "\\fR");
		} else if (!bold && (n = option_length(s, before)) > 0) {
			add_font(t, 'B', s, n);
			s += n - 1;
		} else if (*s == ' ' && !bold) {
			add_blank(t, &begun, before);
		} else {
			add_char(t, *s);
		}
	}
	BUG_ON(bold);
	text_add_char(t, '\n');
}

static void
add_section(struct text *t, const char *title)
{
	text_addf(t, ".SH %s\n", title);
}

static void
add_item(struct text *t, const char *term, const char *prose)
{
	text_add(t, ".TP\n");
	add_prose(t, term);
	add_prose(t, prose);
}

/* Capital letter and full stop. */
static void
add_sentence(struct text *t, const char *s)
{
	size_t len = strlen(s);

	text_add_char(t, (char)toupper((unsigned char)s[0]));
	add_prose(t, s + 1);
	if (strchr(".:?!", s[len - 1]) != NULL)
		return;
	text_cut(t, t->len - 1);
	text_add(t, ".\n");
}

/* Adds lines unchanged, after `prompt` unless that is NULL. */
static void
add_code(struct text *t, const char *prompt, const char *lines)
{
	add_paragraph(t);
	text_add(t, ".RS 4\n.EX\n");
	if (prompt != NULL)
		add_literal(t, prompt);
	add_literal(t, lines);
	line_end(t);
	text_add(t, ".EE\n.RE\n");
}

/* --- usage, arguments ------------------------------------------------ */

/* A usage: command and options bold, metavars italic. */
static void
add_usage(struct text *t, const char *usage, size_t bold)
{
	char before = ' ';

	add_font(t, 'B', usage, bold);
	for (const char *s = usage + bold; *s != '\0'; before = *s++) {
		size_t n = option_length(s, before);

		if (before == ' ')
			keep_whole(t, s);
		if (n > 0) {
			add_font(t, 'B', s, n);
			s += n - 1;
		} else if (isupper((unsigned char)*s)) {
			n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
			add_font(t, 'I', s, n);
			s += n - 1;
		} else {
			add_char(t, *s);
		}
	}
	text_add_char(t, '\n');
}

/* "-o, --output FORMAT" or "EMAIL" */
static void
add_arg_term(struct text *t, const struct arg *arg)
{
	bool option = arg->name[0] == '-';
	const char *word;

	if (arg->letter != 0)
		text_addf(t, "\\fB\\-%c\\fR, ", arg->letter);
	if (option)
		add_font(t, 'B', arg->name, strlen(arg->name));
	if (arg->type != NULL) {
		if (option)
			text_add(t, arg->flags & ARG_MAY_LACK_VALUE ?
			    "[=" : " ");
		word = option ? arg->type->metavar : arg->name;
		add_font(t, 'I', word, strlen(word));
		if (arg->flags & ARG_MAY_LACK_VALUE)
			text_add_char(t, ']');
	}
	text_add_char(t, '\n');
}

static void
add_args(struct text *t, const struct arg *args)
{
	for (; args != NULL && args->name != NULL; args++) {
		text_add(t, ".TP\n");
		add_arg_term(t, args);
		add_prose(t, args->help);
	}
}

/* --- sections from tables -------------------------------------------- */

static void
add_synopsis(struct text *t)
{
	struct text line = TEXT_INIT;

	for (const char *s = manual_synopsis; *s != '\0'; s++) {
		size_t n = strcspn(s, "\n");

		text_cut(&line, 0);
		text_add_bytes(&line, s, n);
		text_add(t, s > manual_synopsis ? ".br\n" : "");
		add_usage(t, line.buf, strlen("mailadm"));
		s += n;
	}
	text_clear(&line);
}

static void
add_run_only(struct text *t)
{
	struct text names = TEXT_INIT;

	for (const struct arg *arg = run_args; arg->name != NULL; arg++) {
		if (arg->flags & ARG_RUN)
			text_addf(&names, "%s%s", names.len > 0 ? ", " : "",
			    arg->name);
	}
	add_paragraph(t);
	text_add(t, "These are for the command line only, not for lines of a "
	    "batch or of the shell:\n");
	add_prose(t, names.buf);
	text_clear(&names);
}

static void
add_run_options(struct text *t)
{
	add_args(t, run_args);
	add_run_only(t);
}

static void
add_columns(struct text *t, const struct field *columns)
{
	add_paragraph(t);
	text_add(t, "Columns: ");
	for (const struct field *f = columns; f->name != NULL; f++)
		text_addf(t, "%s\\%%\\fB%s\\fR", f > columns ? ", " : "",
		    f->name);
	text_add(t, ".\n");
}

static void
add_command(struct text *t, const struct cmd *cmd)
{
	struct text usage = TEXT_INIT;

	usage_add(&usage, cmd);
	text_add(t, ".TP\n");
	/* The program's name is the same in all of them. */
	add_usage(t, usage.buf + strlen("mailadm "), strlen(cmd->name));
	text_clear(&usage);
	add_sentence(t, cmd->brief);
	if (cmd->detail != NULL)
		add_prose(t, cmd->detail);
	text_add(t, ".RS\n");
	add_args(t, cmd->args);
	if (cmd->columns != NULL)
		add_columns(t, cmd->columns);
	add_code(t, "mailadm ", cmd->example);
	text_add(t, ".RE\n");
}

/* Groups of the same noun share a title; so do those of the shell. */
static void
add_group_title(struct text *t, const struct cmd *first,
    const struct cmd *before)
{
	size_t noun = strcspn(first->name, " ");

	if (before != NULL && (first->flags & before->flags & CMD_SHELL ||
	    (first->name[noun] != '\0' &&
	    strncmp(first->name, before->name, noun + 1) == 0)))
		return;
	if (first->name[noun] != '\0')
		text_addf(t, ".SS Commands of %.*s\n", (int)noun,
		    first->name);
	else if (first->flags & CMD_SHELL)
		text_add(t, ".SS Commands of the shell\n");
	else
		text_add(t, ".SS Other commands\n");
}

static void
add_commands(struct text *t)
{
	for (size_t g = 0; cmd_groups[g] != NULL; g++) {
		if (cmd_groups[g]->flags & CMD_HIDDEN)
			continue;
		add_group_title(t, cmd_groups[g],
		    g > 0 ? cmd_groups[g - 1] : NULL);
		for (const struct cmd *c = cmd_groups[g]; c->name; c++)
			add_command(t, c);
	}
}

static void
add_place(struct text *t, const struct place *p)
{
	const char *const cells[] = { p->setting, p->file, p->option,
	    p->order };

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		text_add(t, i > 0 ? ";" : "");
		add_literal(t, cells[i]);
	}
	text_add_char(t, '\n');
}

static void
add_places(struct text *t)
{
	add_paragraph(t);
	text_add(t, ".TS\ntab(;);\nlb lb lb lb\nl l l l.\n"
	    "Setting;File;Option;Precedence\n");
	for (const struct place *p = manual_places; p->setting; p++)
		add_place(t, p);
	for (const struct setting *s = settings_table; s->name; s++)
		add_place(t, &(struct place){ s->name, "mailadm.conf", "-",
		    "last file read" });
	text_add(t, ".TE\n");
}

static void
add_settings(struct text *t)
{
	for (const struct setting *s = settings_table; s->name; s++) {
		text_add(t, ".TP\n");
		add_font(t, 'B', s->name, strlen(s->name));
		if (s->kind == SETTING_NUMBER)
			text_addf(t, " = %s\n%" PRId64 " to %" PRId64
			    "%s%s: ", s->standard, s->min, s->max,
			    s->unit ? " " : "", s->unit ? s->unit : "");
		else if (s->unit == NULL || *s->standard != '\0')
			text_addf(t, " = %s\n", s->standard);
		else
			text_addf(t, " = \\fI%s\\fR\n", s->unit);
		add_prose(t, s->help);
	}
}

/* The problem, and what to do. */
static void
add_rule(struct text *t, const struct rule *r)
{
	text_add(t, ".TP\n");
	add_font(t, 'B', r->id, strlen(r->id));
	text_addf(t, " (%s)\n", severity_names[r->severity]);
	add_sentence(t, r->title);
	/* Advice is often a command: its first letter stays small. */
	text_add(t, "Advice: ");
	add_prose(t, r->advice);
}

static void
add_rules_of(struct text *t, const struct rule *rules)
{
	for (const struct rule *r = rules; r->id != NULL; r++)
		add_rule(t, r);
}

static void
add_rules(struct text *t)
{
	add_rules_of(t, check_rules);
}

/* With its page; see "config verify --explain". */
static void
add_verify_rules(struct text *t)
{
	const struct verify_page *p = verify_pages;

	for (const struct rule *r = verify_rules; r->id != NULL; r++, p++) {
		add_rule(t, r);
		if (p->elsewhere != NULL) {
			text_add(t, ".br\nElsewhere: ");
			add_prose(t, p->elsewhere);
		}
		text_add(t, ".br\n");
		add_prose(t, p->why);
		text_add(t, ".br\nBy hand: ");
		add_prose(t, p->hand);
	}
}

static void
add_dns_rules(struct text *t)
{
	add_rules_of(t, dnscheck_rules);
}

static void
add_statuses(struct text *t)
{
	for (int i = 0; i < ERR_CODES; i++) {
		const struct err_kind *kind = &err_kinds[i];

		text_addf(t, ".TP\n\\fB%d\\fR", kind->status);
		if (kind->name != NULL) {
			text_add(t, " (");
			add_literal(t, kind->name);
			text_add_char(t, ')');
		}
		text_add_char(t, '\n');
		add_prose(t, kind->meaning);
	}
}

/* --- the page -------------------------------------------------------- */

static void
add_block(struct text *t, const struct block *b)
{
	static void (*const generated[])(struct text *) = {
		[BLOCK_SYNOPSIS] = add_synopsis,
		[BLOCK_RUN_OPTIONS] = add_run_options,
		[BLOCK_COMMANDS] = add_commands,
		[BLOCK_PLACES] = add_places,
		[BLOCK_SETTINGS] = add_settings,
		[BLOCK_RULES] = add_rules,
		[BLOCK_VERIFY_RULES] = add_verify_rules,
		[BLOCK_DNS_RULES] = add_dns_rules,
		[BLOCK_STATUSES] = add_statuses,
	};

	switch (b->kind) {
	case BLOCK_SECTION:
		add_section(t, b->term);
		break;
	case BLOCK_TEXT:
		add_paragraph(t);
		add_prose(t, b->text);
		break;
	case BLOCK_ITEM:
		add_item(t, b->term, b->text);
		break;
	case BLOCK_CODE:
		add_code(t, NULL, b->text);
		break;
	default:
		generated[b->kind](t);
	}
}

/* The first line makes man(1) call tbl(1). */
void
manual_add(struct text *t)
{
	text_add(t, "'\\\" t\n.TH MAILADM 8 " MANUAL_DATE " \"mailadm "
	    MAILADM_VERSION "\" \"System Administration\"\n.ad l\n"
	    ".SH NAME\nmailadm \\- mail domains, users and aliases in "
	    "MariaDB, for Postfix and Dovecot\n");
	for (const struct block *b = manual_blocks; b->kind != BLOCK_END; b++)
		add_block(t, b);
}

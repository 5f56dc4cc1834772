/* The pages of the manual, rendered in man macros from the tables. */
#include "cmd/help/manual.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "cmd/help/roff.h"
#include "cmd/help/version.h"
#include "cmd/language/options.h"
#include "cmd/language/usage.h"
#include "file/settings.h"
#include "model/check/check.h"
#include "model/dnscheck/dnscheck.h"
#include "model/verify/verify.h"

/* --- usage, arguments ------------------------------------------------ */

/* A usage: command and options bold, metavars italic. */
static void
add_usage(struct text *t, const char *usage, size_t bold)
{
	char before = ' ';

	roff_font(t, 'B', usage, bold);
	for (const char *s = usage + bold; *s != '\0'; before = *s++) {
		size_t n = roff_option_length(s, before);

		if (before == ' ')
			roff_keep_whole(t, s);
		if (n > 0) {
			roff_font(t, 'B', s, n);
			s += n - 1;
		} else if (isupper((unsigned char)*s)) {
			n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
			roff_font(t, 'I', s, n);
			s += n - 1;
		} else {
			roff_char(t, *s);
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
		roff_font(t, 'B', arg->name, strlen(arg->name));
	if (arg->type != NULL) {
		if (option)
			text_add(t, arg->flags & ARG_MAY_LACK_VALUE ?
			    "[=" : " ");
		word = option ? arg->type->metavar : arg->name;
		roff_font(t, 'I', word, strlen(word));
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
		roff_prose(t, args->help);
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
	roff_paragraph(t);
	text_add(t, "These are for the command line only, not for lines of a "
	    "batch or of the shell:\n");
	roff_prose(t, names.buf);
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
	roff_paragraph(t);
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
	roff_sentence(t, cmd->brief);
	if (cmd->detail != NULL)
		roff_prose(t, cmd->detail);
	text_add(t, ".RS\n");
	add_args(t, cmd->args);
	if (cmd->columns != NULL)
		add_columns(t, cmd->columns);
	roff_code(t, "mailadm ", cmd->example);
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
		roff_literal(t, cells[i]);
	}
	text_add_char(t, '\n');
}

static void
add_places(struct text *t)
{
	roff_paragraph(t);
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
		roff_font(t, 'B', s->name, strlen(s->name));
		if (s->kind == SETTING_NUMBER)
			text_addf(t, " = %s\n%" PRId64 " to %" PRId64
			    "%s%s: ", s->standard, s->min, s->max,
			    s->unit ? " " : "", s->unit ? s->unit : "");
		else if (s->unit == NULL || *s->standard != '\0')
			text_addf(t, " = %s\n", s->standard);
		else
			text_addf(t, " = \\fI%s\\fR\n", s->unit);
		roff_prose(t, s->help);
	}
}

/* The problem, and what to do. */
static void
add_rule(struct text *t, const struct rule *r)
{
	text_add(t, ".TP\n");
	roff_font(t, 'B', r->id, strlen(r->id));
	text_addf(t, " (%s)\n", severity_names[r->severity]);
	roff_sentence(t, r->title);
	/* Advice is often a command: its first letter stays small. */
	text_add(t, "Advice: ");
	roff_prose(t, r->advice);
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
			roff_prose(t, p->elsewhere);
		}
		text_add(t, ".br\n");
		roff_prose(t, p->why);
		text_add(t, ".br\nBy hand: ");
		roff_prose(t, p->hand);
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
			roff_literal(t, kind->name);
			text_add_char(t, ')');
		}
		text_add_char(t, '\n');
		roff_prose(t, kind->meaning);
	}
}

/* --- pages ----------------------------------------------------------- */

bool
block_ends_section(const struct block *b)
{
	return b->kind <= BLOCK_SECTION;
}

const struct block *
manual_page(const char *name)
{
	for (const struct block *b = manual_blocks; b->kind != BLOCK_END;
	    b++) {
		if (b->kind == BLOCK_PAGE && strcmp(b->term, name) == 0)
			return b;
	}
	return NULL;
}

/* Their titles are the index of a page; its blocks begin before `b`. */
static void
add_entries(struct text *t, const struct block *b)
{
	for (b++; b->kind != BLOCK_PAGE && b->kind != BLOCK_END; b++) {
		if (b->kind != BLOCK_SECTION)
			continue;
		text_add(t, ".TP\n");
		roff_font(t, 'B', b->text, strcspn(b->text, " "));
		text_add_char(t, '\n');
		roff_prose(t, b->term);
	}
}

/* Prose, and what the tables of the program hold. */
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
		roff_section(t, b->term);
		break;
	case BLOCK_TEXT:
		roff_paragraph(t);
		roff_prose(t, b->text);
		break;
	case BLOCK_ITEM:
		roff_item(t, b->term, b->text);
		break;
	case BLOCK_CODE:
		roff_code(t, NULL, b->text);
		break;
	case BLOCK_ENTRIES:
		add_entries(t, b);
		break;
	default:
		generated[b->kind](t);
	}
}

/* "mailadm-howto.7" */
static void
add_page_name(struct text *t, const struct block *page)
{
	size_t len = strlen(page->term) - 2;

	roff_keep_whole(t, "/");
	roff_font(t, 'B', page->term, len);
	text_addf(t, "(%s)", page->term + len + 1);
}

/* The other pages, and those of others. */
static void
add_see_also(struct text *t, const struct block *page)
{
	roff_section(t, "SEE ALSO");
	for (const struct block *b = manual_blocks; b->kind != BLOCK_END;
	    b++) {
		if (b->kind != BLOCK_PAGE || b == page)
			continue;
		add_page_name(t, b);
		text_add(t, ",\n");
	}
	roff_prose(t, manual_see_also);
}

/* The first line makes man(1) call tbl(1). */
static void
add_head(struct text *t, const struct block *page)
{
	static const char *const volumes[] = {
		['5'] = "File Formats", ['7'] = "Miscellaneous",
		['8'] = "System Administration"
	};
	size_t len = strlen(page->term) - 2;
	char section = page->term[len + 1];

	text_add(t, "'\\\" t\n.TH ");
	for (size_t i = 0; i < len; i++)
		roff_char(t, (char)toupper((unsigned char)page->term[i]));
	text_addf(t, " %c " MANUAL_DATE " \"mailadm " MAILADM_VERSION "\" "
	    "\"%s\"\n.ad l\n.SH NAME\n", section,
	    volumes[(unsigned char)section]);
	for (size_t i = 0; i < len; i++)
		roff_char(t, page->term[i]);
	text_addf(t, " \\- %s\n", page->text);
}

void
manual_add(struct text *t, const struct block *page)
{
	const struct block *b = page + 1;

	add_head(t, page);
	for (; b->kind != BLOCK_PAGE && b->kind != BLOCK_END; b++)
		add_block(t, b);
	add_see_also(t, page);
}

/* A line from a person: readline with completion, "?" and hints. */
#include "shell_line.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "base/shown.h"
#include "base/utf8.h"
#include "cmd/help/next.h"
#include "cmd/help/topic.h"
#include "cmd/language/complete.h"
#include "print/terminal.h"
#include "shell_history.h"
#include "shell_keys.h"
#include "shell_wipe.h"

/* readline's callbacks get no argument. */
static struct {
	struct session *session;
	struct names *names;
	struct arena arena;		/* of a callback */
	struct candidates candidates;
	size_t next;
	const char *prompt;
	const char *hint_style;		/* escape sequence; NULL: no hints */
	bool hint_shown;
	jmp_buf at_prompt;
	bool secret;			/* at any time while it was typed */
	size_t longest;
	char echo[BUFSIZ];		/* on its way to the screen */
} line;

/* The words before the cursor, and the one under it. */
struct typed {
	struct words before;
	const char *begun;
	size_t start;
};

static struct typed
typed_in(const char *text, size_t len)
{
	struct typed t;

	arena_clear(&line.arena);
	words_split_open(&line.arena, text, len, &t.before, &t.begun,
	    &t.start);
	return t;
}

static struct typed
typed_until(int end)
{
	return typed_in(rl_line_buffer, (size_t)end);
}

/* More has been typed or pasted already. */
static bool
is_input_waiting(void)
{
	struct pollfd p = { .fd = fileno(rl_instream), .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* Past readline's own buffer, which is emptied first. */
static void
terminal_write(const char *bytes)
{
	size_t len = strlen(bytes);

	fflush(rl_outstream);
	while (len > 0) {
		ssize_t n = write(fileno(rl_outstream), bytes, len);

		if (n <= 0)
			return;		/* reading reports the error */
		bytes += n;
		len -= (size_t)n;
	}
}

static void
line_break(void)
{
	terminal_write("\n");
}

/* --- secrets ---------------------------------------------------------- */

/* Pasted text may hold several lines. */
static bool
is_typed_secret(void)
{
	const char *from = rl_line_buffer, *end = from + rl_end;
	bool secret = false;

	while (!secret && from < end) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));
		size_t len = (size_t)((newline ? newline : end) - from);
		struct typed t = typed_in(from, len);

		words_add(&line.arena, &t.before, t.begun);
		secret = history_is_secret(line.session, &t.before);
		from += len + 1;
	}
	return secret;
}

/* What is killed before the end of the line counts, too. */
static void
secret_note(void)
{
	if (line.longest < (size_t)rl_end)
		line.longest = (size_t)rl_end;
	line.secret = line.secret || is_typed_secret();
}

/* Once the line is over, whatever is left of it. */
static void
line_forget(void)
{
	arena_clear(&line.arena);
	if (line.secret) {
		names_close(line.names);
		readline_wipe(line.longest + strlen(line.prompt));
		fflush(rl_outstream);
		explicit_bzero(line.echo, sizeof(line.echo));
	}
	line.secret = false;
	line.longest = 0;
}

/* --- hints ----------------------------------------------------------- */

/* Dimmed, or underlined where no colour is wanted; NULL: neither. */
static const char *
hint_style(const struct session *s)
{
	if (terminal_is_plain(STDOUT_FILENO))
		return NULL;
	return terminal_wants_color(s->out.color, STDOUT_FILENO) ?
	    "\033[2m" : "\033[4m";
}

/* The cursor stands where the hint begins. */
static void
hint_erase(void)
{
	if (line.hint_shown)
		terminal_write("\033[K");
	line.hint_shown = false;
}

/* Only behind a whole line that has room for it on its one row. */
static bool
hint_fits(const char *hint)
{
	int rows, columns;

	rl_get_screen_size(&rows, &columns);
	return !shown_has_control(rl_line_buffer, (size_t)rl_end) &&
	    utf8_width(line.prompt) + utf8_width(rl_line_buffer) +
	    utf8_width(hint) < columns;
}

static void
hint_show(void)
{
	struct typed t = typed_until(rl_end);
	const char *hint = next_hint(&line.arena, &t.before, t.begun);

	if (*hint == '\0' || !hint_fits(hint))
		return;
	terminal_write(arena_printf(&line.arena, "\0337%s%s\033[0m\0338",
	    line.hint_style, hint));
	line.hint_shown = true;
}

static void
redisplay(void)
{
	secret_note();
	hint_erase();
	rl_redisplay();
	if (line.hint_style != NULL && line.session->hints &&
	    rl_end > 0 && rl_point == rl_end &&
	    !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH |
		RL_STATE_NUMERICARG | RL_STATE_INPUTPENDING |
		RL_STATE_MACROINPUT) && !is_input_waiting())
		hint_show();
}

/* Whatever the key does next, it finds the line without the hint. */
static int
read_key(FILE *from)
{
	int key = keys_read(from);

	if (key == KEY_INTERRUPTED) {
		rl_echo_signal_char(SIGINT);
		longjmp(line.at_prompt, 1);
	}
	hint_erase();
	return key;
}

/* Removes the hint before anything else writes there. */
static void
terminal_leave(void)
{
	hint_erase();
	keys_close();
}

/* --- completion ------------------------------------------------------ */

/* The name as it must be typed: with a backslash before special characters. */
static char *
quoted(const char *word)
{
	struct text t = TEXT_INIT;

	for (const char *c = word; *c != '\0'; c++) {
		if (strchr(" \t'\"\\", *c) != NULL ||
		    (*c == '#' && c == word))
			text_add_char(&t, '\\');
		text_add_char(&t, *c);
	}
	return text_steal(&t);
}

static char *
candidate_next(const char *text, int state)
{
	const struct words *words = &line.candidates.words;

	(void)text;
	if (state == 0)
		line.next = 0;
	return line.next < words->count ? quoted(words->word[line.next++]) :
	    NULL;
}

static char **
complete_line(const char *text, int start, int end)
{
	struct typed t = typed_until(end);
	const struct words topics = topic_names(&line.arena, NULL);
	const struct completion c = { .shell = true,
	    .domain = line.session->run.domain, .names = complete_from,
	    .arg = line.names, .topics = &topics };

	/* A blank inside quotes begins a word for readline alone. */
	rl_attempted_completion_over = 1;
	if (t.start != (size_t)start)
		return NULL;
	line.candidates = complete(&c, &line.arena, &t.before, t.begun);
	if (line.candidates.files && line.candidates.words.count == 0)
		rl_attempted_completion_over = 0;
	return rl_completion_matches(text, candidate_next);
}

/* Shows at most a screenful of candidates. */
static int
matches_on_screen(int count, int longest)
{
	int rows, columns, fit;

	rl_get_screen_size(&rows, &columns);
	fit = (rows > 4 ? rows - 4 : 1) * ((columns - 1) / (longest + 2));
	return fit > 0 && fit < count ? fit : count;
}

static void
show_matches(char **matches, int count, int longest)
{
	if (line.candidates.more)
		count = matches_on_screen(count, longest);
	rl_display_match_list(matches, count, longest);
	if (line.candidates.more)
		terminal_write("... and more: type on\n");
	rl_forced_update_display();
}

/* --- help in place --------------------------------------------------- */

/* Inside a word, and in pasted text, it is a character like others. */
static int
help_key(int count, int key)
{
	struct typed t = typed_until(rl_point);
	struct text help = TEXT_INIT;
	struct err e = { 0 };
	int point = rl_point;
	bool page = line.session->out.page;

	if (t.start != (size_t)rl_point || is_input_waiting())
		return rl_insert(count, key);
	next_help(&help, &line.arena, &t.before);
	/* Below the last row of the line, wherever the cursor is. */
	rl_point = rl_end;
	rl_redisplay();
	line_break();
	line.session->out.page = false;
	out_text(&line.session->out, help.buf, &e);
	line.session->out.page = page;
	err_clear(&e);
	text_clear(&help);
	rl_point = point;
	rl_on_new_line();
	return 0;
}

/* --- reading --------------------------------------------------------- */

/* A stream of our own, whose buffer can be wiped. */
static void
screen_open(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	FILE *screen = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (screen == NULL)
		return;
	setvbuf(screen, line.echo, _IOFBF, sizeof(line.echo));
	rl_outstream = screen;
}

void
line_begin(struct session *s, struct names *names)
{
	line.session = s;
	line.names = names;
	line.hint_style = hint_style(s);
	screen_open();
	rl_readline_name = "mailadm";
	rl_attempted_completion_function = complete_line;
	rl_completion_display_matches_hook = show_matches;
	/* Addresses are one word. */
	rl_completer_word_break_characters = " \t";
	rl_getc_function = read_key;
	rl_prep_term_function = keys_open;
	rl_deprep_term_function = terminal_leave;
	keys_begin();
	/* The inputrc of the user is read later and wins. */
	rl_variable_bind("show-all-if-ambiguous", "on");
	if (line.hint_style != NULL)
		rl_variable_bind("enable-bracketed-paste", "on");
	rl_bind_key_in_map('?', help_key, emacs_standard_keymap);
	rl_bind_key_in_map('?', help_key, vi_insertion_keymap);
	rl_initialize();
	/* Only now: with another one it switches bracketed paste off. */
	rl_redisplay_function = redisplay;
}

/* Ctrl-C left readline by a jump: its state is reset for the next line. */
static void
line_give_up(void)
{
	secret_note();
	hint_erase();
	rl_clear_message();
	rl_readline_state &= RL_STATE_INITIALIZED;
	rl_free_line_state();
	rl_cleanup_after_signal();
}

/* False when Ctrl-C gave up the line. */
static bool
line_try(char **text)
{
	if (setjmp(line.at_prompt) != 0) {
		line_give_up();
		return false;
	}
	/* The window may have changed while a command ran. */
	rl_reset_screen_size();
	keys_expect();
	/* From now on Ctrl-C is about this line. */
	db_interrupt_forget(line.session->db);
	*text = readline(line.prompt);
	if (*text != NULL)
		secret_note();
	if (keys_done())
		return true;
	free(*text);
	return false;
}

char *
line_read(const char *prompt)
{
	char *text;

	line.prompt = prompt;
	while (!line_try(&text)) {
		line_break();
		line_forget();
	}
	line_forget();
	/* With bracketed paste readline has ended the row itself. */
	if (text == NULL && strcmp(rl_variable_value(
	    "enable-bracketed-paste"), "on") != 0)
		line_break();
	return text;
}

void
line_end(void)
{
	arena_clear(&line.arena);
}

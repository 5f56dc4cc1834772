/*
 * Wiping what readline keeps of a line that held a secret.
 *
 * readline has no function that empties its buffers or its kill ring.  But
 * each is written again by the next line: so a line is read that nobody sees
 * and that no person types.  It is as long as the longest, is shown twice
 * (there are two buffers of the screen), and is killed as often as the ring
 * has places.  Two kills in a row would share one place: a key that does
 * nothing stands between them.  At its end lines of the history that were
 * changed on the way get their own text again.  That is done in the buffer of
 * the line: so all this happens twice.
 */
#include "shell_wipe.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/arena.h"

#define KILLS 16		/* readline's ring has ten places */

/* readline's callbacks get no argument. */
static struct {
	char *blanks;
	Keymap keys;
	int kills;
	bool between;
} blank;

static int
key_kill(int count, int key)
{
	(void)count;
	(void)key;
	rl_kill_text(0, rl_end);
	rl_insert_text("  ");
	return 0;
}

static int
key_nothing(int count, int key)
{
	(void)count;
	(void)key;
	return 0;
}

/* The keys of the line: kill, nothing, kill, ..., Return. */
static int
key_next(FILE *from)
{
	(void)from;
	blank.between = !blank.between;
	if (blank.between)
		return 'n';
	return blank.kills-- > 0 ? 'k' : '\r';
}

static int
line_write(void)
{
	rl_set_keymap(blank.keys);
	rl_insert_text(blank.blanks);
	for (int i = 0; i < 2; i++) {
		rl_forced_update_display();
		rl_redisplay();
	}
	return 0;
}

static void
show_nothing(void)
{
}

static void
line_read_blank(FILE *nowhere)
{
	rl_getc_func_t *getc = rl_getc_function;
	rl_voidfunc_t *show = rl_redisplay_function;
	rl_vintfunc_t *prepare = rl_prep_term_function;
	rl_voidfunc_t *leave = rl_deprep_term_function;
	rl_hook_func_t *begin = rl_startup_hook;
	FILE *screen = rl_outstream;
	Keymap keys = rl_get_keymap();

	blank.kills = KILLS;
	blank.between = false;
	rl_getc_function = key_next;
	rl_redisplay_function = show_nothing;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_startup_hook = line_write;
	rl_outstream = nowhere;
	free(readline(""));
	rl_getc_function = getc;
	rl_redisplay_function = show;
	rl_prep_term_function = prepare;
	rl_deprep_term_function = leave;
	rl_startup_hook = begin;
	rl_outstream = screen;
	rl_set_keymap(keys);
}

/* Deeper in the stack than anything that the line has passed through. */
static void
stack_wipe(void)
{
	char bytes[64 * 1024];

	explicit_bzero(bytes, sizeof(bytes));
}

static const char revert[] = "revert-all-at-newline";

static void
keys_make(void)
{
	blank.keys = rl_make_bare_keymap();
	rl_bind_key_in_map('k', key_kill, blank.keys);
	rl_bind_key_in_map('n', key_nothing, blank.keys);
	rl_bind_key_in_map('\r', rl_newline, blank.keys);
}

void
readline_wipe(size_t longest)
{
	FILE *nowhere = fopen("/dev/null", "we");
	struct arena a = { 0 };
	const char *reverts = rl_variable_value(revert);

	if (nowhere == NULL)
		return;
	if (blank.keys == NULL)
		keys_make();
	blank.blanks = arena_alloc(&a, longest + 1);
	memset(blank.blanks, ' ', longest);
	blank.blanks[longest] = '\0';
	rl_variable_bind(revert, "on");
	line_read_blank(nowhere);
	line_read_blank(nowhere);
	rl_variable_bind(revert, reverts);
	arena_clear(&a);
	fclose(nowhere);
	stack_wipe();
}

/*
 * The keys of a line that is being typed, and the signals that come
 * meanwhile.
 *
 * No signal and no key is lost, however late it comes: Ctrl-Z stops the
 * program with the terminal as it was and shows the line again afterwards;
 * what ends the program leaves the terminal as it was, too.
 */
#ifndef SHELL_KEYS_H
#define SHELL_KEYS_H

#include <stdbool.h>
#include <stdio.h>

/* From keys_read(), beside a byte and EOF: Ctrl-C has given up the line. */
enum { KEY_INTERRUPTED = -2 };

/* Before readline's first line: these functions are called by readline. */
void keys_begin(void);

/* For rl_prep_term_function and rl_deprep_term_function. */
void keys_open(int meta);
void keys_close(void);

/* For rl_getc_function. */
int keys_read(FILE *from);

/*
 * From keys_expect() on Ctrl-C is about the line.  keys_done() ends that;
 * it is false when there was one that keys_read() has not returned.
 */
void keys_expect(void);
bool keys_done(void);

/* In a signal handler: true when a line is being typed, and is given up. */
bool keys_interrupt(void);

#endif

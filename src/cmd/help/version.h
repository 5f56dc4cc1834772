/* The version of mailadm, in one place. */
#ifndef CMD_HELP_VERSION_H
#define CMD_HELP_VERSION_H

#define MAILADM_VERSION "0.1.0"

#endif

/*
 * What a foreign database's rows must be to become rows of ours.
 *
 * The addresses are those that address.h accepts, and a hash is one that
 * password.h would store: adoption opens no door that the commands close.
 */
#ifndef CMD_ADOPT_H
#define CMD_ADOPT_H

#include "db/schema/schema.h"

extern const struct schema_rules adopt_rules;

#endif

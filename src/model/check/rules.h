/* The rules of the checker by name: the indices of check_rules[]. */
#ifndef MODEL_CHECK_RULES_H
#define MODEL_CHECK_RULES_H

enum rule_id {
#define RULE(name, ...) name,
#include "model/check/rules.def"
	RULES
};

#endif

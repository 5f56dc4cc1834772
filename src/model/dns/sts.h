/*
 * MTA-STS: the record that announces a policy, and the policy; RFC 8461.
 */
#ifndef MODEL_DNS_STS_H
#define MODEL_DNS_STS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/words.h"

/* Behind "v=". */
#define STS_VERSION "STSv1"

/* A policy has at most so many bytes, and lives so many seconds: 3.2, 3.3. */
#define STS_SIZE_MAX 65536
#define STS_AGE_MAX 31557600

/* NULL, or why the text is no such record; *id is what it announces. */
const char *sts_record_parse(struct arena *a, const char *text,
    const char **id);

enum sts_mode {
	STS_NONE,
	STS_TESTING,
	STS_ENFORCE
};

struct sts_policy {
	enum sts_mode mode;
	unsigned long max_age;	/* seconds */
	struct words hosts;	/* the patterns of mx: */
};

/* NULL, or why the bytes are no policy. */
const char *sts_policy_parse(struct arena *a, const char *bytes, size_t len,
    struct sts_policy *policy);

/* True where a pattern is the host, or "*." and what is behind its dot. */
bool sts_policy_has(const struct sts_policy *policy, const char *host);

#endif

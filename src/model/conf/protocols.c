/* Which versions of TLS a list of Postfix leaves. */
#include <string.h>
#include <strings.h>

#include "model/conf/conf.h"

static const char *const versions[] = {
	"SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"
};

#define VERSIONS (sizeof(versions) / sizeof(versions[0]))
#define OLD 0x0f		/* SSLv2 to TLSv1.1 */
#define NEW 0x30

/* The bit of a version; 0: there is none of that name. */
static unsigned
bit_of(const char *name)
{
	if (strcasecmp(name, "TLSv1.0") == 0)
		name = "TLSv1";
	for (size_t i = 0; i < VERSIONS; i++) {
		if (strcasecmp(versions[i], name) == 0)
			return 1U << i;
	}
	return 0;
}

/* With a name that has no "!" in front, only such names count. */
enum conf_tls
conf_tls(const struct words *protocols)
{
	unsigned all = OLD | NEW, only = 0, left;

	for (size_t i = 0; i < protocols->count; i++) {
		const char *word = protocols->word[i];
		bool least = strncmp(word, ">=", 2) == 0;
		bool most = strncmp(word, "<=", 2) == 0;
		unsigned bit = bit_of(word + (least || most ? 2 :
		    *word == '!'));

		if (bit == 0 && !least && !most)
			return CONF_TLS_REFUSED;
		if (least)
			all &= ~(bit - 1);
		else if (most && bit != 0)
			all &= bit | (bit - 1);
		else if (*word == '!')
			all &= ~bit;
		else
			only |= bit;
	}
	left = only != 0 ? all & only : all;
	if ((left & NEW) == 0)
		return CONF_TLS_NONE;
	return left & OLD ? CONF_TLS_OLD : CONF_TLS_STRONG;
}

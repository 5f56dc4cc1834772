/* What smtpd asks: words that it does not know, and tables that permit. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/conf/conf.h"

/* Those that want something behind them come first. */
static const char *const with_argument[] = {
	"check_ccert_access", "check_client_access", "check_client_a_access",
	"check_client_mx_access", "check_client_ns_access",
	"check_etrn_access", "check_helo_access", "check_helo_a_access",
	"check_helo_mx_access", "check_helo_ns_access",
	"check_policy_service", "check_recipient_access",
	"check_recipient_a_access", "check_recipient_mx_access",
	"check_recipient_ns_access", "check_reverse_client_hostname_access",
	"check_reverse_client_hostname_a_access",
	"check_reverse_client_hostname_mx_access",
	"check_reverse_client_hostname_ns_access", "check_sasl_access",
	"check_sender_access", "check_sender_a_access",
	"check_sender_mx_access", "check_sender_ns_access",
	"permit_dnswl_client", "permit_rhswl_client", "reject_rbl_client",
	"reject_rhsbl_client", "reject_rhsbl_helo",
	"reject_rhsbl_recipient", "reject_rhsbl_reverse_client",
	"reject_rhsbl_sender", "warn_if_reject", NULL
};

static const char *const alone[] = {
	"check_relay_domains", "defer_if_permit", "defer_if_reject",
	"defer_unauth_destination", "permit_auth_destination",
	"permit_inet_interfaces", "permit_mx_backup", "permit_mynetworks",
	"permit_naked_ip_address", "permit_sasl_authenticated",
	"permit_tls_all_clientcerts", "permit_tls_clientcerts",
	"reject_authenticated_sender_login_mismatch",
	"reject_invalid_helo_hostname", "reject_invalid_hostname",
	"reject_known_sender_login_mismatch",
	"reject_multi_recipient_bounce", "reject_non_fqdn_helo_hostname",
	"reject_non_fqdn_hostname", "reject_non_fqdn_recipient",
	"reject_non_fqdn_sender", "reject_plaintext_session",
	"reject_sender_login_mismatch", "reject_unauth_destination",
	"reject_unauth_pipelining",
	"reject_unauthenticated_sender_login_mismatch",
	"reject_unknown_address", "reject_unknown_client",
	"reject_unknown_client_hostname",
	"reject_unknown_forward_client_hostname",
	"reject_unknown_helo_hostname", "reject_unknown_hostname",
	"reject_unknown_recipient_domain",
	"reject_unknown_reverse_client_hostname",
	"reject_unknown_sender_domain", "reject_unlisted_recipient",
	"reject_unlisted_sender", "reject_unverified_recipient",
	"reject_unverified_sender", "reject_maps_rbl", NULL
};

/* Names of maps, texts of answers and domains look otherwise. */
static bool
looks_like_one(const char *word)
{
	return strpbrk(word, ":/.{ ") == NULL &&
	    (strncasecmp(word, "reject_", 7) == 0 ||
	    strncasecmp(word, "permit_", 7) == 0 ||
	    strncasecmp(word, "check_", 6) == 0 ||
	    strncasecmp(word, "defer_", 6) == 0);
}

const char *
conf_restriction_wrong(struct arena *a, const struct words *list,
    const struct words *classes)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *word = list->word[i];
		bool last = i + 1 == list->count;

		if (word_is_one_of(word, with_argument)) {
			if (last || (strcasecmp(word, "warn_if_reject") != 0 &&
			    looks_like_one(list->word[i + 1])))
				return arena_printf(a, "%s has nothing behind "
				    "it", word);
		} else if (looks_like_one(word) &&
		    !word_is_one_of(word, alone) &&
		    !words_have(classes, word)) {
			return arena_printf(a, "it knows no %s", word);
		}
	}
	return NULL;
}

/* --- tables of access(5) ------------------------------------------------ */

#define LINE_ENDS "\n"	/* and the end of the text */

/* Behind "KEY " or "/PATTERN/i "; "" where nothing stands there. */
static const char *
action_of(const char *line, bool patterns)
{
	size_t len = strcspn(line, " \t\n");

	if (patterns && strchr(LINE_ENDS, *line) == NULL &&
	    !isalnum((unsigned char)*line)) {
		len = 1;
		while (strchr(LINE_ENDS, line[len]) == NULL &&
		    line[len] != *line)
			len += line[len] == '\\' && strchr(LINE_ENDS,
			    line[len + 1]) == NULL ? 2 : 1;
		len += strcspn(line + len, " \t\n");
	}
	return line + len + strspn(line + len, " \t");
}

static bool
is_permission(const char *action)
{
	size_t len = strcspn(action, " \t\r\n");
	size_t digits = strspn(action, "0123456789");

	/* A code with words behind it refuses; a number alone is OK. */
	return (len == 2 && strncasecmp(action, "OK", 2) == 0) ||
	    strncasecmp(action, "permit", 6) == 0 || (digits > 0 &&
	    strchr(LINE_ENDS, action[digits + strspn(action + digits,
	    " \t\r")]) != NULL);
}

bool
conf_access_permits(const char *text, bool patterns)
{
	bool permits = false;

	while (*text != '\0' && !permits) {
		size_t len = strcspn(text, "\n");

		permits = *text != '#' && is_permission(action_of(text,
		    patterns));
		text += len + (text[len] == '\n');
	}
	return permits;
}

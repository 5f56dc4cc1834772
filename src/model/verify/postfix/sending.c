/*
 * Verifying that Postfix asks mailadm what users may send, and that the service
 * which answers can run.
 */
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/verify/private.h"

#define SERVICE "mailadm-policy"
#define OPTION_FILE "--defaults-file="

/* Does the list ask the service, or does a class that it names? */
static bool
asks(const struct verifying *v, const struct postfix_service *s,
    const char *list)
{
	struct words words = postfix_list(v->arena, postfix_value(&v->postfix,
	    s, list));

	for (size_t i = 0; i + 1 < words.count; i++) {
		if (strcmp(words.word[i], "check_policy_service") == 0 &&
		    strstr(words.word[i + 1], SERVICE) != NULL)
			return true;
	}
	return false;
}

/* A list that begins with "reject" lets nobody write to anything. */
static bool
keeps_writers(const struct verifying *v, const struct postfix_service *s)
{
	const char *list = postfix_value(&v->postfix, s,
	    "smtpd_recipient_restrictions");
	struct words words = postfix_list(v->arena, list);

	if (words.count > 0 && strcmp(words.word[0], "reject") == 0)
		return true;
	return strstr(list, "sql_writers.cf") != NULL &&
	    asks(v, NULL, "mailadm_writers");
}

static void
listener_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *name = arena_printf(v->arena, "%s/%s", s->name, s->type);

	verify_at(v, (struct verify_at){ .service = name,
	    .setting = "smtpd_data_restrictions" });
	if (!asks(v, s, "smtpd_data_restrictions"))
		verify_found(v, VERIFY_SENDING, name, NULL, "%s does not ask "
		    "mailadm about what users send: their limits do not hold",
		    name);
	verify_at(v, (struct verify_at){ .service = name,
	    .setting = "smtpd_recipient_restrictions" });
	if (!keeps_writers(v, s))
		verify_found(v, VERIFY_SENDING, name, NULL, "%s lets every "
		    "user write to aliases that are for members or for users "
		    "of a domain", name);
	verify_at(v, (struct verify_at){ 0 });
}

/* What comes behind a prefix in the arguments of spawn(8); or NULL. */
static const char *
argument(const struct words *words, const char *prefix)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strncmp(words->word[i], prefix, strlen(prefix)) == 0)
			return words->word[i] + strlen(prefix);
	}
	return NULL;
}

/* The password is for the user of the service alone, who has to read it. */
static const char *
file_wrong(struct verifying *v, const char *path, const struct passwd *user)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return access("/etc/mailadm", X_OK) != 0 ? NULL :
		    arena_printf(v->arena, "%s does not exist", path);
	return st.st_uid == user->pw_uid && (st.st_mode & 077) == 0 ? NULL :
	    arena_printf(v->arena, "%s is not its user's alone (mode %04o)",
	    path, (unsigned)st.st_mode & 07777);
}

/* Why the service cannot answer; NULL: nothing is known against it. */
static const char *
obstacle(struct verifying *v, const struct postfix_service *s)
{
	struct words words = postfix_list(v->arena, s->arguments);
	const char *name = argument(&words, "user=");
	const char *program = argument(&words, "argv=");
	const char *file = argument(&words, OPTION_FILE);
	const struct passwd *user;

	if (name == NULL || program == NULL)
		return "its line in master.cf names no user or no program";
	user = getpwnam(arena_strndup(v->arena, name, strcspn(name, ":")));
	if (user == NULL)
		return arena_printf(v->arena, "there is no user %s", name);
	if (*program == '/' && access(program, F_OK) != 0)
		return arena_printf(v->arena, "%s does not exist", program);
	return file != NULL ? file_wrong(v, file, user) : NULL;
}

static void
service_verify(struct verifying *v)
{
	const struct postfix_service *s = verify_service(v, SERVICE);
	const char *why;

	if (s == NULL)
		why = "master.cf does not have it";
	else if (strcmp(s->command, "spawn") != 0 || v->options->root != NULL)
		return;
	else
		why = obstacle(v, s);
	if (why != NULL)
		verify_found(v, VERIFY_SENDING, SERVICE "/unix",
		    s == NULL ? NULL : "systemd-sysusers; mailadm config "
		    "render postfix --out /", "the service " SERVICE " cannot "
		    "answer: %s; limits do not hold, and aliases for members "
		    "take no mail of users", why);
}

/* That port 25 takes logins is wrong for other reasons. */
static bool
is_submission(const struct verifying *v, const struct postfix_service *s)
{
	const char *colon = strrchr(s->name, ':');
	const char *port = colon != NULL ? colon + 1 : s->name;

	return strcmp(s->type, "inet") == 0 && strcmp(s->command, "smtpd") ==
	    0 && strcmp(port, "smtp") != 0 && strcmp(port, "25") != 0 &&
	    verify_is_yes(postfix_value(&v->postfix, s,
	    "smtpd_sasl_auth_enable"));
}

void
verify_sending(struct verifying *v)
{
	bool asked = false;

	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		if (!is_submission(v, s))
			continue;
		listener_verify(v, s);
		asked = true;
	}
	if (asked)
		service_verify(v);
}

/* The account of the database, from option files and options. */
#include "model/connect/account.h"

#include <string.h>

#include "base/size.h"
#include "file/option_file.h"

static const char *
first(const char *over, const char *fact)
{
	return over != NULL ? over : fact;
}

bool
account_look(struct arena *a, const struct account_source *from,
    struct account_found *found, struct err *e)
{
	const struct db_account *over = &from->over;
	struct db_account *account = &found->account;
	struct option_facts facts = { 0 };
	int64_t port = 0;

	if (!option_files_look(a, from->defaults_file, from->group,
	    from->admin_group, &facts, e))
		return false;
	if (facts.port != NULL)
		number_parse(facts.port, &port);
	*found = (struct account_found){
		.account = {
			.group = from->group,
			.host = first(over->host, facts.host),
			.socket = first(over->socket, facts.socket),
			.user = first(over->user, facts.user),
			.database = first(over->database, facts.database),
			.port = over->port > 0 ? over->port : (unsigned)port,
			.tls_loosened = facts.tls_loosened,
		},
		.has_admin_group = facts.has_admin_group,
		.read = facts.read,
		.missing = facts.missing,
	};
	account->remote = !option_host_is_local(account->host,
	    account->socket);
	return true;
}

bool
account_of_source(struct arena *a, const char *defaults_file,
    const char *database, struct db_account *account, struct err *e)
{
	const struct account_source from = {
		.defaults_file = defaults_file,
		.group = "mailadm-source",
		.over.database = database,
	};
	struct account_found found;

	if (!account_look(a, &from, &found, e))
		return false;
	*account = found.account;
	if (account->database != NULL)
		return true;
	err_set(e, ERR_USAGE, "%s names no database", defaults_file);
	return err_hint(e, "--source-database NAME");
}

/* As libmariadb chooses: a socket for no host, and for localhost. */
const char *
account_target(struct arena *a, const struct db_account *account)
{
	/* A list, or with a port of its own. */
	if (account->host != NULL && strpbrk(account->host, ",:") != NULL)
		return account->host;
	if (account->host != NULL && strcmp(account->host, "localhost") != 0)
		return arena_printf(a, "%s:%u", account->host,
		    account->port > 0 ? account->port : 3306);
	return account->socket == NULL ? "the default socket of libmariadb" :
	    arena_printf(a, "socket %s", account->socket);
}

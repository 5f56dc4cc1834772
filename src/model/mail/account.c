/* Option files and options become an account. */
#include "model/mail/account.h"

#include "base/size.h"
#include "file/option_file.h"

static const char *
first(const char *over, const char *fact)
{
	return over != NULL ? over : fact;
}

bool
account_look(struct arena *a, const struct account_source *from,
    struct db_account *account, bool *has_admin_group, struct err *e)
{
	const struct db_account *over = &from->over;
	struct option_facts facts = { 0 };
	int64_t port = 0;

	if (!option_files_look(a, from->defaults_file, from->group,
	    from->admin_group, &facts, e))
		return false;
	if (facts.port != NULL)
		number_parse(facts.port, &port);
	*account = (struct db_account){
		.group = from->group,
		.host = first(over->host, facts.host),
		.socket = first(over->socket, facts.socket),
		.user = first(over->user, facts.user),
		.database = first(over->database, facts.database),
		.port = over->port > 0 ? over->port : (unsigned)port,
	};
	account->remote = !option_host_is_local(account->host,
	    account->socket);
	if (has_admin_group != NULL)
		*has_admin_group = facts.has_admin_group;
	return true;
}

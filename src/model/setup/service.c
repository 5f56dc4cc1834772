/* Starting services, and programs that are to succeed. */
#include "model/setup/service.h"

#include <string.h>
#include <unistd.h>

#include "file/program.h"

bool
service_has_systemd(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

/* What says most: the last line. */
static const char *
last_line(struct arena *a, const struct program_answer *answer)
{
	const char *text = *answer->err != '\0' ? answer->err : answer->out;
	size_t end = strlen(text), begin;

	while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == ' '))
		end--;
	begin = end;
	while (begin > 0 && text[begin - 1] != '\n')
		begin--;
	return arena_strndup(a, text + begin, end - begin);
}

bool
service_program(struct arena *a, const struct words *argv,
    const char *owner, struct err *e)
{
	struct words run = { 0 };
	struct program_answer answer;
	const char *path;

	if (!program_find(a, argv->word[0], owner, &path, e))
		return false;
	words_add(a, &run, path);
	for (size_t i = 1; i < argv->count; i++)
		words_add(a, &run, argv->word[i]);
	if (!program_run_starter(a, &run, &answer, e))
		return false;
	return answer.status == 0 || err_set(e, ERR_IO, "%s: %.300s",
	    words_joined(a, argv, " "), last_line(a, &answer));
}

bool
service_run(struct arena *a, const char *verb, const char *name,
    struct err *e)
{
	bool systemd = service_has_systemd();
	struct words argv = { 0 };

	words_add(a, &argv, systemd ? "systemctl" : "service");
	words_add(a, &argv, systemd ? verb : name);
	words_add(a, &argv, systemd ? name : verb);
	return service_program(a, &argv, systemd ? "systemd" :
	    "init-system-helpers", e);
}

bool
service_enable(struct arena *a, const char *unit, struct err *e)
{
	struct words argv = { 0 };

	if (!service_has_systemd())
		return true;
	words_add(a, &argv, "systemctl");
	words_add(a, &argv, "--quiet");
	words_add(a, &argv, "enable");
	words_add(a, &argv, "--now");
	words_add(a, &argv, unit);
	return service_program(a, &argv, "systemd", e);
}

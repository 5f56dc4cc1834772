/*
 * What the files of the verifier share.
 */
#ifndef MODEL_VERIFY_PRIVATE_H
#define MODEL_VERIFY_PRIVATE_H

#include <sys/stat.h>

#include "base/vector.h"
#include "db/lookup.h"
#include "file/dovecot.h"
#include "file/postfix.h"
#include "model/findings.h"
#include "model/place/place.h"
#include "model/verify/verify.h"

/* The rules, in the order of the manual. */
enum verify_rule {
#define RULE(name, ...) name,
#include "model/verify/rules.def"
	VERIFY_RULES
};

/*
 * What comes of a rule that is broken, the worst first: the words of the
 * summary, and the order of the report.
 */
#define VERIFY_CONSEQUENCES(X)						\
	X(NONE, "")							\
	X(STOPS, "mail stops")						\
	X(RELAY, "strangers can send mail through this server")		\
	X(AS_OTHERS, "users can send as others")			\
	X(LEAK, "passwords or keys can be read")			\
	X(READS, "mail gets to the wrong person")			\
	X(CHANGE, "others can change the configuration")		\
	X(LOST, "some mail is refused or lost")				\
	X(LOGIN, "some users cannot log in")				\
	X(SEND, "users cannot send")					\
	X(OUT, "mail to others stays here")				\
	X(STALE, "what is disabled still works")			\
	X(FILTER, "mail goes unsigned or unchecked")			\
	X(TRUST, "the certificate is not trusted")			\
	X(GUESS, "passwords are easier to guess")			\
	X(WEAK, "TLS is weaker than it should be")			\
	X(RIGHTS, "an intruder would get further")			\
	X(LONGER, "faults of other programs last longer")		\
	X(FULL, "mailboxes grow without limit")				\
	X(TWICE, "some mail arrives twice")				\
	X(SLOW, "lookups are slow")					\
	X(DIFFERS, "a part works otherwise than mailadm says")		\
	X(UNUSED, "some settings have no effect")			\
	X(NOT_YET, "no mail comes in yet")

enum verify_consequence {
#define CONSEQUENCE(name, text) VERIFY_##name,
	VERIFY_CONSEQUENCES(CONSEQUENCE)
#undef CONSEQUENCE
	VERIFY_CONSEQUENCE_COUNT
};

/* Advice: without --force a file that was edited is not replaced. */
#define VERIFY_RENDER(set) "mailadm config render " set " --out /; "	\
    "--force where it was edited"
#define VERIFY_SYNC "mailadm dkim sync"

/*
 * What a rule needs to see (`needs`).  If one of these cannot be read, the
 * rules with that bit are unchecked, and so is each new one.
 */
enum verify_needs {
	VERIFY_POSTFIX = 1 << 0,
	VERIFY_DOVECOT = 1 << 1,
	VERIFY_MAP_FILE = 1 << 2,	/* the file of a map of Postfix */
	VERIFY_SQL_FILE = 1 << 3,	/* mailadm-sql.conf.ext of 2.3 */
	VERIFY_ANSWER = 1 << 4,		/* what the database answers */
	VERIFY_CERTIFICATE = 1 << 5,	/* a certificate and its key */
	/* Not what is read, but where the rule applies: see verify_server. */
	VERIFY_OURS = 1 << 6,		/* mailadm's configuration alone */
	VERIFY_TABLES = 1 << 7		/* any one over mailadm's tables */
};

/* Whose configuration it is. */
enum verify_server {
	VERIFY_SERVER_OURS,	/* mailadm's, perhaps edited */
	VERIFY_SERVER_TABLES,	/* another one over mailadm's tables */
	VERIFY_SERVER_FOREIGN,	/* of another family */
	VERIFY_SERVER_NONE	/* as the packages install it */
};

/* A query of a server. */
struct verify_query {
	const char *name;	/* its file, for findings */
	const char *text;
	const char *shipped;	/* the text that mailadm ships, or NULL */
	bool dovecot;
	bool keyed;		/* asks for one name, not for all */
	bool persons;		/* its keys are addresses, not domains */
	bool passwords;		/* Dovecot's password_query */
	size_t account;		/* index + 1 in `accounts`, 0: none */
};

/* A map that Postfix's settings name. */
struct verify_map {
	const char *word;	/* "proxy:mysql:/etc/postfix/x.cf" */
	const char *setting;	/* the first that names it */
	const char *path;	/* of a MySQL map, else NULL */
	bool proxied;
	bool in_chroot;		/* some chrooted service asks it */
	bool read;
	bool missing;		/* its file does not exist, or is none */
	const char *why;	/* it is none */
	bool verified;
	struct cf settings;
};

/* An account that lookups log in with. */
struct verify_account {
	const char *name;	/* the first file that names it */
	const char *server;	/* "postfix" or "dovecot", as in grants.sql */
	struct lookup_account as;
	const char *host;	/* as the file names it: one an account */
	struct lookup *lookup;	/* NULL: cannot be reached */
	bool shared;		/* another server uses it as well */
	struct words denied;	/* queries that it may not run */
	const char *denied_why;	/* the first of them */
	const char *grants;	/* commands that let it, or NULL */
};

/* Where the next finding is, as far as its name does not say it. */
struct verify_at {
	const char *file;
	size_t line;		/* 0: unknown */
	const char *setting;
	const char *service;	/* "smtp/inet" */
	enum verify_consequence instead;	/* of the rule's; 0: its own */
};

/* What the tables say about where mail goes; NULL: none, or not known. */
struct verify_facts {
	bool known;
	const char *relay_domain;	/* the first that is passed on */
	const char *way;		/* the first way out */
	const char *login;		/* the first with a login */
	const char *srs_domain;		/* of the settings, with srs = yes */
};

struct verifying {
	struct arena *arena;
	const struct verify_options *options;
	struct findings findings;
	enum verify_server server;
	bool has_postfix;
	struct postfix_config postfix;
	bool has_dovecot;
	struct dovecot_config dovecot;
	struct err postfix_failed;	/* why it has none; likewise Dovecot */
	struct err dovecot_failed;
	VECTOR(struct verify_map) maps;
	VECTOR(struct verify_query) queries;
	VECTOR(struct verify_account) accounts;
	struct words option_files;	/* that were looked at */
	struct words without_timeout;	/* files of maps */
	struct words without_retry;
	const char *retry_host;		/* of the first of these */
	struct words refused;		/* settings that Postfix refuses */
	struct words missing;		/* services that do not exist */
	bool runs[VERIFY_RULES];	/* on this kind of server */
	struct places places;
	struct verify_at at;
};

/* --- verify.c: what all of them ask ------------------------------------ */

/* advice: the command that fixes just this; NULL: what the rule advises. */
void verify_found(struct verifying *v, enum verify_rule rule,
    const char *name, const char *advice, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * What the next verify_found() is about; a member that is not set is found by
 * the name of the finding and by its rule.
 */
void verify_at(struct verifying *v, struct verify_at at);

/* The file and the line that a program of a server names; or nothing. */
struct verify_at verify_at_of(struct verifying *v, const char *said);

/* --- place.c --------------------------------------------------------- */

/* Fills in the file, the line, the setting and its value. */
void verify_place(struct verifying *v, struct finding *f,
    const struct verify_at *at);

/* What comes of the worst that was found; NULL: nothing was found. */
const char *verify_means(const struct verifying *v);

/* The rule cannot be checked. */
void verify_unchecked(struct verifying *v, enum verify_rule rule,
    const char *why);

/* The same of every rule that needs any of these bits. */
void verify_unchecked_all(struct verifying *v, unsigned needs,
    const char *why);

/*
 * The path of a file that a setting names: below the root, if it exists there.
 */
const char *verify_path(const struct verifying *v, const char *path);

/* The setting of a server's whole configuration, or of one service. */
const char *verify_postfix(const struct verifying *v, const char *name);
const char *verify_dovecot(const struct verifying *v, const char *name);

/* A word of a list of Dovecot's; 2.4 may show one as a block of flags. */
bool verify_dovecot_has(const struct verifying *v, const char *list,
    const char *word);

/*
 * "-o name = value" is three words, and the first of them has no value: the
 * name, or NULL.
 */
const char *verify_argument_lost(const struct verifying *v,
    const struct postfix_service *s);

/* Is the plugin loaded, in the whole configuration or for a protocol? */
bool verify_dovecot_loads(const struct verifying *v, const char *plugin);

/* "yes" in any of its spellings; Postfix and Dovecot have the same ones. */
bool verify_is_yes(const char *value);
bool verify_has_word(const struct words *words, const char *word);

/* The map behind a word of a list, once they are read; or NULL. */
struct verify_map *verify_map_find(const struct verifying *v,
    const char *word);

/* The first of a type, from this one on; NULL where none follows. */
const struct dovecot_block *verify_block_next(const struct dovecot_block *b,
    const char *type);
/* The passdb or userdb that asks the database, or NULL. */
const struct dovecot_block *verify_sql_block(const struct verifying *v,
    const char *type);
bool verify_dovecot_asks_sql(const struct verifying *v);

/* --- server.c: whose server it is ------------------------------------- */

/* Decides it, and chooses the rules that run there; needs the maps. */
void verify_server(struct verifying *v);

/* --- connection.c: accounts that lookups use ---------------------------- */

/* The account of that name, new or not: its index + 1. */
size_t verify_account(struct verifying *v,
    const struct verify_account *account);

/* The same account on the first host that answers; NULL: on none. */
struct verify_account *verify_account_find(const struct verifying *v,
    size_t account);

/* --- connection.c: how Postfix's maps connect ------------------------- */

/* A setting in the map's file; "" where it is not set. */
const char *verify_map_value(const struct verify_map *map,
    const char *name);

/* Reports a comment behind its hosts: they cannot be asked then. */
bool verify_map_comment(struct verifying *v, const struct verify_map *map);

/* The account of the map; see verify_account(). */
size_t verify_map_account(struct verifying *v, const struct verify_map *map);

/* Time-outs, and what happens after a failure. */
void verify_map_connection(struct verifying *v,
    const struct verify_map *map);

/* Reports what is missing in several of them. */
void verify_map_connections(struct verifying *v);

/* --- query.c: the text of a query ------------------------------ */

/* Blanks and capitals that mean nothing are gone. */
const char *verify_query_plain(struct arena *a, const char *text);

/* The same, where @NAME@ in `shipped` stands for anything without quotes. */
bool verify_query_same(struct arena *a, const char *text,
    const char *shipped);

/* Reports the worst that is wrong with it, and keeps it for the database. */
void verify_query(struct verifying *v, const struct verify_query *query);

/* A text file of the program: "postfix/sql_users.cf"; NULL. */
const char *verify_shipped(const char *name);

/* --- milters.c ---------------------------------------------------------- */

/*
 * May the account read (4) or write (2) the file, or enter (1) the directory?
 * True where it does not exist.
 */
bool verify_account_may(const char *account, const struct stat *st,
    unsigned bit);

/* --- keys.c -------------------------------------------------------------- */

/* The files that a table of rspamd or OpenDKIM names, in its order. */
struct words verify_key_paths(struct arena *a, const char *text,
    bool rspamd);

/* --- smtpd.c --------------------------------------------------------- */

/* Nobody but this machine connects to Postfix. */
bool verify_is_closed(const struct verifying *v);

/* --- secrets.c ------------------------------------------------------- */

/* Can anybody read its secret or, where it is root's, change it? */
void verify_secret_file(struct verifying *v, const char *path, bool of_root);
/* Each file in the directories of the servers. */
void verify_secrets(struct verifying *v);

/* --- postfix/transports.c -------------------------------------------- */

/* The service of master.cf that others can hand mail to; or NULL. */
const struct postfix_service *verify_service(const struct verifying *v,
    const char *name);

/* The account that a command of pipe or spawn runs as; NULL: none is named. */
const char *verify_service_user(struct verifying *v,
    const struct postfix_service *s);

/* --- users.c ---------------------------------------------------------- */

/* Of a name or a number; and of a query that answers just one.  -1: none. */
long verify_uid_of(const char *name);
long verify_uid_answered(const struct verifying *v);

/* --- delivery.c -------------------------------------------------------- */

/* May the account connect to this unix_listener? */
bool verify_may_connect(struct verifying *v,
    const struct dovecot_block *listener, const char *who);

/* --- dovecot.c -------------------------------------------------------- */

/* The tables of a dict, "mysql:FILE", are asked as the others. */
void verify_dict_queries(struct verifying *v, const char *dict);

/* --- the others, in the order in which run.c calls them --------------- */

/* Lists of restrictions, in the order in which smtpd asks them; NULL ends. */
extern const char *const verify_restrictions[];

void verify_maps_read(struct verifying *v);
void verify_maps(struct verifying *v);
void verify_values(struct verifying *v);
void verify_warnings(struct verifying *v);
/* Asks Postfix's own programs to begin. */
void verify_refused(struct verifying *v);
void verify_smtpd(struct verifying *v);
/* Does the service talk to strangers, or to users? */
bool verify_is_public(const struct verifying *v,
    const struct postfix_service *service);
void verify_transports(struct verifying *v);
/* Is the setting of a service that does not exist? */
bool verify_is_missing(const struct verifying *v, const char *setting);
/* Does a service of Dovecot's create the socket of this whole path? */
bool verify_dovecot_listens(struct verifying *v, const char *path);
/* Do the names of users keep their domain? */
bool verify_dovecot_domains(const struct verifying *v);
void verify_dovecot_queries(struct verifying *v);
void verify_users(struct verifying *v);
void verify_imap(struct verifying *v);
/* postfix/: what main.cf, master.cf and tables of text say. */
void verify_services(struct verifying *v);
void verify_names(struct verifying *v);
void verify_checks(struct verifying *v);
void verify_tables(struct verifying *v);
void verify_outgoing(struct verifying *v);
void verify_storage(struct verifying *v);
void verify_sending(struct verifying *v);
/* dovecot/: what Dovecot itself refuses only later. */
void verify_listeners(struct verifying *v);
void verify_databases(struct verifying *v);
void verify_plugins(struct verifying *v);
void verify_mail(struct verifying *v);
void verify_delivery(struct verifying *v);
void verify_tls(struct verifying *v);
void verify_files(struct verifying *v);
void verify_milters(struct verifying *v);
void verify_filter(struct verifying *v);

/* Asks the database, too; false only after Ctrl-C. */
bool verify_keys(struct verifying *v, struct err *e);

/* Asks the database; false only after Ctrl-C. */
bool verify_database(struct verifying *v, struct err *e);

/* Is a mail domain in another setting as well?  Needs the database's. */
void verify_domains(struct verifying *v);

/* Where mail goes, by the tables; false only after Ctrl-C. */
bool verify_facts(struct verifying *v, struct verify_facts *facts,
    struct err *e);

/* postfix/ways.c */
void verify_ways(struct verifying *v, const struct verify_facts *facts);

/* --- postfix/map_files.c ---------------------------------------------- */

/* Reads the file of a map, which may be missing. */
void verify_map_read(struct verifying *v, struct verify_map *map);
void verify_maps_missing(struct verifying *v);

/*
 * The query, or the one that Postfix makes of the three settings of old
 * releases; "": neither is set.
 */
const char *verify_map_query(struct verifying *v,
    const struct verify_map *map);

/* Does the file set what Postfix needs in the file itself? */
bool verify_map_complete(struct verifying *v, const struct verify_map *map);

#endif

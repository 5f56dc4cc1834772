/* The file that holds the secret of the DKIM keys. */
#include "model/dkim/secret.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "file/permission.h"
#include "file/read.h"
#include "file/write.h"
#include "model/digest.h"

/* 32 bytes are 43 characters and a "=", which is left out. */
#define SECRET_BYTES 32
#define BASE64								\
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static void
id_set(struct dkim_secret *secret)
{
	char hex[DIGEST_HEX];

	digest_hex(secret->text, DKIM_SECRET_LENGTH, hex);
	memcpy(secret->id, hex, DKIM_SECRET_ID - 1);
	secret->id[DKIM_SECRET_ID - 1] = '\0';
}

static bool
is_secret(const struct text *line)
{
	return line->len == DKIM_SECRET_LENGTH &&
	    strspn(line->buf, BASE64) == DKIM_SECRET_LENGTH;
}

static bool
judge(const char *path, struct text *line, const struct stat *st,
    struct err *e)
{
	if (!permission_check(FILE_DKIM_SECRET, path, st, e))
		return false;
	if (line->len > 0 && line->buf[line->len - 1] == '\n')
		text_cut(line, line->len - 1);
	if (is_secret(line))
		return true;
	err_set(e, ERR_DENIED, "%s does not hold a secret of %d characters",
	    path, DKIM_SECRET_LENGTH);
	return err_hint(e, "copy it from a mail host that has it, or from a "
	    "backup");
}

static bool
missing(const char *path, struct err *e)
{
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_set(e, ERR_DENIED, "%s, the secret of the DKIM keys, does not "
	    "exist", path);
	return err_hint(e, "the first mail host makes it by: mailadm config "
	    "init; each other one needs a copy of it");
}

bool
dkim_secret_read(struct arena *a, const char *path,
    struct dkim_secret *secret, struct err *e)
{
	struct text line = TEXT_INIT;
	struct stat st;
	bool ok;

	*secret = (struct dkim_secret){ .path = path };
	if (file_read(path, &line, &st, e))
		ok = judge(path, &line, &st, e);
	else
		ok = missing(path, e);
	if (ok) {
		secret->text = arena_strdup(a, line.buf);
		id_set(secret);
	}
	text_clear(&line);
	return ok;
}

bool
dkim_secret_make(const char *path, bool *made, struct err *e)
{
	const struct file_place place = { 0600, geteuid() == 0 ? 0 :
	    (uid_t)-1, geteuid() == 0 ? 0 : (gid_t)-1 };
	unsigned char bytes[SECRET_BYTES], line[SECRET_BYTES * 2];
	struct stat st;
	bool ok;

	*made = lstat(path, &st) != 0;
	if (!*made)
		return true;
	if (RAND_priv_bytes(bytes, sizeof(bytes)) != 1)
		return err_set(e, ERR_IO, "no random numbers from OpenSSL");
	BUG_ON(EVP_EncodeBlock(line, bytes, sizeof(bytes)) !=
	    DKIM_SECRET_LENGTH + 1);
	line[DKIM_SECRET_LENGTH] = '\n';
	file_directories_make(path, 0, 0755);
	ok = file_install(path, line, DKIM_SECRET_LENGTH + 1, &place, e);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(line, sizeof(line));
	return ok;
}

bool
dkim_secret_check(const struct dkim_secret *secret, const char *id,
    struct err *e)
{
	if (strcmp(secret->id, id) == 0)
		return true;
	err_set(e, ERR_DENIED, "%s is not the secret that the DKIM keys were "
	    "encrypted with (%s, not %s)", secret->path, secret->id, id);
	return err_hint(e, "copy it from the mail host that added the keys, "
	    "or from a backup");
}

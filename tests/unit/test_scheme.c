/* Which hashes are accepted and what they are called. */
#include "corpus.h"

#include "model/password/hash.h"
#include "model/password/scheme.h"

#include <crypt.h>
#include <stdbool.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t crypt_calls;

/* The linker takes this before the library's: it only counts. */
char *
crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
	(void)phrase;
	(void)setting;
	crypt_calls++;
	return strcpy(data->output, "*0");
}

/* Accepted without an error, or refused with one of the right kind. */
static bool
hash_is_valid(const char *hash)
{
	struct err e = { 0 };
	bool ok = password_hash_valid(hash, &e);

	if (ok)
		assert_null(e.text);
	else
		assert_int_equal(e.code, ERR_INVALID);
	err_clear(&e);
	return ok;
}

static void
bad_setting(const struct cell *cells, void *arg)
{
	(void)arg;
	if (hash_is_valid(cells[0].s))
		fail_msg("%s is accepted", cells[0].s);
	assert_int_equal(password_verify(cells[0].s, "abc"),
	    PASSWORD_UNVERIFIABLE);
}

static void
known_bad_hashes_are_refused(void **state)
{
	(void)state;
	assert_int_equal(corpus_each("sha256crypt-bad-settings.tsv", 4,
	    bad_setting, NULL), 7);
}

#define SHA256 "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"
#define SHA512 "dv7vAygfDghQeO8lNAuLv4y4HAQXw9d6a14dcjFGfTijFc0S6MgzM7g5" \
    "3hZv6MaGDXhNpGxhpXakWuTlqHtzn."
#define BCRYPT "abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2"
#define YESCRYPT "F5Jx5fExrKuPp53xLKQ..1$" \
    "zwtVrjrUCmXcyLTs6oxLTQlzifSUkF8RHJ./tK5KU79"
#define ARGON "O5iIy6Qh6E+JhZdsUXBkSg$" \
    "wnE5iJkRCIVhtFNX+cieRx+6M1iOLLvPw58TkN72ks4"
#define SCRAM1 "Q5PmDawHf42VntQ3Lr1rIA==,DDujw1mvbJMH15Lmi11c0Z6AwUE=," \
    "54JFdLi0USyDPxT++laCFoxXa7Y="
#define SCRAM256 "bQKiU79hOr9t5GpUr4rf5g==," \
    "QGSIaUodaq5Qps91AoTvtS8OuIu00xcdHQBXTO/H998=," \
    "+LJVSTx/ICbDIY7zx/h/2rhG/7T/JLZ1xjRtOU+Y7W0="
#define PBKDF2 "c6c20b8802a88117e72066a0f312e35af38c8c20"

/* Made by doveadm pw and by crypt(3). */
static const char *const accepted[] = {
	"$5$saltstring$" SHA256,
	"$5$rounds=1000$saltstring$" SHA256,
	"$5$rounds=5000000$a$" SHA256,
	"$5$0123456789abcdef$" SHA256,
	"$5$a+b=c$" SHA256,
	"$6$abc$" SHA512,
	"$6$rounds=5000000$abc$" SHA512,
	"$2y$05$" BCRYPT,
	"$2a$04$" BCRYPT,
	"$2b$16$" BCRYPT,
	"$y$j9T$" YESCRYPT,
	"$y$jFT$" YESCRYPT,
	"$gy$j9T$" YESCRYPT,
	"$7$CU..../....abcdefgh$zsdaqwx89mPOv8.UAUJOC7yCeca1WUSV.qqzsN2U1JA",
	"$sha1$40000$abcdefgh$fEVJ78jxQCNSzl.4Oq8UKJAFKtAN",
	"$md5$abcdefgh$$A8TL8sY7.pGvXG33VEUpT0",
	"$md5,rounds=1000$abcdefgh$$ULR13CRu747f5lNXTC4oa0",
	"$1$abcdefgh$y6iHhJNbuC0xpbk0w9pm80",
	"{SHA256-CRYPT}$5$saltstring$" SHA256,
	"{sha256-crypt}$5$saltstring$" SHA256,
	"{SHA512-CRYPT}$6$abc$" SHA512,
	"{BLF-CRYPT}$2y$05$" BCRYPT,
	"{MD5-CRYPT}$1$abcdefgh$y6iHhJNbuC0xpbk0w9pm80",
	"{CRYPT}$5$saltstring$" SHA256,
	"{CRYPT}$2y$05$" BCRYPT,
	"{CRYPT}$y$j9T$" YESCRYPT,
	"{PBKDF2}$1$UufDJ/5GHWS6p0nd$5000$" PBKDF2,
	"{SCRAM-SHA-1}4096," SCRAM1,
	"{SCRAM-SHA-256}4096," SCRAM256,
	"{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$" ARGON,
	"{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$" ARGON,
};

static const char ssha512[] = "{SSHA512}mj94iNq1WupNILTOnzEPhdUTaYqLZNR9666nK"
    "aSJUmKeGiROdupdkJHZwHZOSANeUkLKWf91Aj2vOfdr8oWJw82LzP8=";

/* Here a shorter one may be a hash with less salt. */
static const char *const accepted_salted[] = {
	"{SSHA}O+zfPNiffU9uAB1m2KThHt+TKVnQ7SmI",
	"{SSHA.HEX}92f3731b85245c1aaf1d66da723f3361cd4f9b64fd4eb004",
	"{SSHA256}v069GrSmSlpPVxSmqejn7dfi57zrnltuYeuFJuB9gatWGe6a",
	"{SSHA256.b64}WEUtAtxm28gnxU/Zn69BkaU7o7zZC2EXG0QuhT6Mpo+FI7Rf",
	ssha512,
	"{SMD5}Q7Rl43oPAs0lyqi1rhWvvvTWjh4=",
};

static void
salted_hashes_of_known_schemes_are_accepted(void **state)
{
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(accepted); i++)
		if (!password_hash_valid(accepted[i], &e))
			fail_msg("%s: %s", accepted[i], e.text);
	for (i = 0; i < COUNT(accepted_salted); i++)
		if (!password_hash_valid(accepted_salted[i], &e))
			fail_msg("%s: %s", accepted_salted[i], e.text);
}

static void
one_character_less_or_more_is_refused(void **state)
{
	static const char *const more[] = { "$", " ", "\n", "\t", "x", ":" };
	char text[300];
	size_t i, j, len;

	(void)state;
	for (i = 0; i < COUNT(accepted); i++) {
		len = strlen(accepted[i]);
		for (j = 0; j < len; j++) {
			snprintf(text, sizeof(text), "%.*s", (int)j,
			    accepted[i]);
			/* 16 of Argon2's 32 bytes are a hash of 16. */
			if (strstr(text, "{ARGON2") != NULL && j == len - 21)
				continue;
			if (hash_is_valid(text))
				fail_msg("%s is accepted", text);
		}
		for (j = 0; j < COUNT(more); j++) {
			snprintf(text, sizeof(text), "%s%s", accepted[i],
			    more[j]);
			if (hash_is_valid(text))
				fail_msg("%s is accepted", text);
			snprintf(text, sizeof(text), "%s%s", more[j],
			    accepted[i]);
			if (hash_is_valid(text))
				fail_msg("%s is accepted", text);
		}
	}
	for (i = 0; i < COUNT(accepted_salted); i++) {
		len = strlen(accepted_salted[i]);
		snprintf(text, sizeof(text), "%.*s", (int)len - 1,
		    accepted_salted[i]);
		assert_false(hash_is_valid(text));
		snprintf(text, sizeof(text), "%.*s", (int)len - 12,
		    accepted_salted[i]);
		assert_false(hash_is_valid(text));
		snprintf(text, sizeof(text), "%s:", accepted_salted[i]);
		assert_false(hash_is_valid(text));
	}
}

static void
other_hashes_are_refused_with_a_reason(void **state)
{
	static const struct {
		const char *hash, *reason;
	} cases[] = {
		{ "", "empty" },
		{ "!", "\"!\" is not a hash" },
		{ "*0", "not a hash: neither $...$ nor {SCHEME}" },
		{ "hunter2", "not a hash: neither $...$ nor {SCHEME}" },
		{ "abJnggxhB/yWI", "DES-CRYPT: it reads 8 characters only" },
		{ "_J9..rasmBYk8r9AiWNc", "not a hash that is accepted" },
		{ "$hunter2", "not a scheme that is accepted" },
		{ "$apr1$abcdefgh$y6iHhJNbuC0xpbk0w9pm80",
		    "not a scheme that is accepted" },
		{ "$3$$8846f7eaee8fb117ad06bdd830b7586c", "unsalted" },
		{ "$2x$05$" BCRYPT, "BLF-CRYPT: made by a faulty bcrypt" },
		{ "$argon2id$v=19$m=65536,t=3,p=1$" ARGON, "ARGON2ID: "
		    "crypt(3) does not know it, Dovecot does behind its "
		    "name" },
		{ "{CRYPT}$argon2id$v=19$m=65536,t=3,p=1$" ARGON, "ARGON2ID: "
		    "crypt(3) does not know it, Dovecot does behind its "
		    "name" },
		{ "$5$salt string$" SHA256,
		    "white space, control or non-ASCII characters" },
		{ "$5$salt\n$" SHA256,
		    "white space, control or non-ASCII characters" },
		{ "$5$s\xc3\xa4lt$" SHA256,
		    "white space, control or non-ASCII characters" },
		{ "$5$sa:lt$" SHA256, "a colon" },
		{ "$5$$" SHA256, "SHA256-CRYPT: without a salt" },
		{ "$6$rounds=5000$$" SHA512, "SHA512-CRYPT: without a salt" },
		{ "$1$$y6iHhJNbuC0xpbk0w9pm80",
		    "MD5-CRYPT: without a salt" },
		{ "$5$0123456789abcdefg$" SHA256,
		    "SHA256-CRYPT: malformed or truncated" },
		{ "$5$rounds=999$saltstring$" SHA256,
		    "SHA256-CRYPT: malformed or truncated" },
		{ "$5$rounds=05000$saltstring$" SHA256,
		    "SHA256-CRYPT: malformed or truncated" },
		{ "$5$rounds=+5000$saltstring$" SHA256,
		    "SHA256-CRYPT: malformed or truncated" },
		{ "$5$rounds=5000saltstring$" SHA256,
		    "SHA256-CRYPT: malformed or truncated" },
		{ "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEcz",
		    "SHA256-CRYPT: malformed or truncated" },
		{ "$6$abc$" SHA256, "SHA512-CRYPT: malformed or truncated" },
		{ "$2y$5$" BCRYPT, "BLF-CRYPT: malformed or truncated" },
		{ "$2y$03$" BCRYPT, "BLF-CRYPT: malformed or truncated" },
		{ "$2y$05$abcdefghijklmnopqrstuvHNbAKRhpaujgo33bRWs."
		    "NLUTJO3lOy2", "BLF-CRYPT: malformed or truncated" },
		{ "$y$/9T$" YESCRYPT, "YESCRYPT: malformed or truncated" },
		{ "$y$j9T$$zwtVrjrUCmXcyLTs6oxLTQlzifSUkF8RHJ./tK5KU79",
		    "YESCRYPT: malformed or truncated" },
		{ "{hunter2}", "not a {SCHEME} that is accepted" },
		{ "{", "not a {SCHEME} that is accepted" },
		{ "{}", "not a {SCHEME} that is accepted" },
		{ "{CRYPT", "not a {SCHEME} that is accepted" },
		{ "{CRYPT}", "CRYPT: malformed or truncated" },
		{ "{CRYPT}abJnggxhB/yWI",
		    "DES-CRYPT: it reads 8 characters only" },
		{ "{SHA256-CRYPT}!", "SHA256-CRYPT: malformed or truncated" },
		{ "{SHA256-CRYPT.B64}$5$saltstring$" SHA256,
		    "SHA256-CRYPT: malformed or truncated" },
		{ "{SSHA.ROT13}O+zfPNiffU9uAB1m2KThHt+TKVnQ7SmI",
		    "SSHA: malformed or truncated" },
		{ "{SSHA}C+7Hteo/D9vJXQ3UfzxbwnXaijM=",
		    "SSHA: malformed or truncated" },
		{ "{SSHA}O+zfPNiffU9uAB1m2KThHt+TKVnQ7Sm!",
		    "SSHA: malformed or truncated" },
		{ "{SCRAM-SHA-1}4095," SCRAM1,
		    "SCRAM-SHA-1: malformed or truncated" },
		{ "{SHA256}$5$saltstring$" SHA256,
		    "labelled {SHA256}, but it begins with $5$" },
		{ "{SHA512-CRYPT}$5$saltstring$" SHA256,
		    "labelled {SHA512-CRYPT}, but it begins with $5$" },
		{ "{SHA256-CRYPT}$y$j9T$" YESCRYPT,
		    "labelled {SHA256-CRYPT}, but it begins with $y$" },
		{ "{MD5}$1$abcdefgh$y6iHhJNbuC0xpbk0w9pm80",
		    "MD5: either unsalted or MD5-CRYPT" },
		{ "{ARGON2I}$argon2id$v=19$m=65536,t=3,p=1$" ARGON,
		    "labelled {ARGON2I}, but it begins with $argon2id$" },
		{ "{PLAIN}hunter2", "PLAIN: cleartext" },
		{ "{plain}hunter2", "PLAIN: cleartext" },
		{ "{PLAIN.B64}aHVudGVyMg==", "PLAIN: cleartext" },
		{ "{CLEAR}hunter2", "CLEAR: cleartext" },
		{ "{CLEARTEXT}hunter2", "CLEARTEXT: cleartext" },
		{ "{PLAIN-TRUNC}5-hunter2", "PLAIN-TRUNC: cleartext" },
		{ "{CRAM-MD5}38b57fd1a0c4b46c814aa05f20318edd71c455380655f2c"
		    "0ac35c5b359528d29",
		    "CRAM-MD5: as good as the password itself" },
		{ "{DIGEST-MD5}e73185613a6abfcc9227f3e47f5b80a9",
		    "DIGEST-MD5: as good as the password itself" },
		{ "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=", "SHA: unsalted" },
		{ "{SHA1}L55TUjtiq8FBorTWAZ0jy6g129A=", "SHA1: unsalted" },
		{ "{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=",
		    "SHA256: unsalted" },
		{ "{SHA512.hex}00", "SHA512: unsalted" },
		{ "{MD5}3cb4e732631f47e6eb961f34554b7cde",
		    "MD5: either unsalted or MD5-CRYPT" },
		{ "{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cde",
		    "PLAIN-MD5: unsalted" },
		{ "{LDAP-MD5}PLTnMmMfR+brlh80VUt83g==",
		    "LDAP-MD5: unsalted" },
		{ "{NTLM}8846f7eaee8fb117ad06bdd830b7586c",
		    "NTLM: as good as the password itself" },
		{ "{DES-CRYPT}abJnggxhB/yWI",
		    "DES-CRYPT: it reads 8 characters only" },
		{ "{OTP}sha1 1024 dd7957d044c83dc3",
		    "white space, control or non-ASCII characters" },
		{ "{OTP}x", "OTP: one-time passwords" },
	};
	struct err e = { 0 };
	char wanted[256];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		if (password_hash_valid(cases[i].hash, &e))
			fail_msg("%s is accepted", cases[i].hash);
		snprintf(wanted, sizeof(wanted), "invalid password hash: %s",
		    cases[i].reason);
		assert_string_equal(e.text, wanted);
		assert_null(strstr(e.text, "hunter2"));
		err_clear(&e);
	}
	assert_int_equal(crypt_calls, 0);
}

/* Nobody computes them: neither when they are stored nor at verify. */
static void
costly_hashes_are_refused_unseen(void **state)
{
	static const struct {
		const char *hash, *reason;
	} cases[] = {
		{ "$5$rounds=5000001$saltstring$" SHA256, "rounds" },
		{ "$5$rounds=999999999$saltstring$" SHA256, "rounds" },
		{ "$5$rounds=18446744073709551617$saltstring$" SHA256,
		    "rounds" },
		{ "$5$rounds=99999999999999999999999$saltstring$" SHA256,
		    "rounds" },
		{ "{SHA256-CRYPT}$5$rounds=999999999$saltstring$" SHA256,
		    "rounds" },
		{ "$6$rounds=999999999$abc$" SHA512, "rounds" },
		{ "$2y$17$" BCRYPT, "a cost above 16" },
		{ "$2y$31$" BCRYPT, "a cost above 16" },
		{ "$y$jGT$" YESCRYPT, "memory" },
		{ "$y$jjj$" YESCRYPT, "memory" },
		{ "$gy$jjj$" YESCRYPT, "memory" },
		{ "$7$zU..../....abcdefgh$zsdaqwx89mPOv8.UAUJOC7yCeca1WUSV."
		    "qqzsN2U1JA", "memory" },
		{ "$7$Czzzzzzzzzzabcdefgh$zsdaqwx89mPOv8.UAUJOC7yCeca1WUSV."
		    "qqzsN2U1JA", "memory" },
		{ "$sha1$5000001$abcdefgh$fEVJ78jxQCNSzl.4Oq8UKJAFKtAN",
		    "rounds" },
		{ "$md5,rounds=4294963199$abcdefgh$$ULR13CRu747f5lNXTC4oa0",
		    "rounds" },
		{ "{PBKDF2}$1$salt$4294967295$" PBKDF2, "rounds" },
		{ "{SCRAM-SHA-1}2147483647," SCRAM1, "rounds" },
		{ "{ARGON2ID}$argon2id$v=19$m=1048577,t=1,p=1$" ARGON,
		    "memory" },
		{ "{ARGON2ID}$argon2id$v=19$m=65536,t=4294967295,p=1$" ARGON,
		    "passes" },
		{ "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=256$" ARGON,
		    "passes" },
	};
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		if (password_hash_valid(cases[i].hash, &e))
			fail_msg("%s is accepted", cases[i].hash);
		if (strstr(e.text, cases[i].reason) == NULL)
			fail_msg("%s: %s", cases[i].hash, e.text);
		err_clear(&e);
		assert_int_equal(password_verify(cases[i].hash, "x"),
		    PASSWORD_UNVERIFIABLE);
	}
	assert_int_equal(crypt_calls, 0);
}

static void
a_hash_has_255_characters_at_most(void **state)
{
	char text[4096];
	size_t len = strlen(ssha512);

	(void)state;
	memset(text, 'A', sizeof(text));
	memcpy(text, ssha512, len - 1);
	text[253] = '\0';
	assert_true(hash_is_valid(text));
	text[253] = 'A';
	text[257] = '\0';
	assert_false(hash_is_valid(text));
	text[257] = 'A';
	text[sizeof(text) - 1] = '\0';
	assert_false(hash_is_valid(text));
}

/* For each byte in a salt: accepted here exactly if crypt(3) takes it. */
static void
salt_characters_are_those_that_crypt_takes(void **state)
{
	static const char *const formats[] = { "$5$rounds=1000$a", "$1$a" };
	struct crypt_data data;
	char setting[64], hash[256];
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < COUNT(formats); i++)
		for (c = 1; c < 256; c++) {
			snprintf(setting, sizeof(setting), "%s%cz",
			    formats[i], c);
			if (crypt_rn("x", setting, &data, sizeof(data))) {
				if (!hash_is_valid(data.output))
					fail_msg("%s", data.output);
				continue;
			}
			snprintf(hash, sizeof(hash), "%s$%s", setting,
			    i == 0 ? SHA256 : "y6iHhJNbuC0xpbk0w9pm80");
			if (hash_is_valid(hash))
				fail_msg("%s", hash);
		}
}

static void
schemes_have_the_names_of_the_database(void **state)
{
	static const struct {
		const char *hash, *scheme;
	} cases[] = {
		{ "!", "none" },
		{ "$5$x", "SHA256-CRYPT" },
		{ "$6$x", "SHA512-CRYPT" },
		{ "$2a$x", "BLF-CRYPT" },
		{ "$2b$x", "BLF-CRYPT" },
		{ "$2x$x", "BLF-CRYPT" },
		{ "$2y$x", "BLF-CRYPT" },
		{ "$1$x", "MD5-CRYPT" },
		{ "$y$x", "YESCRYPT" },
		{ "$gy$x", "GOST-YESCRYPT" },
		{ "$7$x", "SCRYPT" },
		{ "$argon2id$x", "ARGON2ID" },
		{ "$argon2i$x", "ARGON2I" },
		{ "{SHA256-CRYPT}$5$x", "SHA256-CRYPT" },
		{ "{CRYPT}$5$x", "CRYPT" },
		{ "{ssha.b64}x", "SSHA" },
		{ "{Plain}x", "PLAIN" },
		{ "{FOO}", "FOO" },
		{ "", "unknown" },
		{ "!x", "unknown" },
		{ "*0", "unknown" },
		{ "$", "unknown" },
		{ "$5", "unknown" },
		{ "$2$x", "unknown" },
		{ "$3$$x", "unknown" },
		{ "$apr1$x", "unknown" },
		{ "{", "unknown" },
		{ "{}", "unknown" },
		{ "{FOO", "unknown" },
		{ "cleartext", "unknown" },
	};
	struct arena a = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(password_scheme(&a, cases[i].hash),
		    cases[i].scheme);
	arena_clear(&a);
}

#define SCRAM256_PENCIL "zOQECFceehcml/JOlElyLg==," \
    "PinSxU7HVkv/EBXpVXOTBIgEuWBvGx4DmmnCGtNCuEU=," \
    "HTWSJr6wlihpD6dI1zf1U70KjXiFK7VJOn23EaSQJCE="

/* Made by doveadm pw -s SCHEME, by crypt(3), by failing programs, by hand. */
static void
a_stored_text_is_told_for_what_it_is(void **state)
{
	static const struct {
		const char *hash;
		enum hash_state state;
	} cases[] = {
		/* What a careful admin has. */
		{ "$5$saltstring$" SHA256, HASH_FINE },
		{ "$5$rounds=1000$saltstring$" SHA256, HASH_FINE },
		{ "$6$abc$" SHA512, HASH_FINE },
		{ "$2y$05$" BCRYPT, HASH_FINE },
		{ "$2a$04$" BCRYPT, HASH_FINE },
		{ "$y$j9T$" YESCRYPT, HASH_FINE },
		{ "$gy$j9T$" YESCRYPT, HASH_FINE },
		{ "$7$CU..../....abcdefgh$zsdaqwx89mPOv8.UAUJOC7yCeca1WUSV."
		    "qqzsN2U1JA", HASH_FINE },
		{ "{SHA256-CRYPT}$5$z6Dxu3DRbTAFkqWE$OPPjRA8Ad8yCXr0sJRtxD3H"
		    "xcBlPlOfypWnzKLHFOH6", HASH_FINE },
		{ "{SHA512-CRYPT}$6$uRummc6E3JGWAOiD$aKL5KlzpSbYvDBK/oyGdtln"
		    "5CAs3oL/FJOLaTdHn2.XiIZS24daiNwR7RmJpcs2e0AaH708v1p4y/F"
		    "VZHkBqt/", HASH_FINE },
		{ "{BLF-CRYPT}$2y$05$gMe20Z1RIG0HUTUPpyOw3OcoKC4rRvKdpxIWigG"
		    "FowNWAd.776lo2", HASH_FINE },
		{ "{CRYPT}$2y$05$Fl0QXB79zrLA.gHB7cx.I.BbNQmowUJ04yS8FEGn7on"
		    "SPy5YPSJGq", HASH_FINE },
		{ "{crypt}$5$saltstring$" SHA256, HASH_FINE },
		{ "{PBKDF2}$1$euQw2Q1qgELUnKrr$5000$e8620428843d7676ff461fe9"
		    "d0e9998d20fcf125", HASH_FINE },
		{ "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$msS+NVNkJTSfDdKycV"
		    "+Xiw$LWP7OOtgo8zTicjL9KSucpX4/QofeXrqE6D3PWvUHcU",
		    HASH_FINE },
		{ "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$EqxNGfBSp9gYcI3j"
		    "QkqaDQ$dRt2oNtygdxoDnRcuQ2s9ZQKCoILERbrbheeiJJkcIY",
		    HASH_FINE },
		{ "{SCRAM-SHA-1}4096," SCRAM1, HASH_FINE },
		{ "{SCRAM-SHA-256}4096," SCRAM256_PENCIL, HASH_FINE },
		{ "{SSHA}LgfBLAN380JyxWslUFAIz1X8AYfk0gKD", HASH_FINE },
		{ "{SSHA256}qHwd6Y77A+DrAWG/jl3OVtfVBcMxrlUkqqnVCmEHJGC/94jJ",
		    HASH_FINE },
		{ "{SSHA.HEX}92f3731b85245c1aaf1d66da723f3361cd4f9b64fd4eb00"
		    "4", HASH_FINE },

		/* Weak, each in its way. */
		{ "{SMD5}ASVvjJRAqY6Q/vw0p0wPP8QqiPE=", HASH_WEAK },
		{ "{SHA}0vxRJJChUDZGC1SJQBQ51tpUB/o=", HASH_WEAK },
		{ "{SHA1}0vxRJJChUDZGC1SJQBQ51tpUB/o=", HASH_WEAK },
		{ "{SHA256}E4CWaPtDY4Zwb2fcsFLtWEoEuhaowCoX1m00ww/O2iE=",
		    HASH_WEAK },
		{ "{SHA512}Gd8Bqrgo+NUINrp1cJcTrtInM1344YZDkYXAbJF6Kn03cat24"
		    "wfPo7a4nvGmaC1mgd3xGISHDl3hPnk/uVXu6w==", HASH_WEAK },
		{ "{MD5}$1$MT.2Ier7$/uPMsPuFTPLkyVgMfWpRp1", HASH_WEAK },
		{ "{MD5-CRYPT}$1$D41Feydn$Pbs05mQGroW6tGWxZyOmh/",
		    HASH_WEAK },
		{ "{CRYPT}$1$D41Feydn$Pbs05mQGroW6tGWxZyOmh/", HASH_WEAK },
		{ "$1$D41Feydn$Pbs05mQGroW6tGWxZyOmh/", HASH_WEAK },
		{ "{PLAIN-MD5}a8f6830bce790a8a67fc2e84e12093ba", HASH_WEAK },
		{ "{LDAP-MD5}qPaDC855Copn/C6E4SCTug==", HASH_WEAK },
		{ "{PLAIN-MD4}88d50fcdf6d772aa14faa6241e363f2c", HASH_WEAK },
		{ "{DIGEST-MD5}5f8d0e0af1270a1b9743f9fef49f0a18", HASH_WEAK },
		{ "{CRAM-MD5}7f47ace0e2af8f6cdeb72c03243a8c87834e19104164d6a"
		    "42de72d243adb4080", HASH_WEAK },
		{ "{NTLM}8846f7eaee8fb117ad06bdd830b7586c", HASH_WEAK },
		{ "{DES-CRYPT}ptuPUyo0LEjaQ", HASH_WEAK },
		{ "{CRYPT}ptuPUyo0LEjaQ", HASH_WEAK },
		{ "ptuPUyo0LEjaQ", HASH_WEAK },
		{ "_J9..rasmBYk8r9AiWNc", HASH_WEAK },
		{ "$3$$8846f7eaee8fb117ad06bdd830b7586c", HASH_WEAK },
		{ "$sha1$40000$abcdefgh$fEVJ78jxQCNSzl.4Oq8UKJAFKtAN",
		    HASH_WEAK },
		{ "$md5$abcdefgh$$A8TL8sY7.pGvXG33VEUpT0", HASH_WEAK },
		{ "$2x$05$" BCRYPT, HASH_WEAK },
		{ "$5$$" SHA256, HASH_WEAK },
		{ "5f4dcc3b5aa765d61d8327deb882cf99", HASH_WEAK },
		{ "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8", HASH_WEAK },
		{ "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721"
		    "d1542d8", HASH_WEAK },
		{ "b109f3bbbc244eb82441917ed06d618b9008dd09b3befd1b5e07394c7"
		    "06a8bb980b1d7785e5976ec049b46df5f1326af5a2ea6d103fd07c9"
		    "5385ffab0cacbc86", HASH_WEAK },

		/* Nobody's. */
		{ "!", HASH_NONE },
		{ "", HASH_EMPTY },
		{ "{CRYPT}", HASH_EMPTY },
		{ "*0", HASH_PLACEHOLDER },
		{ "*1", HASH_PLACEHOLDER },
		{ "*", HASH_PLACEHOLDER },
		{ "!!", HASH_PLACEHOLDER },
		{ "!*", HASH_PLACEHOLDER },
		{ "*LK*", HASH_PLACEHOLDER },
		{ "x", HASH_PLACEHOLDER },
		{ "!$5$saltstring$" SHA256, HASH_PLACEHOLDER },
		{ "{CRYPT}!", HASH_PLACEHOLDER },
		{ "{CRYPT}*", HASH_PLACEHOLDER },
		{ "{CRYPT}*0", HASH_PLACEHOLDER },
		{ "{SHA256-CRYPT}x", HASH_PLACEHOLDER },

		/* The password itself. */
		{ "secret", HASH_CLEARTEXT },
		{ "hunter2", HASH_CLEARTEXT },
		{ "correct horse battery staple", HASH_CLEARTEXT },
		{ "_secret", HASH_CLEARTEXT },
		{ "geheim\xc3\xa4", HASH_CLEARTEXT },
		{ "5f4dcc3b5aa765d61d8327deb882cf9", HASH_CLEARTEXT },
		{ "{PLAIN}x", HASH_CLEARTEXT },
		{ "{PLAIN}", HASH_CLEARTEXT },
		{ "{plain}pencil", HASH_CLEARTEXT },
		{ "{PLAIN.B64}cGVuY2ls", HASH_CLEARTEXT },
		{ "{CLEAR}pencil", HASH_CLEARTEXT },
		{ "{CLEARTEXT}pencil", HASH_CLEARTEXT },
		{ "{PLAIN-TRUNC}6-pencil", HASH_CLEARTEXT },
		{ "{CRYPT}pencil", HASH_CLEARTEXT },

		/* Nobody knows how to verify it. */
		{ "{FOO}x", HASH_UNKNOWN },
		{ "{secret", HASH_UNKNOWN },
		{ "{}", HASH_UNKNOWN },
		{ "$apr1$abc$Pbs05mQGroW6tGWxZyOmh/", HASH_UNKNOWN },
		{ "$P$B12345678abcdefghijklmnopqrstuv", HASH_UNKNOWN },
		{ "$argon2id$v=19$m=65536,t=3,p=1$" ARGON, HASH_UNKNOWN },
		{ "{CRYPT}$argon2id$v=19$m=65536,t=3,p=1$" ARGON,
		    HASH_UNKNOWN },
		{ "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", HASH_UNKNOWN },
		{ "{OTP}sha1 1024 dd7957d044c83dc3", HASH_UNKNOWN },

		/* Under another's name. */
		{ "{SHA256}$5$saltstring$" SHA256, HASH_MISLABELLED },
		{ "{SHA512-CRYPT}$5$saltstring$" SHA256, HASH_MISLABELLED },
		{ "{SHA256-CRYPT}$2y$05$" BCRYPT, HASH_MISLABELLED },
		{ "{BLF-CRYPT}$6$abc$" SHA512, HASH_MISLABELLED },
		{ "{PLAIN-MD5}$1$D41Feydn$Pbs05mQGroW6tGWxZyOmh/",
		    HASH_MISLABELLED },
		{ "{SSHA}$5$saltstring$" SHA256, HASH_MISLABELLED },
		{ "{ARGON2I}$argon2id$v=19$m=65536,t=3,p=1$" ARGON,
		    HASH_MISLABELLED },

		/* Cut, or with something behind. */
		{ "$5$", HASH_MALFORMED },
		{ "$5$saltstring", HASH_MALFORMED },
		{ "$5$saltstring$", HASH_MALFORMED },
		{ "$5$saltstring$" SHA256 "\n", HASH_MALFORMED },
		{ " $5$saltstring$" SHA256, HASH_CLEARTEXT },
		{ "$5$saltstring$" SHA512, HASH_MALFORMED },
		{ "$5$rounds=999$saltstring$" SHA256, HASH_MALFORMED },
		{ "$5$rounds=$saltstring$" SHA256, HASH_MALFORMED },
		{ "$6$abc$" SHA256, HASH_MALFORMED },
		{ "$2y$03$" BCRYPT, HASH_MALFORMED },
		{ "$2y$32$" BCRYPT, HASH_MALFORMED },
		{ "$2y$05$abcdefghijklmnopqrstuu", HASH_MALFORMED },
		{ "$1$D41Feydn$", HASH_MALFORMED },
		{ "$y$j9T$", HASH_MALFORMED },
		{ "{SSHA}abc", HASH_MALFORMED },
		{ "{SSHA256}LgfBLAN380JyxWslUFAIz1X8AYfk0gKD",
		    HASH_MALFORMED },
		{ "{SCRAM-SHA-256}4096," SCRAM1, HASH_MALFORMED },
		{ "{ARGON2ID}x", HASH_MALFORMED },
		{ "{SHA256-CRYPT}$5$saltstring$", HASH_MALFORMED },

		/* A login would hang. */
		{ "$5$rounds=5000001$saltstring$" SHA256, HASH_COSTLY },
		{ "$5$rounds=999999999$saltstring$" SHA256, HASH_COSTLY },
		{ "{CRYPT}$6$rounds=999999999$abc$" SHA512, HASH_COSTLY },
		{ "$2y$17$" BCRYPT, HASH_COSTLY },
		{ "$2y$31$" BCRYPT, HASH_COSTLY },
		{ "$y$jjj$" YESCRYPT, HASH_COSTLY },
		{ "{PBKDF2}$1$salt$4294967295$" PBKDF2, HASH_COSTLY },
		{ "{ARGON2ID}$argon2id$v=19$m=1048577,t=1,p=1$" ARGON,
		    HASH_COSTLY },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (hash_state(cases[i].hash) != cases[i].state)
			fail_msg("%s: %d, not %d", cases[i].hash,
			    hash_state(cases[i].hash), cases[i].state);
	assert_int_equal(crypt_calls, 0);
}

/* What may be stored is fine or weak; what is fine may be stored. */
static void
what_is_accepted_is_no_defect(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(accepted); i++)
		if (hash_state(accepted[i]) != HASH_FINE &&
		    hash_state(accepted[i]) != HASH_WEAK)
			fail_msg("%s: %d", accepted[i],
			    hash_state(accepted[i]));
	for (i = 0; i < COUNT(accepted_salted); i++)
		if (hash_state(accepted_salted[i]) != HASH_FINE &&
		    hash_state(accepted_salted[i]) != HASH_WEAK)
			fail_msg("%s: %d", accepted_salted[i],
			    hash_state(accepted_salted[i]));
}

static void
rounds_are_read_as_crypt_reads_them(void **state)
{
	static const struct {
		const char *hash;
		int64_t rounds;
	} cases[] = {
		{ "$5$saltstring$" SHA256, 5000 },
		{ "$6$abc$" SHA512, 5000 },
		{ "$5$rounds=1000$saltstring$" SHA256, 1000 },
		{ "$6$rounds=999999999$abc$" SHA512, 999999999 },
		{ "{SHA256-CRYPT}$5$rounds=50000$saltstring$" SHA256, 50000 },
		{ "{CRYPT}$5$saltstring$" SHA256, 5000 },
		{ "$2y$04$" BCRYPT, 4 },
		{ "$2b$10$" BCRYPT, 10 },
		{ "{BLF-CRYPT}$2y$31$" BCRYPT, 31 },
		{ "$5$rounds=abc$saltstring$" SHA256, -1 },
		{ "$5$rounds=$saltstring$" SHA256, -1 },
		{ "$5$rounds=-5$saltstring$" SHA256, -1 },
		{ "$5$rounds=5000", -1 },
		{ "$2y$", -1 },
		{ "$2", -1 },
		{ "$2z$10$", -1 },
		{ "$y$j9T$" YESCRYPT, -1 },
		{ "{PLAIN}$", -1 },
		{ "{", -1 },
		{ "!", -1 },
		{ "", -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (hash_rounds(cases[i].hash) != cases[i].rounds)
			fail_msg("%s: %lld", cases[i].hash,
			    (long long)hash_rounds(cases[i].hash));
}

/* As far as a scheme's name tells what its hashes are. */
static void
a_scheme_tells_part_of_it(void **state)
{
	static const struct {
		const char *scheme;
		enum hash_state state;
	} cases[] = {
		{ "none", HASH_NONE },
		{ "SHA256-CRYPT", HASH_FINE },
		{ "SHA512-CRYPT", HASH_FINE },
		{ "BLF-CRYPT", HASH_FINE },
		{ "YESCRYPT", HASH_FINE },
		{ "GOST-YESCRYPT", HASH_FINE },
		{ "SCRYPT", HASH_FINE },
		{ "CRYPT", HASH_FINE },
		{ "SSHA512", HASH_FINE },
		{ "ARGON2ID", HASH_FINE },
		{ "MD5-CRYPT", HASH_WEAK },
		{ "DES-CRYPT", HASH_WEAK },
		{ "PLAIN-MD5", HASH_WEAK },
		{ "CRAM-MD5", HASH_WEAK },
		{ "SHA256", HASH_WEAK },
		{ "PLAIN", HASH_CLEARTEXT },
		{ "OTP", HASH_UNKNOWN },
		{ "FOO", HASH_UNKNOWN },
		{ "unknown", HASH_UNKNOWN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (scheme_state(cases[i].scheme) != cases[i].state)
			fail_msg("%s: %d", cases[i].scheme,
			    scheme_state(cases[i].scheme));
}

static void
naughty(const char *s)
{
	assert_false(hash_is_valid(s));
	assert_int_equal(password_verify(s, "x"), PASSWORD_UNVERIFIABLE);
}

static void
naughty_strings_are_no_hashes(void **state)
{
	(void)state;
	assert_int_equal(corpus_naughty(naughty), 516);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_bad_hashes_are_refused),
		cmocka_unit_test(salted_hashes_of_known_schemes_are_accepted),
		cmocka_unit_test(one_character_less_or_more_is_refused),
		cmocka_unit_test(other_hashes_are_refused_with_a_reason),
		cmocka_unit_test(costly_hashes_are_refused_unseen),
		cmocka_unit_test(a_hash_has_255_characters_at_most),
		cmocka_unit_test(salt_characters_are_those_that_crypt_takes),
		cmocka_unit_test(schemes_have_the_names_of_the_database),
		cmocka_unit_test(a_stored_text_is_told_for_what_it_is),
		cmocka_unit_test(what_is_accepted_is_no_defect),
		cmocka_unit_test(rounds_are_read_as_crypt_reads_them),
		cmocka_unit_test(a_scheme_tells_part_of_it),
		cmocka_unit_test(naughty_strings_are_no_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

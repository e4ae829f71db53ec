/* SPDX-License-Identifier: MIT */
/* Which files of a Maildir the next scan opens again: those that it has to, and no others. */
#include "source_files.h"

#include "source/maildir_seen.h"

#include <errno.h>
#include <sys/stat.h>
#include <utime.h>

#define SECOND ((gint64) 1000000000)

/* --- the records ---------------------------------------------------------------------------------------------------*/

static const struct stat plain = {
    .st_dev = 7, .st_ino = 4711, .st_size = 2000, .st_mtim = {1000, 5}, .st_ctim = {1001, 6},
};
static const gint64 later = G_GINT64_CONSTANT (5000000000);

static GBytes *
seen_once (const struct stat *status, gint64 now)
{
    g_autoptr (MaildirSeen) seen = maildir_seen_new (NULL);

    for (guint i = 0; i < 100; i++) { /* others around it */
        g_autofree char *name = g_strdup_printf ("%u.M%uP1.host", 100 + i, i);
        struct stat other = plain;

        other.st_ino = 1 + i;
        maildir_seen_add (seen, "new", name, &other, later);
    }
    maildir_seen_add (seen, "cur", "1.M1P1.host:2,S", status, now);
    return maildir_seen_end (seen);
}

static gboolean
knows (GBytes *bytes, const char *part, const char *name, const struct stat *status)
{
    g_autoptr (MaildirSeen) seen = maildir_seen_new (bytes);

    return maildir_seen_knows (seen, part, name, status);
}

static void
test_same (void **state)
{
    g_autoptr (GBytes) bytes = seen_once (&plain, later);
    struct stat status = plain;

    (void) state;
    assert_true (knows (bytes, "cur", "1.M1P1.host:2,S", &status));
    status.st_atim.tv_sec = 99;
    status.st_nlink = 2;
    assert_true (knows (bytes, "cur", "1.M1P1.host:2,S", &status));
    /* A rename may change the time of change. */
    status.st_ctim.tv_sec = 2000;
    assert_true (knows (bytes, "cur", "1.M1P1.host:2,FS", &status));
    assert_true (knows (bytes, "cur", "1.M1P1.host", &status));
    assert_true (knows (bytes, "new", "1.M1P1.host:2,S", &status));
    /* Nothing else does so. */
    assert_false (knows (bytes, "cur", "1.M1P1.host:2,S", &status));
}

static void
test_other (void **state)
{
    g_autoptr (GBytes) bytes = seen_once (&plain, later);
    struct stat status;

    (void) state;
#define DIFFERS(change) \
    status = plain, change, assert_false (knows (bytes, "cur", "1.M1P1.host:2,S", &status)), \
    assert_false (knows (bytes, "cur", "1.M1P1.host:2,FS", &status))
    DIFFERS (status.st_dev++);
    DIFFERS (status.st_ino++);
    DIFFERS (status.st_size++);
    DIFFERS (status.st_mtim.tv_sec--);
    DIFFERS (status.st_mtim.tv_nsec++);
#undef DIFFERS
    assert_false (knows (bytes, "cur", "2.M1P1.host:2,S", &plain));
    assert_false (knows (bytes, "cur", "1.M1P1.hos", &plain));
    assert_false (knows (NULL, "cur", "1.M1P1.host:2,S", &plain));
}

/* Within two seconds a file may be written twice and have the same times; a time in the future proves nothing. */
static void
test_fresh (void **state)
{
    static const struct {
        gint64 age; /* nanoseconds */
        gboolean known;
    } cases[] = {{0, FALSE}, {SECOND, FALSE}, {2 * SECOND - 1000, FALSE}, {2 * SECOND, TRUE}, {-60 * SECOND, FALSE}};

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        for (int which = 0; which < 2; which++) {
            struct stat status = plain;
            gint64 touched = later * 1000 - cases[i].age;
            struct timespec at = {touched / SECOND, touched % SECOND};

            *(which ? &status.st_mtim : &status.st_ctim) = at;
            g_autoptr (GBytes) bytes = seen_once (&status, later);
            assert_int_equal (knows (bytes, "cur", "1.M1P1.host:2,S", &status), cases[i].known);
        }
}

/* What is asked for is kept, what is not asked for is gone, and nothing is told when nothing changed. */
static void
test_what_is_kept (void **state)
{
    g_autoptr (GBytes) bytes = seen_once (&plain, later), less = NULL, renamed = NULL;
    struct stat status = plain;

    (void) state;
    for (int round = 0; round < 2; round++) {
        g_autoptr (MaildirSeen) seen = maildir_seen_new (bytes);
        for (guint i = 0; i < 100; i++) {
            g_autofree char *name = g_strdup_printf ("%u.M%uP1.host", 199 - i, 99 - i);
            status.st_ino = 100 - i;
            assert_true (maildir_seen_knows (seen, "new", name, &status));
        }
        if (round == 0)
            assert_true (maildir_seen_knows (seen, "cur", "1.M1P1.host:2,S", &plain));
        less = maildir_seen_end (seen);
        assert_true ((less == NULL) == (round == 0));
    }
    assert_false (knows (less, "cur", "1.M1P1.host:2,S", &plain));
    status.st_ino = 1;
    assert_true (knows (less, "new", "100.M0P1.host", &status));

    g_autoptr (MaildirSeen) seen = maildir_seen_new (bytes);
    status = plain;
    status.st_ctim.tv_sec += 100;
    assert_true (maildir_seen_knows (seen, "cur", "1.M1P1.host:2,FS", &status));
    renamed = maildir_seen_end (seen);
    assert_true (knows (renamed, "cur", "1.M1P1.host:2,FS", &status));
    status.st_ctim.tv_sec += 100;
    assert_false (knows (renamed, "cur", "1.M1P1.host:2,FS", &status));
}

/* Bytes that are none of ours, or were cut. */
static void
test_damaged (void **state)
{
    g_autoptr (GBytes) bytes = seen_once (&plain, later);
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    (void) state;
    for (gsize length = 0; length < size; length += length < 64 ? 1 : 37) {
        g_autoptr (GBytes) cut = g_bytes_new (data, length);
        g_autoptr (GBytes) rest = g_bytes_new (data + length, size - length);
        (void) knows (cut, "cur", "1.M1P1.host:2,S", &plain);
        assert_true (length == 0 || !knows (rest, "cur", "1.M1P1.host:2,S", &plain));
    }
}

/* --- a Maildir from night to night ---------------------------------------------------------------------------------*/

typedef struct {
    GHashTable *seen; /* path → GBytes */
    guint told;
} Nights;

static GBytes *
get_seen (const char *path, gpointer user)
{
    GBytes *bytes = g_hash_table_lookup (((Nights *) user)->seen, path);

    return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static void
put_seen (const char *path, GBytes *seen, guint64 serial, gpointer user)
{
    Nights *nights = user;

    (void) serial;
    nights->told++;
    g_hash_table_replace (nights->seen, g_strdup (path), g_bytes_ref (seen));
}

/* What is read in a night. */
static void
night (Nights *nights, const char *wanted)
{
    GString *warnings = g_string_new (NULL);
    g_autoptr (Source) source = source_new (on_warning, warnings);
    g_autofree char *got = NULL;

    nights->told = 0;
    source_follow_maildirs (source, get_seen, put_seen, nights);
    source_add (source, "M");
    got = read_all (source, warnings);
    if (strcmp (got, wanted) != 0)
        fail_msg ("read:\n%swanted:\n%s", got, wanted);
}

/* Delivered long ago: its time of change cannot be set back, so the clock of the test cannot help there. */
static void
deliver (const char *path, const char *text)
{
    struct utimbuf long_ago = {1000000000, 1000000000};

    put (path, text);
    assert_int_equal (utime (path, &long_ago), 0);
}

static void
test_nights (void **state)
{
    Nights nights = {g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref), 0};

    (void) state;
    g_mkdir_with_parents ("M/tmp", 0700);
    deliver ("M/new/1.a", MAIL (1));
    deliver ("M/cur/2.b:2,S", MAIL (2));
    deliver ("M/cur/3.c:2,S", MAIL (3));
    deliver ("M/.Sub/cur/4.d:2,S", MAIL (4));
    g_mkdir_with_parents ("M/.Sub/new", 0700);
    deliver ("M/cur/5.e", "");
    g_usleep (2100 * 1000); /* until the times of change prove something */
#define EMPTY "! M/cur/5.e:0: the file is empty\n"
    night (&nights, "d M/new/1.a 0 Subject: m1\nd M/cur/2.b:2,S 0 Subject: m2\nd M/cur/3.c:2,S 0 Subject: m3\n"
                    "d M/.Sub/cur/4.d:2,S 0 Subject: m4\n1 0\n" EMPTY);
    assert_int_equal (nights.told, 2);
    night (&nights, "1 0\n" EMPTY); /* what gave no message is looked at again */
    assert_int_equal (nights.told, 0);

    assert_int_equal (rename ("M/new/1.a", "M/cur/1.a:2,"), 0);
    assert_int_equal (rename ("M/cur/2.b:2,S", "M/cur/2.b:2,RS"), 0);
    assert_int_equal (unlink ("M/cur/3.c:2,S"), 0);
    assert_int_equal (unlink ("M/cur/5.e"), 0);
    night (&nights, "0 0\n");
    assert_int_equal (nights.told, 1);

    deliver ("M/cur/3.c:2,S", MAIL (5));     /* the name of one that was there */
    deliver ("M/new/1.a", MAIL (6));         /* the name of one that is still there */
    deliver ("M/.Sub/cur/4.d:2,S", MAIL (7)); /* another file, of the same size and time */
    night (&nights, "d M/new/1.a 0 Subject: m6\nd M/cur/3.c:2,S 0 Subject: m5\n"
                    "d M/.Sub/cur/4.d:2,S 0 Subject: m7\n0 0\n");
    /* All of that is too fresh to be remembered. */
    night (&nights, "d M/new/1.a 0 Subject: m6\nd M/cur/3.c:2,S 0 Subject: m5\n"
                    "d M/.Sub/cur/4.d:2,S 0 Subject: m7\n0 0\n");
    g_hash_table_destroy (nights.seen);
}

UNIT_MAIN (cmocka_unit_test (test_same), cmocka_unit_test (test_other), cmocka_unit_test (test_fresh),
           cmocka_unit_test (test_what_is_kept), cmocka_unit_test (test_damaged), IN_FOLDER (test_nights))

/* SPDX-License-Identifier: MIT */
/* What comes out of files, folders, Maildirs, lists and pipes, in which order, and what is told. */
#include "source_files.h"

#include "base/date.h"
#include "event/event_id.h"

#include <sys/stat.h>
#include <sys/wait.h>

static void
test_files (void **state)
{
    (void) state;
    put ("mbox", FROM (1) MAIL (1) "\n" FROM (2) MAIL (2) "\n");
    assert_reads ("mbox", "x mbox 0 Subject: m1\nx mbox 66 Subject: m2\n0 0\n");
    put ("one.eml", MAIL (3));
    assert_reads ("one.eml", "f one.eml 0 Subject: m3\n0 0\n");
    put ("from.eml", FROM (1) MAIL (3));
    assert_reads ("from.eml", "x from.eml 0 Subject: m3\n0 0\n");
    put ("bom.eml", "\xef\xbb\xbf\r\n" MAIL (3));
    assert_reads ("bom.eml", "f bom.eml 0 Subject: m3\n0 0\n");
    put ("cr.eml", "Subject: m4\rTo: x\r\rbody\r");
    assert_reads ("cr.eml", "f cr.eml 0 Subject: m4\n0 0\n");
    put ("empty", "");
    assert_reads ("empty", "0 0\n! empty:0: the file is empty\n");
    put_length ("garbage", "\x7f" "ELF\0\1\2\3\n\n", 10);
    assert_reads ("garbage", "1 0\n! garbage:0: this is no mail: no header field at its start, no mbox, no archive\n");
    put ("words", "only words\n");
    assert_reads ("words", "1 0\n! words:0: this is no mail: no header field at its start, no mbox, no archive\n");
    assert_reads ("missing", "1 1\n! missing:0: No such file or directory\n");
    put_length ("nul", "Subject: a\0b\n\nc\n", 16);
    assert_reads ("nul", "f nul 0 Subject: a\n1 0\n! nul:0: the message has NUL bytes\n");
    put_length ("nuls", FROM (1) MAIL (1) "\0\n\n" FROM (2) MAIL (2) "\0\n", 2 * 65 + 5);
    assert_reads ("nuls", "x nuls 0 Subject: m1\nx nuls 68 Subject: m2\n1 0\n! nuls:0: the message has NUL bytes\n");
    put ("headerless", FROM (1) "\nbody\n\n" FROM (2) MAIL (2));
    assert_reads ("headerless", "x headerless 0 \nx headerless 52 Subject: m2\n"
                                "1 0\n! headerless:0: the message has no header fields\n");
    put ("cut", FROM (1) MAIL (1) "\n" FROM (2) "Subject: m2\n\nbo");
    assert_reads ("cut", "x cut 0 Subject: m1\nx cut 66 Subject: m2\n"
                         "1 0\n! cut:66: the mailbox ends in the middle of a message\n");
    put ("cut-early", FROM (1) MAIL (1) "\nFrom a2@exam");
    assert_reads ("cut-early", "x cut-early 0 Subject: m1\n"
                               "1 0\n! cut-early:66: the mailbox ends in the line that opens a message\n");
    put ("no-newline", FROM (1) "Subject: m1\n\nbody");
    assert_reads ("no-newline", "x no-newline 0 Subject: m1\n0 0\n");
}

/* The same message, wherever it lies, has the same key; the `From ` line's date is its time of arrival. */
static void
test_same_message (void **state)
{
    static const char *const texts[] = {
        "Subject: x\n\nbody\n\nFrom here\n>From there\n\n\n",
        "Subject: x\r\n\r\nbody\r\n\r\nFrom here\r\n>From there\r\n",
        "Subject: x\r\rbody\r\rFrom here\r>From there\r",
        FROM (1) "Subject: x\n\nbody\n\n>From here\n>>From there\n\n",
        "From a1@example.com Mon May  2 16:07:01 2005\rSubject: x\r\rbody\r\r>From here\r>>From there\r",
        FROM (1) "Subject: x\n\nbody\n\n>From here\n>>From there\n\n\n" FROM (2) MAIL (2),
        FROM (1) "Subject: x\r\n\r\nbody\r\n\r\n>From here\r\n>>From there",
    };
    g_autoptr (Digester) digester = digester_new ();
    Digest first = {{0}};

    (void) state;
    for (gsize i = 0; i < 2 * G_N_ELEMENTS (texts); i++) {
        const char *path = i % 2 == 0 ? "same/x" : "Same/cur/1000.x:2,S";
        g_autoptr (Source) source = source_new (NULL, NULL);
        SourceMessage message;
        Digest key;

        if (i % 2 == 1 && i / 2 == 5) /* two messages: no Maildir file */
            continue;
        g_mkdir_with_parents ("Same/new", 0700);
        put (path, texts[i / 2]);
        source_add (source, i % 2 == 0 ? "same/x" : "Same");
        assert_true (source_next (source, &message));
        key = message_key (digester, message.data, message.length);
        if (i == 0)
            first = key;
        if (!digest_equal (&first, &key))
            fail_msg ("text %zu as %s: %.*s", i / 2, path, (int) message.length, message.data);
        assert_int_equal (message.received, i % 2 == 1                ? 1000
                                            : message.kind == SOURCE_MBOX ? 1115050021
                                                                          : DATE_NONE);
        assert_int_equal (source_failures (source), 0);
    }
}

static void
test_maildir (void **state)
{
    (void) state;
    put ("Maildir/new/3.c", MAIL (3));
    put ("Maildir/cur/1.a:2,S", MAIL (1));
    assert_int_equal (link ("Maildir/cur/1.a:2,S", "Maildir/cur/1.a:2,RS"), 0); /* flagged while the folder was read */
    assert_int_equal (link ("Maildir/new/3.c", "Maildir/cur/3.c:2,S"), 0);      /* was moved here from new/ */
    put ("Maildir/new/4.n", MAIL (4));
    put ("Maildir/cur/4.n:2,S", MAIL (5)); /* another message of that name */
    put ("Maildir/cur/4.n:2,T", MAIL (6)); /* and another one */
    put ("Maildir/cur/10.b", FROM (1) MAIL (2) "\n" FROM (2) "Subject: text\n");
    put ("Maildir/cur/.hidden", MAIL (9));
    put ("Maildir/cur/folder/4.d", MAIL (9));
    put ("Maildir/tmp/5.e", MAIL (9));
    put ("Maildir/dovecot-uidlist", "3 V1 N5\n");
    put ("Maildir/.Sub.One/cur/6.f", MAIL (6));
    put ("Maildir/.Sub.One/new/7.g", MAIL (7));
    put ("Maildir/.Sub.One/tmp/x", MAIL (9));
    put ("Maildir/.notes/cur/x", MAIL (9)); /* neither new/ nor tmp/ */
    put ("Maildir/Plain/new/8.h", MAIL (8));
    put ("Maildir/Plain/cur/9.i", "");
    g_mkdir_with_parents ("Maildir/Plain/tmp", 0700);
    assert_reads ("Maildir", "d Maildir/new/3.c 0 Subject: m3\n"
                             "d Maildir/new/4.n 0 Subject: m4\n"
                             "d Maildir/cur/1.a:2,RS 0 Subject: m1\n"
                             "d Maildir/cur/10.b 0 Subject: m2\n"
                             "d Maildir/cur/4.n:2,S 0 Subject: m5\n"
                             "d Maildir/cur/4.n:2,T 0 Subject: m6\n"
                             "d Maildir/.Sub.One/new/7.g 0 Subject: m7\n"
                             "d Maildir/.Sub.One/cur/6.f 0 Subject: m6\n"
                             "d Maildir/Plain/new/8.h 0 Subject: m8\n"
                             "1 0\n! Maildir/Plain/cur/9.i:0: the file is empty\n");
}

/* Files that move or go while the Maildir is read. */
static void
test_maildir_moves (void **state)
{
    GString *warnings = g_string_new (NULL);
    g_autoptr (Source) source = source_new (on_warning, warnings);
    g_autofree char *rest = NULL;
    SourceMessage message;

    (void) state;
    for (int i = 1; i <= 4; i++) {
        g_autofree char *in_new = g_strdup_printf ("Moves/new/%d.n", i), *in_cur = g_strdup_printf ("Moves/cur/%d.c:2,", i);

        put (in_new, MAIL (1));
        put (in_cur, MAIL (2));
    }
    source_add (source, "Moves");
    assert_true (source_next (source, &message));
    assert_string_equal (message.path, "Moves/new/1.n");
    assert_int_equal (rename ("Moves/new/1.n", "Moves/cur/1.n:2,S"), 0); /* given already: not again */
    assert_int_equal (rename ("Moves/new/2.n", "Moves/cur/2.n:2,"), 0);  /* to be found there */
    assert_int_equal (unlink ("Moves/new/3.n"), 0);                     /* no error */
    for (int i = 0; i < 2; i++)
        assert_true (source_next (source, &message));
    assert_string_equal (message.path, "Moves/cur/1.c:2,");
    assert_int_equal (rename ("Moves/cur/2.c:2,", "Moves/cur/2.c:2,S"), 0); /* a second look finds it */
    assert_int_equal (rename ("Moves/cur/3.c:2,", "Moves/elsewhere"), 0);
    rest = read_all (source, warnings);
    assert_string_equal (rest, "d Moves/cur/2.n:2, 0 Subject: m1\nd Moves/cur/4.c:2, 0 Subject: m2\n"
                               "d Moves/cur/2.c:2,S 0 Subject: m2\n0 0\n");
}

static void
test_not_files (void **state)
{
    (void) state;
    put ("odd/a.eml", MAIL (1));
    put ("odd/z.eml", MAIL (2));
    put ("secret", MAIL (9));
    assert_int_equal (symlink ("../secret", "odd/link.eml"), 0);
    assert_int_equal (symlink ("nowhere", "odd/dangling"), 0);
    assert_int_equal (symlink ("..", "odd/loop"), 0);
    assert_int_equal (mkfifo ("odd/pipe", 0600), 0);
    assert_reads ("odd", "f odd/a.eml 0 Subject: m1\nf odd/z.eml 0 Subject: m2\n4 0\n"
                         "! odd/dangling:0: a symbolic link is not followed\n"
                         "! odd/link.eml:0: a symbolic link is not followed\n"
                         "! odd/loop:0: a symbolic link is not followed\n"
                         "! odd/pipe:0: a named pipe is not read\n");
    put ("Odd/cur/1.a", MAIL (1));
    g_mkdir_with_parents ("Odd/new", 0700);
    assert_int_equal (symlink ("../../secret", "Odd/cur/2.b"), 0);
    assert_int_equal (mkfifo ("Odd/cur/3.c", 0600), 0);
    assert_int_equal (symlink ("../odd", "Odd/.Link"), 0);
    assert_reads ("Odd", "d Odd/cur/1.a 0 Subject: m1\n3 0\n"
                         "! Odd/cur/2.b:0: a symbolic link is not followed\n"
                         "! Odd/cur/3.c:0: a named pipe is not read\n"
                         "! Odd/.Link:0: a symbolic link is not followed\n");
    /* A PATH itself was named by its user. */
    assert_int_equal (symlink ("secret", "named"), 0);
    assert_reads ("named", "f named 0 Subject: m9\n0 0\n");
    assert_reads ("odd/pipe", "1 0\n! odd/pipe:0: this is neither a file nor a folder\n");
    if (geteuid () != 0) {
        put ("locked/a", MAIL (1));
        assert_int_equal (chmod ("locked/a", 0), 0);
        assert_reads ("locked", "1 0\n! locked/a:0: Permission denied\n");
    }
}

static void
test_folder (void **state)
{
    g_autoptr (GString) deep = g_string_new ("deep"), warning = g_string_new (NULL);

    (void) state;
    put ("mixed/B", FROM (1) MAIL (1) "\n" FROM (2) MAIL (2));
    put ("mixed/a/2", MAIL (3));
    put ("mixed/a/10", MAIL (4));
    put ("mixed/a/.hidden", MAIL (9));
    put ("mixed/.git/x", MAIL (9));
    put ("mixed/c/cur/1.x", MAIL (5));
    put ("mixed/c/new/2.y", MAIL (6));
    put ("mixed/dovecot.index", "x");
    assert_reads ("mixed/", "x mixed/B 0 Subject: m1\nx mixed/B 66 Subject: m2\nf mixed/a/10 0 Subject: m4\n"
                            "f mixed/a/2 0 Subject: m3\nd mixed/c/new/2.y 0 Subject: m6\n"
                            "d mixed/c/cur/1.x 0 Subject: m5\n0 0\n");
    for (int i = 0; i < LIMIT_DIR_DEPTH + 3; i++) {
        g_string_append (deep, "/d");
        if (i == LIMIT_DIR_DEPTH)
            g_string_printf (warning, "f deep/x 0 Subject: m1\n1 0\n! %s:0: folders too deep in each other\n", deep->str);
    }
    g_string_append (deep, "/y");
    put (deep->str, MAIL (9));
    put ("deep/x", MAIL (1));
    g_string_erase (warning, 0, (gssize) strlen ("f deep/x 0 Subject: m1\n1 0\n"));
    g_string_prepend (warning, "f deep/x 0 Subject: m1\n1 0\n");
    assert_reads ("deep", warning->str);
}

/* A line of 40 MB, in the middle of an mbox and alone: the rest is found, the head is kept. */
static void
test_long_line (void **state)
{
    g_autoptr (GString) mbox = g_string_new (FROM (1) "Subject: m1\n\n"), want = g_string_new (NULL);
    g_autofree char *line = g_strnfill (40 * 1000 * 1000, 'x');

    (void) state;
    g_string_append (mbox, line);
    g_string_append_printf (want, "x long 0 Subject: m1 …\nx long %zu Subject: m2\n"
                                  "1 0\n! long:0: the message is longer than 16 MiB: the rest was not read\n", mbox->len + 2);
    g_string_append (mbox, "\n\n" FROM (2) MAIL (2));
    put ("long", mbox->str);
    assert_reads ("long", want->str);
    put ("long.eml", mbox->str + 45);
    assert_reads ("long.eml", "f long.eml 0 Subject: m1 …\n"
                              "1 0\n! long.eml:0: the message is longer than 16 MiB: the rest was not read\n");
}

static char *
read_list (const char *list, gboolean nul_separated)
{
    GString *warnings = g_string_new (NULL);
    g_autoptr (Source) source = source_new (on_warning, warnings);

    source_add (source, "first");
    assert_true (source_add_list (source, list, nul_separated, NULL));
    source_add (source, "last");
    return read_all (source, warnings);
}

static void
test_lists (void **state)
{
    static const char names[] = "a\nb\0first\0\0missing";
    g_autofree char *lines = NULL, *nuls = NULL, *longest = g_strnfill (LIMIT_PATH_LIST_ENTRY + 1, 'x');
    g_autofree char *text = g_strconcat ("first\n", longest, "\nlast", NULL), *rest = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (Source) source = source_new (NULL, NULL);

    (void) state;
    put ("first", MAIL (1));
    put ("last", MAIL (2));
    put ("a\nb", MAIL (3));
    put ("list", "\nlast\nmissing\n\nfirst");
    lines = read_list ("list", FALSE);
    assert_string_equal (lines, "f first 0 Subject: m1\nf last 0 Subject: m2\nf first 0 Subject: m1\nf last 0 Subject: m2\n"
                                "1 1\n! missing:0: No such file or directory\n");
    put_length ("list0", names, sizeof names);
    nuls = read_list ("list0", TRUE);
    assert_string_equal (nuls, "f first 0 Subject: m1\nf a\nb 0 Subject: m3\nf first 0 Subject: m1\nf last 0 Subject: m2\n"
                               "1 1\n! missing:0: No such file or directory\n");
    put ("list1", text);
    rest = read_list ("list1", FALSE);
    assert_non_null (strstr (rest, "1 0\n! list1:65544: an entry of the list cannot be a path\n"));
    assert_non_null (strstr (rest, "f first 0 Subject: m1\nf last 0 Subject: m2\nf last"));
    assert_false (source_add_list (source, "no-list", FALSE, &error));
    assert_non_null (strstr (error->message, "no-list"));
}

/* Standard input: a pipe, fed by another process in odd pieces. */
static void
test_stdin (void **state)
{
    GString *warnings = g_string_new (NULL);
    g_autoptr (Source) source = source_new (on_warning, warnings);
    g_autoptr (GString) mbox = random_mbox (50);
    g_autofree char *got = NULL;
    int ends[2], saved = dup (STDIN_FILENO);
    pid_t child;

    (void) state;
    assert_int_equal (pipe (ends), 0);
    child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        for (gsize at = 0; at < mbox->len; at += 777)
            if (write (ends[1], mbox->str + at, MIN (777, mbox->len - at)) < 0)
                _exit (1);
        _exit (0);
    }
    close (ends[1]);
    assert_int_equal (dup2 (ends[0], STDIN_FILENO), STDIN_FILENO);
    close (ends[0]);
    source_add (source, "-");
    source_add (source, "-");
    got = read_all (source, warnings);
    assert_int_equal (waitpid (child, NULL, 0), child);
    assert_int_equal (dup2 (saved, STDIN_FILENO), STDIN_FILENO);
    close (saved);
    assert_true (g_str_has_prefix (got, "x - 0 Subject: m0\n"));
    assert_non_null (strstr (got, " Subject: m49\n1 0\n! -:0: standard input can be read only once\n"));
    assert_int_equal (source_bytes (source), mbox->len);
}

UNIT_MAIN (IN_FOLDER (test_files), IN_FOLDER (test_same_message), IN_FOLDER (test_maildir),
           IN_FOLDER (test_maildir_moves), IN_FOLDER (test_not_files), IN_FOLDER (test_folder),
           IN_FOLDER (test_long_line), IN_FOLDER (test_lists), IN_FOLDER (test_stdin))

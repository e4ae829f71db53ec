/* SPDX-License-Identifier: MIT */
/* The memory that mail waits in: room, growth, reuse; and that a parse process reads it and cannot write. */
#include "unit.h"

#include "base/limits.h"
#include "worker/mail_space.h"
#include "worker/sandbox.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH ((gsize) LIMIT_BATCH_BYTES)

static void
test_growth (void **state)
{
    MailSpace *space = mail_space_new ();
    MailRange range = {0, 0}, other = {0, 0};

    (void) state;
    assert_non_null (space);
    assert_true (mail_space_reserve (space, &range, 0, 100));
    assert_true (range.size >= 100);
    strcpy (mail_space_bytes (space, &range), "what is in it stays");
    assert_true (mail_space_reserve (space, &other, 0, BATCH));
    gsize before = range.at;
    assert_true (mail_space_reserve (space, &range, 20, BATCH));
    assert_int_not_equal (range.at, before); /* the other one lay behind it */
    assert_string_equal (mail_space_bytes (space, &range), "what is in it stays");
    assert_true (range.at >= other.at + other.size || other.at >= range.at + range.size);
    mail_space_trim (space, &other, 0);
    assert_int_equal (other.size, 0);
    assert_true (mail_space_reserve (space, &other, 0, 100));
    assert_int_equal (other.at, before); /* low memory first: the rest of it is never touched */
    assert_true (mail_space_reserve (space, &other, 0, 50)); /* it never shrinks by that */
    assert_true (other.size >= 100);
    mail_space_free (space);
}

static void
test_trim (void **state)
{
    MailSpace *space = mail_space_new ();
    MailRange range = {0, 0}, next = {0, 0};

    (void) state;
    assert_true (mail_space_reserve (space, &range, 0, BATCH));
    mail_space_trim (space, &range, BATCH); /* all of it is used */
    assert_int_equal (range.size, BATCH);
    mail_space_trim (space, &range, 1);
    assert_true (range.size > 0 && range.size < BATCH);
    assert_true (mail_space_reserve (space, &next, 0, 1));
    assert_int_equal (next.at, range.at + range.size);
    mail_space_free (space);
}

static void
test_room (void **state)
{
    MailSpace *space = mail_space_new ();
    MailRange ranges[4] = {{0, 0}}, small = {0, 0}, whole = {0, 0};
    guint n = 0;

    (void) state;
    assert_false (mail_space_reserve (space, &whole, 0, G_MAXSIZE / 2));
    assert_int_equal (whole.size, 0);
    while (mail_space_has_room (space))
        assert_true (mail_space_reserve (space, &ranges[n++], 0, (gsize) LIMIT_MESSAGE));
    assert_in_range (n, 2, 3);
    mail_space_trim (space, &ranges[0], 0);
    mail_space_trim (space, &ranges[1], 0);
    assert_true (mail_space_has_room (space)); /* two beside each other, below what is taken */
    /* However one that is being filled lies: all others gone, there is room for the largest. */
    assert_true (mail_space_reserve (space, &small, 0, (gsize) LIMIT_MESSAGE - BATCH));
    assert_true (mail_space_reserve (space, &ranges[1], 0, BATCH + BATCH / 2));
    mail_space_trim (space, &small, 0);
    for (guint i = 2; i < n; i++)
        mail_space_trim (space, &ranges[i], 0);
    assert_true (mail_space_has_room (space));
    assert_true (mail_space_reserve (space, &ranges[1], BATCH, (gsize) LIMIT_MESSAGE + BATCH));
    mail_space_free (space);
}

/* What a process that reads mail does to it. */
enum { READ_IT, WRITE_IT, OPEN_IT_FOR_WRITING, WRITE_INHERITED };

static int
status_of (guint what)
{
    MailSpace *space = mail_space_new ();
    MailRange range = {0, 0};
    int status = 0;

    assert_true (mail_space_reserve (space, &range, 0, 100));
    char *mail = mail_space_bytes (space, &range);
    pid_t pid = fork ();
    if (pid == 0) {
        char *bytes = (char *) mail_space_enter (space);

        sandbox_close_all_but (-1);
        sandbox_enter ();
        while (*(volatile char *) bytes != 'x') /* it comes after the fork */
            ;
        if (what == WRITE_IT)
            bytes[range.at] = 'y';
        if (what == OPEN_IT_FOR_WRITING && mprotect (bytes, 4096, PROT_READ | PROT_WRITE) == 0)
            bytes[range.at] = 'y';
        if (what == WRITE_INHERITED)
            mail[0] = 'y';
        _exit (42);
    }
    mail[0] = 'x';
    assert_int_equal (waitpid (pid, &status, 0), pid);
    assert_int_equal (mail[0], 'x');
    mail_space_free (space);
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
test_only_read (void **state)
{
    (void) state;
    assert_int_equal (status_of (READ_IT), 42);
    assert_int_not_equal (status_of (WRITE_IT), 42);
    assert_int_equal (status_of (OPEN_IT_FOR_WRITING), 42);
    assert_int_not_equal (status_of (WRITE_INHERITED), 42);
}

UNIT_MAIN (cmocka_unit_test (test_growth), cmocka_unit_test (test_trim), cmocka_unit_test (test_room),
           cmocka_unit_test (test_only_read))

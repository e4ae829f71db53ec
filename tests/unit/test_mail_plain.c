/* SPDX-License-Identifier: MIT */
/* The parts of a multipart found in place are those that GMime finds: byte for byte, over every sample, and over every
 * way in which one byte of a small one can be changed or lost. */
#include "unit.h"

#include "mail/mail_plain.h"
#include "mail/mail_view.h"

#include <string.h>

typedef struct {
    MailWalk *walk;
    Arena *arena;
    guint plain, n_compared; /* bodies that were taken in place, of how many */
} Fixture;

static int
set_up (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);
    fixture->walk = mail_walk_new ();
    fixture->arena = arena_new ();
    *state = fixture;
    return 0;
}

static int
tear_down (void **state)
{
    Fixture *fixture = *state;
    mail_walk_free (fixture->walk);
    arena_free (fixture->arena);
    g_free (fixture);
    return 0;
}

static gboolean
same_span (Span a, Span b)
{
    return a.length == b.length && (a.length == 0 || a.at == b.at);
}

static void
compare (Fixture *fixture, const char *boundary, Span body)
{
    g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (WalkPart));
    g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (WalkPart));
    guint32 flags = 0;
    fixture->n_compared++;
    if (!mail_plain_walk (boundary, body, ours)) {
        assert_int_equal (ours->len, 0);
        return;
    }
    fixture->plain++;
    if (!mail_walk_by_gmime (fixture->walk, fixture->arena, boundary, body, theirs, &flags) || ours->len != theirs->len || flags)
        fail_msg ("%u parts in place, %u by GMime, flags %u:\n%.*s", ours->len, theirs->len, flags, (int) body.length, body.at);
    for (guint i = 0; i < ours->len; i++) {
        const WalkPart *a = &g_array_index (ours, WalkPart, i), *b = &g_array_index (theirs, WalkPart, i);
        if (a->parent != b->parent || a->depth != b->depth || a->multipart != b->multipart ||
            !same_span (a->content, b->content) || !same_span (a->headers, b->headers))
            fail_msg ("part %u: headers %zu+%zu, content %zu+%zu in place; %zu+%zu, %zu+%zu by GMime:\n%.*s", i,
                      a->headers.at ? a->headers.at - body.at : 0, a->headers.length,
                      a->content.at ? a->content.at - body.at : 0, a->content.length,
                      b->headers.at ? b->headers.at - body.at : 0, b->headers.length,
                      b->content.at ? b->content.at - body.at : 0, b->content.length, (int) body.length, body.at);
    }
    arena_clear (fixture->arena);
}

/* Whatever follows "boundary=" anywhere is tried with all that follows. */
static void
compare_file (Fixture *fixture, const char *text, gsize length)
{
    const char *at = text;
    while ((at = strstr (at, "boundary=")) != NULL) {
        char boundary[80];
        at += strlen ("boundary=");
        at += *at == '"';
        gsize n = strcspn (at, "\"; \t\n");
        const char *body = strstr (at, "\n\n");
        if (n == 0 || n >= sizeof boundary || !body)
            continue;
        memcpy (boundary, at, n);
        boundary[n] = '\0';
        compare (fixture, boundary, span (body + 2, (gsize) (text + length - body - 2)));
    }
}

static void
test_data (void **state)
{
    Fixture *fixture = *state;
    const char *top = g_getenv ("top_srcdir");
    static const char *const folders[] = {"tests/data/formats", "sample-mail/Maildir/cur", "sample-mail/Maildir/new"};
    for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
        g_autofree char *folder = g_build_filename (top ? top : ".", folders[i], NULL);
        g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
        const char *name;
        assert_non_null (dir);
        while ((name = g_dir_read_name (dir))) {
            g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;
            gsize length;
            if (g_file_get_contents (path, &text, &length, NULL))
                compare_file (fixture, text, length);
        }
    }
    assert_true (fixture->plain > 20);
}

static const char small[] =
    "before\n--b\nContent-Type: text/plain\n\none\n\n--b\n\ntwo\n--b\nContent-Type: message/rfc822\nX: a\n b\n\n"
    "From: x\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--\n\n--b--\nbehind\n";

/* As the large providers write: a report whose text is there twice. */
static const char nested[] =
    "--b\nContent-Type: multipart/related; boundary=\"cc\";\n type=a\n\n--cc\nContent-Type: multipart/alternative; boundary=c\n\n"
    "--c\nX: y\n\none\n--c\n\ntwo\n\n--c--\n--cc\nA: b\n\nthree\n--cc--\n\n--b\nContent-Type: message/delivery-status\n\n"
    "Action: failed\n\n--b--\n";

static void
change_everywhere (Fixture *fixture, const char *text)
{
    static const char bytes[] = "\n \t-b:\rm\"a2;=";
    gsize length = strlen (text);
    guint before = fixture->plain;
    compare (fixture, "b", span (text, length));
    assert_int_equal (fixture->plain, before + 1);
    for (gsize i = 0; i < length; i++) {
        g_autofree char *changed = g_strdup (text), *shorter = g_strdup (text);
        for (const char *byte = bytes; *byte; byte++) {
            changed[i] = *byte;
            compare (fixture, "b", span (changed, length));
            g_autofree char *longer = g_strdup_printf ("%.*s%c%s", (int) i, text, *byte, text + i);
            compare (fixture, "b", span (longer, length + 1));
        }
        memmove (shorter + i, shorter + i + 1, length - i);
        compare (fixture, "b", span (shorter, length - 1));
        compare (fixture, "b", span (text, i));
    }
    assert_true (fixture->plain > before + 500);
}

static void
test_changes (void **state)
{
    change_everywhere (*state, small);
    change_everywhere (*state, nested);
}

#define T(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
UNIT_MAIN (T (test_data), T (test_changes))

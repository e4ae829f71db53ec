/* SPDX-License-Identifier: MIT */
/* Every sample, changed in ways that must not change what it says, in one process. scripts/sweep runs all of it,
 * `make check` some of it.
 *     sweep pad STEP PATH…       behind 0 … 4,200 bytes of other mail or of its own header: the same events
 *     sweep cut STEP PATH…       cut behind every byte: nothing that the whole message contradicts
 *     sweep ends 1 PATH…         LF, CRLF, CR, CR CR LF, with and without the last line end: the same events
 *     sweep forward 1 PATH…      sent on by a person, in several ways: no event
 * STEP n: every nth byte. Prints each fault on a line and the figures at the end; exit 1 when there was one. */
#define _GNU_SOURCE
#include "base/date.h"
#include "event/address.h"
#include "source/source.h"
#include "worker/parser.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_PADDING 4200
#define READ_BLOCK_EDGE (256 * 1024) /* LIMIT_READ_BLOCK: behind it the next read begins */
#define TOLD_OF_ONE 3                /* faults of one sample that are printed */

typedef struct {
    char *name;
    char *data;
    gsize length;
    gint64 received;
} Sample;

typedef struct {
    Parser *parser;
    GArray *samples;
    GString *text;     /* to be written there */
    char *file;        /* for mailboxes; in memory where there is such a place */
    guint64 runs, faults, faulty;
    guint64 unseen;    /* cuts behind a line of a plain text, which nothing shows */
    guint told;
    gboolean this_one; /* the sample at hand has a fault */
} Sweep;

static void fault (Sweep *sweep, const Sample *sample, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
fault (Sweep *sweep, const Sample *sample, const char *format, ...)
{
    va_list arguments;

    sweep->faults++;
    sweep->faulty += sweep->this_one ? 0 : 1;
    sweep->this_one = TRUE;
    if (sweep->told++ >= TOLD_OF_ONE)
        return;
    va_start (arguments, format);
    g_autofree char *text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    printf ("%s: %s\n", sample->name, text);
}

static void
no_warning (const char *path, guint64 offset, const char *reason, gpointer user)
{
    (void) path;
    (void) offset;
    (void) reason;
    (void) user;
}

static void
load_samples (Sweep *sweep, char **paths)
{
    g_autoptr (Source) source = source_new (no_warning, NULL);
    SourceMessage message;

    for (char **path = paths; *path; path++)
        source_add (source, *path);
    while (source_next (source, &message)) {
        Sample sample = {.name = g_strdup_printf ("%s+%" G_GUINT64_FORMAT, message.path, message.offset),
                         .data = g_malloc0 (message.length + 1),
                         .length = message.length,
                         .received = message.received};
        memcpy (sample.data, message.data, message.length); /* NUL bytes and all */
        g_array_append_val (sweep->samples, sample);
    }
}

static const ParsedMessage *
parse (Sweep *sweep, const char *data, gsize length, gint64 received)
{
    ParserInput input = {.path = "", .data = data, .length = length, .received = received};

    sweep->runs++;
    return parser_parse (sweep->parser, &input);
}

/* What a message says, as text: the result and a line an event, without what its bytes decide (ids, offset). */
static char *
show (const ParsedMessage *parsed)
{
    static const char *const results[] = {"ordinary", "events", "unparsed", "unreadable"};
    GString *out = g_string_new (results[parsed->result]);

    for (guint i = 0; i < event_list_length (parsed->events); i++) {
        const BounceEvent *event = event_list_get (parsed->events, i);
        g_string_append_printf (out, "\n%d %d %d %d %" G_GINT64_FORMAT " %x", event->type, event->fault, event->reason,
                                event->status_from, event->date, event->flags);
#define X(name) g_string_append_printf (out, "|%s", event->name);
        EVENT_STRINGS (X)
#undef X
    }
    return g_string_free (out, FALSE);
}

/* The first place where they differ. */
static const char *
difference (const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *b ? b : a;
}

/* --- padding ------------------------------------------------------------------------------------------------------ */

/* A letter that makes an mbox `length` bytes long, or a little longer. */
static void
put_letter (GString *out, gsize length)
{
    static GString *longest;

    if (!longest) {
        longest = g_string_new ("From ada@example.org Mon Nov  2 08:00:00 2026\nFrom: ada@example.org\nSubject: x\n\n");
        while (longest->len < READ_BLOCK_EDGE)
            g_string_append_c (longest, longest->len % 64 == 63 ? '\n' : 'x');
    }
    g_string_append_len (out, longest->str, (gssize) MAX (MIN (length, longest->len), 100) - 2);
    g_string_append (out, "\n\n");
}

static void
put_mbox (GString *out, const Sample *sample)
{
    gboolean start = TRUE;

    g_string_append (out, "From MAILER-DAEMON Mon Nov  2 08:00:00 2026\n");
    for (gsize i = 0; i < sample->length; i++) {
        gsize from = i;
        while (start && from < sample->length && sample->data[from] == '>')
            from++;
        if (start && sample->length - from >= 5 && memcmp (sample->data + from, "From ", 5) == 0)
            g_string_append_c (out, '>');
        g_string_append_c (out, sample->data[i]);
        start = sample->data[i] == '\n';
    }
    g_string_append (out, sample->length > 0 && sample->data[sample->length - 1] == '\n' ? "\n" : "\n\n");
}

/* Over what the file holds: it is done a million times. */
static void
write_file (const char *name, const GString *text)
{
    int fd = g_open (name, O_WRONLY | O_CREAT, 0600);

    if (fd < 0 || write (fd, text->str, text->len) != (gssize) text->len || ftruncate (fd, (off_t) text->len) != 0)
        g_error ("cannot write %s", name);
    close (fd);
}

/* The mailbox's second message is the sample, byte for byte (but for the line ends that an mbox adds). */
static void
check_behind (Sweep *sweep, const Sample *sample, const GString *in_mbox, gsize length)
{
    SourceMessage message;

    g_string_truncate (sweep->text, 0);
    put_letter (sweep->text, length);
    g_string_append_len (sweep->text, in_mbox->str, (gssize) in_mbox->len);
    write_file (sweep->file, sweep->text);
    g_autoptr (Source) source = source_new (no_warning, NULL);
    source_add (source, sweep->file);
    sweep->runs++;
    if (!source_next (source, &message) || !source_next (source, &message))
        fault (sweep, sample, "lost behind %zu bytes of mail", length);
    else if (message.length < sample->length || message.length > sample->length + 2 ||
             memcmp (message.data, sample->data, sample->length) != 0)
        fault (sweep, sample, "other bytes behind %zu bytes of mail", length);
    else if (source_next (source, &message))
        fault (sweep, sample, "split behind %zu bytes of mail", length);
}

static void
sweep_pad (Sweep *sweep, const Sample *sample, guint step)
{
    g_autofree char *whole = show (parse (sweep, sample->data, sample->length, sample->received));
    /* A bare CR has no place in a mailbox, and what looks like one in a message of its own splits it. */
    gboolean fits = !memchr (sample->data, '\r', sample->length) &&
                    !g_strstr_len (sample->data, (gssize) sample->length, "\n>From ");
    g_autoptr (GString) in_mbox = g_string_new (NULL);

    put_mbox (in_mbox, sample);
    for (gsize padding = 0; padding <= MOST_PADDING; padding += step) {
        g_autoptr (GString) padded = g_string_new ("X-Padding: ");
        for (gsize i = 0; i < padding; i++)
            g_string_append (padded, i % 72 == 71 ? "\n " : "x");
        g_string_append_c (padded, '\n');
        g_string_append_len (padded, sample->data, (gssize) sample->length);
        g_autofree char *got = show (parse (sweep, padded->str, padded->len, sample->received));
        if (strcmp (whole, got) != 0)
            fault (sweep, sample, "other events behind a header of %zu bytes: %.60s", padding, difference (whole, got));
        if (fits) {
            check_behind (sweep, sample, in_mbox, 100 + padding);
            check_behind (sweep, sample, in_mbox, READ_BLOCK_EDGE - padding);
        }
    }
}

/* --- cutting ------------------------------------------------------------------------------------------------------ */

/* What the whole message says about this recipient, most like the event; NULL = nothing. */
static const BounceEvent *
same_recipient (GArray *whole, const char *recipient, const BounceEvent *like)
{
    const BounceEvent *best = NULL;

    for (guint i = 0; i < whole->len; i++) {
        const BounceEvent *event = &g_array_index (whole, BounceEvent, i);
        if (g_ascii_strcasecmp (event->recipient, recipient) != 0 &&
            g_ascii_strcasecmp (event->final_recipient, recipient) != 0 &&
            g_ascii_strcasecmp (event->original_recipient, recipient) != 0)
            continue;
        if (!best || event->reason == like->reason)
            best = event;
    }
    return best;
}

/* What the whole message contradicts; NULL = nothing. Yours. */
static char *
contradiction (GArray *whole, const BounceEvent *event)
{
    const BounceEvent *of_whole = same_recipient (whole, event->recipient, event);

    if (!*event->recipient)
        return NULL;
    if (!of_whole)
        return g_strdup_printf ("another recipient: %s", event->recipient);
    if (event->type == TYPE_HARD && of_whole->type != TYPE_HARD)
        return g_strdup_printf ("hard, not %s: %s %s %s, not %s", event_type_word (of_whole->type), event->recipient,
                                reason_word (event->reason), event->rule, reason_word (of_whole->reason));
    if (event->type != of_whole->type && event->type != TYPE_UNKNOWN && event->type != TYPE_HARD)
        return g_strdup_printf ("%s, not %s: %s %s, not %s", event_type_word (event->type), event_type_word (of_whole->type),
                                event->recipient, reason_word (event->reason), reason_word (of_whole->reason));
    if (*event->action && *of_whole->action && strcmp (event->action, of_whole->action) != 0)
        return g_strdup_printf ("another action: %s %s, not %s", event->recipient, event->action, of_whole->action);
    if (*event->status && event->status_from != STATUS_FROM_RULE && event->status_from != STATUS_FROM_REPLY &&
        strcmp (event->status, of_whole->status) != 0 &&
        !(event->status[0] == of_whole->status[0] && strcmp (event->status + 1, ".0.0") == 0)) /* "other": says no more */
        return g_strdup_printf ("another status: %s %s (%s), not %s", event->recipient, event->status,
                                status_from_word (event->status_from), of_whole->status);
    return NULL;
}

/* Cut behind a whole line of a message that is no multipart: there is nothing to know it by. */
static gboolean
is_betrayed (const Sample *sample, gsize length)
{
    return length == 0 || sample->data[length - 1] != '\n' ||
           g_strstr_len (sample->data, (gssize) length, "ontent-Type: multipart/") != NULL;
}

static void
sweep_cut (Sweep *sweep, const Sample *sample, guint step)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (BounceEvent));
    const ParsedMessage *parsed = parse (sweep, sample->data, sample->length, sample->received);

    for (guint i = 0; i < event_list_length (parsed->events); i++) {
        BounceEvent event;
        event_copy (&event, event_list_get (parsed->events, i), arena);
        g_array_append_val (whole, event);
    }
    for (gsize length = 0; length < sample->length; length += step) {
        /* Bytes of its own, so that a look behind the end is seen by the address sanitizer. */
        g_autofree char *cut = g_memdup2 (sample->data, length);
        parsed = parse (sweep, cut ? cut : "", length, sample->received);
        for (guint i = 0; i < event_list_length (parsed->events); i++) {
            g_autofree char *wrong = contradiction (whole, event_list_get (parsed->events, i));
            if (wrong && is_betrayed (sample, length))
                fault (sweep, sample, "cut at %zu: %s", length, wrong);
            sweep->unseen += wrong && !is_betrayed (sample, length) ? 1 : 0;
        }
    }
}

/* --- line ends ---------------------------------------------------------------------------------------------------- */

static void
check_ends (Sweep *sweep, const Sample *sample, const char *line_end, gboolean in_mbox, const char *whole)
{
    FILE *file = fopen (sweep->file, "w");
    SourceMessage message;

    if (!file)
        g_error ("cannot write %s", sweep->file);
    if (in_mbox)
        fprintf (file, "From MAILER-DAEMON Mon Nov  2 08:00:00 2026%s", line_end);
    for (gsize i = 0; i < sample->length; i++)
        if (sample->data[i] == '\n')
            fputs (line_end, file);
        else
            putc (sample->data[i], file);
    if (in_mbox)
        fputs (line_end, file);
    fclose (file);
    g_autoptr (Source) source = source_new (no_warning, NULL);
    source_add (source, sweep->file);
    if (!source_next (source, &message)) {
        fault (sweep, sample, "lost with other line ends");
        return;
    }
    g_autofree char *got = show (parse (sweep, message.data, message.length, sample->received));
    if (strcmp (whole, got) != 0)
        fault (sweep, sample, "other events with %s%s: %.60s", !strcmp (line_end, "\r") ? "CR" : "CR LF",
               in_mbox ? " in an mbox" : "", difference (whole, got));
}

static gboolean
ends_with_boundary (const char *data, gsize length)
{
    gsize start = length;

    while (start > 0 && !g_ascii_isspace (data[start - 1]))
        start--;
    return length - start > 4 && data[start] == '-' && data[start + 1] == '-' && memcmp (data + length - 2, "--", 2) == 0 &&
           (start == 0 || data[start - 1] == '\n');
}

static void
sweep_ends (Sweep *sweep, const Sample *sample, guint step)
{
    static const char *const line_ends[] = {"\n", "\r\n", "\r", "\r\r\n"};
    g_autofree char *whole = show (parse (sweep, sample->data, sample->length, sample->received));
    gsize length = sample->length;

    (void) step;
    while (length > 0 && sample->data[length - 1] == '\n')
        length--;
    /* Without its last line end a message may say less, for it may have been cut; a multipart is whole by its boundary. */
    g_autofree char *bare = show (parse (sweep, sample->data, length, sample->received));
    if (strcmp (whole, bare) != 0 && ends_with_boundary (sample->data, length))
        fault (sweep, sample, "other events without the last line end: %.60s", difference (whole, bare));
    if (memchr (sample->data, '\r', sample->length))
        return; /* its own CRs would change their meaning */
    for (guint i = 0; i < G_N_ELEMENTS (line_ends); i++) {
        check_ends (sweep, sample, line_ends[i], FALSE, whole);
        if (!g_strstr_len (sample->data, (gssize) sample->length, "\nFrom "))
            check_ends (sweep, sample, line_ends[i], TRUE, whole);
    }
}

/* --- forwards ----------------------------------------------------------------------------------------------------- */

typedef enum { FORWARD_ATTACHED, FORWARD_INLINE, FORWARD_QUOTED, FORWARD_OUTLOOK, N_FORWARDS } ForwardKind;

static const char forward_head[] =
    "Return-Path: <ada@example.org>\nReceived: from client (client.example.org [192.0.2.9])\n"
    "\tby mx.example.org (Postfix) with ESMTPSA id 4F77; Tue, 3 Nov 2026 09:30:00 +0000\n"
    "Date: Tue, 3 Nov 2026 09:30:00 +0000\nFrom: Ada Lovelace <ada@example.org>\nTo: Ben <ben@example.org>\n"
    "Message-Id: <forward-1@example.org>\nMIME-Version: 1.0\n";

static char *
field (const Sample *sample, const char *name)
{
    g_autofree char *start = g_strdup_printf ("\n%s: ", name);
    g_autofree char *head = g_strconcat ("\n", sample->data, NULL);
    char *blank = strstr (head + 1, "\n\n"), *found;

    if (blank)
        *blank = '\0';
    found = strcasestr (head, start);
    if (!found)
        return g_strdup ("Undelivered Mail Returned to Sender");
    found += strlen (start);
    return g_strndup (found, strcspn (found, "\n"));
}

static void
put_lines (GString *out, const char *text, const char *prefix)
{
    for (; *text; text += strcspn (text, "\n"), text += *text == '\n')
        g_string_append_printf (out, "%s%.*s\n", prefix, (int) strcspn (text, "\n"), text);
}

static char *
forward (const Sample *sample, ForwardKind kind, gsize *length)
{
    g_autofree char *subject = field (sample, "Subject"), *from = field (sample, "From");
    GString *out = g_string_new (forward_head);
    const char *body = g_strstr_len (sample->data, (gssize) sample->length, "\n\n");

    body = body ? body + 2 : "";
    g_string_append_printf (out, "Subject: Fwd: %s\n", subject);
    if (kind == FORWARD_ATTACHED) {
        g_string_append (out, "Content-Type: multipart/mixed; boundary=\"fwd-1\"\n\n--fwd-1\nContent-Type: text/plain\n\n"
                              "Ben, do you know what this is?\n\n--fwd-1\nContent-Type: message/rfc822\n"
                              "Content-Disposition: attachment; filename=\"mail.eml\"\n\n");
        g_string_append_len (out, sample->data, (gssize) sample->length);
        g_string_append (out, "\n--fwd-1--\n");
    } else {
        g_string_append (out, "Content-Type: text/plain; charset=utf-8\n\nBen, do you know what this is?\n\nAda\n\n");
        if (kind == FORWARD_INLINE)
            g_string_append_printf (out, "-------- Forwarded Message --------\nSubject: %s\nFrom: %s\n"
                                         "Date: Mon, 2 Nov 2026 08:00:00 +0000\nTo: ada@example.org\n\n", subject, from);
        else if (kind == FORWARD_OUTLOOK)
            g_string_append_printf (out, "-----Original Message-----\nFrom: %s\nSent: Monday, November 2, 2026 8:00 AM\n"
                                         "To: Ada Lovelace\nSubject: %s\n\n", from, subject);
        else
            g_string_append_printf (out, "On Mon, Nov 2, 2026 at 8:00 AM %s wrote:\n", from);
        put_lines (out, body, kind == FORWARD_QUOTED ? "> " : "");
    }
    *length = out->len;
    return g_string_free (out, FALSE);
}

static void
sweep_forward (Sweep *sweep, const Sample *sample, guint step)
{
    static const char *const words[N_FORWARDS] = {"attached", "below a line", "quoted", "below Original Message"};

    (void) step;
    for (ForwardKind kind = 0; kind < N_FORWARDS; kind++) {
        gsize length;
        g_autofree char *text = forward (sample, kind, &length);
        const ParsedMessage *parsed = parse (sweep, text, length, DATE_NONE);
        for (guint i = 0; i < event_list_length (parsed->events); i++) {
            const BounceEvent *event = event_list_get (parsed->events, i);
            if (*event->recipient)
                fault (sweep, sample, "sent on by a person, %s: %s %s %s", words[kind], event->recipient,
                       event_type_word (event->type), event->format);
        }
    }
}

/* ------------------------------------------------------------------------------------------------------------------ */

typedef void (*SweepOne) (Sweep *sweep, const Sample *sample, guint step);

static SweepOne
find_sweep (const char *name)
{
    static const struct {
        const char *name;
        SweepOne one;
    } kinds[] = {{"pad", sweep_pad}, {"cut", sweep_cut}, {"ends", sweep_ends}, {"forward", sweep_forward}};

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (strcmp (kinds[i].name, name) == 0)
            return kinds[i].one;
    return NULL;
}

int
main (int argc, char **argv)
{
    SweepOne one = argc > 3 ? find_sweep (argv[1]) : NULL;
    guint step = argc > 3 ? (guint) MAX (atoi (argv[2]), 1) : 1;
    GError *error = NULL;
    Knowledge *knowledge;
    Sweep sweep = {.samples = g_array_new (FALSE, FALSE, sizeof (Sample)), .text = g_string_new (NULL)};

    if (!one) {
        fputs ("usage: sweep pad|cut|ends|forward STEP PATH…\n", stderr);
        return 64;
    }
    mallopt (M_MMAP_THRESHOLD, 64 * 1024 * 1024); /* a reader's buffers are not mapped anew for each of a million files */
    mallopt (M_TRIM_THRESHOLD, 256 * 1024 * 1024);
    knowledge = knowledge_load (NULL, FALSE, &error);
    if (!knowledge)
        g_error ("%s", error->message);
    sweep.parser = parser_new (knowledge);
    sweep.file = g_strdup_printf ("%s/nixie-sweep-%ld", g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir (),
                                  (long) getpid ());
    load_samples (&sweep, argv + 3);
    for (guint i = 0; i < sweep.samples->len; i++) {
        sweep.this_one = FALSE;
        sweep.told = 0;
        one (&sweep, &g_array_index (sweep.samples, Sample, i), step);
    }
    (void) g_unlink (sweep.file);
    printf ("%s: %u samples, %" G_GUINT64_FORMAT " messages read, %" G_GUINT64_FORMAT " faults in %" G_GUINT64_FORMAT
            " samples\n", argv[1], sweep.samples->len, sweep.runs, sweep.faults, sweep.faulty);
    if (sweep.unseen > 0)
        printf ("cut: %" G_GUINT64_FORMAT " contradictions behind a whole line of a plain text, which nothing betrays\n",
                sweep.unseen);
    parser_free (sweep.parser);
    knowledge_free (knowledge);
    return sweep.faults > 0 || sweep.samples->len == 0;
}

/* SPDX-License-Identifier: MIT */
#include "extract/transcript.h"

#include "base/limits.h"
#include "event/address.h"
#include "extract/pattern.h"
#include "extract/smtp_command.h"

#include <string.h>

#define MAX_STEPS 2000

/* What the reader remembers while it walks the lines. */
typedef struct {
    Arena *arena;
    GArray *steps;
    GPtrArray *asked;
    const char *host, *command, *address;
    gboolean open; /* the last step may be continued by a line of the same code */
    gboolean inside; /* "----- Transcript of session follows -----" was seen */
    Span note;     /* what a program said, in the line above: "procmail: Quota exceeded" */
    gboolean more; /* the last line was a refusal without a mark, and said that more follows: "550-text" */
} Walk;

static gboolean
is_refusal (Span line)
{
    return line.length >= 3 && (line.at[0] == '4' || line.at[0] == '5') && g_ascii_isdigit (line.at[1]) &&
           g_ascii_isdigit (line.at[2]) && (line.length == 3 || line.at[3] == ' ' || line.at[3] == '-');
}

static Span
behind (Span line, gsize length)
{
    return span_trim (span (line.at + length, line.length - length));
}

#define MAX_STAMP 64 /* what a log puts before a line of the dialogue */

static gboolean
is_verb (Span text)
{
    static const char *const verbs[] = {"RCPT ", "MAIL ",    "DATA",  "BDAT", "EHLO ", "HELO ",
                                        "LHLO ", "STARTTLS", "AUTH ", "RSET", "QUIT"};

    for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
        if (span_has_prefix (text, verbs[i]))
            return TRUE;
    return FALSE;
}

static gboolean
is_reply (Span text)
{
    return text.length >= 3 && text.at[0] >= '2' && text.at[0] <= '5' && g_ascii_isdigit (text.at[1]) &&
           g_ascii_isdigit (text.at[2]) && (text.length == 3 || text.at[3] == ' ' || text.at[3] == '-');
}

/* Behind one of the marks: at the start of the line, or behind what a log puts there when `fits` the rest. */
static gboolean
find_mark (Span line, const char *const *marks, gboolean (*fits) (Span), Span *rest)
{
    for (; *marks != NULL; marks++) {
        const char *at = text_find_length (line.at, MIN (line.length, MAX_STAMP), *marks);
        Span found;

        if (at == NULL)
            continue;
        found = behind (line, (gsize) (at - line.at) + strlen (*marks));
        if (at == line.at || (at[-1] == ' ' && fits (found))) {
            *rest = found;
            return TRUE;
        }
    }
    return FALSE;
}

/* ">>> RCPT To:<a@b>", "In:  RCPT TO:<a@b>", "Mon 08:13:01: --> RCPT To:<a@b>" */
static gboolean
is_command (Span line, Span *command)
{
    static const char *const marks[] = {">>>", "-->", ">> ", "-> ", "In: ", "C: ", NULL};

    return find_mark (line, marks, is_verb, command);
}

static gboolean
is_answer (Span line, Span *answer)
{
    static const char *const marks[] = {"<<<", "<--", "<< ", "<- ", "Out: ", "S: ", NULL};

    return find_mark (line, marks, is_reply, answer);
}

/* "<a@b>... Deferred: Connection timed out" */
static gboolean
is_about_somebody (Span line)
{
    return line.length > 4 && line.at[0] == '<' && text_find_length (line.at, line.length, ">... ") != NULL;
}

static const char *
command_word (Arena *arena, Span command)
{
    gsize n = 0;
    char *word;

    while (n < command.length && n < 10 && g_ascii_isalpha (command.at[n]))
        n++;
    word = arena_strndup (arena, command.at, n);
    for (char *at = word; *at != '\0'; at++)
        *at = g_ascii_toupper (*at);
    return word;
}

static void
add_step (Walk *walk, Span text, const char *address, gboolean summary)
{
    TranscriptStep step = {address,
                           text_one_line (walk->arena, text.at, (gssize) text.length, LIMIT_DIAGNOSTIC),
                           walk->host, summary ? "" : walk->command, summary};

    if (walk->steps->len < MAX_STEPS)
        g_array_append_val (walk->steps, step);
}

/* "550-more" after "550-text": one answer in several lines. */
static gboolean
continues (const Walk *walk, Span text)
{
    const TranscriptStep *last;

    if (!walk->open || walk->steps->len == 0)
        return FALSE;
    last = &g_array_index (walk->steps, TranscriptStep, walk->steps->len - 1);
    return strlen (last->text) >= 3 && text.length >= 3 && strncmp (last->text, text.at, 3) == 0 &&
           strlen (last->text) + text.length < LIMIT_DIAGNOSTIC;
}

static TranscriptStep *
add_to_last (Walk *walk, Span text)
{
    TranscriptStep *last = &g_array_index (walk->steps, TranscriptStep, walk->steps->len - 1);

    last->text = arena_printf (walk->arena, "%s %s", last->text,
                               text_one_line (walk->arena, text.at, (gssize) text.length, LIMIT_DIAGNOSTIC));
    return last;
}

/* Who sends ahead (RFC 2920) notes the answers to RCPT behind his last command, DATA. FALSE: there are none. */
static gboolean
answer_recipients (Walk *walk)
{
    gboolean any = FALSE;

    for (guint i = walk->steps->len; i > 0; i--) {
        TranscriptStep *step = &g_array_index (walk->steps, TranscriptStep, i - 1);

        if (!step->summary && !text_equal (step->command, "DATA"))
            break;
        if (!step->summary) {
            step->command = "RCPT";
            any = TRUE;
        }
    }
    return any;
}

static void
take_answer (Walk *walk, Span text)
{
    if (text_equal (walk->command, "DATA") && smtp_command_wants_recipient (text) && answer_recipients (walk)) {
        walk->open = FALSE;
        return;
    }
    if (!is_refusal (text)) {
        walk->open = FALSE;
        return;
    }
    if (continues (walk, text)) {
        (void) add_to_last (walk, text);
        return;
    }
    add_step (walk, text, walk->address, FALSE);
    walk->open = TRUE;
}

/* "... while talking to mx.example.com.:" */
static gboolean
take_host (Walk *walk, Span line)
{
    const char *mark = text_find_length (line.at, line.length, "while talking to ");
    Span host;

    if (mark == NULL)
        return FALSE;
    host = span_trim (span (mark + strlen ("while talking to "),
                            line.length - (gsize) (mark - line.at) - strlen ("while talking to ")));
    while (host.length > 0 && strchr (":.", host.at[host.length - 1]) != NULL)
        host.length--;
    walk->host = text_one_line (walk->arena, host.at, (gssize) host.length, 255);
    return TRUE;
}

/* A refusal that nothing marks: of a summary, or of a report that tells it in its text. */
static void
take_refusal (Walk *walk, Span line, gboolean goes_on)
{
    Span rest = line;
    const char *found = address_find (walk->arena, &rest);

    if (text_equal (walk->command, "DATA") && smtp_command_is_rcpt_summary (line))
        (void) answer_recipients (walk);
    walk->open = goes_on;
    if (goes_on && continues (walk, line)) {
        TranscriptStep *last = add_to_last (walk, line);

        if (*last->address == '\0' && found != NULL)
            last->address = found;
    } else {
        add_step (walk, line, found == NULL ? "" : found, TRUE);
        if (walk->note.length > 0)
            (void) add_to_last (walk, walk->note);
    }
    walk->open = FALSE;
    walk->more = line.length > 3 && line.at[3] == '-';
}

static void
take_line (Walk *walk, Span line)
{
    Span rest, piece;
    const char *found;
    gboolean goes_on = walk->more;
    Span note = {NULL, 0};

    walk->more = FALSE;
    if (is_command (line, &piece)) {
        rest = piece;
        walk->command = command_word (walk->arena, piece);
        found = text_equal (walk->command, "RCPT") ? address_find (walk->arena, &rest) : NULL;
        walk->address = found == NULL ? "" : found;
        if (found != NULL && walk->asked->len < MAX_STEPS)
            g_ptr_array_add (walk->asked, (gpointer) found);
        walk->open = FALSE;
    } else if (is_answer (line, &piece)) {
        take_answer (walk, piece);
    } else if (is_refusal (line)) {
        take_refusal (walk, line, goes_on);
    } else if (is_about_somebody (line)) {
        rest = line;
        found = address_find (walk->arena, &rest);
        if (found != NULL && (rest = behind (rest, MIN (rest.length, 1))).length > 3)
            add_step (walk, behind (rest, 3), found, TRUE);
        walk->open = FALSE;
    } else if (!take_host (walk, line)) {
        walk->open = FALSE;
        if (text_find_length (line.at, line.length, "transcript of ") != NULL)
            walk->inside = TRUE;
        else if (walk->inside && line.length > 0 && *line.at != '-')
            note = line;
    }
    walk->note = note;
}

Transcript *
transcript_parse (Arena *arena, Span text)
{
    Transcript *transcript = g_new0 (Transcript, 1);
    Walk walk = {arena, g_array_new (FALSE, FALSE, sizeof (TranscriptStep)), g_ptr_array_new (), "", "", "",
                 FALSE, FALSE, {NULL, 0}, FALSE};
    Span line;

    while (text_next_line (&text, &line))
        take_line (&walk, pattern_fold (arena, line));
    transcript->steps = walk.steps;
    transcript->asked = walk.asked;
    return transcript;
}

void
transcript_free (Transcript *transcript)
{
    if (transcript == NULL)
        return;
    g_array_unref (transcript->steps);
    g_ptr_array_unref (transcript->asked);
    g_free (transcript);
}

guint
transcript_length (const Transcript *transcript)
{
    return transcript->steps->len;
}

const TranscriptStep *
transcript_step (const Transcript *transcript, guint index)
{
    return &g_array_index (transcript->steps, TranscriptStep, index);
}

/* The best step of a kind: one that names the address before one that names nobody. */
static const TranscriptStep *
best_step (const Transcript *transcript, const char *address, gboolean summary)
{
    const TranscriptStep *general = NULL;

    for (guint i = 0; i < transcript->steps->len; i++) {
        const TranscriptStep *step = transcript_step (transcript, i);

        if (step->summary != summary)
            continue;
        if (text_equal (step->address, address))
            return step;
        if (*step->address == '\0' && (general == NULL || summary))
            general = step;
    }
    return general;
}

/* "554 <a@b>... 550 Host unknown": what sendmail sums up as 554 was a 550. */
static const char *
inner_reply (const char *text)
{
    const char *dots = strstr (text, "... ");

    return dots != NULL && is_refusal (span_of (dots + 4)) ? dots + 4 : text;
}

gboolean
transcript_about (const Transcript *transcript, Arena *arena, const char *address, TranscriptStep *answer)
{
    const TranscriptStep *remote = best_step (transcript, address, FALSE), *own = best_step (transcript, address, TRUE);

    if (remote == NULL && own == NULL)
        return FALSE;
    /* what names this very address counts more than what names nobody */
    if (remote != NULL && own != NULL && *remote->address == '\0' && *own->address != '\0' &&
        remote->command[0] == '\0')
        remote = NULL;
    *answer = remote != NULL ? *remote : *own;
    if (remote == NULL)
        answer->text = inner_reply (own->text);
    if (*answer->address == '\0' && own != NULL)
        answer->address = own->address;
    if (remote != NULL && own != NULL && strcmp (remote->text, own->text) != 0)
        answer->text = arena_printf (arena, "%s %s", remote->text, own->text);
    return TRUE;
}

/* SPDX-License-Identifier: MIT */
#include "source/mbox_split.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/byte_search.h"
#include "source/mbox_from.h"

#include <string.h>

enum {
    STATE_START, /* nothing read */
    STATE_TEXT,  /* inside a message */
    STATE_CLOSE, /* a separator stands at the window's start: the message ends */
    STATE_OPEN,  /* … and the next one begins */
    STATE_LAST,  /* all bytes are given out, the last message ends */
    STATE_DONE,
};

/* A window that ends inside "\r\nFrom " keeps so many bytes: the separator may stand across its edge. */
#define KEPT_TAIL 8

G_STATIC_ASSERT (MBOX_WINDOW > LIMIT_FROM_LINE + HEADER_NAME_LIMIT + 2 * KEPT_TAIL);

static const char from_word[] = "From ";

void
mbox_split_init (MboxSplit *split, guint64 offset)
{
    *split = (MboxSplit){.offset = offset, .line_end = '\n', .state = STATE_START, .line_start = TRUE};
}

/* --- the first line ------------------------------------------------------------------------------------------------*/

static gsize
skip_blank_start (const char *data, gsize length)
{
    gsize at = length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    while (at < length && (data[at] == '\n' || data[at] == '\r'))
        at++;
    return at;
}

/* The first line end of a file tells which kind it has. "\r\r\n" is a damaged CRLF. */
static char
line_end_of (const char *data, gsize length)
{
    for (gsize i = 0; i < length && i <= LIMIT_FROM_LINE; i++) {
        if (data[i] == '\n')
            return '\n';
        if (data[i] == '\r') {
            gsize next = i + 1 < length && data[i + 1] == '\r' ? i + 2 : i + 1;

            return next < length && data[next] == '\n' ? '\n' : '\r';
        }
    }
    return '\n';
}

/* A line of at most LIMIT_FROM_LINE bytes; *next is what stands behind its end. FALSE when its end is not there. */
static gboolean
first_line (const char *data, gsize length, char line_end, gsize *line, gsize *next)
{
    const char *end = memchr (data, line_end, MIN (length, LIMIT_FROM_LINE + 2));

    if (end == NULL)
        return FALSE;
    *line = (gsize) (end - data);
    *next = *line + 1;
    if (line_end == '\n' && *line > 0 && data[*line - 1] == '\r')
        --*line;
    return *line <= LIMIT_FROM_LINE;
}

/* At the start of a file a `From ` line is believed more easily: it is no header field, so what else should it be.
 * `rest` starts with it. Returns the bytes up to the end of the line, 0 when there is no such line. */
static gsize
first_from_line (const char *rest, gsize length, char line_end, MboxFrom *from, gint64 *received)
{
    gsize line, next;

    *received = DATE_NONE;
    if (length < 5 || memcmp (rest, from_word, 5) != 0)
        return 0;
    if (!first_line (rest, length, line_end, &line, &next)) {
        if (length > LIMIT_FROM_LINE)
            return 0;
        line = next = length;
    }
    if (header_line_look (rest, line) == HEADER_LINE_YES)
        return 0;
    *from = mbox_from_parse (rest, line, received);
    if (*from == MBOX_FROM_DATED || header_line_look (rest + next, length - next) == HEADER_LINE_YES)
        return next;
    return 0;
}

gboolean
mbox_split_looks_like_mbox (const char *data, gsize length)
{
    gsize skipped = skip_blank_start (data, length);
    MboxFrom from;
    gint64 received;

    return first_from_line (data + skipped, length - skipped, line_end_of (data + skipped, length - skipped), &from,
                            &received) > 0;
}

static void
start (MboxSplit *split, const char *window, gsize length, gboolean at_end, MboxPiece *piece)
{
    gsize skipped, line;
    MboxFrom from = MBOX_FROM_NONE;

    if (length < MBOX_WINDOW && !at_end) {
        piece->kind = MBOX_MORE;
        return;
    }
    skipped = skip_blank_start (window, length);
    if (skipped == length && at_end) {
        piece->kind = MBOX_EOF;
        split->state = STATE_DONE;
        return;
    }
    split->line_end = line_end_of (window + skipped, length - skipped);
    line = first_from_line (window + skipped, length - skipped, split->line_end, &from, &piece->received);
    split->undated = line > 0 && from == MBOX_FROM_UNDATED;
    split->state = STATE_TEXT;
    piece->kind = MBOX_BEGIN;
    piece->offset = split->offset + skipped;
    piece->consumed = skipped + line;
}

/* --- separators ----------------------------------------------------------------------------------------------------*/

typedef enum { FOUND_NOTHING, FOUND_SEPARATOR, FOUND_UNSURE } Found;

/* `at` is the line end before `From `: TRUE when the line that it ends is blank; *blank: where that line starts. */
static gboolean
ends_blank_line (const MboxSplit *split, const char *window, gsize at, gsize *blank)
{
    gsize start_of_line = at;

    if (split->line_end == '\n' && at > 0 && window[at - 1] == '\r')
        start_of_line--;
    *blank = start_of_line;
    return start_of_line == 0 ? split->line_start : window[start_of_line - 1] == split->line_end;
}

/* The file ends in a line that could have become a `From ` line: the mailbox was cut there, and that line belongs to
 * the message which is not there. */
static gboolean
cut_from_line (const char *line, gsize length)
{
    const char *word, *end = line + length;

    if (memcmp (line, from_word, MIN (length, 5)) != 0)
        return FALSE;
    if (length <= 5)
        return TRUE;
    word = memchr (line + 5, ' ', length - 5);
    while (word != NULL && word < end && *word == ' ')
        word++;
    return word == NULL || word == end || g_ascii_isupper (*word) || g_ascii_isdigit (*word);
}

/* `from` is where `F` stands behind a blank line. */
static Found
look_at_line (MboxSplit *split, const char *window, gsize length, gboolean at_end, gsize from)
{
    const char *line = window + from;
    gsize available = length - from, size, next;
    HeaderLine header;
    MboxFrom kind;

    split->next_from = from;
    split->next_consumed = length;
    split->next_received = DATE_NONE;
    split->next_unsure = at_end;
    if (available < 5 && memcmp (line, from_word, available) == 0)
        return at_end ? FOUND_SEPARATOR : FOUND_UNSURE;
    if (available < 5 || memcmp (line, from_word, 5) != 0)
        return FOUND_NOTHING;
    if (!first_line (line, available, split->line_end, &size, &next)) {
        if (available > LIMIT_FROM_LINE)
            return FOUND_NOTHING;
        if (!at_end)
            return FOUND_UNSURE;
        return cut_from_line (line, available) ? FOUND_SEPARATOR : FOUND_NOTHING;
    }
    kind = mbox_from_parse (line, size, &split->next_received);
    if (kind == MBOX_FROM_NONE || (kind == MBOX_FROM_UNDATED && !split->undated))
        return FOUND_NOTHING;
    header = header_line_look (line + next, available - next);
    if (header == HEADER_LINE_UNSURE && !at_end)
        return FOUND_UNSURE;
    split->next_consumed = from + next;
    split->next_unsure = header == HEADER_LINE_UNSURE;
    return header == HEADER_LINE_NO ? FOUND_NOTHING : FOUND_SEPARATOR;
}

/* The first separator of the window; *blank: where the blank line before it starts; *plain: there is nothing odd before
 * it, for which one search looks with it until something is. */
static Found
find_separator (MboxSplit *split, const char *window, gsize length, gboolean at_end, gsize *blank, gboolean *plain)
{
    gsize at = 0;

    *plain = split->line_end == '\n';
    for (;;) {
        const char *hit = *plain ? byte_search_odd_or_from (window + at, length - at)
                                 : byte_search_pair (window + at, length - at, split->line_end, 'F');
        Found found;

        if (hit == NULL)
            return FOUND_NOTHING;
        at = (gsize) (hit - window);
        if (*plain && (*hit != '\n' || hit[1] != 'F')) {
            *plain = FALSE;
            continue;
        }
        if (ends_blank_line (split, window, at, blank)) {
            found = look_at_line (split, window, length, at_end, at + 1);
            if (found != FOUND_NOTHING)
                return found;
        }
        at++;
    }
}

static void
give_text (MboxSplit *split, const char *window, gsize length, MboxPiece *piece)
{
    piece->kind = MBOX_TEXT;
    piece->length = piece->consumed = length;
    split->line_start = window[length - 1] == split->line_end;
}

static void
close_message (MboxSplit *split, MboxPiece *piece)
{
    piece->kind = MBOX_END;
    piece->unsure = split->next_unsure;
    split->state = STATE_OPEN;
}

static void
text (MboxSplit *split, const char *window, gsize length, gboolean at_end, MboxPiece *piece)
{
    gsize blank = 0;
    Found found = find_separator (split, window, length, at_end, &blank, &piece->plain);

    if (found == FOUND_SEPARATOR) {
        split->state = STATE_CLOSE;
        split->next_from -= blank;
        split->next_consumed -= blank;
        split->cut = FALSE;
        if (blank > 0)
            give_text (split, window, blank, piece);
        else
            close_message (split, piece);
    } else if (found == FOUND_UNSURE && blank > 0) {
        give_text (split, window, blank, piece);
    } else if (found == FOUND_UNSURE || (!at_end && length <= KEPT_TAIL)) {
        piece->kind = MBOX_MORE;
    } else if (!at_end) {
        give_text (split, window, length - KEPT_TAIL, piece);
    } else if (length > 0) {
        split->cut = window[length - 1] != split->line_end;
        split->state = STATE_LAST;
        give_text (split, window, length, piece);
    } else {
        piece->kind = MBOX_END;
        piece->cut = piece->last = TRUE; /* nothing behind the `From ` line: all else ends in STATE_LAST */
        split->state = STATE_DONE;
    }
}

void
mbox_split_next (MboxSplit *split, const char *window, gsize length, gboolean at_end, MboxPiece *piece)
{
    *piece = (MboxPiece){.kind = MBOX_EOF, .received = DATE_NONE};
    switch (split->state) {
    case STATE_START:
        start (split, window, length, at_end, piece);
        break;
    case STATE_TEXT:
        text (split, window, length, at_end, piece);
        break;
    case STATE_CLOSE:
        close_message (split, piece);
        break;
    case STATE_OPEN:
        piece->kind = MBOX_BEGIN;
        piece->offset = split->offset + split->next_from;
        piece->received = split->next_received;
        piece->consumed = split->next_consumed;
        split->line_start = TRUE;
        split->state = STATE_TEXT;
        break;
    case STATE_LAST:
        piece->kind = MBOX_END;
        piece->cut = split->cut;
        piece->last = TRUE;
        split->state = STATE_DONE;
        break;
    default:
        break;
    }
    split->offset += piece->consumed;
}

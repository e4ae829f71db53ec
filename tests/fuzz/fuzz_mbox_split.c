/* SPDX-License-Identifier: MIT */
/* The splitter and the text of a message: how the bytes come in pieces must not change what comes out, offsets rise, and
 * no byte is given out twice. */
#include "fuzz.h"

#include "base/digest.h"
#include "source/content_kind.h"
#include "source/mbox_split.h"
#include "source/message_text.h"

#include <string.h>

typedef struct {
    Digester *digester;
    MessageText text;
    guint64 messages, last_offset, given;
} Run;

static void
begin (Run *run, const MboxSplit *split, const MboxPiece *piece)
{
    g_assert (run->messages == 0 || piece->offset > run->last_offset);
    run->last_offset = piece->offset;
    run->messages++;
    digester_add (run->digester, &piece->offset, sizeof piece->offset);
    digester_add (run->digester, &piece->received, sizeof piece->received);
    message_text_reset (&run->text, split->line_end == '\r');
}

static void
end (Run *run, const MboxPiece *piece)
{
    gboolean truncated;
    gsize length;
    const char *text = message_text_finish (&run->text, TRUE, &length, &truncated);

    g_assert (text[length] == '\0');
    digester_add (run->digester, text, length);
    digester_add (run->digester, piece->cut ? "C" : "c", 1);
    digester_add (run->digester, piece->last ? "L" : "l", 1);
}

static Digest
split_in_pieces (const char *data, gsize size, gsize chunk)
{
    Run run = {.digester = digester_new ()};
    gsize start = 0, available = 0;
    gboolean at_end = FALSE;
    MboxSplit split;
    MboxPiece piece;
    Digest digest;

    message_text_init (&run.text);
    mbox_split_init (&split, 0);
    while (mbox_split_next (&split, data + start, available - start, at_end, &piece), piece.kind != MBOX_EOF) {
        g_assert (piece.consumed <= available - start);
        if (piece.kind == MBOX_MORE) {
            g_assert (!at_end && available - start < MBOX_WINDOW);
            at_end = available == size;
            available = MIN (available + chunk, size);
        } else if (piece.kind == MBOX_BEGIN) {
            begin (&run, &split, &piece);
        } else if (piece.kind == MBOX_TEXT) {
            message_text_append (&run.text, data + start, piece.length);
            run.given += piece.length;
        } else {
            end (&run, &piece);
        }
        start += piece.consumed;
    }
    g_assert (run.given <= size && (start == size || run.messages == 0));
    digest = digester_end (run.digester);
    digester_free (run.digester);
    message_text_clear (&run.text);
    return digest;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const gsize chunks[] = {1, 3, 61, 4096};
    const char *text = size == 0 ? "" : (const char *) data;
    Digest whole = split_in_pieces (text, size, MAX (size, 1));

    for (gsize i = 0; i < G_N_ELEMENTS (chunks); i++) {
        Digest pieces = split_in_pieces (text, size, chunks[i]);

        g_assert (digest_equal (&whole, &pieces));
    }
    content_kind (text, MIN (size, CONTENT_KIND_BYTES));
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* The splitter: how the bytes come in pieces must not change what comes out, offsets rise, and
 * no byte is given out twice. */
#include "fuzz.h"

#include "base/byte_search.h"
#include "source/mbox_split.h"

/* What came out, as a number: a digest that nobody attacks (FNV-1a). */
typedef struct {
    guint64 digest;
    guint64 messages, last_offset, given;
} Run;

static void
note (Run *run, const void *data, gsize length)
{
    const guint8 *bytes = data;

    for (gsize i = 0; i < length; i++)
        run->digest = (run->digest ^ bytes[i]) * G_GUINT64_CONSTANT (0x100000001b3);
}

static void
begin (Run *run, const MboxSplit *split, const MboxPiece *piece)
{
    g_assert (run->messages == 0 || piece->offset > run->last_offset);
    run->last_offset = piece->offset;
    run->messages++;
    note (run, &piece->offset, sizeof piece->offset);
    note (run, &piece->received, sizeof piece->received);
    note (run, &split->line_end, 1);
}

static void
end (Run *run, const MboxPiece *piece)
{
    note (run, piece->cut ? "C" : "c", 1);
    note (run, piece->last ? "L" : "l", 1);
    note (run, piece->unsure ? "U" : "u", 1);
}

static guint64
split_in_pieces (const char *data, gsize size, gsize chunk)
{
    Run run = {.digest = G_GUINT64_CONSTANT (0xcbf29ce484222325)};
    gsize start = 0, available = 0;
    gboolean at_end = FALSE;
    MboxSplit split;
    MboxPiece piece;

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
            note (&run, data + start, piece.length);
            g_assert (!piece.plain || byte_search_odd (data + start, piece.length) == NULL);
            run.given += piece.length;
        } else {
            end (&run, &piece);
        }
        start += piece.consumed;
    }
    g_assert (run.given <= size && (start == size || run.messages == 0));
    return run.digest;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const gsize chunks[] = {1, 3, 61, 4096};
    const char *text = size == 0 ? "" : (const char *) data;
    guint64 whole = split_in_pieces (text, size, MAX (size, 1));

    /* one size of pieces a run: the bytes themselves say which, so that a finding can be repeated */
    g_assert (split_in_pieces (text, size, chunks[whole % G_N_ELEMENTS (chunks)]) == whole);
    mbox_split_looks_like_mbox (text, size);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Where the messages of an mbox begin and end: a state machine over bytes, without I/O. A message is opened by a line
 * that stands at the start or behind a blank line, reads as `From ` + address + date (mbox_from.h) and is followed by
 * a header field; anything less is text of the message before. In a mailbox whose first such line has no date, lines
 * of that same kind open messages too. Line ends are LF or CRLF, or CR where the first line ends so.
 *
 * The caller owns a window of bytes and slides it:
 *
 *     MboxSplit split;
 *     mbox_split_init (&split, 0);
 *     for (;;) {
 *         mbox_split_next (&split, window, length, at_end, &piece);
 *         if (piece.kind == MBOX_MORE) … read more behind the window …
 *         else if (piece.kind == MBOX_EOF) break;
 *         else … use piece, then drop piece.consumed bytes from the front of the window …
 *     }
 *
 * How the bytes come in pieces never changes what comes out, but for where MBOX_TEXT is cut. */
#ifndef NIXIE_SOURCE_MBOX_SPLIT_H
#define NIXIE_SOURCE_MBOX_SPLIT_H

#include <glib.h>

typedef enum {
    MBOX_BEGIN, /* a message opens: `offset`, `received` */
    MBOX_TEXT,  /* the first `length` bytes of the window belong to it, as they are (line ends, quoting) */
    MBOX_END,   /* it ends; `cut` when the file stops in the middle of a line, or right behind `From ` */
    MBOX_MORE,  /* more bytes are needed; never when the window holds MBOX_WINDOW bytes or is at its end */
    MBOX_EOF,   /* nothing is left */
} MboxPieceKind;

typedef struct {
    MboxPieceKind kind;
    gsize consumed;  /* bytes of the window that are done with; 0 for MBOX_END, MBOX_MORE and MBOX_EOF */
    gsize length;    /* MBOX_TEXT: as `consumed` */
    gboolean plain;  /* MBOX_TEXT: it has no CR, no NUL and no line that starts with '>' (but maybe the first); not told
                      * of every text that is so */
    guint64 offset;  /* MBOX_BEGIN: of its `From ` line */
    gint64 received; /* MBOX_BEGIN: the date of that line, else DATE_NONE */
    gboolean cut;    /* MBOX_END */
    gboolean last;   /* MBOX_END: no separator ended it but the end of the bytes */
    gboolean unsure; /* MBOX_END: what ended it is only the beginning of a separator, cut by the end of the bytes */
} MboxPiece;

/* A window of this size is always enough to go on. */
#define MBOX_WINDOW 4096

/* Everything but `offset`, `line_end` and `undated` is private. */
typedef struct {
    guint64 offset;      /* of the first byte of the window */
    char line_end;       /* '\n', or '\r' in a file of bare CRs; known after the first MBOX_BEGIN */
    gboolean undated;    /* this mailbox opens messages with lines that have no date */
    int state;
    gboolean line_start; /* the window starts at the start of a line */
    gboolean cut;        /* the last line has no end */
    gsize next_consumed; /* of the separator found: from its blank line to the end of its `From ` line */
    gsize next_from;     /* … where `From ` stands in that */
    gint64 next_received;
    gboolean next_unsure; /* … it is cut by the end of the bytes */
} MboxSplit;

/* `offset`: where the first byte of the first window stands in the stream. */
void mbox_split_init (MboxSplit *split, guint64 offset);
void mbox_split_next (MboxSplit *split, const char *window, gsize length, gboolean at_end, MboxPiece *piece);

/* How a stream starts: TRUE when it is an mbox (a byte order mark and blank lines may come first). Needs MBOX_WINDOW
 * bytes, or all there are. */
gboolean mbox_split_looks_like_mbox (const char *data, gsize length);

#endif

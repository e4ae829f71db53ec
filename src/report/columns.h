/* SPDX-License-Identifier: MIT */
/* Text in columns of a terminal: how wide it is there (wide characters count two, combining ones none), cut and padded
 * at whole characters, wrapped at spaces. All text that goes through here is made printable first: no control, bidi or
 * invisible character comes out. */
#ifndef NIXIE_REPORT_COLUMNS_H
#define NIXIE_REPORT_COLUMNS_H

#include "base/arena.h"
#include "base/writer.h"

typedef struct {
    Writer *writer;
    Arena *arena;     /* scratch; cleared by each line that is put */
    gboolean unicode; /* FALSE: everything else becomes "?" */
    gboolean colour;
    guint width;
} Page;

typedef enum { INK_PLAIN, INK_BOLD, INK_DIM, INK_RED, INK_YELLOW, INK_GREEN, INK_BLUE, N_INKS } Ink;

/* Columns of printable UTF-8. */
guint columns_of (const char *text);
/* `text` printable and no wider than `width`: cut at a character, with a mark at the end. */
char *columns_fit (Page *page, const char *text, guint width);

/* Put printable text, padded with spaces to `width` columns: to the right of the text, or (right) to the left. */
void page_cell (Page *page, Ink ink, const char *text, guint width, gboolean right);
void page_text (Page *page, Ink ink, const char *text); /* as it is, no padding */
void page_spaces (Page *page, guint n);
void page_end (Page *page);                              /* end the line */
/* Text wrapped at spaces from `column` (the cursor stands there) to the page's width, following lines indented to it,
 * at most `lines` lines (0 = as many as needed); ends the last one. */
void page_wrap (Page *page, Ink ink, const char *text, guint column, guint lines);
/* 1234567 as "1 234 567" (a narrow no-break space is not sure to be drawn), or as the language has it. */
char *page_number (Page *page, guint64 number);
/* "12 %", "0.4 %", "<0.1 %", or as the language has it. */
char *page_share (Page *page, guint64 part, guint64 whole);
/* A bar of `value` out of `maximum`, at most `width` columns; never empty when value is not 0. */
char *page_bar (Page *page, guint64 value, guint64 maximum, guint width);

#endif

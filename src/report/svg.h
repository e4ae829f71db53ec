/* SPDX-License-Identifier: MIT */
/* Charts as inline SVG: rectangles only, in a box of fixed units that the style sheet stretches to
 * whatever room there is. Words and figures stand beside it in HTML, where they keep their size. Colours
 * are classes of the style sheet. */
#ifndef NIXIE_REPORT_SVG_H
#define NIXIE_REPORT_SVG_H

#include "report/html.h"

#define SVG_MAX_SERIES 8
#define SVG_WIDTH 1000
#define SVG_HEIGHT 200

typedef struct {
    const char *title;               /* shown while the pointer rests on it; may come from mail */
    guint64 values[SVG_MAX_SERIES];
} SvgColumn;

/* Stacked columns from left to right, the first series at the bottom; the highest reaches `maximum` (not 0).
 * `label` says in words what is drawn. */
void svg_columns (Html *html, const char *label, const char *const *classes, guint n_series, const SvgColumn *columns,
                  guint n_columns, guint64 maximum);
/* One stacked bar from left to right, `maximum` being the whole width. A value that is not 0 is always seen. */
void svg_bar (Html *html, const char *label, const char *const *classes, guint n_series, const guint64 *values,
              guint64 maximum);
/* The least of 1, 2, 3, 4, 5, 6, 8, 10, 12, 15 … that is not below `value`: where an axis ends. */
guint64 svg_round_up (guint64 value);

#endif

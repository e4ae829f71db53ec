/* SPDX-License-Identifier: MIT */
#include "report/svg.h"

#define BAR_HEIGHT 10
#define BAR_LEAST 4      /* of SVG_WIDTH */
#define COLUMN_LEAST 2   /* of SVG_HEIGHT */

/* `value` of `maximum` in units of `whole`; at least `least` when it is not 0. */
static guint
scale (guint64 value, guint64 maximum, guint whole, guint least)
{
    guint units;

    if (value == 0 || maximum == 0)
        return 0;
    units = (guint) ((double) value * whole / (double) maximum + 0.5);
    return CLAMP (units, least, whole);
}

static void
open_chart (Html *html, const char *class, const char *label, guint height)
{
    char box[64];

    g_snprintf (box, sizeof box, "0 0 %d %u", SVG_WIDTH, height);
    html_open (html, "svg", "class", class, "viewBox", box, "preserveAspectRatio", "none", "role", "img",
               "aria-label", label, NULL);
}

static void
put_rectangle (Html *html, const char *class, guint x, guint y, guint width, guint height)
{
    char numbers[4][16];
    guint values[4] = {x, y, width, height};

    for (guint i = 0; i < 4; i++)
        g_snprintf (numbers[i], sizeof numbers[i], "%u", values[i]);
    html_open (html, "rect", "class", class, "x", numbers[0], "y", numbers[1], "width", numbers[2], "height",
               numbers[3], NULL);
    html_close (html);
}

static void
put_column (Html *html, const char *const *classes, guint n_series, const SvgColumn *column, guint x, guint width,
            guint64 maximum)
{
    guint y = SVG_HEIGHT;

    for (guint i = 0; i < n_series; i++) {
        guint height = MIN (scale (column->values[i], maximum, SVG_HEIGHT, COLUMN_LEAST), y);

        y -= height;
        if (height > 0)
            put_rectangle (html, classes[i], x, y, width, height);
    }
}

void
svg_columns (Html *html, const char *label, const char *const *classes, guint n_series, const SvgColumn *columns,
             guint n_columns, guint64 maximum)
{
    open_chart (html, "columns", label, SVG_HEIGHT);
    for (guint i = 0; i < n_columns; i++) {
        guint left = (guint) ((guint64) i * SVG_WIDTH / n_columns);
        guint right = (guint) ((guint64) (i + 1) * SVG_WIDTH / n_columns);
        guint gap = (right - left) / 5;

        html_open (html, "g", NULL);
        html_leaf (html, "title", NULL, columns[i].title);
        /* The whole height answers to the pointer, also where little or nothing is drawn. */
        put_rectangle (html, "touch", left, 0, right - left, SVG_HEIGHT);
        put_column (html, classes, n_series, &columns[i], left + gap / 2, MAX (right - left - gap, 1), maximum);
        html_close (html);
    }
    html_close (html);
}

void
svg_bar (Html *html, const char *label, const char *const *classes, guint n_series, const guint64 *values,
         guint64 maximum)
{
    guint x = 0;

    open_chart (html, "bar", label, BAR_HEIGHT);
    for (guint i = 0; i < n_series; i++) {
        guint width = MIN (scale (values[i], maximum, SVG_WIDTH, BAR_LEAST), SVG_WIDTH - x);

        if (width > 0)
            put_rectangle (html, classes[i], x, 0, width, BAR_HEIGHT);
        x += width;
    }
    html_close (html);
}

guint64
svg_round_up (guint64 value)
{
    static const guint steps[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80}; /* tenths */

    for (guint64 power = 1; power <= G_MAXUINT64 / 80; power *= 10)
        for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
            if (power * steps[i] % 10 == 0 && power * steps[i] / 10 >= value)
                return power * steps[i] / 10;
    return value;
}

/* SPDX-License-Identifier: MIT */
#include "report/svg.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

static const char *const classes[] = {"hard", "soft", "block"};

typedef struct {
    guint64 values[3];
    guint64 maximum;
    guint widths[3]; /* of SVG_WIDTH; 0 = not drawn */
} Bar;

static const Bar bars[] = {
    {{50, 25, 25}, 100, {500, 250, 250}},
    {{0, 0, 0}, 100, {0, 0, 0}},
    {{0, 0, 0}, 0, {0, 0, 0}},
    {{1, 0, 0}, 1000000, {4, 0, 0}},                       /* a little is seen all the same */
    {{1000000, 1, 1}, 1000000, {1000, 0, 0}},              /* and never sticks out */
    {{G_MAXUINT64, 0, 0}, G_MAXUINT64, {1000, 0, 0}},
};

static void
bar_widths (void **state)
{
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (bars); i++) {
        g_autoptr (GString) out = g_string_new (NULL);
        Writer *writer = writer_new_string (out);
        Html html;
        guint x = 0;

        html_begin (&html, writer);
        svg_bar (&html, "<label>", classes, 3, bars[i].values, bars[i].maximum);
        html_end (&html);
        writer_close (writer, NULL);
        assert_non_null (strstr (out->str, "aria-label=\"&lt;label&gt;\""));
        for (guint c = 0; c < 3; c++) {
            g_autofree char *wanted = g_strdup_printf ("<rect class=\"%s\" x=\"%u\" y=\"0\" width=\"%u\" height=\"10\">",
                                                       classes[c], x, bars[i].widths[c]);
            g_autofree char *any = g_strdup_printf ("<rect class=\"%s\"", classes[c]);

            if (bars[i].widths[c] > 0)
                assert_non_null (strstr (out->str, wanted));
            else
                assert_null (strstr (out->str, any));
            x += bars[i].widths[c];
        }
    }
}

static void
columns_stay_inside (void **state)
{
    SvgColumn columns[40] = {{0}};
    g_autoptr (GString) out = g_string_new (NULL);
    Writer *writer = writer_new_string (out);
    Html html;
    guint drawn = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
        columns[i] = (SvgColumn){"<day>", {i * 7 % 11, i % 3, i == 5 ? 80 : 0}};
    html_begin (&html, writer);
    svg_columns (&html, "days", classes, 3, columns, G_N_ELEMENTS (columns), 100);
    html_end (&html);
    writer_close (writer, NULL);
    assert_null (strstr (out->str, "<day>"));
    for (const char *at = out->str; (at = strstr (at, "<rect class=\"")); at++) {
        char class[16];
        guint x, y, width, height;

        assert_int_equal (sscanf (at, "<rect class=\"%15[a-z]\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\">", class, &x, &y,
                                  &width, &height), 5);
        assert_true (x + width <= SVG_WIDTH && y + height <= SVG_HEIGHT && width > 0 && height > 0);
        if (!g_str_equal (class, "touch")) {
            drawn++;
            if (g_str_equal (class, "block"))
                assert_int_equal (height, 160);
        }
    }
    assert_true (drawn > 40);
}

static void
axis_ends (void **state)
{
    static const guint64 cases[][2] = {{1, 1}, {2, 2}, {3, 3}, {7, 8}, {9, 10}, {11, 12}, {13, 15}, {201, 250}, {1000000, 1000000},
                                       {G_MAXUINT64, G_MAXUINT64}};

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        assert_true (svg_round_up (cases[i][0]) == cases[i][1]);
}

UNIT_MAIN (cmocka_unit_test (bar_widths), cmocka_unit_test (columns_stay_inside), cmocka_unit_test (axis_ends))

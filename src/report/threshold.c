/* SPDX-License-Identifier: MIT */
#include "report/threshold.h"

#include <string.h>

typedef struct {
    char *word;
    guint64 limit;
    gboolean percent;
} Threshold;

static gboolean
is_figure (const char *word)
{
    EventType type;
    DecisionKind kind;

    return g_str_equal (word, "events") || g_str_equal (word, "recipients") || g_str_equal (word, "unparsed")
           || event_type_parse (word, &type) || decision_parse (word, &kind);
}

/* "WORD>N" or "WORD>N%"; the word is yours. */
static gboolean
parse (const char *part, Threshold *threshold)
{
    const char *sign = strchr (part, '>');
    char *end = NULL;

    threshold->word = g_strndup (part, sign ? (gsize) (sign - part) : strlen (part));
    if (!sign || !g_ascii_isdigit (sign[1]) || !is_figure (threshold->word))
        return FALSE;
    threshold->limit = g_ascii_strtoull (sign + 1, &end, 10);
    threshold->percent = *end == '%';
    return end[threshold->percent ? 1 : 0] == '\0';
}

char *
threshold_problem (const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text, ",", -1);

    if (!*parts)
        return g_strdup ("");
    for (char **part = parts; *part; part++) {
        Threshold threshold;
        gboolean fine = parse (*part, &threshold);

        g_free (threshold.word);
        if (!fine)
            return g_strdup (*part);
    }
    return NULL;
}

static guint64
figure (const char *word, ReportModel *model, guint64 *whole)
{
    const ReportRow *total = report_model_total (model);
    const ReportContext *context = report_model_context (model);
    EventType type;
    DecisionKind kind;

    *whole = total->events;
    if (g_str_equal (word, "unparsed")) {
        *whole = context->messages;
        return context->unparsed;
    }
    if (g_str_equal (word, "recipients"))
        return total->recipients;
    if (event_type_parse (word, &type))
        return total->by_type[type];
    if (decision_parse (word, &kind)) {
        *whole = total->recipients;
        return report_model_decisions (model, kind);
    }
    return total->events;
}

char *
threshold_exceeded (const char *text, ReportModel *model)
{
    g_auto (GStrv) parts = g_strsplit (text, ",", -1);
    g_autoptr (GString) out = g_string_new (NULL);

    for (char **part = parts; *part; part++) {
        Threshold threshold;
        guint64 value, whole;

        if (parse (*part, &threshold)) {
            value = figure (threshold.word, model, &whole);
            if (threshold.percent ? (double) value * 100.0 > (double) whole * (double) threshold.limit
                                  : value > threshold.limit)
                g_string_append_printf (out, "%s%s %" G_GUINT64_FORMAT " is more than %s", out->len ? ", " : "",
                                        threshold.word, value, strchr (*part, '>') + 1);
        }
        g_free (threshold.word);
    }
    return out->len ? g_strdup (out->str) : NULL;
}

/* SPDX-License-Identifier: MIT */
#include "app/decisions.h"

#include "event/vocabulary.h"

gboolean
decisions_parse (const char *text, guint *decisions, char **bad)
{
    g_auto (GStrv) words = g_strsplit (text ? text : "remove", ",", -1);
    *decisions = 0;
    for (char **word = words; *word; word++) {
        DecisionKind decision;
        if (!decision_parse (g_strstrip (*word), &decision)) {
            *bad = g_strdup (*word);
            return FALSE;
        }
        *decisions |= 1u << decision;
    }
    return TRUE;
}

/* SPDX-License-Identifier: MIT */
#include "app/said_list.h"

#include <string.h>

#include "base/date.h"

typedef struct {
    char *address, *email;
    Said said;
} Entry;

struct SaidList {
    GArray *entries; /* of Entry, by address */
    gint64 until;
};

static void
entry_clear (gpointer data)
{
    Entry *entry = data;
    g_free (entry->address);
    g_free (entry->email);
}

/* Records come by address and date: a later one of its kind replaces an earlier one, and taking back leaves nothing. */
static gboolean
take_mark (const StoreMark *mark, gpointer user, GError **error)
{
    SaidList *list = user;
    guint n = list->entries->len;
    (void) error;
    if (list->until != DATE_NONE && mark->said > list->until)
        return TRUE;
    if (n == 0 || strcmp (g_array_index (list->entries, Entry, n - 1).address, mark->address) != 0) {
        Entry added = { g_strdup (mark->address), g_strdup (mark->email),
                        { NULL, DATE_NONE, DATE_NONE, DATE_NONE } };
        added.said.email = added.email;
        g_array_append_val (list->entries, added);
        n++;
    }
    Said *said = &g_array_index (list->entries, Entry, n - 1).said;
    gint64 date = mark->undone ? DATE_NONE : mark->date;
    switch (mark->kind) {
    case MARK_ALLOW:
        said->allowed = date;
        break;
    case MARK_FORGIVE:
        said->forgiven = date;
        break;
    case MARK_IMPORT:
        said->imported = date;
        break;
    case N_MARKS:
        break;
    }
    return TRUE;
}

SaidList *
said_list_load (Store *store, gint64 until, GError **error)
{
    SaidList *list = g_new0 (SaidList, 1);
    list->until = until;
    list->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
    g_array_set_clear_func (list->entries, entry_clear);
    if (store_marks (store, NULL, take_mark, list, error))
        return list;
    said_list_free (list);
    return NULL;
}

void
said_list_free (SaidList *list)
{
    if (!list)
        return;
    g_array_unref (list->entries);
    g_free (list);
}

const Said *
said_list_find (const SaidList *list, const char *address)
{
    guint low = 0, high = list ? list->entries->len : 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const Entry *entry = &g_array_index (list->entries, Entry, middle);
        int order = strcmp (entry->address, address);
        if (order == 0)
            return &entry->said;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const Said *
said_list_get (const SaidList *list, guint index, const char **address)
{
    if (!list || index >= list->entries->len)
        return NULL;
    const Entry *entry = &g_array_index (list->entries, Entry, index);
    *address = entry->address;
    return &entry->said;
}

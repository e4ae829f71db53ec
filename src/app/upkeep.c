/* SPDX-License-Identifier: MIT */
#include "app/state.h"
#include "app/upkeep.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/app_error.h"
#include "app/learn.h"
#include "app/ledger.h"
#include "base/date.h"
#include "base/i18n.h"
#include "event/address.h"
#include "store/store.h"
#include "store/store_upkeep.h"

/* The state, which must be there. *path is yours. */
static Store *
open_state (App *app, StoreMode mode, char **path, GError **error)
{
    struct stat found;
    *path = app_state_path (app);
    if (!store_is_server (*path) && stat (*path, &found) != 0) {
        int number = errno;
        g_set_error (error, APP_ERROR, app_error_from_errno (number, APP_ERROR_IO),
                     "cannot open the state '%s': %s", *path, g_strerror (number));
        return NULL;
    }
    return state_open (app, *path, mode, error);
}

/* --- info, export, verify ---------------------------------------------------------------------------------------- */

static gboolean
count_mark (const StoreMark *mark, gpointer user, GError **error)
{
    guint64 *counts = user;
    (void) error;
    counts[mark->kind]++;
    return TRUE;
}

static void
put_number (Writer *writer, const char *name, guint64 number)
{
    writer_printf (writer, "%-14s %" G_GUINT64_FORMAT "\n", name, number);
}

gboolean
upkeep_info (App *app, Writer *writer, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr (Store) store = open_state (app, STORE_READ, &path, error);
    guint64 addresses, marks[N_MARKS] = { 0 };
    char date[DATE_TEXT_SIZE];
    StoreInfo info;
    struct stat found;
    if (!store || !store_info (store, &info, error) || !store_count_addresses (store, &addresses, error)
        || !store_marks (store, NULL, count_mark, marks, error))
        return FALSE;
    g_autoptr (Arena) arena = arena_new ();
    writer_printf (writer, "%-14s %s\n", "state", text_printable (arena, path, FALSE));
    put_number (writer, "schema", (guint64) info.schema);
    if (stat (path, &found) == 0)
        put_number (writer, "bytes", (guint64) found.st_size);
    put_number (writer, "messages", info.messages);
    put_number (writer, "bounces", info.bounces);
    put_number (writer, "unparsed", info.unparsed);
    put_number (writer, "events", info.events);
    put_number (writer, "addresses", addresses);
    for (guint i = 0; i < N_MARKS; i++)
        put_number (writer, mark_word ((MarkKind) i), marks[i]);
    writer_printf (writer, "%-14s %s\n", "first-scan", date_format (info.first_seen, date));
    writer_printf (writer, "%-14s %s\n", "last-scan", date_format (info.last_seen, date));
    return TRUE;
}

gboolean
upkeep_export (App *app, Writer *writer, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr (Store) store = open_state (app, STORE_READ, &path, error);
    return store && store_export (store, writer, error);
}

static void
tell_fault (const char *what, gpointer user)
{
    const App *app = user;
    log_error (app->log, "%s", what);
}

gboolean
upkeep_verify (App *app, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr (Store) store = open_state (app, STORE_READ, &path, error);
    guint faults;
    if (!store || !store_verify (store, tell_fault, app, &faults, error))
        return FALSE;
    if (faults > 0) {
        g_set_error (error, APP_ERROR, APP_ERROR_DATA, "the state '%s' is damaged: %u faults", path, faults);
        return FALSE;
    }
    log_note (app->log, _("the state '%s' is sound"), path);
    return TRUE;
}

/* --- expire, forget ---------------------------------------------------------------------------------------------- */

typedef struct {
    GHashTable *listed; /* normal forms */
    Arena *arena;
} Keeping;

static gboolean
note_listed (const Decision *decision, gpointer user, GError **error)
{
    Keeping *keeping = user;
    (void) error;
    if (decision->decision == DECISION_REMOVE || decision->decision == DECISION_INACTIVE) {
        arena_clear (keeping->arena);
        g_hash_table_add (keeping->listed, g_strdup (address_normal (keeping->arena, decision->email)));
    }
    return TRUE;
}

static gboolean
is_listed (const char *address, gpointer user)
{
    const Keeping *keeping = user;
    return g_hash_table_contains (keeping->listed, address);
}

gboolean
upkeep_expire (App *app, GError **error)
{
    gint64 before = app->until;
    guint64 events;
    if (before == DATE_NONE) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "state expire wants --until, as in --until=2y");
        return FALSE;
    }
    g_autoptr (GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *path = NULL;
    Keeping keeping = { listed, arena };
    app->until = DATE_NONE; /* the decisions are today's, of all that is known */
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    if (!ledger || !ledger_decisions_of (ledger, 0, note_listed, &keeping, error))
        return FALSE;
    g_clear_pointer (&ledger, ledger_free);
    g_autoptr (Store) store = open_state (app, STORE_WRITE, &path, error);
    if (!store || !store_begin (store, error) || !store_expire (store, before, is_listed, &keeping, &events, error)
        || !store_commit (store, error) || !store_compact (store, error))
        return FALSE;
    char digits[I18N_DIGITS];
    log_note (app->log, P_("%s event taken away", "%s events taken away", events), i18n_digits (events, digits));
    return TRUE;
}

gboolean
upkeep_forget (App *app, char *const *addresses, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (Store) store = open_state (app, STORE_WRITE, &path, error);
    if (!store || !store_begin (store, error))
        return FALSE;
    for (; *addresses; addresses++) {
        char *email = address_clean (arena, span_of (*addresses));
        guint64 events;
        if (!email) {
            g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "'%s' is no mail address", *addresses);
            return FALSE;
        }
        if (!store_forget (store, address_normal (arena, email), app->clock.now, TRUE, &events, error))
            return FALSE;
        char digits[I18N_DIGITS];
        log_note (app->log, P_("%s: forgotten, with %s event", "%s: forgotten, with %s events", events), email,
                  i18n_digits (events, digits));
    }
    return store_commit (store, error) && store_compact (store, error);
}

/* --- merge ------------------------------------------------------------------------------------------------------- */

static gboolean
merge_one (App *app, Store *store, const char *path, GError **error)
{
    g_autoptr (Store) other = state_open (app, path, STORE_READ, error);
    if (!other || !learn_mixture (store, other, error))
        return FALSE;
    g_clear_pointer (&other, store_free);
    return store_merge (store, path, error);
}

gboolean
upkeep_merge (App *app, char *const *paths, GError **error)
{
    g_autofree char *out = app_state_path (app);
    g_autoptr (Store) store = state_open (app, out, STORE_WRITE, error);
    StoreInfo info;
    struct stat own, found;
    if (!store)
        return FALSE;
    gboolean is_file = stat (out, &own) == 0;
    for (; *paths; paths++) {
        gboolean same = strcmp (*paths, out) == 0; /* it knows what it knows */
        gboolean server = store_is_server (*paths);
        if (!server && stat (*paths, &found) != 0) {
            int number = errno;
            g_set_error (error, APP_ERROR, app_error_from_errno (number, APP_ERROR_IO),
                         "cannot open the state '%s': %s", *paths, g_strerror (number));
            return FALSE;
        }
        if (!server && is_file)
            same = own.st_dev == found.st_dev && own.st_ino == found.st_ino;
        if (!same && !merge_one (app, store, *paths, error))
            return FALSE;
    }
    if (!learn_rules (app, store, error) || !store_info (store, &info, error))
        return FALSE;
    char messages[I18N_DIGITS], events[I18N_DIGITS];
    log_note (app->log, _("messages: %s, events: %s, in %s"), i18n_digits (info.messages, messages),
              i18n_digits (info.events, events), out);
    return TRUE;
}

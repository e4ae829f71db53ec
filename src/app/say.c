/* SPDX-License-Identifier: MIT */
#include "app/say.h"

#include <string.h>

#include "app/app_error.h"
#include "app/state.h"
#include "base/csv_record.h"
#include "base/date.h"
#include "base/file_text.h"
#include "base/i18n.h"
#include "event/address.h"

Store *
say_open (App *app, GError **error)
{
    g_autofree char *path = app_state_path (app);
    return state_open (app, path, STORE_WRITE, error);
}

typedef struct {
    MarkKind kind;
    gint64 date;     /* of the last record of that kind */
    gboolean stands; /* it was not taken back */
} LastWord;

static gboolean
find_last (const StoreMark *mark, gpointer user, GError **error)
{
    LastWord *last = user;
    (void) error;
    if (mark->kind == last->kind) {
        last->date = mark->date;
        last->stands = !mark->undone;
    }
    return TRUE;
}

/* One record. What is said later has a later date, also within the same second or after the clock went back. */
static gboolean
say_one (Store *store, StoreMark *mark, gboolean *stood, GError **error)
{
    LastWord last = { mark->kind, DATE_NONE, FALSE };
    if (!store_marks (store, mark->address, find_last, &last, error))
        return FALSE;
    *stood = last.stands;
    if (last.stands == !mark->undone && (mark->kind != MARK_FORGIVE || mark->undone))
        return TRUE;
    if (last.date != DATE_NONE && mark->date <= last.date)
        mark->date = last.date + 1;
    return store_mark_put (store, mark, error);
}

static gboolean
say_all (App *app, Store *store, MarkKind kind, gboolean undo, guint *unknown, GError **error)
{
    g_autoptr (Arena) arena = arena_new ();
    for (char **word = app->options->arguments; *word; word++) {
        char *email = address_clean (arena, span_of (*word));
        gboolean stood;
        if (!email) {
            g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "'%s' is no mail address", *word);
            return FALSE;
        }
        StoreMark mark = { .address = address_normal (arena, email), .email = email, .kind = kind, .undone = undo,
                           .date = app->clock.now, .said = app->clock.now, .note = "" };
        if (!say_one (store, &mark, &stood, error))
            return FALSE;
        if (undo && !stood) {
            log_warning (app->log, "%s: there is no '%s' to take back", email, mark_word (kind));
            (*unknown)++;
        } else {
            log_note (app->log, undo ? _("%s: %s taken back") : stood ? _("%s: %s, as before") : "%s: %s", email,
                      mark_word (kind));
        }
    }
    return TRUE;
}

gboolean
say_words (App *app, MarkKind kind, gboolean undo, guint *unknown, GError **error)
{
    g_autoptr (Store) store = say_open (app, error);
    *unknown = 0;
    /* Freed without a commit, a store rolls back. */
    return store && store_begin (store, error) && say_all (app, store, kind, undo, unknown, error)
           && store_commit (store, error);
}

/* --- a list of others -------------------------------------------------------------------------------------------- */

typedef struct {
    App *app;
    Store *store;
    const char *note;
    Arena *arena;
    GArray *cells;
    char delimiter;
    guint64 *taken, *skipped;
} Importing;

/* The first cell that is an address, and the first one that is a date. */
static gboolean
import_record (Importing *importing, Span record, GError **error)
{
    char *email = NULL;
    gint64 date = DATE_NONE;
    gboolean stood;
    arena_clear (importing->arena);
    csv_record_split (record.at, record.length, importing->delimiter, importing->cells);
    for (guint i = 0; i < importing->cells->len; i++) {
        Span cell = g_array_index (importing->cells, Span, i);
        char *text = g_strstrip (csv_cell_text (importing->arena, cell));
        if (!email)
            email = address_clean (importing->arena, span_of (text));
        if (date == DATE_NONE && g_ascii_isdigit (*text) && strlen (text) >= 10) {
            if (text[10] == ' ')
                text[10] = 'T'; /* "2026-11-21 03:00:00", as most export it */
            date = date_parse_rfc3339 (text);
            if (date == DATE_NONE)
                date = date_parse_length (text, 10);
        }
    }
    if (!email || *record.at == '#') {
        (*importing->skipped)++;
        return TRUE;
    }
    (*importing->taken)++;
    StoreMark mark = { .address = address_normal (importing->arena, email), .email = email, .kind = MARK_IMPORT,
                       .date = date == DATE_NONE ? importing->app->clock.now : date, .said = importing->app->clock.now,
                       .note = importing->note };
    return say_one (importing->store, &mark, &stood, error);
}

static gboolean
import_text (Importing *importing, const char *text, gsize length, GError **error)
{
    CsvScanner scanner;
    gsize at = g_str_has_prefix (text, "\xef\xbb\xbf") ? 3 : 0, size;
    gsize first = strcspn (text + at, "\r\n");
    importing->delimiter = csv_record_delimiter (text + at, first);
    csv_scanner_init (&scanner, importing->delimiter);
    while (at < length && (size = csv_record_end (&scanner, text + at, length - at, TRUE)) > 0) {
        gsize content = csv_record_content (text + at, size);
        if (content > 0 && !import_record (importing, span (text + at, content), error))
            return FALSE;
        at += size;
    }
    return TRUE;
}

gboolean
say_import (App *app, const char *file, guint64 *taken, guint64 *skipped, GError **error)
{
    g_autofree char *text = NULL, *base = g_path_get_basename (file);
    gsize length;
    if (!file_text_read (file, &text, &length, error))
        return FALSE;
    g_autoptr (Arena) arena = arena_new (), names = arena_new ();
    g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Span));
    g_autoptr (Store) store = say_open (app, error);
    *taken = *skipped = 0;
    Importing importing = { .app = app, .store = store, .arena = arena, .cells = cells, .taken = taken,
                            .skipped = skipped, .note = text_one_line (names, base, -1, 200) };
    return store && store_begin (store, error) && import_text (&importing, text, length, error)
           && store_commit (store, error);
}

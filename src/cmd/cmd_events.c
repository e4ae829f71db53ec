/* SPDX-License-Identifier: MIT */
#include "app/ledger.h"
#include "app/output.h"
#include "app/stream.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "event/event_json.h"
#include "report/events_csv.h"

typedef struct {
    Writer *writer;
    gboolean csv;
} Listing;

/* FALSE once the output is broken: its error comes from output_close(). */
static gboolean
list_event (const BounceEvent *event, gpointer user, GError **error)
{
    Listing *listing = user;
    (void) error;
    if (listing->csv)
        events_csv_row (listing->writer, event, (CsvStyle){ 0 });
    else
        event_json_write (listing->writer, event);
    return !writer_failed (listing->writer);
}

static gboolean
parse_format (const char *word, gboolean *csv, GError **error)
{
    *csv = word && g_str_equal (word, "csv");
    if (!word || *csv || g_str_equal (word, "ndjson") || g_str_equal (word, "jsonl") || g_str_equal (word, "json"))
        return TRUE;
    g_set_error (error, APP_ERROR, APP_ERROR_USAGE, "--format: '%s' is none of ndjson, csv", word);
    return FALSE;
}

static gboolean
write_events (App *app, Listing *listing, guint *failures, GError **error)
{
    if (app_has_paths (app))
        return stream_events (app, app->options->unparsed, list_event, listing, failures, error);
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    return ledger && ledger_events_by_source (ledger, app->options->unparsed, list_event, listing, error);
}

/* Where to go on, once all of it is out. Whole or not at all: a position that is lost only means telling again. */
static gboolean
write_cursor (const char *path, const char *next, GError **error)
{
    g_autoptr (Output) output = output_open (path, error);
    if (!output)
        return FALSE;
    writer_puts (output_writer (output), next);
    writer_putc (output_writer (output), '\n');
    return output_close (output, error);
}

static gboolean
follow_events (App *app, Listing *listing, char **next, GError **error)
{
    if (app_has_paths (app)) {
        g_set_error_literal (error, APP_ERROR, APP_ERROR_USAGE, "--follow-cursor follows the state; it takes no PATH");
        return FALSE;
    }
    g_autoptr (Ledger) ledger = ledger_open (app, error);
    return ledger
           && ledger_follow (ledger, app->options->follow_cursor, app->options->unparsed, list_event, listing,
                             next, error);
}

static gboolean
run_events (App *app, ExitStatus *status, GError **error)
{
    Listing listing;
    guint failures = 0;
    const char *cursor = app->options->follow_cursor;
    g_autofree char *next = NULL;
    g_autoptr (GError) failure = NULL;
    if (!parse_format (app->options->format, &listing.csv, error))
        return FALSE;
    g_autoptr (Output) output = output_open (app->options->output, error);
    if (!output)
        return FALSE;
    listing.writer = output_writer (output);
    if (listing.csv)
        events_csv_header (listing.writer, (CsvStyle){ 0 });
    gboolean done = cursor ? follow_events (app, &listing, &next, &failure)
                           : write_events (app, &listing, &failures, &failure);
    if (!done && failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
    }
    *status = failures > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    return output_close (output, error) && (!next || write_cursor (cursor, next, error));
}

static const char *const events_options[] = {
    "format",  "unparsed",   "follow-cursor", "since", "until",      "output",        "state", "rules",
    "mx-file", "files-from", "null",          "jobs",  "no-formats", "no-first-look", NULL
};

const Verb cmd_events = {
    .name = "events",
    .arguments = N_("[PATH…]"),
    .summary = N_("every event, one JSON object a line"),
    .text = N_("Writes what each bounce says about each recipient: one line of JSON an event (schema: "
               "doc/event.schema.json), or csv. With PATHs the mail is read and listed as it comes, in its "
               "order: a bounce that lies in two places is listed twice, with the same event_id. Without "
               "PATHs the state is listed, where each event is once.\n"
               "--unparsed lists the bounces that were not understood, and only those.\n"
               "With --follow-cursor only what the state got since the last time is told, in the order in "
               "which it got it, whatever its date, and events that are judged otherwise since. The cursor "
               "moves on when all of it was written: an event can come again with its event_id, none is left "
               "out.\n"
               "In `source`, bytes of a file name that are no UTF-8 or not printable are written \\xNN and a "
               "backslash is doubled."),
    .examples = "nixie events bounces.mbox | jq -r 'select(.type==\"hard\").recipient'\n"
                "nixie events --unparsed ~/Maildir/.bounces\n"
                "nixie events --follow-cursor=loaded.cursor -o new.ndjson\n"
                "nixie events --since=7d --format=csv -o week.csv",
    .options = events_options,
    .most = CMD_MANY,
    .run = run_events,
};

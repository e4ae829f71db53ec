/* SPDX-License-Identifier: MIT */
#include "app/publish.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/address_set.h"
#include "app/app_error.h"
#include "app/dated_name.h"
#include "app/output.h"
#include "base/date.h"
#include "base/file_text.h"

typedef struct {
    App *app;
    const PublishJob *job;
    SuppressList *list;
    GPtrArray *outputs; /* of Output, one a part: none is in its place yet */
    AddressSet *listed; /* the addresses written */
} Publishing;

/* --- writing beside the place ------------------------------------------------------------------------------------ */

static gboolean
open_part (Publishing *publishing, GError **error)
{
    guint part = publishing->job->max_rows > 0 ? publishing->outputs->len + 1 : 0;
    g_autofree char *name = dated_name (publishing->job->file, DATE_NONE, part);
    Output *output = output_open (name, error);
    if (!output)
        return FALSE;
    g_ptr_array_add (publishing->outputs, output);
    suppress_list_open (publishing->list, output_writer (output));
    return TRUE;
}

static gboolean
take_decision (const Decision *decision, gpointer user, GError **error)
{
    Publishing *publishing = user;
    if (!(publishing->job->decisions & 1u << decision->decision))
        return TRUE;
    SuppressResult result = suppress_list_row (publishing->list, decision);
    if (result == SUPPRESS_FULL) {
        suppress_list_close (publishing->list);
        if (!open_part (publishing, error))
            return FALSE;
        result = suppress_list_row (publishing->list, decision);
    }
    if (result != SUPPRESS_WRITTEN)
        return TRUE;
    address_set_add (publishing->listed, decision->email);
    return TRUE;
}

static void
tell_refused (const Decision *decision, const char *why, gpointer user)
{
    const Publishing *publishing = user;
    log_warning (publishing->app->log, "output %s: %s left out: %s", publishing->job->name, decision->email, why);
}

static gboolean
write_parts (Publishing *publishing, Ledger *ledger, PublishResult *result, GError **error)
{
    const PublishJob *job = publishing->job;
    SuppressOptions options = { .split = job->max_rows > 0,
                                .max_rows = job->max_rows,
                                .refused = tell_refused,
                                .user = publishing };
    g_autoptr (SuppressList) list = suppress_list_new (job->format, &options);
    publishing->list = list;
    if (!open_part (publishing, error)
        || !ledger_decisions_of (ledger, job->decisions, take_decision, publishing, error))
        return FALSE;
    suppress_list_close (list);
    result->listed = suppress_list_written (list);
    result->refused = suppress_list_refused_count (list);
    result->parts = publishing->outputs->len;
    guint64 most = suppress_format_max_rows (job->format);
    if (job->max_rows == 0 && most > 0 && result->listed > most)
        log_warning (publishing->app->log,
                     "output %s: %" G_GUINT64_FORMAT " addresses in one file, and who reads %s takes %" G_GUINT64_FORMAT
                     ": set max-rows", job->name, result->listed, suppress_format_name (job->format), most);
    return TRUE;
}

/* --- comparing with the last one --------------------------------------------------------------------------------- */

static void
count_changes (const GArray *last, const GArray *now, GuardFigures *figures)
{
    guint i = 0, j = 0;
    while (i < last->len || j < now->len) {
        guint64 old = i < last->len ? g_array_index (last, guint64, i) : G_MAXUINT64;
        guint64 new = j < now->len ? g_array_index (now, guint64, j) : G_MAXUINT64;
        gboolean only_old = j == now->len || (i < last->len && old < new);
        gboolean only_new = i == last->len || (j < now->len && new < old);
        figures->removed += only_old;
        figures->added += only_new;
        i += !only_new;
        j += !only_old;
    }
}

/* The list of recipients says how many there are; without one, the ledger knows those that ever bounced. */
static gboolean
count_known (App *app, Store *state, guint64 *known, GError **error)
{
    const Identity *identity;
    if (!app_identity (app, &identity, error))
        return FALSE;
    if (!config_text (app->config, "identity", "recipients"))
        return store_count_addresses (state, known, error);
    *known = identity_n_recipients (identity);
    return TRUE;
}

static gboolean
has_content (const PublishJob *job)
{
    struct stat found;
    g_autofree char *name = dated_name (job->file, DATE_NONE, job->max_rows > 0 ? 1 : 0);
    return stat (name, &found) == 0 && S_ISREG (found.st_mode) && found.st_size > 0;
}

/* A run that was killed between putting the list in place and remembering it: there is nothing to hold back. A first
 * list may also be there in part; a later one may not, or a lost file would open the gate. */
static gboolean
is_there_already (const Publishing *publishing, gboolean first)
{
    const PublishJob *job = publishing->job;
    g_autofree char *more = dated_name (job->file, DATE_NONE, publishing->outputs->len + 1);
    if (job->max_rows > 0 && g_file_test (more, G_FILE_TEST_EXISTS))
        return FALSE;
    for (guint i = 0; i < publishing->outputs->len; i++) {
        gboolean missing;
        if (!output_is_in_place (publishing->outputs->pdata[i], &missing) && !(missing && first))
            return FALSE;
    }
    return TRUE;
}

static char *
reason_of (const Publishing *publishing, const PublishResult *result, const GuardLimits *limits)
{
    const PublishJob *job = publishing->job;
    const GuardFigures *figures = &result->figures;
    if (result->verdict != GUARD_PASSES && is_there_already (publishing, result->verdict == GUARD_FIRST))
        return NULL;
    if (result->verdict == GUARD_GROWS)
        return g_strdup_printf ("%" G_GUINT64_FORMAT " addresses more than in the last list of %" G_GUINT64_FORMAT
                                ", of %" G_GUINT64_FORMAT " known; %" G_GUINT64_FORMAT " pass",
                                figures->added, figures->last, figures->known, guard_allowance (figures, limits));
    if (result->verdict == GUARD_SHRINKS)
        return g_strdup_printf ("%" G_GUINT64_FORMAT " addresses where the last list had %" G_GUINT64_FORMAT
                                ", more than %u %% fewer",
                                figures->last + figures->added - figures->removed, figures->last,
                                limits->shrink_percent);
    if (result->verdict == GUARD_FIRST && has_content (job))
        return g_strdup ("the file is there, but this state never published it");
    return NULL;
}

static gboolean
judge (Publishing *publishing, Store *state, PublishResult *result, GError **error)
{
    const Config *config = publishing->app->config;
    const PublishJob *job = publishing->job;
    GuardLimits built_in = GUARD_LIMITS_DEFAULT;
    GuardLimits limits = { (guint64) config_number (config, "guard", "least", (int) built_in.least),
                           (guint) config_number (config, "guard", "grow", (int) built_in.grow_percent),
                           (guint) config_number (config, "guard", "shrink", (int) built_in.shrink_percent) };
    g_autoptr (GArray) last = g_array_new (FALSE, FALSE, sizeof (guint64));
    GuardFigures *figures = &result->figures;
    gint64 date;
    if (!store_published_get (state, job->name, last, &date, &figures->published, error)
        || !count_known (publishing->app, state, &figures->known, error))
        return FALSE;
    figures->last = last->len;
    count_changes (last, address_set_numbers (publishing->listed), figures);
    result->verdict = guard_check (figures, &limits);
    if (job->guarded && !job->confirm)
        result->reason = reason_of (publishing, result, &limits);
    return TRUE;
}

/* --- into the place ---------------------------------------------------------------------------------------------- */

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!file_text_read (from, &text, &length, error))
        return FALSE;
    g_autoptr (Output) output = output_open (to, error);
    if (!output)
        return FALSE;
    writer_put (output_writer (output), text, length);
    return output_close (output, error);
}

/* A second name is enough: the stable name gets a new file with the next list. Where there are no links, a copy. */
static gboolean
keep_copy (const char *file, const char *copy, GError **error)
{
    g_autofree char *temporary = output_link_name (file);
    struct stat found;
    if (stat (file, &found) != 0 || !S_ISREG (found.st_mode))
        return TRUE; /* a pipe or a device keeps nothing */
    (void) g_unlink (temporary);
    if (link (file, temporary) == 0) {
        if (g_rename (temporary, copy) == 0) {
            (void) g_unlink (temporary); /* rename(2) of two names of one file does nothing */
            return TRUE;
        }
        (void) g_unlink (temporary);
    }
    return copy_file (file, copy, error);
}

static int
compare_days (gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;
    return left > right ? -1 : left < right;
}

/* Away with the copies of older days than the newest `keep`, and with parts that today's list has no more. */
static void
tidy (const PublishJob *job, guint parts)
{
    g_autofree char *folder = g_path_get_dirname (job->file);
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    g_autoptr (GArray) days = g_array_new (FALSE, FALSE, sizeof (gint64));
    const char *base;
    while (dir && (base = g_dir_read_name (dir))) {
        gint64 day = dated_name_day (job->file, base);
        gboolean known = day == DATE_NONE;
        for (guint i = 0; !known && i < days->len; i++)
            known = g_array_index (days, gint64, i) == day;
        if (!known)
            g_array_append_val (days, day);
    }
    g_array_sort (days, compare_days);
    gint64 oldest = job->keep > 0 && days->len > (guint) job->keep ? g_array_index (days, gint64, job->keep - 1)
                                                                  : DATE_NONE;
    if (dir)
        /* cppcheck-suppress leakReturnValNotUsed; it returns nothing */
        g_dir_rewind (dir);
    while (dir && (base = g_dir_read_name (dir))) {
        gint64 day = dated_name_day (job->file, base);
        gboolean too_old = day != DATE_NONE && oldest != DATE_NONE && day < oldest;
        gboolean left_over = job->max_rows > 0 && dated_name_part (job->file, base) > parts;
        g_autofree char *name = g_build_filename (folder, base, NULL);
        if (too_old || left_over)
            (void) g_unlink (name);
    }
}

gboolean
publish_copies (const PublishJob *job, guint parts, gint64 now, GError **error)
{
    for (guint i = 0; job->keep > 0 && i < parts; i++) {
        guint part = job->max_rows > 0 ? i + 1 : 0;
        g_autofree char *file = dated_name (job->file, DATE_NONE, part);
        g_autofree char *copy = dated_name (job->file, now, part);
        if (!keep_copy (file, copy, error))
            return FALSE;
    }
    tidy (job, parts);
    return TRUE;
}

static gboolean
put_in_place (Publishing *publishing, Store *state, GError **error)
{
    const PublishJob *job = publishing->job;
    gint64 now = publishing->app->clock.now;
    for (guint i = 0; i < publishing->outputs->len; i++)
        if (!output_close (publishing->outputs->pdata[i], error))
            return FALSE;
    /* First the list, then the memory of it: cut in between, the next one is compared with an older list, which is the
     * stricter side. */
    if (!store_published_put (state, job->name, address_set_numbers (publishing->listed), now, error))
        return FALSE;
    return publish_copies (job, publishing->outputs->len, now, error);
}

gboolean
publish (App *app, Ledger *ledger, Store *state, const PublishJob *job, PublishResult *result, GError **error)
{
    g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) output_free);
    g_autoptr (AddressSet) listed = address_set_new ();
    Publishing publishing = { .app = app, .job = job, .outputs = outputs, .listed = listed };
    *result = (PublishResult){ 0 };
    if (!write_parts (&publishing, ledger, result, error) || !judge (&publishing, state, result, error))
        return FALSE;
    result->published = result->reason == NULL;
    return !result->published || put_in_place (&publishing, state, error);
}

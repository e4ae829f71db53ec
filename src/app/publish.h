/* SPDX-License-Identifier: MIT */
/* A list that others rely on: written beside its place, compared with what was published last, and only then put there.
 * What was published is remembered in the state, not read from the file: a lost or edited file does not open the gate.
 *
 *     PublishJob job = { .name = "remove", .file = "/var/lib/lists/remove.csv", .format = format, … };
 *     publish (app, ledger, state, &job, &result, &error);     (result.verdict says whether it is there)
 */
#ifndef NIXIE_APP_PUBLISH_H
#define NIXIE_APP_PUBLISH_H

#include "app/ledger.h"
#include "policy/guard.h"
#include "report/suppress_list.h"
#include "store/store.h"

typedef struct {
    const char *name;       /* under which the state remembers it */
    const char *file;
    const SuppressFormat *format;
    guint decisions;        /* bits 1 << DecisionKind */
    int keep;               /* dated copies; 0 = none */
    guint64 max_rows;       /* 0 = one file */
    gboolean guarded;
    gboolean confirm;       /* a person has looked: publish whatever the guard says */
} PublishJob;

typedef struct {
    guint64 listed, refused; /* refused: addresses that the format cannot express */
    guint parts;             /* files */
    GuardFigures figures;
    GuardVerdict verdict;    /* of the guard, also when it was overruled */
    gboolean published;
    char *reason;            /* one line: why it was held back; NULL when it was not. Yours. */
} PublishResult;

/* FALSE with an error only when the world failed; a list that is held back is a result. `state`: open for writing. */
gboolean publish (App *app, Ledger *ledger, Store *state, const PublishJob *job, PublishResult *result, GError **error);

/* The dated copies of a file that is in its place, and away with those of older days: job->file and ->keep count. */
gboolean publish_copies (const PublishJob *job, guint parts, gint64 now, GError **error);

#endif

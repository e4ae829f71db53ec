/* SPDX-License-Identifier: MIT */
/* What the reading verbs look at: the state, or, when the command line names mail, a private ledger of that mail alone
 * that is gone with the run. */
#ifndef NIXIE_APP_LEDGER_H
#define NIXIE_APP_LEDGER_H

#include "app/app.h"
#include "policy/policy.h"
#include "report/report_model.h"

typedef struct Ledger Ledger;

/* Opens the state for reading, or reads the named mail. A missing state: APP_ERROR_NO_INPUT that says what to do. */
Ledger *ledger_open (App *app, GError **error);
void ledger_free (Ledger *ledger);
/* Inputs that could not be read in full. */
guint ledger_failures (const Ledger *ledger);

/* Every event once, by recipient, date and id; `recipient` (NULL = all) as in the event, in any case. Dates as the
 * app says. Events without a recipient come first. Of all, they come without source and offset. */
typedef gboolean (*LedgerEvent) (const BounceEvent *event, gpointer user, GError **error);
gboolean ledger_events (Ledger *ledger, const char *recipient, LedgerEvent each, gpointer user, GError **error);
/* In the order of the mail: by source and offset. `unparsed`: only the messages that were not understood. */
gboolean ledger_events_by_source (Ledger *ledger, gboolean unparsed, LedgerEvent each, gpointer user, GError **error);
/* What the state got since the position in the file `cursor` (none there: since ever), in the order in which it got it;
 * dates as the app says. *next (yours): the position for the file when all of it was taken. */
gboolean ledger_follow (Ledger *ledger, const char *cursor, gboolean unparsed, LedgerEvent each, gpointer user, char **next,
                        GError **error);
/* The table of providers alone, where the state can count by itself; *model NULL: it
 * cannot, ledger_report() does it. */
gboolean ledger_tally (Ledger *ledger, ReportModel **model, GError **error);
/* The decision on every address, in byte order of the addresses. */
typedef gboolean (*LedgerDecision) (const Decision *decision, gpointer user, GError **error);
gboolean ledger_decisions (Ledger *ledger, LedgerDecision each, gpointer user, GError **error);
/* The same for those who want the diagnostics of some decisions only (`kinds`: bits 1 << DecisionKind): others may come
 * with an empty one, which is faster. */
gboolean ledger_decisions_of (Ledger *ledger, guint kinds, LedgerDecision each, gpointer user, GError **error);
/* The decision on one address; FALSE without an error when the ledger knows nothing of it. The decision lives until
 * ledger_free(). */
gboolean ledger_decision (Ledger *ledger, const char *recipient, const Decision **decision, GError **error);
/* Everything that the report is about. `top`, `recipients`: as in ReportContext. */
/* From now on as it was at that moment: what was scanned and said by then, and that time as the present one; spans
 * of --since and --until have no say. DATE_NONE = the present again. */
void ledger_set_moment (Ledger *ledger, gint64 moment);
ReportModel *ledger_report (Ledger *ledger, guint top, guint recipients, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ledger, ledger_free)

#endif

/* SPDX-License-Identifier: MIT */
/* Incidents: many refusals that are one trouble. On the sender's side they never remove anybody (src/policy); here they
 * are told as one, not as hundreds of addresses. Pure; memory goes with providers and days, and with at most
 * LIMIT_INCIDENT_MESSAGES original messages.
 *
 * PRECONDITION: events come in the order of their recipients, as for ReportModel. */
#ifndef NIXIE_REPORT_REPORT_INCIDENT_H
#define NIXIE_REPORT_REPORT_INCIDENT_H

#include "event/event.h"

#define INCIDENT_ADDRESSES 20 /* so many are no accident */

typedef struct {
    const char *provider;     /* or the domain where the provider has no name; "" for a message */
    const char *message_id;   /* "" for a flood */
    const char *subject;
    Reason reason;            /* of a message: of its first refusal */
    guint64 refusals;         /* one an address and day, of the days that had INCIDENT_ADDRESSES; of a message one an address */
    gint64 first_day, last_day;
} ReportIncident;

typedef struct ReportIncidents ReportIncidents;

ReportIncidents *report_incidents_new (void);
void report_incidents_free (ReportIncidents *incidents);
/* `person`: a number that is another one for each recipient. */
void report_incidents_add (ReportIncidents *incidents, const BounceEvent *event, guint32 person);
/* The subject of a message is only wanted where it is an incident: of events that come without (BounceEvent.row), asked
 * for after the last add. */
void report_incidents_settle (ReportIncidents *incidents, const char *(*subject) (guint64 row, gpointer user), gpointer user);
/* One sentence for people. In `arena`. */
const char *report_incident_text (const ReportIncident *incident, Arena *arena);
/* What holds for all of them: whose trouble it is, and that nobody is removed. */
const char *report_incident_comfort (void);
/* The heaviest first. Yours; strings live in `incidents`. */
GArray *report_incidents_list (const ReportIncidents *incidents);

#endif

/* SPDX-License-Identifier: MIT */
/* Fills a ledger with made-up events, as fast as it takes them: fill_store STATE EVENTS [FIRST [ADDRESSES]]. Event
 * number N is the same in every run, so two writers with overlapping numbers meet. Says how long it took. */
#include "event/event_id.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 1000 /* messages of a transaction, as LIMIT_BATCH_MESSAGES */
#define NEWEST G_GINT64_CONSTANT (1793000000)
#define YEAR (365 * 24 * 60 * 60)

static const struct {
    const char *status, *reply, *diagnostic;
    EventType type;
    Fault fault;
    Reason reason;
} kinds[] = {
    {"5.1.1", "550", "550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual mailbox table", TYPE_HARD,
     FAULT_RECIPIENT, REASON_USER_UNKNOWN},
    {"4.2.2", "452", "452 4.2.2 The email account that you tried to reach is over quota. %s", TYPE_SOFT, FAULT_RECIPIENT,
     REASON_MAILBOX_FULL},
    {"5.7.1", "550", "550 5.7.1 Service unavailable; client host blocked using a list, to %s", TYPE_BLOCK, FAULT_SENDER,
     REASON_REPUTATION},
    {"4.4.7", "", "delivery temporarily suspended: connect to mail host of %s: Connection timed out", TYPE_SOFT,
     FAULT_INFRASTRUCTURE, REASON_EXPIRED},
};

static guint64
mix (guint64 number)
{
    number = (number ^ (number >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    return number ^ (number >> 31);
}

/* As mail comes: so many messages a day. */
static guint
day_of (guint64 number)
{
    return (guint) (1 + number / 20000);
}

static gboolean
put (Store *store, guint64 number, guint64 addresses, EventList *events, Arena *arena, GError **error)
{
    guint64 dice = mix (number + 1), who = mix (dice) % addresses;
    char text[32];
    gboolean is_new;
    g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, number);
    arena_clear (arena);
    event_list_clear (events);
    const char *source = arena_printf (arena, "archive/2026-%02u.mbox", (guint) (dice % 12 + 1));
    StoreMessage message = {digest_of (text, strlen (text)), source, number * 3000, NEWEST, MESSAGE_EVENTS, day_of (number)};
    BounceEvent *event = event_list_add (events);
    guint kind = (guint) (mix (who) + dice % 3) % G_N_ELEMENTS (kinds);
    event->domain = arena_printf (arena, "domain-%" G_GUINT64_FORMAT ".example", who % (addresses / 10 + 1));
    event->recipient = arena_printf (arena, "user-%" G_GUINT64_FORMAT "@%s", who, event->domain);
    event->final_recipient = event->recipient;
    event->event_id = event_id (&message.key, event->recipient, 0);
    event->date = NEWEST - (gint64) (dice >> 20) % YEAR;
    event->type = kinds[kind].type;
    event->fault = kinds[kind].fault;
    event->reason = kinds[kind].reason;
    event->status = kinds[kind].status;
    event->status_from = STATUS_FROM_FIELD;
    event->reply = kinds[kind].reply;
    event->diagnostic = arena_printf (arena, kinds[kind].diagnostic, event->recipient);
    event->provider = arena_printf (arena, "provider-%u", (guint) (who % 40));
    event->rule = "enhanced-status";
    event->action = "failed";
    event->format = "rfc3464";
    event->agent = "postfix";
    event->reporting_mta = "mx1.lists.example";
    event->remote_mta = arena_printf (arena, "mx.%s", event->domain);
    event->message_id = arena_printf (arena, "%s.4F8A1@mx1.lists.example", text);
    event->original_message_id = arena_printf (arena, "newsletter-%u@lists.example", (guint) (dice % 52));
    event->original_sender = "news@lists.example";
    event->original_subject = "News of the week";
    event->trust = TRUST_PLAUSIBLE;
    return store_put (store, &message, events, &is_new, error);
}

static gboolean
fill (Store *store, guint64 first, guint64 n, guint64 addresses, GError **error)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (EventList) events = event_list_new (arena);
    for (guint64 i = 0; i < n; i++) {
        char text[32];
        gboolean known;
        g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, first + i);
        Digest key = digest_of (text, strlen (text));
        if ((i % BATCH == 0 && !store_begin (store, error)) || !store_knows (store, &key, day_of (first + i), &known, error)
            || !put (store, first + i, addresses, events, arena, error)
            || ((i % BATCH == BATCH - 1 || i == n - 1) && !store_commit (store, error)))
            return FALSE;
    }
    return TRUE;
}

static void
ignore_late (const Digest *key, MessageResult result, guint events, gpointer user)
{
    guint64 *late = user;
    (void) key;
    (void) result;
    *late += events;
}

int
main (int argc, char **argv)
{
    g_autoptr (GError) error = NULL;
    if (argc < 3) {
        g_printerr ("usage: fill_store STATE EVENTS [FIRST [ADDRESSES]]\n");
        return 64;
    }
    guint64 n = g_ascii_strtoull (argv[2], NULL, 10), first = argc > 3 ? g_ascii_strtoull (argv[3], NULL, 10) : 0;
    guint64 addresses = argc > 4 ? g_ascii_strtoull (argv[4], NULL, 10) : MAX (n / 5, 1), late = 0;
    g_autoptr (Store) store = store_open (argv[1], STORE_WRITE, &error);
    gint64 start = g_get_monotonic_time ();
    if (store != NULL)
        store_on_late (store, ignore_late, &late);
    if (store == NULL || !fill (store, first, n, addresses, &error)) {
        g_printerr ("fill_store: %s\n", error->message);
        return 1;
    }
    double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    g_print ("%.2f seconds, %.0f events a second, %" G_GUINT64_FORMAT " came late\n", seconds, (double) n / seconds, late);
    return 0;
}

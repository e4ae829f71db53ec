/* SPDX-License-Identifier: MIT */
#include "report/report_model.h"

#include "base/date.h"
#include "base/text.h"
#include "event/address.h"
#include "report/report_model_private.h"
#include <string.h>

#define CODES_LINEAR 16  /* a key with more codes gets an index */

/* Where events of one kind (BounceEvent.kind) count, but for their recipient, domain and day. */
enum { OF_TOTAL, OF_PROVIDER, OF_STATUS, OF_REASON, OF_FORMAT, N_OF_KIND };
typedef struct {
    const char *code;
    Key *keys[N_OF_KIND];
    Tally *tallies[N_OF_KIND];
} Place;


/* --- keys ------------------------------------------------------------------------------------------------------------- */

static guint
tally_hash (gconstpointer data)
{
    const Tally *tally = data;

    return g_direct_hash (tally->code) ^ ((guint) tally->reason << 8) ^ (guint) tally->type;
}

static gboolean
tally_equal (gconstpointer a, gconstpointer b)
{
    const Tally *x = a, *y = b;

    return x->code == y->code && x->reason == y->reason && x->type == y->type;
}

static Key *
key_new (const char *name)
{
    Key *key = g_new0 (Key, 1);

    key->name = name;
    key->provider = "";
    key->first_seen = key->last_seen = DATE_NONE;
    key->tallies = g_ptr_array_new_full (1, g_free);
    return key;
}

static void
key_free (gpointer data)
{
    Key *key = data;

    if (!key)
        return;
    g_clear_pointer (&key->index, g_hash_table_unref);
    g_clear_pointer (&key->messages, g_hash_table_unref);
    g_ptr_array_unref (key->tallies);
    g_free (key);
}

static Tally *
key_tally (ReportModel *model, Key *key, const char *code, Reason reason, EventType type)
{
    Tally wanted = {.code = code, .reason = reason, .type = type};
    Tally *tally = NULL;

    if (key->index)
        tally = g_hash_table_lookup (key->index, &wanted);
    else
        for (guint i = 0; i < key->tallies->len && !tally; i++)
            if (tally_equal (key->tallies->pdata[i], &wanted))
                tally = key->tallies->pdata[i];
    if (tally)
        return tally;

    tally = model->spare_tallies->len > 0 ? g_ptr_array_steal_index_fast (model->spare_tallies, model->spare_tallies->len - 1)
                                          : g_new (Tally, 1);
    *tally = wanted;
    tally->first_seen = tally->last_seen = DATE_NONE;
    tally->sample = tally->page = "";
    g_ptr_array_add (key->tallies, tally);
    if (!key->index && key->tallies->len > CODES_LINEAR) {
        key->index = g_hash_table_new (tally_hash, tally_equal);
        for (guint i = 0; i < key->tallies->len; i++)
            g_hash_table_add (key->index, key->tallies->pdata[i]);
    } else if (key->index) {
        g_hash_table_add (key->index, tally);
    }
    return tally;
}

static void
see (gint64 date, gint64 *first, gint64 *last)
{
    if (date == DATE_NONE)
        return;
    if (*first == DATE_NONE || date < *first)
        *first = date;
    if (*last == DATE_NONE || date > *last)
        *last = date;
}

/* --- model ------------------------------------------------------------------------------------------------------------ */

static void
copy_context (ReportModel *model, const ReportContext *context)
{
    g_autofree char *rules = g_strdup (context->rules_version ? context->rules_version : "");
    g_autofree char *psl = g_strdup (context->psl_date ? context->psl_date : "");
    g_autofree char *provider = g_strdup (context->provider ? context->provider : "");

    g_free (model->rules_version);
    g_free (model->psl_date);
    g_free (model->provider);
    model->context = *context;
    model->context.provider = model->provider = g_steal_pointer (&provider);
    model->context.rules_version = model->rules_version = g_steal_pointer (&rules);
    model->context.psl_date = model->psl_date = g_steal_pointer (&psl);
}

ReportModel *
report_model_new (const ReportContext *context)
{
    ReportModel *model = g_new0 (ReportModel, 1);

    copy_context (model, context);
    report_change_init (&model->change, context->now, context->since, context->until);
    model->provider_changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    if (model->context.recipients == 0)
        model->context.recipients = REPORT_RECIPIENTS_DEFAULT;
    if (model->context.decisions == 0)
        model->context.decisions = REPORT_DECISIONS_DEFAULT;
    model->listed = report_listed_new (model->context.decisions);
    model->incidents = report_incidents_new ();
    model->strings = g_string_chunk_new (64 * 1024);
    model->scratch = arena_new ();
    model->places = g_ptr_array_new_with_free_func (g_free);
    model->spare_tallies = g_ptr_array_new_with_free_func (g_free);
    model->days = g_hash_table_new (g_direct_hash, g_direct_equal);
    model->total = key_new ("");
    for (guint by = 0; by < N_REPORT_BY; by++)
        if (by != REPORT_BY_RECIPIENT)
            model->tables[by].keys = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, key_free);
    model->tables[REPORT_BY_RECIPIENT].kept = g_ptr_array_new ();
    return model;
}

void
report_model_set_context (ReportModel *model, const ReportContext *context)
{
    guint recipients = model->context.recipients, decisions = model->context.decisions;

    copy_context (model, context);
    model->context.recipients = recipients;
    model->context.decisions = decisions;
}

/* Recipients come and go: their strings are their own and not the chunk's. */
static void
person_free_strings (Key *person)
{
    for (guint i = 0; i < person->tallies->len; i++) {
        Tally *tally = person->tallies->pdata[i];

        if (*tally->sample)
            g_free ((char *) tally->sample);
    }
    g_clear_pointer ((char **) &person->name, g_free);
}

static void
person_free (Key *person)
{
    if (!person)
        return;
    person_free_strings (person);
    key_free (person);
}

/* Nearly everybody is too light to be kept: what was allocated for one serves the next. */
static void
person_drop (ReportModel *model, Key *person)
{
    person_free_strings (person);
    while (person->tallies->len > 0)
        g_ptr_array_add (model->spare_tallies, g_ptr_array_steal_index_fast (person->tallies, person->tallies->len - 1));
    if (model->spare || person->index || person->messages) {
        key_free (person);
        return;
    }
    GPtrArray *tallies = person->tallies;
    *person = (Key){.provider = "", .first_seen = DATE_NONE, .last_seen = DATE_NONE, .tallies = tallies};
    model->spare = person;
}

static Key *
person_new (ReportModel *model, const char *recipient)
{
    Key *person = model->spare ? g_steal_pointer (&model->spare) : key_new (NULL);

    person->name = g_strdup (recipient);
    return person;
}

void
report_table_forget_rows (Table *table)
{
    g_clear_pointer (&table->rows, g_free);
    g_clear_pointer (&table->codes, g_free);
}

void
report_model_free (ReportModel *model)
{
    if (!model)
        return;
    for (guint by = 0; by < N_REPORT_BY; by++) {
        Table *table = &model->tables[by];

        report_table_forget_rows (table);
        g_clear_pointer (&table->keys, g_hash_table_unref);
        if (table->kept) {
            for (guint i = 0; i < table->kept->len; i++)
                person_free (table->kept->pdata[i]);
            g_ptr_array_unref (table->kept);
        }
    }
    person_free (model->person);
    person_free (model->spare);
    g_ptr_array_unref (model->spare_tallies);
    g_hash_table_unref (model->days);
    g_hash_table_unref (model->provider_changes);
    report_listed_free (model->listed);
    report_incidents_free (model->incidents);
    key_free (model->total);
    g_free (model->total_codes);
    g_string_chunk_free (model->strings);
    arena_free (model->scratch);
    g_ptr_array_unref (model->places);
    g_free (model->rules_version);
    g_free (model->psl_date);
    g_free (model->provider);
    g_free (model);
}

/* --- recipients: the heaviest are kept in a heap ----------------------------------------------------------------------- */

/* Before in the table: more events, then the lower name. */
gboolean
report_key_before (const Key *a, const Key *b)
{
    if (a->events != b->events)
        return a->events > b->events;
    return strcmp (a->name, b->name) < 0;
}

static void
heap_sink (GPtrArray *heap, guint at)
{
    for (;;) {
        guint worst = at;

        for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < heap->len; child++)
            if (report_key_before (heap->pdata[worst], heap->pdata[child]))
                worst = child;
        if (worst == at)
            return;
        gpointer swap = heap->pdata[at];
        heap->pdata[at] = heap->pdata[worst];
        heap->pdata[worst] = swap;
        at = worst;
    }
}

static void
heap_rise (GPtrArray *heap)
{
    for (guint at = heap->len - 1; at > 0; at = (at - 1) / 2) {
        guint parent = (at - 1) / 2;

        if (!report_key_before (heap->pdata[parent], heap->pdata[at]))
            return;
        gpointer swap = heap->pdata[at];
        heap->pdata[at] = heap->pdata[parent];
        heap->pdata[parent] = swap;
    }
}

void
report_model_finish_person (ReportModel *model)
{
    GPtrArray *heap = model->tables[REPORT_BY_RECIPIENT].kept;
    Key *person = g_steal_pointer (&model->person);

    if (!person)
        return;
    if (heap->len < model->context.recipients) {
        g_ptr_array_add (heap, person);
        heap_rise (heap);
    } else if (report_key_before (person, heap->pdata[0])) {
        person_drop (model, heap->pdata[0]);
        heap->pdata[0] = person;
        heap_sink (heap, 0);
    } else {
        person_drop (model, person);
    }
}

/* Two spellings of one address; the expensive look is taken only where the cheap one cannot tell. */
static gboolean
same_person (ReportModel *model, const char *a, const char *b)
{
    gboolean same;

    if (strcmp (a, b) == 0 || text_equal (a, b))
        return TRUE;
    if (g_str_is_ascii (a) && g_str_is_ascii (b))
        return FALSE;
    same = g_str_equal (address_normal (model->scratch, a), address_normal (model->scratch, b));
    arena_clear (model->scratch);
    return same;
}

static void
meet_person (ReportModel *model, const char *recipient)
{
    if (model->person && same_person (model, model->person->name, recipient))
        return;
    report_model_finish_person (model);
    model->person = person_new (model, recipient);
    model->serial++;
    model->tables[REPORT_BY_RECIPIENT].n_keys++;
}

/* --- counting --------------------------------------------------------------------------------------------------------- */

/* FNV-1a. */
static guint64
message_hash (const char *id)
{
    guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

    for (; *id; id++)
        hash = (hash ^ (guchar) *id) * G_GUINT64_CONSTANT (1099511628211);
    return hash;
}

static void
count_message (Key *key, const BounceEvent *event)
{
    guint64 id;

    if (!*event->message_id) {
        key->nameless++;
        return;
    }
    if (!key->messages)
        key->messages = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
    id = message_hash (event->message_id);
    if (!g_hash_table_contains (key->messages, &id))
        g_hash_table_add (key->messages, g_memdup2 (&id, sizeof id));
}

static void
take_sample (ReportModel *model, const Key *key, Tally *tally, const BounceEvent *event, Evidence *evidence)
{
    if (event->left_out & EVENT_HAS_DIAGNOSTIC) {
        tally->row = event->row;
    } else if (key == model->person && *event->diagnostic) {
        tally->sample = report_sample_new (event->diagnostic);
    } else if (*event->diagnostic) {
        if (!*evidence->sample)
            *evidence = report_evidence (model, event->diagnostic, event->type);
        tally->sample = evidence->sample;
        tally->page = evidence->page;
    }
}

static void
count_tally (ReportModel *model, Key *key, Tally *tally, const BounceEvent *event, Evidence *evidence)
{
    gboolean person = *event->recipient != '\0';

    key->events++;
    key->by_type[event->type]++;
    see (event->date, &key->first_seen, &key->last_seen);
    tally->events++;
    see (event->date, &tally->first_seen, &tally->last_seen);
    if (person && key->last != model->serial) {
        key->last = model->serial;
        key->recipients++;
    }
    if (person && tally->last != model->serial) {
        tally->last = model->serial;
        tally->recipients++;
    }
    if (!*tally->sample && tally->row == 0)
        take_sample (model, key, tally, event, evidence);
}

static void
count (ReportModel *model, Key *key, const BounceEvent *event, const char *code, Evidence *evidence)
{
    count_tally (model, key, key_tally (model, key, code, event->reason, event->type), event, evidence);
}

static Key *
table_key (ReportModel *model, ReportBy by, const char *name)
{
    Table *table = &model->tables[by];
    Key *key = g_hash_table_lookup (table->keys, name);

    if (key)
        return key;
    key = key_new (g_string_chunk_insert_const (model->strings, name));
    g_hash_table_insert (table->keys, (gpointer) key->name, key);
    table->n_keys++;
    return key;
}

static void
fill_place (ReportModel *model, const BounceEvent *event, Place *place)
{
    const char *code = *event->status ? event->status : event->reply;

    place->code = g_string_chunk_insert_const (model->strings, code);
    place->keys[OF_TOTAL] = model->total;
    place->keys[OF_PROVIDER] = table_key (model, REPORT_BY_PROVIDER, event->provider);
    place->keys[OF_STATUS] = table_key (model, REPORT_BY_STATUS, place->code);
    place->keys[OF_REASON] = table_key (model, REPORT_BY_REASON, reason_word (event->reason));
    place->keys[OF_FORMAT] = table_key (model, REPORT_BY_FORMAT, event->format);
    for (guint i = 0; i < N_OF_KIND; i++)
        place->tallies[i] = key_tally (model, place->keys[i], place->code, event->reason, event->type);
}

/* `own`: for an event without a kind. */
static const Place *
place_of (ReportModel *model, const BounceEvent *event, Place *own)
{
    if (event->kind == 0) {
        fill_place (model, event, own);
        return own;
    }
    if (event->kind >= model->places->len)
        g_ptr_array_set_size (model->places, (gint) event->kind + 1);
    if (!model->places->pdata[event->kind]) {
        model->places->pdata[event->kind] = g_new (Place, 1);
        fill_place (model, event, model->places->pdata[event->kind]);
    }
    return model->places->pdata[event->kind];
}

static Key *
domain_key (ReportModel *model, const BounceEvent *event, const Key *provider)
{
    if (!model->domain || strcmp (model->domain->name, event->domain) != 0)
        model->domain = table_key (model, REPORT_BY_DOMAIN, event->domain);
    if (model->domain->events == 0)
        model->domain->provider = provider->name;
    return model->domain;
}

static Key *
day_key (ReportModel *model, gint64 date)
{
    gpointer number = GSIZE_TO_POINTER ((gsize) (date == DATE_NONE ? G_MININT32 : date_day (date))); /* no day is so far */
    Key *key = g_hash_table_lookup (model->days, number);
    char day[DATE_TEXT_SIZE];

    if (!key) {
        key = table_key (model, REPORT_BY_DAY, date_format_day (date, day));
        g_hash_table_insert (model->days, number, key);
    }
    return key;
}

static void
change_with (ReportModel *model, const BounceEvent *event)
{
    ReportChange *own;

    if (model->change.start == DATE_NONE || event->date < model->change.start || event->date >= model->change.end)
        return; /* most of a long history */
    own = g_hash_table_lookup (model->provider_changes, event->provider);
    if (!own) {
        own = g_new0 (ReportChange, 1);
        own->start = model->change.start;
        own->middle = model->change.middle;
        own->end = model->change.end;
        g_hash_table_insert (model->provider_changes, g_string_chunk_insert_const (model->strings, event->provider), own);
    }
    report_change_add (&model->change, event);
    report_change_add (own, event);
}

void
report_model_add_tally (ReportModel *model, ReportBy by, const char *name, const char *code, Reason reason, EventType type,
                        guint64 events, gint64 first, gint64 last, const char *sample)
{
    Key *key = table_key (model, by, name);
    Tally *tally = key_tally (model, key, g_string_chunk_insert_const (model->strings, code), reason, type);

    report_table_forget_rows (&model->tables[by]);
    key->events += (guint32) events;
    key->by_type[type] += (guint32) events;
    see (first, &key->first_seen, &key->last_seen);
    see (last, &key->first_seen, &key->last_seen);
    tally->events += (guint32) events;
    see (first, &tally->first_seen, &tally->last_seen);
    see (last, &tally->first_seen, &tally->last_seen);
    if (!*tally->sample && *sample)
        tally->sample = report_evidence (model, sample, TYPE_UNKNOWN).sample;
}

void
report_model_set_recipients (ReportModel *model, ReportBy by, const char *name, guint64 recipients)
{
    report_table_forget_rows (&model->tables[by]);
    table_key (model, by, name)->recipients = (guint32) recipients;
}

void
report_model_add_event (ReportModel *model, const BounceEvent *event)
{
    Evidence evidence = {"", ""};
    const Place *place;
    Place own;

    if (!*event->recipient && g_str_equal (event->format, "unparsed"))
        return;
    change_with (model, event);
    for (guint by = 0; by < N_REPORT_BY; by++)
        if (model->tables[by].rows)
            report_table_forget_rows (&model->tables[by]);
    place = place_of (model, event, &own);
    if (*event->recipient) {
        meet_person (model, event->recipient);
        report_incidents_add (model->incidents, event, model->serial);
        count (model, model->person, event, place->code, &evidence);
    }
    for (guint i = 0; i < N_OF_KIND; i++)
        count_tally (model, place->keys[i], place->tallies[i], event, &evidence);
    if (model->context.count_messages)
        count_message (place->keys[OF_PROVIDER], event);
    count (model, domain_key (model, event, place->keys[OF_PROVIDER]), event, place->code, &evidence);
    count (model, day_key (model, event->date), event, place->code, &evidence);
}

void
report_model_add_earlier (ReportModel *model, const BounceEvent *event)
{
    if (*event->recipient || !g_str_equal (event->format, "unparsed"))
        change_with (model, event);
}

void
report_model_add_other (ReportModel *model, const BounceEvent *event)
{
    report_change_note (&model->change, event);
}

void
report_model_add_decision (ReportModel *model, const Decision *decision)
{
    model->decisions[decision->decision]++;
    report_listed_add (model->listed, decision);
}

GArray *
report_model_incidents (const ReportModel *model)
{
    return report_incidents_list (model->incidents);
}

guint64
report_model_decisions (const ReportModel *model, DecisionKind kind)
{
    return model->decisions[kind];
}

const Decision *const *
report_model_listed (ReportModel *model, DecisionKind kind, guint *n)
{
    return report_listed_get (model->listed, kind, n);
}

const ReportChange *
report_model_change (const ReportModel *model)
{
    return &model->change;
}

/* That a provider had no failure before is a finding where others had some. */
ReportChange
report_model_provider_change (const ReportModel *model, const char *provider)
{
    const ReportChange *own = g_hash_table_lookup (model->provider_changes, provider);
    ReportChange change = own ? *own : (ReportChange){.start = DATE_NONE, .middle = DATE_NONE, .end = DATE_NONE};

    change.comparable = model->change.comparable;
    return change;
}

const ReportContext *
report_model_context (const ReportModel *model)
{
    return &model->context;
}

const char *
report_model_meaning (const ReportModel *model, const char *code)
{
    const char *meaning = NULL;

    if (model->context.meaning && *code)
        meaning = model->context.meaning (code, model->context.meaning_user);
    return meaning ? meaning : "";
}

/* --- words ------------------------------------------------------------------------------------------------------------ */

static const char *const by_words[N_REPORT_BY] = {"provider", "domain", "recipient", "status", "reason", "day",
                                                  "format"};

const char *
report_by_word (ReportBy by)
{
    return by_words[by];
}

gboolean
report_by_parse (const char *word, ReportBy *by)
{
    for (guint i = 0; i < N_REPORT_BY; i++)
        if (g_str_equal (word, by_words[i])) {
            *by = (ReportBy) i;
            return TRUE;
        }
    return FALSE;
}

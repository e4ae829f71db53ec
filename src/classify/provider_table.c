/* SPDX-License-Identifier: MIT */
#include "classify/provider_table.h"

#include "base/fold.h"
#include "base/matcher.h"
#include "base/text.h"
#include "base/tsv.h"
#include "event/address.h"
#include "event/domain.h"
#include <string.h>

#define MAX_SAID_HOSTS 8 /* host names of one diagnostic that are looked up */

typedef enum { ROW_DOMAIN, ROW_MX, ROW_HINT, N_ROW_KINDS } RowKind;

typedef struct {
    const char *provider, *group;
    gboolean gateway;
} Row;

struct ProviderTable {
    Arena *arena;
    GHashTable *rows[N_ROW_KINDS]; /* key → Row */
    Matcher *hints;
    GPtrArray *hint_rows;          /* of const Row *, by hint id: the table's order */
    GPtrArray *hint_keys;          /* keys of hints in the order of reading */
    GHashTable *learned, *mx_file; /* domain → Known */
};

/* What is known of a domain from elsewhere; NULL = nothing. */
typedef struct {
    const Row *provider, *gateway;
} Known;

static const char *const COLUMNS[] = {"kind", "key", "provider", "group", "note?", NULL};
static const char *const KIND_WORDS[N_ROW_KINDS] = {"domain", "mx", "hint"};
static const char *const EVIDENCE_WORDS[N_EVIDENCES] = {"none", "domain",  "remote-mta", "said-host",
                                                        "hint", "learned", "mx-file",    "reporting-mta"};

ProviderTable *
provider_table_new (void)
{
    ProviderTable *table = g_new0 (ProviderTable, 1);

    table->arena = arena_new ();
    for (guint i = 0; i < N_ROW_KINDS; i++)
        table->rows[i] = g_hash_table_new (g_str_hash, g_str_equal);
    table->learned = g_hash_table_new (g_str_hash, g_str_equal);
    table->mx_file = g_hash_table_new (g_str_hash, g_str_equal);
    table->hint_keys = g_ptr_array_new ();
    table->hint_rows = g_ptr_array_new ();
    return table;
}

void
provider_table_free (ProviderTable *table)
{
    if (table == NULL)
        return;
    for (guint i = 0; i < N_ROW_KINDS; i++)
        g_hash_table_unref (table->rows[i]);
    g_hash_table_unref (table->learned);
    g_hash_table_unref (table->mx_file);
    g_ptr_array_unref (table->hint_keys);
    g_ptr_array_unref (table->hint_rows);
    matcher_free (table->hints);
    arena_free (table->arena);
    g_free (table);
}

/* Most keys are plain: IDNA has nothing to do with them, and there are a thousand. */
static const char *
domain_key (Arena *arena, const char *key)
{
    for (const char *at = key; *at != '\0'; at++)
        if (!g_ascii_islower (*at) && !g_ascii_isdigit (*at) && *at != '.' && *at != '-')
            return domain_to_ascii (arena, key);
    return arena_strdup (arena, key);
}

gboolean
provider_table_read (ProviderTable *table, const char *name, const char *text, gsize length, GError **error)
{
    g_autoptr (Tsv) tsv = tsv_new (name, text, length, COLUMNS, error);
    GError *failure = NULL;
    TsvRow row;

    if (tsv == NULL)
        return FALSE;
    while (tsv_next (tsv, &row, &failure)) {
        Row *kept = arena_new0 (table->arena, Row);
        const char *key;
        guint kind = 0;

        while (kind < N_ROW_KINDS && strcmp (row.cells[0], KIND_WORDS[kind]) != 0)
            kind++;
        if (kind == N_ROW_KINDS || row.cells[1][0] == '\0' || row.cells[2][0] == '\0') {
            tsv_row_error (&row, error, "a row is: domain, mx or hint; key; provider; group; note");
            return FALSE;
        }
        key = kind == ROW_HINT ? fold_pattern (table->arena, span_of (row.cells[1]), NULL)
              : row.cells[1][0] == '.'
                  ? arena_printf (table->arena, ".%s", domain_key (table->arena, row.cells[1] + 1))
                  : domain_key (table->arena, row.cells[1]);
        kept->provider = arena_strdup (table->arena, row.cells[2]);
        kept->group = arena_strdup (table->arena, row.cells[3]);
        kept->gateway = strcmp (kept->group, "gateway") == 0;
        if (kind == ROW_HINT && !g_hash_table_contains (table->rows[ROW_HINT], key))
            g_ptr_array_add (table->hint_keys, (gpointer) key);
        g_hash_table_replace (table->rows[kind], (gpointer) key, kept);
    }
    if (failure != NULL)
        g_propagate_error (error, failure);
    return failure == NULL;
}

void
provider_table_finish (ProviderTable *table)
{
    table->hints = matcher_new ();
    for (guint i = 0; i < table->hint_keys->len; i++) {
        const char *key = g_ptr_array_index (table->hint_keys, i);

        g_ptr_array_add (table->hint_rows, g_hash_table_lookup (table->rows[ROW_HINT], key));
        matcher_add (table->hints, key, strlen (key), i);
    }
    matcher_compile (table->hints);
}

/* A row speaks for the provider or for the gateway; who was named by better evidence stays. */
static void
take_row (ProviderAnswer *answer, const Row *row, ProviderEvidence evidence)
{
    if (row == NULL)
        return;
    if (row->gateway) {
        if (answer->gateway[0] == '\0')
            answer->gateway = row->provider;
    } else if (answer->provider[0] == '\0') {
        answer->provider = row->provider;
        answer->group = row->group;
        answer->evidence = evidence;
    }
}

static void
take_known (ProviderAnswer *answer, GHashTable *domains, const char *domain, ProviderEvidence evidence)
{
    const Known *known = g_hash_table_lookup (domains, domain);

    if (known == NULL)
        return;
    take_row (answer, known->provider, evidence);
    take_row (answer, known->gateway, evidence);
}

static const Row *
domain_row (const ProviderTable *table, const char *domain)
{
    const Row *row = g_hash_table_lookup (table->rows[ROW_DOMAIN], domain);

    for (const char *dot = strchr (domain, '.'); row == NULL && dot != NULL; dot = strchr (dot + 1, '.'))
        row = g_hash_table_lookup (table->rows[ROW_DOMAIN], dot);
    return row;
}

/* The row with the longest suffix of a host's name (A-label, lower case). */
static const Row *
host_row (const ProviderTable *table, const char *host)
{
    while (host != NULL && host[0] != '\0') {
        const Row *row = g_hash_table_lookup (table->rows[ROW_MX], host);

        if (row != NULL)
            return row;
        host = strchr (host, '.');
        host = host == NULL ? NULL : host + 1;
    }
    return NULL;
}

static Known *
known_of (ProviderTable *table, GHashTable *domains, const char *domain)
{
    const char *key = domain_key (table->arena, domain);
    Known *known = g_hash_table_lookup (domains, key);

    if (known == NULL) {
        known = arena_new0 (table->arena, Known);
        g_hash_table_insert (domains, (gpointer) key, known);
    }
    return known;
}

static const Row *
new_row (ProviderTable *table, const char *provider, gboolean gateway)
{
    Row *row = arena_new0 (table->arena, Row);

    row->provider = arena_strdup (table->arena, provider);
    row->group = gateway ? "gateway" : "";
    row->gateway = gateway;
    return row;
}

void
provider_table_learn (ProviderTable *table, const char *domain, const char *provider, const char *gateway)
{
    Known *known;

    if (domain[0] == '\0')
        return;
    known = known_of (table, table->learned, domain);
    if (provider[0] != '\0')
        known->provider = new_row (table, provider, FALSE);
    if (gateway[0] != '\0')
        known->gateway = new_row (table, gateway, TRUE);
}

void
provider_table_add_mx_list (ProviderTable *table, const char *text, gsize length)
{
    g_autoptr (Arena) scratch = arena_new ();
    Span rest = span (text, length), line;

    while (text_next_line (&rest, &line)) {
        g_autofree char *copy = g_strndup (line.at, line.length);
        char *mx = copy + strcspn (copy, "\t ");
        const Row *row;
        Known *known;

        arena_clear (scratch);
        if (copy[0] == '#' || mx == copy || *mx == '\0')
            continue;
        *mx++ = '\0';
        mx[strcspn (mx, "\t ")] = '\0';
        row = host_row (table, domain_to_ascii (scratch, mx));
        if (row == NULL)
            continue;
        known = known_of (table, table->mx_file, domain_to_ascii (scratch, copy));
        if (row->gateway && known->gateway == NULL)
            known->gateway = row;
        if (!row->gateway && known->provider == NULL)
            known->provider = row;
    }
}

/* The host name that a text starts with, NULL when it starts with none: at least one dot, and not all digits. */
static char *
host_at (Arena *scratch, const char *text)
{
    gsize length = 0, dots = 0;
    gboolean letters = FALSE;

    while (g_ascii_isalnum (text[length]) || text[length] == '-' || text[length] == '.' || text[length] == '_') {
        dots += text[length] == '.';
        letters = letters || g_ascii_isalpha (text[length]);
        length++;
    }
    while (length > 0 && text[length - 1] == '.') {
        length--;
        dots--;
    }
    return dots > 0 && letters && text[length] != '@' ? text_lower (scratch, arena_strndup (scratch, text, length))
                                                      : NULL;
}

/* The name in a Remote-MTA or Reporting-MTA value: "dns; host", "host (1.2.3.4)", "host". */
static char *
host_of_mta (Arena *scratch, const char *value)
{
    const char *type_end = strchr (value, ';');

    if (type_end != NULL)
        value = type_end + 1;
    while (*value == ' ' || *value == '[' || *value == '(' || *value == '<')
        value++;
    return host_at (scratch, value);
}

/* Words behind which a mail server names the host that it spoke with. A bare host name elsewhere is a link, the
 * sender's own host or an advertisement of the filter's maker, and proves nothing. */
static const char *const SAID_WORDS[] = {"host ",           "host: ",      "remote server ", "receiving server ",
                                         "mail server ",    "remote mta ", "server: ",       "to server ",
                                         "while talking to ", "connected to ", "from ",      "<", NULL};

static void
take_said_hosts (const ProviderTable *table, ProviderAnswer *answer, const char *folded, Arena *scratch)
{
    guint left = MAX_SAID_HOSTS;

    for (const char *const *word = SAID_WORDS; *word != NULL; word++) {
        for (const char *at = folded; left > 0 && (at = strstr (at, *word)) != NULL;) {
            char *host;

            at += strlen (*word);
            while (*at == '[' || *at == '(' || *at == '\'' || *at == '"')
                at++;
            host = host_at (scratch, at);
            if (host == NULL)
                continue;
            left--;
            /* "<" and "from " also stand before addresses and the sender's names: only Exchange's "<host #5.1.1 …" */
            if (word[0][0] == '<' && strncmp (at + strlen (host), " #", 2) != 0)
                continue;
            if (strcmp (*word, "from ") == 0 && strncmp (at + strlen (host), ": ", 2) != 0)
                continue;
            take_row (answer, host_row (table, host), EVIDENCE_SAID_HOST);
        }
    }
}

typedef struct {
    const ProviderTable *table;
    ProviderAnswer *answer;
} HintSearch;

static void
note_hint (guint id, gsize end, gpointer user)
{
    HintSearch *search = user;

    (void) end;
    take_row (search->answer, g_ptr_array_index (search->table->hint_rows, id), EVIDENCE_HINT);
}

/* The reporting server is usually ours or our relay's: "Reporting-MTA: googlemail.com" says that the SENDER uses Gmail.
 * It speaks for the recipient only when it stands in the recipient's own domain. */
static void
take_reporting (const ProviderTable *table, ProviderAnswer *answer, const BounceEvent *event, Arena *scratch)
{
    char *host = host_of_mta (scratch, event->reporting_mta);

    if (host != NULL && event->domain[0] != '\0' &&
        domain_has_suffix (host, domain_registrable (event->domain)))
        take_row (answer, host_row (table, host), EVIDENCE_REPORTING_MTA);
}

ProviderAnswer
provider_table_find (const ProviderTable *table, const BounceEvent *event, Arena *scratch)
{
    ProviderAnswer answer = {.provider = "", .gateway = "", .group = "", .evidence = EVIDENCE_NONE};
    HintSearch search = {.table = table, .answer = &answer};
    gsize length;
    char *folded = fold_text (scratch, span_of (event->diagnostic), &length);
    char *remote = host_of_mta (scratch, event->remote_mta);

    if (event->domain[0] != '\0')
        take_row (&answer, domain_row (table, event->domain), EVIDENCE_DOMAIN);
    if (remote != NULL)
        take_row (&answer, host_row (table, remote), EVIDENCE_REMOTE_MTA);
    take_said_hosts (table, &answer, folded, scratch);
    matcher_scan (table->hints, folded, length, note_hint, &search);
    take_known (&answer, table->learned, event->domain, EVIDENCE_LEARNED);
    take_known (&answer, table->mx_file, event->domain, EVIDENCE_MX_FILE);
    take_reporting (table, &answer, event, scratch);
    if (answer.provider[0] == '\0' && event->domain[0] != '\0')
        answer.provider = "other";
    return answer;
}

const char *
provider_table_host (const ProviderTable *table, const char *host, const char **group)
{
    const Row *row = host_row (table, host);

    if (group != NULL)
        *group = row == NULL ? "" : row->group;
    return row == NULL ? "" : row->provider;
}

const char *
provider_evidence_word (ProviderEvidence evidence)
{
    return evidence < N_EVIDENCES ? EVIDENCE_WORDS[evidence] : EVIDENCE_WORDS[EVIDENCE_NONE];
}

guint
provider_table_length (const ProviderTable *table)
{
    guint n = 0;

    for (guint i = 0; i < N_ROW_KINDS; i++)
        n += g_hash_table_size (table->rows[i]);
    return n;
}

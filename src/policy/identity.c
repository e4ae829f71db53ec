/* SPDX-License-Identifier: MIT */
#include "policy/identity.h"

#include "event/address.h"
#include <string.h>

/* In a compiled pattern; none of them occurs in an address. */
enum { ANY = 1, LOCAL = 2, DOMAIN_PART = 3 };

struct Identity {
    GPtrArray *senders, *message_ids; /* domains, lower case */
    GPtrArray *patterns;              /* lower case, placeholders as above */
    GArray *recipients;               /* of guint64: digests of normal forms, cut; sorted at the first question */
    gboolean with_recipients, sorted;
};

Identity *
identity_new (void)
{
    Identity *identity = g_new0 (Identity, 1);
    identity->senders = g_ptr_array_new_with_free_func (g_free);
    identity->message_ids = g_ptr_array_new_with_free_func (g_free);
    identity->patterns = g_ptr_array_new_with_free_func (g_free);
    identity->recipients = g_array_new (FALSE, FALSE, sizeof (guint64));
    return identity;
}

void
identity_free (Identity *identity)
{
    if (identity == NULL)
        return;
    g_ptr_array_unref (identity->senders);
    g_ptr_array_unref (identity->message_ids);
    g_ptr_array_unref (identity->patterns);
    g_array_unref (identity->recipients);
    g_free (identity);
}

void
identity_add_sender_domain (Identity *identity, const char *domain)
{
    g_ptr_array_add (identity->senders, g_ascii_strdown (domain, -1));
}

void
identity_add_message_id_domain (Identity *identity, const char *domain)
{
    g_ptr_array_add (identity->message_ids, g_ascii_strdown (domain, -1));
}

const char *
identity_add_verp (Identity *identity, const char *pattern)
{
    static const struct {
        const char *word;
        char mark;
    } places[] = {{"{id}", ANY}, {"{local}", LOCAL}, {"{domain}", DOMAIN_PART}};
    g_autoptr (GString) compiled = g_string_new (NULL);
    for (const char *at = pattern; *at != '\0';) {
        guint i = 0;
        while (i < G_N_ELEMENTS (places) && !g_str_has_prefix (at, places[i].word))
            i++;
        if (i < G_N_ELEMENTS (places)) {
            g_string_append_c (compiled, places[i].mark);
            at += strlen (places[i].word);
        } else if (*at == '{' || *at == '}' || (guchar) *at <= ' ') {
            return "placeholders are {id}, {local} and {domain}";
        } else {
            g_string_append_c (compiled, g_ascii_tolower (*at++));
        }
    }
    /* Whatever stands in the place of a placeholder at its end would be a domain of ours. */
    const char *at = strrchr (compiled->str, '@');
    if (at == NULL || at[1] == '\0' || compiled->str[compiled->len - 1] <= DOMAIN_PART)
        return "it has no domain behind the last @";
    g_ptr_array_add (identity->patterns, g_strdup (compiled->str));
    return NULL;
}

static guint64
number_of (const char *address)
{
    g_autoptr (Arena) arena = arena_new ();
    const char *normal = address_normal (arena, address);
    Digest digest = digest_of (normal, strlen (normal));
    guint64 number;
    memcpy (&number, digest.bytes, sizeof number);
    return number;
}

void
identity_has_recipients (Identity *identity)
{
    identity->with_recipients = TRUE;
}

void
identity_add_recipient (Identity *identity, const char *address)
{
    guint64 number = number_of (address);
    identity->with_recipients = TRUE;
    identity->sorted = FALSE;
    g_array_append_val (identity->recipients, number);
}

gboolean
identity_is_empty (const Identity *identity)
{
    return identity->senders->len == 0 && identity->message_ids->len == 0 && identity->patterns->len == 0
           && !identity->with_recipients;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
    guint64 left = *(const guint64 *) a, right = *(const guint64 *) b;
    return left < right ? -1 : left > right;
}

static void
sort_recipients (const Identity *constant)
{
    Identity *identity = (Identity *) constant;
    if (identity->sorted)
        return;
    g_array_sort (identity->recipients, compare_numbers);
    identity->sorted = TRUE;
}

guint64
identity_n_recipients (const Identity *identity)
{
    return identity->recipients->len;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
digest_texts (Digester *digester, const GPtrArray *texts)
{
    g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
    for (guint i = 0; i < texts->len; i++)
        g_ptr_array_add (sorted, texts->pdata[i]);
    g_ptr_array_sort (sorted, compare_texts);
    for (guint i = 0; i < sorted->len; i++)
        digester_add (digester, sorted->pdata[i], strlen (sorted->pdata[i]) + 1);
    digester_add (digester, "", 1);
}

Digest
identity_digest (const Identity *identity)
{
    g_autoptr (Digester) digester = digester_new ();
    digester_reset (digester);
    digest_texts (digester, identity->senders);
    digest_texts (digester, identity->message_ids);
    digest_texts (digester, identity->patterns);
    sort_recipients (identity);
    digester_add (digester, &identity->with_recipients, sizeof identity->with_recipients);
    if (identity->recipients->len > 0)
        digester_add (digester, identity->recipients->data, identity->recipients->len * sizeof (guint64));
    return digester_end (digester);
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

typedef enum { SILENT, YES, NO } Answer;

static gboolean
is_below (const char *domain, const GPtrArray *ours)
{
    gsize length = strlen (domain);
    for (guint i = 0; i < ours->len; i++) {
        gsize own = strlen (ours->pdata[i]);
        if (length >= own && g_ascii_strcasecmp (domain + length - own, ours->pdata[i]) == 0
            && (length == own || domain[length - own - 1] == '.'))
            return TRUE;
    }
    return FALSE;
}

/* A forwarder that rewrites senders (SRS) hides whose mail it was. */
static gboolean
is_rewritten (const char *sender)
{
    return g_ascii_strncasecmp (sender, "srs0", 4) == 0 || g_ascii_strncasecmp (sender, "srs1", 4) == 0;
}

static Answer
judge_domain (const GPtrArray *ours, const char *address, const BounceEvent *event)
{
    const char *at = strrchr (address, '@');
    /* What came with the report itself, and not with what it returns, proves nothing. */
    if (ours->len == 0 || at == NULL || event->flags & FLAG_NO_ORIGINAL || is_rewritten (address))
        return SILENT;
    return is_below (at + 1, ours) ? YES : NO;
}

/* Does the pattern fit with these in their places (NULL: anything)? The last wildcard is the one that gives way. */
static gboolean
fits (const char *pattern, const char *text, const char *local, const char *domain)
{
    g_autoptr (GString) glob = g_string_new (NULL);
    for (; *pattern != '\0'; pattern++)
        if (*pattern == LOCAL && local != NULL)
            g_string_append (glob, local);
        else if (*pattern == DOMAIN_PART && domain != NULL)
            g_string_append (glob, domain);
        else
            g_string_append_c (glob, *pattern <= DOMAIN_PART ? ANY : *pattern);
    const char *at = glob->str, *star = NULL, *mark = NULL;
    while (*text != '\0') {
        if (*at == ANY) {
            star = at++;
            mark = ++text; /* a wildcard stands for one character at least */
        } else if (*at == *text) {
            at++;
            text++;
        } else if (star != NULL) {
            at = star + 1;
            text = ++mark;
        } else {
            return FALSE;
        }
    }
    return *at == '\0';
}

/* One of the addresses that the report went to. `shape_only`: the pattern does not name the recipient. */
static Answer
judge_verp (const Identity *identity, const char *address, const BounceEvent *event, gboolean *shape_only)
{
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *text = g_ascii_strdown (address, -1);
    char *local = address_normal (arena, event->recipient);
    char *at = strrchr (local, '@');
    Answer answer = SILENT;
    if (at == NULL)
        return SILENT;
    *at = '\0';
    for (guint i = 0; i < identity->patterns->len; i++) {
        const char *pattern = identity->patterns->pdata[i];
        if (fits (pattern, text, local, at + 1)) {
            *shape_only = strchr (pattern, LOCAL) == NULL || strchr (pattern, DOMAIN_PART) == NULL;
            return YES;
        }
        if (fits (pattern, text, NULL, NULL))
            answer = NO;
    }
    return answer;
}

static Answer
judge_addresses (const Identity *identity, const BounceEvent *event, gboolean *shape_only)
{
    Answer answer = SILENT;
    g_auto (GStrv) addresses = g_strsplit (event->report_to, " ", -1);
    for (char **address = addresses; *address != NULL; address++) {
        Answer one = judge_verp (identity, *address, event, shape_only);
        if (one == YES)
            return YES;
        answer = one == NO ? NO : answer;
    }
    Answer sender = judge_verp (identity, event->original_sender, event, shape_only);
    return sender == YES ? YES : answer == NO ? NO : sender;
}

static Answer
judge_recipient (const Identity *identity, const BounceEvent *event)
{
    if (!identity->with_recipients || *event->recipient == '\0')
        return SILENT;
    guint64 number = number_of (event->recipient);
    sort_recipients (identity);
    return g_array_binary_search (identity->recipients, &number, compare_numbers, NULL) ? YES : NO;
}

Trust
identity_judge (const Identity *identity, const BounceEvent *event)
{
    gboolean shape_only = FALSE;
    if (event->flags & FLAG_CONTRADICTED)
        return TRUST_CONTRADICTED;
    if (identity == NULL || identity_is_empty (identity))
        return TRUST_UNVERIFIED;
    Answer verp = identity->patterns->len > 0 ? judge_addresses (identity, event, &shape_only) : SILENT;
    /* Where VERP says whose it is, the sender may be that address, in a domain of its own. */
    Answer sender = verp == YES ? SILENT : judge_domain (identity->senders, event->original_sender, event);
    Answer message_id = judge_domain (identity->message_ids, event->original_message_id, event);
    Answer recipient = judge_recipient (identity, event);
    if (verp == NO || sender == NO || message_id == NO || recipient == NO)
        return TRUST_CONTRADICTED;
    if (identity->patterns->len > 0)
        return verp == SILENT ? TRUST_UNVERIFIED : shape_only ? TRUST_PLAUSIBLE : TRUST_CORRELATED;
    if ((identity->senders->len > 0 && sender == SILENT) || (identity->message_ids->len > 0 && message_id == SILENT))
        return TRUST_UNVERIFIED;
    return identity->senders->len + identity->message_ids->len > 0 || recipient == YES ? TRUST_PLAUSIBLE
                                                                                      : TRUST_UNVERIFIED;
}

/* SPDX-License-Identifier: MIT */
#include "source/maildir_seen.h"

#include "base/digest.h"
#include "source/maildir_name.h"
#include "source/mbox_follow.h"

#include <string.h>

/* The bytes: these, then records sorted by `file`. They are read by the machine that wrote them; on another one (the
 * state was moved) inodes are others, too. */
static const char MARK[8] = "nixieMD1";

typedef struct {
    Digest file;     /* of base name, device, inode, size, time of writing */
    guint32 name;    /* of the whole name and its part */
    guint32 changed; /* of the time of change */
} Record;

G_STATIC_ASSERT (sizeof (Record) == DIGEST_SIZE + 8);

struct MaildirSeen {
    GBytes *before;
    gsize n_before;
    GArray *now; /* of Record */
    Digester *digester;
};

MaildirSeen *
maildir_seen_new (GBytes *before)
{
    MaildirSeen *seen = g_new0 (MaildirSeen, 1);
    gsize size = 0;
    const void *data = before != NULL ? g_bytes_get_data (before, &size) : NULL;

    if (size > sizeof MARK && (size - sizeof MARK) % sizeof (Record) == 0 && memcmp (data, MARK, sizeof MARK) == 0) {
        seen->before = g_bytes_ref (before);
        seen->n_before = (size - sizeof MARK) / sizeof (Record);
    }
    seen->now = g_array_sized_new (FALSE, FALSE, sizeof (Record), (guint) seen->n_before);
    seen->digester = digester_new ();
    return seen;
}

void
maildir_seen_free (MaildirSeen *seen)
{
    if (seen == NULL)
        return;
    g_clear_pointer (&seen->before, g_bytes_unref);
    g_array_unref (seen->now);
    digester_free (seen->digester);
    g_free (seen);
}

static gint64
time_ns (const struct timespec *at)
{
    return (gint64) at->tv_sec * 1000000000 + at->tv_nsec;
}

static guint32
number_of (const Digest *digest)
{
    guint32 number;

    memcpy (&number, digest->bytes, sizeof number);
    return number;
}

static Record
record_of (MaildirSeen *seen, const char *part, const char *name, const struct stat *status)
{
    gint64 numbers[] = {(gint64) status->st_dev, (gint64) status->st_ino, (gint64) status->st_size,
                        time_ns (&status->st_mtim)};
    gint64 changed = time_ns (&status->st_ctim);
    Record record;
    Digest digest;

    digester_reset (seen->digester);
    digester_add (seen->digester, numbers, sizeof numbers);
    digester_add (seen->digester, name, maildir_name_base (name));
    record.file = digester_end (seen->digester);
    digester_reset (seen->digester);
    digester_add (seen->digester, part, strlen (part) + 1);
    digester_add (seen->digester, name, strlen (name));
    digest = digester_end (seen->digester);
    record.name = number_of (&digest);
    record.changed = (guint32) changed ^ (guint32) (changed >> 32);
    return record;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
    return memcmp (a, b, sizeof (Record)); /* the digest stands first */
}

/* The record that `file` has from the last time. FALSE when there is none. */
static gboolean
find (const MaildirSeen *seen, const Digest *file, Record *found)
{
    const char *records =
        seen->n_before > 0 ? (const char *) g_bytes_get_data (seen->before, NULL) + sizeof MARK : NULL;
    gsize low = 0, high = seen->n_before;

    while (low < high) {
        gsize middle = low + (high - low) / 2;
        int order = memcmp (file->bytes, records + middle * sizeof (Record), DIGEST_SIZE);

        if (order == 0) {
            memcpy (found, records + middle * sizeof (Record), sizeof (Record));
            return TRUE;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return FALSE;
}

gboolean
maildir_seen_knows (MaildirSeen *seen, const char *part, const char *name, const struct stat *status)
{
    Record before, now;

    if (seen->n_before == 0)
        return FALSE;
    now = record_of (seen, part, name, status);
    if (!find (seen, &now.file, &before) || (before.name == now.name && before.changed != now.changed))
        return FALSE;
    g_array_append_val (seen->now, now);
    return TRUE;
}

void
maildir_seen_add (MaildirSeen *seen, const char *part, const char *name, const struct stat *status, gint64 now)
{
    gint64 touched = MAX (time_ns (&status->st_mtim), time_ns (&status->st_ctim)) / 1000;

    /* Written to just now, or in the future: another write could leave the same times behind. */
    if (now - touched >= FOLLOW_QUIET_SECONDS * G_USEC_PER_SEC) {
        Record record = record_of (seen, part, name, status);

        g_array_append_val (seen->now, record);
    }
}

GBytes *
maildir_seen_end (MaildirSeen *seen)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    g_array_sort (seen->now, compare);
    g_byte_array_append (bytes, (const guint8 *) MARK, sizeof MARK);
    g_byte_array_append (bytes, (const guint8 *) seen->now->data, seen->now->len * (guint) sizeof (Record));
    if (seen->before != NULL && g_bytes_get_size (seen->before) == bytes->len &&
        memcmp (g_bytes_get_data (seen->before, NULL), bytes->data, bytes->len) == 0)
        return NULL;
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* SPDX-License-Identifier: MIT */
#include "source/name_list.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

void
name_list_init (NameList *list)
{
    list->bytes = g_string_new (NULL);
    list->offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
}

void
name_list_clear (NameList *list)
{
    if (list->bytes != NULL)
        g_string_free (list->bytes, TRUE);
    if (list->offsets != NULL)
        g_array_free (list->offsets, TRUE);
    *list = (NameList){NULL, NULL};
}

guint
name_list_size (const NameList *list)
{
    return list->offsets->len;
}

const char *
name_list_get (const NameList *list, guint index)
{
    return list->bytes->str + g_array_index (list->offsets, gsize, index) + 1;
}

guchar
name_list_type (const NameList *list, guint index)
{
    return (guchar) list->bytes->str[g_array_index (list->offsets, gsize, index)];
}

static gint
compare_bytes (gconstpointer a, gconstpointer b, gpointer user)
{
    const char *bytes = user;

    return strcmp (bytes + *(const gsize *) a + 1, bytes + *(const gsize *) b + 1);
}

/* The base name ends before the flags. */
static guchar
base_byte (char byte)
{
    return byte == ':' ? 0 : (guchar) byte;
}

static gint
compare_maildir (gconstpointer a, gconstpointer b, gpointer user)
{
    const char *bytes = user, *left = bytes + *(const gsize *) a + 1, *right = bytes + *(const gsize *) b + 1;

    while (base_byte (*left) != 0 && *left == *right) {
        left++;
        right++;
    }
    if (base_byte (*left) != base_byte (*right))
        return base_byte (*left) < base_byte (*right) ? -1 : 1;
    return strcmp (left, right);
}

static gboolean
read_names (NameList *list, DIR *folder)
{
    struct dirent *entry;

    /* cppcheck-suppress readdirCalled; there is one thread, and readdir_r is gone */
    for (errno = 0; (entry = readdir (folder)) != NULL; errno = 0) {
        gsize offset = list->bytes->len;

        if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
            continue;
        g_string_append_c (list->bytes, (char) entry->d_type);
        g_string_append_len (list->bytes, entry->d_name, (gssize) strlen (entry->d_name) + 1);
        g_array_append_val (list->offsets, offset);
    }
    return errno == 0;
}

gboolean
name_list_read (NameList *list, int fd, NameOrder order)
{
    int copy = dup (fd);
    DIR *folder = copy < 0 ? NULL : fdopendir (copy);
    gboolean good;
    int error;

    if (folder == NULL) {
        error = errno;
        if (copy >= 0)
            close (copy);
        errno = error;
        return FALSE;
    }
    rewinddir (folder); /* the copy shares its place with `fd` */
    good = read_names (list, folder);
    error = errno;
    closedir (folder);
    g_array_sort_with_data (list->offsets, order == NAME_ORDER_MAILDIR ? compare_maildir : compare_bytes,
                            list->bytes->str);
    errno = error;
    return good;
}

/* SPDX-License-Identifier: MIT */
/* The names in a folder, in the order of their bytes, packed: a Maildir has a million of them. */
#ifndef NIXIE_SOURCE_NAME_LIST_H
#define NIXIE_SOURCE_NAME_LIST_H

#include <glib.h>

typedef struct {
    GString *bytes;  /* type, name, NUL; type, name, NUL; … */
    GArray *offsets; /* gsize: of each name's type */
} NameList;

typedef enum { NAME_ORDER_BYTES, NAME_ORDER_MAILDIR /* by the part before `:`, then by bytes */ } NameOrder;

void name_list_init (NameList *list);
void name_list_clear (NameList *list);
/* Read the folder (`fd` stays open and belongs to the caller; "." and ".." are left out) and sort. FALSE with errno
 * when it broke; what was read is there. */
gboolean name_list_read (NameList *list, int fd, NameOrder order);
guint name_list_size (const NameList *list);
const char *name_list_get (const NameList *list, guint index);
/* d_type of readdir(3), DT_UNKNOWN where the file system does not tell. */
guchar name_list_type (const NameList *list, guint index);

#endif

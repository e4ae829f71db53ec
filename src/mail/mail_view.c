/* SPDX-License-Identifier: MIT */
#include "mail/mail_view.h"

#include "base/text.h"

#include <string.h>

const MailHeader *
mail_headers_search (const MailHeaders *headers, const char *name, guint32 key, guint from)
{
    for (guint i = from; i < headers->n_fields; i++)
        if ((headers->fields[i].key == key || headers->fields[i].key == 0) &&
            text_equal (headers->fields[i].name, name))
            return &headers->fields[i];
    return NULL;
}

const MailHeader *
mail_headers_next (const MailHeaders *headers, const MailHeader *field)
{
    return mail_headers_search (headers, field->name, mail_header_key (field->name, strlen (field->name)),
                                (guint) (field - headers->fields) + 1);
}

const MailPart *
mail_view_part (const MailView *view, PartKind kind, const MailPart *after)
{
    for (guint i = after ? (guint) (after - view->parts) + 1 : 0; i < view->n_parts; i++)
        if (view->parts[i].kind == kind)
            return &view->parts[i];
    return NULL;
}

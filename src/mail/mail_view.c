/* SPDX-License-Identifier: MIT */
#include "mail/mail_view.h"

#include "base/text.h"

#include <string.h>

const MailHeader *
mail_headers_find (const MailHeaders *headers, const char *name, guint nth)
{
    guint32 key = mail_header_key (name, strlen (name));

    for (guint i = 0; i < headers->n_fields; i++)
        if ((headers->fields[i].key == key || headers->fields[i].key == 0) && text_equal (headers->fields[i].name, name) && nth-- == 0)
            return &headers->fields[i];
    return NULL;
}

const char *
mail_headers_get (const MailHeaders *headers, const char *name)
{
    const MailHeader *header = mail_headers_find (headers, name, 0);

    return header ? header->value : "";
}

const char *
mail_headers_get_raw (const MailHeaders *headers, const char *name)
{
    const MailHeader *header = mail_headers_find (headers, name, 0);

    return header ? header->raw : "";
}

const char *
mail_view_header (const MailView *view, const char *name)
{
    return mail_headers_get (&view->headers, name);
}

const MailPart *
mail_view_part (const MailView *view, PartKind kind, const MailPart *after)
{
    for (guint i = after ? (guint) (after - view->parts) + 1 : 0; i < view->n_parts; i++)
        if (view->parts[i].kind == kind)
            return &view->parts[i];
    return NULL;
}

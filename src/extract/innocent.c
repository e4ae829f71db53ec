/* SPDX-License-Identifier: MIT */
#include "extract/innocent.h"

#include "event/address.h"
#include "extract/common.h"

#define MAX_ADDRESSES 200 /* of one header; nobody reports to more */

static gboolean
holds (const GPtrArray *list, const char *address)
{
    for (guint i = 0; i < list->len; i++)
        if (text_equal (g_ptr_array_index (list, i), address))
            return TRUE;
    return FALSE;
}

static void
add_fields (Extraction *extraction, GPtrArray *to, const MailHeaders *headers, const char *const *names)
{
    for (; *names != NULL; names++) {
        Span rest = span_of (mail_headers_get (headers, *names));

        for (const char *address;
             to->len < MAX_ADDRESSES && (address = address_find (extraction->arena, &rest)) != NULL;)
            if (!holds (to, address))
                g_ptr_array_add (to, (gpointer) address);
    }
}

Innocent
innocent_find (Extraction *extraction)
{
    static const char *const own[] = {
        "From",        "To",         "Cc",          "Reply-To",   "Sender", "Delivered-To", "X-Original-To",
        "Return-Path", "Message-ID", "In-Reply-To", "References", NULL}; /* ids look like addresses */
    static const char *const authors[] = {"From",      "Reply-To",          "Sender",     "Return-Path",
                                          "Errors-To", "X-Apparently-From", "Message-ID", NULL};
    static const char *const written_to[] = {"To", "Cc", NULL};
    const MailView *view = extraction->view;
    g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
    Innocent innocent = {g_ptr_array_new ()};

    add_fields (extraction, innocent.addresses, &view->headers, own);
    add_fields (extraction, innocent.addresses, &view->returned, authors);
    add_fields (extraction, recipients, &view->returned, written_to);
    for (guint i = innocent.addresses->len; i > 0; i--)
        if (holds (recipients, g_ptr_array_index (innocent.addresses, i - 1)))
            g_ptr_array_remove_index (innocent.addresses, i - 1);
    return innocent;
}

void
innocent_clear (Innocent *innocent)
{
    g_clear_pointer (&innocent->addresses, g_ptr_array_unref);
}

gboolean
innocent_has (const Innocent *innocent, const char *address)
{
    return holds (innocent->addresses, address);
}

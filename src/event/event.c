/* SPDX-License-Identifier: MIT */
#include "event/event.h"

#include "base/date.h"
#include "base/limits.h"

void
event_init (BounceEvent *event)
{
    *event = (BounceEvent){.date = DATE_NONE};
#define X(name) event->name = "";
    EVENT_STRINGS (X)
#undef X
}

void
event_copy (BounceEvent *to, const BounceEvent *from, Arena *arena)
{
    *to = *from;
#define X(name) to->name = from->name[0] == '\0' ? "" : arena_strdup (arena, from->name);
    EVENT_STRINGS (X)
#undef X
}

EventList *
event_list_new (Arena *arena)
{
    EventList *list = g_new0 (EventList, 1);

    list->arena = arena;
    list->events = g_array_new (FALSE, FALSE, sizeof (BounceEvent));
    return list;
}

void
event_list_free (EventList *list)
{
    if (list == NULL)
        return;
    g_array_unref (list->events);
    g_free (list);
}

void
event_list_clear (EventList *list)
{
    g_array_set_size (list->events, 0);
}

BounceEvent *
event_list_add (EventList *list)
{
    BounceEvent *event;

    if (list->events->len >= LIMIT_EVENTS)
        return NULL;
    g_array_set_size (list->events, list->events->len + 1);
    event = event_list_get (list, list->events->len - 1);
    event_init (event);
    return event;
}

guint
event_list_length (const EventList *list)
{
    return list->events->len;
}

BounceEvent *
event_list_get (const EventList *list, guint index)
{
    g_assert (index < list->events->len);
    return &g_array_index (list->events, BounceEvent, index);
}

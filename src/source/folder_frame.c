/* SPDX-License-Identifier: MIT */
/* Frame of a folder that is no Maildir: its files and folders in the order of their names' bytes, hidden ones left
 * out. Each is looked at by content, so that a folder may hold messages, mailboxes, archives and Maildirs alike. */
#include "source/source_frame.h"

#include "base/date.h"
#include "source/maildir_name.h"
#include "source/name_list.h"

#include <errno.h>
#include <unistd.h>

typedef struct {
    Frame frame;
    int fd;
    char *path;
    FolderPlace place;
    NameList names;
    guint next;
    gboolean read;
} FolderFrame;

static FrameResult
folder_next (Frame *frame, Source *source, SourceMessage *message)
{
    FolderFrame *self = (FolderFrame *) frame;
    FileInfo info = {.received = DATE_NONE};
    const char *name;

    (void) message;
    if (!self->read && !name_list_read (&self->names, self->fd, NAME_ORDER_BYTES))
        source_fail (source, self->path, 0, "%s", g_strerror (errno));
    self->read = TRUE;
    if (self->next == name_list_size (&self->names))
        return FRAME_END;
    name = name_list_get (&self->names, self->next);
    if (!maildir_name_is_index (name)) {
        info.path = g_build_filename (self->path, name, NULL);
        source_open_entry (source, self->fd, name, name_list_type (&self->names, self->next), &info, &self->place);
        g_free (info.path);
    }
    self->next++;
    return FRAME_AGAIN;
}

static void
folder_free (Frame *frame)
{
    FolderFrame *self = (FolderFrame *) frame;

    close (self->fd);
    g_free (self->path);
    name_list_clear (&self->names);
    g_free (self);
}

Frame *
folder_frame_new (int fd, const char *path, const FolderPlace *place)
{
    static const FrameClass class = {folder_next, folder_free};
    FolderFrame *self = g_new0 (FolderFrame, 1);

    self->frame.class = &class;
    self->fd = fd;
    self->path = g_strdup (path);
    self->place = *place;
    name_list_init (&self->names);
    return &self->frame;
}

/* SPDX-License-Identifier: MIT */
/* Frame of a Maildir: the files of new/, then those of cur/, then the subfolders (Maildir++ `.Sub`, or Maildirs in
 * plain folders). A mail program may move files meanwhile: from new/ to cur/, and within cur/ when a flag changes. What
 * was listed and is gone is looked for once more under its base name; a base name is given out once. tmp/ is never
 * read: what lies there is being written. */
#include "source/source_frame.h"

#include "source/maildir_name.h"
#include "source/name_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND_LOOKS 3 /* at cur/ for files that were renamed meanwhile */

typedef enum { PHASE_NEW, PHASE_CUR, PHASE_AGAIN, PHASE_FOLDERS } Phase;

typedef struct {
    Frame frame;
    int fd;
    char *path;
    FolderPlace place;
    Phase phase;
    guint looks;          /* second looks done */
    int part;             /* descriptor of new/ or cur/, or of the Maildir for its subfolders; -1: not opened */
    NameList names;
    guint next;
    GHashTable *given;    /* base names out of new/: they may turn up in cur/ */
    GHashTable *vanished; /* base names that were listed and are gone */
    char *last;           /* base name given out last: the same with other flags comes right behind it */
} MaildirFrame;

static gboolean
is_folder (int fd, const char *name)
{
    struct stat status;

    return fstatat (fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (status.st_mode);
}

gboolean
maildir_frame_fits (int fd)
{
    return is_folder (fd, "cur") + is_folder (fd, "new") + is_folder (fd, "tmp") >= 2;
}

static const char *
part_name (const MaildirFrame *self)
{
    return self->phase == PHASE_NEW ? "new" : self->phase == PHASE_FOLDERS ? "." : "cur";
}

static void
close_part (MaildirFrame *self)
{
    if (self->part >= 0)
        close (self->part);
    self->part = -1;
    self->next = 0;
    g_clear_pointer (&self->last, g_free);
    name_list_clear (&self->names);
}

/* A part that is not there is an empty one. */
static void
open_part (MaildirFrame *self, Source *source)
{
    NameOrder order = self->phase == PHASE_FOLDERS ? NAME_ORDER_BYTES : NAME_ORDER_MAILDIR;

    name_list_init (&self->names);
    self->part = openat (self->fd, part_name (self), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (self->part < 0 ? errno != ENOENT : !name_list_read (&self->names, self->part, order)) {
        int error = errno;
        g_autofree char *path = g_build_filename (self->path, part_name (self), NULL);

        source_fail (source, path, 0, "%s", error == ENOTDIR || error == ELOOP ? "this is no folder" : g_strerror (error));
    }
    if (self->part < 0)
        self->part = dup (self->fd); /* "opened": its list is empty */
}

/* FALSE when all is done. */
static gboolean
next_phase (MaildirFrame *self)
{
    close_part (self);
    if (self->phase == PHASE_FOLDERS)
        return FALSE;
    if (self->phase == PHASE_NEW)
        self->phase = PHASE_CUR;
    else if (g_hash_table_size (self->vanished) > 0 && self->looks++ < SECOND_LOOKS)
        self->phase = PHASE_AGAIN;
    else
        self->phase = PHASE_FOLDERS;
    return TRUE;
}

static gboolean
is_wanted (const MaildirFrame *self, const char *base)
{
    if (self->phase == PHASE_AGAIN)
        return g_hash_table_contains (self->vanished, base);
    return g_strcmp0 (self->last, base) != 0 && !g_hash_table_contains (self->given, base);
}

static void
open_message (MaildirFrame *self, Source *source, const char *name, guchar type)
{
    g_autofree char *base = g_strndup (name, maildir_name_base (name));
    FileInfo info = {.maildir = TRUE, .received = maildir_name_received (name)};

    if (*name == '.' || !is_wanted (self, base))
        return;
    info.path = g_build_filename (self->path, part_name (self), name, NULL);
    if (source_open_entry (source, self->part, name, type, &info, NULL)) {
        g_hash_table_remove (self->vanished, base);
        if (self->phase == PHASE_NEW)
            g_hash_table_add (self->given, g_strdup (base));
        g_free (self->last);
        self->last = g_steal_pointer (&base);
    } else {
        g_hash_table_add (self->vanished, g_steal_pointer (&base));
    }
    g_free (info.path);
}

/* Hidden folders are subfolders by their name; others only when they look like a Maildir. */
static void
open_subfolder (MaildirFrame *self, Source *source, const char *name, guchar type)
{
    g_autofree char *path = g_build_filename (self->path, name, NULL);
    int fd;

    if (strcmp (name, "new") == 0 || strcmp (name, "cur") == 0 || strcmp (name, "tmp") == 0)
        return;
    if (type == DT_LNK && *name == '.') {
        source_fail (source, path, 0, "a symbolic link is not followed");
        return;
    }
    if (type != DT_DIR && type != DT_UNKNOWN)
        return;
    fd = openat (self->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && maildir_frame_fits (fd))
        source_open_folder (source, fd, path, &self->place);
    else if (fd >= 0)
        close (fd);
    else if (errno == EACCES)
        source_fail (source, path, 0, "%s", g_strerror (errno));
}

static FrameResult
maildir_next (Frame *frame, Source *source, SourceMessage *message)
{
    MaildirFrame *self = (MaildirFrame *) frame;
    const char *name;
    guchar type;

    (void) message;
    if (self->part < 0)
        open_part (self, source);
    if (self->next == name_list_size (&self->names))
        return next_phase (self) ? FRAME_AGAIN : FRAME_END;
    name = name_list_get (&self->names, self->next);
    type = name_list_type (&self->names, self->next);
    self->next++;
    if (self->phase == PHASE_FOLDERS)
        open_subfolder (self, source, name, type);
    else
        open_message (self, source, name, type);
    return FRAME_AGAIN;
}

static void
maildir_free (Frame *frame)
{
    MaildirFrame *self = (MaildirFrame *) frame;

    close_part (self);
    close (self->fd);
    g_free (self->path);
    g_hash_table_destroy (self->given);
    g_hash_table_destroy (self->vanished);
    g_free (self);
}

Frame *
maildir_frame_new (int fd, const char *path, const FolderPlace *place)
{
    static const FrameClass class = {maildir_next, maildir_free};
    MaildirFrame *self = g_new0 (MaildirFrame, 1);

    self->frame.class = &class;
    self->fd = fd;
    self->part = -1;
    self->path = g_strdup (path);
    self->place = *place;
    self->given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->vanished = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    return &self->frame;
}

/* SPDX-License-Identifier: MIT */
/* Frame of a Maildir: the files of new/, then those of cur/, then the subfolders (Maildir++ `.Sub`, or Maildirs in
 * plain folders). A mail program may move files meanwhile: from new/ to cur/, and within cur/ when a flag changes. What
 * was listed and is gone is looked for once more under its base name; a file (base name and inode) is given out once.
 * tmp/ is never read: what lies there is being written. What an earlier scan has read is
 * not opened (maildir_seen.h). */
#include "source/source_frame.h"

#include "source/maildir_name.h"
#include "source/maildir_seen.h"
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
    GHashTable *given;    /* base names out of new/ and their inodes: they may turn up in cur/ */
    GHashTable *vanished; /* base names that were listed and are gone */
    char *last;           /* base name given out last: the same with other flags comes right behind it */
    gpointer last_inode;
    MaildirSeen *seen;    /* what was read, for the next scan; NULL: that was told, or is not wanted */
    char *opened;         /* name of the file that was opened last; NULL: that is settled */
    struct stat status;   /* … as it was then */
    guint64 given_before; /* … how many messages had been given out */
    gint64 now;           /* … the time, microseconds */
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

/* A file is only known by its number here, which may be cut on small machines. */
static gpointer
inode_of (const struct stat *status)
{
    return GSIZE_TO_POINTER ((gsize) status->st_ino);
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

        source_fail (source, path, 0, "%s",
                     error == ENOTDIR || error == ELOOP ? "this is no folder" : g_strerror (error));
    }
    if (self->part < 0)
        self->part = dup (self->fd); /* "opened": its list is empty */
}

/* All its files were given out, or known; its subfolders remember for themselves. */
static void
tell_seen (MaildirFrame *self, Source *source)
{
    g_autoptr (GBytes) seen = self->seen != NULL ? maildir_seen_end (self->seen) : NULL;

    if (seen != NULL)
        source_tell_seen (source, self->path, seen);
    g_clear_pointer (&self->seen, maildir_seen_free);
}

/* FALSE when all is done. */
static gboolean
next_phase (MaildirFrame *self, Source *source)
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
    if (self->phase == PHASE_FOLDERS)
        tell_seen (self, source);
    return TRUE;
}

/* The base name was given out: it is the same file, or one that is gone, and not another one of that name. */
static gboolean
is_same_file (const MaildirFrame *self, const char *name, gpointer inode)
{
    struct stat status;

    return fstatat (self->part, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || inode_of (&status) == inode;
}

static gboolean
is_wanted (const MaildirFrame *self, const char *name, const char *base)
{
    gpointer inode;

    if (self->phase == PHASE_AGAIN)
        return g_hash_table_contains (self->vanished, base);
    if (g_strcmp0 (self->last, base) == 0 && is_same_file (self, name, self->last_inode))
        return FALSE;
    return !g_hash_table_lookup_extended (self->given, base, NULL, &inode) || !is_same_file (self, name, inode);
}

/* Takes `base`. */
static void
note_given (MaildirFrame *self, char *base, const struct stat *status)
{
    g_hash_table_remove (self->vanished, base);
    if (self->phase == PHASE_NEW)
        g_hash_table_replace (self->given, g_strdup (base), inode_of (status));
    g_free (self->last);
    self->last = base;
    self->last_inode = inode_of (status);
}

static gboolean
is_known (const MaildirFrame *self, const char *name, guchar type, struct stat *status)
{
    return self->seen != NULL && (type == DT_REG || type == DT_UNKNOWN) &&
           fstatat (self->part, name, status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (status->st_mode) &&
           maildir_seen_knows (self->seen, part_name (self), name, status);
}

static void
open_message (MaildirFrame *self, Source *source, const char *name, guchar type)
{
    g_autofree char *base = g_strndup (name, maildir_name_base (name));
    struct stat status = {.st_ino = 0};
    FileInfo info = {.maildir = TRUE, .received = maildir_name_received (name), .status = &status};

    if (*name == '.' || !is_wanted (self, name, base))
        return;
    if (is_known (self, name, type, &status)) {
        note_given (self, g_steal_pointer (&base), &status);
        return;
    }
    info.path = g_build_filename (self->path, part_name (self), name, NULL);
    self->now = g_get_real_time ();
    self->given_before = source_given (source);
    if (source_open_entry (source, self->part, name, type, &info, NULL)) {
        note_given (self, g_steal_pointer (&base), &status);
        self->status = status;
        self->opened = self->seen != NULL ? g_strdup (name) : NULL;
    } else {
        g_hash_table_add (self->vanished, g_steal_pointer (&base));
    }
    g_free (info.path);
}

/* The file that was opened last gave a message, and so it need not be opened again; or it did not. */
static void
settle_opened (MaildirFrame *self, Source *source)
{
    if (self->opened != NULL && source_given (source) > self->given_before)
        maildir_seen_add (self->seen, part_name (self), self->opened, &self->status, self->now);
    g_clear_pointer (&self->opened, g_free);
}

/* What is known of the folder is asked for when its turn comes. */
static void
ask_seen (MaildirFrame *self, Source *source)
{
    g_autoptr (GBytes) before = NULL;

    if (source_ask_seen (source, self->path, &before))
        self->seen = maildir_seen_new (before);
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
    settle_opened (self, source);
    if (self->part < 0 && self->phase == PHASE_NEW)
        ask_seen (self, source);
    if (self->part < 0)
        open_part (self, source);
    if (self->next == name_list_size (&self->names))
        return next_phase (self, source) ? FRAME_AGAIN : FRAME_END;
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
    maildir_seen_free (self->seen);
    g_free (self->opened);
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

/* SPDX-License-Identifier: MIT */
#include "store/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The f_type values are those of statfs(2). */
gboolean
store_file_system_fits_wal (unsigned long type)
{
    static const unsigned long shared[] = {
        0x6969,     /* nfs */
        0x517b,     /* smb */
        0xff534d42, /* cifs */
        0xfe534d42, /* smb2 */
        0x65735546, /* fuse, with it sshfs, glusterfs, virtiofs */
        0x01021997, /* 9p */
        0x5346414f, /* afs */
        0x6b414653, /* kafs */
        0x00c36400, /* ceph */
        0x0bd00bd0, /* lustre */
        0x01161970, /* gfs2 */
        0x7461636f, /* ocfs2 */
        0x47504653, /* gpfs */
        0x19830326, /* beegfs */
        0x786f4256, /* vboxsf */
        0xbacbacbc, /* vmhgfs */
    };
    for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
        if ((guint32) type == (guint32) shared[i])
            return FALSE;
    return TRUE;
}

gboolean
store_file_is_local (const char *path)
{
    struct statfs about;
    return statfs (path, &about) == 0 && store_file_system_fits_wal ((unsigned long) about.f_type);
}

static gboolean
fail (GError **error, const char *what, const char *path, int code)
{
    StoreError kind = code == EACCES || code == EPERM || code == EROFS ? STORE_ERROR_PERMISSION
                                                                       : STORE_ERROR_CREATE;
    g_set_error (error, STORE_ERROR, kind, "cannot create %s '%s': %s", what, path,
                 g_strerror (code));
    return FALSE;
}

/* An existing file is not even opened: closing it would drop the locks that this process may hold on it. */
gboolean
store_file_create (const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname (path);
    if (g_mkdir_with_parents (folder, 0700) != 0)
        return fail (error, "folder", folder, errno);
    int file;
    do
        file = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    while (file < 0 && errno == EINTR);
    if (file < 0)
        return errno == EEXIST || fail (error, "ledger", path, errno);
    close (file);
    return TRUE;
}

/* Closing it drops the locks of this process: only for a ledger that is given up anyway. */
int
store_file_read_through (const char *path)
{
    char block[16384];
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), number = 0;
    off_t at = 0;
    if (file < 0)
        return errno;
    for (ssize_t n = 1; n != 0; at += MAX (n, 0)) {
        n = pread (file, block, sizeof block, at);
        if (n < 0 && errno != EINTR) {
            number = errno;
            break;
        }
    }
    close (file);
    return number;
}

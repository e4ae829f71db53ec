/* SPDX-License-Identifier: MIT */
/* The yardstick for Maildirs: open, read and close every file of a folder, in the order in which it is listed.
 *
 *     read_files MAILDIR/cur */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
    static char data[1 << 20];
    DIR *folder = argc == 2 ? opendir (argv[1]) : NULL;
    struct dirent *entry;
    unsigned long long bytes = 0;

    if (folder == NULL)
        return 66;
    while ((entry = readdir (folder)) != NULL) {
        int fd = entry->d_name[0] == '.' ? -1 : openat (dirfd (folder), entry->d_name, O_RDONLY | O_CLOEXEC);
        ssize_t n;

        if (fd < 0)
            continue;
        while ((n = read (fd, data, sizeof data)) > 0)
            bytes += (unsigned long long) n;
        close (fd);
    }
    closedir (folder);
    printf ("%llu bytes\n", bytes);
    return 0;
}

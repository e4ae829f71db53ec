/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/language.h"
#include "cmd/cmd.h"

/* A closed standard descriptor would be given to the next file that is opened: the ledger, say, and then a line meant
 * for the terminal would be written into it. Each gets a stand-in that fails as the closed one would: it can be
 * neither read (stdin) nor written (stdout, stderr). */
static void
guard_standard_files (void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
    for (int file = 0; file <= 2; file++)
        if (fcntl (file, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", modes[file]) != file)
            abort ();
}

int
main (int argc, char **argv)
{
    guard_standard_files ();
    /* A failed write tells the same, and its exit status is ours. */
    (void) signal (SIGPIPE, SIG_IGN);
    (void) signal (SIGXFSZ, SIG_IGN);
    language_init ();
    return (int) cmd_main (argc, argv);
}

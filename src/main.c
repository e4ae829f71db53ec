/* SPDX-License-Identifier: MIT */
#include <stdio.h>

int
main (void)
{
    puts ("nixie");
    return 0;
}

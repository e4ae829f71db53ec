#!/bin/sh
# SPDX-License-Identifier: MIT
# The samples padded, cut, with other line ends and sent on by a person: tests/sweep/sweep.c tells what must hold.
#     tests/sweep/sweep.sh [STEP [PATH…]]      STEP 1 is the full sweep: scripts/sweep
set -u
top=${top_srcdir:?}
step=${1:-0}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- "$top/sample-mail/archive.mbox" "$top/sample-mail/Maildir" "$top/sample-mail/older.mbox.gz" \
    "$top/tests/data/formats"
tests=0
# sweep KIND STEP TEXT PATH…
sweep () {
    kind=$1 by=$2 text=$3
    shift 3
    tests=$((tests + 1))
    if out=$("${top_builddir:?}/tests/sweep/sweep" "$kind" "$by" "$@" 2>&1); then
        echo "ok $tests - $text"
    else
        echo "not ok $tests - $text"
    fi
    echo "$out" | sed 's/^/# /'
}
[ "$step" -gt 0 ] && pad=$step cut=$step || { pad=523; cut=31; }
sweep pad $pad "behind other bytes: the same events" "$@"
sweep cut $cut "cut: nothing that the whole message contradicts" "$@"
sweep ends 1 "LF, CRLF, CR, CR CR LF: the same events" "$@"
sweep forward 1 "sent on by a person: no event" "$@"
echo "1..$tests"

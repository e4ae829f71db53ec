#!/bin/sh
# SPDX-License-Identifier: MIT
# A scan that is killed before its Nth write, sync, truncation, opening or removal of a file, and one for which that call
# fails as on a full or broken disk. The next scan makes the state what an undisturbed one makes it; a call that failed
# is told in a plain line, with exit status 74 (73 and 77 where a file cannot be made), or does no harm at all.
#     tests/fault/syscalls.sh [STEP]      STEP 1 takes every N, by hand; `make check` takes fewer
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

step=${1:-23}
if ! command -v strace >/dev/null 2>&1 || ! strace -o trace -e trace=pwrite64 -e inject=pwrite64:error=EIO:when=9999 true 2>/dev/null; then
    skip "every system call" "no strace that can inject"
    done_testing
    exit 0
fi
many 1 200 >a.mbox
touch -d 2026-11-01 a.mbox
"$NIXIE" scan -q --state=golden.db --now=2026-11-21 a.mbox
state golden.db >golden

# calls CALL: how many of them an undisturbed scan makes in a folder like this
calls () {
    rm -rf new
    mkdir new
    strace -o trace -e "trace=$1" "$NIXIE" scan -q --state=new/s.db --now=2026-11-21 a.mbox 2>err
    grep -c "^$1" trace
}
again () { # the next scan
    "$NIXIE" scan -q --state=new/s.db --now=2026-11-21 a.mbox 2>err && state new/s.db >got && cmp -s golden got
}

for call in pwrite64 fdatasync fsync ftruncate unlink openat; do
    count=$(calls $call)
    [ "$count" -gt 0 ] || continue
    killed=0 wrong='' n=1
    while [ $n -le "$count" ]; do
        rm -rf new; mkdir new
        strace -o trace -e "trace=$call" -e "inject=$call:signal=SIGKILL:when=$n" \
            "$NIXIE" scan -q --state=new/s.db --now=2026-11-21 a.mbox >out 2>err
        [ $? -ne 137 ] || killed=$((killed + 1))
        again || wrong="$wrong $n"
        n=$((n + step))
    done
    check "$call: killed at $killed of $count calls: the next scan completes it" eval '[ -z "$wrong" ] && [ $killed -gt 0 ]'
    [ -z "$wrong" ] || echo "# wrong after calls$wrong"
    [ $call != openat ] || continue # most of these are libraries
    for error in ENOSPC EIO; do
        wrong='' n=1 told=0
        while [ $n -le "$count" ]; do
            rm -rf new; mkdir new
            strace -o trace -e "trace=$call" -e "inject=$call:error=$error:when=$n+" \
                "$NIXIE" scan -q --state=new/s.db --now=2026-11-21 a.mbox >out 2>err
            status=$?
            case $status in
            0) again || wrong="$wrong $n" ;;
            73|74|77)
                told=$((told + 1))
                if [ "$(grep -c '^nixie: ' err)" -ge 1 ] && ! grep -q -v '^nixie: ' err; then
                    again || wrong="$wrong $n"
                else
                    wrong="$wrong $n(untold)"
                fi ;;
            *) wrong="$wrong $n(exit $status)" ;;
            esac
            n=$((n + step))
        done
        check "$call: $error from any of $count calls on ($told told): the next scan completes it" test -z "$wrong"
        [ -z "$wrong" ] || echo "# wrong after calls$wrong"
    done
done
done_testing

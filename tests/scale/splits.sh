#!/bin/sh
# SPDX-License-Identifier: MIT
# Random splits, scanned apart and merged, give what one scan gives. A few of them here; a thousand, or other mail:
#     tests/scale/splits.py --rounds 1000 NIXIE PATH…
. "${top_srcdir:?}/tests/cli/lib.sh"
if ! command -v python3 >/dev/null 2>&1; then
    skip "random splits" "no python3"
    done_testing
    exit 0
fi
seed=${NIXIE_SEED:-$(date +%s)} # another one each time: told, so that it can be run again
python3 "$top_srcdir/tests/scale/splits.py" --rounds "${NIXIE_ROUNDS:-20}" --seed "$seed" "$NIXIE" \
    "$top_srcdir/sample-mail/Maildir" "$top_srcdir/sample-mail/archive.mbox" "$top_srcdir/sample-mail/older.mbox.gz" \
    "$top_srcdir/tests/data/formats" >out 2>err
status=$?
check "random splits, merged in any order and twice (seed $seed)" eval 'status_is 0 && says " 0 failures"'
sed 's/^/# /' out
done_testing

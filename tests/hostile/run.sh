#!/bin/sh
# SPDX-License-Identifier: MIT
# Hostile mail (gen.py): the others are counted, time and memory hold, what could not be read is named. In `make check`
# a short run; the whole one: NIXIE=build/nixie tests/hostile/run.sh 1 [MESSAGE…]   (minutes, 1 GB in $TMPDIR)
top_srcdir=${top_srcdir:-$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)}
NIXIE=$(realpath "${NIXIE:?the program to test}")
here=$top_srcdir/tests/hostile
# shellcheck source=tests/cli/lib.sh
. "$top_srcdir/tests/cli/lib.sh"
if ! command -v python3 >/dev/null 2>&1; then
    echo '1..0 # SKIP no python3'
    exit 0
fi
export NIXIE PYTHONDONTWRITEBYTECODE=1
python3 "$here/run.py" "$NIXIE" "$work" "${1:-0.01}" ${2:+"$2"}

#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual pages are well-formed and tell every verb.
. "${top_srcdir:?}/tests/cli/lib.sh"
verbs=$("$NIXIE" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -v nixie)
page=${top_builddir:?}/doc/man/nixie.1
# lint: what mandoc says of our pages when they are installed. It looks for the pages that they refer to in /usr/share/man
# alone: a folder of ours takes its place, in a name space of its own; where there is none to be had, that one question
# is answered here.
lint () {
    mkdir -p man/man1 man/man5
    cp "$page" man/man1
    cp "$top_srcdir"/doc/man/*.5 man/man5
    if command -v makewhatis >/dev/null && makewhatis man 2>/dev/null &&
        unshare -rm sh -c 'mount --bind man /usr/share/man' 2>/dev/null; then
        unshare -rm sh -c 'mount --bind man /usr/share/man && mandoc -Tlint man/man*/*' >lint 2>&1
        return
    fi
    mandoc -Tlint man/man*/* >all 2>&1
    sed -n 's/.*referenced manual not found: Xr \([^ ]*\) \([0-9]\).*/\1.\2/p' all | while read -r other; do
        [ -f "man/man${other##*.}/$other" ] || echo "no page $other"
    done >lint
    grep -v 'referenced manual not found' all >>lint
    [ ! -s lint ]
}
if command -v mandoc >/dev/null; then
    check "mandoc -Tlint is silent" eval '{ lint && [ ! -s lint ]; } || { cp lint out; false; }'
    { cat "$page"; echo '.Xr nixie-weather 7'; } >nixie.1
    page=nixie.1
    check "and would not be" eval '! lint && grep -q nixie-weather lint'
    page=${top_builddir:?}/doc/man/nixie.1
else
    skip "lint" "no mandoc"
fi
for verb in $verbs; do
    check "nixie(1) tells $verb" grep -q "^\.Ss nixie $verb\$" "$page"
done
run help --format=weather
check "no such format" status_is 64
done_testing

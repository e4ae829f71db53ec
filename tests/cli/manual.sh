#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual pages are well-formed and tell every verb; completion is shell, and completes.
. "${top_srcdir:?}/tests/cli/lib.sh"
verbs=$("$NIXIE" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -v nixie)
page=${top_builddir:?}/doc/man/nixie.1
if command -v mandoc >/dev/null; then
    for file in "$page" "$top_srcdir"/doc/man/*.5; do
        mandoc -Tlint -Wstyle "$file" >out 2>err
        # Two checks look at the machine that the test runs on and not at the page.
        grep -v -e 'referenced manual not found' -e 'operating system' out >lint
        check "lint: ${file##*/}" eval '[ ! -s lint ] || { cp lint out; false; }'
    done
else
    skip "lint" "no mandoc"
fi
for verb in $verbs; do
    check "nixie(1) tells $verb" grep -q "^\.Ss nixie $verb\$" "$page"
done
run help --format=bash
check "bash: a script" eval 'status_is 0 && bash -n out'
cp out nixie.bash
completed () { # words of a command line; the last one is completed
    bash -c '. ./nixie.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nixie; printf "%s\n" "${COMPREPLY[@]}"' bash "$@" >out
}
completed nixie sup
check "bash: a verb" eval '[ "$(cat out)" = suppress ]'
completed nixie report --prov
check "bash: an option" eval '[ "$(cat out)" = "--provider=" ]'
completed nixie scan --prov
check "bash: only options of that verb" eval '[ -z "$(cat out)" ]'
: >some.mbox
completed nixie report some
check "bash: a file" eval '[ "$(cat out)" = some.mbox ]'
run help --format=zsh
if command -v zsh >/dev/null; then
    check "zsh: a script" eval 'status_is 0 && zsh -n out'
else
    check "zsh: completes nixie" eval 'status_is 0 && says "^#compdef nixie$" && says "^report)$"'
fi
run help --format=weather
check "no such format" status_is 64
done_testing

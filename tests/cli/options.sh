#!/bin/sh
# SPDX-License-Identifier: MIT
# Verbs, options and help: wrong ones end with 64 and one line that says what was wrong.
. "${top_srcdir:?}/tests/cli/lib.sh"

wrong () { # PATTERN ARGUMENT…
    pattern=$1
    shift
    run "$@"
    check "64: nixie $*" status_is 64
    check "… one line: $pattern" eval "clean_err 1 && warns \"\$pattern\" && [ ! -s out ]"
}
wrong "which verb"
wrong "did you mean 'nixie report'" repotr x
wrong "no verb 'frobnicate'" frobnicate
wrong "the verb comes first" --format=csv report x
wrong "did you mean --format" report --fromat=csv x
wrong "has no option --zzzz" report --zzzz x
wrong "none of text, html, md, json, csv" report --format=pdf x
wrong "none of provider" report --by=phase x
wrong "by goes with" report --by=domain --format=json x
wrong "none of" suppress --format=pdf x
wrong "none of remove" suppress --decision=kill x
wrong "none of ndjson" events --format=pdf x
wrong "none of text, json" code --format=pdf 550
wrong "no mail address" explain nobody x
wrong "explain wants ADDRESS" explain
wrong "scan wants PATH" scan
wrong "config does not want" config surplus
wrong "no date" report --now=yesterday x
wrong "neither a date" report --since=yesterday x
wrong "neither a date" events --until=7 x
wrong "not before" report --since=2026-11-02 --until=2026-11-01 x
wrong "contradict" report -q -v x
wrong "negative" report --jobs=-1 x
wrong "files-from" scan -0 x
wrong "stdin cannot be both" scan --files-from=- -
wrong "no verb 'nothing'" help nothing
wrong "top" report --top=many x

# A value may be written together with its letter, as getopt(3) has it; what is a value, or behind "--", stays as it is.
mail='From: a@example.com\n\ntext\n'
printf '%b' "$mail" >-j2
printf '%b' "$mail" >mail
for words in "-j2 mail" "-j 2 mail" "-j0 mail" "--jobs 2 mail" "-qj2 mail" "-qj 2 -- mail" "mail -vj1" "-j1 -- -j2" "./-j2 -j1"; do
    # shellcheck disable=SC2086
    run events $words
    check "0: events $words" eval 'status_is 0 && [ ! -s out ]'
done
for words in "-oout.1 mail" "-vo out.1 mail" "-o -j2 mail" "--output -j2 mail" "-qo-j2 mail"; do
    rm -f out.1 -- -j2
    # shellcheck disable=SC2086
    run suppress $words
    check "0: suppress $words" eval 'status_is 0 && [ ! -s out ]'
    check "… writes the file" eval '[ -s out.1 ] || [ -s ./-j2 ]'
done
wrong "integer" report -jx mail
wrong "integer" report -j=2 mail
wrong "Missing argument" report -qj
wrong "integer" report -jz2 -y mail
wrong "nknown option" report -yj2 mail

run --version
check "--version" eval 'status_is 0 && says "^nixie [0-9]"'
run help
check "help" eval 'status_is 0 && silent'
verbs=$(sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' out)
check "help lists verbs" test -n "$verbs"
for verb in $verbs; do
    run "$verb" --help
    check "$verb --help: usage and an example" \
        eval 'status_is 0 && silent && says "^Usage: nixie $verb" && says "^Examples:" && says "^  .*nixie $verb"'
    mv out help
    run help "$verb"
    check "help $verb is the same" same out help
done
# A broken configuration is no reason to refuse help.
echo "nonsense" >broken.conf
NIXIE_CONFIG=broken.conf "$NIXIE" help >out 2>err
status=$?
check "help without configuration" status_is 0
done_testing

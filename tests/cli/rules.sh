#!/bin/sh
# SPDX-License-Identifier: MIT
# rules: listing and testing them.
. "${top_srcdir:?}/tests/cli/lib.sh"

run rules test
check "the built-in rules pass their test" eval 'status_is 0 && warns "^nixie: [0-9]* rules, each reached"'
run rules test -q
check "-q" eval 'status_is 0 && silent'
run rules list
check "list" eval 'status_is 0 && silent && says "^id	scope	"'
rules=$(wc -l <out)
printf 'id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\n' >header
{ cat header; printf 'ours\tall\t-\t-\tcontains\tno such thing here\tuser-unknown\t-\t550 There is no such thing here\n'; } >good.tsv
run rules list --rules=good.tsv
check "a file of our own: its rules come first" eval 'lines out $((rules + 1)) && [ "$(sed -n "2s/	.*//p" out)" = ours ]'
run rules test --rules=good.tsv
check "… and pass" status_is 0
dsn 1 ann@example.com 5.0.0 "550 There is no such thing here" >one
run events --rules=good.tsv one
check "… and decide" says '"rule":"ours"'
{ cat good.tsv; printf 'late\tall\t-\t-\tcontains\tsuch thing\tspam\t-\t550 There is no such thing here\n'; } >shadowed.tsv
run rules test --rules=shadowed.tsv
check "a shadowed rule: exit 65, with its line" eval 'status_is 65 && warns "shadowed.tsv:3: rule late is shadowed by ours"'
{ cat header; printf 'bad\tall\t-\t-\tcontains\tx\tno-such-reason\t-\tx\n'; } >broken.tsv
run events --rules=broken.tsv one
check "a broken rule: exit 65, with its line" eval 'status_is 65 && clean_err 1 && warns "broken.tsv:2: "'
run events --rules=missing.tsv one
check "a missing file: exit 66" eval 'status_is 66 && clean_err 1'
run rules show
check "no such word: exit 64" eval 'status_is 64 && clean_err 1'
done_testing

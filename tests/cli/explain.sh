#!/bin/sh
# SPDX-License-Identifier: MIT
# explain: the story of an address, and the exit status of grep.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
run explain ann@example.com mail
check "listed: exit 0" eval 'status_is 0 && silent'
check "date, code and source are told" eval 'says 2026-11-02 && says "5\.1\.1" && says mail/1'
run explain "<ANN@Example.com>" mail
check "in any case, with brackets" status_is 0
run explain bob@example.net mail
check "not listed: exit 1" eval 'status_is 1 && silent && says "4\.2\.2"'
run explain nobody@example.com mail
check "not known: exit 1" eval 'status_is 1 && silent && says nobody@example.com'
run scan -q --state=s.db mail
run explain --state=s.db ann@example.com
check "from the state" eval 'status_is 0 && says "5\.1\.1"'
run explain ann@example.com missing
check "no mail there: exit 66" status_is 66
done_testing

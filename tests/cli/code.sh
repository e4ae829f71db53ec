#!/bin/sh
# SPDX-License-Identifier: MIT
# code: what a code or an answer means.
. "${top_srcdir:?}/tests/cli/lib.sh"

run code 4.2.1
check "an enhanced status" eval 'status_is 0 && silent && says "4\.2\.1"'
run code 550
check "a reply" eval 'status_is 0 && silent && says 550'
run code 550 5.1.1 User unknown
check "an answer in words" eval 'status_is 0 && says "user-unknown" && says hard'
run code --format=json "550 5.1.1 User unknown"
check "json" eval 'status_is 0 && lines out 1 && says "\"status\":\"5.1.1\"" && says "\"reply\":\"550\""'
printf '5.2.2\n\n421 4.7.0 Try again later\n' >asked
"$NIXIE" code --format=json <asked >out 2>err
status=$?
check "lines on stdin" eval 'status_is 0 && lines out 2 && says "5\.2\.2" && says "4\.7\.0"'
run code "$(printf '550 \033[2J5.1.1 \233x')"
check "no control byte comes out" eval 'status_is 0 && ! LC_ALL=C grep -q "[[:cntrl:]]" out'
run code hello
check "no code at all" eval 'status_is 0 && silent && [ -s out ]'
done_testing

#!/bin/sh
# SPDX-License-Identifier: MIT
# --metrics: a file for Prometheus, written whatever happens; --fail-on: limits as an exit status.
. "${top_srcdir:?}/tests/cli/lib.sh"
has () { grep -q -x -e "$1" metrics.prom; }
umask 022
five_bounces mail
now=--now=2026-11-21T03:00:00Z
run report --metrics metrics.prom $now mail
check "written beside the report" eval 'status_is 0 && says "^Bounce report" && has "nixie_last_run_success 1"'
check "the figures of the report" eval 'has "nixie_messages 6" && has "nixie_events{type=\"hard\"} 3" && has "nixie_events{type=\"block\"} 1" &&
    has "nixie_addresses{decision=\"remove\"} 2" && has "nixie_provider_events{provider=\"other\",type=\"hard\"} 3"'
check "help and type for each" eval '[ "$(sed -n "s/^# HELP \([a-z_]*\) .*/\1/p" metrics.prom)" = "$(sed -n "s/^# TYPE \([a-z_]*\) gauge/\1/p" metrics.prom)" ] &&
    [ "$(sed "/^#/d; s/[{ ].*//" metrics.prom | sort -u)" = "$(sed -n "s/^# TYPE \([a-z_]*\) .*/\1/p" metrics.prom | sort)" ]'
if command -v promtool >/dev/null; then
    check "promtool" eval 'promtool check metrics <metrics.prom >out 2>err && [ ! -s out ]'
    check "the alert rules" eval 'promtool check rules "$top_srcdir/doc/examples/nixie-alerts.yml" >out 2>err'
else
    skip "promtool" "no promtool"
    skip "the alert rules" "no promtool"
fi
success=$(sed -n 's/^nixie_last_success_timestamp_seconds //p' metrics.prom)
check "readable for the exporter" eval '[ "$(stat -c %a metrics.prom)" = 644 ]'
run report --metrics metrics.prom --now=2026-11-22T03:00:00Z missing
check "a failure is written as well" eval 'status_is 66 && has "nixie_last_run_success 0" && has "nixie_last_run_exit_status 66" &&
    has "nixie_last_run_timestamp_seconds 1795316400" && ! has "nixie_messages .*"'
check "when it last went well is kept" eval '[ -n "$success" ] && has "nixie_last_success_timestamp_seconds $success"'
run report --metrics metrics.prom --now=2026-11-22T03:00:00Z -c missing.conf mail
check "a wrong configuration as well" eval '! status_is 0 && has "nixie_last_run_exit_status $status"'
run report --metrics nowhere/metrics.prom mail
check "no file can be made: exit 73" eval 'status_is 73 && clean_err 1'
run run --state none.db --metrics metrics.prom
check "run without sources" eval '! status_is 0 && has "nixie_last_run_exit_status $status"'

run scan --state scan.db --metrics metrics.prom $now mail
check "scan: the figures of the state" eval 'status_is 0 && has "nixie_last_run_success 1" && has "nixie_messages 6" && has "nixie_events{type=\"hard\"} 3"'
dsn 9 fay@example.com 5.1.1 "550 5.1.1 No such user" >mail/9
run scan --state scan.db --metrics metrics.prom $now mail/9
check "… of all of it, not of the mail of this run" eval 'status_is 0 && has "nixie_messages 7" && has "nixie_events{type=\"hard\"} 4"'
rm mail/9
echo mail/1 | "$NIXIE" scan -q --state scan.db --metrics metrics.prom $now --files-from=- 2>err
check "… with a list of files" has "nixie_messages 7"
run scan --state scan.db --metrics metrics.prom $now missing
check "… written when there is no such mail" eval 'status_is 66 && has "nixie_last_run_success 0" && has "nixie_last_run_exit_status 66" && has "nixie_messages 7"'
run scan --state nowhere/scan.db --metrics metrics.prom $now mail
check "… and when there can be no state" eval 'status_is 73 && has "nixie_last_run_exit_status 73" && ! has "nixie_messages .*"'
run scan --partial part.db --metrics metrics.prom $now mail
check "… a share of the mail tells how it went" eval 'status_is 0 && has "nixie_last_run_success 1" && ! has "nixie_messages .*"'
printf '[nixie]\nstate = scan.db\n[source all]\npath = missing\n[output list]\nfile = list.csv\n' >night.conf
run run -c night.conf --metrics metrics.prom $now
check "run: a night that failed" eval '! status_is 0 && has "nixie_last_run_success 0" && has "nixie_last_run_exit_status $status"'
sed -i 's/path = missing/path = mail/' night.conf
run run -q -c night.conf --metrics metrics.prom $now
check "run: a night that went well" eval 'status_is 0 && has "nixie_last_run_success 1" && has "nixie_messages 7"'

run report --fail-on='hard>2' mail
check "--fail-on: more" eval 'status_is 2 && warns "hard 3 is more than 2" && says "^Bounce report"'
run report --fail-on='hard>3,events>5,block>20%,unparsed>0' mail
check "--fail-on: as many is not more" eval 'status_is 0 && silent'
run report --fail-on='hard>3,block>19%' mail
check "--fail-on: a share" eval 'status_is 2 && warns "block 1 is more than 19%"'
for wrong in '' 'hard' 'hard>' 'hard>x' 'hard>5x' 'weather>5' 'hard>5,' 'hard<5'; do
    run report --fail-on="$wrong" mail
    check "--fail-on: '$wrong' is no limit" eval 'status_is 64 && clean_err 1'
done
done_testing

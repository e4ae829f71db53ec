#!/bin/sh
# SPDX-License-Identifier: MIT
# Names of servers on the command line: what is refused, what is told, and with which exit status. Needs no server.
. "${top_srcdir:?}/tests/cli/lib.sh"
unset PGHOST PGPORT PGUSER PGPASSWORD PGSERVICE PGDATABASE
five_bounces mail
if ! grep -q '^#define HAVE_POSTGRESQL 1' "${top_builddir:?}/config.h"; then
    run scan --state=postgresql:///x mail
    check "built without: exit 64, and why" eval 'status_is 64 && warns "built without PostgreSQL" && clean_err 1'
    done_testing
    exit 0
fi
run scan --state=postgresql://ann:secret@localhost/x mail
check "a password in the URL: exit 64" status_is 64
check "it is not shown" eval '! warns secret && warns pgpass && clean_err 1'
run report "--state=postgresql://localhost/x?password=secret"
check "nor as a parameter" eval 'status_is 64 && ! warns secret'
run scan "--state=postgresql://localhost/x?colour=red" mail
check "no URL of libpq: exit 64" eval 'status_is 64 && clean_err 1'
run scan "--state=postgresql:///x?host=$work/nowhere" mail
check "no server: exit 69" eval 'status_is 69 && clean_err 1'
run report "--state=postgresql:///x?host=$work/nowhere"
check "of a report as well" eval 'status_is 69 && clean_err 1 && [ ! -s out ]'
printf '[nixie]\nstate = postgresql:///x?host=%s/nowhere\nhost = mx1\n' "$work" >server.conf
run config -c server.conf
check "a server in the configuration is no file beside it" says '^# state in use: postgresql:///x?host='
run report -c server.conf
check "and is asked" status_is 69
done_testing

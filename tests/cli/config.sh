#!/bin/sh
# SPDX-License-Identifier: MIT
# The configuration: order of the files, unknown keys, wrong values, the place of the state.
. "${top_srcdir:?}/tests/cli/lib.sh"

mkdir -p "$XDG_CONFIG_HOME/nixie"
cat >"$XDG_CONFIG_HOME/nixie/nixie.conf" <<END
# of the user
[nixie]
state = mine.db
jobs = 2
END
cat >named.conf <<END
[nixie]
jobs = 3

[report]
top = 5
END
run config
check "the user's file" eval 'status_is 0 && says "^jobs = 2$" && says "^# from .*nixie.conf:4$"'
check "a file name is relative to its configuration" says "^state = $XDG_CONFIG_HOME/nixie/mine.db$"
run config -c named.conf
check "-c wins" eval 'status_is 0 && says "^jobs = 3$" && says "^# from named.conf:2$" && says "^top = 5$"'
check "what -c does not say stays" says "^state = .*mine.db$"
NIXIE_CONFIG=named.conf "$NIXIE" config >out 2>err
check "NIXIE_CONFIG" says "^jobs = 3$"
printf '[nixie]\nstate = here.db\n' >near.conf
run config -c near.conf
check "… also when the configuration is named without a folder" says "^state = $work/here.db$"
if [ "$(id -u)" -ne 0 ]; then
    chmod 000 "$XDG_CONFIG_HOME/nixie"
    run config -c named.conf
    chmod 700 "$XDG_CONFIG_HOME/nixie"
    check "a home that may not be entered holds nothing for us" eval 'status_is 0 && silent && says "^jobs = 3$"'
    chmod 000 "$XDG_CONFIG_HOME/nixie/nixie.conf"
    run config -c named.conf
    chmod 600 "$XDG_CONFIG_HOME/nixie/nixie.conf"
    check "a file that may not be read is an error" eval 'status_is 78 && clean_err 1'
else
    skip "a home that may not be entered holds nothing for us" "root may enter all"
    skip "a file that may not be read is an error" "root may read all"
fi
run config --state=elsewhere.db
check "--state wins" says "^# state in use: elsewhere.db$"

printf '[nixie]\njobs = 1\nfavourite-colour = blue\n[zoo]\nlion = 1\n' >unknown.conf
run config -c unknown.conf
check "an unknown key is a warning with its line" \
    eval 'status_is 0 && warns "unknown.conf:3: unknown key" && warns "unknown.conf:5: " && clean_err 2'
printf '\n[nixie]\njobs = many\n' >wrong.conf
run config -c wrong.conf
check "a wrong value: exit 78, with its line" eval 'status_is 78 && warns "wrong.conf:3: jobs must be" && clean_err 1'
echo "what is this" >broken.conf
run config -c broken.conf
check "no key file: exit 78" eval 'status_is 78 && warns broken.conf && clean_err 1'
run config -c missing.conf
check "a named file must be there: exit 78" eval 'status_is 78 && clean_err 1'
run report -c wrong.conf .
check "-c is read with PATHs" status_is 78
letter 1 >letter
cp wrong.conf "$XDG_CONFIG_HOME/nixie/nixie.conf"
run report letter
check "PATHs need no configuration" eval 'status_is 0 && silent'
rm -r "$XDG_CONFIG_HOME/nixie"

mkdir -p conf
dsn 1 bob@example.net 4.2.2 "452 4.2.2 Mailbox full" >full
printf '[policy]\nprofile = strict\nmailbox-full = remove 1\nreset = 60\n' >conf/policy.conf
run suppress --format=plain full
check "the default policy does not remove" eval 'status_is 0 && [ ! -s out ]'
run suppress -c conf/policy.conf --format=plain full
check "a line of [policy] replaces one of the profile" eval 'status_is 0 && says "^bob@example.net$"'
run config -c conf/policy.conf
check "config shows the policy" eval 'status_is 0 && says "^#mailbox-full = remove 1$" && says "^profile = strict$"'
printf '[policy]\nmailbox-full = perhaps\n' >conf/wrong-policy.conf
run suppress -c conf/wrong-policy.conf full
check "a line that is not understood: exit 78, with its line" \
    eval 'status_is 78 && clean_err 1 && warns "wrong-policy.conf:2: "'
printf '[policy]\nprofile = mine.profile\n' >conf/own.conf
printf '[rules]\nmailbox-full = remove 1\n' >conf/mine.profile
run suppress -c conf/own.conf --format=plain full
check "a profile of one's own, beside the configuration" eval 'status_is 0 && lines out 1'
run suppress --profile=conf/mine.profile --format=plain full
check "--profile=FILE" eval 'status_is 0 && lines out 1'
run suppress --profile=seed full
check "--profile=NAME" status_is 0
run suppress --profile=nothing full
check "--profile: no such profile: exit 64" eval 'status_is 64 && clean_err 1'

run report
check "no state: exit 66, and what to type" eval 'status_is 66 && warns "nixie scan" && clean_err 1'
run scan -q letter
check "scan makes the state" test -f "$XDG_STATE_HOME/nixie/state.db"
check "mode 0600 in a folder 0700" eval \
    '[ "$(stat -c %a "$XDG_STATE_HOME/nixie/state.db" "$XDG_STATE_HOME/nixie" | tr "\n" " ")" = "600 700 " ]'
mkdir states
STATE_DIRECTORY=$work/states "$NIXIE" scan -q letter
check "STATE_DIRECTORY" test -f states/state.db
run scan --state=nowhere/state.db letter
check "a folder that is not there: exit 73" eval 'status_is 73 && clean_err 1'
echo "this is no ledger, this is a text" >text.db
run report --state=text.db
check "no ledger: exit 65" eval 'status_is 65 && clean_err 1'
run scan --state=text.db letter
check "no ledger: scan leaves it alone" eval 'status_is 65 && grep -q "this is no ledger" text.db'

# The program, the manual and the example name the same keys. The program shows them when there is a group of each kind.
printf '[source a]\npath = x\n[output a]\nfile = x\n' >kinds.conf
run config -c kinds.conf
# "group key" a line, of groups that may have a # in front; what is a line of a policy profile is not compared.
keys () {
    sed -n -e '/the policy in force/q' -e 's/^#*\[\([a-z]*\)[^]]*\]$/[\1]/p' -e 's/^#*\([a-z_-]*\) =.*/\1/p' "$1" |
        awk '/^\[/ { group = $0; next } group == "[policy]" && $0 != "profile" { next } { print group, $0 }' | LC_ALL=C sort -u
}
keys out >program.keys
keys "$top_srcdir/doc/nixie.conf.example" >example.keys
awk '/^\.Ss Group / { group = "[" $3 "]"; next } /^\.Sh/ { group = "" }
    /^\.It Va / && group != "" { print group, $3 }' "$top_srcdir/doc/man/nixie.conf.5" | LC_ALL=C sort -u >manual.keys
check "the keys of the program are found" eval 'grep -q -x ".output. report" program.keys && [ "$(wc -l <program.keys)" -ge 24 ]'
diff program.keys example.keys >err
check "the example has the keys of the program" test ! -s err
diff program.keys manual.keys >err
check "nixie.conf(5) has the keys of the program" test ! -s err
done_testing

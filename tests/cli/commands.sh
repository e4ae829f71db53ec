#!/bin/sh
# SPDX-License-Identifier: MIT
# Every command that README, the manual and the other texts show is run here as it stands there: in a folder with mail of
# the names that they use, with a home, a state and a configuration of its own (the example one), and below $root what
# they call /etc, /var, /srv and /archive. It must end as told, and have nothing to complain of. What cannot be run is in
# the list below, with the reason; a line of the list that no text shows any more is a failure too.
. "${top_srcdir:?}/tests/cli/lib.sh"
command -v bash >/dev/null 2>&1 || { skip "commands" "no bash"; done_testing; exit 0; }

# EXIT or "-" | COMMAND, as the texts have it | why. Without a line here: exit status 0, and no complaint on stderr.
cat >right <<'END_OF_LIST'
-|scripts/demo|installs packages; tests of the distribution run it in a clean root
-|scripts/test|runs this test
-|scripts/check-layers|a test of its own
-|scripts/check-memory|takes long
-|scripts/check-package|needs root and a mirror
-|scripts/check-html report.html|needs Chromium
-|scripts/make-picture|changes doc/report.png
-|scripts/update-expected|changes sample-mail/expected, which is a test of its own
-|./configure && make && sudo make install|make distcheck does it
-|sudo make -C build install|make distcheck does it
-|make check|runs this test
-|make distcheck|runs this test
-|make bench|makes 2 GB of mail
-|grep -c|a name, not a command
-|systemctl enable --now nixie.timer|a system of its own is needed
-|cat august.gz september.gz|tells how older.mbox.gz was made
1|nixie explain emi.tanaka@orchard.example.jp PATH|to be paused, not removed
2|nixie report --fail-on='block>5%'|more than that are blocks
END_OF_LIST

# --- the place --------------------------------------------------------------------------------------------------------
root=$work/root
sample=$top_srcdir/sample-mail
mkdir -p bin sample-mail logs archive mx1 mx2 "$HOME/mail" "$HOME/Maildir/.bounces" "$root/archive" "$root/var/log" \
    "$root/etc/nixie" "$root/etc/lists" "$XDG_STATE_HOME/nixie/lists" "$root/var/lib/prometheus/node-exporter" "$root/srv/lists" \
    "$root/var/mail/bounces" "$root/var/mail/vhosts/lists.example.com/bounces" "$XDG_CONFIG_HOME/nixie" \
    "$HOME/.local/share/bash-completion/completions"
ln -s "$NIXIE" bin/nixie
ln -s "$XDG_STATE_HOME/nixie" "$root/var/lib/nixie"
cp -r "$sample/Maildir" "$sample/archive.mbox" "$sample/older.mbox.gz" sample-mail
cp -r "$sample/Maildir" Maildir
five_bounces five
dsn 8 jo@example.com 5.1.1 "550 5.1.1 <jo@example.com>: User unknown" >five/8
dsn 9 flood@example.com 5.7.1 "550 5.7.1 Message rejected as spam" >five/9
chmod -R u+w sample-mail Maildir
maildir_of five "$HOME/Maildir/.bounces"
maildir_of five Maildir
for folder in "$root/var/mail/bounces" "$root/var/mail/vhosts/lists.example.com/bounces"; do
    maildir_of five "$folder/Maildir"
done
mbox_of five >bounces.mbox
cp bounces.mbox new.mbox
cp bounces.mbox "$HOME/mail"
for file in logs/a.mbox.gz archive/b.mbox.gz bounces-2026.mbox.gz archive.mbox.gz "$root/archive/c.mbox.gz"; do
    gzip -c bounces.mbox >"$file"
done
cp bounces.mbox archive/a.mbox
echo archive/a.mbox >shard.7
cp five/1 message.eml
echo bounces.mbox >shard.7
printf 'email,name\nann@example.com,Ann\njo@example.com,Jo\nzoe@example.com,Zoe\n' >subscribers.csv
cp subscribers.csv members.csv
printf 'Name,E-mail 1,E-mail 2\nAnn,ann@example.com,ann@example.net\n' >contacts.csv
printf 'email,date\njo@example.com,2026-11-01\nold@example.com,2025-01-01\n' >old-suppressions.csv
echo "Nov  2 08:00:00 mx postfix/smtp[1]: 4F: to=<ann@example.com>, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)" \
    >"$root/var/log/mail.log"
# What the texts tell of, from the texts.
sed -n '/^    id\t/,/^$/s/^    //p' "$top_srcdir/doc/rules.md" >august.tsv
cp august.tsv mine.tsv
cp august.tsv my-rules.tsv
sed -n '/^    # the mail gateway of/,/^$/s/^    //p' "$top_srcdir/doc/formats.md" >gatekeeper.format
# placed TEXT: with the folders of the system below $root
placed () {
    sed -E "s,(^|[ =>;\"'])/(etc|var|srv|archive)(/| |$),\\1$root/\\2\\3,g"
}
placed <"$top_srcdir/doc/nixie.conf.example" >nixie.conf
cp nixie.conf "$root/etc/nixie/nixie.conf"
cp nixie.conf "$XDG_CONFIG_HOME/nixie/nixie.conf"
SOURCE_DATE_EPOCH=$(date -u -d 2026-11-21T03:00:00Z +%s)
PATH=$work/bin:$PATH
export SOURCE_DATE_EPOCH PATH root
check "the place: files of the texts" eval '[ -s august.tsv ] && [ -s gatekeeper.format ] && grep -q "^path = $root/var/mail" nixie.conf'
check "the place: a state" eval 'nixie scan -q Maildir bounces.mbox && cp "$XDG_STATE_HOME/nixie/state.db" . && cp state.db mx1 && cp state.db mx2'

# --- each command -----------------------------------------------------------------------------------------------------
# verdict TEXT: what `right` says of a command, "" when nothing
verdict () {
    awk -F '|' -v text="$1" 'index($0, "|" text "|") { print $1 }' right
}
# run_text TEXT: as somebody would who copies it
run_text () {
    text=$(printf '%s\n' "$1" | placed | sed -e 's/  *#.*//' -e 's/\<VERB\>/suppress/g' -e 's/\<PATH\>/sample-mail\/Maildir/g' \
        -e 's/\<FILE\>/old-suppressions.csv/g' -e 's/\<ADDRESS\>/jo@example.com/g' -e 's/\<TIME\>/3y/g')
    case $1 in
    *'report FILE'*) text='nixie report bounces.mbox' ;;
    esac
    bash -o pipefail -c "$text" >out 2>err </dev/null
    status=$?
}
# form_is_true TEXT: nixie has the verbs and the options that it names
form_is_true () {
    rest=${1#nixie }
    rest=$(printf '%s' "$rest" | tr -d '\\')
    for verb in $(printf '%s' "${rest%% *}" | tr '|' ' '); do
        nixie help "$verb" >out 2>err || return 1
        second=$(printf '%s\n' "$rest" | sed -n 's/^[a-z]* \([a-z][a-z]*\)$/\1/p') # state VERB, rules VERB
        [ -z "$second" ] || head -n 1 out | grep -q -w -e "$second" || return 1
        for option in $(printf '%s\n' "$rest" | grep -o -e '--[a-z-]*'); do
            grep -q -e "$option\\>" out || return 1
        done
    done
}
# What it has done may be told, in a line or two; trouble not.
no_complaint () {
    clean_err 2 && ! grep -q -e 'cannot' -e 'unknown' -e 'no such' -e ' not a ' -e 'held back' -e 'wrong' -e 'left out with' err
}
# try WHERE KIND TEXT: sets $why when it is not as it should be
try () {
    why='' ran=''
    wanted=$(verdict "$(printf '%s' "$3" | sed 's/  *#.*//')")
    case $2:$wanted in
    form:*) ran=' (form)'; form_is_true "$3" || why="no such verb or option" ;;
    run:-) ran=" (not run)" ;;
    run:*)
        tool=$(printf '%s' "$3" | grep -o -w -e jq -e sqlite3 -e zcat -e gzip | head -n 1)
        if [ -n "$tool" ] && ! command -v "$tool" >/dev/null 2>&1; then
            ran=" (not run: no $tool)"
            return
        fi
        run_text "$3"
        [ "$status" -eq "${wanted:-0}" ] || why="exit status $status, not ${wanted:-0}"
        [ "${wanted:-0}" != 0 ] || no_complaint || why="complains" ;;
    esac
}
# commands_of FILE…
commands_of () {
    awk -v folder="$top_srcdir" -f "$top_srcdir/tests/cli/commands.awk" "$@"
}
# A command goes over several lines where a quotation does: one record a command for the shell.
each_command () { # FILE of records: calls try for each, and tells
    while IFS="$tab" read -r where kind text; do
        text=$(printf '%s' "$text" | tr '\001' '\n')
        try "$where" "$kind" "$text"
        case $where in
        "${top_builddir:?}"/*) where=${where#"$top_builddir/"} ;;
        esac
        check "$where: $(printf '%s' "$text" | sed 's/  *#.*//' | tr '\n' ' ')$ran" [ -z "$why" ]
    done <"$1"
}
one_line () { # records that end where the next one begins
    awk '/^[^\t]*:[0-9]+\t(run|form)\t/ { if (n++) printf "\n"; printf "%s", $0; next } { printf "\001%s", $0 } END { print "" }'
}
tab=$(printf '\t')
texts="${top_builddir:?}/doc/man/nixie.1"
for file in README.md CONTRIBUTING.md SECURITY.md NEWS sample-mail/README.md doc/design.md doc/formats.md doc/performance.md \
    doc/policy.md doc/reasons.md doc/rules.md doc/state.md doc/man/nixie-event.5 doc/man/nixie-rules.5 doc/man/nixie.conf.5 \
    doc/nixie.conf.example doc/examples/nixie-alerts.yml doc/examples/nixie.cron doc/examples/nixie.service debian/nixie.service; do
    [ ! -f "$top_srcdir/$file" ] || texts="$texts $top_srcdir/$file"
done
# Names without blanks.
# shellcheck disable=SC2086
commands_of $texts | one_line >list
check "the texts show commands" eval '[ "$(grep -c "${tab}run${tab}" list)" -gt 60 ]'
each_command list
# What the list says, and no text shows.
cut -f 3 list | tr '\001' '\n' | sed 's/  *#.*//' >shown
while IFS='|' read -r wanted text reason; do
    check "still shown: $text" grep -q -x -F -e "$text" shown
done <right

# --- this test can fail -----------------------------------------------------------------------------------------------
cat >wrong.md <<'END_OF_TEXT'
Say `nixie state empty`, `nixie report --fromat=html bounces.mbox` or `nixie suppress [--dicision=WORD]`, or

    nixie suport bounces.mbox
    nixie report no-such.mbox

```sh
nixie report --top
```
END_OF_TEXT
commands_of wrong.md | one_line >wrong
check "six wrong commands are seen" lines wrong 6
while IFS="$tab" read -r where kind text; do
    try "$where" "$kind" "$text"
    check "it would fail: $text" [ -n "$why" ]
done <wrong
done_testing

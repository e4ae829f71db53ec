#!/bin/sh
# SPDX-License-Identifier: MIT
# People read their own language; machines read the same bytes in every one.
. "${top_srcdir:?}/tests/cli/lib.sh"
NIXIE_LOCALEDIR=${top_builddir:?}/po
export NIXIE_LOCALEDIR
five_bounces mail
now=--now=2026-11-21T03:00:00Z

run report --lang=xx $now mail
cp out english
check "a language that we do not have is English" says "^Bounce report"
run report --lang='../../x' mail
check "no name of a language" eval 'status_is 64 && clean_err 1'
if [ ! -f "$NIXIE_LOCALEDIR/de/LC_MESSAGES/nixie.mo" ]; then
    skip "catalogues" "built without gettext"
    done_testing
    exit 0
fi
# spoken LANGUAGE HEADING MEANING: the report and the meanings of the codes
spoken () {
    run report --lang="$1" $now mail
    check "$1: report" eval 'status_is 0 && silent && says "^'"$2"'" && ! says "Providers\|Reasons\|What to do"'
    run report --lang="$1" --format=html $now mail
    check "$1: html" eval 'status_is 0 && says "<html lang=\"'"$1"'\">" && says "<h1>'"$2"'" && ! says "Providers\|Reasons\|What was"'
    run report --lang="$1" --format=md $now mail
    check "$1: md" eval 'status_is 0 && says "^# '"$2"'"'
    run code --lang="$1" 5.1.1
    check "$1: meaning of a code" eval 'status_is 0 && says "'"$3"'"'
}
spoken de "Rückläuferbericht" "Das Postfach gibt es nicht"
spoken it "Rapporto sui rimbalzi" "La casella non esiste"
spoken ja "バウンスレポート" "メールボックスが存在しません"
for locale in de_DE.UTF-8 it_IT.UTF-8 ja_JP.UTF-8; do
    LC_ALL='' LANG=$locale "$NIXIE" report $now mail >out 2>err
    status=$?
    "$NIXIE" report --lang="${locale%_*}" $now mail >right
    check "LANG=$locale, installed or not" eval 'status_is 0 && ! same out english && same out right'
done
LC_ALL=C LANG=de_DE.UTF-8 "$NIXIE" report $now mail >out
check "LC_ALL=C is English" same out english
run report --lang=de $now mail
check "de: dates" eval 'says "^Rückläuferbericht  21.11.2026$" && says "vom 02.11.2026 bis 06.11.2026" && ! says "[0-9]-[0-9][0-9]-"'
run report --lang=it $now --format=md mail
check "it: dates" eval 'says "dal 02/11/2026 al 05/11/2026\|il 04/11/2026" && ! says "[0-9]-[0-9][0-9]-"'
run report --lang=ja $now --format=html mail
check "ja: dates" eval 'says "2026/11/02" && ! says "20[0-9][0-9]-[0-9][0-9]-"'
run explain --lang=de $now bob@example.net mail
check "de: dates of explain" eval 'says "^  03.11.2026  " && ! says "20[0-9][0-9]-"'
i=0
while [ $i -lt 1100 ]; do # a number with thousands
    i=$((i + 1))
    printf 'From a Mon Nov  2 08:00:00 2026\nSubject: %s\n\nx\n\n' $i
done >many.mbox
cat mail/1 | as_mbox >>many.mbox
for pair in en:1.101 de:1.101 it:1.101 ja:1,101; do
    run report --lang=${pair%:*} $now many.mbox
    check "${pair%:*}: thousands" eval 'says "${pair#*:} "'
done

# Machines: every verb and format that writes for them, over the sample mail, in every language.
mkdir sample
cp -r "$top_srcdir/sample-mail/Maildir" "$top_srcdir/sample-mail/archive.mbox" "$top_srcdir/sample-mail/older.mbox.gz" sample
sample=sample
"$NIXIE" scan -q --state=state.db $now "$sample" 2>err
lists=$("$NIXIE" suppress --format=none x 2>&1 | sed 's/.*none of //; s/,//g')
check "the formats of lists are known" eval 'echo "$lists" | grep -q "csv plain jsonl ses"'
machine () { # all of it, on standard output
    for by in provider domain recipient status reason day format; do
        "$NIXIE" report $now --format=csv --by=$by "$sample"
    done
    "$NIXIE" report $now --format=json "$sample"
    "$NIXIE" report $now --format=json --provider=yahoo --metrics metrics.prom --since=30d "$sample"
    grep -v duration metrics.prom
    "$NIXIE" events "$sample"
    "$NIXIE" events --format=csv "$sample"
    "$NIXIE" events --unparsed "$sample"
    for format in $lists; do
        "$NIXIE" suppress $now --format="$format" "$sample"
        "$NIXIE" suppress $now --format="$format" --decision=pause,watch "$sample"
    done
    "$NIXIE" suppress $now --compare=strict "$sample"
    "$NIXIE" state export --state=state.db
    "$NIXIE" state info --state=state.db
    "$NIXIE" rules list
    "$NIXIE" code --format=json 5.1.1 550 "452 4.2.2 full"
    printf 'email,name\nanna.berger@example.com,Anna\nkept@example.com,K\n' >list.csv
    "$NIXIE" clean $now --mark list.csv "$sample"
    for format in mdoc bash zsh; do
        "$NIXIE" help --format=$format
    done
    "$NIXIE" run $now -c run.conf --summary=summary.json
    cat summary.json written.csv
}
printf '[nixie]\nstate = state.db\n[output csv]\nfile = written.csv\n' >run.conf
"$NIXIE" run -q $now -c run.conf # the first list of a state is told as such
machine >one 2>err
cp one out
check "machine output" eval '[ "$(wc -l <one)" -gt 1000 ] && says "nixie_events{" && says "REJECT 5.1.1" && says "exit_status.:0" && clean_err 30'
for language in de_DE it_IT ja_JP; do
    LC_ALL=$language.UTF-8 LANGUAGE=${language%_*} machine >two 2>err
    check "machine output: the same bytes in $language" same one two
done
unset NIXIE_LOCALEDIR
run report --lang=de $now mail
check "a program that is run where it was built finds its languages" says "^Rückläuferbericht"
done_testing

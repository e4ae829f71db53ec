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
for verb in "report --format=json" "report --format=csv" "report --by=day" "events" "events --format=csv" "suppress" \
    "suppress --format=jsonl" "code --format=json 5.1.1" "help --format=mdoc" "help --format=bash" "help --format=zsh"; do
    case $verb in
    code* | help*) from= ;;
    *) from=mail ;;
    esac
    # Word splitting is meant.
    # shellcheck disable=SC2086
    "$NIXIE" $verb $now $from >one 2>err
    for language in de it ja; do
        # shellcheck disable=SC2086
        "$NIXIE" $verb --lang=$language $now $from >two 2>err
        check "$verb: the same bytes in $language" eval '[ -s one ] && same one two'
    done
done
done_testing

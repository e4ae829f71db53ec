#!/bin/sh
# SPDX-License-Identifier: MIT
# Forty hostile strings in subject, answer, address and host, and in the name of a file: what reaches a terminal has no
# control and no bidi character of theirs, no CSV has a formula (a CSV parser's word, and LibreOffice's where it is
# installed), and a browser runs nothing (where Chromium is). tests/cli/html.sh looks at the page as text.
. "${top_srcdir:?}/tests/cli/lib.sh"
now=--now=2026-11-21T03:00:00Z
hostile_mail all
check "40 strings, five letters each" eval '[ "$hostile" -eq 40 ] && [ "$(grep -c "^From MAILER" all)" -eq 200 ]'
esc=$(printf '\033')
bell=$(printf '\007')
named=$(printf 'mail\033]0;owned\007\302\233m\342\200\256.mbox')
cp all "$named"
run scan -q --state state.db all
first=$(grep -a -o 'x1[^ @]*@example.com' all | head -n 1)

# --- a terminal -------------------------------------------------------------------------------------------------------
# Bytes that act: all controls but line ends, C1, bidi and other invisible characters. Colours are ours, and on a slow
# machine the line of progress, which ends with "to the end of the line".
harmless () { # FILE
    sed "s/$esc\\[[0-9;]*m//g; s/$esc\\[K//g" "$1" >plain
    ! LC_ALL=C grep -a -q "[$(printf '\001')-$(printf '\010')$(printf '\013')$(printf '\014')$(printf '\016')-$(printf '\037')$(printf '\177')]" plain &&
        ! LC_ALL=C grep -a -q -e "$(printf '\302[\200-\237]')" -e "$(printf '\330\234')" -e "$(printf '\342\200[\213-\217\252-\256]')" \
            -e "$(printf '\342\201[\240-\251]')" -e "$(printf '\357\273\277')" plain
}
printf 'a\033]52;c;eA==\007\n' >bad1
printf 'a\302\2331m\n' >bad2
printf 'a\342\200\256b\n' >bad3
printf '\033[31mred\033[0m\r\n' >good
check "the measure finds them" eval '! harmless bad1 && ! harmless bad2 && ! harmless bad3 && harmless good'
if command -v script >/dev/null 2>&1; then
    # on_terminal WORD…: the program with a terminal of 100 columns as its standard output and error
    on_terminal () {
        words=
        for word in "$@"; do
            words="$words '$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'"
        done
        TERM=xterm-256color COLUMNS=100 script -qec "'$NIXIE' $words" /dev/null >screen 2>err </dev/null
        status=$?
        tr -d '\r' <screen >out
    }
    for words in "report --top=200" "report --top=200 --color=always" "report --top=200 --format=md" "report --lang=ja" "report --by=recipient --format=csv" \
        "report --format=json" "events" "events --format=csv" "events --unparsed" "suppress" "suppress --format=plain" "suppress --format=jsonl" \
        "suppress --decision=keep" "scan --state=new.db" "scan --full --state=new.db -v"; do
        # shellcheck disable=SC2086
        on_terminal $words $now all
        check "terminal: nixie $words" eval '[ "$status" -le 1 ] && [ -s out -o -n "${words##report*}" ] && harmless out'
    done
    for words in "report --top=200" "events" "suppress --decision=keep"; do
        # shellcheck disable=SC2086
        on_terminal $words $now --state state.db
        check "terminal, from the state: nixie $words" eval 'status_is 0 && [ -s out ] && harmless out'
    done

    "$NIXIE" events $now all >events.ndjson 2>err
    n=0
    for address in "$first" z35@example.com w35@example.com y36@host36.example z37@example.com w38@example.com; do
        on_terminal explain "$address" $now all
        n=$((n + $(wc -l <out)))
        check "terminal: nixie explain $(printf '%s' "$address" | tr -d '#')" eval '[ "$status" -le 1 ] && harmless out'
    done
    check "explain had something to say" [ "$n" -gt 40 ]
    on_terminal explain "a${esc}]0;owned${bell}@example.com" $now all
    check "terminal: an address as argument" harmless out
    on_terminal code "550 5.1.1 ${esc}]52;c;eA==${bell} no such user"
    check "terminal: nixie code" eval 'status_is 0 && harmless out'
    on_terminal report $now "$named"
    check "terminal: the name of a file" eval 'status_is 0 && harmless out'
    on_terminal scan --state=named.db "$named" "$named.missing"
    check "terminal: messages about it" eval '[ -s out ] && harmless out'
    on_terminal explain "$first" $now "$named"
    check "terminal: evidence from it" harmless out
else
    skip "terminal" "no script(1)"
fi

# --- tables -----------------------------------------------------------------------------------------------------------
for by in provider domain recipient status reason day format; do
    run report --by=$by --format=csv $now all
    cp out "by-$by.csv"
done
run report --format=csv $now all
cp out report.csv
run events --format=csv $now all
cp out events.csv
for decision in remove keep; do
    run suppress --decision=$decision $now all
    cp out "suppress-$decision.csv"
done
printf 'name,email\nAnn,z1@example.com\nBen,ben@example.com\n' >list.csv
run clean --mark $now list.csv all
cp out marked.csv
if command -v python3 >/dev/null 2>&1; then
    for table in *.csv; do
        check "CSV parser: $table" python3 -c '
import csv, re, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))
assert len(rows) > 1
for row in rows:
    assert len(row) == len(rows[0]), row
    for cell in row:
        sign = re.match("[+\-]?[0-9.]*$", cell) or re.match("[+-][^@]*@[A-Za-z0-9.-]*$", cell) # a number, an address
        assert not re.match("[=+@\t\r\n\-]", cell) or sign, cell
        assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", cell), cell
' "$table"
    done
else
    skip "CSV parser" "no python3"
fi
office=$(command -v soffice || command -v libreoffice) || office=
if [ -n "$office" ]; then
    printf 'a\n=1+1\n' >formula.csv
    # The last word of the filter's options lets formulas run, which is more than a user would allow.
    timeout 120 "$office" --headless "-env:UserInstallation=file://$work/office" --convert-to fods --outdir sheets \
        --infilter='CSV:44,34,76,1,,0,false,true,false,false,false,-1,true' ./*.csv >office.log 2>&1
    if [ -s sheets/formula.fods ]; then
        check "LibreOffice runs a formula" grep -q 'table:formula=' sheets/formula.fods
        for table in *.csv; do
            [ "$table" != formula.csv ] || continue
            check "LibreOffice: no formula in $table" eval '[ -s "sheets/${table%.csv}.fods" ] && ! grep -q "table:formula=" "sheets/${table%.csv}.fods"'
        done
    else
        skip "LibreOffice" "it does not start"
    fi
else
    skip "LibreOffice" "not installed"
fi

# --- a browser --------------------------------------------------------------------------------------------------------
if command -v chromium >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
    "$NIXIE" report --format=html --top=200 $now -o hostile.html all 2>err
    printf '<!DOCTYPE html><title>x</title><p>x<img src=x onerror=alert(1)><script>alert(1)</script>' >bad.html
    timeout 120 "$top_srcdir/scripts/check-html" bad.html pictures >out 2>err
    status=$?
    if [ "$status" -gt 1 ]; then
        skip "Chromium" "it does not start"
    else
        check "Chromium: it would be seen" eval 'status_is 1 && says " 1 requests" && says " [12] dialogs"'
        timeout 120 "$top_srcdir/scripts/check-html" hostile.html pictures >out 2>err
        status=$?
        check "Chromium: nothing runs, nothing is fetched" eval 'status_is 0 && [ "$(grep -c "0 requests, 0 console messages, 0 dialogs, 0 faults" out)" -eq 4 ]'
    fi
else
    skip "Chromium" "no chromium, or no node"
fi
done_testing

#!/bin/sh
# SPDX-License-Identifier: MIT
# The lists for mail servers as the servers themselves read them: Postfix's postmap and Exim's -be, where they are
# installed (POSTMAP and EXIM name other programs), find every address that was written, and no other.
. "${top_srcdir:?}/tests/cli/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
POSTMAP=${POSTMAP:-postmap}
EXIM=${EXIM:-exim4}

mkdir mail
n=0
for address in plain@example.com '"john doe"@example.com' '"semi;colon"@example.com' 'a:b@example.com' \
    "o'neil+tag@example.com" '"quo\"te"@example.com' 'a..b@example.com' '=1@example.com' 'in#side@example.com' \
    '#start@example.com' '*@example.com'; do
    n=$((n + 1))
    dsn "$n" "$address" 5.1.1 "550 5.1.1 user unknown" >"mail/$n"
done

run suppress --format=plain mail
cp out all
check "plain: all of them" lines all 11
run suppress --format=postfix mail
cp out table
check "postfix: all but one" eval '[ "$(wc -l <table)" -eq $(($(wc -l <all) - 1)) ]'
check "postfix: what is left out is told" eval 'status_is 1 && warns "#start@example.com"'
run suppress --format=exim mail
cp out list
check "exim: all but one" eval '[ "$(wc -l <list)" -eq $(($(wc -l <all) - 1)) ]'
check "exim: what is left out is told" warns '\*@example.com'

# Keys as Postfix makes them for its look-up: the external form.
postfix_finds () {
    mkdir -p conf && echo "compatibility_level = 3.6" >conf/main.cf
    [ -z "${POSTFIX_MAIN_CF:-}" ] || cp "$POSTFIX_MAIN_CF" conf/main.cf
    while IFS= read -r address; do
        case $address in
        '#'*) continue ;;
        a..b@*) address='"a..b"@example.com' ;;
        esac
        case $("$POSTMAP" -c conf -q "$address" "texthash:$work/table") in
        'REJECT 5.1.1 '*) ;;
        *) echo "not found: $address" >&2; return 1 ;;
        esac
    done <all
    [ -z "$("$POSTMAP" -c conf -q '#start@example.com' "texthash:$work/table")" ] &&
        [ -z "$("$POSTMAP" -c conf -q 'other@example.com' "texthash:$work/table")" ]
}
exim_finds () {
    : >exim.conf
    chmod 755 "$work" && chmod 644 exim.conf list
    while IFS= read -r address; do
        case $address in
        '*@'*) continue ;;
        esac
        key=$(printf '%s\n' "$address" | sed 's/[\\$}]/\\&/g')
        case $("$EXIM" -C "$work/exim.conf" -be "\${lookup{$key}lsearch{$work/list}{\$value}{none}}") in
        '550 5.1.1 '*) ;;
        *) echo "not found: $address" >&2; return 1 ;;
        esac
    done <all
    [ "$("$EXIM" -C "$work/exim.conf" -be "\${lookup{other@example.com}lsearch{$work/list}{\$value}{none}}")" = none ]
}
if command -v "$POSTMAP" >/dev/null 2>&1; then
    check "postmap finds every address" postfix_finds
else
    skip "postmap finds every address" "postmap is missing"
fi
if command -v "$EXIM" >/dev/null 2>&1; then
    check "exim -be finds every address" exim_finds
else
    skip "exim -be finds every address" "exim4 is missing"
fi
done_testing

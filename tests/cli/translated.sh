#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing that people read is left in English by oversight: a catalogue made for this test translates every text to marks
# without a Latin letter, so whatever English stands in an answer then was never given to the translators. And whatever
# the language is, no line of help and of reports is wider than a terminal.
. "${top_srcdir:?}/tests/cli/lib.sh"
if ! command -v msgfmt >/dev/null || ! command -v msgen >/dev/null || ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP no gettext or no python3"
    exit 0
fi
mkdir -p places/xx/LC_MESSAGES mail
msgen --no-wrap "$top_srcdir/po/nixie.pot" >every.po 2>err
python3 - every.po >marks.po <<'END'
import re, sys
inside, header = False, True
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("msgstr"):
        inside = True
    elif not line.startswith('"'):
        inside = False
    header = header and line != "\n"
    if inside and '"' in line and not header:
        head, text = line.split('"', 1)
        # %s, %.1f, %u stay, and so do \n and \"
        parts = re.split(r'(%[0-9.]*[a-z]|\\.)', text.rstrip("\n")[:-1])
        line = head + '"' + "".join(p if i % 2 else re.sub("[A-Za-z]", "ø", p) for i, p in enumerate(parts)) + '"\n'
    sys.stdout.write(line)
END
check "a catalogue of marks" msgfmt -o places/xx/LC_MESSAGES/nixie.mo marks.po

five_bounces mail
i=0
while [ $i -lt 60 ]; do # an incident
    i=$((i + 1))
    dsn "b$i" "user$i@example.net" 5.7.1 "550 5.7.1 Blocked, see https://postmaster.example.net/lift" >"mail/b$i"
done
printf 'Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: Undelivered Mail Returned to Sender\nMessage-Id: <odd@x>\n\nfailed\n' >mail/odd
printf '[source bounces]\npath = mail\n[output remove]\nfile = list.csv\n[nixie]\nstate = state.db\n' >nixie.conf
NIXIE_LOCALEDIR=$work/places
export NIXIE_LOCALEDIR

# marked NAME KNOWN-WORD…: nothing but marks and known words is in ./out; judged at the end, all at once
marked () {
    name=$1
    shift
    n=$((${n:-0} + 1))
    cp out "answer.$n"
    echo "$n	$status	$name	$*" >>answers
}
decisions="remove inactive pause review watch keep"
now=--now=2026-11-21T03:00:00Z
run report --lang=xx $now mail
marked "report"
check "… which has an incident, blocks and what was not understood" eval 'says "550 5.7.1 Blocked" && says "nixie events --unparsed" && [ "$(grep -c ø out)" -gt 40 ]'
for by in provider domain recipient status reason day format; do
    run report --lang=xx $now --by=$by --format=text mail
    marked "report --by=$by"
done
run report --lang=xx $now --format=html mail
marked "report --format=html" remove
run report --lang=xx $now --format=md mail
marked "report --format=md" br
run report --lang=xx $now --provider=other mail
marked "report --provider"
for address in ann@example.com bob@example.net cid@example.com nobody@example.com; do
    run explain --lang=xx $now $address mail
    # Decisions are words of machines where they can be asked for.
    # shellcheck disable=SC2086
    marked "explain $address" $decisions dns smtp mailbox full user unknown nobody block never
done
for code in 5.1.1 4.2.1 550 "550 5.7.26 This mail is unauthenticated" 9.9.9; do
    run code --lang=xx "$code"
    marked "code $code" This mail is unauthenticated status reply authentication disabled
done
options=$("$NIXIE" help --format=bash | tr -c 'a-z-' '\n' | sort -u)
verbs=$("$NIXIE" help --format=bash | sed -n "s/^ *\([a-z]*\)) words=.*/\1/p")
run help --lang=xx
# shellcheck disable=SC2086
marked "help" $verbs
check "all verbs" eval '[ "$(echo "$verbs" | wc -l)" -ge 16 ]'
for verb in $verbs; do
    run "$verb" --lang=xx --help
    # shellcheck disable=SC2086
    marked "help $verb" $options $verbs HOME XDG CONFIG NIXIE FILE list test info verify expire forget export plain jsonl ses mailgun \
        postfix transport exim sendgrid postmark sparkpost mautic listmonk brevo hubspot mailchimp etc usr local LIST
done
run scan --lang=xx --dry-run --state=none.db mail
cp err out
marked "summary of scan"
run run --lang=xx -c nixie.conf $now
cp err out
marked "notes of run" remove
run clean --lang=xx -c nixie.conf list.csv
cp err out
marked "summary of clean"

# What is no English: names and words of the mail, words of machines, the program's own commands.
"$NIXIE" events mail >events
cat >words.py <<'END'
import html, json, re
known = set("nixie Postfix UTC RFC csv html json md text utf initial scale width device identity".split())
for line in open("events", encoding="utf-8"):
    event = json.loads(line)
    for key in ("recipient", "domain", "provider", "diagnostic", "reason", "rule", "format", "source", "remote_mta",
                "reporting_mta", "original_subject", "original_message_id"):
        known |= set(re.findall("[A-Za-z]+", event[key]))
for line in open("answers", encoding="utf-8"):
    number, status, name, more = line.rstrip("\n").split("\t")
    answer = open("answer." + number, encoding="utf-8").read()
    length = len(answer)
    answer = re.sub(r"(?s)<style>.*?</style>", "", answer)
    answer = html.unescape(re.sub(r"<[^>]*>", " ", answer) if "<html" in answer else answer)
    answer = re.sub(r"(?m)^ +([a-z].*\| )?nixie .*$|nixie( [a-z-]+(=\S+)?)+|--[a-z-]+(=[a-z]+)?|[0-9a-f]{8,}|"
                    r"\S+\.(md|c|h|conf|db|csv|tsv|policy)\b|\S+…", " ", answer)
    left = sorted(set(re.findall("[A-Za-z]{2,}", answer)) - known - set(more.split()))
    print(name, "", "nothing was said" if int(status) > 3 or length == 0 else " ".join(left), sep="\t")
END
python3 words.py >left 2>err
while IFS='	' read -r name missing; do
    check "$name: all of it is translated${missing:+ (not: $missing)}" test -z "$missing"
done <left
check "all answers were looked at" eval '[ -s left ] && [ "$(wc -l <left)" -eq "$(wc -l <answers)" ]'

# As wide as a terminal, in columns: a Japanese character has two.
cat >width.py <<'END'
import sys, unicodedata
wide = [l for l in open("out", encoding="utf-8").read().split("\n")
        if sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in l) > 80]
print(*wide, sep="\n")
sys.exit(1 if wide else 0)
END
NIXIE_LOCALEDIR=${top_builddir:?}/po
for language in en de it ja; do
    {
        "$NIXIE" help --lang=$language
        for verb in $verbs; do
            "$NIXIE" help --lang=$language "$verb"
        done
        "$NIXIE" report --lang=$language $now mail
        "$NIXIE" report --lang=$language $now --by=provider --format=text mail
        "$NIXIE" explain --lang=$language $now bob@example.net mail
        "$NIXIE" code --lang=$language 4.2.1
    } >out 2>err
    check "$language: 80 columns" eval 'silent && python3 width.py'
done
done_testing

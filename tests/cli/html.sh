#!/bin/sh
# SPDX-License-Identifier: MIT
# report --format=html: one closed file, and whatever mail says stays text in it.
. "${top_srcdir:?}/tests/cli/lib.sh"

# balanced FILE: every tag is closed in its order. All < of the file are tags: text has &lt;.
balanced () {
    awk 'BEGIN { RS = "<" } NR > 1 {
        tag = $0; sub (/[ >\n].*/, "", tag)
        if (tag ~ /^!/ || tag == "meta") next
        if (tag ~ /^\//) {
            if (n == 0 || "/" stack[n] != tag) { print "line of " tag; bad = 1; exit 1 }
            n--
        } else stack[++n] = tag
    } END { exit bad || n != 0 }' "$1"
}
# closed FILE: nothing that runs, and nothing that fetches
closed () {
    grep -q "Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;" "$1" &&
        ! grep -q -i -e '<script' -e '<link' -e '<img' -e '<iframe' -e '<object' -e '<embed' -e '<form' -e '<base' \
            -e '<a ' -e '<[^>]* on[a-z]*=' -e '<[^>]* style=' -e '<[^>]* \(src\|href\)=' "$1" &&
        ! sed -n '/<style>/,/<\/style>/p' "$1" | grep -q -i -e 'url(' -e '@import' -e 'expression('
}

five_bounces mail
run report --format=html -o report.html --now=2026-11-21T03:00:00Z mail
check "a file" eval 'status_is 0 && silent && [ ! -s out ] && [ -s report.html ]'
check "tags balance" balanced report.html
check "closed" closed report.html
check "an address and its evidence" eval 'grep -q "who mail\">ann@example.com<" report.html &&
    grep -q "550 5.1.1 &lt;ann@example.com&gt;: Recipient address rejected: User unknown" report.html'
check "who refuses" eval 'grep -q "Who refuses us" report.html && grep -q "550 5.7.1 Message rejected as spam" report.html'
run report --format=html --now=2026-11-21T03:00:00Z mail
check "the same on standard output" same out report.html
run report --format=html --by=domain mail
check "--by is for csv" status_is 64

letter 1 >letter
run report --format=html letter
check "nothing found" eval 'status_is 0 && says "No bounce was found" && balanced out && closed out'
run report --format=html mail/1
check "one event" eval 'status_is 0 && balanced out && closed out && says "1 address"'
run scan -q --state empty.db letter
run report --format=html --state empty.db
check "an empty state" eval 'status_is 0 && balanced out && closed out'

i=0
while [ $i -lt 25 ]; do
    i=$((i + 1))
    dsn "$i" "flood$i@gmail.com" 5.7.1 "550 5.7.1 Message rejected, your IP is on our block list" | as_mbox
done >flood.mbox
run report --format=html --now=2026-11-21T03:00:00Z flood.mbox
check "an incident stands above the blocks" eval 'balanced out && grep -o "id=\"[a-z]*\"" out | head -n 2 | tr "\n" " " | grep -q "incidents.*blocks"'
run report --format=md flood.mbox
check "md: the incident" says "^## Incidents"

# --- hostile text: in subject, answer, address and host ---------------------------------------------------------------
hostile_mail all
check "40 hostile strings" eval '[ "$hostile" -eq 40 ]'
run report --format=html --top=200 --now=2026-11-21T03:00:00Z all
cp out hostile.html
check "hostile: a report" eval 'status_is 0 && [ -s hostile.html ]'
check "hostile: tags balance" balanced hostile.html
check "hostile: closed" closed hostile.html
check "hostile: the strings are there, as text" eval '[ "$(grep -o "HOSTILE [0-9]*" hostile.html | sort -u | wc -l)" -ge 35 ] &&
    grep -q "&lt;script&gt;alert(1)&lt;/script&gt;" hostile.html && grep -q "&amp;lt;script&amp;gt;" hostile.html'
check "hostile: no control and no bidi character" eval '! LC_ALL=C grep -q "[[:cntrl:]]" hostile.html &&
    ! grep -q "$(printf "\302\233")" hostile.html && ! grep -q "$(printf "\342\200\256")" hostile.html'
check "hostile: only tags of ours" eval '[ -z "$(grep -o "<[^/!][a-z0-9]*" hostile.html | sort -u |
    grep -v -x -e "<html" -e "<head" -e "<meta" -e "<title" -e "<style" -e "<body" -e "<main" -e "<header" -e "<h[123]" \
    -e "<p" -e "<section" -e "<ul" -e "<ol" -e "<li" -e "<b" -e "<span" -e "<q" -e "<code" -e "<svg" -e "<g" -e "<rect" \
    -e "<div" -e "<details" -e "<summary" -e "<dl" -e "<dt" -e "<dd" -e "<table" -e "<tr" -e "<th" -e "<td" -e "<footer")" ]'
done_testing

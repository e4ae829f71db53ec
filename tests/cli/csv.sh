#!/bin/sh
# SPDX-License-Identifier: MIT
# CSV as others read it: Python's csv module and sqlite3's .import give back what was written, in every table, and no
# cell runs as a formula.
. "${top_srcdir:?}/tests/cli/lib.sh"

mkdir mail
dsn 1 "=1+1@example.com" 5.1.1 '=HYPERLINK("http://x.example","click"), said "no"' >mail/1
dsn 2 "+tag@example.com" 5.2.2 "@SUM(A1:A9); mailbox full" >mail/2
dsn 3 "-minus@example.org" 5.7.1 '-2+3, "quoted", and a semicolon;' >mail/3
dsn 4 '"a,b"@example.org' 5.1.1 "550 5.1.1 宛先が見つかりません" >mail/4
dsn 5 plain@example.net 5.1.1 "550 5.1.1 <plain@example.net>: user unknown" >mail/5

# The cells of a file, one a line, after Python's csv module; fails when rows differ in length or a line is not ended
# by CRLF or a cell would run. The columns named behind the file are addresses and may begin with a sign.
cat >read.py <<'END'
import csv, sys
name, addresses = sys.argv[1], sys.argv[2:]
raw = open(name, "rb").read()
assert raw.endswith(b"\r\n") and raw.count(b"\n") == raw.count(b"\r\n"), "line ends"
rows = list(csv.reader(open(name, encoding="utf-8", newline=""), strict=True))
for row in rows:
    assert len(row) == len(rows[0]), row
    for column, cell in zip(rows[0], row):
        assert not cell or cell[0] not in ("=\t\r\n" if column in addresses else "=+-@\t\r\n"), (column, cell)
        print(cell)
END
python () {
    if command -v python3 >/dev/null 2>&1; then python3 read.py "$@" >cells 2>why || { cat why >&2; return 1; }; fi
}
# What sqlite3 imports, written out again as its own CSV, is what Python read.
sqlite () { # FILE
    command -v sqlite3 >/dev/null 2>&1 && command -v python3 >/dev/null 2>&1 || return 0
    rm -f round.db
    sqlite3 round.db ".mode csv" ".import $1 t" && sqlite3 round.db ".mode csv" ".headers on" "select * from t" >again &&
        python3 -c 'import csv, sys
for name in sys.argv[1:]:
    print([[cell.replace("\r\n", "\n") for cell in row] for row in csv.reader(open(name, encoding="utf-8", newline=""))])
' "$1" again >both && [ "$(uniq both | wc -l)" -eq 1 ]
}
command -v python3 >/dev/null 2>&1 || echo "# python3 is missing: its half is not run"
command -v sqlite3 >/dev/null 2>&1 || echo "# sqlite3 is missing: its half is not run"

run events --format=csv mail
cp out events.csv
check "events: six rows" eval 'status_is 0 && lines events.csv 6'
check "events: Python reads it" python events.csv recipient final_recipient original_recipient original_sender
check "events: an address like a formula has its local part in quotes" grep -q ',"""=1+1""@example.com",' events.csv
check "events: a formula is guarded" grep -q "\"'=HYPERLINK(\"\"http://x.example\"\",\"\"click\"\"), said \"\"no\"\"\"" events.csv
check "events: sqlite3 imports it" sqlite events.csv

for decision in remove watch keep; do
    run suppress --decision="$decision" mail
    cp out "$decision.csv"
    check "suppress $decision: Python reads it" eval 'status_is 0 && python "$decision.csv" email'
    check "suppress $decision: sqlite3 imports it" sqlite "$decision.csv"
done
check "suppress: an address with a comma" grep -q '^"""a,b""@example.org",' remove.csv
check "suppress: an address like a formula" grep -q '^"""=1+1""@example.com",' remove.csv
run import --state quotes.db remove.csv
run explain --state quotes.db =1+1@example.com
check "and it is the same address when it comes back" eval 'status_is 0 && says "remove"'
run suppress --format=plain mail
check "plain: as it was" says '^=1+1@example.com$'

for by in provider domain recipient status reason day format; do
    run report --by="$by" mail
    cp out "$by.csv"
    check "report by $by: the key comes first" eval '[ "$(head -n 1 "$by.csv" | cut -d , -f 1)" = "$by" ]'
    check "report by $by: Python reads it" eval 'status_is 0 && python "$by.csv" recipient'
    check "report by $by: sqlite3 imports it" sqlite "$by.csv"
done
done_testing

# SPDX-License-Identifier: MIT
# The command lines that a text shows, one a line behind "FILE:LINE" and a tab. Markdown: indented lines and code spans;
# mdoc: .Dl, .Ql and literal displays; else (configurations, units): spans in comments, cron lines, ExecStart=.
# -v folder=NAME is taken off the files' names. What is a command begins with a word of ours or of the tools that the texts name.
function is_command(text) {
    return text ~ /^(nixie|scripts\/[a-z-]+|\.\/[a-z.-]+|make|sudo|apt|apt-get|systemctl|dpkg|dpkg-buildpackage|git|zcat|find|grep|cat|sqlite3|jq|crontab|cp|install|promtool|python3)( |$)/
}
# What names a verb or the forms of a command instead of showing one: its verb and its options must be there all the same.
function is_form(text) { return text ~ /…|\[[A-Z]/ || text ~ /[a-z](\\)?\|[a-z]/ }
function mentioned(text, line) { # within a sentence
    if (text ~ /^nixie ((state|rules) )?[a-z]+( --[a-z-]+( [A-Z]+)?)?$/) print name ":" line "\tform\t" text; else found(text, line)
}
function found(text, line) {
    gsub(/^ +| +$/, "", text)
    sub(/^[0-9*\/,-]+ +[0-9*\/,-]+ +[0-9*\/,-]+ +[0-9*\/,-]+ +[0-9*\/,-]+ +(nixie )?/, "", text) # a cron line
    if (!is_command(text) || (text !~ / / && text !~ /^(scripts|\.)\//)) return
    print name ":" line "\t" (is_form(text) ? "form" : "run") "\t" text
}
function spans(text, line,    part, n, i) {
    n = split(text, part, "`")
    for (i = 2; i <= n; i += 2) if (i < n) mentioned(part[i], line)
}
function plain(text) { # mdoc to what is read
    gsub(/\\-/, "-", text); gsub(/\\\(dq/, "\"", text); gsub(/\\e/, "\\", text); gsub(/\\&/, "", text)
    return text
}
FNR == 1 { literal = 0; fenced = held = ""; command = ""
           kind = FILENAME ~ /\.md$|\/NEWS$/ ? "md" : FILENAME ~ /\.[1-9]$/ ? "mdoc" : "conf"
           name = FILENAME; if (index(name, folder "/") == 1) name = substr(name, length(folder) + 2) }
kind == "md" && /^```/ { fenced = fenced ? "" : $0 == "```" ? "```sh" : $0; next }
kind == "md" && fenced && fenced !~ /^```(sh|bash|shell|console)/ { next } # answers; scripts/check-readme holds them
kind == "md" && command != "" { # a quotation that goes on
    command = command "\n" $0
    if (gsub(/"/, "\"", command) % 2 == 0) { found(command, start); command = "" }
    next
}
kind == "md" && (fenced || /^    /) {
    text = $0
    sub(/^ *(\$ )?/, "", text)
    if (gsub(/"/, "\"", text) % 2 == 1 && is_command(text)) { command = text; start = FNR } else found(text, FNR)
    next
}
kind == "md" { # a span may go over the end of a line
    if (held == "") start = FNR
    held = held == "" ? $0 : held " " $0
    if (gsub(/`/, "`", held) % 2 == 0 || held ~ /\|$/ || $0 == "") { spans(held, start); held = "" }
    next
}
kind == "mdoc" && /^\.Bd -literal/ { literal = 1; next }
kind == "mdoc" && /^\.Ed/ { literal = 0; next }
kind == "mdoc" && literal { found(plain($0), FNR); next }
kind == "mdoc" && /^\.Dl / { found(plain(substr($0, 5)), FNR); next }
kind == "mdoc" && /^\.Ql / { text = plain(substr($0, 5)); sub(/ [,.;:)]$/, "", text); mentioned(text, FNR); next }
kind == "mdoc" && /^\./ { next }
kind == "mdoc" { n = split(plain($0), part, "'"); for (i = 2; i < n; i += 2) mentioned(part[i], FNR); next }
kind == "conf" && /^#?[0-9*]+ .* nixie / { text = $0; sub(/^#/, "", text); found(text, FNR); next }
kind == "conf" && /^ExecStart=/ { sub(/^ExecStart=\/usr\/bin\//, ""); found($0, FNR); next }
kind == "conf" { spans($0, FNR) }

/* SPDX-License-Identifier: MIT */
#include "mail/html_entity.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_NAME 8

typedef struct {
    char name[LONGEST_NAME + 1];
    guint16 character;
} HtmlEntity;

/* Those of HTML 4 that text uses (Latin 1, punctuation, signs); in strcmp() order. */
static const HtmlEntity html_entities[] = {
    {"AElig", 0xc6}, {"Aacute", 0xc1}, {"Acirc", 0xc2}, {"Agrave", 0xc0}, {"Aring", 0xc5}, {"Atilde", 0xc3},
    {"Auml", 0xc4}, {"Ccedil", 0xc7}, {"ETH", 0xd0}, {"Eacute", 0xc9}, {"Ecirc", 0xca}, {"Egrave", 0xc8},
    {"Euml", 0xcb}, {"Iacute", 0xcd}, {"Icirc", 0xce}, {"Igrave", 0xcc}, {"Iuml", 0xcf}, {"Ntilde", 0xd1},
    {"OElig", 0x152}, {"Oacute", 0xd3}, {"Ocirc", 0xd4}, {"Ograve", 0xd2}, {"Oslash", 0xd8}, {"Otilde", 0xd5},
    {"Ouml", 0xd6}, {"Scaron", 0x160}, {"THORN", 0xde}, {"Uacute", 0xda}, {"Ucirc", 0xdb}, {"Ugrave", 0xd9},
    {"Uuml", 0xdc}, {"Yacute", 0xdd}, {"aacute", 0xe1}, {"acirc", 0xe2}, {"acute", 0xb4}, {"aelig", 0xe6},
    {"agrave", 0xe0}, {"amp", '&'}, {"apos", '\''}, {"aring", 0xe5}, {"atilde", 0xe3}, {"auml", 0xe4},
    {"bdquo", 0x201e}, {"brvbar", 0xa6}, {"bull", 0x2022}, {"ccedil", 0xe7}, {"cedil", 0xb8}, {"cent", 0xa2},
    {"colon", ':'}, {"comma", ','}, {"commat", '@'}, {"copy", 0xa9}, {"curren", 0xa4}, {"dagger", 0x2020},
    {"deg", 0xb0}, {"divide", 0xf7}, {"eacute", 0xe9}, {"ecirc", 0xea}, {"egrave", 0xe8}, {"emsp", 0x2003},
    {"ensp", 0x2002}, {"eth", 0xf0}, {"euml", 0xeb}, {"euro", 0x20ac}, {"frac12", 0xbd}, {"frac14", 0xbc},
    {"frac34", 0xbe}, {"gt", '>'}, {"hellip", 0x2026}, {"iacute", 0xed}, {"icirc", 0xee}, {"iexcl", 0xa1},
    {"igrave", 0xec}, {"iquest", 0xbf}, {"iuml", 0xef}, {"laquo", 0xab}, {"larr", 0x2190}, {"ldquo", 0x201c},
    {"lowbar", '_'}, {"lpar", '('}, {"lsaquo", 0x2039}, {"lsquo", 0x2018}, {"lt", '<'}, {"macr", 0xaf},
    {"mdash", 0x2014}, {"micro", 0xb5}, {"middot", 0xb7}, {"nbsp", 0xa0}, {"ndash", 0x2013}, {"not", 0xac},
    {"ntilde", 0xf1}, {"num", '#'}, {"oacute", 0xf3}, {"ocirc", 0xf4}, {"oelig", 0x153}, {"ograve", 0xf2},
    {"ordf", 0xaa}, {"ordm", 0xba}, {"oslash", 0xf8}, {"otilde", 0xf5}, {"ouml", 0xf6}, {"para", 0xb6},
    {"period", '.'}, {"permil", 0x2030}, {"plus", '+'}, {"plusmn", 0xb1}, {"pound", 0xa3}, {"quot", '"'},
    {"raquo", 0xbb}, {"rarr", 0x2192}, {"rdquo", 0x201d}, {"reg", 0xae}, {"rpar", ')'}, {"rsaquo", 0x203a},
    {"rsquo", 0x2019}, {"sbquo", 0x201a}, {"scaron", 0x161}, {"sect", 0xa7}, {"semi", ';'}, {"shy", 0xad},
    {"sol", '/'}, {"sup1", 0xb9}, {"sup2", 0xb2}, {"sup3", 0xb3}, {"szlig", 0xdf}, {"thinsp", 0x2009},
    {"thorn", 0xfe}, {"tilde", 0x2dc}, {"times", 0xd7}, {"trade", 0x2122}, {"uacute", 0xfa}, {"ucirc", 0xfb},
    {"ugrave", 0xf9}, {"uml", 0xa8}, {"uuml", 0xfc}, {"yacute", 0xfd}, {"yen", 0xa5}, {"yuml", 0xff},
    {"zwj", 0x200d}, {"zwnj", 0x200c},
};

static int
compare_entity (const void *name, const void *entity)
{
    return strcmp (name, ((const HtmlEntity *) entity)->name);
}

static gsize
read_number (Span text, gunichar *character)
{
    gboolean hex = text.length > 2 && (text.at[2] == 'x' || text.at[2] == 'X');
    gsize start = hex ? 3 : 2, at = start;
    guint64 number = 0;

    for (; at < text.length && (hex ? g_ascii_isxdigit (text.at[at]) : g_ascii_isdigit (text.at[at])); at++)
        if (number <= 0x10ffff)
            number = number * (hex ? 16 : 10) + (guint) g_ascii_xdigit_value (text.at[at]);
    if (at == start)
        return 0;
    if (number == 0x96 || number == 0x97)
        number += 0x2013 - 0x96;
    else if (number >= 0x91 && number <= 0x94)
        number = number <= 0x92 ? 0x2018 + number - 0x91 : 0x201c + number - 0x93;
    else if (number == 0x85)
        number = 0x2026;
    if (number == 0 || number > 0x10ffff || (number >= 0xd800 && number < 0xe000) || (number > 0x7e && number < 0xa0))
        number = 0xfffd;
    *character = (gunichar) number;
    return at < text.length && text.at[at] == ';' ? at + 1 : at;
}

gsize
html_entity_read (Span text, gunichar *character)
{
    char name[LONGEST_NAME + 1];
    gsize length = 0;
    const HtmlEntity *entity;

    if (text.length < 3)
        return 0;
    if (text.at[1] == '#')
        return read_number (text, character);
    while (length < LONGEST_NAME && length + 1 < text.length && g_ascii_isalnum (text.at[length + 1])) {
        name[length] = text.at[length + 1];
        length++;
    }
    name[length] = '\0';
    entity = bsearch (name, html_entities, G_N_ELEMENTS (html_entities), sizeof (HtmlEntity), compare_entity);
    if (!entity)
        return 0;
    *character = entity->character;
    length++;
    if (length < text.length && text.at[length] == ';')
        return length + 1;
    /* Without its ";" only where no letter, digit or "=" follows: "?a=1&copy=2" is an address of the Web. */
    return length < text.length && (g_ascii_isalnum (text.at[length]) || text.at[length] == '=') ? 0 : length;
}

/* SPDX-License-Identifier: MIT */
/* What Tables holds; for src/classify alone. */
#ifndef NIXIE_CLASSIFY_TABLES_PRIVATE_H
#define NIXIE_CLASSIFY_TABLES_PRIVATE_H

#include "base/digest.h"
#include "classify/code_table.h"
#include "classify/provider_table.h"
#include "classify/rule_table.h"

struct Tables {
    Arena *arena;
    CodeTable codes;
    ProviderTable *providers;
    RuleTable *rules;
    Digester *digester; /* of all data read, until it is complete */
    char version[DIGEST_TEXT_SIZE];
};

#endif

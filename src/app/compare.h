/* SPDX-License-Identifier: MIT */
/* `nixie suppress --compare PROFILE`: on whom another policy decides otherwise. */
#ifndef NIXIE_APP_COMPARE_H
#define NIXIE_APP_COMPARE_H

#include "app/ledger.h"
#include "base/writer.h"

/* CSV, one row an address whose decision differs, sorted by address. APP_ERROR_USAGE: there is no such profile. */
gboolean compare_profiles (App *app, Ledger *ledger, const char *profile, Writer *writer, GError **error);

#endif

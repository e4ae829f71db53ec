/* SPDX-License-Identifier: MIT */
/* [identity] of the configuration. */
#ifndef NIXIE_APP_IDENTITY_CONFIG_H
#define NIXIE_APP_IDENTITY_CONFIG_H

#include "app/config.h"
#include "policy/identity.h"

/* TRUE with *identity NULL when none is configured. APP_ERROR_CONFIG; a list of recipients that cannot be read is one,
 * since without it everybody would be somebody else's. */
gboolean identity_from_config (const Config *config, Identity **identity, GError **error);

#endif

#pragma once

#include "store-accounts.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_ACCOUNT_FORM (ui_account_form_get_type ())
G_DECLARE_FINAL_TYPE (UiAccountForm, ui_account_form, UI, ACCOUNT_FORM, AdwWindow)

GtkWidget *ui_account_form_new (StoreAccounts *accounts, GListModel *lines, StoreAccount *edited);

G_END_DECLS

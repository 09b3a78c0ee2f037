#pragma once

#include "store-contacts.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_CONTACT_FORM (ui_contact_form_get_type ())
G_DECLARE_FINAL_TYPE (UiContactForm, ui_contact_form, UI, CONTACT_FORM, AdwWindow)

GtkWidget *ui_contact_form_new (StoreContacts *contacts, StoreContact *contact);
void ui_contact_form_fill (UiContactForm *self, const char *name, const char *address);

G_END_DECLS

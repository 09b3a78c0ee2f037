#pragma once

#include "sip-enums.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* Somebody who can be called: what rows show and what is dragged from them. */
#define UI_TYPE_PERSON (ui_person_get_type ())
G_DECLARE_FINAL_TYPE (UiPerson, ui_person, UI, PERSON, GObject)

UiPerson *ui_person_new (const char *address, const char *name, const char *account);
const char *ui_person_get_address (UiPerson *self);
const char *ui_person_get_name (UiPerson *self);
const char *ui_person_get_account (UiPerson *self);
SipLampState ui_person_get_lamp (UiPerson *self);
void ui_person_set_lamp (UiPerson *self, SipLampState lamp);
GVariant *ui_person_to_target (UiPerson *self);

G_END_DECLS

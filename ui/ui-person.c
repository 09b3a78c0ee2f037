/* ui-person.c - somebody who can be called */

#include "ui-person.h"

struct _UiPerson {
  GObject parent_instance;

  char *address;
  char *name;
  char *account; /* NULL where any will do */
  SipLampState lamp;
};

G_DEFINE_FINAL_TYPE (UiPerson, ui_person, G_TYPE_OBJECT)

static void
ui_person_finalize (GObject *object)
{
  UiPerson *self = UI_PERSON (object);

  g_free (self->address);
  g_free (self->name);
  g_free (self->account);
  G_OBJECT_CLASS (ui_person_parent_class)->finalize (object);
}

static void
ui_person_class_init (UiPersonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ui_person_finalize;
}

static void
ui_person_init (UiPerson *self)
{
}

/* @address: what is dialled; @name: (nullable): what is shown, the address where it is NULL;
 * @account: (nullable): the id of the account by which he is called
 */
UiPerson *
ui_person_new (const char *address, const char *name, const char *account)
{
  UiPerson *self = g_object_new (UI_TYPE_PERSON, NULL);

  self->address = g_strdup (address);
  self->name = g_strdup (name != NULL ? name : address);
  self->account = g_strdup (account);
  return self;
}

const char *
ui_person_get_address (UiPerson *self)
{
  g_return_val_if_fail (UI_IS_PERSON (self), NULL);

  return self->address;
}

const char *
ui_person_get_name (UiPerson *self)
{
  g_return_val_if_fail (UI_IS_PERSON (self), NULL);

  return self->name;
}

/* NULL where any will do. */
const char *
ui_person_get_account (UiPerson *self)
{
  g_return_val_if_fail (UI_IS_PERSON (self), NULL);

  return self->account;
}

/* Whether he was in a call when the row last showed it. */
SipLampState
ui_person_get_lamp (UiPerson *self)
{
  g_return_val_if_fail (UI_IS_PERSON (self), SIP_LAMP_STATE_UNKNOWN);

  return self->lamp;
}

void
ui_person_set_lamp (UiPerson *self, SipLampState lamp)
{
  g_return_if_fail (UI_IS_PERSON (self));

  self->lamp = lamp;
}

/* What win.call takes, floating. */
GVariant *
ui_person_to_target (UiPerson *self)
{
  g_return_val_if_fail (UI_IS_PERSON (self), NULL);

  return g_variant_new ("(ss)", self->address, self->account != NULL ? self->account : "");
}

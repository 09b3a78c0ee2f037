/* ui-person.c - somebody who can be called */

#include "ui-person.h"

struct _UiPerson {
  GObject parent_instance;

  char *address;
  char *name;
};

G_DEFINE_FINAL_TYPE (UiPerson, ui_person, G_TYPE_OBJECT)

static void
ui_person_finalize (GObject *object)
{
  UiPerson *self = UI_PERSON (object);

  g_free (self->address);
  g_free (self->name);
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

/* @address: what is dialled; @name: (nullable): what is shown, the address where it is NULL */
UiPerson *
ui_person_new (const char *address, const char *name)
{
  UiPerson *self = g_object_new (UI_TYPE_PERSON, NULL);

  self->address = g_strdup (address);
  self->name = g_strdup (name != NULL ? name : address);
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

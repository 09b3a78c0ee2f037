/* store-suggestion.c - one address that the dial field offers; it never changes */

#include "store-suggestion.h"

struct _StoreSuggestion {
  GObject parent_instance;

  StoreOrigin origin;
  char *name;    /* NULL: only the address is known */
  char *address; /* as it is to be called */
  char *label;   /* home, work, … or NULL */
  char *account; /* through which it was called last, or NULL */
  StoreContact *contact;
};

enum {
  PROP_ORIGIN = 1,
  PROP_NAME,
  PROP_ADDRESS,
  PROP_LABEL,
  PROP_ACCOUNT,
  PROP_CONTACT,
  N_PROPS,
};

G_DEFINE_ENUM_TYPE (StoreOrigin,
                    store_origin,
                    G_DEFINE_ENUM_VALUE (STORE_ORIGIN_EXACT, "exact"),
                    G_DEFINE_ENUM_VALUE (STORE_ORIGIN_FAVOURITE, "favourite"),
                    G_DEFINE_ENUM_VALUE (STORE_ORIGIN_RECENT, "recent"),
                    G_DEFINE_ENUM_VALUE (STORE_ORIGIN_CONTACT, "contact"),
                    G_DEFINE_ENUM_VALUE (STORE_ORIGIN_TYPED, "typed"))

G_DEFINE_FINAL_TYPE (StoreSuggestion, store_suggestion, G_TYPE_OBJECT)

static GParamSpec *props[N_PROPS];

static void
store_suggestion_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StoreSuggestion *self = STORE_SUGGESTION (object);

  switch (id) {
  case PROP_ORIGIN:
    g_value_set_enum (value, self->origin);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_ADDRESS:
    g_value_set_string (value, self->address);
    break;
  case PROP_LABEL:
    g_value_set_string (value, self->label);
    break;
  case PROP_ACCOUNT:
    g_value_set_string (value, self->account);
    break;
  case PROP_CONTACT:
    g_value_set_object (value, self->contact);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
store_suggestion_finalize (GObject *object)
{
  StoreSuggestion *self = STORE_SUGGESTION (object);

  g_free (self->name);
  g_free (self->address);
  g_free (self->label);
  g_free (self->account);
  g_clear_object (&self->contact);
  G_OBJECT_CLASS (store_suggestion_parent_class)->finalize (object);
}

static void
store_suggestion_class_init (StoreSuggestionClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_suggestion_get_property;
  object_class->finalize = store_suggestion_finalize;

  props[PROP_ORIGIN] =
      g_param_spec_enum ("origin", NULL, NULL, STORE_TYPE_ORIGIN, STORE_ORIGIN_EXACT, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  props[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  props[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, STORE_TYPE_CONTACT, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
store_suggestion_init (StoreSuggestion *self)
{
}

StoreSuggestion *
store_suggestion_new (StoreOrigin origin,
                      const char *name,
                      const char *address,
                      const char *label,
                      const char *account,
                      StoreContact *contact)
{
  StoreSuggestion *self = g_object_new (STORE_TYPE_SUGGESTION, NULL);

  self->origin = origin;
  self->name = g_strdup (name);
  self->address = g_strdup (address);
  self->label = label != NULL && *label != '\0' ? g_strdup (label) : NULL;
  self->account = g_strdup (account);
  g_set_object (&self->contact, contact);
  return self;
}

StoreOrigin
store_suggestion_get_origin (StoreSuggestion *self)
{
  g_return_val_if_fail (STORE_IS_SUGGESTION (self), STORE_ORIGIN_TYPED);

  return self->origin;
}

/* Returns NULL where only the address is known. */
const char *
store_suggestion_get_name (StoreSuggestion *self)
{
  g_return_val_if_fail (STORE_IS_SUGGESTION (self), NULL);

  return self->name;
}

const char *
store_suggestion_get_address (StoreSuggestion *self)
{
  g_return_val_if_fail (STORE_IS_SUGGESTION (self), NULL);

  return self->address;
}

const char *
store_suggestion_get_label (StoreSuggestion *self)
{
  g_return_val_if_fail (STORE_IS_SUGGESTION (self), NULL);

  return self->label;
}

/* The identifier of the account of the last call with it, or NULL. */
const char *
store_suggestion_get_account (StoreSuggestion *self)
{
  g_return_val_if_fail (STORE_IS_SUGGESTION (self), NULL);

  return self->account;
}

StoreContact *
store_suggestion_get_contact (StoreSuggestion *self)
{
  g_return_val_if_fail (STORE_IS_SUGGESTION (self), NULL);

  return self->contact;
}

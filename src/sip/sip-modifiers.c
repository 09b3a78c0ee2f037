/* sip-modifiers.c - functions that a description passes through, in order */

#include "sip-modifiers.h"

typedef struct {
  SipModifierFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
} Modifier;

struct _SipModifiers {
  GObject parent_instance;

  GArray *modifiers;
};

/**
 * SipModifiers:
 *
 * Functions that change a description on its way, one after the other.
 */
G_DEFINE_FINAL_TYPE (SipModifiers, sip_modifiers, G_TYPE_OBJECT)

static void
clear_modifier (gpointer data)
{
  Modifier *modifier = data;

  if (modifier->destroy != NULL)
    modifier->destroy (modifier->user_data);
}

static void
sip_modifiers_finalize (GObject *object)
{
  g_array_unref (SIP_MODIFIERS (object)->modifiers);
  G_OBJECT_CLASS (sip_modifiers_parent_class)->finalize (object);
}

static void
sip_modifiers_class_init (SipModifiersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sip_modifiers_finalize;
}

static void
sip_modifiers_init (SipModifiers *self)
{
  self->modifiers = g_array_new (FALSE, FALSE, sizeof (Modifier));
  g_array_set_clear_func (self->modifiers, clear_modifier);
}

/**
 * sip_modifiers_new:
 *
 * Makes an empty list.
 *
 * Returns: (transfer full): an empty row of modifiers
 */
SipModifiers *
sip_modifiers_new (void)
{
  return g_object_new (SIP_TYPE_MODIFIERS, NULL);
}

/**
 * sip_modifiers_add:
 * @self: the modifiers
 * @func: (scope notified) (closure user_data) (destroy destroy): called for each description
 * @user_data: handed to @func
 * @destroy: (nullable): called on @user_data when @self goes
 *
 * Appends @func. A description is seen bare and again with its candidates, so @func has to
 * accept its own work.
 */
void
sip_modifiers_add (SipModifiers *self,
                   SipModifierFunc func,
                   gpointer user_data,
                   GDestroyNotify destroy)
{
  Modifier modifier = {func, user_data, destroy};

  g_return_if_fail (SIP_IS_MODIFIERS (self));
  g_return_if_fail (func != NULL);

  g_array_append_val (self->modifiers, modifier);
}

/**
 * sip_modifiers_apply:
 * @self: (nullable): the modifiers, or %NULL for none
 * @type: `offer` or `answer`
 * @sdp: a description
 * @error: where a modifier's refusal goes
 *
 * Hands @sdp through all of them.
 *
 * Returns: (transfer full): the changed description, or %NULL with @error set
 */
char *
sip_modifiers_apply (SipModifiers *self, const char *type, const char *sdp, GError **error)
{
  g_autofree char *text = g_strdup (sdp);

  g_return_val_if_fail (self == NULL || SIP_IS_MODIFIERS (self), NULL);

  for (guint i = 0; self != NULL && i < self->modifiers->len; i++) {
    Modifier *modifier = &g_array_index (self->modifiers, Modifier, i);
    g_autofree char *changed = modifier->func (type, text, modifier->user_data, error);

    if (changed == NULL)
      return NULL;
    g_free (text);
    text = g_steal_pointer (&changed);
  }
  return g_steal_pointer (&text);
}

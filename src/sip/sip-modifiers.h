#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SipModifierFunc:
 * @type: `offer` or `answer`
 * @sdp: the description as it stands
 * @user_data: what was given with the function
 * @error: set it to refuse the description
 *
 * Changes a description on its way out or in.
 *
 * Returns: (transfer full) (nullable): the description to go on with, or %NULL with @error set
 */
typedef char *(*SipModifierFunc) (const char *type,
                                  const char *sdp,
                                  gpointer user_data,
                                  GError **error);

#define SIP_TYPE_MODIFIERS (sip_modifiers_get_type ())
G_DECLARE_FINAL_TYPE (SipModifiers, sip_modifiers, SIP, MODIFIERS, GObject)

SipModifiers *sip_modifiers_new (void);
void sip_modifiers_add (SipModifiers *self,
                        SipModifierFunc func,
                        gpointer user_data,
                        GDestroyNotify destroy);
char *sip_modifiers_apply (SipModifiers *self, const char *type, const char *sdp, GError **error);

G_END_DECLS

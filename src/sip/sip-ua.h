#pragma once

#include "sip-client-context.h"
#include "sip-invite-client-context.h"
#include "sip-invite-server-context.h"
#include "sip-server-context.h"
#include "sip-subscription.h"
#include "sip-transport.h"

G_BEGIN_DECLS

/**
 * SipSessionDescriptionHandlerFactory:
 * @session: the session that needs media
 * @user_data: what was given with the function
 *
 * Makes the media of a session.
 *
 * Returns: (transfer full) (nullable): a handler for this session alone, or %NULL if none can be
 *   made, which ends the session
 */
typedef SipSessionDescriptionHandler *(*SipSessionDescriptionHandlerFactory) (SipSession *session,
                                                                              gpointer user_data);

#define SIP_TYPE_UA (sip_ua_get_type ())
G_DECLARE_FINAL_TYPE (SipUA, sip_ua, SIP, UA, GObject)

SipUA *sip_ua_new (const char *uri, const char *server);
gboolean sip_ua_start (SipUA *self, GError **error);
void sip_ua_reconnect (SipUA *self);
void sip_ua_stop_async (SipUA *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean sip_ua_stop_finish (SipUA *self, GAsyncResult *result, GError **error);
gboolean sip_ua_register (SipUA *self, SipOptions *options, GError **error);
gboolean sip_ua_unregister (SipUA *self, SipOptions *options, GError **error);
gboolean sip_ua_is_registered (SipUA *self);
SipInviteClientContext *sip_ua_invite (SipUA *self,
                                       const char *target,
                                       SipOptions *options,
                                       SipModifiers *modifiers,
                                       GError **error);
SipClientContext *sip_ua_request (SipUA *self,
                                  const char *method,
                                  const char *target,
                                  SipOptions *options,
                                  GError **error);
SipClientContext *sip_ua_message (SipUA *self,
                                  const char *target,
                                  const char *body,
                                  SipOptions *options,
                                  GError **error);
SipSubscription *sip_ua_subscribe (SipUA *self,
                                   const char *target,
                                   const char *event,
                                   SipOptions *options,
                                   GError **error);
char *sip_ua_normalize_target (SipUA *self, const char *text, GError **error);
void sip_ua_set_session_description_handler_factory (SipUA *self,
                                                     SipSessionDescriptionHandlerFactory func,
                                                     gpointer user_data,
                                                     GDestroyNotify destroy);
const char *sip_ua_get_uri (SipUA *self);
SipUAStatus sip_ua_get_status (SipUA *self);
char *sip_ua_dup_contact_uri (SipUA *self);

G_END_DECLS

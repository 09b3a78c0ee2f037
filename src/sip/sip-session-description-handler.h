#pragma once

#include "sip-enums.h"
#include "sip-modifiers.h"
#include "sip-options.h"
#include "sip-session-description.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _SipSession SipSession;

#define SIP_TYPE_SESSION_DESCRIPTION_HANDLER (sip_session_description_handler_get_type ())
G_DECLARE_INTERFACE (SipSessionDescriptionHandler,
                     sip_session_description_handler,
                     SIP,
                     SESSION_DESCRIPTION_HANDLER,
                     GObject)

/**
 * SipSessionDescriptionHandlerInterface:
 * @parent_iface: the parent
 * @get_description: makes an offer, or the answer to an offer that was set; returns a
 *   #SipSessionDescription or an error through the task
 * @set_description: takes the other side's offer or answer; returns %TRUE or an error through
 *   the task
 * @rollback: forgets an offer that was refused; optional
 * @set_direction: what the descriptions to come ask for; optional
 * @limit_direction: what may flow of that which descriptions agree on; optional
 * @acknowledge: the other side has the last description of this side; optional
 * @has_description: whether a body of this type can be taken
 * @send_dtmf: sends a tone in the media; %FALSE where that was not negotiated
 * @play_dtmf: plays a tone to the other side, as sound; optional
 * @mix: adds what the other sides of others say to what is sent; optional
 * @move: finds out whether the next description names other addresses; optional
 * @close: ends all media at once; may be called more than once
 *
 * What a session asks of its media. A task may be returned at once or later, but from the thread
 * of the main context only; tasks still open when close() is called are returned with
 * %SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED.
 */
struct _SipSessionDescriptionHandlerInterface {
  GTypeInterface parent_iface;

  void (*get_description) (SipSessionDescriptionHandler *self,
                           SipOptions *options,
                           SipModifiers *modifiers,
                           GTask *task);
  void (*set_description) (SipSessionDescriptionHandler *self,
                           SipSessionDescription *description,
                           SipOptions *options,
                           SipModifiers *modifiers,
                           GTask *task);
  void (*rollback) (SipSessionDescriptionHandler *self);
  void (*set_direction) (SipSessionDescriptionHandler *self, SipDirection direction);
  void (*limit_direction) (SipSessionDescriptionHandler *self, SipDirection direction);
  void (*acknowledge) (SipSessionDescriptionHandler *self);
  gboolean (*has_description) (SipSessionDescriptionHandler *self, const char *content_type);
  gboolean (*send_dtmf) (SipSessionDescriptionHandler *self,
                         const char *tones,
                         SipOptions *options);
  gboolean (*play_dtmf) (SipSessionDescriptionHandler *self,
                         const char *tones,
                         SipOptions *options);
  gboolean (*mix) (SipSessionDescriptionHandler *self, GPtrArray *others);
  gboolean (*move) (SipSessionDescriptionHandler *self);
  void (*close) (SipSessionDescriptionHandler *self);
};

SipSessionDescriptionHandler *sip_session_description_handler_new_default (SipSession *session);
void sip_session_description_handler_get_description_async (SipSessionDescriptionHandler *self,
                                                            SipOptions *options,
                                                            SipModifiers *modifiers,
                                                            GCancellable *cancellable,
                                                            GAsyncReadyCallback callback,
                                                            gpointer user_data);
SipSessionDescription *sip_session_description_handler_get_description_finish (
    SipSessionDescriptionHandler *self,
    GAsyncResult *result,
    GError **error);
void sip_session_description_handler_set_description_async (SipSessionDescriptionHandler *self,
                                                            SipSessionDescription *description,
                                                            SipOptions *options,
                                                            SipModifiers *modifiers,
                                                            GCancellable *cancellable,
                                                            GAsyncReadyCallback callback,
                                                            gpointer user_data);
gboolean sip_session_description_handler_set_description_finish (SipSessionDescriptionHandler *self,
                                                                 GAsyncResult *result,
                                                                 GError **error);
void sip_session_description_handler_rollback (SipSessionDescriptionHandler *self);
void sip_session_description_handler_set_direction (SipSessionDescriptionHandler *self,
                                                    SipDirection direction);
void sip_session_description_handler_limit_direction (SipSessionDescriptionHandler *self,
                                                      SipDirection direction);
void sip_session_description_handler_acknowledge (SipSessionDescriptionHandler *self);
gboolean sip_session_description_handler_has_description (SipSessionDescriptionHandler *self,
                                                          const char *content_type);
gboolean sip_session_description_handler_send_dtmf (SipSessionDescriptionHandler *self,
                                                    const char *tones,
                                                    SipOptions *options);
gboolean sip_session_description_handler_play_dtmf (SipSessionDescriptionHandler *self,
                                                    const char *tones,
                                                    SipOptions *options);
gboolean sip_session_description_handler_mix (SipSessionDescriptionHandler *self,
                                              GPtrArray *others);
gboolean sip_session_description_handler_move (SipSessionDescriptionHandler *self);
void sip_session_description_handler_close (SipSessionDescriptionHandler *self);
GListModel *sip_session_description_handler_get_tracks (SipSessionDescriptionHandler *self);
SipDirection sip_session_description_handler_get_local_direction (
    SipSessionDescriptionHandler *self);
SipDirection sip_session_description_handler_get_remote_direction (
    SipSessionDescriptionHandler *self);
gboolean sip_session_description_handler_get_muted (SipSessionDescriptionHandler *self);
void sip_session_description_handler_set_muted (SipSessionDescriptionHandler *self, gboolean muted);

G_END_DECLS

/* sip-session-timer.c - a call whose other side is gone comes to an end (RFC 4028)
 *
 * Down: the side that refreshes sends an UPDATE, or a re-INVITE where that is not known, at half
 *       time; the other hangs up when none came.
 * Up:   Session-Expires in a request and in its 2xx starts the time anew.
 */

#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { RETRY = 10 * 1000 }; /* milliseconds, after a refresh that met another request */

static void start (SipSession *self);

/* The refresher that Session-Expires names: `uac`, `uas`, or NULL. */
static const char *
find_refresher (SipMessage *message)
{
  const char *value = sip_message_peek_header (message, "Session-Expires");
  const char *parameter = value != NULL ? strstr (value, "refresher=") : NULL;

  if (parameter == NULL)
    return NULL;
  parameter += strlen ("refresher=");
  if (g_ascii_strncasecmp (parameter, "uac", 3) == 0)
    return "uac";
  return g_ascii_strncasecmp (parameter, "uas", 3) == 0 ? "uas" : NULL;
}

/* RFC 4028 9: a time that this side does not take, asked for by a side that can ask for more. */
gboolean
sip_session_timer_is_short (SipMessage *request)
{
  return sip_message_read_number (request, "Session-Expires", SIP_MIN_SE) < SIP_MIN_SE &&
         sip_message_has_option (request, "Supported", "timer");
}

/* A call that runs keeps its refresher (RFC 4028 7.4); a new one leaves that open. */
void
sip_session_offer_timer (SipSession *self, SipMessage *request)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->interval > 0)
    sip_message_add_header_printf (request, "Session-Expires", "%u;refresher=%s", priv->interval,
                                   priv->is_refresher ? "uac" : "uas");
}

/* RFC 4028 9: the answer to what @request asks for. */
void
sip_session_answer_timer (SipSession *self, SipMessage *request, SipMessage *response)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  gboolean can_refresh = sip_message_has_option (request, "Supported", "timer");
  guint interval = sip_message_read_number (request, "Session-Expires", 0);
  const char *refresher = find_refresher (request);

  if (interval > 0) {
    if (!can_refresh)
      refresher = "uas";
    else if (refresher == NULL)
      refresher = "uac";
    priv->is_refresher = g_str_equal (refresher, "uas");
    interval = MAX (interval, SIP_MIN_SE);
    sip_message_add_header_printf (response, "Session-Expires", "%u;refresher=%s", interval,
                                   refresher);
    if (!priv->is_refresher)
      sip_message_add_header (response, "Require", "timer");
  }
  priv->interval = interval;
  start (self);
}

/* RFC 4028 7.2: what the other side made of our request. */
void
sip_session_take_timer (SipSession *self, SipMessage *response)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->interval = sip_message_read_number (response, "Session-Expires", 0);
  priv->is_refresher = g_strcmp0 (find_refresher (response), "uas") != 0;
  start (self);
}

void
sip_session_stop_timer (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->timers != NULL)
    sip_timers_clear (priv->timers, &priv->refresh_id);
}

/* RFC 4028 10: no refresh came. */
static void
on_expired (gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "status-code", 408, "reason-phrase", "Session expired", NULL);

  sip_session_peek (self)->refresh_id = 0;
  sip_session_hang_up (self, options, NULL, "Dialog Error", SIP_CAUSE_DIALOG_ERROR);
}

static void
on_refresh (gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);

  sip_session_peek (self)->refresh_id = 0;
  sip_session_refresh (self);
}

/* What is left of the time after @spent seconds; a third of it or 32 s are kept for the BYE. */
static void
wait_for_end (SipSession *self, guint spent)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  gint64 rest = priv->interval - MIN (32, priv->interval / 3) - spent;

  sip_timers_clear (priv->timers, &priv->refresh_id);
  priv->refresh_id = sip_timers_add (priv->timers, MAX (rest, 0) * 1000, on_expired, self);
}

static void
start (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  sip_session_stop_timer (self);
  if (priv->interval == 0)
    return;
  if (priv->is_refresher)
    priv->refresh_id =
        sip_timers_add (priv->timers, (gint64)priv->interval * 500, on_refresh, self);
  else
    wait_for_end (self, 0);
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  SipSessionPrivate *priv = sip_session_peek (self);
  guint code = sip_message_get_status_code (response);

  if (code < 200 || sip_session_is_over (self))
    return;
  if (code < 300) {
    sip_dialog_update_target (priv->dialog, response);
    sip_session_take_timer (self, response);
  } else if (code == 481 || code == 408) {
    sip_session_fail_dialog (self, response);
  } else if (code == 405 || code == 501) {
    priv->takes_update = FALSE;
    sip_session_refresh (self);
  } else if (code == 422) {
    priv->interval = MAX (priv->interval, sip_message_read_number (response, "Min-SE", 0));
    priv->refresh_id = sip_timers_add (priv->timers, 0, on_refresh, self);
  } else if (code == 491 || code == 500) {
    sip_timers_clear (priv->timers, &priv->refresh_id);
    priv->refresh_id = sip_timers_add (priv->timers, RETRY, on_refresh, self);
  } else if (priv->interval > 0) {
    wait_for_end (self, priv->interval / 2);
  }
}

/* Tells the other side that this one is there, and where. */
void
sip_session_refresh (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipMessage) update = NULL;
  g_autoptr (SipRequest) request = NULL;

  if (priv->interval > 0)
    wait_for_end (self, priv->interval / 2);
  if (!priv->takes_update) {
    if (!priv->round_wanted)
      sip_session_want_round (self, NULL, NULL);
    return;
  }
  update = sip_dialog_create_request (priv->dialog, "UPDATE");
  sip_session_offer_timer (self, update);
  request = sip_ua_prepare_in (priv->ua, priv->dialog, update);
  g_signal_connect_object (request, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (request);
}

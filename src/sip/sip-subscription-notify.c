/* sip-subscription-notify.c - what the notifier says (RFC 6665 4.1.3)
 *
 * Up: NOTIFY -> notifyReceived, however early it comes; an end that may be begun anew is begun
 * anew, any other -> terminated.
 */

#include "sip-message-private.h"
#include "sip-subscription-private.h"
#include "sip-ua-private.h"

#include <string.h>

static void
respond (SipSubscription *self, SipTransaction *transaction, guint code)
{
  g_autoptr (SipMessage) response =
      sip_message_new_response (sip_transaction_get_request (transaction), code, NULL);

  sip_ua_add_own_headers (self->ua, response);
  sip_transaction_respond (transaction, response);
}

/* A parameter of Subscription-State, or NULL. */
static char *
dup_parameter (char **words, const char *name)
{
  gsize length = strlen (name);

  for (gsize i = 1; words[0] != NULL && words[i] != NULL; i++) {
    if (g_str_has_prefix (words[i], name) && words[i][length] == '=')
      return g_strdup (words[i] + length + 1);
  }
  return NULL;
}

/* RFC 6665 4.1.3: what the notifier's last word means. */
static void
receive_end (SipSubscription *self, SipMessage *notify, char **words)
{
  static const char *const begin_anew[] = {"deactivated", "timeout", "probation", "giveup", NULL};
  g_autofree char *reason = dup_parameter (words, "reason");
  g_autofree char *after = dup_parameter (words, "retry-after");
  guint64 seconds = 0;

  if (self->expires == 0 || reason == NULL || !g_strv_contains (begin_anew, reason)) {
    sip_subscription_end (self, notify, reason);
    return;
  }
  if (after == NULL || !g_ascii_string_to_unsigned (after, 10, 0, G_MAXINT, &seconds, NULL))
    seconds = g_str_equal (reason, "probation") || g_str_equal (reason, "giveup")
                  ? SIP_SUBSCRIPTION_RETRY
                  : 0;
  sip_subscription_set_state (self, SIP_SUBSCRIPTION_STATE_PENDING);
  sip_subscription_begin_anew (self, seconds);
}

static gboolean
is_of_event (SipSubscription *self, SipMessage *notify)
{
  const char *event = sip_message_peek_header (notify, "Event");
  gsize length = strlen (self->event);

  return event != NULL && g_ascii_strncasecmp (event, self->event, length) == 0 &&
         strchr ("; \t", event[length]) != NULL;
}

/* A request in its dialog, or the NOTIFY that makes it. */
void
sip_subscription_receive (SipSubscription *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipSubscription) guard = g_object_ref (self);
  const char *state = sip_message_peek_header (request, "Subscription-State");
  g_auto (GStrv) words = NULL;
  g_autofree char *expires = NULL;
  guint64 seconds;

  if (!g_str_equal (sip_message_get_method (request), "NOTIFY") || state == NULL) {
    respond (self, transaction, state == NULL ? 400 : 405);
    return;
  }
  if (!is_of_event (self, request)) {
    respond (self, transaction, 489);
    return;
  }
  if (self->dialog == NULL)
    self->dialog = sip_dialog_new_notified (sip_request_get_message (self->sent), request);
  if (g_strcmp0 (sip_dialog_get_remote_tag (self->dialog), sip_message_get_from_tag (request)) !=
      0) {
    respond (self, transaction, 481);
    return;
  }
  if (!sip_dialog_take_cseq (self->dialog, request)) {
    respond (self, transaction, 500);
    return;
  }
  respond (self, transaction, 200);
  sip_dialog_update_target (self->dialog, request);
  words = g_strsplit (state, ";", 16);
  for (gsize i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);
  if (g_ascii_strcasecmp (words[0], "terminated") != 0) {
    expires = dup_parameter (words, "expires");
    sip_subscription_set_state (self, g_ascii_strcasecmp (words[0], "pending") == 0
                                          ? SIP_SUBSCRIPTION_STATE_PENDING
                                          : SIP_SUBSCRIPTION_STATE_ACTIVE);
    if (expires == NULL || !g_ascii_string_to_unsigned (expires, 10, 0, G_MAXINT, &seconds, NULL))
      seconds = self->expires;
    sip_subscription_plan_refresh (self, seconds);
  }
  g_signal_emit_by_name (self, "notifyReceived", request);
  if (g_ascii_strcasecmp (words[0], "terminated") == 0 &&
      self->state != SIP_SUBSCRIPTION_STATE_TERMINATED)
    receive_end (self, request, words);
}

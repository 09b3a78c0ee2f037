/* sip-refer-server-follow.c - what a REFER asks for, read and done
 *
 * Up:   Refer-To -> whom to call, and in whose place.
 * Down: sip_refer_server_context_follow() -> the call to the target -> NOTIFY, referProgress and
 * its kin.
 */

#include "sip-refer-server-context-private.h"

#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-target-private.h"
#include "sip-ua-private.h"

#include <string.h>

/* A header of the address in Refer-To (RFC 3261 19.1.1), unescaped; NULL where it is not there. */
char *
sip_refer_to_dup_header (const char *uri, const char *name)
{
  const char *headers = strchr (uri, '?');
  g_auto (GStrv) pairs = headers != NULL ? g_strsplit (headers + 1, "&", 16) : NULL;

  for (gsize i = 0; pairs != NULL && pairs[i] != NULL; i++) {
    char *equals = strchr (pairs[i], '=');
    char *value;

    if (equals == NULL)
      continue;
    *equals = '\0';
    if (g_ascii_strcasecmp (pairs[i], name) != 0)
      continue;
    value = g_uri_unescape_string (equals + 1, NULL);
    if (value != NULL && strpbrk (value, "\r\n") == NULL)
      return value;
    g_free (value);
  }
  return NULL;
}

/* Whom to call, without what is meant for the one who calls: header fields and the method (RFC 3261
 * 19.1.1). */
char *
sip_refer_to_dup_target (const char *uri)
{
  g_autofree char *target = g_strndup (uri, strcspn (uri, "?"));
  const char *method = strstr (target, ";method=");

  if (method == NULL)
    return g_steal_pointer (&target);
  return g_strdup_printf ("%.*s%s", (int)(method - target), target,
                          method + 1 + strcspn (method + 1, ";"));
}

/* What is wrong with a REFER, as a status; 0 where nothing is. */
guint
sip_refer_server_context_check (SipMessage *refer)
{
  g_auto (GStrv) values = sip_message_get_headers (refer, "Refer-To");
  g_autoptr (SipNameAddr) to =
      values[0] != NULL && values[1] == NULL ? sip_name_addr_parse (values[0]) : NULL;
  const char *uri = to != NULL ? sip_name_addr_get_uri (to) : NULL, *method;

  if (uri == NULL)
    return 400;
  method = strstr (uri, ";method=");
  if (method != NULL && g_ascii_strncasecmp (method + 8, "INVITE", 6) != 0)
    return 501;
  if (g_ascii_strncasecmp (uri, "tel:", 4) == 0)
    return 0;
  if (g_ascii_strncasecmp (uri, "sip:", 4) != 0 && g_ascii_strncasecmp (uri, "sips:", 5) != 0)
    return 416;
  return sip_uri_is_valid (uri, FALSE) ? 0 : 400;
}

static void
on_progress (SipSession *followed, SipMessage *response, const char *phrase, gpointer user_data)
{
  g_autoptr (SipReferServerContext) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);

  if (self->state != SIP_REFER_FOLLOWED)
    return;
  if (code != sip_refer_context_get_status_code (SIP_REFER_CONTEXT (self)))
    sip_refer_server_context_notify (self, code, phrase);
  sip_refer_server_context_tell (self, SIP_REFER_PROGRESS, SIP_SIGNAL_REFER_PROGRESS);
}

void
sip_refer_server_context_conclude (SipReferServerContext *self, guint code, const char *phrase)
{
  sip_refer_server_context_notify (self, code, phrase);
  sip_refer_server_context_finish (self);
  if (code < 300)
    sip_refer_server_context_tell (self, SIP_REFER_ACCEPTED, SIP_SIGNAL_REFER_ACCEPTED);
  else
    sip_refer_server_context_tell (self, SIP_REFER_REJECTED, SIP_SIGNAL_REFER_REJECTED);
}

static void
on_accepted (SipSession *followed, SipMessage *response, const char *cause, gpointer user_data)
{
  g_autoptr (SipReferServerContext) self = g_object_ref (user_data);

  if (self->state == SIP_REFER_FOLLOWED)
    sip_refer_server_context_conclude (self, sip_message_get_status_code (response),
                                       sip_message_get_reason_phrase (response));
}

static void
on_failed (SipSession *followed, SipMessage *message, const char *cause, gpointer user_data)
{
  g_autoptr (SipReferServerContext) self = g_object_ref (user_data);
  guint code = message != NULL ? sip_message_get_status_code (message) : 0;

  if (self->state != SIP_REFER_FOLLOWED)
    return;
  if (code < 300)
    code = sip_session_get_canceled (followed) ? 487 : 503;
  sip_refer_server_context_conclude (self, code, sip_reason_phrase (code));
}

/* A call of its own: nothing of the old one is in it but who sent it (RFC 3892, RFC 3891). */
static SipSession *
place_call (SipReferServerContext *self, SipOptions *options, GError **error)
{
  g_autoptr (SipOptions) fresh = sip_options_copy (options);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_auto (GStrv) headers = NULL;

  if (sip_options_read_extra_headers (options) != NULL)
    g_strv_builder_addv (lines, (const char **)sip_options_read_extra_headers (options));
  if (self->referred_by != NULL) {
    g_autofree char *line = g_strconcat ("Referred-By: ", self->referred_by, NULL);

    g_strv_builder_add (lines, line);
  }
  if (self->replaces != NULL) {
    g_autofree char *line = g_strconcat ("Replaces: ", self->replaces, NULL);

    g_strv_builder_add (lines, line);
    g_strv_builder_add (lines, "Require: replaces");
  }
  headers = g_strv_builder_end (lines);
  g_object_set (fresh, "extra-headers", headers, NULL);
  /* Only a number has to be made an address. */
  if (g_ascii_strncasecmp (self->target, "tel:", 4) == 0)
    return (SipSession *)sip_ua_invite (self->ua, self->target, fresh, NULL, error);
  return (SipSession *)sip_ua_invite_uri (self->ua, self->target, fresh, NULL, error);
}

void
sip_refer_server_context_follow (SipReferServerContext *self, SipOptions *options)
{
  g_autoptr (GError) error = NULL;

  self->followed = place_call (self, options, &error);
  if (self->followed == NULL) {
    g_debug ("%s cannot be called: %s", self->target, error->message);
    sip_refer_server_context_conclude (self, 416, sip_reason_phrase (416));
    return;
  }
  /* The program hears of its call before the other side does. */
  g_signal_connect_object (self->followed, "progress", G_CALLBACK (on_progress), self,
                           G_CONNECT_AFTER);
  g_signal_connect_object (self->followed, "accepted", G_CALLBACK (on_accepted), self,
                           G_CONNECT_AFTER);
  g_signal_connect_object (self->followed, "failed", G_CALLBACK (on_failed), self, G_CONNECT_AFTER);
  g_object_notify (G_OBJECT (self), "target-session");
  sip_refer_context_emit (SIP_REFER_CONTEXT (self), SIP_REFER_INVITE_SENT);
}

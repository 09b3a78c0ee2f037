/* sip-ua-calls.c - the calls of a user agent and the requests it sends for them
 *
 * Down: sip_ua_invite() -> SipInviteClientContext; sip_ua_prepare() -> SipRequest.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-session-private.h"
#include "sip-target-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

/* The program's own media, or the default. */
SipSessionDescriptionHandler *
sip_ua_create_handler (SipUA *self, SipSession *session)
{
  if (self->factory != NULL)
    return self->factory (session, self->factory_data);
  return sip_session_description_handler_new_default (session);
}

/* Whether no program does. */
gboolean
sip_ua_chooses_media (SipUA *self)
{
  return self->factory == NULL && self->media_profile == SIP_MEDIA_PROFILE_AUTO;
}

/* What the next call begins with. */
void
sip_ua_note_media_profile (SipUA *self, SipMediaProfile profile)
{
  if (profile == SIP_MEDIA_PROFILE_AUTO)
    profile = SIP_MEDIA_PROFILE_WEB;
  if (self->last_media_profile == profile)
    return;
  self->last_media_profile = profile;
  g_object_notify (G_OBJECT (self), "last-media-profile");
}

void
sip_ua_add_session (SipUA *self, SipSession *session, const char *local_tag)
{
  g_hash_table_replace (self->sessions,
                        g_strdup_printf ("%s %s", sip_session_get_call_id (session), local_tag),
                        g_object_ref (session));
}

void
sip_ua_remove_session (SipUA *self, SipSession *session)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (value == session) {
      g_hash_table_iter_remove (&iter);
      break;
    }
  }
  sip_ua_check_stop_later (self);
}

SipSession *
sip_ua_find_session (SipUA *self, const char *call_id, const char *local_tag)
{
  g_autofree char *key = g_strdup_printf ("%s %s", call_id, local_tag);

  return g_hash_table_lookup (self->sessions, key);
}

guint
sip_ua_get_n_sessions (SipUA *self)
{
  return g_hash_table_size (self->sessions);
}

/* The extensions that this user agent knows, and whether each may be used now. */
static gboolean
supports (SipUA *self, const char *option)
{
  if (g_str_equal (option, "100rel"))
    return self->rel100 != SIP_SUPPORT_NONE;
  if (g_str_equal (option, "replaces"))
    return self->replaces != SIP_SUPPORT_NONE;
  return TRUE;
}

static const char *const extensions[] = {"100rel", "replaces", "timer", "norefersub", NULL};

static char *
list_supported (SipUA *self)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; extensions[i] != NULL; i++) {
    if (supports (self, extensions[i]))
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", extensions[i]);
  }
  return g_string_free (out, FALSE);
}

/* What @request requires and this side cannot do (RFC 3261 8.2.2.3); NULL for nothing. */
char *
sip_ua_list_unsupported (SipUA *self, SipMessage *request)
{
  g_auto (GStrv) values = sip_message_get_headers (request, "Require");
  g_autofree char *all = g_strjoinv (",", values);
  g_auto (GStrv) words = g_strsplit (all, ",", 64);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++) {
    g_autofree char *word = g_ascii_strdown (g_strstrip (words[i]), -1);

    if (*word != '\0' && !(g_strv_contains (extensions, word) && supports (self, word)))
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", words[i]);
  }
  return g_string_free (out, out->len == 0);
}

/* What every message of ours says of this user agent. */
void
sip_ua_add_own_headers (SipUA *self, SipMessage *message)
{
  static const char *const with_allow[] = {"INVITE", "OPTIONS", "UPDATE", "REGISTER", NULL};
  const char *method = sip_message_get_method (message);
  gboolean is_request = sip_message_get_is_request (message);
  guint code = sip_message_get_status_code (message);
  gboolean tells = g_strv_contains (with_allow, method) && (is_request || code / 100 == 2);
  gboolean lists = tells && !g_str_equal (method, "REGISTER");

  if (tells || code == 405) {
    g_autofree char *allow = sip_session_list_methods ();

    sip_message_add_header (message, "Allow", allow);
  }
  if (lists) { /* a method that was read is gone with the first change */
    g_autofree char *supported = list_supported (self);

    sip_message_add_header (message, "Supported", supported);
  }
  if (self->user_agent_string != NULL && *self->user_agent_string != '\0' &&
      strpbrk (self->user_agent_string, "\r\n") == NULL)
    sip_message_add_header (message, is_request ? "User-Agent" : "Server", self->user_agent_string);
}

/* Where a request to @target goes first: the server, if there is one. */
char *
sip_ua_dup_next_hop (SipUA *self, const char *target)
{
  if (self->target == NULL)
    return g_strdup (target);
  return self->target->protocol[0] == 'W' ? g_strdup (self->server)
                                          : sip_target_dup_uri (self->target);
}

/* Where @hop is, be that told by its number; NULL where a name has it. */
static GSocketAddress *
find_hop (SipUA *self, const SipTarget *hop)
{
  g_autofree char *host = sip_nat64_dup_host (self->nat64, hop->host);

  return g_inet_socket_address_new_from_string (host, hop->port);
}

/* By the name that leads to it, or where it answered us. */
static gboolean
is_server (SipUA *self, const SipTarget *hop)
{
  g_autoptr (GSocketAddress) address = find_hop (self, hop);

  if (g_ascii_strcasecmp (hop->host, self->target->host) == 0)
    return hop->port == self->target->port;
  return address != NULL && self->server_address != NULL &&
         sip_transport_is_same_address (address, self->server_address);
}

/* Whether what goes to the server does so in datagrams, each by a way of its own. */
static gboolean
has_datagrams (SipUA *self)
{
  return self->target != NULL && g_str_equal (self->target->protocol, "UDP");
}

/* Our password is for our server, or for our own domain where there is no other. */
static gboolean
is_trusted_hop (SipUA *self, const char *next_hop)
{
  g_autoptr (SipTarget) hop = sip_target_parse (next_hop, NULL);
  g_autoptr (SipTarget) own = sip_target_parse (self->uri, NULL);

  if (hop == NULL)
    return FALSE;
  if (self->target != NULL)
    return !has_datagrams (self) || is_server (self, hop);
  return own != NULL && g_ascii_strcasecmp (hop->host, own->host) == 0;
}

/* Borrowed. */
static SipDigest *
ensure_digest (SipUA *self)
{
  g_autofree char *user = sip_uri_dup_user (self->uri);
  g_autoptr (SipTarget) own = sip_target_parse (self->uri, NULL);

  if (self->digest == NULL)
    self->digest =
        sip_digest_new (self->authorization_user != NULL ? self->authorization_user : user,
                        self->password, own != NULL ? own->host : "");
  return self->digest;
}

static void
on_any_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  SipUA *self = user_data;

  if (self->registration != NULL)
    sip_registration_look (self->registration, request, response);
}

/* Whether nothing leads to @hop, for we are where there is only the other version of IP. */
static gboolean
is_of_other_version (SipUA *self, const char *hop)
{
  g_autoptr (SipTarget) target = sip_target_parse (hop, NULL);
  g_autoptr (GSocketAddress) to = target != NULL ? find_hop (self, target) : NULL;
  g_autoptr (GInetSocketAddress) from = to != NULL ? sip_transport_find_way_to (to) : NULL;

  return from != NULL &&
         g_socket_address_get_family (G_SOCKET_ADDRESS (from)) != g_socket_address_get_family (to);
}

/* A request that is ready to be sent by sip_request_send(). Whom a dialog names as its first hop is
 * met by way of our server where we cannot go there ourselves.
 */
SipRequest *
sip_ua_prepare (SipUA *self, const char *next_hop, SipMessage *message)
{
  gboolean is_far = has_datagrams (self) && is_of_other_version (self, next_hop);
  g_autofree char *hop = is_far ? sip_ua_dup_next_hop (self, next_hop) : g_strdup (next_hop);
  SipRequest *request;

  sip_ua_hurry (self);
  request = sip_request_new (self->endpoint, hop, message,
                             is_trusted_hop (self, hop) ? ensure_digest (self) : NULL);
  g_signal_connect_object (request, "response", G_CALLBACK (on_any_response), self, 0);
  return request;
}

static void
on_kept_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  if (sip_message_get_status_code (response) < 200)
    return;
  g_hash_table_remove (self->requests, request);
  sip_ua_check_stop (self);
}

/* Holds @request until its final response. */
void
sip_ua_keep_request (SipUA *self, SipRequest *request)
{
  g_hash_table_add (self->requests, g_object_ref (request));
  g_signal_connect_object (request, "response", G_CALLBACK (on_kept_response), self,
                           G_CONNECT_AFTER);
}

static void
on_response_in_dialog (SipRequest *request, SipMessage *response, gpointer user_data)
{
  sip_dialog_sync_cseq (user_data, sip_request_get_message (request));
}

/* @message, made by @dialog, ready to be sent; held until its final response. */
SipRequest *
sip_ua_prepare_in (SipUA *self, SipDialog *dialog, SipMessage *message)
{
  g_autofree char *next_hop = sip_dialog_dup_next_hop (dialog);
  SipRequest *request;

  sip_ua_add_own_headers (self, message);
  request = sip_ua_prepare (self, next_hop, message);
  g_signal_connect_object (request, "response", G_CALLBACK (on_response_in_dialog), dialog, 0);
  sip_ua_keep_request (self, request);
  return request;
}

void
sip_ua_forget_referral (SipUA *self, SipReferServerContext *context)
{
  g_ptr_array_remove (self->referrals, context);
}

void
sip_ua_note_invite_sent (SipUA *self, SipInviteClientContext *session)
{
  sip_ua_emit (self, SIP_UA_INVITE_SENT, session);
}

/* A request outside of a dialog, with what every such request has (RFC 3261 8.1.1). */
SipMessage *
sip_ua_create_request (SipUA *self, const char *method, const char *target, SipOptions *options)
{
  gboolean anonymous = sip_options_read_flag (options, "anonymous", FALSE);
  g_autoptr (SipNameAddr) from = NULL, to = sip_name_addr_new (NULL, target);
  g_autofree char *from_text = NULL, *to_text = sip_name_addr_to_string (to);
  g_autofree char *tag = sip_random_token (), *call_id = sip_random_token ();
  SipMessage *request = sip_message_new_request (method, target);

  from = anonymous ? sip_name_addr_new ("Anonymous", "sip:anonymous@anonymous.invalid")
                   : sip_name_addr_new (self->display_name, self->uri);
  from_text = sip_name_addr_to_string (from);
  if (self->registration != NULL)
    sip_registration_add_route (self->registration, request);
  sip_message_add_header (request, "Max-Forwards", "70");
  sip_message_add_header_printf (request, "From", "%s;tag=%s", from_text, tag);
  sip_message_add_header (request, "To", to_text);
  sip_message_add_header (request, "Call-ID", call_id);
  sip_message_add_header_printf (request, "CSeq", "1 %s", method);
  if (anonymous) {
    sip_message_add_header_printf (request, "P-Preferred-Identity", "<%s>", self->uri);
    sip_message_add_header (request, "Privacy", "id");
  }
  sip_message_add_extra_headers (request, sip_options_read_extra_headers (options));
  return request;
}

static SipMessage *
create_invite (SipUA *self, const char *target, SipOptions *options)
{
  SipMessage *invite = sip_ua_create_request (self, "INVITE", target, options);

  if (self->rel100 == SIP_SUPPORT_REQUIRED)
    sip_message_add_header (invite, "Require", "100rel");
  if (self->replaces == SIP_SUPPORT_REQUIRED)
    sip_message_add_header (invite, "Require", "replaces");
  if (self->session_expires > 0)
    sip_message_add_header_printf (invite, "Session-Expires", "%u",
                                   MAX (self->session_expires, SIP_MIN_SE));
  sip_ua_add_own_headers (self, invite);
  return invite;
}

/* @uri: an address as it came from another side, which is to be called just so; it may be a place
 * without a user in it. */
SipInviteClientContext *
sip_ua_invite_uri (SipUA *self,
                   const char *uri,
                   SipOptions *options,
                   SipModifiers *modifiers,
                   GError **error)
{
  g_autoptr (SipTarget) target = NULL;
  g_autofree char *next_hop = NULL;
  g_autoptr (SipMessage) invite = NULL;
  SipInviteClientContext *session;

  if (!sip_ua_check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return NULL;
  target = sip_target_parse (uri, error);
  if (target == NULL)
    return NULL;
  invite = create_invite (self, uri, options);
  next_hop = sip_ua_dup_next_hop (self, uri);
  session = sip_invite_client_context_new (self, invite, next_hop, options, modifiers);
  sip_ua_add_session (self, SIP_SESSION (session), sip_message_get_from_tag (invite));
  return session;
}

/**
 * sip_ua_invite:
 * @self: a user agent that was started
 * @target: whom to call, in any form that sip_ua_normalize_target() reads
 * @options: (nullable): extra headers, kinds of media, anonymous, invite-without-sdp
 * @modifiers: (nullable): changes to the descriptions
 * @error: where a target or an option that cannot be used goes
 *
 * Places a call. Nothing is sent before it returns.
 *
 * Returns: (transfer full): the call, or %NULL with @error set
 */
SipInviteClientContext *
sip_ua_invite (SipUA *self,
               const char *target,
               SipOptions *options,
               SipModifiers *modifiers,
               GError **error)
{
  g_autofree char *uri = NULL;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  if (!sip_ua_check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return NULL;
  uri = sip_ua_normalize_target (self, target, error);
  return uri != NULL ? sip_ua_invite_uri (self, uri, options, modifiers, error) : NULL;
}

/**
 * sip_ua_set_session_description_handler_factory:
 * @self: a user agent
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): makes the media of
 *   each session; %NULL for the default
 * @user_data: handed to @func
 * @destroy: (nullable): called on @user_data when it is no longer needed
 *
 * Chooses the media of sessions to come.
 */
void
sip_ua_set_session_description_handler_factory (SipUA *self,
                                                SipSessionDescriptionHandlerFactory func,
                                                gpointer user_data,
                                                GDestroyNotify destroy)
{
  g_return_if_fail (SIP_IS_UA (self));

  if (self->factory_destroy != NULL)
    self->factory_destroy (self->factory_data);
  self->factory = func;
  self->factory_data = user_data;
  self->factory_destroy = destroy;
}

/* peer-web.c - a server of WebSockets on loopback, of libsoup */

#include "peer-web.h"

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer user_data)
{
  PeerWeb *self = user_data;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  self->func (self, text, self->user_data);
}

static void
on_connection (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               SoupWebsocketConnection *connection,
               gpointer user_data)
{
  PeerWeb *self = user_data;

  g_set_object (&self->connection, connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  PeerWeb *self = user_data;

  self->n_asked++;
  if (self->is_away)
    soup_server_message_set_status (message, SOUP_STATUS_BAD_GATEWAY, NULL);
  if (!self->is_slow)
    return;
  g_set_object (&self->waiting, message);
  soup_server_message_pause (message);
}

/* @protocol: (nullable): what is spoken in its frames, NULL where it does not say; @certificate:
 * (nullable): NULL for ws://; @func hears every message.
 */
PeerWeb *
peer_web_new (const char *protocol,
              GTlsCertificate *certificate,
              PeerWebFunc func,
              gpointer user_data)
{
  PeerWeb *self = g_new0 (PeerWeb, 1);
  char *protocols[] = {(char *)protocol, NULL};
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->func = func;
  self->user_data = user_data;
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_early_handler (self->server, "/sip", on_request, self, NULL);
  soup_server_add_websocket_handler (
      self->server, "/sip", NULL, protocol != NULL ? protocols : NULL, on_connection, self, NULL);
  soup_server_listen_local (
      self->server, 0,
      SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("%s://127.0.0.1:%d/sip", certificate != NULL ? "wss" : "ws",
                                   g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return self;
}

void
peer_web_free (PeerWeb *self)
{
  soup_server_disconnect (self->server);
  g_clear_object (&self->connection);
  g_clear_object (&self->waiting);
  g_object_unref (self->server);
  g_free (self->address);
  g_free (self);
}

/* From now on it is as fast as it can be. */
void
peer_web_answer (PeerWeb *self)
{
  self->is_slow = FALSE;
  soup_server_message_unpause (self->waiting);
}

void
peer_web_say (PeerWeb *self, const char *text)
{
  soup_websocket_connection_send_text (self->connection, text);
}

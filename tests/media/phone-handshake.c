/* phone-handshake.c - the other end of a DTLS handshake, and the keys it comes to */

#include "phone-handshake.h"

#include <errno.h>
#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define KEY_SIZE 16
#define SALT_SIZE 14

struct _PhoneHandshake {
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  GSocket *socket;
  GSocketAddress *to;
  const guchar *bytes; /* that came, while they are read */
  gsize size;
  gboolean is_client;
  guint timer_id;
};

/* One for all phones of a test. */
static gnutls_x509_crt_t certificate;
static gnutls_x509_privkey_t private_key;

static void
ensure_certificate (void)
{
  if (certificate != NULL)
    return;
  gnutls_x509_privkey_init (&private_key);
  gnutls_x509_privkey_generate (private_key, GNUTLS_PK_ECDSA,
                                GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  gnutls_x509_crt_init (&certificate);
  gnutls_x509_crt_set_version (certificate, 3);
  gnutls_x509_crt_set_serial (certificate, "\x01", 1);
  gnutls_x509_crt_set_dn (certificate, "CN=phone", NULL);
  gnutls_x509_crt_set_activation_time (certificate, time (NULL) - 3600);
  gnutls_x509_crt_set_expiration_time (certificate, time (NULL) + 3600);
  gnutls_x509_crt_set_key (certificate, private_key);
  g_assert_cmpint (
      gnutls_x509_crt_sign2 (certificate, certificate, private_key, GNUTLS_DIG_SHA256, 0), ==, 0);
}

static ssize_t
on_push (gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
  PhoneHandshake *self = data;

  return g_socket_send_to (self->socket, self->to, bytes, size, NULL, NULL);
}

static ssize_t
on_pull (gnutls_transport_ptr_t data, void *bytes, size_t size)
{
  PhoneHandshake *self = data;
  gsize n = MIN (size, self->size);

  if (n == 0) {
    gnutls_transport_set_errno (self->session, EAGAIN);
    return -1;
  }
  memcpy (bytes, self->bytes, n);
  self->size = 0;
  return n;
}

static int
on_pull_timeout (gnutls_transport_ptr_t data, unsigned int ms)
{
  return ((PhoneHandshake *)data)->size > 0;
}

/* Sends again what was lost. */
static gboolean
on_timer (gpointer user_data)
{
  PhoneHandshake *self = user_data;

  if (self->to != NULL)
    gnutls_handshake (self->session);
  return G_SOURCE_CONTINUE;
}

/* @to: (nullable) where a server does not know yet who will come */
PhoneHandshake *
phone_handshake_new (GSocket *socket, GSocketAddress *to, gboolean is_client)
{
  PhoneHandshake *self = g_new0 (PhoneHandshake, 1);

  ensure_certificate ();
  self->socket = socket;
  g_set_object (&self->to, to);
  self->is_client = is_client;
  gnutls_init (&self->session, (is_client ? GNUTLS_CLIENT : GNUTLS_SERVER) | GNUTLS_DATAGRAM |
                                   GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  gnutls_certificate_allocate_credentials (&self->credentials);
  gnutls_certificate_set_x509_key (self->credentials, &certificate, 1, private_key);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_priority_set_direct (self->session, "NORMAL", NULL);
  gnutls_srtp_set_profile (self->session, GNUTLS_SRTP_AES128_CM_HMAC_SHA1_80);
  if (!is_client)
    gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUIRE);
  gnutls_certificate_set_verify_flags (self->credentials, GNUTLS_VERIFY_DISABLE_CA_SIGN);
  gnutls_dtls_set_mtu (self->session, 1200);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, on_push);
  gnutls_transport_set_pull_function (self->session, on_pull);
  gnutls_transport_set_pull_timeout_function (self->session, on_pull_timeout);
  if (is_client)
    gnutls_handshake (self->session);
  self->timer_id = g_timeout_add (500, on_timer, self);
  return self;
}

void
phone_handshake_free (PhoneHandshake *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  gnutls_deinit (self->session);
  gnutls_certificate_free_credentials (self->credentials);
  g_clear_object (&self->to);
  g_free (self);
}

/* As a=fingerprint has it. */
char *
phone_handshake_dup_fingerprint (void)
{
  guchar digest[32];
  gsize size = sizeof digest;
  GString *text = g_string_new ("sha-256 ");

  ensure_certificate ();
  g_assert_cmpint (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &size),
                   ==, 0);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);
  return g_string_free (text, FALSE);
}

static GBytes *
join (const gnutls_datum_t *key, const gnutls_datum_t *salt)
{
  guchar bytes[KEY_SIZE + SALT_SIZE];

  g_assert_cmpuint (key->size, ==, KEY_SIZE);
  g_assert_cmpuint (salt->size, ==, SALT_SIZE);
  memcpy (bytes, key->data, KEY_SIZE);
  memcpy (bytes + KEY_SIZE, salt->data, SALT_SIZE);
  return g_bytes_new (bytes, sizeof bytes);
}

/* Returns TRUE once, when it is over: then there are keys. */
gboolean
phone_handshake_take (PhoneHandshake *self,
                      GSocketAddress *from,
                      const guchar *bytes,
                      gsize size,
                      GBytes **ours,
                      GBytes **theirs)
{
  guchar material[2 * (KEY_SIZE + SALT_SIZE)];
  gnutls_datum_t client_key, client_salt, server_key, server_salt;
  g_autoptr (GBytes) client = NULL, server = NULL;

  if (self->timer_id == 0)
    return FALSE;
  g_set_object (&self->to, from);
  self->bytes = bytes;
  self->size = size;
  if (gnutls_handshake (self->session) != GNUTLS_E_SUCCESS)
    return FALSE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_assert_cmpint (gnutls_srtp_get_keys (self->session, material, sizeof material, &client_key,
                                         &client_salt, &server_key, &server_salt),
                   ==, sizeof material);
  client = join (&client_key, &client_salt);
  server = join (&server_key, &server_salt);
  *ours = g_bytes_ref (self->is_client ? client : server);
  *theirs = g_bytes_ref (self->is_client ? server : client);
  return TRUE;
}

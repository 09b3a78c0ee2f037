/* phone.c - the other end of a call, made of bytes */

#define _GNU_SOURCE
#include "phone.h"

#include <math.h>
#include <string.h>

#define FRAME 160

static void
bind_pair (Phone *self, const char *address)
{
  for (;;) {
    g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (address, 0);
    g_autoptr (GSocketAddress) place = NULL, next = NULL;

    self->rtp = g_socket_new (g_socket_address_get_family (any), G_SOCKET_TYPE_DATAGRAM,
                              G_SOCKET_PROTOCOL_UDP, NULL);
    self->rtcp = g_socket_new (g_socket_address_get_family (any), G_SOCKET_TYPE_DATAGRAM,
                               G_SOCKET_PROTOCOL_UDP, NULL);
    g_assert_true (g_socket_bind (self->rtp, any, FALSE, NULL));
    place = g_socket_get_local_address (self->rtp, NULL);
    self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place));
    next = g_inet_socket_address_new_from_string (address, MIN (self->port + 1, 65535));
    g_socket_set_blocking (self->rtp, FALSE);
    g_socket_set_blocking (self->rtcp, FALSE);
    if (self->port % 2 == 0 && g_socket_bind (self->rtcp, next, FALSE, NULL))
      return;
    g_clear_object (&self->rtp);
    g_clear_object (&self->rtcp);
  }
}

/* By libsrtp2's own names, so that a table of ours that is wrong is found out. */
static srtp_t
make_srtp (const char *suite, GBytes *key, srtp_ssrc_type_t type)
{
  srtp_policy_t policy = {0};
  srtp_t session = NULL;

  srtp_init ();
  if (g_str_equal (suite, "AEAD_AES_128_GCM")) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtcp);
  } else if (g_str_equal (suite, "AEAD_AES_256_GCM")) {
    srtp_crypto_policy_set_aes_gcm_256_16_auth (&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_256_16_auth (&policy.rtcp);
  } else if (g_str_equal (suite, "AES_256_CM_HMAC_SHA1_80")) {
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 (&policy.rtp);
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 (&policy.rtcp);
  } else if (g_str_equal (suite, "AES_CM_128_HMAC_SHA1_32")) {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32 (&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtcp);
  } else {
    g_assert_cmpstr (suite, ==, "AES_CM_128_HMAC_SHA1_80");
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtcp);
  }
  g_assert_cmpint (policy.rtp.cipher_key_len, ==, g_bytes_get_size (key));
  policy.key = (guchar *)g_bytes_get_data (key, NULL);
  policy.ssrc.type = type;
  policy.window_size = 128;
  g_assert_cmpint (srtp_create (&session, &policy), ==, srtp_err_status_ok);
  return session;
}

static GBytes *
decode (const char *base64)
{
  gsize size;
  guchar *key = g_base64_decode (base64, &size);

  return g_bytes_new_take (key, size);
}

static void
expect (Phone *self, const char *suite, GBytes *key)
{
  gsize size = g_bytes_get_size (key);
  guchar *other = g_memdup2 (g_bytes_get_data (key, NULL), size);
  g_autoptr (GBytes) wrong = g_bytes_new_take (other, size);

  other[0] ^= 1;
  g_clear_pointer (&self->in, srtp_dealloc);
  g_clear_pointer (&self->wrong, srtp_dealloc);
  self->in = make_srtp (suite, key, ssrc_any_inbound);
  self->wrong = make_srtp (suite, wrong, ssrc_any_inbound);
}

static void
use (Phone *self, const char *suite, GBytes *key)
{
  g_clear_pointer (&self->out, srtp_dealloc);
  self->out = make_srtp (suite, key, ssrc_any_outbound);
}

static guint32
read_number (const guchar *at)
{
  guint32 number;

  memcpy (&number, at, 4);
  return GUINT32_FROM_BE (number);
}

static void
take_report (Phone *self, guchar *bytes, int size, gboolean is_muxed, GSocketAddress *from)
{
  if (self->in != NULL && srtp_unprotect_rtcp (self->in, bytes, &size) != srtp_err_status_ok) {
    self->n_forged++;
    return;
  }
  self->n_reports++;
  self->n_muxed += is_muxed;
  self->report_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (from));
  g_byte_array_set_size (self->report, 0);
  g_byte_array_append (self->report, bytes, size);
}

static void
take_packet (Phone *self, guchar *bytes, int size)
{
  guchar copy[2048] __attribute__ ((aligned (8)));
  int copied = size;
  Packet packet = {0};

  g_byte_array_append (self->wire, bytes + 12, size - 12);
  memcpy (copy, bytes, size);
  self->n_open +=
      self->wrong != NULL && srtp_unprotect (self->wrong, copy, &copied) == srtp_err_status_ok;

  if (self->in != NULL && srtp_unprotect (self->in, bytes, &size) != srtp_err_status_ok) {
    self->n_forged++;
    return;
  }
  packet.payload = bytes[1] & 0x7f;
  packet.marker = bytes[1] >> 7;
  packet.number = bytes[2] << 8 | bytes[3];
  packet.stamp = read_number (bytes + 4);
  packet.source = read_number (bytes + 8);
  packet.n_bytes = size - 12;
  memcpy (packet.bytes, bytes + 12, MIN (packet.n_bytes, 4));
  g_byte_array_append (self->sound, bytes + 12, packet.n_bytes);
  g_array_append_val (self->packets, packet);
}

static void
take_handshake (Phone *self, GSocketAddress *from, const guchar *bytes, gsize size)
{
  g_autoptr (GBytes) ours = NULL, theirs = NULL;

  if (!phone_handshake_take (self->handshake, from, bytes, size, &ours, &theirs))
    return;
  use (self, "AES_CM_128_HMAC_SHA1_80", ours);
  expect (self, "AES_CM_128_HMAC_SHA1_80", theirs);
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Phone *self = user_data;
  guchar bytes[2048] __attribute__ ((aligned (8)));
  gssize size;

  for (;;) {
    g_autoptr (GSocketAddress) from = NULL;

    size = g_socket_receive_from (socket, &from, (char *)bytes, sizeof bytes, NULL, NULL);
    if (size < 12)
      break;
    if (self->handshake != NULL && bytes[0] >= 20 && bytes[0] < 64)
      take_handshake (self, from, bytes, size);
    else if (bytes[1] >= 192 && bytes[1] <= 223)
      take_report (self, bytes, size, socket == self->rtp, from);
    else
      take_packet (self, bytes, size);
  }
  return G_SOURCE_CONTINUE;
}

static GSource *
watch (Phone *self, GSocket *socket)
{
  GSource *source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (source, NULL);
  return source;
}

void
phone_init (Phone *self, const char *address)
{
  memset (self, 0, sizeof *self);
  bind_pair (self, address);
  self->packets = g_array_new (FALSE, FALSE, sizeof (Packet));
  self->report = g_byte_array_new ();
  self->wire = g_byte_array_new ();
  self->sound = g_byte_array_new ();
  self->source = g_random_int ();
  self->number = g_random_int_range (0, 65536);
  self->sources[0] = watch (self, self->rtp);
  self->sources[1] = watch (self, self->rtcp);
}

void
phone_clear (Phone *self)
{
  phone_stop (self);
  for (int i = 0; i < 2; i++) {
    g_source_destroy (self->sources[i]);
    g_source_unref (self->sources[i]);
  }
  g_object_unref (self->rtp);
  g_object_unref (self->rtcp);
  for (guint i = 0; i < G_N_ELEMENTS (self->last); i++)
    g_clear_pointer (&self->last[i], g_bytes_unref);
  g_clear_object (&self->to);
  g_array_unref (self->packets);
  g_byte_array_unref (self->report);
  g_byte_array_unref (self->wire);
  g_byte_array_unref (self->sound);
  g_clear_pointer (&self->handshake, phone_handshake_free);
  g_clear_pointer (&self->in, srtp_dealloc);
  g_clear_pointer (&self->wrong, srtp_dealloc);
  g_clear_pointer (&self->out, srtp_dealloc);
}

/* What comes from now on. */
void
phone_expect_key (Phone *self, const char *suite, const char *base64)
{
  g_autoptr (GBytes) key = decode (base64);

  expect (self, suite, key);
}

/* What leaves from now on. */
void
phone_use_key (Phone *self, const char *suite, const char *base64)
{
  g_autoptr (GBytes) key = decode (base64);

  use (self, suite, key);
}

/* With whoever it sends to, or who comes; then there are keys. */
void
phone_shake_hands (Phone *self, gboolean is_client)
{
  self->handshake = phone_handshake_new (self->rtp, self->to, is_client);
}

void
phone_send_to (Phone *self, const char *address, guint port)
{
  g_clear_object (&self->to);
  self->to = g_inet_socket_address_new_from_string (address, port);
}

void
phone_send_packet (Phone *self, guint payload, const guchar *data, gsize size)
{
  guchar bytes[2048] __attribute__ ((aligned (8)));
  guint32 stamp = GUINT32_TO_BE (self->stamp), source = GUINT32_TO_BE (self->source);
  int length = 12 + size;

  bytes[0] = 0x80;
  bytes[1] = payload;
  bytes[2] = self->number >> 8;
  bytes[3] = self->number & 0xff;
  memcpy (bytes + 4, &stamp, 4);
  memcpy (bytes + 8, &source, 4);
  memcpy (bytes + 12, data, size);
  self->number = (self->number + 1) & 0xffff;
  if (self->out != NULL)
    g_assert_cmpint (srtp_protect (self->out, bytes, &length), ==, srtp_err_status_ok);
  g_socket_send_to (self->rtp, self->to, (char *)bytes, length, NULL, NULL);
  g_clear_pointer (&self->last[self->number % G_N_ELEMENTS (self->last)], g_bytes_unref);
  self->last[self->number % G_N_ELEMENTS (self->last)] = g_bytes_new (bytes, length);
}

/* The last packets of @what, as somebody who saw them could send them again. */
void
phone_repeat (Phone *self, Phone *what)
{
  for (guint i = 0; i < G_N_ELEMENTS (what->last); i++)
    g_socket_send_to (self->rtp, self->to, g_bytes_get_data (what->last[i], NULL),
                      g_bytes_get_size (what->last[i]), NULL, NULL);
}

/* What a report says of time, and what one that acknowledges it repeats (RFC 3550 6.4.1). */
static const guchar now[] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};

void
phone_send_report (Phone *self, gboolean is_muxed)
{
  guchar bytes[28] = {0x80, 200, 0, 6};
  guint32 source = GUINT32_TO_BE (self->source);
  GInetSocketAddress *to = G_INET_SOCKET_ADDRESS (self->to);
  g_autoptr (GSocketAddress) next = g_inet_socket_address_new (
      g_inet_socket_address_get_address (to), g_inet_socket_address_get_port (to) + 1);

  memcpy (bytes + 4, &source, 4);
  memcpy (bytes + 8, now, sizeof now);
  g_socket_send_to (is_muxed ? self->rtp : self->rtcp, is_muxed ? self->to : next, (char *)bytes,
                    sizeof bytes, NULL, NULL);
}

/* Whether the last report that came knows of ours. */
gboolean
phone_is_acknowledged (Phone *self)
{
  return self->report->len > 0 &&
         memmem (self->report->data, self->report->len, now + 2, 4) != NULL;
}

/* ITU-T G.711, the long way. */
static guchar
encode (double sample)
{
  int value = MIN (fabs (sample) * 32635, 32635) + 132, exponent = 7;

  while (exponent > 0 && (value & (0x80 << exponent)) == 0)
    exponent--;
  return ~((sample < 0 ? 0x80 : 0) | exponent << 4 | (value >> (exponent + 3) & 0x0f));
}

static void
send_sound (Phone *self)
{
  guchar bytes[FRAME];

  for (guint i = 0; i < FRAME; i++)
    bytes[i] = encode (0.5 * sin (2 * G_PI * 400 * (self->stamp + i) / 8000));
  if (self->loses > 0 && self->stamp / FRAME % self->loses == 1)
    self->number = (self->number + 1) & 0xffff;
  else
    phone_send_packet (self, self->payload, bytes, FRAME);
  self->stamp += FRAME;
}

/* What is due by now, but no burst. */
static gboolean
on_tick (gpointer user_data)
{
  Phone *self = user_data;
  gint64 due = (g_get_monotonic_time () - self->started) / self->per_packet;

  for (int i = 0; i < 5 && (gint64)(self->stamp / FRAME) < due; i++)
    send_sound (self);
  return G_SOURCE_CONTINUE;
}

/* @per_packet in microseconds; 20,000 is sound. */
void
phone_start (Phone *self, guint per_packet)
{
  self->started = g_get_monotonic_time () - (gint64)(self->stamp / FRAME) * per_packet;
  self->per_packet = per_packet;
  self->timer_id = g_timeout_add (MIN (10, MAX (per_packet / 2000, 1)), on_tick, self);
}

void
phone_stop (Phone *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
}

guint
phone_count (Phone *self)
{
  return self->packets->len;
}

char *
phone_describe (Phone *self, const char *address, const char *proto, const char *more)
{
  static guint version = 0;

  return g_strdup_printf ("v=0\r\n"
                          "o=phone 42 %u IN %s %s\r\n"
                          "s=-\r\n"
                          "c=IN %s %s\r\n"
                          "t=0 0\r\n"
                          "m=audio %u %s 0 101\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\n"
                          "%s",
                          ++version, strchr (address, ':') != NULL ? "IP6" : "IP4", address,
                          strchr (address, ':') != NULL ? "IP6" : "IP4", address, self->port, proto,
                          more);
}

/* How many of the 256 there are among @bytes: a tone has few, and noise has all. */
guint
phone_count_values (const GByteArray *bytes)
{
  gboolean seen[256] = {FALSE};
  guint n = 0;

  for (guint i = 0; i < bytes->len; i++) {
    n += !seen[bytes->data[i]];
    seen[bytes->data[i]] = TRUE;
  }
  return n;
}

guint
phone_read_port (const char *sdp)
{
  return g_ascii_strtoull (strstr (sdp, "m=audio ") + strlen ("m=audio "), NULL, 10);
}

/* Of the a=crypto with @suite. */
char *
phone_read_key (const char *sdp, const char *suite, guint *tag)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", 0);

  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (lines[i], " ", 0);

    if (g_str_has_prefix (lines[i], "a=crypto:") && g_str_equal (words[1], suite)) {
      *tag = g_ascii_strtoull (words[0] + strlen ("a=crypto:"), NULL, 10);
      return g_strdup (words[2] + strlen ("inline:"));
    }
  }
  g_assert_not_reached ();
}

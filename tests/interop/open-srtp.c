/* open-srtp.c - opens the packets of one sender, with nothing but the key from its description
 *
 * open-srtp SUITE KEY: a packet in hexadecimal digits on each line of the input, and on each of the
 * output what was in it, without the header of RTP; “-” for one that the key does not open.
 */

#include <glib.h>
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  void (*set) (srtp_crypto_policy_t *policy);
} Suite;

static const Suite suites[] = {
    {"AES_CM_128_HMAC_SHA1_80", srtp_crypto_policy_set_rtp_default},
    {"AES_CM_128_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32},
    {"AES_256_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
    {"AEAD_AES_128_GCM", srtp_crypto_policy_set_aes_gcm_128_16_auth},
    {"AEAD_AES_256_GCM", srtp_crypto_policy_set_aes_gcm_256_16_auth},
};

static srtp_t
open_session (const char *suite, const char *base64)
{
  srtp_policy_t policy = {.ssrc = {ssrc_any_inbound, 0}, .window_size = 1024};
  gsize size;
  g_autofree guchar *key = g_base64_decode (base64, &size);
  srtp_t session = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (suites); i++) {
    if (g_str_equal (suites[i].name, suite)) {
      suites[i].set (&policy.rtp);
      suites[i].set (&policy.rtcp);
    }
  }
  policy.key = key;
  if (policy.rtp.cipher_key_len == 0 || size != (gsize)policy.rtp.cipher_key_len ||
      srtp_create (&session, &policy) != srtp_err_status_ok)
    return NULL;
  return session;
}

/* RFC 3550 5.1. */
static int
find_payload (const guchar *packet, int size)
{
  int start = 12 + 4 * (packet[0] & 0x0f);

  if ((packet[0] & 0x10) != 0 && start + 4 <= size)
    start += 4 + 4 * (packet[start + 2] << 8 | packet[start + 3]);
  return MIN (start, size);
}

static void
open_packet (srtp_t session, const char *line)
{
  g_autofree guchar *packet = g_malloc0 (strlen (line) / 2 + SRTP_MAX_TRAILER_LEN);
  int size = 0;

  while (g_ascii_isxdigit (line[2 * size]) && g_ascii_isxdigit (line[2 * size + 1])) {
    packet[size] =
        g_ascii_xdigit_value (line[2 * size]) << 4 | g_ascii_xdigit_value (line[2 * size + 1]);
    size++;
  }
  if (size < 12 || srtp_unprotect (session, packet, &size) != srtp_err_status_ok) {
    puts ("-");
    return;
  }
  for (int i = find_payload (packet, size); i < size; i++)
    printf ("%02x", packet[i]);
  puts ("");
}

int
main (int argc, char **argv)
{
  char line[4096];
  srtp_t session;

  if (argc != 3 || srtp_init () != srtp_err_status_ok)
    return 2;
  session = open_session (argv[1], argv[2]);
  if (session == NULL)
    return 1;
  while (fgets (line, sizeof line, stdin) != NULL)
    open_packet (session, line);
  srtp_dealloc (session);
  return srtp_shutdown () == srtp_err_status_ok ? 0 : 1;
}

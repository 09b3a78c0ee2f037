/* media-certificate.c - makes a certificate for one connection and nothing else (RFC 8827 6.5)
 *
 * Down: MediaPeer -> GnuTLS
 *
 * A connection that takes the place of another one in the same call has to have a certificate of
 * its own, for by that the other side sees that it is a new one (RFC 8842 3.2). A key of elliptic
 * curves takes a millisecond.
 */

#include "media-certificate-private.h"

#include "sip-error.h"

#include <gnutls/x509.h>

/* Clocks differ, and calls are long. */
#define DAY (24 * 60 * 60)

static int
fill_in (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  guint32 serial = g_random_int ();
  time_t now = time (NULL);
  int result = gnutls_x509_crt_set_version (certificate, 3);

  if (result >= 0)
    result = gnutls_x509_crt_set_serial (certificate, &serial, sizeof serial);
  if (result >= 0)
    result = gnutls_x509_crt_set_dn (certificate, "CN=WebRTC", NULL);
  if (result >= 0)
    result = gnutls_x509_crt_set_activation_time (certificate, now - DAY);
  if (result >= 0)
    result = gnutls_x509_crt_set_expiration_time (certificate, now + 30 * DAY);
  if (result >= 0)
    result = gnutls_x509_crt_set_key (certificate, key);
  if (result >= 0)
    result = gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
  return result;
}

static int
print (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, char **pem)
{
  gnutls_datum_t first = {0}, second = {0};
  int result = gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &first);

  if (result >= 0)
    result = gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                &second);
  if (result >= 0)
    *pem = g_strdup_printf ("%.*s%.*s", (int)first.size, (char *)first.data, (int)second.size,
                            (char *)second.data);
  gnutls_free (first.data);
  gnutls_free (second.data);
  return result;
}

/* The certificate and its key, as PEM. */
char *
media_certificate_generate (GError **error)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t certificate = NULL;
  char *pem = NULL;
  int result = gnutls_x509_privkey_init (&key);

  if (result >= 0)
    result = gnutls_x509_crt_init (&certificate);
  if (result >= 0)
    result = gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                           GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (result >= 0)
    result = fill_in (certificate, key);
  if (result >= 0)
    result = print (certificate, key, &pem);
  if (result < 0)
    g_set_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                 "No certificate for the sound: %s", gnutls_strerror (result));
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
  return pem;
}

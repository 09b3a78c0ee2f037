/* sip-identity.c - whom a certificate of TLS is of (RFC 5922 7)
 *
 * Up: a handshake -> sip_identity_accept(): it is of our server, or the one that its person trusts
 */

#include "sip-identity-private.h"

#include <gnutls/x509.h>
#include <string.h>

enum { MAX_NAMES = 256, MAX_NAME = 512 };

static gnutls_x509_crt_t
import (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) bytes = NULL;
  gnutls_x509_crt_t parsed = NULL;
  gnutls_datum_t datum;

  g_object_get (certificate, "certificate", &bytes, NULL);
  if (bytes == NULL || gnutls_x509_crt_init (&parsed) < 0)
    return NULL;
  datum = (gnutls_datum_t){bytes->data, bytes->len};
  if (gnutls_x509_crt_import (parsed, &datum, GNUTLS_X509_FMT_DER) == 0)
    return parsed;
  gnutls_x509_crt_deinit (parsed);
  return NULL;
}

static gboolean
is_text (const char *name, gsize size, const char *expected)
{
  return size == strlen (expected) && g_ascii_strncasecmp (name, expected, size) == 0;
}

static gboolean
is_address (const char *bytes, gsize size, const char *expected)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (expected);

  return address != NULL && size == g_inet_address_get_native_size (address) &&
         memcmp (bytes, g_inet_address_to_bytes (address), size) == 0;
}

/* Whether the certificate is of @domain: by an address sip:@domain where it has such addresses, or
 * else by a name of a host; neither a wildcard nor the subject counts.
 */
gboolean
sip_identity_names (GTlsCertificate *certificate, const char *domain)
{
  gnutls_x509_crt_t parsed = import (certificate);
  g_autofree char *uri = g_strconcat ("sip:", domain, NULL);
  gboolean has_uris = FALSE, by_uri = FALSE, by_host = FALSE;

  for (guint i = 0; parsed != NULL && i < MAX_NAMES; i++) {
    char name[MAX_NAME];
    gsize size = sizeof name;
    int type = gnutls_x509_crt_get_subject_alt_name (parsed, i, name, &size, NULL);

    if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
      break;
    if (type == GNUTLS_SAN_URI && size > 4 && g_ascii_strncasecmp (name, "sip:", 4) == 0) {
      has_uris = TRUE;
      by_uri = by_uri || is_text (name, size, uri);
    } else if (type == GNUTLS_SAN_DNSNAME) {
      by_host = by_host || is_text (name, size, domain);
    } else if (type == GNUTLS_SAN_IPADDRESS) {
      by_host = by_host || is_address (name, size, domain);
    }
  }
  g_clear_pointer (&parsed, gnutls_x509_crt_deinit);
  return has_uris ? by_uri : by_host;
}

/* SHA-256, as `AB:CD:…`. */
char *
sip_identity_dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *digest = NULL;
  GString *out = g_string_new (NULL);

  g_object_get (certificate, "certificate", &bytes, NULL);
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  for (gsize i = 0; digest[i] != '\0'; i += 2)
    g_string_append_printf (out, "%s%c%c", i > 0 ? ":" : "", g_ascii_toupper (digest[i]),
                            g_ascii_toupper (digest[i + 1]));
  return g_string_free (out, FALSE);
}

/* @trouble: what the system has against it; @domain: whom it has to be of, or %NULL where that is
 * known already; @pin: (nullable): the fingerprint of the one that a person trusts, and then no
 * other
 */
gboolean
sip_identity_accept (GTlsCertificate *certificate,
                     GTlsCertificateFlags trouble,
                     const char *domain,
                     const char *pin)
{
  g_autofree char *fingerprint = NULL;

  if (pin != NULL) {
    fingerprint = sip_identity_dup_fingerprint (certificate);
    return g_ascii_strcasecmp (fingerprint, pin) == 0;
  }
  return (trouble & ~G_TLS_CERTIFICATE_BAD_IDENTITY) == 0 &&
         (domain == NULL ? trouble == 0 : sip_identity_names (certificate, domain));
}

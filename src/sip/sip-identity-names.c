/* sip-identity-names.c - whom a certificate of TLS names (RFC 5922 7.1)
 *
 * Up: sip_identity_accept() -> sip_identity_names(), over gnutls, for GIO does not tell URIs
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

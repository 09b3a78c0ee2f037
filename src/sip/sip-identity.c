/* sip-identity.c - whether a certificate of TLS is that of our server (RFC 5922 7)
 *
 * Up: a handshake -> sip_identity_accept(): it is of our server, or the one that its person trusts
 */

#include "sip-identity-private.h"

#include "sip-part-private.h"

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
         (domain == NULL ? trouble == 0
                         : sip_part_get_secure ()->identity_names (certificate, domain));
}

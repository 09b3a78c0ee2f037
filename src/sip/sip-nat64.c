/* sip-nat64.c - the way to those who have IPv4 only, from a network that has none
 *
 * Down: a user agent that looks for its server, or hears of another network -> look() -> GResolver
 *       (RFC 7050) -> the prefix behind which the network's translator has all of IPv4 (RFC 6146).
 * Up:   signal found; then whoever has an address of version 4 -> map() -> where that is from here.
 */

#include "sip-nat64-private.h"

#include "sip-transport-private.h"

#include <string.h>

/* RFC 7050 2.2: these two have no address of version 6, so one that is told was made for them. */
#define NAME "ipv4only.arpa"
static const guint8 known[][4] = {{192, 0, 0, 170}, {192, 0, 0, 171}};

/* RFC 6052 2.2, the most usual first. */
static const guint lengths[] = {96, 64, 56, 48, 40, 32};

struct _SipNat64 {
  GObject parent_instance;

  SipNat64Prefix prefix;
  GInetAddress *server;  /* that told the next, or NULL */
  GInetAddress *outside; /* ours, as it sees it */
  gboolean is_expecting; /* that one will tell */
  GCancellable *asking;  /* while the network is asked */
};

/**
 * SipNat64:
 *
 * How those who have IPv4 only are reached from a network that has IPv6 only, through a translator
 * at its edge (RFC 6146). Where there is IPv4, or no translator, it changes nothing.
 */
G_DEFINE_FINAL_TYPE (SipNat64, sip_nat64, G_TYPE_OBJECT)

enum { PROP_LOOKING = 1 };

enum { SIGNAL_FOUND, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Where the byte @i of the inner address stands; the ninth of the whole is always 0. */
static guint
get_place (const SipNat64Prefix *self, guint i)
{
  guint place = self->length / 8 + i;

  return self->length < 96 && place >= 8 ? place + 1 : place;
}

/* @inner: the 4 bytes of an address; @whole: where the 16 go that it is reached by */
void
sip_nat64_prefix_write (const SipNat64Prefix *self, const guint8 *inner, guint8 *whole)
{
  memcpy (whole, self->bytes, sizeof self->bytes);
  for (guint i = 0; i < 4; i++)
    whole[get_place (self, i)] = inner[i];
}

/* From the 16 bytes that a known name is reached by (RFC 7050 3); none where it is not in there. */
void
sip_nat64_prefix_read (SipNat64Prefix *self, const guint8 *whole)
{
  for (guint i = 0; i < G_N_ELEMENTS (lengths) * G_N_ELEMENTS (known); i++) {
    guint8 made[sizeof self->bytes];

    memset (self, 0, sizeof *self);
    self->length = lengths[i / G_N_ELEMENTS (known)];
    memcpy (self->bytes, whole, self->length / 8);
    sip_nat64_prefix_write (self, known[i % G_N_ELEMENTS (known)], made);
    if (memcmp (made, whole, sizeof made) == 0)
      return;
  }
  memset (self, 0, sizeof *self);
}

/* What the network answered. */
void
sip_nat64_set_prefix (SipNat64 *self, const SipNat64Prefix *prefix)
{
  if (memcmp (&self->prefix, prefix, sizeof self->prefix) == 0)
    return;
  self->prefix = *prefix;
  if (self->prefix.length != 0)
    g_signal_emit (self, signals[SIGNAL_FOUND], 0);
}

static void
on_addresses (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipNat64) self = user_data;
  g_autoptr (GError) error = NULL;
  GList *addresses =
      g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (source), result, &error);
  SipNat64Prefix prefix = {0};

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->asking);
  for (GList *l = addresses; l != NULL && prefix.length == 0; l = l->next) {
    if (g_inet_address_get_family (l->data) == G_SOCKET_FAMILY_IPV6)
      sip_nat64_prefix_read (&prefix, g_inet_address_to_bytes (l->data));
  }
  g_resolver_free_addresses (addresses);
  sip_nat64_set_prefix (self, &prefix);
  g_object_notify (G_OBJECT (self), "looking");
}

static gboolean
has_version (GSocketFamily version)
{
  g_autoptr (GInetSocketAddress) from = sip_transport_find_way (version);

  return from != NULL;
}

static void
sip_nat64_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_LOOKING:
    g_value_set_boolean (value, sip_nat64_get_looking (SIP_NAT64 (object)));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_nat64_dispose (GObject *object)
{
  SipNat64 *self = SIP_NAT64 (object);

  g_clear_object (&self->asking);
  g_clear_object (&self->server);
  g_clear_object (&self->outside);
  G_OBJECT_CLASS (sip_nat64_parent_class)->dispose (object);
}

static void
sip_nat64_class_init (SipNat64Class *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_nat64_get_property;
  object_class->dispose = sip_nat64_dispose;

  /**
   * SipNat64:looking: (getter get_looking)
   *
   * Whether it has yet to turn out how those who have IPv4 only are reached, and find us: the
   * network is being asked, or a server behind the translator will say how it sees us.
   */
  g_object_class_install_property (
      object_class, PROP_LOOKING,
      g_param_spec_boolean ("looking", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /**
   * SipNat64::found:
   * @self: the way
   *
   * There is a translator: who has IPv4 only can be reached from now on.
   */
  signals[SIGNAL_FOUND] = g_signal_new ("found", SIP_TYPE_NAT64, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

static void
sip_nat64_init (SipNat64 *self)
{
}

SipNat64 *
sip_nat64_new (void)
{
  return g_object_new (SIP_TYPE_NAT64, NULL);
}

/* Asks a network without IPv4 whether it has a translator. What was known serves until it answers.
 */
void
sip_nat64_look (SipNat64 *self)
{
  static const SipNat64Prefix none = {0};
  g_autoptr (GResolver) resolver = NULL;

  sip_nat64_stop (self);
  if (has_version (G_SOCKET_FAMILY_IPV4) || !has_version (G_SOCKET_FAMILY_IPV6)) {
    sip_nat64_set_prefix (self, &none);
    return;
  }
  self->asking = g_cancellable_new ();
  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_with_flags_async (resolver, NAME,
                                              G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY, self->asking,
                                              on_addresses, g_object_ref (self));
}

void
sip_nat64_stop (SipNat64 *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
}

/* @host: a name, which stays what it is, or an address in numbers */
char *
sip_nat64_dup_host (SipNat64 *self, const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr (GInetAddress) mapped = address != NULL ? sip_nat64_map (self, address) : NULL;

  return mapped != NULL ? g_inet_address_to_string (mapped) : g_strdup (host);
}

/* There is no way to a server, and the next one tells. */
void
sip_nat64_expect_outside (SipNat64 *self)
{
  g_clear_object (&self->server);
  self->is_expecting = TRUE;
}

/* What @server says that it sees us at; @outside: (nullable) */
void
sip_nat64_note_outside (SipNat64 *self, GInetAddress *server, GInetAddress *outside)
{
  if (outside != NULL && g_inet_address_get_family (outside) == G_SOCKET_FAMILY_IPV4) {
    g_set_object (&self->server, server);
    g_set_object (&self->outside, outside);
  }
  if (!self->is_expecting)
    return;
  self->is_expecting = FALSE;
  g_object_notify (G_OBJECT (self), "looking");
}

/**
 * sip_nat64_map:
 * @self: the way
 * @address: an address of either version
 *
 * Tells where an address is from this machine. Those of this machine and its link stay as they are.
 *
 * Returns: (transfer full): where packets for @address have to go
 */
GInetAddress *
sip_nat64_map (SipNat64 *self, GInetAddress *address)
{
  guint8 whole[16];

  g_return_val_if_fail (SIP_IS_NAT64 (self), NULL);

  if (self->prefix.length == 0 || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV4 ||
      g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address) ||
      g_inet_address_get_is_multicast (address))
    return g_object_ref (address);
  if (g_inet_address_get_is_any (address))
    return g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  sip_nat64_prefix_write (&self->prefix, g_inet_address_to_bytes (address), whole);
  return g_inet_address_new_from_bytes (whole, G_SOCKET_FAMILY_IPV6);
}

/**
 * sip_nat64_is_mapped:
 * @self: the way
 * @address: an address of either version
 *
 * Tells whether somebody with IPv4 is there, behind the translator.
 *
 * Returns: whether @address is one that sip_nat64_map() made
 */
gboolean
sip_nat64_is_mapped (SipNat64 *self, GInetAddress *address)
{
  g_return_val_if_fail (SIP_IS_NAT64 (self), FALSE);

  return self->prefix.length != 0 && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
         memcmp (g_inet_address_to_bytes (address), self->prefix.bytes, self->prefix.length / 8) ==
             0;
}

/**
 * sip_nat64_get_outside:
 * @self: the way
 *
 * Tells who this machine is to those behind the translator.
 *
 * Returns: (transfer none) (nullable): the address of version 4 that a server sees; %NULL where
 *   none has told
 */
GInetAddress *
sip_nat64_get_outside (SipNat64 *self)
{
  g_return_val_if_fail (SIP_IS_NAT64 (self), NULL);

  return self->server != NULL && sip_nat64_is_mapped (self, self->server) ? self->outside : NULL;
}

/**
 * sip_nat64_get_looking:
 * @self: the way
 *
 * Gets [property@Sip.Nat64:looking].
 *
 * Returns: whether what is asked of it may be known better in a moment
 */
gboolean
sip_nat64_get_looking (SipNat64 *self)
{
  g_return_val_if_fail (SIP_IS_NAT64 (self), FALSE);

  return self->asking != NULL || (self->prefix.length != 0 && self->is_expecting);
}

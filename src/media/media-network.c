/* media-network.c - the addresses of this machine that another side could reach
 *
 * Down: the peer tells ICE to use these and no others.
 */

#include "media-network-private.h"

#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

/* Each is a candidate in every offer, and a pair with each of the other side's. */
#define MAX_ADDRESSES 8

#define ITSELF "127.0.0.1"

static char *
read_address (const struct ifaddrs *interface)
{
  g_autoptr (GInetAddress) address = NULL;

  if (interface->ifa_addr == NULL || (interface->ifa_flags & IFF_UP) == 0 ||
      (interface->ifa_flags & IFF_LOOPBACK) != 0)
    return NULL;
  if (interface->ifa_addr->sa_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)interface->ifa_addr;

    address = g_inet_address_new_from_bytes ((const guint8 *)&in->sin_addr, G_SOCKET_FAMILY_IPV4);
  } else if (interface->ifa_addr->sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)interface->ifa_addr;

    address = g_inet_address_new_from_bytes ((const guint8 *)&in6->sin6_addr, G_SOCKET_FAMILY_IPV6);
  }
  if (address == NULL || g_inet_address_get_is_link_local (address))
    return NULL;
  return g_inet_address_to_string (address);
}

/* Whether @addresses, as they are listed below, are those of a machine without a network. */
gboolean
media_network_is_apart (const char *const *addresses)
{
  return g_str_equal (addresses[0], ITSELF) && addresses[1] == NULL;
}

/* Where there is no network but the machine itself, the machine itself. IPv4 comes first, for
 * the first candidate stands in the c= line.
 */
GStrv
media_network_list_addresses (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  struct ifaddrs *interfaces = NULL;
  guint n = 0;

  if (getifaddrs (&interfaces) == 0) {
    for (int family = 0; family < 2; family++) {
      for (struct ifaddrs *at = interfaces; at != NULL && n < MAX_ADDRESSES; at = at->ifa_next) {
        g_autofree char *address = NULL;

        if (at->ifa_addr == NULL || at->ifa_addr->sa_family != (family == 0 ? AF_INET : AF_INET6))
          continue;
        address = read_address (at);
        if (address != NULL) {
          g_strv_builder_add (builder, address);
          n++;
        }
      }
    }
    freeifaddrs (interfaces);
  }
  if (n == 0)
    g_strv_builder_add (builder, ITSELF);
  return g_strv_builder_end (builder);
}

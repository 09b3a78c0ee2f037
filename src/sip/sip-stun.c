/* sip-stun.c - the few bytes of STUN that keep a flow of datagrams alive (RFC 8489, RFC 5626 4.4.2)
 *
 * Down: a binding request. Up: its response -> where the server sees us
 */

#include "sip-stun-private.h"

#include <string.h>

enum {
  HEADER = 20,
  REQUEST = 0x0001,
  SUCCESS = 0x0101,
  MAPPED_ADDRESS = 0x0001,
  XOR_MAPPED_ADDRESS = 0x0020,
  FAMILY_4 = 1,
  FAMILY_6 = 2,
};

static const guint8 cookie[4] = {0x21, 0x12, 0xa4, 0x42};

static guint16
read_16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

/* Whether that is STUN: nothing of SIP begins like it. */
gboolean
sip_stun_is (const char *data, gsize size)
{
  return size >= HEADER && (guint8)data[0] < 4 && memcmp (data + 4, cookie, sizeof cookie) == 0 &&
         HEADER + (gsize)read_16 ((const guint8 *)data + 2) == size;
}

/* @id: SIP_STUN_ID bytes */
GBytes *
sip_stun_new_request (const guint8 *id)
{
  guint8 bytes[HEADER] = {REQUEST >> 8, REQUEST & 0xff, 0, 0};

  memcpy (bytes + 4, cookie, sizeof cookie);
  memcpy (bytes + 8, id, SIP_STUN_ID);
  return g_bytes_new (bytes, sizeof bytes);
}

/* @value: of an attribute, which @size bytes are long; @header: NULL where it is in the clear */
static GSocketAddress *
read_address (const guint8 *value, gsize size, const guint8 *header)
{
  gboolean is_6 = size >= 4 && value[1] == FAMILY_6;
  gsize length = is_6 ? 16 : 4;
  guint8 bytes[16];
  guint16 port;
  g_autoptr (GInetAddress) address = NULL;

  if (size != 4 + length || (!is_6 && value[1] != FAMILY_4))
    return NULL;
  port = read_16 (value + 2) ^ (header != NULL ? read_16 (header + 4) : 0);
  for (gsize i = 0; i < length; i++)
    bytes[i] = value[4 + i] ^ (header != NULL ? header[4 + i] : 0);
  address =
      g_inet_address_new_from_bytes (bytes, is_6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);
  return g_inet_socket_address_new (address, port);
}

/* Where the server saw the request @id come from; NULL where this does not answer it. */
GSocketAddress *
sip_stun_read_response (const char *data, gsize size, const guint8 *id)
{
  const guint8 *bytes = (const guint8 *)data;
  GSocketAddress *plain = NULL;

  if (!sip_stun_is (data, size) || read_16 (bytes) != SUCCESS ||
      memcmp (bytes + 8, id, SIP_STUN_ID) != 0)
    return NULL;
  for (gsize at = HEADER; at + 4 <= size;) {
    guint16 type = read_16 (bytes + at), length = read_16 (bytes + at + 2);

    if (length > size - at - 4)
      break;
    if (type == XOR_MAPPED_ADDRESS) {
      g_clear_object (&plain);
      return read_address (bytes + at + 4, length, bytes);
    }
    if (type == MAPPED_ADDRESS && plain == NULL)
      plain = read_address (bytes + at + 4, length, NULL);
    at += 4 + (length + 3) / 4 * 4;
  }
  return plain;
}

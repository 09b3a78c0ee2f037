/* test-rtp-sockets.c - the ports of a call: any, or of a range that may be full */

#include "media-rtp-sockets-private.h"

#include "sip-error.h"

#include <string.h>

typedef struct {
  GInetAddress *here;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->here = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->here);
}

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) place = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place));
}

static MediaRtpSockets *
take (Fixture *fixture, guint min, guint max)
{
  const MediaPorts ports = {min, max};
  g_autoptr (GError) error = NULL;
  MediaRtpSockets *sockets = media_rtp_sockets_new (fixture->here, &ports, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sockets->port % 2, ==, 0);
  g_assert_cmpuint (get_port (sockets->rtp), ==, sockets->port);
  g_assert_cmpuint (get_port (sockets->rtcp), ==, sockets->port + 1);
  return sockets;
}

static void
assert_full (Fixture *fixture, guint min, guint max)
{
  const MediaPorts ports = {min, max};
  g_autoptr (GError) error = NULL;
  g_autofree char *range = g_strdup_printf ("between %u and %u", min, max);

  g_assert_null (media_rtp_sockets_new (fixture->here, &ports, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER);
  g_assert_nonnull (strstr (error->message, range));
}

static void
test_any (Fixture *fixture, gconstpointer data)
{
  MediaRtpSockets *all[50];

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    all[i] = take (fixture, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    media_rtp_sockets_free (all[i]);
}

/* An even port behind which seven more are free, wherever other programs have theirs. */
static guint
find_room (Fixture *fixture)
{
  for (;;) {
    g_autoptr (MediaRtpSockets) first = take (fixture, 0, 0);
    const MediaPorts others[] = {{first->port + 2, first->port + 3},
                                 {first->port + 4, first->port + 5},
                                 {first->port + 6, first->port + 7}};
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
      MediaRtpSockets *next = media_rtp_sockets_new (fixture->here, &others[i], NULL);

      n += next != NULL;
      g_clear_pointer (&next, media_rtp_sockets_free);
    }
    if (n == G_N_ELEMENTS (others))
      return first->port;
  }
}

/* Four calls fit, the fifth does not, and does again where another one ended. */
static void
test_range (Fixture *fixture, gconstpointer data)
{
  guint min = find_room (fixture);
  MediaRtpSockets *calls[4];
  guint sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    calls[i] = take (fixture, min, min + 7);
    g_assert_cmpuint (calls[i]->port, >=, min);
    g_assert_cmpuint (calls[i]->port, <=, min + 6);
    sum += calls[i]->port - min;
  }
  g_assert_cmpuint (sum, ==, 0 + 2 + 4 + 6);
  assert_full (fixture, min, min + 7);
  media_rtp_sockets_free (calls[2]);
  calls[2] = take (fixture, min, min + 7);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    media_rtp_sockets_free (calls[i]);
}

/* Ends that are odd belong to no pair. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  guint min = find_room (fixture);
  g_autoptr (MediaRtpSockets) only = take (fixture, min + 1, min + 4);

  g_assert_cmpuint (only->port, ==, min + 2);
  assert_full (fixture, min + 1, min + 4);
}

/* A range that holds no pair, or is none, and the last port of all. */
static void
test_no_range (Fixture *fixture, gconstpointer data)
{
  assert_full (fixture, 40000, 40000);
  assert_full (fixture, 40001, 40002);
  assert_full (fixture, 40001, 40001);
  assert_full (fixture, 40010, 40000);
  assert_full (fixture, 65535, 65535);
}

#define ADD(name, func) g_test_add ("/rtp-sockets/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("any", test_any);
  ADD ("range", test_range);
  ADD ("ends", test_ends);
  ADD ("no-range", test_no_range);

  return g_test_run ();
}

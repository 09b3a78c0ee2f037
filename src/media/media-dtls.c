/* media-dtls.c - gives a webrtcbin its certificate, and sees every one that reaches it
 *
 * Down: MediaPeer -> the elements of the handshake, as they are made
 * Up: the DTLS handshake, in a streaming thread -> MediaIdentity -> MediaHop -> MediaPeer
 */

#include "media-dtls-private.h"

/* What a callback of the handshake may touch. */
typedef struct {
  MediaHop *hop;
  MediaIdentity *identity;
  MediaHopFunc func;
  char *pem; /* of ours */
  char *connection;
} Witness;

static void
free_witness (gpointer data, GClosure *closure)
{
  Witness *witness = data;

  media_hop_unref (witness->hop);
  media_identity_unref (witness->identity);
  g_free (witness->pem);
  g_free (witness->connection);
  g_free (witness);
}

/* In a streaming thread, during the handshake: no key was set yet, so no packet can pass. */
static void
on_peer_pem (GObject *dtls, GParamSpec *pspec, gpointer user_data)
{
  Witness *witness = user_data;
  g_autofree char *pem = NULL;

  g_object_get (dtls, "peer-pem", &pem, NULL);
  media_hop_post (witness->hop, witness->func,
                  GINT_TO_POINTER (media_identity_check (witness->identity, pem)), NULL);
}

static void
on_deep_element_added (GstBin *bin, GstBin *parent, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";
  Witness *witness = user_data, *own;

  /* The certificate is that of the connection, which both of them find by its name. */
  if (g_str_equal (name, "dtlssrtpdec"))
    g_object_set (element, "pem", witness->pem, "connection-id", witness->connection, NULL);
  else if (g_str_equal (name, "dtlssrtpenc"))
    g_object_set (element, "connection-id", witness->connection, NULL);
  if (!g_str_equal (name, "dtlsdec"))
    return;
  own = g_new0 (Witness, 1);
  own->hop = media_hop_ref (witness->hop);
  own->identity = media_identity_ref (witness->identity);
  own->func = witness->func;
  g_signal_connect_data (element, "notify::peer-pem", G_CALLBACK (on_peer_pem), own, free_witness,
                         0);
}

/* Before any description is made. @pem: our certificate. @func is told GINT_TO_POINTER (whether
 * theirs was the right one).
 */
void
media_dtls_watch (GstElement *webrtc,
                  const char *pem,
                  MediaIdentity *identity,
                  MediaHop *hop,
                  MediaHopFunc func)
{
  Witness *witness = g_new (Witness, 1);

  *witness = (Witness){media_hop_ref (hop), media_identity_ref (identity), func, g_strdup (pem),
                       g_uuid_string_random ()};
  g_signal_connect_data (webrtc, "deep-element-added", G_CALLBACK (on_deep_element_added), witness,
                         free_witness, 0);
}

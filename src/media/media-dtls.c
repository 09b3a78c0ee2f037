/* media-dtls.c - sees every certificate that reaches a webrtcbin
 *
 * Up: the DTLS handshake, in a streaming thread -> MediaIdentity -> MediaHop -> MediaPeer
 */

#include "media-dtls-private.h"

/* What a callback of the handshake may touch. */
typedef struct {
  MediaHop *hop;
  MediaIdentity *identity;
  MediaHopFunc func;
} Witness;

static void
free_witness (gpointer data, GClosure *closure)
{
  Witness *witness = data;

  media_hop_unref (witness->hop);
  media_identity_unref (witness->identity);
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
  Witness *witness = user_data, *own;

  if (factory == NULL || !g_str_equal (GST_OBJECT_NAME (factory), "dtlsdec"))
    return;
  own = g_new (Witness, 1);
  *own = (Witness){media_hop_ref (witness->hop), media_identity_ref (witness->identity),
                   witness->func};
  g_signal_connect_data (element, "notify::peer-pem", G_CALLBACK (on_peer_pem), own, free_witness,
                         0);
}

/* Before any description is made. @func is told GINT_TO_POINTER (whether it was the right one). */
void
media_dtls_watch (GstElement *webrtc, MediaIdentity *identity, MediaHop *hop, MediaHopFunc func)
{
  Witness *witness = g_new (Witness, 1);

  *witness = (Witness){media_hop_ref (hop), media_identity_ref (identity), func};
  g_signal_connect_data (webrtc, "deep-element-added", G_CALLBACK (on_deep_element_added), witness,
                         free_witness, 0);
}

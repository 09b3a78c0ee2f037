/* media-start.c - what the first call would otherwise wait for
 *
 * Down: media_web_handler_prepare() -> a thread -> plugins, and the certificate of this process
 */

#include "media-web-handler-private.h"

#include "sip-error.h"

#include <gst/gst.h>
#include <stdlib.h>

gboolean
media_start_gstreamer (GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (gst_init_check (NULL, NULL, &reason))
    return TRUE;
  g_set_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
               "GStreamer does not start: %s", reason != NULL ? reason->message : "no reason");
  return FALSE;
}

static GThread *warm_up_thread;

/* A key of RSA takes up to a second; reading the certificate makes it, once per process. */
static gpointer
warm_up (gpointer data)
{
  static const char *const names[] = {
      "webrtcbin",     "opusenc",      "opusdec",         "rtpopuspay", "rtpopusdepay",
      "audiotestsrc",  "nicesrc",      "dtlssrtpenc",     "srtpdec",    "rtpbin",
      "rtpsession",    "rtpssrcdemux", "rtpjitterbuffer", "rtpptdemux", "udpsrc",
      "mulawenc",      "alawenc",      "mulawdec",        "alawdec",    "audioconvert",
      "audioresample", "fakesink",     "rtppcmupay",      "rtppcmapay", "rtppcmudepay",
      "rtppcmadepay",  "capssetter"};
  g_autoptr (GstElement) dtls = data;
  g_autofree char *pem = NULL;

  if (dtls != NULL)
    g_object_get (dtls, "pem", &pem, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GstElement *element = gst_element_factory_make (names[i], NULL);

    if (element != NULL)
      gst_object_unref (gst_object_ref_sink (element));
  }
  return NULL;
}

static void
finish_warm_up (void)
{
  g_clear_pointer (&warm_up_thread, g_thread_join);
}

/* OpenSSL clears itself away at the end of the process, and a key that is being made then crashes.
 * What is registered after OpenSSL has started, as it does with the first dtlsdec, runs before.
 */
static void
start_warm_up (void)
{
  GstElement *dtls = gst_element_factory_make ("dtlsdec", NULL);

  if (dtls != NULL)
    gst_object_ref_sink (dtls);
  if (atexit (finish_warm_up) == 0)
    warm_up_thread = g_thread_new ("media-prepare", warm_up, dtls);
  else
    gst_clear_object (&dtls);
}

/**
 * media_web_handler_prepare:
 *
 * Makes the first call as quick as the later ones: starts GStreamer and, in a thread, loads what
 * a call needs and makes the certificate. May be left out, and may be called again.
 */
void
media_web_handler_prepare (void)
{
  static gsize once = 0;
  g_autoptr (GError) error = NULL;

  if (!g_once_init_enter (&once))
    return;
  if (media_start_gstreamer (&error))
    start_warm_up ();
  else
    g_debug ("%s", error->message);
  g_once_init_leave (&once, 1);
}

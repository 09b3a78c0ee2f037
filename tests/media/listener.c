/* listener.c - what tests of media have in common: waiting, and hearing what was played */

#include "listener.h"

#include "sip-session-description-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define RATE 48000

gboolean
listener_give_up (gpointer condition)
{
  g_error ("in vain: %s", (char *)condition);
  return G_SOURCE_REMOVE;
}

gboolean
listener_look (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Lets everything happen that is due by now. */
void
listener_drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* How much longer all takes where every access to memory is looked at. */
guint
listener_slowness (void)
{
#ifdef __SANITIZE_ADDRESS__
  return 8;
#else
  const char *preload = g_getenv ("LD_PRELOAD");

  return preload != NULL && strstr (preload, "/valgrind/") != NULL ? 20 : 1;
#endif
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

char *
listener_get (SipSessionDescriptionHandler *handler, SipModifiers *modifiers, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SipSessionDescription) description = NULL;

  sip_session_description_handler_get_description_async (handler, NULL, modifiers, NULL,
                                                         keep_result, &result);
  WAIT_FOR (result != NULL);
  description = sip_session_description_handler_get_description_finish (handler, result, error);
  if (description == NULL)
    return NULL;
  g_assert_cmpstr (sip_session_description_get_content_type (description), ==, "application/sdp");
  return sip_session_description_dup_text (description);
}

gboolean
listener_set (SipSessionDescriptionHandler *handler,
              const char *text,
              SipModifiers *modifiers,
              GError **error)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/sdp", text);
  g_autoptr (GAsyncResult) result = NULL;

  sip_session_description_handler_set_description_async (handler, description, NULL, modifiers,
                                                         NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  return sip_session_description_handler_set_description_finish (handler, result, error);
}

/* Another answer to the last offer. */
gboolean
listener_answer (SipSessionDescriptionHandler *handler, const char *text, GError **error)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/sdp", text);
  g_autoptr (GAsyncResult) result = NULL;

  sip_session_description_mark_answer (description);
  sip_session_description_handler_set_description_async (handler, description, NULL, NULL, NULL,
                                                         keep_result, &result);
  WAIT_FOR (result != NULL);
  return sip_session_description_handler_set_description_finish (handler, result, error);
}

/* It has to be there. */
char *
listener_replace (const char *text, const char *what, const char *with)
{
  g_autoptr (GString) string = g_string_new (text);

  g_assert_cmpuint (g_string_replace (string, what, with, 0), >, 0);
  return g_string_free (g_steal_pointer (&string), FALSE);
}

void
listener_init (Listener *self)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("listener-XXXXXX", &self->path, &error);

  g_assert_no_error (error);
  close (fd);
  self->sink = g_strdup_printf ("audioconvert ! audioresample ! "
                                "audio/x-raw,format=S16LE,rate=%d,channels=1 ! "
                                "filesink buffer-mode=unbuffered location=%s",
                                RATE, self->path);
}

void
listener_clear (Listener *self)
{
  g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->sink, g_free);
}

static GArray *
read_samples (Listener *self, gsize most)
{
  g_autofree char *bytes = NULL;
  gsize length = 0, n;
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gint16));

  g_assert_true (g_file_get_contents (self->path, &bytes, &length, NULL));
  n = MIN (length / 2, most);
  g_array_append_vals (samples, bytes + (length / 2 - n) * 2, n);
  return samples;
}

/* Samples played so far. */
gsize
listener_count (Listener *self)
{
  GStatBuf status;

  return g_stat (self->path, &status) == 0 ? status.st_size / 2 : 0;
}

/* The power of everything in the last third of a second, 1 being full scale. */
double
listener_measure_all (Listener *self)
{
  g_autoptr (GArray) samples = read_samples (self, RATE / 3);
  double sum = 0;

  for (guint i = 0; i < samples->len; i++)
    sum += pow (g_array_index (samples, gint16, i) / 32768.0, 2);
  return samples->len > 0 ? sum / samples->len : 0;
}

/* The power of one tone in it (Goertzel). */
double
listener_measure (Listener *self, double frequency)
{
  g_autoptr (GArray) samples = read_samples (self, RATE / 3);
  double factor = 2 * cos (2 * G_PI * frequency / RATE), one = 0, two = 0;

  for (guint i = 0; i < samples->len; i++) {
    double zero = g_array_index (samples, gint16, i) / 32768.0 + factor * one - two;

    two = one;
    one = zero;
  }
  if (samples->len == 0)
    return 0;
  return 2 * (one * one + two * two - factor * one * two) / pow (samples->len, 2);
}

/* Whether the last third of a second is that tone and little else. A machine that is too slow to
 * play it without gaps at least plays it.
 */
gboolean
listener_hears (Listener *self, double frequency)
{
  double all = listener_measure_all (self);
  double part = listener_slowness () > 1 ? 0.05 : 0.8;

  return listener_count (self) > RATE / 3 && all > 0.001 &&
         listener_measure (self, frequency) > part * all;
}

static void
pass_time (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + 1000 * milliseconds;

  WAIT_FOR (g_get_monotonic_time () >= end);
}

/* Waits until what is on its way was played at both, @other being %NULL or another one, and then
 * for half a second, in which there is nothing more.
 */
void
listener_assert_stopped (Listener *self, Listener *other)
{
  gsize before, also_before;
  guint looks = 0;

  do {
    g_assert_cmpuint (looks++, <, 40);
    before = listener_count (self);
    also_before = other != NULL ? listener_count (other) : 0;
    pass_time (150 * listener_slowness ());
  } while (listener_count (self) != before ||
           (other != NULL && listener_count (other) != also_before));
  pass_time (500);
  g_assert_cmpuint (listener_count (self), ==, before);
  if (other != NULL)
    g_assert_cmpuint (listener_count (other), ==, also_before);
}

static gboolean
listener_is_still (Listener *listener, gsize *n, gint64 *since)
{
  gsize now = listener_count (listener);

  if (now != *n)
    *since = g_get_monotonic_time ();
  *n = now;
  return g_get_monotonic_time () - *since > 300 * 1000;
}

/* Until nothing more is played, for as long as a dozen packets take. */
void
listener_settle (Listener *listener)
{
  gint64 since = g_get_monotonic_time ();
  gsize n = listener_count (listener);

  WAIT_FOR (listener_is_still (listener, &n, &since));
}

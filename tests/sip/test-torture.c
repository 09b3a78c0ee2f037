/* test-torture.c - messages that were written to break parsers, from a folder of papers
 *
 * AHOY_PAPERS names the folder; they are other people's, so none of them lies here.
 */

#include "fixture.h"

#include <string.h>

static void
find_messages (const char *folder, GPtrArray *paths)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      find_messages (path, paths);
    else if (g_str_has_suffix (name, ".sip") || g_str_has_suffix (name, ".dat"))
      g_ptr_array_add (paths, g_steal_pointer (&path));
  }
}

/* All of them by one wire, and then somebody calls: it rings. */
static void
test_survives (Fixture *fixture, gconstpointer data)
{
  const char *papers = g_getenv ("AHOY_PAPERS");
  g_autofree char *folder = papers != NULL ? g_build_filename (papers, "torture", NULL) : NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (folder != NULL)
    find_messages (folder, paths);
  if (paths->len == 0) {
    g_test_skip ("AHOY_PAPERS names no folder with messages");
    return;
  }
  g_test_message ("%u messages", paths->len);
  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *text = NULL;
    gsize size;
    gint64 start;

    g_assert_true (g_file_get_contents (g_ptr_array_index (paths, i), &text, &size, NULL));
    start = g_get_monotonic_time ();
    peer_wire_begin_anew (fixture->wire);
    peer_wire_deliver (fixture->wire, text, size);
    fixture_drain ();
    g_test_message ("%s: %.1f ms", (char *)g_ptr_array_index (paths, i),
                    (g_get_monotonic_time () - start) / 1000.0);
    if (fixture->session != NULL) {
      sip_session_terminate (fixture->session, NULL, NULL);
      g_clear_object (&fixture->session);
    }
  }
  peer_wire_begin_anew (fixture->wire);
  fixture_advance (fixture, 70000);
  g_string_set_size (fixture->log, 0);
  fixture_ring (fixture, NULL, NULL);
  fixture_expect (fixture, ">100 >180 ua*invite");
}

int
main (int argc, char **argv)
{
  static const FixtureSetting stream = {"TCP", NULL};

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/torture/datagrams", Fixture, NULL, fixture_set_up, test_survives,
              fixture_tear_down);
  g_test_add ("/torture/streams", Fixture, &stream, fixture_set_up, test_survives,
              fixture_tear_down);
  return g_test_run ();
}

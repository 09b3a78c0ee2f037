/* step-check.c - how things stand, and what was sent */

#include "step.h"

#include <string.h>

static char *
dup_nick (GType type, int value)
{
  GEnumClass *klass = g_type_class_ref (type);
  char *nick = g_strdup (g_enum_get_value (klass, value)->value_nick);

  g_type_class_unref (klass);
  return nick;
}

void
step_check_nick (Step *step, GType type, int value)
{
  g_autofree char *nick = dup_nick (type, value);

  if (!g_str_equal (nick, step->words[1]))
    FAIL (step, "it is “%s”", nick);
}

void
step_is (Step *step)
{
  Fixture *fixture = step->run->fixture;
  GObject *object = G_OBJECT (fixture->session);
  const char *name = step->words[1];
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;
  const char *wanted = step->rest + strlen (name) + 1;

  if (g_str_equal (name, "refer")) {
    object = G_OBJECT (fixture->refer);
    name = step->words[2];
    wanted += strlen (name) + 1;
  } else if (g_str_equal (name, "ua")) {
    object = G_OBJECT (fixture->ua);
    name = step->words[2];
    wanted += strlen (name) + 1;
  } else if (g_str_equal (name, "old")) {
    object = G_OBJECT (fixture->old);
    name = step->words[2];
    wanted += strlen (name) + 1;
  }
  g_object_get_property (object, name, &value);
  if (G_VALUE_HOLDS_STRING (&value))
    text = g_value_dup_string (&value);
  else if (G_VALUE_HOLDS_BOOLEAN (&value))
    text = g_strdup (g_value_get_boolean (&value) ? "1" : "0");
  else if (G_VALUE_HOLDS_UINT (&value))
    text = g_strdup_printf ("%u", g_value_get_uint (&value));
  else if (G_VALUE_HOLDS_ENUM (&value))
    text = dup_nick (G_VALUE_TYPE (&value), g_value_get_enum (&value));
  else if (G_VALUE_HOLDS (&value, SIP_TYPE_NAME_ADDR) && g_value_get_object (&value) != NULL)
    text = sip_name_addr_to_string (g_value_get_object (&value));
  else if (G_VALUE_HOLDS_OBJECT (&value) || G_VALUE_HOLDS_BOXED (&value))
    text = g_strdup (g_value_peek_pointer (&value) != NULL ? "there" : NULL);
  if (g_strcmp0 (text != NULL ? text : "-", wanted) != 0)
    FAIL (step, "it is “%s”", text);
}

void
step_check_message (Step *step)
{
  SipMessage *message = step->run->fixture->last_message;
  g_autofree char *text = NULL;

  if (message == NULL)
    text = g_strdup ("-");
  else if (sip_message_get_is_request (message))
    text = g_strdup (sip_message_get_method (message));
  else
    text = g_strdup_printf ("%u", sip_message_get_status_code (message));
  if (!g_str_equal (text, step->rest))
    FAIL (step, "it is “%s”", text);
}

static const char *
find_kind (Step *step, const char *kind)
{
  g_autofree char *start = g_ascii_isdigit (*kind) ? g_strconcat ("SIP/2.0 ", kind, NULL)
                                                   : g_strconcat (kind, " ", NULL);

  return fixture_find_sent (step->run->fixture, start);
}

void
step_sent (Step *step)
{
  const char *message = find_kind (step, step->words[1]);
  g_autofree char *text =
      g_strcompress (step->rest + strlen (step->words[1]) + 1 + strlen (step->words[2]) + 1);
  gboolean there = strstr (message, text) != NULL;

  if (there != g_str_equal (step->words[2], "has"))
    FAIL (step, "it is\n%s", message);
}

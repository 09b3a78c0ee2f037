/* ui-spoken.c - numbers as a screen reader is to say them
 *
 * It reads 0301234 as three hundred and one thousand two hundred and thirty-four.
 */

#include "ui-spoken.h"

#include <string.h>

#define FEWEST 5 /* digits of a number that somebody is called by */

/* How much at the start of @text is one number; *@n_digits of it are digits. */
static gsize
measure (const char *text, guint *n_digits)
{
  gsize end = 0;

  *n_digits = 0;
  for (gsize i = 0; text[i] != '\0' && strchr ("+0123456789 -()/", text[i]) != NULL; i++) {
    if (!g_ascii_isdigit (text[i]))
      continue;
    *n_digits += 1;
    end = i + 1;
  }
  return end;
}

/* @text, in which the digits of a telephone number stand apart. Free it with g_free(). */
char *
ui_spoken_format (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text != '\0') {
    guint n_digits = 0;
    gsize size = *text == '+' || g_ascii_isdigit (*text) ? measure (text, &n_digits) : 0;

    if (n_digits < FEWEST) {
      size = MAX (size, 1);
      g_string_append_len (out, text, size);
      text += size;
      continue;
    }
    for (gsize i = 0; i < size; i++) {
      if (text[i] == '+' || g_ascii_isdigit (text[i]))
        g_string_append_printf (out, "%s%c", i > 0 ? " " : "", text[i]);
    }
    text += size;
  }
  return g_string_free (out, FALSE);
}

/* What a screen reader says of @widget, a GtkAccessible, which shows @text or is about it. */
void
ui_spoken_set (gpointer widget, const char *text)
{
  g_autofree char *spoken = ui_spoken_format (text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

void
ui_spoken_show (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  ui_spoken_set (label, text);
}

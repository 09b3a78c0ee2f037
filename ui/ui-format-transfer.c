/* ui-format-transfer.c - how a call is given to somebody else, in words for a person */

#include "ui-format.h"

#include <glib/gi18n-lib.h>

/* @format: with {1} for @first and {2} for @second; marks inside of names are left alone */
static char *
format_two (const char *format, const char *first, const char *second)
{
  g_autofree char *isolated_first = ui_format_isolate (first),
                  *isolated_second = ui_format_isolate (second);
  GString *out = g_string_new (NULL);

  for (const char *c = format; *c != '\0'; c++) {
    if (c[0] == '{' && (c[1] == '1' || c[1] == '2') && c[2] == '}') {
      g_string_append (out, c[1] == '1' ? isolated_first : isolated_second);
      c += 2;
    } else {
      g_string_append_c (out, *c);
    }
  }
  return g_string_free (out, FALSE);
}

/* @target: (nullable): where it is not known yet */
char *
ui_format_transfer_offer (const char *caller, const char *target)
{
  return target != NULL ? format_two (_ ("Give {1} to {2}"), caller, target)
                        : format_two (_ ("Transfer {1} to…"), caller, "");
}

/* @takes_refer: whether the phone of @caller can be told to call somebody else */
char *
ui_format_transfer_ask_first (const char *caller, const char *target, gboolean takes_refer)
{
  if (target == NULL)
    return g_strdup (takes_refer ? _ ("Speak first, then connect them")
                                 : _ ("Speak first, then all three together"));
  return format_two (takes_refer ? _ ("Speak with {2}, then connect them")
                                 : _ ("Speak with {2}, then all three together"),
                     caller, target);
}

/* @lamp: of @target; whoever is in a call cannot be sent somebody */
char *
ui_format_transfer_send_now (const char *caller,
                             const char *target,
                             gboolean takes_refer,
                             SipLampState lamp)
{
  if (target != NULL && lamp == SIP_LAMP_STATE_BUSY)
    return format_two (_ ("{2} is in another call"), caller, target);
  if (!takes_refer)
    return format_two (_ ("The phone of {1} cannot be transferred"), caller, "");
  return target != NULL ? format_two (_ ("{1} goes straight to {2}"), caller, target)
                        : format_two (_ ("{1} goes there straight away"), caller, "");
}

char *
ui_format_transfer_asks (const char *caller, const char *target)
{
  return format_two (_ ("{1} waits while you ask {2}"), caller, target);
}

char *
ui_format_transfer_sends (const char *caller, const char *target)
{
  return format_two (_ ("Sending {1} to {2}…"), caller, target);
}

char *
ui_format_transfer_rings (const char *caller, const char *target)
{
  return format_two (_ ("Sending {1} to {2}, whose phone rings…"), caller, target);
}

char *
ui_format_transfer_done (const char *caller, const char *target)
{
  return format_two (_ ("{2} answered {1}. Done."), caller, target);
}

char *
ui_format_transfer_caller_left (const char *caller, const char *target)
{
  return format_two (_ ("{1} hung up before {2} could take the call."), caller, target);
}

char *
ui_format_transfer_target_left (const char *caller, const char *target)
{
  return format_two (_ ("{2} hung up. {1} is still here."), caller, target);
}

/* @status_code: what the target said to the call, or the other side to the wish; 0 for nothing */
char *
ui_format_transfer_failure (guint status_code, const char *caller, const char *target)
{
  switch (status_code) {
  case 486:
  case 600:
    return format_two (_ ("{2} is in another call. {1} is still here."), caller, target);
  case 403:
  case 603:
    return format_two (_ ("{2} declined. {1} is still here."), caller, target);
  case 404:
  case 604:
    return format_two (_ ("Nobody is at the address of {2}. {1} is still here."), caller, target);
  case 408:
  case 480:
  case 487:
    return format_two (_ ("{2} didn’t answer. {1} is still here."), caller, target);
  case 405:
  case 501:
    return format_two (_ ("The phone of {1} cannot be transferred. {1} is still here."), caller,
                       target);
  default:
    return format_two (_ ("{2} could not be reached. {1} is still here."), caller, target);
  }
}

/* @name: who asks; @target: the whole address, for that is what a person has to judge */
char *
ui_format_refer (const char *name, const char *target)
{
  return format_two (_ ("{1} wants you to call {2}"), name, target);
}

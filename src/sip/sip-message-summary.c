/* sip-message-summary.c - what a voice mailbox tells of itself (RFC 3842)
 *
 * Up: the NOTIFY of a subscription to `message-summary`, or one that nobody asked for -> lines of
 *     text -> numbers.
 */

#include "sip-message-summary.h"

#include "sip-target-private.h"

#include <string.h>

struct _SipMessageSummary {
  GObject parent_instance;

  gboolean waiting;
  guint n_new;
  guint n_old;
  char *account;
};

/**
 * SipMessageSummary:
 *
 * Whether somebody left a message, and how many.
 */
G_DEFINE_FINAL_TYPE (SipMessageSummary, sip_message_summary, G_TYPE_OBJECT)

static void
sip_message_summary_finalize (GObject *object)
{
  g_free (SIP_MESSAGE_SUMMARY (object)->account);
  G_OBJECT_CLASS (sip_message_summary_parent_class)->finalize (object);
}

static void
sip_message_summary_class_init (SipMessageSummaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sip_message_summary_finalize;
}

static void
sip_message_summary_init (SipMessageSummary *self)
{
}

/* `2/8 (0/2)`: new and old, and how many of each are urgent. */
static void
read_numbers (SipMessageSummary *self, const char *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, "/ (", 3);
  guint64 n_new, n_old;

  if (g_strv_length (words) < 2 ||
      !g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT32, &n_new, NULL) ||
      !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXINT32, &n_old, NULL))
    return;
  self->n_new = n_new;
  self->n_old = n_old;
}

static void
read_line (SipMessageSummary *self, const char *line)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL, *value = NULL;

  if (colon == NULL)
    return;
  name = g_strstrip (g_strndup (line, colon - line));
  value = g_strstrip (g_strdup (colon + 1));
  if (g_ascii_strcasecmp (name, "Messages-Waiting") == 0) {
    self->waiting = g_ascii_strcasecmp (value, "yes") == 0;
  } else if (g_ascii_strcasecmp (name, "Voice-Message") == 0) {
    read_numbers (self, value);
  } else if (g_ascii_strcasecmp (name, "Message-Account") == 0 && sip_uri_is_valid (value, FALSE)) {
    g_free (self->account);
    self->account = g_steal_pointer (&value);
  }
}

static gboolean
is_summary (SipMessage *notify)
{
  const char *type = sip_message_get_content_type (notify);

  return type != NULL && sip_message_get_body (notify) != NULL &&
         g_ascii_strncasecmp (type, "application/simple-message-summary",
                              strlen ("application/simple-message-summary")) == 0;
}

/**
 * sip_message_summary_new:
 * @notify: a NOTIFY
 *
 * Reads what it says of messages (RFC 3842 5.2).
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL where it is about something else
 */
SipMessageSummary *
sip_message_summary_new (SipMessage *notify)
{
  g_autoptr (SipMessageSummary) self = NULL;
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (SIP_IS_MESSAGE (notify), NULL);

  if (!is_summary (notify))
    return NULL;
  self = g_object_new (SIP_TYPE_MESSAGE_SUMMARY, NULL);
  lines = g_strsplit (sip_message_get_body (notify), "\n", 64);
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (self, lines[i]);
  return g_steal_pointer (&self);
}

/**
 * sip_message_summary_get_waiting:
 * @self: a summary
 *
 * Tells whether there is anything new.
 *
 * Returns: whether a message waits
 */
gboolean
sip_message_summary_get_waiting (SipMessageSummary *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE_SUMMARY (self), FALSE);

  return self->waiting;
}

/**
 * sip_message_summary_get_n_new:
 * @self: a summary
 *
 * Counts the voice messages that nobody listened to.
 *
 * Returns: how many there are; 0 where that is not said
 */
guint
sip_message_summary_get_n_new (SipMessageSummary *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE_SUMMARY (self), 0);

  return self->n_new;
}

/**
 * sip_message_summary_get_n_old:
 * @self: a summary
 *
 * Counts the voice messages that were listened to and kept.
 *
 * Returns: how many there are; 0 where that is not said
 */
guint
sip_message_summary_get_n_old (SipMessageSummary *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE_SUMMARY (self), 0);

  return self->n_old;
}

/**
 * sip_message_summary_get_account:
 * @self: a summary
 *
 * Tells whom to call to hear the messages.
 *
 * Returns: (nullable): the address of the mailbox, or %NULL where that is not said
 */
const char *
sip_message_summary_get_account (SipMessageSummary *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE_SUMMARY (self), NULL);

  return self->account;
}

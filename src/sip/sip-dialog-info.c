/* sip-dialog-info.c - whether another phone rings or is in a call (RFC 4235)
 *
 * Up: the NOTIFYs of a subscription to `dialog` -> GMarkup -> the state of each of its calls -> one
 *     lamp.
 */

#include "sip-dialog-info.h"

#include "sip-error.h"

#include <gio/gio.h>
#include <string.h>

enum { MAX_BODY = 64 * 1024, MAX_DEPTH = 16, MAX_DIALOGS = 64 };

struct _SipDialogInfo {
  GObject parent_instance;

  GHashTable *dialogs; /* id to GINT_TO_POINTER (SipLampState); those that are over are not kept */
  gint64 version;      /* of the last document; -1 before */
  SipLampState state;
};

/**
 * SipDialogInfo:
 *
 * What the lamp beside the name of a colleague shows.
 */
G_DEFINE_FINAL_TYPE (SipDialogInfo, sip_dialog_info, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

/* One document, while it is read. */
typedef struct {
  GHashTable *dialogs;
  guint64 version;
  gboolean is_full;
  guint depth;
  char *id;      /* of the dialog that is being read; NULL outside of one */
  GString *text; /* of its state; NULL outside of that */
} Document;

/* RFC 4235 3.7.1: what is neither rings nor is over, as for one that is dialled, is a call. */
static SipLampState
read_state (const char *text)
{
  if (g_str_equal (text, "terminated"))
    return SIP_LAMP_STATE_IDLE;
  return g_str_equal (text, "early") ? SIP_LAMP_STATE_RINGING : SIP_LAMP_STATE_BUSY;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "Bad dialog-info: %s", why);
  return FALSE;
}

/* Without a prefix, which may be any. */
static const char *
skip_prefix (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static const char *
find (const char *wanted, const char **names, const char **values)
{
  for (guint i = 0; names[i] != NULL; i++) {
    if (g_str_equal (names[i], wanted))
      return values[i];
  }
  return NULL;
}

static void
start_root (Document *self, const char **names, const char **values, GError **error)
{
  const char *version = find ("version", names, values);
  const char *state = find ("state", names, values);

  self->is_full = g_strcmp0 (state, "full") == 0;
  if (version == NULL ||
      !g_ascii_string_to_unsigned (version, 10, 0, G_MAXUINT32, &self->version, NULL))
    refuse (error, "it has no version");
  else if (!self->is_full && g_strcmp0 (state, "partial") != 0)
    refuse (error, "it is neither full nor partial");
}

static void
start_element (GMarkupParseContext *context,
               const char *element,
               const char **names,
               const char **values,
               gpointer user_data,
               GError **error)
{
  Document *self = user_data;
  const char *name = skip_prefix (element);

  if (++self->depth > MAX_DEPTH) {
    refuse (error, "it is too deep");
  } else if (self->depth == 1) {
    if (g_str_equal (name, "dialog-info"))
      start_root (self, names, values, error);
    else
      refuse (error, "it is something else");
  } else if (self->depth == 2 && g_str_equal (name, "dialog")) {
    const char *id = find ("id", names, values);

    g_free (self->id);
    self->id = g_strdup (id);
    if (id == NULL || g_hash_table_size (self->dialogs) >= MAX_DIALOGS)
      refuse (error, id == NULL ? "a dialog without a name" : "too many dialogs");
  } else if (self->depth == 3 && self->id != NULL && g_str_equal (name, "state")) {
    self->text = g_string_new (NULL);
  }
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  Document *self = user_data;

  if (self->depth == 3 && self->text != NULL) {
    g_autofree char *text = g_string_free (g_steal_pointer (&self->text), FALSE);

    g_hash_table_replace (self->dialogs, g_strdup (self->id),
                          GINT_TO_POINTER (read_state (g_strstrip (text))));
  } else if (self->depth == 2) {
    g_clear_pointer (&self->id, g_free);
  }
  self->depth--;
}

static void
on_text (GMarkupParseContext *context,
         const char *text,
         gsize size,
         gpointer user_data,
         GError **error)
{
  Document *self = user_data;

  if (self->text != NULL && self->depth == 3)
    g_string_append_len (self->text, text, MIN (size, 32));
}

static gboolean
parse (Document *document, const char *body, GError **error)
{
  static const GMarkupParser parser = {start_element, end_element, on_text, NULL, NULL};
  g_autoptr (GMarkupParseContext) context = NULL;

  if (body == NULL || strlen (body) > MAX_BODY)
    return refuse (error, body == NULL ? "there is none" : "it is too long");
  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, document, NULL);
  return g_markup_parse_context_parse (context, body, -1, error) &&
         g_markup_parse_context_end_parse (context, error);
}

static void
sip_dialog_info_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_enum (value, SIP_DIALOG_INFO (object)->state);
}

static void
sip_dialog_info_finalize (GObject *object)
{
  g_hash_table_unref (SIP_DIALOG_INFO (object)->dialogs);
  G_OBJECT_CLASS (sip_dialog_info_parent_class)->finalize (object);
}

static void
sip_dialog_info_class_init (SipDialogInfoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_dialog_info_get_property;
  object_class->finalize = sip_dialog_info_finalize;

  /**
   * SipDialogInfo:state:
   *
   * What it does, of all its calls the one that counts most.
   */
  props[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, SIP_TYPE_LAMP_STATE, SIP_LAMP_STATE_UNKNOWN,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static GHashTable *
make_dialogs (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
sip_dialog_info_init (SipDialogInfo *self)
{
  self->dialogs = make_dialogs ();
  self->version = -1;
}

/* The only writer of state: who rings can be picked up, so that goes before a call. */
static void
set_state (SipDialogInfo *self)
{
  SipLampState state = SIP_LAMP_STATE_IDLE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->dialogs);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (GPOINTER_TO_INT (value) == SIP_LAMP_STATE_RINGING)
      state = SIP_LAMP_STATE_RINGING;
    else if (state != SIP_LAMP_STATE_RINGING)
      state = SIP_LAMP_STATE_BUSY;
  }
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* @document: one that was read to its end */
static gboolean
take (SipDialogInfo *self, const Document *document, GError **error)
{
  GHashTableIter iter;
  gpointer id, state;

  if (!document->is_full && document->version != (guint64)self->version + 1)
    return refuse (error, "another one is missing");
  if (document->is_full)
    g_hash_table_remove_all (self->dialogs);
  g_hash_table_iter_init (&iter, document->dialogs);
  while (g_hash_table_iter_next (&iter, &id, &state)) {
    if (GPOINTER_TO_INT (state) == SIP_LAMP_STATE_IDLE)
      g_hash_table_remove (self->dialogs, id);
    else if (g_hash_table_size (self->dialogs) < MAX_DIALOGS)
      g_hash_table_replace (self->dialogs, g_strdup (id), state);
  }
  self->version = document->version;
  set_state (self);
  return TRUE;
}

/**
 * sip_dialog_info_new:
 *
 * For one subscription with the event `dialog`, see sip_ua_subscribe().
 *
 * Returns: (transfer full): the lamp of a phone of which nothing is known yet
 */
SipDialogInfo *
sip_dialog_info_new (void)
{
  return g_object_new (SIP_TYPE_DIALOG_INFO, NULL);
}

/**
 * sip_dialog_info_update:
 * @self: a lamp
 * @notify: what came last
 * @error: where it goes that a document cannot be read or that one before it is missing: then the
 *   subscription is to be refreshed
 *
 * Takes what a NOTIFY says (RFC 4235 4.3).
 *
 * Returns: whether it was of use; where not, all is as before
 */
gboolean
sip_dialog_info_update (SipDialogInfo *self, SipMessage *notify, GError **error)
{
  Document document = {NULL};
  gboolean taken;

  g_return_val_if_fail (SIP_IS_DIALOG_INFO (self), FALSE);
  g_return_val_if_fail (SIP_IS_MESSAGE (notify), FALSE);

  document.dialogs = make_dialogs ();
  taken = parse (&document, sip_message_get_body (notify), error) && take (self, &document, error);
  g_hash_table_unref (document.dialogs);
  g_free (document.id);
  if (document.text != NULL)
    g_string_free (document.text, TRUE);
  return taken;
}

/**
 * sip_dialog_info_get_state:
 * @self: a lamp
 *
 * Gets [property@Sip.DialogInfo:state].
 *
 * Returns: what the other phone does
 */
SipLampState
sip_dialog_info_get_state (SipDialogInfo *self)
{
  g_return_val_if_fail (SIP_IS_DIALOG_INFO (self), SIP_LAMP_STATE_UNKNOWN);

  return self->state;
}

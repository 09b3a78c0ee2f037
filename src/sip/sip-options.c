/* sip-options.c - what a method of a session or a user agent may be told beside its arguments */

#include "sip-options-private.h"

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-target-private.h"

#include <string.h>

enum {
  PROP_EXTRA_HEADERS = 1,
  PROP_BODY,
  PROP_CONTENT_TYPE,
  PROP_STATUS_CODE,
  PROP_REASON_PHRASE,
  PROP_REL100,
  PROP_INVITE_WITHOUT_SDP,
  PROP_ANONYMOUS,
  PROP_AUDIO,
  PROP_VIDEO,
  PROP_EARLY_MEDIA,
  PROP_DURATION,
  PROP_INTER_TONE_GAP,
  PROP_ACTIVE_AFTER_TRANSFER,
  PROP_FOLLOW_REFER,
  PROP_FOLLOW_REDIRECTS,
  PROP_REDIRECT_TARGETS,
  PROP_EXPIRES,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

struct _SipOptions {
  GObject parent_instance;

  GValue values[N_PROPS]; /* one that was never set holds no type */
};

/**
 * SipOptions:
 *
 * What one method may be told beyond its arguments; what is not set has its usual value.
 *
 * An object is read when it is handed over, and may be used again.
 */
G_DEFINE_FINAL_TYPE (SipOptions, sip_options, G_TYPE_OBJECT)

/* Headers that the library writes itself, with their short forms. */
static const char *const owned_headers[] = {
    "Via",          "v", "From",           "f", "To",    "t",       "Call-ID", "i",
    "CSeq",         "",  "Content-Length", "l", "Route", "Contact", "m",       "Record-Route",
    "Max-Forwards",
};

static GValue *
find_value (SipOptions *self, const char *name)
{
  GParamSpec *pspec;

  if (self == NULL)
    return NULL;
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), name);
  g_return_val_if_fail (pspec != NULL, NULL);
  return G_IS_VALUE (&self->values[pspec->param_id]) ? &self->values[pspec->param_id] : NULL;
}

static gboolean
is_one_line (const char *text)
{
  return text == NULL || (strpbrk (text, "\r\n") == NULL && g_utf8_validate (text, -1, NULL));
}

static gboolean
check_header (const char *line, GError **error)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;

  if (colon == NULL || colon == line || !is_one_line (line)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "“%s” is not one “Name: value”",
                 line);
    return FALSE;
  }
  name = g_strchomp (g_strndup (line, colon - line));
  for (const char *c = name; *c != '\0'; c++) {
    if (!g_ascii_isalnum (*c) && strchr ("-.!%*_+`'~", *c) == NULL) {
      g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "“%s” is not the name of a header",
                   name);
      return FALSE;
    }
  }
  for (gsize i = 0; i < G_N_ELEMENTS (owned_headers); i++) {
    if (g_ascii_strcasecmp (name, owned_headers[i]) == 0) {
      g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                   "The header %s belongs to the library", name);
      return FALSE;
    }
  }
  return TRUE;
}

static void
sip_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SipOptions *self = SIP_OPTIONS (object);

  if (!G_IS_VALUE (&self->values[id]))
    g_value_init (&self->values[id], G_PARAM_SPEC_VALUE_TYPE (pspec));
  g_value_copy (value, &self->values[id]);
}

static void
sip_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipOptions *self = SIP_OPTIONS (object);

  if (G_IS_VALUE (&self->values[id]))
    g_value_copy (&self->values[id], value);
  else
    g_param_value_set_default (pspec, value);
}

static void
sip_options_finalize (GObject *object)
{
  SipOptions *self = SIP_OPTIONS (object);

  for (guint i = 1; i < N_PROPS; i++) {
    if (G_IS_VALUE (&self->values[i]))
      g_value_unset (&self->values[i]);
  }
  G_OBJECT_CLASS (sip_options_parent_class)->finalize (object);
}

static void
sip_options_class_init (SipOptionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = sip_options_set_property;
  object_class->get_property = sip_options_get_property;
  object_class->finalize = sip_options_finalize;

  /**
   * SipOptions:extra-headers:
   *
   * Headers to add, each as `Name: value`, without line breaks and without those that the
   * library writes itself (Via, From, To, Call-ID, CSeq, Max-Forwards, Content-Length, Route,
   * Record-Route, Contact).
   */
  props[PROP_EXTRA_HEADERS] = g_param_spec_boxed ("extra-headers", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * SipOptions:body:
   *
   * A body to send; of type #SipOptions:content-type.
   */
  props[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  /**
   * SipOptions:content-type:
   *
   * The media type of #SipOptions:body.
   */
  props[PROP_CONTENT_TYPE] = g_param_spec_string ("content-type", NULL, NULL, NULL, flags);
  /**
   * SipOptions:status-code:
   *
   * The status of a response, or of the Reason header of a request; the method says its range.
   */
  props[PROP_STATUS_CODE] = g_param_spec_uint ("status-code", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * SipOptions:reason-phrase:
   *
   * The words that go with #SipOptions:status-code, instead of the usual ones.
   */
  props[PROP_REASON_PHRASE] = g_param_spec_string ("reason-phrase", NULL, NULL, NULL, flags);
  /**
   * SipOptions:rel100:
   *
   * Whether a provisional response is to be sent reliably (RFC 3262).
   */
  props[PROP_REL100] = g_param_spec_boolean ("rel100", NULL, NULL, FALSE, flags);
  /**
   * SipOptions:invite-without-sdp:
   *
   * Whether the INVITE goes without an offer, so that the other side makes it.
   */
  props[PROP_INVITE_WITHOUT_SDP] =
      g_param_spec_boolean ("invite-without-sdp", NULL, NULL, FALSE, flags);
  /**
   * SipOptions:anonymous:
   *
   * Whether the caller's identity is withheld (RFC 3323).
   */
  props[PROP_ANONYMOUS] = g_param_spec_boolean ("anonymous", NULL, NULL, FALSE, flags);
  /**
   * SipOptions:audio:
   *
   * Whether sound is wanted.
   */
  props[PROP_AUDIO] = g_param_spec_boolean ("audio", NULL, NULL, TRUE, flags);
  /**
   * SipOptions:video:
   *
   * Whether a picture is wanted.
   */
  props[PROP_VIDEO] = g_param_spec_boolean ("video", NULL, NULL, FALSE, flags);
  /**
   * SipOptions:early-media:
   *
   * Whether sound before the answer is played.
   */
  props[PROP_EARLY_MEDIA] = g_param_spec_boolean ("early-media", NULL, NULL, TRUE, flags);
  /**
   * SipOptions:duration:
   *
   * How long each tone sounds, in milliseconds.
   */
  props[PROP_DURATION] = g_param_spec_uint ("duration", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * SipOptions:inter-tone-gap:
   *
   * The silence between two tones, in milliseconds.
   */
  props[PROP_INTER_TONE_GAP] =
      g_param_spec_uint ("inter-tone-gap", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * SipOptions:active-after-transfer:
   *
   * Whether the call goes on after it was transferred.
   */
  props[PROP_ACTIVE_AFTER_TRANSFER] =
      g_param_spec_boolean ("active-after-transfer", NULL, NULL, FALSE, flags);
  /**
   * SipOptions:follow-refer:
   *
   * Whether accepting a transfer places the call.
   */
  props[PROP_FOLLOW_REFER] = g_param_spec_boolean ("follow-refer", NULL, NULL, TRUE, flags);
  /**
   * SipOptions:follow-redirects:
   *
   * Whether a call goes on to the addresses that a 3xx names (RFC 3261 8.1.3.4), up to five.
   */
  props[PROP_FOLLOW_REDIRECTS] =
      g_param_spec_boolean ("follow-redirects", NULL, NULL, FALSE, flags);
  /**
   * SipOptions:redirect-targets:
   *
   * The addresses that a refusal with 3xx names, the best first.
   */
  props[PROP_REDIRECT_TARGETS] =
      g_param_spec_boxed ("redirect-targets", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * SipOptions:expires:
   *
   * For how long a subscription is asked for at a time, in seconds.
   */
  props[PROP_EXPIRES] = g_param_spec_uint ("expires", NULL, NULL, 1, G_MAXINT32, 3600, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_options_init (SipOptions *self)
{
}

/**
 * sip_options_new:
 *
 * Makes options of which none is set.
 *
 * Returns: (transfer full): options of which none is set
 */
SipOptions *
sip_options_new (void)
{
  return g_object_new (SIP_TYPE_OPTIONS, NULL);
}

/**
 * sip_options_copy:
 * @self: (nullable): options, or %NULL for none
 *
 * Makes options of their own with the same values.
 *
 * Returns: (transfer full): options of their own with the same values
 */
SipOptions *
sip_options_copy (SipOptions *self)
{
  SipOptions *copy = sip_options_new ();

  g_return_val_if_fail (self == NULL || SIP_IS_OPTIONS (self), copy);

  for (guint i = 1; self != NULL && i < N_PROPS; i++) {
    if (G_IS_VALUE (&self->values[i]))
      sip_options_set_property (G_OBJECT (copy), i, &self->values[i], props[i]);
  }
  return copy;
}

/**
 * sip_options_check:
 * @self: (nullable): options, or %NULL for none
 * @first: the lowest status code that may be given
 * @last: the highest
 * @error: where what is wrong goes
 *
 * Checks all that would end up in a header, before anything changes: no line breaks, no header
 * of the library's, a status code in range.
 *
 * Returns: %TRUE where all can be used
 */
gboolean
sip_options_check (SipOptions *self, guint first, guint last, GError **error)
{
  const char *const *headers = sip_options_read_extra_headers (self);
  const char *const *targets = sip_options_read_texts (self, "redirect-targets");
  guint code = sip_options_read_number (self, "status-code", 0);

  if (code != 0 && (code < first || code > last)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid statusCode: %u", code);
    return FALSE;
  }
  if (!is_one_line (sip_options_read_text (self, "reason-phrase")) ||
      !is_one_line (sip_options_read_text (self, "content-type"))) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         "A reason phrase and a content type have one line");
    return FALSE;
  }
  for (gsize i = 0; headers != NULL && headers[i] != NULL; i++) {
    if (!check_header (headers[i], error))
      return FALSE;
  }
  for (gsize i = 0; targets != NULL && targets[i] != NULL; i++) {
    if (!sip_uri_is_valid (targets[i], FALSE)) {
      g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid target: %s", targets[i]);
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * sip_options_read_extra_headers:
 * @self: (nullable): options, or %NULL for none
 *
 * Reads the headers that a request or a response is to carry besides its own.
 *
 * Returns: (nullable) (array zero-terminated=1) (transfer none): the headers to add
 */
const char *const *
sip_options_read_extra_headers (SipOptions *self)
{
  return sip_options_read_texts (self, "extra-headers");
}

/**
 * sip_options_read_texts:
 * @self: (nullable): options, or %NULL for none
 * @name: the name of a property that is a list of strings
 *
 * Reads a list of texts.
 *
 * Returns: (nullable) (array zero-terminated=1) (transfer none): its value, or %NULL where it is
 *   not set
 */
const char *const *
sip_options_read_texts (SipOptions *self, const char *name)
{
  GValue *value = find_value (self, name);

  return value != NULL ? g_value_get_boxed (value) : NULL;
}

/**
 * sip_options_read_text:
 * @self: (nullable): options, or %NULL for none
 * @name: the name of a property that is a string
 *
 * Reads a text.
 *
 * Returns: (nullable): its value, or %NULL where it is not set
 */
const char *
sip_options_read_text (SipOptions *self, const char *name)
{
  GValue *value = find_value (self, name);

  return value != NULL ? g_value_get_string (value) : NULL;
}

/**
 * sip_options_read_number:
 * @self: (nullable): options, or %NULL for none
 * @name: the name of a property that is a number
 * @fallback: what counts where it is not set
 *
 * Reads a number.
 *
 * Returns: its value
 */
guint
sip_options_read_number (SipOptions *self, const char *name, guint fallback)
{
  GValue *value = find_value (self, name);

  return value != NULL ? g_value_get_uint (value) : fallback;
}

/**
 * sip_options_read_flag:
 * @self: (nullable): options, or %NULL for none
 * @name: the name of a property that is a boolean
 * @fallback: what counts where it is not set
 *
 * Reads a yes or no.
 *
 * Returns: its value
 */
gboolean
sip_options_read_flag (SipOptions *self, const char *name, gboolean fallback)
{
  GValue *value = find_value (self, name);

  return value != NULL ? g_value_get_boolean (value) : fallback;
}

/* The body that was given for @message, if one was. */
void
sip_options_write_body (SipOptions *self, SipMessage *message)
{
  const char *body = sip_options_read_text (self, "body");
  const char *type = sip_options_read_text (self, "content-type");
  g_autoptr (GBytes) bytes = NULL;

  if (body == NULL)
    return;
  bytes = g_bytes_new (body, strlen (body));
  sip_message_set_body (message, type != NULL ? type : "text/plain", bytes);
}

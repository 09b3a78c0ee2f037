/* sip-name-addr.c - a name and an address, as From and To carry them (RFC 3261 20.10) */

#include "sip-name-addr.h"

#include <string.h>

struct _SipNameAddr {
  GObject parent_instance;

  char *display_name; /* NULL where there is none */
  char *uri;          /* without angle brackets */
};

/**
 * SipNameAddr:
 *
 * An address and the name that is shown for it (RFC 3261 20.10). Neither is proof of anything.
 */
G_DEFINE_FINAL_TYPE (SipNameAddr, sip_name_addr, G_TYPE_OBJECT)

enum { PROP_DISPLAY_NAME = 1, PROP_URI, N_PROPS };
static GParamSpec *props[N_PROPS];

/* The contents of a quoted string whose opening quote is at @text; @end is set behind the closing
 * one. */
static char *
unquote (const char *text, const char **end)
{
  GString *out = g_string_new (NULL);

  for (text++; *text != '\0' && *text != '"'; text++) {
    if (*text == '\\' && text[1] != '\0')
      text++;
    g_string_append_c (out, *text);
  }
  *end = *text == '"' ? text + 1 : text;
  return g_string_free (out, FALSE);
}

static void
sip_name_addr_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipNameAddr *self = SIP_NAME_ADDR (object);

  switch (id) {
  case PROP_DISPLAY_NAME:
    g_value_set_string (value, self->display_name);
    break;
  case PROP_URI:
    g_value_set_string (value, self->uri);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_name_addr_finalize (GObject *object)
{
  SipNameAddr *self = SIP_NAME_ADDR (object);

  g_free (self->display_name);
  g_free (self->uri);
  G_OBJECT_CLASS (sip_name_addr_parent_class)->finalize (object);
}

static void
sip_name_addr_class_init (SipNameAddrClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_name_addr_get_property;
  object_class->finalize = sip_name_addr_finalize;

  /**
   * SipNameAddr:display-name:
   *
   * What the other side calls itself; not to be trusted, never to be matched.
   */
  props[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipNameAddr:uri:
   *
   * The address, without angle brackets and without header parameters.
   */
  props[PROP_URI] =
      g_param_spec_string ("uri", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_name_addr_init (SipNameAddr *self)
{
}

/**
 * sip_name_addr_new:
 * @display_name: (nullable): the name, or %NULL
 * @uri: the address, for example `sip:bob@example.org`
 *
 * Makes an address with a name.
 *
 * Returns: (transfer full): a name and an address
 */
SipNameAddr *
sip_name_addr_new (const char *display_name, const char *uri)
{
  SipNameAddr *self = g_object_new (SIP_TYPE_NAME_ADDR, NULL);

  g_return_val_if_fail (uri != NULL, self);

  self->display_name =
      display_name != NULL && *display_name != '\0' ? g_utf8_make_valid (display_name, -1) : NULL;
  self->uri = g_utf8_make_valid (uri, -1);
  return self;
}

/**
 * sip_name_addr_parse:
 * @text: the value of a From, To, Contact or P-Asserted-Identity header
 *
 * Reads the first name-addr or addr-spec of @text (RFC 3261 20.10); what is behind it, tags and
 * other parameters of the header, is left aside.
 *
 * Returns: (transfer full) (nullable): the name and the address, or %NULL where there is none
 */
SipNameAddr *
sip_name_addr_parse (const char *text)
{
  g_autofree char *name = NULL;
  g_autofree char *uri = NULL;
  const char *end;

  g_return_val_if_fail (text != NULL, NULL);

  text += strspn (text, " \t");
  if (*text == '"') {
    name = unquote (text, &text);
    text += strspn (text, " \t");
    if (*text != '<')
      return NULL;
  }
  if (name == NULL) {
    end = text + strcspn (text, "<");
    if (*end == '<') {
      name = g_strstrip (g_strndup (text, end - text));
      text = end;
    }
  }
  if (*text == '<') {
    end = strchr (++text, '>');
    if (end == NULL)
      return NULL;
    uri = g_strndup (text, end - text);
  } else {
    uri = g_strstrip (g_strndup (text, strcspn (text, ";,")));
  }
  if (strchr (uri, ':') == NULL)
    return NULL;
  return sip_name_addr_new (name, uri);
}

/**
 * sip_name_addr_get_display_name:
 * @self: a name and an address
 *
 * Gets [property@Sip.NameAddr:display-name].
 *
 * Returns: (nullable): the name, or %NULL where none was given
 */
const char *
sip_name_addr_get_display_name (SipNameAddr *self)
{
  g_return_val_if_fail (SIP_IS_NAME_ADDR (self), NULL);

  return self->display_name;
}

/**
 * sip_name_addr_get_uri:
 * @self: a name and an address
 *
 * Gets [property@Sip.NameAddr:uri].
 *
 * Returns: the address
 */
const char *
sip_name_addr_get_uri (SipNameAddr *self)
{
  g_return_val_if_fail (SIP_IS_NAME_ADDR (self), NULL);

  return self->uri;
}

/**
 * sip_name_addr_to_string:
 * @self: a name and an address
 *
 * Writes both as a header has them.
 *
 * Returns: (transfer full): `"Bob" <sip:bob@example.org>`, or `<sip:…>` without a name; quotes
 *   and backslashes of the name are escaped, control characters left out
 */
char *
sip_name_addr_to_string (SipNameAddr *self)
{
  GString *out;

  g_return_val_if_fail (SIP_IS_NAME_ADDR (self), NULL);

  out = g_string_new (NULL);
  if (self->display_name != NULL) {
    g_string_append_c (out, '"');
    for (const char *c = self->display_name; *c != '\0'; c++) {
      if ((guchar)*c < 0x20 || *c == 0x7f)
        continue;
      if (*c == '"' || *c == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *c);
    }
    g_string_append (out, "\" ");
  }
  g_string_append_printf (out, "<%s>", self->uri);
  return g_string_free (out, FALSE);
}

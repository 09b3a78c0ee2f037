/* store-vcard.c - the people in a file of vCards (RFC 2426, RFC 6350, and vCard 2.1)
 *
 * Down: bytes -> lines, unfolded -> name, parameters, value
 * Up:   StorePerson, in plain memory: any thread may read cards
 *
 * Whoever sent a card wrote it, so it is read here line by line, with bounds. EVCard would take a
 * card without an end for a whole one, warn of it as of a bug, and know no line numbers. Of a card
 * only names and what can be called are of use; the rest (pictures above all) is passed over.
 */

#include "store-vcard-private.h"

#include "store-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CARDS 20000
#define MAX_LINE 16384 /* of use; what is longer is a picture */
#define MAX_ADDRESSES 64

/* The file, and where reading stands in it. */
typedef struct {
  const char *at;
  const char *end;
  guint line;      /* of the file, from 1: that of the last text taken */
  guint next_line; /* the one after */
} Reader;

/* The card under way; @start is 0 between two cards. */
typedef struct {
  guint start;
  char *formatted_name;
  char *structured_name;
  char *other_name; /* of an organisation, or a nickname */
  GPtrArray *addresses;
  GPtrArray *labels;
} Card;

/* One line of a card. */
typedef struct {
  char *name;
  char **parameters;
  char *value;
} Property;

static void
card_clear (Card *self)
{
  self->start = 0;
  g_clear_pointer (&self->formatted_name, g_free);
  g_clear_pointer (&self->structured_name, g_free);
  g_clear_pointer (&self->other_name, g_free);
  g_clear_pointer (&self->addresses, g_ptr_array_unref);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
}

static void
property_clear (Property *self)
{
  g_free (self->name);
  g_strfreev (self->parameters);
  g_free (self->value);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Card, card_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Property, property_clear)

static const char *
find_line_end (const Reader *reader, const char *from)
{
  const char *end = memchr (from, '\n', reader->end - from);

  return end != NULL ? end : reader->end;
}

static gboolean
is_quoted_printable (const char *line, gsize length)
{
  const char *colon = memchr (line, ':', length);
  g_autofree char *head = colon != NULL ? g_ascii_strup (line, MIN (colon - line, MAX_LINE)) : NULL;

  return head != NULL && strstr (head, "QUOTED-PRINTABLE") != NULL;
}

/* The next line with those that continue it, or NULL at the end. What is too long is cut. */
static char *
take_line (Reader *reader)
{
  GString *line = NULL;
  gboolean goes_on = reader->at < reader->end;

  if (!goes_on)
    return NULL;
  line = g_string_new (NULL);
  reader->line = reader->next_line;
  for (gboolean is_first = TRUE, is_quoted = FALSE; goes_on; is_first = FALSE) {
    const char *end = find_line_end (reader, reader->at);
    gsize length = end - reader->at, room = MAX_LINE - line->len;

    if (length > 0 && reader->at[length - 1] == '\r')
      length--;
    if (is_first)
      is_quoted = is_quoted_printable (reader->at, length);

    gboolean is_soft = is_quoted && length > 0 && reader->at[length - 1] == '=';

    g_string_append_len (line, reader->at, MIN (length - is_soft, room));
    reader->at = MIN (end + 1, reader->end);
    reader->next_line++;
    goes_on = reader->at < reader->end && (is_soft || *reader->at == ' ' || *reader->at == '\t');
    reader->at += goes_on && !is_soft;
  }
  return g_string_free (line, FALSE);
}

/* The colon that ends name and parameters: quotes may hold others. */
static char *
find_colon (char *line)
{
  gboolean is_quoted = FALSE;

  for (char *at = line; *at != '\0'; at++) {
    if (*at == '"')
      is_quoted = !is_quoted;
    else if (*at == ':' && !is_quoted)
      return at;
  }
  return NULL;
}

static char *
decode_quoted_printable (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '=' && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2])) {
      int byte = g_ascii_xdigit_value (at[1]) * 16 + g_ascii_xdigit_value (at[2]);

      g_string_append_c (plain, byte != 0 ? byte : ' ');
      at += 2;
    } else {
      g_string_append_c (plain, *at);
    }
  }
  return g_string_free (plain, FALSE);
}

/* RFC 6350 3.4. */
static char *
unescape (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '\\' && at[1] != '\0') {
      at++;
      g_string_append_c (plain, *at == 'n' || *at == 'N' ? ' ' : *at);
    } else {
      g_string_append_c (plain, *at);
    }
  }
  return g_string_free (plain, FALSE);
}

static gboolean
has_parameter (char **parameters, const char *upper)
{
  for (guint i = 0; parameters[i] != NULL; i++) {
    g_autofree char *one = g_ascii_strup (parameters[i], -1);

    if (strstr (one, upper) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* Takes @line apart. FALSE if it is no line of a card. */
static gboolean
parse_property (char *line, Property *property)
{
  char *colon = find_colon (line);
  char *name;

  if (colon == NULL)
    return FALSE;
  *colon = '\0';
  property->parameters = g_strsplit (line, ";", 32);
  if (property->parameters[0] == NULL)
    return FALSE;
  /* A name may stand in a group: item1.TEL. */
  name = strrchr (property->parameters[0], '.');
  property->name = g_ascii_strup (name != NULL ? name + 1 : property->parameters[0], -1);
  property->value = has_parameter (property->parameters + 1, "QUOTED-PRINTABLE")
                        ? decode_quoted_printable (colon + 1)
                        : g_strdup (colon + 1);
  g_strstrip (property->value);
  return *property->name != '\0';
}

/* Family;Given;Middle;Prefix;Suffix, in the order of speech. */
static char *
join_name (const char *value)
{
  static const guint order[] = {3, 1, 2, 0, 4};
  g_auto (GStrv) parts = g_strsplit (value, ";", 6);
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    if (order[i] >= g_strv_length (parts) || *parts[order[i]] == '\0')
      continue;
    if (name->len > 0)
      g_string_append_c (name, ' ');
    g_string_append (name, parts[order[i]]);
  }
  return unescape (name->str);
}

static const char *
find_label (char **parameters)
{
  static const struct {
    const char *type;
    const char *label;
  } labels[] = {
      {"FAX", "fax"},   {"CELL", "mobile"}, {"HOME", "home"},
      {"WORK", "work"}, {"MAIN", "main"},   {"PAGER", "pager"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
    if (has_parameter (parameters, labels[i].type))
      return labels[i].label;
  }
  return "";
}

static gboolean
is_sip (const char *text)
{
  return g_ascii_strncasecmp (text, "sip:", 4) == 0 || g_ascii_strncasecmp (text, "sips:", 5) == 0;
}

static void
add_address (Card *card, char *address, const char *label)
{
  if (*address != '\0' && card->addresses->len < MAX_ADDRESSES) {
    g_ptr_array_add (card->addresses, address);
    g_ptr_array_add (card->labels, g_strdup (label));
  } else {
    g_free (address);
  }
}

static void
take_property (Card *card, const Property *property)
{
  const char *label = find_label (property->parameters + 1);

  if (g_str_equal (property->name, "FN") && card->formatted_name == NULL) {
    card->formatted_name = unescape (property->value);
  } else if (g_str_equal (property->name, "N") && card->structured_name == NULL) {
    card->structured_name = join_name (property->value);
  } else if ((g_str_equal (property->name, "NICKNAME") || g_str_equal (property->name, "ORG")) &&
             card->other_name == NULL) {
    card->other_name = join_name (property->value);
  } else if (g_str_equal (property->name, "TEL")) {
    const char *number = property->value;

    add_address (
        card, unescape (g_ascii_strncasecmp (number, "tel:", 4) == 0 ? number + 4 : number), label);
  } else if (g_str_equal (property->name, "X-SIP")) {
    add_address (card,
                 is_sip (property->value) ? unescape (property->value)
                                          : g_strconcat ("sip:", property->value, NULL),
                 label);
  } else if ((g_str_equal (property->name, "IMPP") || g_str_equal (property->name, "URL")) &&
             is_sip (property->value)) {
    add_address (card, unescape (property->value), label);
  }
}

static gboolean
is_filled (const char *text)
{
  return text != NULL && strspn (text, " ") < strlen (text);
}

/* A card that names nobody and reaches nobody is not an error, and not a person. */
static void
end_card (Card *card, GPtrArray *people)
{
  const char *name = is_filled (card->formatted_name)    ? card->formatted_name
                     : is_filled (card->structured_name) ? card->structured_name
                                                         : card->other_name;

  g_ptr_array_add (card->addresses, NULL);
  g_ptr_array_add (card->labels, NULL);

  StorePerson *person =
      store_person_new (NULL, name, FALSE, (const char *const *)card->addresses->pdata,
                        (const char *const *)card->labels->pdata, NULL);

  if (person != NULL)
    g_ptr_array_add (people, person);
  card_clear (card);
}

static gboolean
refuse (GError **error, guint line, const char *what)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_FILE, _ ("Line %u: %s"), line, what);
  return FALSE;
}

static gboolean
read_line (Reader *reader, Card *card, char *line, GPtrArray *people, GError **error)
{
  g_auto (Property) property = {NULL, NULL, NULL};
  gboolean is_property = parse_property (line, &property);
  gboolean is_card = is_property && g_ascii_strcasecmp (property.value, "VCARD") == 0;

  if (is_card && g_str_equal (property.name, "BEGIN")) {
    if (card->start != 0)
      return refuse (error, reader->line, _ ("a card begins before the last one has ended."));
    if (people->len >= MAX_CARDS)
      return refuse (error, reader->line, _ ("there are too many cards in this file."));
    card->start = reader->line;
    card->addresses = g_ptr_array_new_with_free_func (g_free);
    card->labels = g_ptr_array_new_with_free_func (g_free);
    return TRUE;
  }
  if (card->start == 0)
    return refuse (error, reader->line, _ ("this is not the beginning of a card."));
  if (!is_property)
    return refuse (error, reader->line, _ ("this is not a line of a card."));
  if (is_card && g_str_equal (property.name, "END"))
    end_card (card, people);
  else
    take_property (card, &property);
  return TRUE;
}

/* Returns the StorePerson of all cards, or NULL and an error that names the line. */
GPtrArray *
store_vcard_read (const char *data, gsize length, GError **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify)store_person_free);
  gsize mark = length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  Reader reader = {data + mark, data + length, 0, 1};
  g_auto (Card) card = {0};
  const char *zero = length > 0 ? memchr (data, '\0', length) : NULL;

  if (zero != NULL) {
    guint line = 1;

    for (const char *at = data; at < zero; at++)
      line += *at == '\n';
    refuse (error, line, _ ("this is not text."));
    return NULL;
  }
  for (;;) {
    g_autofree char *line = take_line (&reader);

    if (line == NULL)
      break;
    if (strspn (line, " \t") == strlen (line))
      continue;
    if (!read_line (&reader, &card, line, people, error))
      return NULL;
  }
  if (card.start != 0) {
    refuse (error, card.start, _ ("the card that begins here does not end."));
    return NULL;
  }
  return g_steal_pointer (&people);
}

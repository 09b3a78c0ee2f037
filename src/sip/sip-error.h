#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SIP_ERROR:
 *
 * The domain of errors that the library finds itself; what the other side refuses arrives as a
 * signal with its response.
 */
#define SIP_ERROR (sip_error_quark ())

/**
 * SipError:
 * @SIP_ERROR_FAILED: none of the others
 * @SIP_ERROR_INVALID_STATE: the session's status does not allow it (SIP.js: INVALID_STATE_ERROR)
 * @SIP_ERROR_INVALID_ARGUMENT: an argument or an option cannot be used (SIP.js: TypeError)
 * @SIP_ERROR_CONFIGURATION: a property of the user agent cannot be used
 * @SIP_ERROR_NOT_SUPPORTED: this side cannot do that
 * @SIP_ERROR_RENEGOTIATION: a change of a running call was refused
 * @SIP_ERROR_SESSION_DESCRIPTION_HANDLER: the media failed
 * @SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED: the media was closed meanwhile
 * @SIP_ERROR_UNSUPPORTED_CONTENT_TYPE: a description of a type that the handler does not speak
 * @SIP_ERROR_BAD_DESCRIPTION: a description that cannot be used
 * @SIP_ERROR_NOT_SECURE: the other side's certificate is not the one its description names
 * @SIP_ERROR_RELAY: the relay that the user named cannot be used
 * @SIP_ERROR_TRANSPORT: the network or the server could not be reached
 * @SIP_ERROR_PARSE: a message that is none
 *
 * Codes of %SIP_ERROR.
 */
typedef enum {
  SIP_ERROR_FAILED,
  SIP_ERROR_INVALID_STATE,
  SIP_ERROR_INVALID_ARGUMENT,
  SIP_ERROR_CONFIGURATION,
  SIP_ERROR_NOT_SUPPORTED,
  SIP_ERROR_RENEGOTIATION,
  SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
  SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
  SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
  SIP_ERROR_BAD_DESCRIPTION,
  SIP_ERROR_NOT_SECURE,
  SIP_ERROR_RELAY,
  SIP_ERROR_TRANSPORT,
  SIP_ERROR_PARSE,
} SipError;

GQuark sip_error_quark (void);

#define SIP_TYPE_ERROR (sip_error_get_type ())
GType sip_error_get_type (void);

G_END_DECLS

/* sip-error.c - what the library itself finds wrong */

#include "sip-error.h"

/**
 * sip_error_quark:
 *
 * Names the domain %SIP_ERROR.
 *
 * Returns: its quark
 */
GQuark
sip_error_quark (void)
{
  return g_quark_from_static_string ("sip-error-quark");
}

G_DEFINE_ENUM_TYPE (SipError,
                    sip_error,
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_INVALID_STATE, "invalid-state"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_INVALID_ARGUMENT, "invalid-argument"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_CONFIGURATION, "configuration"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_NOT_SUPPORTED, "not-supported"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_RENEGOTIATION, "renegotiation"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                                         "session-description-handler"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                                         "session-description-handler-closed"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
                                         "unsupported-content-type"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_BAD_DESCRIPTION, "bad-description"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_NOT_SECURE, "not-secure"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_RELAY, "relay"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_TRANSPORT, "transport"),
                    G_DEFINE_ENUM_VALUE (SIP_ERROR_PARSE, "parse"))

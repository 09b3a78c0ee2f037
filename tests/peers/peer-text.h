#pragma once

#include <glib.h>

/* A peer that speaks plain text, none of the library's classes. */
char *peer_text_header (const char *message, const char *name);
char *peer_text_response (const char *request,
                          guint code,
                          const char *tag,
                          const char *headers,
                          const char *type,
                          const char *body);
char *peer_text_request (const char *method,
                         const char *uri,
                         const char *via,
                         const char *from,
                         const char *to,
                         const char *call_id,
                         guint cseq,
                         const char *headers,
                         const char *type,
                         const char *body);

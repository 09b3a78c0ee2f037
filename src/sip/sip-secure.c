/* sip-secure.c - the part of the library that is loaded with the first secure account */

#include "sip-identity-private.h"
#include "sip-part-private.h"
#include "sip-transport-private.h"

const SipSecurePart sip_secure_part = {
    .transport_ws_new = sip_transport_ws_new,
    .identity_names = sip_identity_names,
};

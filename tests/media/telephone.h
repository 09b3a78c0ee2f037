#pragma once

/* What a telephone on a desk writes, and a key that it could add. */

#define TELEPHONE                                                                                  \
  "v=0\r\n"                                                                                        \
  "o=root 1821 1821 IN IP4 192.0.2.7\r\n"                                                          \
  "s=call\r\n"                                                                                     \
  "c=IN IP4 192.0.2.7\r\n"                                                                         \
  "t=0 0\r\n"                                                                                      \
  "m=audio 4020 RTP/AVP 8 9 0 18 13 101\r\n"                                                       \
  "a=rtpmap:8 PCMA/8000\r\n"                                                                       \
  "a=rtpmap:9 g722/8000\r\n"                                                                       \
  "a=rtpmap:18 G729/8000\r\n"                                                                      \
  "a=fmtp:18 annexb=no\r\n"                                                                        \
  "a=rtpmap:13 CN/8000\r\n"                                                                        \
  "a=rtpmap:101 telephone-event/8000\r\n"                                                          \
  "a=fmtp:101 0-15\r\n"                                                                            \
  "a=ptime:20\r\n"                                                                                 \
  "a=sendrecv\r\n"

#define KEY "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"

/* What one change to a phone's description makes of it, by policy. */
typedef struct {
  const char *name;
  const char *what;
  const char *with;
} Change;

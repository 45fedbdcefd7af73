// Failures of a query as HTTP responses: the one place where an Error becomes a status.
#pragma once

#include "base/error.h"
#include "server/http/http_reply.h"

namespace sumac::server {

// 400 for what another query would mend, 503 for what time would, 504 for a query whose own time
// was up, 500 for the rest.
int StatusOf(const Error& error);

// The message as plain text, with that status.
HttpReply ErrorReply(const Error& error);

// A reply of one line of text.
HttpReply TextReply(int status, std::string body);

}  // namespace sumac::server

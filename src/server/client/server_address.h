// Where a client finds a server, and what it says when it does not answer as it should.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::server {

// "127.0.0.1:8090" or "http://127.0.0.1:8090/" as a URL without a slash at its end. Error
// kInvalidArgument: it is no address.
Result<std::string> ServerUrl(const std::string& address);

// Error kInvalidArgument: a key that no header can carry.
Status CheckApiKey(const SecretString& api_key);

// Of a server that answers 401.
Error KeyRefused(const std::string& url, bool with_key);

// Nothing listens there.
Error NobodyAnswers(const std::string& url, const Error& cause);

}  // namespace sumac::server

// Services quote what they were sent when they refuse it. Before any of that is shown, the secrets
// of the request are taken out.
#pragma once

#include <initializer_list>
#include <string>

#include "base/secret_string.h"
#include "net/body_buffer.h"

namespace sumac::aws {

// Replaces every secret in `text` with "***". One of less than eight characters is none that a
// service gives out, and taking it out would break words of the text; it is passed over.
void Redact(std::initializer_list<const SecretString*> secrets, std::string& text);
void Redact(std::initializer_list<const SecretString*> secrets, net::BodyBuffer& text);

}  // namespace sumac::aws

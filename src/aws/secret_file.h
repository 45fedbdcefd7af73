// Small files that hold secrets: tokens, caches.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::aws {

// The file's text without the white space at its end. Errors name the file: kNotFound when there is
// none, kUnauthenticated when it cannot be read, is no file, or is longer than 1 MiB.
Result<SecretString> ReadSecretFile(const std::string& path);

// The same for a file that the configuration names: that there is none is kUnauthenticated too.
Result<SecretString> ReadRequiredSecretFile(const std::string& path);

// Replaces the file in one step, readable by its owner alone. Error: kUnauthenticated.
Status WriteSecretFile(const std::string& path, const SecretString& text);

}  // namespace sumac::aws

// The small JSON documents of credential sources as a flat map. Values are secrets until somebody
// knows better.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret_string.h"

namespace sumac::aws {

// "a.b" names the member b of the member object a. Strings stand as their text, numbers and
// booleans as they are written; null, arrays and deeper objects are left out.
using JsonFields = std::map<std::string, SecretString>;

// Error kDataCorrupt when `text` is no JSON object; the message quotes nothing of it.
Result<JsonFields> ParseJsonFields(std::string_view text);

// `text`, a JSON object, with the outermost members that `members` names set to these strings, and
// all others as they are. What is no object counts as an empty one.
SecretString SetJsonMembers(const SecretString& text, const JsonFields& members);

// The text of a member that is no secret; empty when there is none.
std::string Field(const JsonFields& fields, const std::string& name);
SecretString SecretField(const JsonFields& fields, const std::string& name);

}  // namespace sumac::aws

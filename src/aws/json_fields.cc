#include "aws/json_fields.h"

#include <simdjson.h>

#include "base/json_text.h"

namespace sumac::aws {
namespace {

void AddMembers(const simdjson::dom::object& object, const std::string& prefix, bool outermost,
                JsonFields& fields) {
  for (const auto& [key, value] : object) {
    const std::string name = prefix + std::string(key);
    simdjson::dom::object inner;
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      fields[name] = SecretString(std::string(text));
    } else if (value.is_number() || value.is_bool()) {
      fields[name] = SecretString(simdjson::minify(value));
    } else if (outermost && value.get(inner) == simdjson::SUCCESS) {
      AddMembers(inner, name + ".", false, fields);
    }
  }
}

}  // namespace

Result<JsonFields> ParseJsonFields(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
    Error error;
    error.code = ErrorCode::kDataCorrupt;
    error.blame = Blame::kService;
    error.message = "the answer is no JSON object";
    return Fail(std::move(error));
  }
  JsonFields fields;
  AddMembers(object, "", true, fields);
  return fields;
}

SecretString SetJsonMembers(const SecretString& text, const JsonFields& members) {
  std::string out;
  const auto append = [&out](std::string_view name, const auto& append_value) {
    out += out.empty() ? "{" : ",";
    AppendJsonString(name, out);
    out += ':';
    append_value();
  };
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.Reveal().data(), text.Reveal().size()).get(object) == simdjson::SUCCESS) {
    for (const auto& [key, value] : object) {
      if (members.contains(std::string(key))) continue;
      append(key, [&, &kept = value] { out += simdjson::minify(kept); });
    }
  }
  for (const auto& [name, value] : members) {
    append(name, [&, &set = value] { AppendJsonString(set.Reveal(), out); });
  }
  return SecretString(out.empty() ? std::string("{}") : std::move(out) + "}");
}

std::string Field(const JsonFields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second.Reveal();
}

SecretString SecretField(const JsonFields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? SecretString() : found->second;
}

}  // namespace sumac::aws

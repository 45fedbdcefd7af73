#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

std::string Quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    quoted += c;
    if (c == quote) quoted += c;
  }
  return quoted + quote;
}

}  // namespace

std::string QuotedIdentifier(std::string_view name) {
  return Quoted(name, '"');
}

std::string QuotedText(std::string_view text) {
  return Quoted(text, '\'');
}

std::string IdentifierList(const std::vector<std::string>& names, std::string_view separator) {
  std::string list;
  for (const auto& name : names) {
    if (!list.empty()) list += separator;
    list += QuotedIdentifier(name);
  }
  return list;
}

}  // namespace sumac::engine

#include "cli/prompt_command.h"

#include <algorithm>
#include <map>

namespace sumac::cli {
namespace {

using Kind = PromptCommand::Kind;

std::string WithoutBlanks(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// What takes no argument.
const std::map<std::string, Kind>& PlainWords() {
  static const std::map<std::string, Kind> words = {
      {"exit", Kind::kLeave},
      {"quit", Kind::kLeave},
      {"q", Kind::kLeave},
      {".exit", Kind::kLeave},
      {".quit", Kind::kLeave},
      {"\\q", Kind::kLeave},
      {"help", Kind::kHelp},
      {".help", Kind::kHelp},
      {"\\?", Kind::kHelp},
      {"\\h", Kind::kHelp},
      {".error", Kind::kLastError},
      {".clear", Kind::kClear},
      {".clear history", Kind::kForgetHistory},
      {"\\d", Kind::kTables},
      {"\\dt", Kind::kTables},
      {".tables", Kind::kTables},
      {"\\timing", Kind::kTiming},
      {"\\x", Kind::kExpanded},
      {".mode", Kind::kMode},
  };
  return words;
}

}  // namespace

PromptCommand ReadPromptCommand(const std::string& line) {
  std::string text = WithoutBlanks(line);
  if (text.empty()) return {Kind::kNothing, ""};
  // People end what they type with ';'. Of a word that alone would be SQL, too: exit;
  if (text.ends_with(';') &&
      (text.find(' ') == std::string::npos || text.front() == '\\' || text.front() == '.')) {
    text = WithoutBlanks(text.substr(0, text.size() - 1));
  }
  const auto plain = PlainWords().find(text);
  if (plain != PlainWords().end()) return {plain->second, ""};
  if (text.empty() || (text.front() != '\\' && text.front() != '.')) return {Kind::kSql, ""};
  const size_t blank = text.find_first_of(" \t");
  if (blank != std::string::npos) {
    const std::string word = text.substr(0, blank);
    const std::string argument = WithoutBlanks(text.substr(blank));
    if (word == "\\d") return {Kind::kDescribe, argument};
    if (word == ".mode") return {Kind::kMode, argument};
  }
  // ".5" begins a line of a statement, but none that runs.
  return {Kind::kUnknown, text};
}

std::string DescribeStatement(const std::string& table) {
  // In quotes already.
  if (table.find('"') != std::string::npos) return "DESCRIBE " + table;
  std::string quoted = "\"";
  for (const char c : table) quoted += c == '.' ? std::string("\".\"") : std::string(1, c);
  return "DESCRIBE " + quoted + "\"";
}

std::string TablesStatement() {
  return "SELECT table_schema AS schema, table_name AS name, "
         "CASE WHEN table_type = 'VIEW' THEN 'view' WHEN table_schema = 'runtime' THEN 'table' "
         "ELSE 'dataset' END AS type "
         "FROM information_schema.tables WHERE table_catalog = 'spice' "
         "AND table_schema <> 'information_schema' ORDER BY ALL";
}

}  // namespace sumac::cli

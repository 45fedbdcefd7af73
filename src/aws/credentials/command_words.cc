#include "aws/credentials/command_words.h"

#include <optional>

namespace sumac::aws {

Result<std::vector<std::string>> SplitCommandWords(std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;  // "" is a word, so that it is begun has to be known
  char quote = '\0';
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool last = i + 1 == text.size();
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else if (quote == '"' && c == '\\' && !last &&
                 (text[i + 1] == '"' || text[i + 1] == '\\')) {
        *word += text[++i];
      } else {
        *word += c;
      }
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (word) words.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    if (c == '\'' || c == '"') {
      quote = c;
    } else if (c != '\\') {
      *word += c;
    } else if (last) {
      return Fail(ErrorCode::kInvalidArgument, "the command ends with a backslash");
    } else {
      *word += text[++i];
    }
  }
  if (quote != '\0') {
    return Fail(ErrorCode::kInvalidArgument, "the command has a quote that is not closed");
  }
  if (word) words.push_back(std::move(*word));
  if (words.empty()) return Fail(ErrorCode::kInvalidArgument, "the command is empty");
  return words;
}

}  // namespace sumac::aws

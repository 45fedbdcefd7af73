#include "cli/typed_text.h"

#include <algorithm>

#include "cli/sql_tokens.h"
#include "cli/statement_splitter.h"

namespace sumac::cli {
namespace {

// Past the line in which a statement that begins at `from` ends, when nothing else begins there;
// else the end of the text.
size_t EndOfStatements(const std::string& text, size_t from) {
  bool ended = true;
  size_t line_end = std::string::npos;
  size_t at = from;
  while (const auto token = NextSqlToken(text, at)) {
    if (ended && line_end == std::string::npos) {
      const size_t line_break = text.find('\n', at);
      if (line_break < token->begin) line_end = line_break;
    }
    if (token->kind != TokenKind::kComment) {
      if (ended && line_end != std::string::npos) return line_end + 1;
      ended = text.compare(token->begin, token->end - token->begin, ";") == 0;
    }
    at = token->end;
  }
  return text.size();
}

}  // namespace

TypedText ReadTypedText(const std::string& text) {
  TypedText typed;
  for (size_t at = 0; at < text.size();) {
    const size_t line_end = std::min(text.find('\n', at), text.size());
    auto command = ReadPromptCommand(text.substr(at, line_end - at));
    if (command.kind == PromptCommand::Kind::kSql) {
      const size_t end = EndOfStatements(text, at);
      SplitSql split = SplitStatements(std::string_view(text).substr(at, end - at));
      for (auto& statement : split.statements) typed.steps.push_back({{}, std::move(statement)});
      typed.complete = split.rest.empty() && split.rest_complete;
      at = end;
    } else {
      const bool asks = command.kind != PromptCommand::Kind::kNothing;
      if (asks) typed.steps.push_back({std::move(command), ""});
      at = line_end + 1;
    }
  }
  return typed;
}

}  // namespace sumac::cli

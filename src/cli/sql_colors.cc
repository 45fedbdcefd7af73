#include "cli/sql_colors.h"

#include <algorithm>

#include "cli/sql_keywords.h"
#include "cli/sql_tokens.h"

namespace sumac::cli {
namespace {

TextColor ColorOf(const SqlToken& token, std::string_view text, bool after_dot) {
  switch (token.kind) {
    case TokenKind::kWord:
      // a.value is a column, whatever it is called.
      return !after_dot && IsSqlKeyword(text) ? TextColor::kKeyword : TextColor::kPlain;
    case TokenKind::kQuotedName:
      return TextColor::kName;
    case TokenKind::kString:
      return TextColor::kString;
    case TokenKind::kNumber:
      return TextColor::kNumber;
    case TokenKind::kParameter:
      return TextColor::kParameter;
    case TokenKind::kComment:
      return TextColor::kComment;
    case TokenKind::kOther:
      break;
  }
  return TextColor::kPlain;
}

}  // namespace

std::vector<TextColor> ColorsOfSql(const std::string& sql) {
  std::vector<TextColor> colors(sql.size(), TextColor::kPlain);
  // Commands of the prompt are no SQL.
  const size_t first = sql.find_first_not_of(" \t\n");
  if (first != std::string::npos && (sql[first] == '.' || sql[first] == '\\')) return colors;
  bool after_dot = false;
  size_t at = 0;
  while (const auto token = NextSqlToken(sql, at)) {
    const std::string_view text =
        std::string_view(sql).substr(token->begin, token->end - token->begin);
    std::fill(colors.begin() + static_cast<std::ptrdiff_t>(token->begin),
              colors.begin() + static_cast<std::ptrdiff_t>(token->end),
              ColorOf(*token, text, after_dot));
    after_dot = text == ".";
    at = token->end;
  }
  return colors;
}

}  // namespace sumac::cli

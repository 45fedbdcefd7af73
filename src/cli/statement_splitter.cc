#include "cli/statement_splitter.h"

#include "cli/sql_tokens.h"

namespace sumac::cli {
namespace {

std::string WithoutOuterBlanks(std::string_view text) {
  constexpr char kBlanks[] = " \t\n\r\f\v";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin));
}

}  // namespace

SplitSql SplitStatements(std::string_view sql) {
  SplitSql split;
  size_t start = 0;
  bool has_content = false;
  size_t at = 0;
  while (const auto token = NextSqlToken(sql, at)) {
    if (sql.substr(token->begin, token->end - token->begin) == ";") {
      const auto statement = sql.substr(start, token->begin - start);
      if (has_content) split.statements.push_back(WithoutOuterBlanks(statement));
      start = token->end;
      has_content = false;
    } else {
      has_content = has_content || token->kind != TokenKind::kComment;
      split.rest_complete = token->closed;
    }
    at = token->end;
  }
  if (has_content) split.rest = WithoutOuterBlanks(sql.substr(start));
  return split;
}

}  // namespace sumac::cli

#include "cli/sql_tokens.h"

#include <algorithm>
#include <cctype>

namespace sumac::cli {
namespace {

bool BeginsWord(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsBlank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool ContinuesWord(char c) {
  return BeginsWord(c) || IsDigit(c) || c == '$';
}

class SqlTokenReader {
 public:
  SqlTokenReader(std::string_view sql, size_t at) : sql_(sql), at_(at) {}

  // At a byte that is no blank.
  SqlToken Read() {
    const char c = sql_[at_];
    if (Follows("--")) {
      return Token(TokenKind::kComment, std::min(sql_.find('\n', at_), sql_.size()));
    }
    if (Follows("/*")) return BlockComment();
    if ((c == 'e' || c == 'E') && At(at_ + 1) == '\'') return Quoted(TokenKind::kString, 2, true);
    if (c == '\'') return Quoted(TokenKind::kString, 1, false);
    if (c == '"') return Quoted(TokenKind::kQuotedName, 1, false);
    if (c == '$') return Dollar();
    if (c == '?') return Token(TokenKind::kParameter, at_ + 1);
    if (BeginsWord(c)) return Token(TokenKind::kWord, WordEnd(at_ + 1));
    if (IsDigit(c) || (c == '.' && IsDigit(At(at_ + 1)))) return Number();
    return Token(TokenKind::kOther, at_ + 1);
  }

 private:
  bool Follows(std::string_view text) const { return sql_.substr(at_).starts_with(text); }
  char At(size_t at) const { return at < sql_.size() ? sql_[at] : '\0'; }

  SqlToken Token(TokenKind kind, size_t end, bool closed = true) const {
    return {kind, at_, end, closed};
  }

  size_t WordEnd(size_t end) const {
    while (end < sql_.size() && ContinuesWord(sql_[end])) ++end;
    return end;
  }

  // `opening` bytes open it; the last of them closes it, twice in a row does not.
  SqlToken Quoted(TokenKind kind, size_t opening, bool has_escapes) const {
    const char quote = sql_[at_ + opening - 1];
    for (size_t end = at_ + opening; end < sql_.size(); ++end) {
      if (has_escapes && sql_[end] == '\\') {
        ++end;
      } else if (sql_[end] == quote && At(end + 1) == quote) {
        ++end;
      } else if (sql_[end] == quote) {
        return Token(kind, end + 1);
      }
    }
    return Token(kind, sql_.size(), false);
  }

  // $tag$ opens a string, $1 and $name are parameters.
  SqlToken Dollar() const {
    size_t end = at_ + 1;
    while (end < sql_.size() && ContinuesWord(sql_[end]) && sql_[end] != '$') ++end;
    if (IsDigit(At(at_ + 1)) || At(end) != '$') {
      return Token(end == at_ + 1 ? TokenKind::kOther : TokenKind::kParameter, end);
    }
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    const size_t close = sql_.find(tag, end + 1);
    const bool closed = close != std::string_view::npos;
    return Token(TokenKind::kString, closed ? close + tag.size() : sql_.size(), closed);
  }

  SqlToken BlockComment() const {
    int depth = 0;
    for (size_t end = at_; end + 1 < sql_.size(); ++end) {
      const std::string_view two = sql_.substr(end, 2);
      if (two != "/*" && two != "*/") continue;
      depth += two == "/*" ? 1 : -1;
      ++end;
      if (depth == 0) return Token(TokenKind::kComment, end + 1);
    }
    return Token(TokenKind::kComment, sql_.size(), false);
  }

  SqlToken Number() const {
    size_t end = at_;
    while (end < sql_.size() && (IsDigit(sql_[end]) || sql_[end] == '.' || sql_[end] == '_')) ++end;
    if (At(end) == 'e' || At(end) == 'E') {
      const size_t sign = At(end + 1) == '+' || At(end + 1) == '-' ? 1 : 0;
      size_t exponent = end + 1 + sign;
      if (IsDigit(At(exponent))) {
        while (IsDigit(At(exponent))) ++exponent;
        end = exponent;
      }
    }
    return Token(TokenKind::kNumber, end);
  }

  const std::string_view sql_;
  const size_t at_;
};

}  // namespace

std::optional<SqlToken> NextSqlToken(std::string_view sql, size_t from) {
  while (from < sql.size() && IsBlank(sql[from])) ++from;
  if (from >= sql.size()) return std::nullopt;
  return SqlTokenReader(sql, from).Read();
}

}  // namespace sumac::cli

// SQL that is being typed, cut into words, quotes and the rest, also where it is not complete:
// DuckDB's own tokenizer ends at the first quote that is not closed. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sumac::cli {

enum class TokenKind : uint8_t {
  kWord,        // a name or a keyword
  kQuotedName,  // "..."
  kString,      // '...', E'...', $$...$$
  kNumber,
  kParameter,  // $1, $name, ?
  kComment,
  kOther,  // one character
};

struct SqlToken {
  TokenKind kind = TokenKind::kOther;
  size_t begin = 0;
  size_t end = 0;
  // False when the text ends within quotes or a comment.
  bool closed = true;
};

// The first that begins at `from` or after it, which is outside of all others; nothing when only
// blanks follow.
std::optional<SqlToken> NextSqlToken(std::string_view sql, size_t from);

}  // namespace sumac::cli

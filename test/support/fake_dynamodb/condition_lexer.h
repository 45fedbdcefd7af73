// The tokens of a condition expression.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sumac::fake_dynamodb {

enum class TokenKind {
  kWord,              // a name, a function's name or a keyword
  kNamePlaceholder,   // "#name"
  kValuePlaceholder,  // ":value"
  kNumber,            // of an element of a list
  kSymbol,            // "(", "<=", ...
  kUnknown,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // of the expression
};

// Ends with a token of kEnd. What no token begins with becomes one of kUnknown.
std::vector<Token> SplitExpression(std::string_view expression);

// Whether it is this word, in any case ("AND").
bool IsKeyword(const Token& token, std::string_view keyword);

// What the service says of a token that cannot stand where it does.
std::string SyntaxError(std::string_view expression, const std::vector<Token>& tokens,
                        size_t index);

}  // namespace sumac::fake_dynamodb

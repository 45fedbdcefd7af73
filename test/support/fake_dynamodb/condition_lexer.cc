#include "fake_dynamodb/condition_lexer.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

Token TokenAt(std::string_view rest) {
  const auto length_of = [rest](size_t begin, auto belongs) {
    while (begin < rest.size() && belongs(rest[begin])) ++begin;
    return begin;
  };
  const char first = rest[0];
  if (IsDigit(first)) return {TokenKind::kNumber, rest.substr(0, length_of(1, IsDigit))};
  if (IsWordCharacter(first)) {
    return {TokenKind::kWord, rest.substr(0, length_of(1, IsWordCharacter))};
  }
  if (first == '#' || first == ':') {
    const auto length = length_of(1, IsWordCharacter);
    const auto kind = first == '#' ? TokenKind::kNamePlaceholder : TokenKind::kValuePlaceholder;
    return {length > 1 ? kind : TokenKind::kUnknown, rest.substr(0, length)};
  }
  for (const std::string_view symbol :
       {"<>", "<=", ">=", "<", ">", "=", "(", ")", ",", ".", "[", "]"}) {
    if (rest.substr(0, symbol.size()) == symbol) {
      return {TokenKind::kSymbol, rest.substr(0, symbol.size())};
    }
  }
  return {TokenKind::kUnknown, rest.substr(0, 1)};
}

}  // namespace

std::vector<Token> SplitExpression(std::string_view expression) {
  std::vector<Token> tokens;
  size_t position = 0;
  for (;;) {
    while (position < expression.size() && IsSpace(expression[position])) ++position;
    if (position == expression.size()) break;
    tokens.push_back(TokenAt(expression.substr(position)));
    position += tokens.back().text.size();
  }
  tokens.push_back({TokenKind::kEnd, expression.substr(expression.size())});
  return tokens;
}

bool IsKeyword(const Token& token, std::string_view keyword) {
  return token.kind == TokenKind::kWord &&
         std::equal(token.text.begin(), token.text.end(), keyword.begin(), keyword.end(),
                    [](unsigned char a, unsigned char b) { return std::toupper(a) == b; });
}

std::string SyntaxError(std::string_view expression, const std::vector<Token>& tokens,
                        size_t index) {
  const auto& token = tokens[index];
  const auto& before = tokens[index == 0 ? 0 : index - 1];
  const auto& after = tokens[std::min(index + 1, tokens.size() - 1)];
  const auto begin = static_cast<size_t>(before.text.data() - expression.data());
  const auto end = static_cast<size_t>(after.text.data() - expression.data()) + after.text.size();
  return fmt::format("Syntax error; token: \"{}\", near: \"{}\"",
                     token.kind == TokenKind::kEnd ? "<EOF>" : token.text,
                     expression.substr(begin, end - begin));
}

}  // namespace sumac::fake_dynamodb

#include "fake_dynamodb/projection_parser.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr size_t kExpressionBytesMax = 4096;

ServiceError InvalidProjection(const std::string& why) {
  return ValidationError("Invalid ProjectionExpression: " + why);
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// One name of a path of the expression; notes the placeholder it used.
Answer<std::string> ResolveName(std::string_view path, ExpressionScope& scope) {
  const bool is_placeholder = !path.empty() && path.front() == '#';
  const auto rest = is_placeholder ? path.substr(1) : path;
  const bool is_word = !rest.empty() && std::all_of(rest.begin(), rest.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_';
  });
  if (!is_word || (!is_placeholder && std::isdigit(static_cast<unsigned char>(rest[0])) != 0)) {
    return Refuse(
        InvalidProjection(fmt::format("Syntax error; token: \"{}\", near: \"{}\"", path, path)));
  }
  if (is_placeholder) {
    const auto* name = scope.UseName(path);
    if (name == nullptr) {
      return Refuse(
          InvalidProjection(fmt::format("An expression attribute name used in the document path is "
                                        "not defined; attribute name: {}",
                                        path)));
    }
    return *name;
  }
  if (IsReservedWord(path)) {
    return Refuse(InvalidProjection(
        fmt::format("Attribute name is a reserved keyword; reserved keyword: {}", path)));
  }
  return std::string(path);
}

// Whether one of them is the other or leads into it.
bool Overlap(const AttributePath& a, const AttributePath& b) {
  const auto size = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return std::equal(a.begin(), a.begin() + size, b.begin());
}

std::string PathText(const AttributePath& path) {
  return fmt::format("[{}]", fmt::join(path, ", "));
}

}  // namespace

Answer<std::vector<AttributePath>> ParseProjection(std::string_view expression,
                                                   ExpressionScope& scope) {
  std::vector<AttributePath> projection;
  if (expression.empty()) return Refuse(InvalidProjection("The expression can not be empty;"));
  if (expression.size() > kExpressionBytesMax) {
    return Refuse(InvalidProjection(
        fmt::format("Expression size has exceeded the maximum allowed size; expression size: {}",
                    expression.size())));
  }
  for (;;) {
    const auto comma = expression.find(',');
    auto path_text = Trim(expression.substr(0, comma));
    AttributePath path;
    for (;;) {
      const auto dot = path_text.find('.');
      auto name = ResolveName(path_text.substr(0, dot), scope);
      if (!name) return Refuse(name.error());
      path.push_back(std::move(*name));
      if (dot == std::string_view::npos) break;
      path_text.remove_prefix(dot + 1);
    }
    for (const auto& other : projection) {
      if (!Overlap(other, path)) continue;
      return Refuse(InvalidProjection(fmt::format(
          "Two document paths overlap with each other; must remove or rewrite one of these paths; "
          "path one: {}, path two: {}",
          PathText(other), PathText(path))));
    }
    projection.push_back(std::move(path));
    if (comma == std::string_view::npos) return projection;
    expression.remove_prefix(comma + 1);
  }
}

}  // namespace sumac::fake_dynamodb

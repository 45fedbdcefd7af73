#include "filter_equivalence/meets.h"

#include <simdjson.h>

#include "dynamodb/expression_writer.h"
#include "fake_dynamodb/condition_parser.h"

namespace sumac::filter_equivalence {

std::vector<fake_dynamodb::AttributeMap> ReadItems(const std::vector<std::string>& items) {
  std::vector<fake_dynamodb::AttributeMap> read;
  for (const auto& item : items) read.push_back(fake_dynamodb::ReadAttributeMap(item).value());
  return read;
}

Result<std::set<size_t>> ItemsThatMeet(const std::vector<fake_dynamodb::AttributeMap>& items,
                                       const dynamodb::Condition& condition) {
  dynamodb::ExpressionPlaceholders placeholders;
  const auto text = dynamodb::ExpressionText(condition, placeholders);
  std::string json = R"({"FilterExpression":"")";
  placeholders.AppendMembers(json);
  json += '}';
  simdjson::dom::parser parser;
  const simdjson::dom::object request = parser.parse(json);
  const auto refused = [&](const fake_dynamodb::ServiceError& error) {
    return Fail(ErrorCode::kInvalidArgument, error.message + ": " + text);
  };
  auto scope =
      fake_dynamodb::ExpressionScope::Read(request, {"ProjectionExpression", "FilterExpression"});
  if (!scope) return refused(scope.error());
  const auto parsed = fake_dynamodb::ParseCondition(text, "FilterExpression", *scope);
  if (!parsed) return refused(parsed.error());
  if (const auto unused = scope->RefuseUnused()) return refused(*unused);
  std::set<size_t> met;
  for (size_t i = 0; i < items.size(); ++i) {
    if (fake_dynamodb::Matches(*parsed, items[i])) met.insert(i);
  }
  return met;
}

dynamodb::Condition KeyCondition(const std::string& key) {
  simdjson::dom::parser parser;
  const simdjson::dom::object attributes = parser.parse(key);
  std::vector<dynamodb::Condition> all;
  for (const auto& [name, value] : attributes) {
    all.push_back(dynamodb::Condition::Compare({std::string(name)}, dynamodb::Comparison::kEqual,
                                               simdjson::minify(value)));
  }
  return dynamodb::Condition::All(std::move(all));
}

}  // namespace sumac::filter_equivalence

#include "fake_dynamodb/scan_request.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>
#include <simdjson.h>

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr uint32_t kTotalSegmentsMax = 1'000'000;
constexpr uint32_t kListLimitMax = 100;

// A few of the service's 573 reserved words: enough to catch a client that writes names itself.
constexpr std::array<std::string_view, 14> kReservedWords = {
    "count", "data",   "date", "name",      "order", "region", "select",
    "size",  "status", "time", "timestamp", "value", "values", "year"};

ServiceError NotJson() {
  return CoralError("SerializationException", "");
}

ServiceError Constraint(std::string_view value, std::string_view member, std::string_view rule) {
  return ValidationError(
      fmt::format("1 validation error detected: Value {} at '{}' failed to satisfy constraint: {}",
                  value, member, rule));
}

Answer<std::optional<uint32_t>> ReadInteger(dom::object request, const char* name,
                                            std::string_view member, uint32_t smallest,
                                            uint32_t largest) {
  dom::element value;
  if (request[name].get(value)) return std::nullopt;
  int64_t number = 0;
  if (value.get(number)) return Refuse(NotJson());
  const auto quoted = fmt::format("'{}'", number);
  if (number < smallest) {
    return Refuse(
        Constraint(quoted, member,
                   fmt::format("Member must have value greater than or equal to {}", smallest)));
  }
  if (number > largest) {
    return Refuse(Constraint(
        quoted, member, fmt::format("Member must have value less than or equal to {}", largest)));
  }
  return static_cast<uint32_t>(number);
}

Answer<std::string> ReadTableName(dom::object request) {
  std::string_view name;
  if (request["TableName"].get(name)) {
    return Refuse(Constraint("null", "tableName", "Member must not be null"));
  }
  return std::string(name);
}

ServiceError InvalidProjection(const std::string& why) {
  return ValidationError("Invalid ProjectionExpression: " + why);
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// One name of a path of the expression; notes the placeholder it used.
Answer<std::string> ResolveName(std::string_view path,
                                const std::map<std::string, std::string, std::less<>>& names,
                                std::set<std::string, std::less<>>& used) {
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
    const auto found = names.find(path);
    if (found == names.end()) {
      return Refuse(
          InvalidProjection(fmt::format("An expression attribute name used in the document path is "
                                        "not defined; attribute name: {}",
                                        path)));
    }
    used.emplace(path);
    return found->second;
  }
  std::string lower(path);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(kReservedWords.begin(), kReservedWords.end(), lower) != kReservedWords.end()) {
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

Answer<std::vector<AttributePath>> ParsePaths(
    std::string_view expression, const std::map<std::string, std::string, std::less<>>& names) {
  std::vector<AttributePath> projection;
  std::set<std::string, std::less<>> used;
  if (expression.empty()) return Refuse(InvalidProjection("The expression can not be empty;"));
  for (;;) {
    const auto comma = expression.find(',');
    auto path_text = Trim(expression.substr(0, comma));
    AttributePath path;
    for (;;) {
      const auto dot = path_text.find('.');
      auto name = ResolveName(path_text.substr(0, dot), names, used);
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
    if (comma == std::string_view::npos) break;
    expression.remove_prefix(comma + 1);
  }
  std::string unused;
  for (const auto& [placeholder, name] : names) {
    if (used.count(placeholder) == 0) unused += (unused.empty() ? "" : ", ") + placeholder;
  }
  if (!unused.empty()) {
    return Refuse(ValidationError(fmt::format(
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {{{}}}", unused)));
  }
  return projection;
}

Answer<std::vector<AttributePath>> ReadProjection(dom::object request) {
  std::map<std::string, std::string, std::less<>> names;
  dom::object pairs;
  const bool has_names = !request["ExpressionAttributeNames"].get(pairs);
  std::string_view expression;
  if (request["ProjectionExpression"].get(expression)) {
    if (!has_names) return std::vector<AttributePath>{};
    return Refuse(
        ValidationError("ExpressionAttributeNames can only be specified when using expressions"));
  }
  if (has_names && pairs.size() == 0) {
    return Refuse(ValidationError("ExpressionAttributeNames must not be empty"));
  }
  if (has_names) {
    for (const auto [placeholder, value] : pairs) {
      std::string_view name;
      if (value.get(name)) return Refuse(NotJson());
      names.emplace(placeholder, name);
    }
  }
  return ParsePaths(expression, names);
}

Answer<CapacityDetail> ReadCapacityDetail(dom::object request) {
  std::string_view text;
  if (request["ReturnConsumedCapacity"].get(text) || text == "NONE") return CapacityDetail::kNone;
  if (text == "TOTAL") return CapacityDetail::kTotal;
  if (text == "INDEXES") return CapacityDetail::kIndexes;
  return Refuse(Constraint(fmt::format("'{}'", text), "returnConsumedCapacity",
                           "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"));
}

std::optional<ServiceError> ReadSegments(dom::object request, ScanParameters& parameters) {
  const auto segment = ReadInteger(request, "Segment", "segment", 0, kTotalSegmentsMax - 1);
  if (!segment) return segment.error();
  const auto total = ReadInteger(request, "TotalSegments", "totalSegments", 1, kTotalSegmentsMax);
  if (!total) return total.error();
  if (segment->has_value() && !total->has_value()) {
    return ValidationError(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (total->has_value() && !segment->has_value()) {
    return ValidationError(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  parameters.segment = segment->value_or(0);
  parameters.total_segments = total->value_or(1);
  if (parameters.segment >= parameters.total_segments) {
    return ValidationError(
        fmt::format("The Segment parameter is zero-based and must be less than parameter "
                    "TotalSegments: Segment: {} is not less than TotalSegments: {}",
                    parameters.segment, parameters.total_segments));
  }
  return std::nullopt;
}

std::optional<ServiceError> ReadSelect(dom::object request, ScanParameters& parameters) {
  std::string_view select;
  if (request["Select"].get(select)) return std::nullopt;
  const bool projects = !parameters.projection.empty();
  if (select == "COUNT") {
    if (projects) {
      return ValidationError(
          "Cannot specify the ProjectionExpression when choosing to get only the Count");
    }
    parameters.count_only = true;
    return std::nullopt;
  }
  if (select == "ALL_ATTRIBUTES" && projects) {
    return ValidationError(
        "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES");
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !projects) {
    return ValidationError(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select == "ALL_ATTRIBUTES" || select == "SPECIFIC_ATTRIBUTES") return std::nullopt;
  return Constraint(fmt::format("'{}'", select), "select",
                    "Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, "
                    "ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]");
}

std::optional<ServiceError> RefuseUnknown(dom::object request) {
  static const std::set<std::string_view> known = {"TableName",
                                                   "Limit",
                                                   "Select",
                                                   "Segment",
                                                   "TotalSegments",
                                                   "ExclusiveStartKey",
                                                   "ProjectionExpression",
                                                   "ExpressionAttributeNames",
                                                   "ReturnConsumedCapacity",
                                                   "ConsistentRead"};
  for (const auto [name, value] : request) {
    if (known.count(name) == 0) {
      return ValidationError(fmt::format("The fake DynamoDB does not know Scan's {}", name));
    }
  }
  return std::nullopt;
}

}  // namespace

Answer<ScanParameters> ParseScan(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  if (auto refusal = RefuseUnknown(request)) return Refuse(*refusal);
  ScanParameters parameters;
  auto table_name = ReadTableName(request);
  if (!table_name) return Refuse(table_name.error());
  parameters.table_name = std::move(*table_name);
  const auto limit = ReadInteger(request, "Limit", "limit", 1, INT32_MAX);
  if (!limit) return Refuse(limit.error());
  parameters.limit = *limit;
  if (auto refusal = ReadSegments(request, parameters)) return Refuse(*refusal);
  auto projection = ReadProjection(request);
  if (!projection) return Refuse(projection.error());
  parameters.projection = std::move(*projection);
  if (auto refusal = ReadSelect(request, parameters)) return Refuse(*refusal);
  const auto capacity = ReadCapacityDetail(request);
  if (!capacity) return Refuse(capacity.error());
  parameters.capacity = *capacity;
  dom::element start_key;
  if (!request["ExclusiveStartKey"].get(start_key)) {
    parameters.exclusive_start_key = simdjson::minify(start_key);
  }
  bool consistent = false;
  if (!request["ConsistentRead"].get(consistent)) parameters.consistent_read = consistent;
  return parameters;
}

Answer<std::string> ParseTableName(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  return ReadTableName(request);
}

Answer<ListParameters> ParseListTables(std::string_view body) {
  dom::parser parser;
  dom::object request;
  if (parser.parse(std::string(body)).get(request)) return Refuse(NotJson());
  ListParameters parameters;
  const auto limit = ReadInteger(request, "Limit", "limit", 1, kListLimitMax);
  if (!limit) return Refuse(limit.error());
  parameters.limit = limit->value_or(kListLimitMax);
  std::string_view start;
  if (!request["ExclusiveStartTableName"].get(start)) {
    parameters.exclusive_start_table_name = start;
  }
  return parameters;
}

}  // namespace sumac::fake_dynamodb

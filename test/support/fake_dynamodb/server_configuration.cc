#include "fake_dynamodb/server_configuration.h"

#include <algorithm>
#include <initializer_list>
#include <map>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr int64_t kMinutesMax = 10 * 365 * 24 * 60;
constexpr int64_t kCountMax = 1'000'000;

tl::unexpected<Error> Wrong(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

// Refuses members other than `known`.
Status CheckMembers(dom::object object, std::initializer_list<std::string_view> known) {
  for (const auto [name, value] : object) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Wrong(fmt::format("unknown member '{}'", name));
    }
  }
  return {};
}

Result<std::string> ReadText(dom::object object, std::string_view name, bool required) {
  dom::element value;
  std::string_view text;
  if (object[name].get(value)) {
    if (required) return Wrong(fmt::format("'{}' is missing", name));
    return std::string();
  }
  if (value.get(text)) return Wrong(fmt::format("'{}' is no text", name));
  return std::string(text);
}

Result<int64_t> ReadInteger(dom::object object, std::string_view name, int64_t otherwise,
                            int64_t min, int64_t max) {
  dom::element value;
  if (object[name].get(value)) return otherwise;
  int64_t number = 0;
  if (value.get(number) || number < min || number > max) {
    return Wrong(fmt::format("'{}' is no integer from {} to {}", name, min, max));
  }
  return number;
}

// The objects in the array `name`; none when it is absent.
Result<std::vector<dom::object>> ReadObjects(dom::object object, std::string_view name) {
  std::vector<dom::object> objects;
  dom::element value;
  if (object[name].get(value)) return objects;
  dom::array array;
  if (value.get(array)) return Wrong(fmt::format("'{}' is no array", name));
  for (const auto element : array) {
    if (element.get(objects.emplace_back())) {
      return Wrong(fmt::format("'{}' holds something that is no object", name));
    }
  }
  return objects;
}

Result<Signer> ReadSigner(dom::object object) {
  SUMAC_RETURN_IF_ERROR(
      CheckMembers(object, {"access_key_id", "secret_access_key", "session_token", "region"}));
  Signer signer;
  SUMAC_ASSIGN_OR_RETURN(signer.access_key_id, ReadText(object, "access_key_id", true));
  SUMAC_ASSIGN_OR_RETURN(signer.secret_access_key, ReadText(object, "secret_access_key", true));
  SUMAC_ASSIGN_OR_RETURN(signer.session_token, ReadText(object, "session_token", false));
  SUMAC_ASSIGN_OR_RETURN(signer.region, ReadText(object, "region", false));
  return signer;
}

Result<TableDefinition> ReadTable(dom::object object) {
  SUMAC_RETURN_IF_ERROR(
      CheckMembers(object, {"TableName", "KeySchema", "AttributeDefinitions", "Items"}));
  TableDefinition table;
  SUMAC_ASSIGN_OR_RETURN(table.name, ReadText(object, "TableName", true));
  std::map<std::string, char> types;
  SUMAC_ASSIGN_OR_RETURN(const auto attributes, ReadObjects(object, "AttributeDefinitions"));
  for (const auto& attribute : attributes) {
    SUMAC_ASSIGN_OR_RETURN(auto name, ReadText(attribute, "AttributeName", true));
    SUMAC_ASSIGN_OR_RETURN(const auto type, ReadText(attribute, "AttributeType", true));
    if (type != "S" && type != "N" && type != "B") return Wrong("AttributeType is S, N or B");
    types[std::move(name)] = type[0];
  }
  SUMAC_ASSIGN_OR_RETURN(const auto keys, ReadObjects(object, "KeySchema"));
  for (const auto& key : keys) {
    SUMAC_ASSIGN_OR_RETURN(const auto name, ReadText(key, "AttributeName", true));
    if (types.count(name) == 0) return Wrong("no AttributeDefinitions for " + name);
    table.keys.push_back({name, types[name]});
  }
  if (table.keys.empty()) return Wrong("'KeySchema' is missing or empty");
  SUMAC_ASSIGN_OR_RETURN(const auto items, ReadObjects(object, "Items"));
  for (const auto& item : items) table.items.push_back(simdjson::minify(item));
  return table;
}

Result<Fault> FaultNamed(const std::string& name) {
  static const std::map<std::string, Fault (*)()> faults = {
      {"Throttle", [] { return Fault::Throttle(); }},
      {"InternalServerError", &Fault::InternalServerError},
      {"ServiceUnavailable", &Fault::ServiceUnavailable},
      {"AccessDenied", &Fault::AccessDenied},
      {"ExpiredToken", &Fault::ExpiredToken},
      {"UnrecognizedClient", &Fault::UnrecognizedClient},
      {"CutBeforeAnswer", &Fault::CutBeforeAnswer},
      {"CutMidBody", &Fault::CutMidBody},
      {"WrongChecksum", &Fault::WrongChecksum},
      {"Gzip", &Fault::Gzip},
      {"FalseGzip", &Fault::FalseGzip},
      {"EmptyPage", &Fault::EmptyPage},
      {"NeverAnswer", &Fault::NeverAnswer},
      {"MalformedJson", &Fault::MalformedJson},
  };
  const auto found = faults.find(name);
  if (found == faults.end()) return Wrong(fmt::format("no fault has the name '{}'", name));
  return found->second();
}

Result<FaultOrder> ReadFaultOrder(dom::object object) {
  SUMAC_RETURN_IF_ERROR(CheckMembers(object, {"fault", "operation", "access_key_id", "count"}));
  FaultOrder order;
  SUMAC_ASSIGN_OR_RETURN(const auto name, ReadText(object, "fault", true));
  SUMAC_ASSIGN_OR_RETURN(order.fault, FaultNamed(name));
  SUMAC_ASSIGN_OR_RETURN(order.operation, ReadText(object, "operation", false));
  SUMAC_ASSIGN_OR_RETURN(order.access_key_id, ReadText(object, "access_key_id", false));
  SUMAC_ASSIGN_OR_RETURN(const auto count, ReadInteger(object, "count", 1, 1, kCountMax));
  order.count = static_cast<int>(count);
  if (!order.operation.empty() && !order.access_key_id.empty()) {
    return Wrong("a fault takes operation or access_key_id, not both");
  }
  return order;
}

Result<ServerConfiguration> ReadConfiguration(dom::object object) {
  SUMAC_RETURN_IF_ERROR(CheckMembers(object, {"signers", "tables", "faults", "clock_offset_minutes",
                                              "signature_age_minutes_max"}));
  ServerConfiguration configuration;
  SUMAC_ASSIGN_OR_RETURN(const auto signers, ReadObjects(object, "signers"));
  for (const auto& one : signers) {
    SUMAC_ASSIGN_OR_RETURN(configuration.signers.emplace_back(), ReadSigner(one));
  }
  if (configuration.signers.empty()) return Wrong("'signers' is missing or empty");
  SUMAC_ASSIGN_OR_RETURN(const auto tables, ReadObjects(object, "tables"));
  for (const auto& one : tables) {
    SUMAC_ASSIGN_OR_RETURN(configuration.tables.emplace_back(), ReadTable(one));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto faults, ReadObjects(object, "faults"));
  for (const auto& one : faults) {
    SUMAC_ASSIGN_OR_RETURN(configuration.faults.emplace_back(), ReadFaultOrder(one));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto offset,
                         ReadInteger(object, "clock_offset_minutes", 0, -kMinutesMax, kMinutesMax));
  configuration.clock_offset = std::chrono::minutes(offset);
  SUMAC_ASSIGN_OR_RETURN(const auto age, ReadInteger(object, "signature_age_minutes_max",
                                                     kSignatureAgeMax.count(), 0, kMinutesMax));
  configuration.signature_age_max = std::chrono::minutes(age);
  return configuration;
}

const char* NameOf(SessionTokenState state) {
  switch (state) {
    case SessionTokenState::kNone:
      return "none";
    case SessionTokenState::kRight:
      return "right";
    case SessionTokenState::kWrong:
      return "wrong";
    case SessionTokenState::kMissing:
      return "missing";
  }
  return "";
}

}  // namespace

Result<ServerConfiguration> ParseServerConfiguration(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(std::string(json)).get(object)) return Wrong("not a JSON object");
  return ReadConfiguration(object);
}

Result<FaultOrder> ParseFaultOrder(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(std::string(json)).get(object)) return Wrong("not a JSON object");
  return ReadFaultOrder(object);
}

void Apply(FaultOrder order, Faults& faults) {
  if (order.access_key_id.empty()) {
    faults.Next(std::move(order.operation), std::move(order.fault), order.count);
  } else {
    faults.NextFrom(std::move(order.access_key_id), std::move(order.fault), order.count);
  }
}

std::string RenderAnsweredRequest(const AnsweredRequest& request) {
  std::string json = "{";
  const auto add_text = [&json](std::string_view name, std::string_view value) {
    if (json.size() > 1) json += ',';
    AppendJsonString(name, json);
    json += ':';
    AppendJsonString(value, json);
  };
  add_text("operation", request.operation);
  add_text("access_key_id", request.sender.scope.access_key_id);
  add_text("region", request.sender.scope.region);
  add_text("session_token", NameOf(request.sender.session_token));
  add_text("host", request.host);
  add_text("error", request.error);
  return json + fmt::format(R"(,"signature_right":{},"status":{}}})",
                            request.sender.signature_right, request.status);
}

}  // namespace sumac::fake_dynamodb

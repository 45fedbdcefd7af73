#include "fake_dynamodb/server_configuration.h"

#include <fstream>
#include <map>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.h"
#include "fake_dynamodb/configuration_json.h"
#include "fake_dynamodb/table_configuration.h"

namespace sumac::fake_dynamodb {
namespace {

namespace dom = simdjson::dom;

constexpr int64_t kMinutesMax = 10 * 365 * 24 * 60;
constexpr int64_t kCountMax = 1'000'000;
constexpr int64_t kConnectionsMax = 4'096;

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

Result<ServiceModelOptions> ReadService(dom::object object) {
  SUMAC_RETURN_IF_ERROR(CheckMembers(
      object, {"page_latency_ms", "partitions", "partition_read_units", "table_read_units",
               "beyond", "burst_seconds", "table_throttling_reason"}));
  ServiceModelOptions service;
  SUMAC_ASSIGN_OR_RETURN(const auto latency,
                         ReadInteger(object, "page_latency_ms", 0, 0, kCountMax));
  service.page_latency = std::chrono::milliseconds(latency);
  SUMAC_ASSIGN_OR_RETURN(const auto partitions,
                         ReadInteger(object, "partitions", service.partitions, 1, kCountMax));
  service.partitions = static_cast<uint32_t>(partitions);
  SUMAC_ASSIGN_OR_RETURN(service.partition_read_units,
                         ReadReal(object, "partition_read_units", service.partition_read_units));
  SUMAC_ASSIGN_OR_RETURN(service.table_read_units, ReadReal(object, "table_read_units", 0));
  SUMAC_ASSIGN_OR_RETURN(service.burst_seconds, ReadReal(object, "burst_seconds", 0));
  SUMAC_ASSIGN_OR_RETURN(const auto beyond, ReadText(object, "beyond", false));
  if (beyond != "throttle" && beyond != "pace" && !beyond.empty()) {
    return WrongConfiguration("'beyond' is pace or throttle");
  }
  if (beyond == "throttle") service.beyond = BeyondCapacity::kThrottle;
  SUMAC_ASSIGN_OR_RETURN(auto reason, ReadText(object, "table_throttling_reason", false));
  if (!reason.empty()) service.table_throttling_reason = std::move(reason);
  return service;
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
      {"UnprocessedKeys", [] { return Fault::UnprocessedKeys(); }},
  };
  const auto found = faults.find(name);
  if (found == faults.end())
    return WrongConfiguration(fmt::format("no fault has the name '{}'", name));
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
    return WrongConfiguration("a fault takes operation or access_key_id, not both");
  }
  return order;
}

Result<ServerConfiguration> ReadConfiguration(dom::object object) {
  SUMAC_RETURN_IF_ERROR(CheckMembers(
      object, {"signers", "tables", "faults", "clock_offset_minutes", "signature_age_minutes_max",
               "check_signatures", "gzip", "service", "connections_max", "log_requests"}));
  ServerConfiguration configuration;
  SUMAC_ASSIGN_OR_RETURN(const auto signers, ReadObjects(object, "signers"));
  for (const auto& one : signers) {
    SUMAC_ASSIGN_OR_RETURN(configuration.signers.emplace_back(), ReadSigner(one));
  }
  if (configuration.signers.empty()) return WrongConfiguration("'signers' is missing or empty");
  SUMAC_ASSIGN_OR_RETURN(const auto tables, ReadObjects(object, "tables"));
  for (const auto& one : tables) {
    SUMAC_ASSIGN_OR_RETURN(configuration.tables.emplace_back(), ReadConfiguredTable(one));
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
  SUMAC_ASSIGN_OR_RETURN(configuration.check_signatures,
                         ReadBoolean(object, "check_signatures", true));
  SUMAC_ASSIGN_OR_RETURN(configuration.gzip, ReadBoolean(object, "gzip", false));
  SUMAC_ASSIGN_OR_RETURN(configuration.log_requests, ReadBoolean(object, "log_requests", true));
  SUMAC_ASSIGN_OR_RETURN(const auto connections,
                         ReadInteger(object, "connections_max", 128, 1, kConnectionsMax));
  configuration.connections_max = static_cast<size_t>(connections);
  dom::object service;
  if (!object["service"].get(service)) {
    SUMAC_ASSIGN_OR_RETURN(configuration.service, ReadService(service));
  }
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
  if (parser.parse(std::string(json)).get(object)) return WrongConfiguration("not a JSON object");
  return ReadConfiguration(object);
}

Status ReadItemsFile(ConfiguredTable& table) {
  if (table.items_path.empty()) return {};
  std::ifstream file(table.items_path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) table.definition.items.push_back(std::move(line));
  }
  if (!file.eof()) return WrongConfiguration("cannot read " + table.items_path);
  return {};
}

Result<FaultOrder> ParseFaultOrder(std::string_view json) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(std::string(json)).get(object)) return WrongConfiguration("not a JSON object");
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

#include "dynamodb/service_error.h"

#include <algorithm>

#include <simdjson.h>

namespace sumac::dynamodb {
namespace {

// What a person can do about an error; the text is made in Advice.
enum class Remedy { kNone, kPermission, kTable, kKeys, kToken, kCapacity };

struct Class {
  std::string_view service_code;
  ErrorCode code;
  Blame blame;
  bool retryable;
  Remedy remedy;
};

constexpr Class kClasses[] = {
    {"ProvisionedThroughputExceededException", ErrorCode::kThrottled, Blame::kService, true,
     Remedy::kCapacity},
    {"ThrottlingException", ErrorCode::kThrottled, Blame::kService, true, Remedy::kCapacity},
    {"Throttling", ErrorCode::kThrottled, Blame::kService, true, Remedy::kCapacity},
    {"ThrottledException", ErrorCode::kThrottled, Blame::kService, true, Remedy::kCapacity},
    {"RequestLimitExceeded", ErrorCode::kThrottled, Blame::kService, true, Remedy::kCapacity},
    {"RequestThrottled", ErrorCode::kThrottled, Blame::kService, true, Remedy::kCapacity},
    {"RequestThrottledException", ErrorCode::kThrottled, Blame::kService, true, Remedy::kCapacity},
    {"LimitExceededException", ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone},
    {"TooManyRequestsException", ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone},
    {"BandwidthLimitExceeded", ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone},
    {"PriorRequestNotComplete", ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone},
    {"SlowDown", ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone},
    {"EC2ThrottledException", ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone},
    {"InternalServerError", ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone},
    {"InternalFailure", ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone},
    {"ServiceUnavailable", ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone},
    {"ServiceUnavailableException", ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone},
    {"RequestTimeout", ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone},
    {"RequestTimeoutException", ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone},
    {"ResourceNotFoundException", ErrorCode::kNotFound, Blame::kUser, false, Remedy::kTable},
    {"TableNotFoundException", ErrorCode::kNotFound, Blame::kUser, false, Remedy::kTable},
    {"AccessDeniedException", ErrorCode::kPermissionDenied, Blame::kUser, false,
     Remedy::kPermission},
    {"AccessDenied", ErrorCode::kPermissionDenied, Blame::kUser, false, Remedy::kPermission},
    {"UnrecognizedClientException", ErrorCode::kUnauthenticated, Blame::kUser, false,
     Remedy::kKeys},
    {"InvalidClientTokenId", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kKeys},
    {"InvalidSignatureException", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kKeys},
    {"SignatureDoesNotMatch", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kKeys},
    {"IncompleteSignature", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kKeys},
    {"IncompleteSignatureException", ErrorCode::kUnauthenticated, Blame::kUser, false,
     Remedy::kKeys},
    {"MissingAuthenticationToken", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kKeys},
    {"MissingAuthenticationTokenException", ErrorCode::kUnauthenticated, Blame::kUser, false,
     Remedy::kKeys},
    {"ExpiredToken", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kToken},
    {"ExpiredTokenException", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kToken},
    {"RequestExpired", ErrorCode::kUnauthenticated, Blame::kUser, false, Remedy::kToken},
    {"ValidationException", ErrorCode::kInvalidArgument, Blame::kUser, false, Remedy::kNone},
    {"SerializationException", ErrorCode::kInvalidArgument, Blame::kSumac, false, Remedy::kNone},
    {"UnknownOperationException", ErrorCode::kUnsupported, Blame::kService, false, Remedy::kNone},
    {"ResourceInUseException", ErrorCode::kUnavailable, Blame::kUser, false, Remedy::kNone},
};

Class ClassOf(std::string_view service_code, int status) {
  const auto* found = std::find_if(std::begin(kClasses), std::end(kClasses),
                                   [&](const Class& c) { return c.service_code == service_code; });
  if (found != std::end(kClasses)) return *found;
  if (status >= 500 || status == 408) {
    return {service_code, ErrorCode::kUnavailable, Blame::kService, true, Remedy::kNone};
  }
  if (status == 429) {
    return {service_code, ErrorCode::kThrottled, Blame::kService, true, Remedy::kNone};
  }
  if (status == 401 || status == 403) {
    return {service_code, ErrorCode::kPermissionDenied, Blame::kUser, false, Remedy::kPermission};
  }
  return {service_code, ErrorCode::kInvalidArgument, Blame::kUser, false, Remedy::kNone};
}

std::string Advice(Remedy remedy, const Operation& operation) {
  switch (remedy) {
    case Remedy::kPermission:
      return "; allow dynamodb:" + operation.name + " on the table";
    case Remedy::kTable:
      return "; check the table's name and dynamodb_aws_region (" + operation.region + ")";
    case Remedy::kKeys:
      return "; check the access key, the secret key and dynamodb_aws_region (" + operation.region +
             ")";
    case Remedy::kToken:
      return "; renew the credentials, and check this machine's clock";
    case Remedy::kCapacity:
      return "; the table's read capacity is used up";
    case Remedy::kNone:
      break;
  }
  return "";
}

struct ErrorBody {
  std::string service_code;
  std::string message;
  std::string reasons;
};

// A throttle has one for each limit that it ran into; what lies beyond these is not needed.
constexpr size_t kReasonsMax = 8;

// Reads [{"reason": "...", "resource": "..."}, ...].
std::string ParseReasons(simdjson::ondemand::value value) {
  std::string reasons;
  simdjson::ondemand::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return reasons;
  size_t count = 0;
  for (auto element : list) {
    simdjson::ondemand::object object;
    std::string_view reason;
    if (element.get_object().get(object) != simdjson::SUCCESS ||
        object["reason"].get_string().get(reason) != simdjson::SUCCESS || ++count > kReasonsMax) {
      break;
    }
    reasons += (reasons.empty() ? "" : ",") + std::string(reason);
  }
  return reasons;
}

// Reads {"__type": "prefix#Code", "message" or "Message": "...", "ThrottlingReasons": [...]}; what
// is not there is empty.
ErrorBody ParseErrorBody(std::string_view body) {
  ErrorBody parsed;
  const simdjson::padded_string padded(body);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    return parsed;
  }
  for (auto entry : object) {
    simdjson::ondemand::field field;
    std::string_view name;
    std::string_view text;
    if (std::move(entry).get(field) != simdjson::SUCCESS) break;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) break;
    if (name == "ThrottlingReasons" || name == "throttlingReasons") {
      parsed.reasons = ParseReasons(field.value());
      continue;
    }
    const bool is_type = name == "__type";
    const bool is_message = name == "message" || name == "Message";
    if (!is_type && !is_message) continue;
    if (field.value().get_string().get(text) != simdjson::SUCCESS) continue;
    if (is_message) parsed.message = text;
    if (is_type) {
      // "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", perhaps with ":http://..."
      // behind.
      const size_t hash = text.rfind('#');
      if (hash != std::string_view::npos) text.remove_prefix(hash + 1);
      parsed.service_code = text.substr(0, text.find(':'));
    }
  }
  return parsed;
}

}  // namespace

Error ClassifyServiceError(const Operation& operation, int status, std::string_view body,
                           std::string_view request_id) {
  const ErrorBody parsed = ParseErrorBody(body);
  const Class kind = ClassOf(parsed.service_code, status);
  Error error;
  error.code = kind.code;
  error.blame = kind.blame;
  error.retryable = kind.retryable;
  error.service_code = parsed.service_code;
  error.service_reasons = parsed.reasons;
  error.request_id = request_id;
  error.message = operation.name;
  if (!operation.table_name.empty()) error.message += " of table '" + operation.table_name + "'";
  error.message += " failed: ";
  if (!parsed.message.empty()) {
    error.message += parsed.message;
    while (error.message.ends_with('.') || error.message.ends_with(' ')) error.message.pop_back();
    if (!parsed.service_code.empty()) error.message += " (" + parsed.service_code + ")";
  } else if (!parsed.service_code.empty()) {
    error.message += parsed.service_code;
  } else {
    error.message += "HTTP status " + std::to_string(status) + " without DynamoDB's error body";
  }
  error.message += Advice(kind.remedy, operation);
  return error;
}

ThrottleScope ScopeOfThrottle(const Error& error) {
  std::string_view reasons = error.service_reasons;
  if (reasons.empty()) return ThrottleScope::kTable;
  while (!reasons.empty()) {
    const auto reason = reasons.substr(0, reasons.find(','));
    reasons.remove_prefix(std::min(reasons.size(), reason.size() + 1));
    if (reason.find("KeyRange") == std::string_view::npos) return ThrottleScope::kTable;
  }
  return ThrottleScope::kKeyRange;
}

bool MayBeStaleCredentials(const Error& error) {
  constexpr std::string_view kCodes[] = {"ExpiredToken", "ExpiredTokenException",
                                         "InvalidClientTokenId", "UnrecognizedClientException"};
  return std::find(std::begin(kCodes), std::end(kCodes), error.service_code) != std::end(kCodes);
}

}  // namespace sumac::dynamodb

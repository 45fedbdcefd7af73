#include "server/flight/flight_status.h"

#include "base/printable_text.h"

namespace sumac::server {
namespace {

// The message travels in a header, and clients bound those.
constexpr size_t kMessageBytesMax = 4 << 10;

grpc::StatusCode CodeOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kUnsupported:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kPermissionDenied:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kThrottled:
    case ErrorCode::kResourceExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kUnavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kDeadlineExceeded:
      // Clients ask again after DEADLINE_EXCEEDED, as is right where the network was slow. A query
      // that has used up its time would read, and cost, the same again.
      return error.blame == Blame::kUser ? grpc::StatusCode::RESOURCE_EXHAUSTED
                                         : grpc::StatusCode::DEADLINE_EXCEEDED;
    case ErrorCode::kCancelled:
      return grpc::StatusCode::CANCELLED;
    case ErrorCode::kDataCorrupt:
      return grpc::StatusCode::DATA_LOSS;
    case ErrorCode::kInternal:
      break;
  }
  return grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status FlightStatusOf(const Error& error) {
  std::string message = error.message;
  if (message.size() > kMessageBytesMax) {
    message = std::string(Beginning(kMessageBytesMax, message)) + "...";
  }
  return {CodeOf(error), message};
}

std::string_view FlightStatusName(grpc::StatusCode code) {
  constexpr std::string_view kNames[] = {"OK",
                                         "CANCELLED",
                                         "UNKNOWN",
                                         "INVALID_ARGUMENT",
                                         "DEADLINE_EXCEEDED",
                                         "NOT_FOUND",
                                         "ALREADY_EXISTS",
                                         "PERMISSION_DENIED",
                                         "RESOURCE_EXHAUSTED",
                                         "FAILED_PRECONDITION",
                                         "ABORTED",
                                         "OUT_OF_RANGE",
                                         "UNIMPLEMENTED",
                                         "INTERNAL",
                                         "UNAVAILABLE",
                                         "DATA_LOSS",
                                         "UNAUTHENTICATED"};
  const auto number = static_cast<size_t>(code);
  return number < std::size(kNames) ? kNames[number] : "UNKNOWN";
}

}  // namespace sumac::server

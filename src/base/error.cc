#include "base/error.h"

namespace sumac {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kPermissionDenied:
      return "permission_denied";
    case ErrorCode::kThrottled:
      return "throttled";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kDeadlineExceeded:
      return "deadline_exceeded";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kDataCorrupt:
      return "data_corrupt";
    case ErrorCode::kResourceExhausted:
      return "resource_exhausted";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

Error UserError(ErrorCode code, std::string message) {
  Error error;
  error.code = code;
  error.blame = Blame::kUser;
  error.message = std::move(message);
  return error;
}

Error InternalError(std::string message) {
  Error error;
  error.message = std::move(message);
  return error;
}

Error CancelledError(std::string message) {
  return UserError(ErrorCode::kCancelled, std::move(message));
}

}  // namespace sumac

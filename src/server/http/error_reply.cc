#include "server/http/error_reply.h"

namespace sumac::server {

int StatusOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kUnsupported:
      return 400;
    // They are about Sumac's own credentials at the service. 401 and 403 would tell the client that
    // its credentials are wrong.
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kPermissionDenied:
      return 400;
    case ErrorCode::kResourceExhausted:
      return error.blame == Blame::kUser ? 400 : 503;
    case ErrorCode::kThrottled:
    case ErrorCode::kUnavailable:
    case ErrorCode::kCancelled:
      return 503;
    // Else the network was slow.
    case ErrorCode::kDeadlineExceeded:
      return error.blame == Blame::kUser ? 504 : 503;
    case ErrorCode::kDataCorrupt:
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

HttpReply ErrorReply(const Error& error) {
  return TextReply(StatusOf(error), error.message);
}

HttpReply TextReply(int status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

}  // namespace sumac::server

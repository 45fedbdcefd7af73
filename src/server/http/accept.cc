#include "server/http/accept.h"

#include <optional>

#include "server/http/header_text.h"
#include "server/http/http_reply.h"

namespace sumac::server {
namespace {

using engine::ResultFormat;

struct KnownType {
  std::string_view name;
  ResultFormat format;
};

constexpr KnownType kKnownTypes[] = {
    {"application/json", ResultFormat::kJson},
    {"text/csv", ResultFormat::kCsv},
    {"text/plain", ResultFormat::kTable},
    {"application/vnd.spiceai.sql.v1+json", ResultFormat::kSqlV1Json},
    {"application/x-ndjson", ResultFormat::kJsonLines},
    {"application/jsonl", ResultFormat::kJsonLines},
    {"application/vnd.apache.arrow.stream", ResultFormat::kArrowStream},
};

std::optional<ResultFormat> FindFormat(std::string_view media_type) {
  for (const KnownType& known : kKnownTypes) {
    if (EqualsIgnoreCase(known.name, media_type)) return known.format;
  }
  return std::nullopt;
}

}  // namespace

ResultFormat NegotiateFormat(std::string_view accept) {
  while (!accept.empty()) {
    const size_t comma = accept.find(',');
    if (const auto format = FindFormat(MediaType(accept.substr(0, comma)))) return *format;
    accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
  }
  return ResultFormat::kJson;
}

const char* ContentTypeOf(ResultFormat format) {
  switch (format) {
    case ResultFormat::kJsonLines:
      return "application/x-ndjson";
    case ResultFormat::kCsv:
      return "text/csv; charset=utf-8";
    case ResultFormat::kTable:
      return kTextPlain;
    case ResultFormat::kSqlV1Json:
      return "application/vnd.spiceai.sql.v1+json";
    case ResultFormat::kArrowStream:
      return "application/vnd.apache.arrow.stream";
    case ResultFormat::kJson:
      break;
  }
  return kApplicationJson;
}

}  // namespace sumac::server

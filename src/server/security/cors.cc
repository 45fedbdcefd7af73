#include "server/security/cors.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable_text.h"

namespace sumac::server {
namespace {

constexpr size_t kShownOriginBytes = 100;

// scheme://host or scheme://host:port, in lower case as browsers send it.
bool IsOrigin(const std::string& text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string::npos || scheme == 0) return false;
  const std::string host = text.substr(scheme + 3);
  return !host.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && !(c >= 'A' && c <= 'Z');
  }) && host.find_first_of("/?#@*") == std::string::npos;
}

}  // namespace

Result<Cors> Cors::Create(const spicepod::Spicepod& pod) {
  Cors made;
  const auto& settings = pod.runtime.cors;
  if (!settings || !settings->enabled) return made;
  made.enabled_ = true;
  for (const auto& origin : settings->allowed_origins) {
    if (origin == "*") {
      made.any_ = true;
    } else if (IsOrigin(origin)) {
      made.origins_.push_back(origin);
    } else {
      return Fail(
          ErrorCode::kInvalidArgument,
          fmt::format("{}: runtime.cors: '{}' is no origin; write it as "
                      "https://app.example.com, without a path and in lower case, or '*'",
                      settings->location.ToString(), PrintableText(origin, kShownOriginBytes)));
    }
  }
  return made;
}

bool Cors::Names(std::string_view origin) const {
  return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

HttpReply Cors::PreflightReply() const {
  HttpReply reply;
  reply.status = 204;
  reply.headers = {
      {"Access-Control-Allow-Methods", "GET, POST, PATCH, OPTIONS"},
      {"Access-Control-Allow-Headers",
       "accept, authorization, cache-control, content-type, sumac-query-timeout, traceparent, "
       "x-api-key, x-request-id"},
      {"Access-Control-Max-Age", "600"},
  };
  return reply;
}

void Cors::AddHeaders(
    std::string_view origin,
    const std::function<void(const char* name, const std::string& value)>& add) const {
  if (!enabled_) return;
  // A cache must not give the answer for one origin to another.
  if (!any_) add("Vary", "Origin");
  if (origin.empty() || !(any_ || Names(origin))) return;
  add("Access-Control-Allow-Origin", any_ ? std::string("*") : std::string(origin));
  add("Access-Control-Expose-Headers",
      "Results-Cache-Status, Sumac-Consumed-RCU, Sumac-Warnings, X-Cache, X-Request-Id");
}

}  // namespace sumac::server

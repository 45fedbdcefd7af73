#include "server/http/acceleration_refresh_request.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/nearest_name.h"
#include "base/printable_text.h"
#include "spicepod/spicepod.h"
#include "spicepod/value_text.h"

namespace sumac::server {
namespace {

namespace json = boost::json;

constexpr size_t kShownBytes = 60;
// SQL of the greatest length, each byte of it escaped at worst, and the rest.
constexpr size_t kBodyBytesMax = 6 * spicepod::kSqlFileBytesMax + 4096;

tl::unexpected<Error> Refuse(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

Status TakeSql(std::string value, datasets::RefreshOverrides& overrides) {
  if (value.size() > spicepod::kSqlFileBytesMax) {
    return Refuse(fmt::format("refresh_sql is longer than {} bytes.", spicepod::kSqlFileBytesMax));
  }
  if (value.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Refuse("refresh_sql is empty.");
  }
  overrides.refresh_sql = std::move(value);
  return {};
}

Status TakeMode(const std::string& value, datasets::RefreshOverrides& overrides) {
  if (value == "full") {
    overrides.refresh_mode = spicepod::RefreshMode::kFull;
  } else if (value == "append") {
    overrides.refresh_mode = spicepod::RefreshMode::kAppend;
  } else {
    return Refuse("refresh_mode takes \"full\" or \"append\", not \"" +
                  PrintableText(value, kShownBytes) + "\".");
  }
  return {};
}

Status CheckJitter(const std::string& value) {
  if (spicepod::ParseDuration(value)) return {};
  return Refuse("refresh_jitter_max takes a duration such as 10s, not \"" +
                PrintableText(value, kShownBytes) + "\".");
}

Status TakeMember(std::string_view name, const json::value& value,
                  datasets::RefreshOverrides& overrides) {
  const std::string shown = PrintableText(name, kShownBytes);
  const std::vector<std::string> known = {"refresh_sql", "refresh_mode", "refresh_jitter_max"};
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    const auto nearest = NearestName(shown, known);
    return Refuse("A refresh takes no \"" + shown + "\"" +
                  (nearest ? "; did you mean \"" + *nearest + "\"?"
                           : "; it takes refresh_sql, refresh_mode and refresh_jitter_max."));
  }
  if (value.is_null()) return {};
  if (!value.is_string()) return Refuse(shown + " is not a string.");
  std::string text(value.get_string().data(), value.get_string().size());
  if (name == "refresh_sql") return TakeSql(std::move(text), overrides);
  if (name == "refresh_mode") return TakeMode(text, overrides);
  return CheckJitter(text);
}

}  // namespace

Result<datasets::RefreshOverrides> ParseAccelerationRefresh(const std::string& body) {
  datasets::RefreshOverrides overrides;
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) return overrides;
  if (body.size() > kBodyBytesMax) {
    return Refuse(fmt::format("The body is longer than {} bytes.", kBodyBytesMax));
  }
  boost::system::error_code error;
  const auto document = json::parse(body, error);
  if (error) return Refuse("Invalid JSON: " + error.message());
  if (document.is_null()) return overrides;
  if (!document.is_object()) return Refuse("Invalid JSON: the body is not an object");
  for (const auto& member : document.get_object()) {
    SUMAC_RETURN_IF_ERROR(
        TakeMember({member.key().data(), member.key().size()}, member.value(), overrides));
  }
  return overrides;
}

Result<std::optional<std::string>> ParseAccelerationChange(const std::string& body) {
  SUMAC_ASSIGN_OR_RETURN(const auto change, ParseAccelerationRefresh(body));
  boost::system::error_code ignored;
  const auto document = json::parse(body, ignored);
  if (!document.is_object() || document.get_object().size() != 1 ||
      !document.get_object().contains("refresh_sql")) {
    return Refuse("The body is {\"refresh_sql\": \"SELECT ...\"}, or null to take it back.");
  }
  return change.refresh_sql;
}

}  // namespace sumac::server

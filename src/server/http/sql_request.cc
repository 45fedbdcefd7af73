#include "server/http/sql_request.h"

#include <cmath>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include "base/printable_text.h"
#include "server/http/header_text.h"
#include "server/http/http_reply.h"
#include "spicepod/value_text.h"

namespace sumac::server {
namespace {

using boost::json::string_view;
using BoostError = boost::json::error_code;

constexpr size_t kShownTextBytes = 60;

// Receives the document piece by piece. A tree would turn large integers into doubles on the way.
class RequestHandler {
 public:
  // Boost asks for these names.
  // NOLINTBEGIN(readability-identifier-naming)
  constexpr static std::size_t max_object_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_array_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_key_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_string_size = static_cast<std::size_t>(-1);
  // NOLINTEND(readability-identifier-naming)

  bool on_document_begin(BoostError&) { return true; }
  bool on_document_end(BoostError&) { return true; }

  bool on_object_begin(BoostError& error) { return Open(false, error); }
  bool on_object_end(std::size_t, BoostError&) { return Close(); }
  bool on_array_begin(BoostError& error) { return Open(true, error); }
  bool on_array_end(std::size_t, BoostError&) { return Close(); }

  bool on_key_part(string_view text, std::size_t, BoostError&) { return Keep(text); }
  bool on_key(string_view text, std::size_t, BoostError&) {
    Keep(text);
    (depth_ == 1 ? member_ : name_) = std::move(text_);
    text_.clear();
    return true;
  }
  bool on_string_part(string_view text, std::size_t, BoostError&) { return Keep(text); }
  bool on_string(string_view text, std::size_t, BoostError& error) {
    Keep(text);
    std::string value = std::move(text_);
    text_.clear();
    if (depth_ == 1 && member_ == "sql") {
      request.sql = std::move(value);
      has_sql_ = true;
      return true;
    }
    return Scalar(duckdb::Value(std::move(value)), error);
  }
  bool on_number_part(string_view text, BoostError&) { return Keep(text); }
  bool on_int64(int64_t value, string_view, BoostError& error) {
    text_.clear();
    return Scalar(duckdb::Value::BIGINT(value), error);
  }
  bool on_uint64(uint64_t value, string_view, BoostError& error) {
    text_.clear();
    return Scalar(duckdb::Value::HUGEINT(duckdb::hugeint_t(0, value)), error);
  }
  bool on_double(double value, string_view text, BoostError& error) {
    Keep(text);
    const std::string digits = std::move(text_);
    text_.clear();
    if (digits.find_first_of(".eE") != std::string::npos) {
      if (!std::isfinite(value)) {
        return Wrong(fmt::format("the number {} is beyond every type", PrintableText(digits, 40)),
                     error);
      }
      return Scalar(duckdb::Value::DOUBLE(value), error);
    }
    duckdb::Value huge(digits);
    if (!huge.DefaultTryCastAs(duckdb::LogicalType::HUGEINT)) {
      return Wrong(fmt::format("the integer {} does not fit 128 bits; pass it as a string", digits),
                   error);
    }
    return Scalar(std::move(huge), error);
  }
  bool on_bool(bool value, BoostError& error) {
    return Scalar(duckdb::Value::BOOLEAN(value), error);
  }
  bool on_null(BoostError& error) {
    if (depth_ == 1 && member_ == "parameters") return true;
    return Scalar(duckdb::Value(), error);
  }
  bool on_comment_part(string_view, BoostError&) { return true; }
  bool on_comment(string_view, BoostError&) { return true; }

  bool has_sql() const { return has_sql_; }
  const std::string& message() const { return message_; }
  SqlRequest request;

 private:
  bool InParameters() const { return depth_ == 2 && member_ == "parameters"; }

  bool Keep(string_view text) {
    text_.append(text.data(), text.size());
    return true;
  }
  bool Wrong(std::string message, BoostError& error) {
    message_ = std::move(message);
    error = boost::json::error::syntax;
    return false;
  }

  bool Open(bool array, BoostError& error) {
    if (depth_ == 0 && array) return Wrong("the body is an array, not an object", error);
    if (depth_ == 1 && member_ == "sql") return Wrong("\"sql\" is not a string", error);
    if (InParameters()) return Wrong(NotScalar(), error);
    if (depth_ == 1 && member_ == "parameters") array_ = array;
    ++depth_;
    return true;
  }
  bool Close() {
    --depth_;
    return true;
  }

  bool Scalar(duckdb::Value value, BoostError& error) {
    if (depth_ == 0) return Wrong("the body is not an object", error);
    if (depth_ == 1 && member_ == "sql") return Wrong("\"sql\" is not a string", error);
    if (depth_ == 1 && member_ == "parameters") {
      return Wrong("\"parameters\" is neither an array nor an object", error);
    }
    if (!InParameters()) return true;
    if (array_) {
      request.parameters.positional.push_back(std::move(value));
      return true;
    }
    const std::string name = name_.starts_with('$') ? name_.substr(1) : name_;
    if (!request.parameters.named.emplace(name, std::move(value)).second) {
      return Wrong(fmt::format("the parameter \"{}\" is given twice", name), error);
    }
    return true;
  }

  std::string NotScalar() const {
    const std::string which =
        array_ ? fmt::format("{}", request.parameters.positional.size() + 1) : '"' + name_ + '"';
    return fmt::format(
        "parameter {} is an array or an object; a parameter is null, a boolean, a number or a "
        "string",
        which);
  }

  int depth_ = 0;
  std::string member_;  // of the body
  std::string name_;    // of the member below it
  std::string text_;    // what came of a string, key or number so far
  std::string message_;
  bool array_ = false;
  bool has_sql_ = false;
};

Result<SqlRequest> ParseJson(const std::string& body) {
  const auto invalid = [](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Invalid JSON: {}", why));
  };
  boost::json::basic_parser<RequestHandler> parser{boost::json::parse_options()};
  BoostError error;
  const std::size_t parsed = parser.write_some(false, body.data(), body.size(), error);
  const RequestHandler& handler = parser.handler();
  if (!handler.message().empty()) return invalid(handler.message());
  if (error) return invalid(fmt::format("{} at byte {}", error.message(), parsed));
  if (body.find_first_not_of(" \t\r\n", parsed) != std::string::npos) {
    return invalid(fmt::format("extra text after the object at byte {}", parsed));
  }
  if (!handler.has_sql()) return invalid("the member \"sql\" is missing");
  return std::move(parser.handler().request);
}

}  // namespace

Result<SqlRequest> ParseSqlRequest(std::string_view content_type, std::string body) {
  SqlRequest request;
  if (EqualsIgnoreCase(MediaType(content_type), kApplicationJson)) {
    SUMAC_ASSIGN_OR_RETURN(request, ParseJson(body));
  } else {
    request.sql = std::move(body);
  }
  if (request.sql.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument, "The request has no SQL.");
  }
  if (request.sql.find('\0') != std::string::npos ||
      !duckdb::Value::StringIsValid(request.sql.data(), request.sql.size())) {
    return Fail(ErrorCode::kInvalidArgument, "The SQL is not valid UTF-8 text.");
  }
  return request;
}

Result<std::optional<std::chrono::milliseconds>> ParseQueryTimeout(std::string_view value) {
  if (value.empty()) return std::nullopt;
  const auto timeout = spicepod::ParseTimeLimit(value);
  if (timeout) return timeout;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("{} takes {}, not '{}'.", kQueryTimeoutHeader, spicepod::kTimeLimitTakes,
                          PrintableText(value, kShownTextBytes)));
}

}  // namespace sumac::server

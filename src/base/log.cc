#include "base/log.h"

#include <atomic>
#include <mutex>
#include <unordered_set>

#include <fmt/chrono.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "base/json_text.h"

namespace sumac {

namespace {

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kTrace:
      return spdlog::level::trace;
  }
  return spdlog::level::info;
}

// Between a message and its fields, which are members of JSON then. No message has it: control
// characters of what comes from outside are escaped before.
constexpr char kFieldsBegin = '\x1e';

std::atomic<bool> logs_json = false;

bool IsNumber(const std::string& text) {
  const size_t digits = text.starts_with('-') ? 1 : 0;
  const size_t point = text.find('.');
  const bool only_digits = text.find_first_not_of("0123456789.", digits) == std::string::npos;
  // As JSON has them: 0.5 and 12, not .5, 012 or 1.
  const bool whole = text.size() > digits && text[digits] != '.' && text.back() != '.' &&
                     (text[digits] != '0' || text.size() == digits + 1 || text[digits + 1] == '.');
  return only_digits && whole &&
         text.find('.', point == std::string::npos ? point : point + 1) == std::string::npos;
}

class JsonLogFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto since = message.time.time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since - seconds).count();
    const std::string time = fmt::format(
        "{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(seconds.count())), ms);
    const auto level = spdlog::level::to_string_view(message.level);
    const std::string line = JsonLogLine(time, {level.data(), level.size()},
                                         {message.payload.data(), message.payload.size()}) +
                             "\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLogFormatter>();
  }
};

}  // namespace

std::string JsonLogLine(std::string_view time, std::string_view level, std::string_view payload) {
  const size_t fields = payload.find(kFieldsBegin);
  std::string line = "{\"time\":";
  AppendJsonString(time, line);
  line += ",\"level\":";
  AppendJsonString(level, line);
  line += ",\"message\":";
  AppendJsonString(payload.substr(0, fields), line);
  if (fields != std::string_view::npos) line += payload.substr(fields + 1);
  return line + "}";
}

void LogWithFields(LogLevel level, const std::string& message, const LogFields& fields) {
  const auto spdlog_level = SpdlogLevel(level);
  if (!spdlog::should_log(spdlog_level)) return;
  std::string payload = message;
  if (logs_json) payload += kFieldsBegin;
  const char* separator = " (";
  for (const auto& [name, value] : fields) {
    if (!logs_json) {
      payload += separator + name + "=" + value;
      separator = ", ";
      continue;
    }
    payload += ',';
    AppendJsonString(name, payload);
    payload += ':';
    if (IsNumber(value)) {
      payload += value;
    } else {
      AppendJsonString(value, payload);
    }
  }
  if (!logs_json && !fields.empty()) payload += ')';
  spdlog::log(spdlog_level, "{}", payload);
}

std::optional<LogLevel> ParseLogLevel(std::string_view text) {
  constexpr std::pair<std::string_view, LogLevel> kNames[] = {
      {"error", LogLevel::kError}, {"warn", LogLevel::kWarning}, {"info", LogLevel::kInfo},
      {"debug", LogLevel::kDebug}, {"trace", LogLevel::kTrace},
  };
  for (const auto& [name, level] : kNames) {
    if (name == text) return level;
  }
  return std::nullopt;
}

void SetLogLevel(LogLevel level) {
  spdlog::default_logger()->set_level(SpdlogLevel(level));
}

void InitializeLog(LogLevel level, LogStyle style) {
  auto logger = std::make_shared<spdlog::logger>(
      "sumac", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logs_json = style == LogStyle::kJson;
  if (style == LogStyle::kJson) {
    logger->set_formatter(std::make_unique<JsonLogFormatter>());
  } else {
    const bool plain = style == LogStyle::kPlain;
    logger->set_pattern(plain ? "%^%l:%$ %v" : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                        spdlog::pattern_time_type::utc);
  }
  logger->set_level(SpdlogLevel(level));
  spdlog::set_default_logger(std::move(logger));
}

void LogWarningOnce(const std::string& message) {
  static std::mutex mutex;
  static std::unordered_set<std::string> seen;
  {
    std::lock_guard lock(mutex);
    if (!seen.insert(message).second) return;
  }
  spdlog::warn("{}", message);
}

}  // namespace sumac

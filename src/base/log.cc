#include "base/log.h"

#include <mutex>
#include <unordered_set>

#include <spdlog/sinks/stdout_color_sinks.h>

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

}  // namespace

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
  const bool plain = style == LogStyle::kPlain;
  logger->set_pattern(plain ? "%^%l:%$ %v" : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                      spdlog::pattern_time_type::utc);
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

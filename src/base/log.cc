#include "base/log.h"

#include <mutex>
#include <unordered_set>

#include <spdlog/sinks/stdout_color_sinks.h>

namespace sumac {

void InitializeLog(LogLevel level, LogStyle style) {
  auto logger = std::make_shared<spdlog::logger>(
      "sumac", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  const bool plain = style == LogStyle::kPlain;
  logger->set_pattern(plain ? "%^%l:%$ %v" : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                      spdlog::pattern_time_type::utc);
  switch (level) {
    case LogLevel::kError:
      logger->set_level(spdlog::level::err);
      break;
    case LogLevel::kWarning:
      logger->set_level(spdlog::level::warn);
      break;
    case LogLevel::kInfo:
      logger->set_level(spdlog::level::info);
      break;
    case LogLevel::kDebug:
      logger->set_level(spdlog::level::debug);
      break;
  }
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

// Logging to stderr, through spdlog. stdout belongs to answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <spdlog/spdlog.h>

namespace sumac {

enum class LogLevel { kError, kWarning, kInfo, kDebug, kTrace };

// "error", "warn", "info", "debug", "trace"; nothing for another text.
std::optional<LogLevel> ParseLogLevel(std::string_view text);

// kPlain is "warning: ...", for a person at a command line; kTimestamped is for a server.
enum class LogStyle { kPlain, kTimestamped };

// Sets up the process's log on stderr; call once at start, before threads.
void InitializeLog(LogLevel level, LogStyle style);

// Changes the level of the log that InitializeLog set up. Thread-safe.
void SetLogLevel(LogLevel level);

// Logs a warning the first time `message` is seen in this process. Thread-safe.
void LogWarningOnce(const std::string& message);

}  // namespace sumac

// Logging to stderr, through spdlog. stdout belongs to answers.
#pragma once

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

namespace sumac {

enum class LogLevel { kError, kWarning, kInfo, kDebug };

// Sets up the process's log on stderr; call once at start, before threads. Without this call
// nothing below warnings is shown.
void InitializeLog(LogLevel level);

// Logs a warning the first time `message` is seen in this process. Thread-safe.
void LogWarningOnce(const std::string& message);

}  // namespace sumac

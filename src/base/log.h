// Logging to stderr, through spdlog. stdout belongs to answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

namespace sumac {

enum class LogLevel { kError, kWarning, kInfo, kDebug, kTrace };

// "error", "warn", "info", "debug", "trace"; nothing for another text.
std::optional<LogLevel> ParseLogLevel(std::string_view text);

// kPlain is "warning: ...", for a person at a command line; kTimestamped is for a server; kJson is
// for a program that collects the logs of servers: an object a line, with `time`, `level`,
// `message` and what LogWithFields adds.
enum class LogStyle { kPlain, kTimestamped, kJson };

// Sets up the process's log on stderr; call once at start, before threads.
void InitializeLog(LogLevel level, LogStyle style);

// Changes the level of the log that InitializeLog set up. Thread-safe.
void SetLogLevel(LogLevel level);

// What goes with a message, in this order: name and value.
using LogFields = std::vector<std::pair<std::string, std::string>>;

// Logs `message` with `fields`: members of the object in kJson, and behind the message as
// (name=value, ...) in other styles. Values that are numbers are numbers in JSON. Thread-safe.
void LogWithFields(LogLevel level, const std::string& message, const LogFields& fields);

// One line of kJson, without its end; for tests. `payload` is what spdlog is given.
std::string JsonLogLine(std::string_view time, std::string_view level, std::string_view payload);

// Logs a warning the first time `message` is seen in this process. Thread-safe.
void LogWarningOnce(const std::string& message);

}  // namespace sumac

// Lines at the prompt that are no SQL. Pure.
#pragma once

#include <string>

namespace sumac::cli {

struct PromptCommand {
  enum class Kind {
    kSql,  // none of these
    kNothing,
    kLeave,
    kHelp,
    kLastError,
    kClear,
    kForgetHistory,
    kTables,
    kDescribe,  // `argument`: the table
    kTiming,
    kMode,      // `argument`: the mode, empty to be told
    kExpanded,  // between the modes table and line
    kUnknown,   // begins as one of these; `argument`: what it was
  };

  Kind kind = Kind::kSql;
  std::string argument;
};

PromptCommand ReadPromptCommand(const std::string& line);

// The query that answers `\d TABLE`: `table` is a name as one types it, "users" or "sales.orders".
std::string DescribeStatement(const std::string& table);

// The query that answers `\dt`.
std::string TablesStatement();

}  // namespace sumac::cli

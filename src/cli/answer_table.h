// A bordered table that a server sends, cut after some rows. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sumac::cli {

class AnswerTable {
 public:
  explicit AnswerTable(uint64_t rows_max) : rows_max_(rows_max) {}

  // What of the next bytes of the table is to be shown. Text that is no table, as a plan, is shown
  // whole.
  std::string Take(std::string_view bytes);

  uint64_t rows_total() const { return rows_total_; }
  uint64_t rows_shown() const { return rows_total_ < rows_max_ ? rows_total_ : rows_max_; }

 private:
  void BeginLine(char first);

  const uint64_t rows_max_;
  uint64_t rows_total_ = 0;
  int rules_ = 0;
  bool at_line_start_ = true;
  bool shown_ = true;  // the line under way
};

}  // namespace sumac::cli

#include "cli/answer_table.h"

namespace sumac::cli {

void AnswerTable::BeginLine(char first) {
  shown_ = true;
  if (first == '+') {
    ++rules_;
  } else if (first == '|' && rules_ >= 2) {
    // Those before the second rule are names of columns.
    shown_ = ++rows_total_ <= rows_max_;
  } else if (rules_ == 0) {
    rows_total_ = 1;  // a plan
  }
}

std::string AnswerTable::Take(std::string_view bytes) {
  std::string shown;
  while (!bytes.empty()) {
    if (at_line_start_) BeginLine(bytes.front());
    const size_t end = bytes.find('\n');
    at_line_start_ = end != std::string_view::npos;
    const auto part = bytes.substr(0, at_line_start_ ? end + 1 : bytes.size());
    if (shown_) shown += part;
    bytes.remove_prefix(part.size());
  }
  return shown;
}

}  // namespace sumac::cli

#include "engine/results/display_width.h"

#include <algorithm>

// libduckdb exports its width table, which knows grapheme clusters; the header that declares it is
// not among DuckDB's public ones (1.4.4, utf8proc_wrapper.hpp), so the one function is named here.
namespace duckdb {
class Utf8Proc {
 public:
  static size_t RenderWidth(const std::string& text);
};
}  // namespace duckdb

namespace sumac::engine {
size_t DisplayWidth(const std::string& text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
  return ascii ? text.size() : duckdb::Utf8Proc::RenderWidth(text);
}

}  // namespace sumac::engine

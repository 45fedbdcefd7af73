#include "cli/completion_list.h"

#include <algorithm>
#include <cctype>

#include "base/printable_text.h"
#include "engine/results/display_width.h"

namespace sumac::cli {

std::string CommonStart(const std::vector<std::string>& candidates) {
  const std::string& first = candidates.front();
  size_t common = first.size();
  for (const auto& candidate : candidates) {
    size_t same = 0;
    while (same < common && same < candidate.size() &&
           std::tolower(static_cast<unsigned char>(first[same])) ==
               std::tolower(static_cast<unsigned char>(candidate[same]))) {
      ++same;
    }
    common = same;
  }
  // No part of a character.
  return std::string(common < first.size() ? Beginning(common, first) : first);
}

std::string ListedCandidates(const std::vector<std::string>& candidates, size_t columns) {
  constexpr size_t kListedMax = 100;
  constexpr size_t kListedBytes = 500;
  const size_t count = std::min(candidates.size(), kListedMax);
  std::vector<std::string> shown;
  size_t widest = 0;
  for (size_t i = 0; i < count; ++i) {
    shown.push_back(PrintableText(candidates[i], kListedBytes));
    widest = std::max(widest, engine::DisplayWidth(shown.back()));
  }
  const size_t per_line = std::max<size_t>(1, columns / (widest + 2));
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const bool last = (i + 1) % per_line == 0 || i + 1 == count;
    text +=
        shown[i] + (last ? "\n" : std::string(widest + 2 - engine::DisplayWidth(shown[i]), ' '));
  }
  if (count < candidates.size()) {
    text += "and " + std::to_string(candidates.size() - count) + " more\n";
  }
  return text;
}

}  // namespace sumac::cli

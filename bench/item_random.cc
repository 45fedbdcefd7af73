#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "page_shapes.h"

namespace sumac::bench {
namespace {

constexpr std::array<std::string_view, 32> kWords = {
    "amber",  "birch", "cedar", "delta", "ember", "fjord", "grove",  "harbor",
    "island", "jade",  "kelp",  "lake",  "maple", "north", "ocean",  "pine",
    "quartz", "river", "stone", "sun",   "umber", "vale",  "willow", "xenon",
    "yarrow", "zinc",  "arch",  "brook", "cliff", "dune",  "east",   "fern"};

constexpr std::array<std::string_view, 8> kMixedPieces = {R"(\n)",
                                                          R"(\"so\")",
                                                          R"(C:\\temp)",
                                                          "\xc3\xa6\xc3\xb8\xc3\xa5",
                                                          R"(\u00e9t\u00e9)",
                                                          "\xe6\x9d\xb1\xe4\xba\xac",
                                                          "\xf0\x9f\x8c\xb2",
                                                          R"(\ud83d\ude80)"};

// The alternative number `chosen` of "one|two|...".
std::string_view Alternative(std::string_view choice, uint64_t chosen) {
  for (; chosen > 0; --chosen) choice.remove_prefix(choice.find('|') + 1);
  return choice.substr(0, choice.find('|'));
}

}  // namespace

// Values are drawn one by one, in the order of the text: the arguments of one call have no order.
void ItemRandom::Replace(char mark, uint64_t number, std::string& text) {
  switch (mark) {
    case 'i':
      text += std::to_string(number);
      return;
    case 'w':
      text += kWords[Below(kWords.size())];
      return;
    case 'd':
      text += static_cast<char>('0' + Below(10));
      return;
    case 'n':
      text += static_cast<char>('1' + Below(9));
      return;
    case 'b':
      text += Below(2) == 0 ? "true" : "false";
      return;
    case 'm':
      text += kMixedPieces[Below(kMixedPieces.size())];
      return;
    case 't': {
      text += fmt::format("20{:02}-", 15 + Below(10));
      text += fmt::format("{:02}-", 1 + Below(12));
      text += fmt::format("{:02}T", 1 + Below(28));
      text += fmt::format("{:02}:", Below(24));
      text += fmt::format("{:02}:", Below(60));
      text += fmt::format("{:02}Z", Below(60));
      return;
    }
    default:
      text += mark;
      return;
  }
}

std::string ItemRandom::Fill(std::string_view pattern, uint64_t number) {
  std::string text;
  while (!pattern.empty()) {
    const auto plain = pattern.find_first_of("%<");
    text += pattern.substr(0, plain);
    if (plain == std::string_view::npos) break;
    pattern.remove_prefix(plain);
    if (pattern.front() == '%') {
      Replace(pattern[1], number, text);
      pattern.remove_prefix(2);
      continue;
    }
    const auto end = pattern.find('>');
    const auto choice = pattern.substr(1, end - 1);
    const auto bars = std::count(choice.begin(), choice.end(), '|');
    const auto chosen = Below(static_cast<uint64_t>(bars) + 1);
    text += Fill(Alternative(choice, chosen), number);
    pattern.remove_prefix(end + 1);
  }
  return text;
}

}  // namespace sumac::bench

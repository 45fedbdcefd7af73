#include "items/key_patterns.h"

#include <algorithm>
#include <map>

namespace sumac::items {
namespace {

using Counts = std::map<std::string, size_t>;

// Nobody writes these between words of an id by chance; the others stand in times, names and UUIDs.
constexpr std::string_view kStrongSeparators = "#|";
constexpr std::string_view kSeparators = "#|:/_-.";
constexpr size_t kPrefixBytesMax = 64;
constexpr size_t kWholeValuesMax = 20;

bool IsLetter(char c) {
  // Letters outside ASCII count: they are no digits and no punctuation.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool HasLetter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsLetter);
}

// Letters with '_', '-' or a space between: what a person calls a thing, never a time or an id.
bool IsWord(std::string_view text) {
  return !text.empty() && IsLetter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLetter(c) || c == '_' || c == '-' || c == ' '; });
}

bool IsStrong(char separator) {
  return kStrongSeparators.find(separator) != std::string_view::npos;
}

// Whether the value as a whole is a word, perhaps after separators: "PROFILE", "#PROFILE".
bool IsWholeWord(const std::string& value, char separator) {
  const size_t start = separator == 0 ? 0 : value.find_first_not_of(separator);
  if (start == std::string::npos || value.size() > kPrefixBytesMax) return false;
  const auto word = std::string_view(value).substr(start);
  return IsWord(word) && (separator == 0 || word.find(separator) == std::string_view::npos);
}

// Up to and including the first separator after a word, "#PROFILE#" too; empty when there is none
// that could say something.
std::string PrefixOf(const std::string& value, char separator) {
  const size_t start = separator == 0 ? std::string::npos : value.find_first_not_of(separator);
  if (start == std::string::npos) return "";
  const size_t end = value.find(separator, start);
  if (end == std::string::npos || end >= kPrefixBytesMax) return "";
  const auto word = std::string_view(value).substr(start, end - start);
  const bool says = IsStrong(separator) ? HasLetter(word) : IsWord(word);
  return says ? value.substr(0, end + 1) : "";
}

// The separator after the first word of most values, the strong ones already when one in twenty has
// them, or when nothing else tells; 0 for none.
char ChooseSeparator(const std::vector<std::string>& values) {
  constexpr size_t kStrongShare = 20;
  char rare = 0;
  for (const char separator : kSeparators) {
    const auto count = static_cast<size_t>(std::count_if(
        values.begin(), values.end(),
        [&](const std::string& value) { return !PrefixOf(value, separator).empty(); }));
    const bool strong = IsStrong(separator);
    const bool enough = strong ? count * kStrongShare >= values.size() : count * 2 > values.size();
    if (count > 0 && enough) return separator;
    if (strong && count > 0 && rare == 0) rare = separator;
  }
  return rare;
}

// Drops those that occur fewer than `times_min` times, then the rarest (of equals the last in byte
// order) until `count_max` are left.
void KeepFrequent(size_t times_min, size_t count_max, Counts& counts) {
  std::erase_if(counts, [&](const auto& entry) { return entry.second < times_min; });
  std::vector<std::pair<size_t, std::string>> order;
  for (const auto& [text, count] : counts) order.emplace_back(count, text);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  for (size_t i = count_max; i < order.size(); ++i) counts.erase(order[i].second);
}

void KeepTellingPrefixes(size_t values, char separator, Counts& prefixes) {
  size_t with_prefix = 0;
  for (const auto& [prefix, count] : prefixes) with_prefix += count;
  if (IsStrong(separator)) {
    // Few: kinds, all of them. Many: ids before the separator, unless they repeat a lot.
    constexpr size_t kFew = 10;
    const bool few = prefixes.size() <= kFew || prefixes.size() * 3 <= with_prefix;
    KeepFrequent(few ? 1 : std::max<size_t>(3, values / 100), kEntityKindsMax, prefixes);
    return;
  }
  // One prefix of all of them says nothing, and many are parts of ids.
  constexpr size_t kFew = 20;
  const bool one_of_all = prefixes.size() == 1 && with_prefix == values;
  if (one_of_all || prefixes.size() > kFew || prefixes.size() * 3 > with_prefix) prefixes.clear();
}

// Values that name a kind as a whole: PROFILE.
void KeepTellingWords(size_t values, bool keys_are_tagged, bool is_sort_key, Counts& words) {
  constexpr size_t kFew = 10;
  // Beside keys like USER#1, a few plain words are names even when they do not repeat.
  if (keys_are_tagged && words.size() <= kFew) return;
  if (!is_sort_key) {
    words.clear();
    return;
  }
  constexpr size_t kRareShare = 200;
  std::erase_if(words, [&](const auto& entry) {
    return entry.second < std::max<size_t>(2, values / kRareShare);
  });
  // Many words that repeat are names of people or goods.
  if (words.size() > kWholeValuesMax) words.clear();
}

}  // namespace

std::vector<KeyPattern> FindKeyPatterns(const std::vector<std::string>& values, bool is_sort_key) {
  const char separator = ChooseSeparator(values);
  Counts prefixes;
  Counts words;
  for (const auto& value : values) {
    const std::string prefix = PrefixOf(value, separator);
    if (!prefix.empty()) {
      ++prefixes[prefix];
    } else if (IsWholeWord(value, separator)) {
      ++words[value];
    }
  }
  size_t tagged = 0;
  KeepTellingPrefixes(values.size(), separator, prefixes);
  for (const auto& [prefix, count] : prefixes) tagged += count;
  KeepTellingWords(values.size(), separator != 0 && tagged * 2 >= values.size(), is_sort_key,
                   words);
  std::vector<KeyPattern> patterns;
  patterns.reserve(values.size());
  for (const auto& value : values) {
    const std::string prefix = PrefixOf(value, separator);
    KeyPattern pattern;
    if (!prefix.empty() && prefixes.count(prefix) > 0) {
      pattern = {KeyPattern::Form::kPrefix, prefix, {}};
    } else if (words.count(value) > 0) {
      pattern = {KeyPattern::Form::kEquals, value, {}};
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

}  // namespace sumac::items

#include "items/type_attribute.h"

#include <algorithm>
#include <map>
#include <set>

namespace sumac::items {
namespace {

constexpr size_t kTypesMax = 50;
constexpr size_t kNotKnown = 1'000;

// Without regard to case and without punctuation, the surest first: ElectroDB's, GraphQL's,
// DynamoDB-Toolbox's, then what people write.
constexpr std::string_view kKnownNames[] = {
    "edbe",      "typename",   "entitytype", "et",      "type",
    "itemtype",  "recordtype", "objecttype", "doctype", "documenttype",
    "modeltype", "entityname", "entity",     "kind",    "entitykind",
};

std::string PlainName(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      plain += c;
    }
  }
  return plain;
}

// What the strings of one attribute are like.
struct Candidate {
  size_t strings = 0;
  bool usable = true;
  std::map<std::string, std::set<size_t>> groups_by_value;
};

std::map<std::string, Candidate> CollectCandidates(const std::vector<ItemOutline>& items,
                                                   const std::vector<size_t>& key_groups) {
  std::map<std::string, Candidate> candidates;
  for (size_t i = 0; i < items.size(); ++i) {
    for (const auto& attribute : items[i].attributes) {
      auto& candidate = candidates[attribute.name];
      if (attribute.value == OutlinedAttribute::Value::kNull || !candidate.usable) continue;
      if (attribute.value != OutlinedAttribute::Value::kText || attribute.text.empty()) {
        candidate.usable = false;
        continue;
      }
      ++candidate.strings;
      candidate.groups_by_value[attribute.text].insert(key_groups[i]);
      // Also keeps ids from piling up.
      candidate.usable = candidate.groups_by_value.size() <= kTypesMax;
      if (!candidate.usable) candidate.groups_by_value.clear();
    }
  }
  return candidates;
}

bool RepeatsInNearlyAll(const Candidate& candidate, size_t items) {
  constexpr size_t kFew = 10;
  const size_t distinct = candidate.groups_by_value.size();
  return candidate.usable && distinct > 0 && candidate.strings * 10 >= items * 9 &&
         (distinct < candidate.strings || items == 1) &&
         (distinct <= kFew || distinct * 4 <= candidate.strings);
}

// For a name that says nothing: every value belongs to one group of keys, every group to one value,
// and the name or the values speak of types, or it may be chance.
bool MirrorsKeys(const std::string& name, const Candidate& candidate, size_t items, size_t groups) {
  if (candidate.strings != items || candidate.groups_by_value.size() != groups) return false;
  std::set<size_t> seen;
  for (const auto& [value, of_value] : candidate.groups_by_value) {
    if (of_value.size() != 1 || !seen.insert(*of_value.begin()).second) return false;
  }
  const std::string plain = PlainName(name);
  for (const char* word : {"type", "kind", "entity", "model", "class"}) {
    if (plain.find(word) != std::string::npos) return true;
  }
  return false;
}

size_t KnownRank(const std::string& name) {
  const auto* found = std::find(std::begin(kKnownNames), std::end(kKnownNames), PlainName(name));
  return found == std::end(kKnownNames) ? kNotKnown
                                        : static_cast<size_t>(found - std::begin(kKnownNames));
}

}  // namespace

std::string FindTypeAttribute(const std::vector<ItemOutline>& items,
                              const std::vector<dynamodb::KeyAttribute>& keys,
                              const std::vector<size_t>& key_groups) {
  const size_t groups = std::set<size_t>(key_groups.begin(), key_groups.end()).size();
  std::string best;
  size_t best_rank = kNotKnown + 1;
  for (const auto& [name, candidate] : CollectCandidates(items, key_groups)) {
    const bool is_key = std::any_of(keys.begin(), keys.end(),
                                    [&name = name](const auto& key) { return key.name == name; });
    if (is_key || !RepeatsInNearlyAll(candidate, items.size())) continue;
    // One type of all items says less than keys that differ.
    if (groups > 1 && candidate.groups_by_value.size() == 1) continue;
    const size_t rank = KnownRank(name);
    if (rank == kNotKnown && (groups < 2 || !MirrorsKeys(name, candidate, items.size(), groups))) {
      continue;
    }
    if (rank < best_rank) {
      best = name;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace sumac::items

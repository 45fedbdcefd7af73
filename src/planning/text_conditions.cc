// Comparisons of columns of text, which show S as it is and what has another type as text.
#include <algorithm>
#include <string_view>

#include "planning/alternatives.h"
#include "planning/literal.h"

namespace sumac::planning {
namespace {

using dynamodb::Comparison;
using dynamodb::Condition;

// The letters that the text of a type begins with, and is made of.
struct TypeLetters {
  const char* type;
  unsigned char first_least;
  unsigned char first_most;
  bool nested;  // shown as JSON, by columns of text or JSON alone
  // Of all letters; null when any may be in it.
  const char* letters;
};

constexpr TypeLetters kTypes[] = {
    // The service writes digits, a point, a minus sign; emulators perhaps exponents.
    {"N", '-', '9', false, "0123456789.-+eE"},
    {"B", '+', 'z', false, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="},
    {"M", '{', '{', true, nullptr},
    {"L", '[', '[', true, nullptr},
    {"SS", '[', '[', true, nullptr},
    {"NS", '[', '[', true, nullptr},
    {"BS", '[', '[', true, nullptr},
};

bool Shows(const ColumnPath& column, const TypeLetters& letters) {
  const bool shows_nested = column.shape->encoding == items::Encoding::kTextOrJson;
  return MayHave(column, letters.type) && (!letters.nested || shows_nested);
}

bool MadeOf(std::string_view text, const char* letters) {
  return letters == nullptr || text.find_first_not_of(letters) == text.npos;
}

// Calls `add` with BOOL true and with false as what they are shown as.
template <typename Add>
void ForEachBoolean(const ColumnPath& column, Add&& add) {
  if (!MayHave(column, "BOOL")) return;
  for (const bool value : {true, false}) {
    add(std::string_view(value ? "true" : "false"),
        Condition::Compare(column.path, Comparison::kEqual, BooleanLiteral(value)));
  }
}

// A condition of S. The column of an index key shows no text that cannot be a key, which only
// DuckDB sees then.
void AddOfText(const ColumnPath& column, Condition condition, Alternatives& any) {
  if (column.shape->encoding == items::Encoding::kString) {
    any.Perhaps(std::move(condition));
  } else {
    any.Sure(std::move(condition));
  }
}

Alternatives EqualToText(const ColumnPath& column, const std::string& text) {
  Alternatives any;
  const auto equal = [&column](std::string literal) {
    return Condition::Compare(column.path, Comparison::kEqual, std::move(literal));
  };
  const bool is_shown = !text.empty() && text.size() <= column.shape->key_bytes_max;
  if (MayHave(column, "S") && is_shown) {
    any.Sure(equal(StringLiteral(text)));
  } else if (MayHave(column, "S")) {
    AddOfText(column, equal(StringLiteral(text)), any);
  }
  if (MayHave(column, "N")) {
    // One number has several texts.
    if (auto number = NumberLiteralOfText(text)) any.Perhaps(equal(*std::move(number)));
  }
  if (MayHave(column, "B")) {
    if (auto binary = BinaryLiteralOfBase64(text)) any.Sure(equal(*std::move(binary)));
  }
  ForEachBoolean(column, [&](std::string_view shown, Condition condition) {
    if (shown == text) any.Sure(std::move(condition));
  });
  for (const auto& letters : kTypes) {
    if (!letters.nested || !Shows(column, letters) || text.empty()) continue;
    if (static_cast<unsigned char>(text[0]) != letters.first_least) continue;
    any.Perhaps(Condition::HasType(column.path, letters.type));
  }
  return any;
}

// Whether all texts of a type are before `text` (negative) or behind it (positive); 0 is unknown.
int OrderOfAll(const TypeLetters& letters, std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  if (first > letters.first_most) return -1;
  return first < letters.first_least ? 1 : 0;
}

}  // namespace

Alternatives CompareText(const ColumnPath& column, Comparison comparison, const std::string& text) {
  if (comparison == Comparison::kEqual) return EqualToText(column, text);
  Alternatives any;
  if (MayHave(column, "S")) {
    AddOfText(column, Condition::Compare(column.path, comparison, StringLiteral(text)), any);
  }
  for (const auto& letters : kTypes) {
    if (!Shows(column, letters)) continue;
    const int order = OrderOfAll(letters, text);
    // No bytes are the empty text, which is before all, and which dynalite finds by equality only.
    const bool may_be_empty = column.key_type == nullptr && std::string_view(letters.type) == "B";
    if (may_be_empty && Holds(-1, comparison)) {
      any.Perhaps(Condition::Compare(column.path, Comparison::kEqual, BinaryLiteral("")));
    }
    auto is_of_type = Condition::HasType(column.path, letters.type);
    if (order == 0 || (may_be_empty && order > 0)) {
      any.Perhaps(std::move(is_of_type));
    } else if (Holds(order, comparison)) {
      any.Sure(std::move(is_of_type));
    }
  }
  ForEachBoolean(column, [&](std::string_view shown, Condition condition) {
    if (Holds(shown.compare(text), comparison)) any.Sure(std::move(condition));
  });
  return any;
}

Alternatives TextBeginsWith(const ColumnPath& column, const std::string& prefix) {
  Alternatives any;
  if (MayHave(column, "S")) {
    AddOfText(column, Condition::BeginsWith(column.path, StringLiteral(prefix)), any);
  }
  for (const auto& letters : kTypes) {
    if (!Shows(column, letters) || OrderOfAll(letters, prefix) != 0) continue;
    if (!MadeOf(prefix, letters.letters)) continue;
    any.Perhaps(Condition::HasType(column.path, letters.type));
  }
  ForEachBoolean(column, [&](std::string_view shown, Condition condition) {
    if (shown.starts_with(prefix)) any.Sure(std::move(condition));
  });
  return any;
}

Alternatives TextContains(const ColumnPath& column, const std::string& part) {
  Alternatives any;
  const bool shows_nested = column.shape->encoding == items::Encoding::kTextOrJson;
  if (MayHave(column, "S")) {
    auto contains = Condition::Contains(column.path, StringLiteral(part));
    // It is true of a list or set that has the text as an element, too.
    if (column.key_type == nullptr && shows_nested) {
      any.Perhaps(std::move(contains));
    } else {
      AddOfText(column, std::move(contains), any);
    }
    if (column.key_type == nullptr && !shows_nested) {
      any.guard = Condition::Not(Condition::Any(
          {Condition::HasType(column.path, "L"), Condition::HasType(column.path, "SS")}));
    }
  }
  for (const auto& letters : kTypes) {
    if (!Shows(column, letters) || !MadeOf(part, letters.letters)) continue;
    any.Perhaps(Condition::HasType(column.path, letters.type));
  }
  ForEachBoolean(column, [&](std::string_view shown, Condition condition) {
    if (shown.find(part) != shown.npos) any.Sure(std::move(condition));
  });
  return any;
}

Alternatives TextLike(const ColumnPath& column, const std::string& pattern) {
  // The texts between the wildcards.
  std::vector<std::string> parts(1);
  for (const char c : pattern) {
    if (c == '%' || c == '_') {
      if (!parts.back().empty() || parts.size() == 1) parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const auto any_of = [](Alternatives one) {
    one.sure.insert(one.sure.end(), one.perhaps.begin(), one.perhaps.end());
    return Condition::Any(std::move(one.sure));
  };
  std::vector<Condition> all;
  if (!parts[0].empty()) {
    auto begins = TextBeginsWith(column, parts[0]);
    if (!begins.sure.empty() || !begins.perhaps.empty()) all.push_back(any_of(std::move(begins)));
  }
  const auto longest = std::max_element(
      parts.begin() + 1, parts.end(),
      [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  if (longest != parts.end() && !longest->empty()) {
    auto contains = TextContains(column, *longest);
    if (!contains.sure.empty() || !contains.perhaps.empty()) {
      all.push_back(any_of(std::move(contains)));
    }
  }
  Alternatives any;
  if (!all.empty()) any.Perhaps(Condition::All(std::move(all)));
  return any;
}

}  // namespace sumac::planning

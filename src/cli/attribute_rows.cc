#include "cli/attribute_rows.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "engine/results/arrow_type_name.h"

namespace sumac::cli {
namespace {

using items::AttributeCensus;
using items::AttributeTag;
using items::Encoding;
using items::Shape;

constexpr size_t kNameBytesMax = 200;
// Of one map; of a map used as a dictionary the rest looks the same.
constexpr size_t kFieldsShownMax = 40;
constexpr size_t kConflictsMax = 100;

std::string Name(const std::string& name) {
  return name.empty() ? "(empty name)" : PrintableText(name, kNameBytesMax);
}

// The type as DESCRIBE prints it; fields are left to the lines below.
std::string TypeName(const Shape& shape) {
  switch (shape.encoding) {
    case Encoding::kList:
      return shape.element.empty() ? engine::ArrowTypeName(shape.type)
                                   : "List(" + TypeName(shape.element[0]) + ")";
    case Encoding::kStruct:
      return "Struct(…)";
    case Encoding::kMap:
      return "Map(Utf8, " + TypeName(shape.element[0]) + ")";
    default:
      return engine::ArrowTypeName(shape.type);
  }
}

// What an attribute is kept as: the shape inside a column, or, above the columns that it is taken
// apart into, the way to them.
struct Holder {
  const items::ItemSchema* schema = nullptr;
  std::string attribute;
  std::vector<std::string> path;
  const Shape* shape = nullptr;
};

Holder Hold(const items::ItemSchema& schema, const std::string& attribute,
            std::vector<std::string> path) {
  Holder holder{&schema, attribute, std::move(path), nullptr};
  for (const auto& column : schema.columns) {
    const bool is_it =
        !column.catch_all && column.attribute_name == attribute && column.path == holder.path;
    if (is_it) holder.shape = &column.shape;
  }
  return holder;
}

Holder FieldHolder(const Holder& parent, const std::string& name) {
  auto path = parent.path;
  path.push_back(name);
  if (parent.shape == nullptr) return Hold(*parent.schema, parent.attribute, std::move(path));
  Holder holder{parent.schema, parent.attribute, std::move(path), nullptr};
  if (parent.shape->encoding == Encoding::kMap) holder.shape = &parent.shape->element[0];
  for (const auto& field : parent.shape->fields) {
    if (field.attribute_name == name) holder.shape = &field.shape;
  }
  return holder;
}

Holder ElementHolder(const Holder& parent) {
  Holder holder = parent;
  holder.path.emplace_back("[]");
  const bool is_list = parent.shape != nullptr && parent.shape->encoding == Encoding::kList;
  holder.shape = is_list ? &parent.shape->element[0] : nullptr;
  return holder;
}

// The most frequent first.
std::vector<std::pair<uint64_t, std::string_view>> CountTypes(const AttributeCensus& attribute) {
  std::vector<std::pair<uint64_t, std::string_view>> counts;
  for (size_t i = 0; i < items::kAttributeTags; ++i) {
    const auto tag = static_cast<AttributeTag>(i);
    if (attribute.Values(tag) > 0) {
      counts.emplace_back(attribute.Values(tag), items::AttributeTagName(tag));
    }
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return counts;
}

// "S"; "S 3, NULL 1" as soon as there is something to tell apart.
std::string TypesOf(const AttributeCensus& attribute) {
  const auto counts = CountTypes(attribute);
  if (counts.size() == 1) return std::string(counts[0].second);
  std::string text;
  for (const auto& [count, name] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  }
  return text;
}

std::string SampleText(const items::SampleValue& sample) {
  if (sample.tag != AttributeTag::kString) return sample.text;
  std::string quoted = "'";
  for (const char c : sample.text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

class RowMaker {
 public:
  explicit RowMaker(uint64_t items) : items_(items) {}

  void Add(const std::string& name, const AttributeCensus& attribute, const Holder& holder,
           int depth) {
    AttributeRow row;
    row.name = std::string(static_cast<size_t>(depth) * 2, ' ') + name;
    row.sql_type = holder.shape == nullptr ? "" : TypeName(*holder.shape);
    row.types = TypesOf(attribute);
    row.present = Percent(attribute.items(), items_);
    for (const auto& sample : attribute.Samples()) row.samples.push_back(SampleText(sample));
    rows_.push_back(std::move(row));
    if (attribute.element() != nullptr) {
      Add("[]", *attribute.element(), ElementHolder(holder), depth + 1);
    }
    size_t shown = 0;
    for (const auto& [field, census] : attribute.fields()) {
      if (++shown > kFieldsShownMax) {
        AttributeRow more;
        more.name = std::string(static_cast<size_t>(depth) * 2 + 2, ' ') +
                    fmt::format("… and {} more", attribute.fields().size() - kFieldsShownMax);
        rows_.push_back(std::move(more));
        break;
      }
      Add(Name(field), census, FieldHolder(holder, field), depth + 1);
    }
  }

  std::vector<AttributeRow> Take() { return std::move(rows_); }

 private:
  uint64_t items_;
  std::vector<AttributeRow> rows_;
};

// Calls use(name to show, census, holder) for the attributes of items: those of the schema in its
// order, then others.
void ForEachAttribute(
    const datasets::TableInspection& table,
    const std::function<void(const std::string&, const AttributeCensus&, const Holder&)>& use) {
  const auto& counted = table.census.root().fields();
  static const AttributeCensus kNever;
  std::set<std::string> done;
  for (const auto& column : table.schema.columns) {
    if (column.catch_all || !done.insert(column.attribute_name).second) continue;
    const auto found = counted.find(column.attribute_name);
    std::string name = Name(column.attribute_name);
    if (column.path.empty() && column.sql_name != column.attribute_name) {
      name += " (SQL: " + PrintableText(column.sql_name, kNameBytesMax) + ")";
    }
    use(name, found == counted.end() ? kNever : found->second,
        Hold(table.schema, column.attribute_name, {}));
  }
  for (const auto& [name, attribute] : counted) {
    if (done.count(name) == 0) use(Name(name), attribute, Hold(table.schema, name, {}));
  }
}

std::string Consequence(const AttributeCensus& attribute, const Shape* shape,
                        const std::string& column) {
  if (shape == nullptr) return "it has no SQL type of its own within " + column;
  const std::string type = "its SQL type is " + TypeName(*shape);
  switch (shape->encoding) {
    case Encoding::kJson:
      return type + ": JSON text";
    case Encoding::kText:
      return type + ": text" +
             (attribute.Values(AttributeTag::kNumber) > 0 ? ", numbers digit for digit" : "");
    case Encoding::kTextOrJson:
      return type + ": text, and lists and maps as JSON text";
    case Encoding::kList:
      return type + ", for lists and sets alike";
    default:
      return type + "; what does not fit is NULL and in _overflow";
  }
}

// "S in 2 values, N in 1".
std::string ConflictingTypes(const AttributeCensus& attribute) {
  std::string text;
  for (const auto& [count, name] : CountTypes(attribute)) {
    text += text.empty() ? fmt::format("{} in {} {}", name, count, count == 1 ? "value" : "values")
                         : fmt::format(", {} in {}", name, count);
  }
  return text;
}

void CollectConflicts(const std::string& path, const AttributeCensus& attribute,
                      const Holder& holder, const std::string& column,
                      std::vector<std::string>& sentences) {
  if (sentences.size() >= kConflictsMax) return;
  if (attribute.TypeCount() > 1) {
    sentences.push_back(fmt::format("{} is {}; {}.", path, ConflictingTypes(attribute),
                                    Consequence(attribute, holder.shape, column)));
  }
  if (attribute.element() != nullptr) {
    CollectConflicts(path + "[]", *attribute.element(), ElementHolder(holder), column, sentences);
  }
  for (const auto& [name, field] : attribute.fields()) {
    CollectConflicts(path + "." + Name(name), field, FieldHolder(holder, name), column, sentences);
  }
}

}  // namespace

std::string Percent(uint64_t part, uint64_t whole) {
  if (part == 0 || whole == 0) return "0%";
  if (part == whole) return "100%";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 0.1) return "<0.1%";
  if (percent > 99.9) return ">99.9%";
  const double rounded = std::round(percent * 10) / 10;
  return rounded == std::floor(rounded) ? fmt::format("{:.0f}%", rounded)
                                        : fmt::format("{:.1f}%", rounded);
}

std::vector<AttributeRow> MakeAttributeRows(const datasets::TableInspection& table) {
  RowMaker rows(table.census.items());
  ForEachAttribute(table, [&](const std::string& name, const AttributeCensus& attribute,
                              const Holder& holder) { rows.Add(name, attribute, holder, 0); });
  return rows.Take();
}

std::vector<std::string> DescribeConflicts(const datasets::TableInspection& table) {
  std::vector<std::string> sentences;
  ForEachAttribute(
      table, [&](const std::string& name, const AttributeCensus& attribute, const Holder& holder) {
        CollectConflicts(name, attribute, holder, name, sentences);
      });
  return sentences;
}

}  // namespace sumac::cli

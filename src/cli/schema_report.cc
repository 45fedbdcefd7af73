#include "cli/schema_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "cli/attribute_rows.h"
#include "cli/kind_views.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

using engine::DisplayWidth;

constexpr size_t kColumns = 100;
// A column grows no wider than this for the sake of one long value.
constexpr size_t kNameColumnsMax = 36;
constexpr size_t kTypeColumnsMax = 24;
constexpr size_t kTagsColumnsMax = 24;
constexpr size_t kConditionBytesMax = 400;

std::string Padded(std::string text, size_t width) {
  const size_t used = DisplayWidth(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

void AppendLine(std::string line, std::string& out) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

std::string CountOf(uint64_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// `pieces` after `label`, broken before the right margin, indented to the label's width.
void AppendWrapped(const std::string& label, const std::vector<std::string>& pieces,
                   const std::string& separator, std::string& out) {
  const size_t indent = DisplayWidth(label);
  std::string line = label;
  size_t used = indent;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string piece = pieces[i] + (i + 1 < pieces.size() ? separator : "");
    const size_t width = DisplayWidth(piece);
    if (used > indent && used + 1 + width > kColumns) {
      AppendLine(line, out);
      line = std::string(indent, ' ');
      used = indent;
    } else if (used > indent) {
      line += ' ';
      ++used;
    }
    line += piece;
    used += width;
  }
  AppendLine(line, out);
}

std::vector<std::string> Words(const std::string& sentence) {
  std::vector<std::string> words;
  size_t start = 0;
  for (size_t end = sentence.find(' '); end != std::string::npos;
       start = end + 1, end = sentence.find(' ', start)) {
    words.push_back(sentence.substr(start, end - start));
  }
  words.push_back(sentence.substr(start));
  return words;
}

void AppendHead(const std::string& dataset_name, const datasets::TableInspection& table,
                std::string& out) {
  AppendLine(fmt::format("dataset  {}, table {}", PrintableText(dataset_name, kColumns),
                         PrintableText(table.table_name, kColumns)),
             out);
  std::string keys;
  for (size_t i = 0; i < table.keys.size(); ++i) {
    static constexpr std::string_view kTypes[] = {"S", "N", "B"};
    keys += fmt::format(
        "{}{} ({}, {} key)", i > 0 ? ", " : "", PrintableText(table.keys[i].name, kColumns),
        kTypes[static_cast<size_t>(table.keys[i].type)], i == 0 ? "partition" : "sort");
  }
  AppendLine("keys     " + keys, out);
  AppendLine(fmt::format("read     {}{}, {}, {} RCU", CountOf(table.items, "item"),
                         table.whole_table ? ", all there are" : " of more",
                         CountOf(table.requests, "request"), table.consumed_read_units),
             out);
}

// As many as fit, the first one cut when it must be.
std::string JoinSamples(const std::vector<std::string>& samples, size_t columns) {
  std::string text;
  size_t used = 0;
  for (const auto& sample : samples) {
    const size_t width = DisplayWidth(sample) + (text.empty() ? 0 : 2);
    if (used + width > columns) {
      if (!text.empty()) continue;
      std::string cut = sample;
      // A byte is never wider than a column.
      Truncate(columns > 2 ? columns - 1 : 1, cut);
      return cut;
    }
    text += (text.empty() ? "" : ", ") + sample;
    used += width;
  }
  return text;
}

void AppendAttributes(const datasets::TableInspection& table, std::string& out) {
  std::vector<AttributeRow> rows = {{"ATTRIBUTE", "SQL TYPE", "DYNAMODB", "PRESENT", {"SAMPLES"}}};
  for (auto& row : MakeAttributeRows(table)) rows.push_back(std::move(row));
  size_t name = 0;
  size_t type = 0;
  size_t tags = 0;
  for (const auto& row : rows) {
    name = std::max(name, std::min(DisplayWidth(row.name), kNameColumnsMax));
    type = std::max(type, std::min(DisplayWidth(row.sql_type), kTypeColumnsMax));
    tags = std::max(tags, std::min(DisplayWidth(row.types), kTagsColumnsMax));
  }
  for (const auto& row : rows) {
    std::string line = Padded(row.name, name) + "  " + Padded(row.sql_type, type) + "  " +
                       Padded(row.types, tags) + "  ";
    // Aligned to the right.
    constexpr size_t kPresentColumns = 7;
    line += std::string(kPresentColumns - std::min(kPresentColumns, row.present.size()), ' ') +
            row.present + "  ";
    constexpr size_t kSamplesColumnsMin = 16;
    const size_t used = DisplayWidth(line);
    line += JoinSamples(
        row.samples, used + kSamplesColumnsMin > kColumns ? kSamplesColumnsMin : kColumns - used);
    AppendLine(line, out);
  }
}

// Everything after the keys, what all items have first.
std::vector<std::string> AttributesOf(const items::EntityKind& kind, size_t key_count) {
  std::vector<items::KindAttribute> attributes(
      kind.attributes.begin() + static_cast<std::ptrdiff_t>(key_count), kind.attributes.end());
  std::stable_sort(attributes.begin(), attributes.end(),
                   [](const auto& a, const auto& b) { return a.items > b.items; });
  std::vector<std::string> texts;
  for (const auto& attribute : attributes) {
    const std::string share = Percent(attribute.items, kind.items);
    texts.push_back(PrintableText(attribute.name, kColumns) +
                    (attribute.items == kind.items ? "" : " " + share));
  }
  if (texts.empty()) texts.emplace_back("nothing but its keys");
  return texts;
}

void AppendKind(const items::EntityKind& kind, const datasets::TableInspection& table,
                std::string& out) {
  out += "\n";
  AppendLine(fmt::format("{}  {}, {}", kind.name, CountOf(kind.items, "item"),
                         Percent(kind.items, table.kinds.items)),
             out);
  const auto conditions = KindConditions(kind, table.kinds.type_attribute, table);
  if (conditions && !conditions->empty()) {
    std::vector<std::string> pieces;
    for (const auto& condition : *conditions) {
      pieces.push_back(PrintableText(condition, kConditionBytesMax));
    }
    AppendWrapped("  where    ", pieces, " AND", out);
  }
  AppendWrapped("  has      ", AttributesOf(kind, table.keys.size()), ",", out);
  std::vector<std::string> example;
  for (size_t i = 0; i < kind.example_keys.size(); ++i) {
    example.push_back(PrintableText(table.keys[i].name, kColumns) + " " +
                      PrintableText(kind.example_keys[i], kColumns));
  }
  AppendWrapped("  example  ", example, ",", out);
}

void AppendKinds(const datasets::TableInspection& table, std::string& out) {
  const auto& kinds = table.kinds;
  if (kinds.kinds.empty()) return;
  if (kinds.kinds.size() == 1) {
    const auto conditions = KindConditions(kinds.kinds[0], kinds.type_attribute, table);
    if (conditions && conditions->empty()) {
      out += "\nOne kind of entity: neither keys nor a type attribute tell items apart.\n";
      return;
    }
    out += "\nOne kind of entity\n";
  } else {
    AppendLine(fmt::format("\n{} kinds of entities, by {}", kinds.kinds.size() + kinds.other_kinds,
                           kinds.type_attribute.empty()
                               ? "their keys"
                               : "the attribute " + PrintableText(kinds.type_attribute, kColumns)),
               out);
  }
  if (kinds.items < table.items) {
    AppendLine(fmt::format("(shares are estimated from {} of the items)", kinds.items), out);
  }
  for (const auto& kind : kinds.kinds) AppendKind(kind, table, out);
  if (kinds.other_kinds > 0) {
    AppendLine(fmt::format("\nothers  {} of {} rarer kinds, {}", CountOf(kinds.other_items, "item"),
                           kinds.other_kinds, Percent(kinds.other_items, kinds.items)),
               out);
  }
}

}  // namespace

std::string MakeSchemaReport(const std::string& dataset_name,
                             const datasets::TableInspection& table) {
  std::string out;
  AppendHead(dataset_name, table, out);
  out += "\n";
  AppendAttributes(table, out);
  if (table.census.incomplete()) out += "(there are more attributes than are listed)\n";
  const auto conflicts = DescribeConflicts(table);
  if (!conflicts.empty()) out += "\nConflicts\n";
  for (const auto& conflict : conflicts) AppendWrapped("  ", Words(conflict), "", out);
  AppendKinds(table, out);
  return out;
}

}  // namespace sumac::cli

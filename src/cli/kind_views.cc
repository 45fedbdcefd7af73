#include "cli/kind_views.h"

#include <algorithm>
#include <set>

#include <duckdb/parser/keyword_helper.hpp>
#include <fmt/format.h>

#include "base/printable_text.h"
#include "base/snake_case.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

using duckdb::KeywordHelper;
using Form = items::KeyPattern::Form;

constexpr size_t kLineColumnsMax = 94;  // with the indentation in YAML, 100

// SQL text ends at a NUL, so one is put in by a function.
std::string Literal(const std::string& text) {
  std::string literal;
  size_t start = 0;
  for (size_t end = text.find('\0'); end != std::string::npos; end = text.find('\0', start)) {
    literal += KeywordHelper::WriteQuoted(text.substr(start, end - start), '\'') + " || chr(0) || ";
    start = end + 1;
  }
  literal += KeywordHelper::WriteQuoted(text.substr(start), '\'');
  return start == 0 ? literal : "(" + literal + ")";
}

// `LIKE 'ORDER#%'`. LIKE has no escape character unless one is named.
std::string LikePrefix(const std::string& prefix) {
  if (prefix.find_first_of("%_") == std::string::npos) return "LIKE " + Literal(prefix + "%");
  std::string pattern;
  for (const char c : prefix) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return "LIKE " + Literal(pattern + "%") + " ESCAPE '\\'";
}

void AppendKeyConditions(const std::string& column, const items::KeyPattern& pattern,
                         std::vector<std::string>& conditions) {
  switch (pattern.form) {
    case Form::kAny:
      return;
    case Form::kPrefix:
      conditions.push_back(column + " " + LikePrefix(pattern.text));
      return;
    case Form::kEquals:
      conditions.push_back(column + " = " + Literal(pattern.text));
      return;
    case Form::kOther:
      for (const auto& other : pattern.others) {
        conditions.push_back(other.form == Form::kPrefix ? column + " NOT " + LikePrefix(other.text)
                                                         : column + " <> " + Literal(other.text));
      }
  }
}

// The SQL name, quoted when needed, of the text column that holds the attribute.
Result<std::string> TextColumnOf(const items::ItemSchema& schema, const std::string& attribute) {
  for (const auto& column : schema.columns) {
    if (column.attribute_name == attribute && column.path.empty() && !column.catch_all &&
        column.shape.type.id() == duckdb::LogicalTypeId::VARCHAR &&
        !column.shape.type.IsJSONType()) {
      return KeywordHelper::WriteOptionallyQuoted(column.sql_name);
    }
  }
  return Fail(ErrorCode::kUnsupported,
              "attribute '" + PrintableText(attribute, 80) + "' has no text column of its own");
}

// The columns that the kind's attributes have; the catch-all when one has none of its own.
std::vector<std::string> ColumnsOf(const items::EntityKind& kind, const items::ItemSchema& schema) {
  std::set<std::string> attributes;
  std::set<std::string> without_column;
  for (const auto& attribute : kind.attributes) attributes.insert(attribute.name);
  without_column = attributes;
  for (const auto& column : schema.columns) {
    if (!column.catch_all) without_column.erase(column.attribute_name);
  }
  std::vector<std::string> columns;
  for (const auto& column : schema.columns) {
    if (column.catch_all ? !without_column.empty() : attributes.count(column.attribute_name) > 0) {
      columns.push_back(KeywordHelper::WriteOptionallyQuoted(column.sql_name));
    }
  }
  return columns;
}

// `sales.users` is a schema and a table.
std::string TableReference(const std::string& dataset_name) {
  const size_t dot = dataset_name.find('.');
  if (dot == std::string::npos) return KeywordHelper::WriteOptionallyQuoted(dataset_name);
  return KeywordHelper::WriteOptionallyQuoted(dataset_name.substr(0, dot)) + "." +
         KeywordHelper::WriteOptionallyQuoted(dataset_name.substr(dot + 1));
}

// Puts `pieces` on lines that are not too long, with `indent` before all but the first.
std::string Lines(const std::vector<std::string>& pieces, const std::string& before_break,
                  const std::string& after_break, const std::string& indent, size_t columns_used) {
  std::string text;
  size_t used = columns_used;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const size_t width = engine::DisplayWidth(pieces[i]) + before_break.size() + after_break.size();
    if (i > 0) {
      const bool breaks = used + width > kLineColumnsMax;
      text += before_break + (breaks ? "\n" + indent : " ") + after_break;
      used = breaks ? indent.size() : used + 1;
    }
    text += pieces[i];
    used += width;
  }
  return text;
}

std::string MakeSql(const std::string& dataset_name, const std::vector<std::string>& columns,
                    const std::vector<std::string>& conditions) {
  return "SELECT " + Lines(columns, ",", "", "       ", 7) + "\nFROM " +
         TableReference(dataset_name) + "\nWHERE " + Lines(conditions, "", "AND ", "  ", 6) + "\n";
}

// A YAML scalar in double quotes; what is not printable is escaped.
std::string YamlQuoted(const std::string& text) {
  std::string quoted = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += text[i];
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (c < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\x{:02x}", c);
    } else if (c == 0xc2 && next < 0xa0) {
      quoted += fmt::format("\\u00{:02x}", next);
      ++i;
    } else if (c == 0xe2 && (next == 0x80 || next == 0x81) && i + 2 < text.size()) {
      // U+2000 to U+207F, where the marks of lines and directions are.
      const auto last = static_cast<unsigned char>(text[i + 2]);
      quoted += fmt::format("\\u{:04x}", 0x2000 | (next & 1) << 6 | (last & 0x3f));
      i += 2;
    } else if (text.compare(i, 3, "\ufeff") == 0) {
      quoted += "\\ufeff";
      i += 2;
    } else {
      quoted += text[i];
    }
  }
  return quoted + "\"";
}

// A block, or quoted when it has what a block cannot hold.
std::string YamlSql(const std::string& sql) {
  std::string printable;
  AppendPrintable(sql, printable);
  std::string block = "|\n      ";
  size_t breaks = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    block += sql[i];
    if (sql[i] != '\n') continue;
    ++breaks;
    if (i + 1 < sql.size()) block += "      ";
  }
  // A line break becomes "\n", one byte more; anything else that was escaped is not for a block.
  return printable.size() == sql.size() + breaks ? block : YamlQuoted(sql) + "\n";
}

std::string LowerCase(const std::string& text) {
  return duckdb::StringUtil::Lower(text);
}

std::string ViewName(const std::string& dataset_name, const std::string& kind,
                     std::set<std::string>& taken) {
  std::string stem = SnakeCase(dataset_name);
  // A name that begins with a digit would need quotes; some prefixes are those of SQL's own views.
  if (stem.empty() || (stem[0] >= '0' && stem[0] <= '9')) stem = "view_" + stem;
  for (const char* kept : {"duckdb_", "pragma_", "sqlite_"}) {
    if (stem.starts_with(kept)) stem = "view_" + stem;
  }
  stem += (stem.back() == '_' ? "" : "_") + kind;
  std::string name = stem;
  for (int suffix = 2; !taken.insert(name).second; ++suffix) {
    name = stem + "_" + std::to_string(suffix);
  }
  return name;
}

// What the sample does not say, or the dataset will not have.
void AddNotes(const std::string& dataset_name, const datasets::TableInspection& table,
              std::vector<std::string>& notes) {
  const auto& kinds = table.kinds;
  if (kinds.other_kinds > 0) {
    notes.push_back(fmt::format("{} rarer kinds ({} items) have no view", kinds.other_kinds,
                                kinds.other_items));
  }
  if (!table.whole_table) {
    notes.push_back(fmt::format(
        "the views are made from {} items, not all of {}; --records all reads every one",
        table.items, dataset_name));
  }
  if (table.dataset_items_max && table.items > *table.dataset_items_max) {
    notes.push_back(fmt::format(
        "dataset '{}' learns its columns from {} items, and may lack some that were seen in {}; "
        "set its schema_infer_max_records to all, or to more",
        dataset_name, *table.dataset_items_max, table.items));
  }
}

}  // namespace

Result<std::vector<std::string>> KindConditions(const items::EntityKind& kind,
                                                const std::string& type_attribute,
                                                const datasets::TableInspection& table) {
  std::vector<std::string> conditions;
  for (size_t key = kind.keys.size(); key-- > 0;) {
    if (kind.keys[key].form == Form::kAny) continue;
    SUMAC_ASSIGN_OR_RETURN(const auto column, TextColumnOf(table.schema, table.keys[key].name));
    AppendKeyConditions(column, kind.keys[key], conditions);
  }
  if (type_attribute.empty()) return conditions;
  SUMAC_ASSIGN_OR_RETURN(const auto column, TextColumnOf(table.schema, type_attribute));
  conditions.push_back(kind.type_value ? column + " = " + Literal(*kind.type_value)
                                       : column + " IS NULL");
  return conditions;
}

KindViews MakeKindViews(const std::string& dataset_name, const datasets::TableInspection& table,
                        const std::vector<std::string>& taken) {
  KindViews views;
  std::set<std::string> names;
  for (const auto& name : taken) names.insert(LowerCase(name));
  for (const auto& kind : table.kinds.kinds) {
    const auto conditions = KindConditions(kind, table.kinds.type_attribute, table);
    if (!conditions || conditions->empty()) {
      views.notes.push_back(
          fmt::format("no view for the kind '{}': {}", kind.name,
                      conditions ? "nothing tells it from the whole of '" + dataset_name + "'"
                                 : conditions.error().message));
      continue;
    }
    views.yaml += "  - name: " + ViewName(dataset_name, kind.name, names) + "\n";
    views.yaml += "    description: " +
                  YamlQuoted(fmt::format("The {} items of {}", kind.name, dataset_name)) + "\n";
    views.yaml +=
        "    sql: " + YamlSql(MakeSql(dataset_name, ColumnsOf(kind, table.schema), *conditions));
  }
  views.yaml = views.yaml.empty() ? "views: []\n" : "views:\n" + views.yaml;
  AddNotes(dataset_name, table, views.notes);
  return views;
}

}  // namespace sumac::cli

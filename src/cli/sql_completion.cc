#include "cli/sql_completion.h"

#include <algorithm>
#include <cctype>

#include "cli/sql_keywords.h"

namespace sumac::cli {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

// `a.b` and `"a b".c` as their parts, without quotes; the last may be unfinished.
std::vector<std::string> PartsOf(std::string_view word) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : word) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '.' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// How many bytes at the end of `text` are one name with its dots.
size_t WordBytes(std::string_view text) {
  bool quoted = false;
  for (const char c : text) quoted ^= c == '"';
  size_t at = text.size();
  while (at > 0) {
    const char c = text[at - 1];
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && !IsWordByte(c) && c != '.') {
      break;
    }
    --at;
  }
  return text.size() - at;
}

std::string QuotedName(const std::string& name) {
  const bool plain = !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
                     std::all_of(name.begin(), name.end(), IsWordByte);
  return plain ? name : "\"" + name + "\"";
}

struct NamedTable {
  const KnownTable* table;
  std::string alias;  // in lower case; empty without
};

// Names with their dots, and other characters one by one.
std::vector<std::string> TokensOf(std::string_view sql) {
  std::vector<std::string> tokens;
  for (size_t at = 0; at < sql.size();) {
    size_t end = at;
    bool quoted = false;
    while (end < sql.size() &&
           (quoted || IsWordByte(sql[end]) || sql[end] == '.' || sql[end] == '"')) {
      quoted ^= sql[end++] == '"';
    }
    if (end == at) ++end;
    if (std::isspace(static_cast<unsigned char>(sql[at])) == 0) {
      tokens.emplace_back(sql.substr(at, end - at));
    }
    at = end;
  }
  return tokens;
}

const KnownTable* FindTable(const std::string& token, const std::vector<KnownTable>& tables) {
  auto parts = PartsOf(Lower(token));
  const std::string name = parts.back();
  const std::string schema = parts.size() > 1 ? parts[parts.size() - 2] : "public";
  for (const auto& table : tables) {
    if (Lower(table.name) == name && Lower(table.schema) == schema) return &table;
  }
  return nullptr;
}

std::vector<NamedTable> TablesIn(std::string_view sql, const std::vector<KnownTable>& tables) {
  const auto tokens = TokensOf(sql);
  std::vector<NamedTable> named;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const auto* table = FindTable(tokens[i], tables);
    if (table == nullptr) continue;
    size_t next = i + 1;
    if (next < tokens.size() && Lower(tokens[next]) == "as") ++next;
    const bool alias = next < tokens.size() && IsWordByte(tokens[next].front());
    named.push_back({table, alias ? Lower(tokens[next]) : ""});
  }
  return named;
}

class Candidates {
 public:
  explicit Candidates(std::string_view typed) : typed_(Lower(typed)) {}

  void Add(const std::string& name, const std::string& text) {
    if (!Lower(name).starts_with(typed_)) return;
    if (std::find(all_.begin(), all_.end(), text) == all_.end()) all_.push_back(text);
  }
  std::vector<std::string> Take() { return std::move(all_); }

 private:
  const std::string typed_;
  std::vector<std::string> all_;
};

const KnownColumn* FindColumn(const std::vector<KnownColumn>& columns, const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& column) {
    return Lower(column.name) == Lower(name);
  });
  return found == columns.end() ? nullptr : &*found;
}

// What `path`, from its part `from` on, leads to from these columns; nothing when it leads nowhere.
std::vector<KnownColumn> Follow(std::vector<KnownColumn> columns,
                                const std::vector<std::string>& path, size_t from) {
  for (size_t i = from; i < path.size(); ++i) {
    const auto* column = FindColumn(columns, path[i]);
    if (column == nullptr) return {};
    auto fields = FieldsOf(column->type);
    columns = std::move(fields);
  }
  return columns;
}

// What may stand after `path` and a dot.
void AddAfterDot(const std::vector<std::string>& path, const std::vector<NamedTable>& named,
                 const std::vector<KnownTable>& tables, const std::string& prefix,
                 Candidates& candidates) {
  const std::string first = Lower(path.front());
  std::vector<KnownColumn> found;
  const auto append = [&found](const std::vector<KnownColumn>& more) {
    found.insert(found.end(), more.begin(), more.end());
  };
  for (const auto& [table, alias] : named) {
    if (alias == first || Lower(table->name) == first) append(Follow(table->columns, path, 1));
    append(Follow(table->columns, path, 0));
  }
  for (const auto& table : tables) {
    if (Lower(table.schema) != first) continue;
    if (path.size() == 1) candidates.Add(table.name, prefix + QuotedName(table.name));
    if (path.size() > 1 && Lower(table.name) == Lower(path[1]))
      append(Follow(table.columns, path, 2));
  }
  for (const auto& column : found) candidates.Add(column.name, prefix + QuotedName(column.name));
}

bool ExpectsTable(std::string_view before) {
  const auto tokens = TokensOf(before);
  if (tokens.empty()) return false;
  const std::string last = Lower(tokens.back());
  return last == "from" || last == "join" || last == "describe" || last == "summarize" ||
         before.starts_with("\\d");
}

}  // namespace

std::string KnownTablesStatement() {
  return "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns "
         "WHERE table_catalog = 'spice' ORDER BY table_schema, table_name, ordinal_position";
}

std::vector<KnownTable> ReadKnownTables(std::string_view csv) {
  std::vector<KnownTable> tables;
  std::vector<std::string> fields(1);
  bool quoted = false;
  bool after_quote = false;
  bool header = true;
  for (const char c : csv) {
    if (c == '"') {
      // The second of two in quotes is one.
      if (!quoted && after_quote) fields.back() += c;
      quoted = !quoted;
      after_quote = !quoted;
      continue;
    }
    after_quote = false;
    if (quoted || (c != ',' && c != '\n')) {
      fields.back() += c;
    } else if (c == ',') {
      fields.emplace_back();
    } else {
      if (!header && fields.size() == 4) {
        if (tables.empty() || tables.back().schema != fields[0] ||
            tables.back().name != fields[1]) {
          tables.push_back({fields[0], fields[1], {}});
        }
        tables.back().columns.push_back({fields[2], fields[3]});
      }
      header = false;
      fields.assign(1, "");
    }
  }
  return tables;
}

std::vector<KnownColumn> FieldsOf(std::string_view type) {
  constexpr std::string_view kStruct = "STRUCT(";
  if (!type.starts_with(kStruct) || !type.ends_with(')')) return {};
  type = type.substr(kStruct.size(), type.size() - kStruct.size() - 1);
  std::vector<KnownColumn> fields;
  while (!type.empty()) {
    size_t end = 0;
    int depth = 0;
    bool quoted = false;
    for (; end < type.size() && (quoted || depth > 0 || type[end] != ','); ++end) {
      quoted ^= type[end] == '"';
      if (!quoted) depth += (type[end] == '(') - (type[end] == ')');
    }
    std::string_view field = type.substr(0, end);
    type.remove_prefix(std::min(end + 1, type.size()));
    while (field.starts_with(' ')) field.remove_prefix(1);
    const bool in_quotes = field.starts_with('"');
    const size_t name_end = field.find(in_quotes ? '"' : ' ', 1);
    if (name_end == std::string_view::npos) continue;
    std::string_view rest = field.substr(name_end + 1);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    fields.push_back(
        {std::string(in_quotes ? field.substr(1, name_end - 1) : field.substr(0, name_end)),
         std::string(rest)});
  }
  return fields;
}

SqlCompletion CompleteSql(std::string_view before, std::string_view after,
                          const std::vector<KnownTable>& tables) {
  SqlCompletion completion;
  completion.replaced = WordBytes(before);
  const std::string word(before.substr(before.size() - completion.replaced));
  before.remove_suffix(completion.replaced);
  auto path = PartsOf(word);
  const std::string typed = path.back();
  path.pop_back();
  Candidates candidates(typed);
  const auto named = TablesIn(std::string(before) + " " + std::string(after), tables);
  if (!path.empty()) {
    // What was typed up to the last dot stays as it was typed.
    const std::string prefix = word.substr(0, word.rfind('.') + 1);
    AddAfterDot(path, named, tables, prefix, candidates);
    completion.candidates = candidates.Take();
    return completion;
  }
  const bool table_expected = ExpectsTable(before);
  if (!table_expected) {
    for (const auto& [table, alias] : named) {
      for (const auto& column : table->columns)
        candidates.Add(column.name, QuotedName(column.name));
    }
  }
  for (const auto& table : tables) {
    const std::string name = QuotedName(table.name);
    candidates.Add(table.name,
                   table.schema == "public" ? name : QuotedName(table.schema) + "." + name);
    if (table.schema != "public") {
      candidates.Add(table.schema, QuotedName(table.schema) + "." + name);
    }
  }
  if (!table_expected && !typed.empty() && word.front() != '"') {
    const bool lower = std::islower(static_cast<unsigned char>(typed.front())) != 0;
    for (const auto keyword : SqlKeywords()) {
      candidates.Add(std::string(keyword), lower ? Lower(keyword) : std::string(keyword));
    }
  }
  completion.candidates = candidates.Take();
  return completion;
}

}  // namespace sumac::cli

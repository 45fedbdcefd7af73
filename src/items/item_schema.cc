#include "items/item_schema.h"

#include <algorithm>
#include <map>
#include <set>

namespace sumac::items {
namespace {

using dynamodb::KeyAttribute;

// Scalars of all columns together; columns beyond it that nest become JSON.
constexpr size_t kLeavesOfAllColumnsMax = 20'000;

std::string Joined(const std::vector<std::string>& names, const char* separator) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : separator) + name;
  return text;
}

// Makes the columns of one table. One use.
class SchemaMaker {
 public:
  SchemaMaker(const TypeSummary& items, const std::vector<KeyAttribute>& keys,
              const SchemaOptions& options)
      : items_(items), keys_(keys), options_(options) {
    for (const auto& column : options.columns) declared_[column.name] = &column;
    if (!options.before) return;
    for (const auto& column : options.before->columns) {
      before_[{column.attribute_name, column.path}] = &column;
    }
  }

  Result<ItemSchema> Make() {
    SUMAC_RETURN_IF_ERROR(FindCatchAll());
    for (const auto& key : keys_) SUMAC_RETURN_IF_ERROR(AddKey(key));
    for (const auto& [name, summary] : items_.fields()) {
      if (!IsKey(name)) SUMAC_RETURN_IF_ERROR(AddAttribute(name, summary));
    }
    SUMAC_RETURN_IF_ERROR(AddDeclaredThatWereNotSeen());
    SUMAC_RETURN_IF_ERROR(CheckNames());
    SUMAC_RETURN_IF_ERROR(CheckCatchAll());
    Bound();
    Sort();
    Name();
    return std::move(schema_);
  }

 private:
  bool IsKey(const std::string& name) const {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](const auto& key) { return key.name == name; });
  }

  const DeclaredColumn* FindDeclared(const std::string& name) const {
    const auto found = declared_.find(name);
    return found == declared_.end() ? nullptr : found->second;
  }

  bool IsDeclared(const Column& column) const {
    return FindDeclared(column.DottedName()) != nullptr;
  }

  std::vector<Column>::iterator FirstAfterKeys() {
    return schema_.columns.begin() + static_cast<std::ptrdiff_t>(keys_.size());
  }

  Status FindCatchAll() {
    std::vector<std::string> names;
    for (const auto& column : options_.columns) {
      if (column.json_object) names.push_back(column.name);
    }
    if (names.size() > 1) {
      return Fail(ErrorCode::kInvalidArgument,
                  "Multiple columns have 'json_object' metadata defined: " + Joined(names, ", ") +
                      ". Only one column can be configured as a JSON object column.");
    }
    if (!names.empty()) catch_all_ = names[0];
    return {};
  }

  // The shape of what is called `name`: the declared one, or what `choose` finds.
  template <typename Choose>
  Result<Shape> ShapeOf(const std::string& name, Choose choose) const {
    const auto* declared = FindDeclared(name);
    if (declared == nullptr || !declared->type) return choose();
    auto shape = DeclaredShape(*declared->type, options_);
    if (!shape) {
      return Fail(std::move(shape).error().WithContext("column '" + name + "'"));
    }
    return shape;
  }

  Status AddKey(const KeyAttribute& key) {
    const auto seen = items_.fields().find(key.name);
    SUMAC_ASSIGN_OR_RETURN(auto shape, ShapeOf(key.name, [&] {
                             // The definition says the kind; the items say how wide it is.
                             TypeSummary summary;
                             if (seen != items_.fields().end()) summary = seen->second;
                             return KeyShape(key.type, summary);
                           }));
    Add(key.name, {}, std::move(shape));
    return {};
  }

  Shape KeyShape(dynamodb::KeyType type, const TypeSummary& seen) const {
    if (type == dynamodb::KeyType::kNumber) {
      return ChooseNumberShape(seen.number(), options_.number_type);
    }
    if (type == dynamodb::KeyType::kString && seen.kinds() == TypeSummary::kString) {
      return ChooseShape(seen, options_);
    }
    TypeSummary kind;
    kind.AddKind(TypeSummary::kBinary);
    return type == dynamodb::KeyType::kBinary ? ChooseShape(kind) : Shape();
  }

  // Adds the column of an attribute, or those of the fields that it is taken apart into.
  Status AddAttribute(const std::string& name, const TypeSummary& summary) {
    std::vector<std::string> path = {name};
    return Unnest(path, summary, options_.unnest_depth.value_or(0));
  }

  Status Unnest(std::vector<std::string>& path, const TypeSummary& summary, int depth) {
    const std::string name = Joined(path, ".");
    if (depth > 0 && FindDeclared(name) == nullptr &&
        ChooseShape(summary, options_).encoding == Encoding::kStruct) {
      for (const auto& [field_name, field] : summary.fields()) {
        path.push_back(field_name);
        SUMAC_RETURN_IF_ERROR(Unnest(path, field, depth - 1));
        path.pop_back();
      }
      return {};
    }
    if (!catch_all_.empty() && FindDeclared(name) == nullptr) return {};
    if (!catch_all_.empty() && name == catch_all_) return {};
    SUMAC_ASSIGN_OR_RETURN(auto shape,
                           ShapeOf(name, [&] { return ChooseShape(summary, options_); }));
    Add(path[0], {path.begin() + 1, path.end()}, std::move(shape));
    return {};
  }

  // Declared types stand for attributes that the sample did not have.
  Status AddDeclaredThatWereNotSeen() {
    std::vector<std::string> missing;
    for (const auto& declared : options_.columns) {
      const bool seen =
          std::any_of(schema_.columns.begin(), schema_.columns.end(),
                      [&](const auto& column) { return column.DottedName() == declared.name; });
      if (seen || declared.json_object) continue;
      if (declared.type) {
        SUMAC_ASSIGN_OR_RETURN(auto shape, ShapeOf(declared.name, [] { return Shape(); }));
        SUMAC_RETURN_IF_ERROR(AddUnseen(declared.name, std::move(shape)));
      } else if (!catch_all_.empty()) {
        missing.push_back(declared.name);
      }
    }
    if (missing.empty()) return {};
    return Fail(ErrorCode::kInvalidArgument,
                "Columns not found in table schema: " + Joined(missing, ", ") +
                    ". Ensure configuration is correct, or increase schema_infer_max_records");
  }

  // With unnesting, a dotted name is a path as deep as maps are taken apart.
  Status AddUnseen(const std::string& name, Shape shape) {
    std::vector<std::string> path;
    size_t start = 0;
    for (int depth = options_.unnest_depth.value_or(0); depth > 0; --depth) {
      const size_t dot = name.find('.', start);
      if (dot == std::string::npos) break;
      path.push_back(name.substr(start, dot - start));
      start = dot + 1;
    }
    path.push_back(name.substr(start));
    for (size_t i = 1; i < path.size(); ++i) {
      const std::string ancestor = Joined({path.begin(), path.begin() + static_cast<int>(i)}, ".");
      const auto found =
          std::find_if(schema_.columns.begin(), schema_.columns.end(),
                       [&](const auto& column) { return column.DottedName() == ancestor; });
      if (found == schema_.columns.end()) continue;
      return Fail(ErrorCode::kInvalidArgument,
                  "column '" + name + "' is declared as a field of '" + ancestor +
                      "', which is no map in the items that were read; declare the type of '" +
                      ancestor + "' itself, or lower unnest_depth");
    }
    Add(path[0], {path.begin() + 1, path.end()}, std::move(shape));
    return {};
  }

  // Of a key of an index that was never seen as anything but a string; 0 of all others.
  size_t IndexKeyBytesMax(const std::string& attribute) const {
    const auto& keys = options_.index_string_keys;
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const auto& one) { return one.name == attribute; });
    if (key == keys.end()) return 0;
    const auto seen = items_.fields().find(attribute);
    const bool strings =
        seen == items_.fields().end() || (seen->second.kinds() & ~TypeSummary::kString) == 0;
    return strings ? key->bytes_max : 0;
  }

  void Add(const std::string& attribute, std::vector<std::string> path, Shape shape) {
    const bool is_text =
        shape.encoding == Encoding::kText || shape.encoding == Encoding::kTextOrJson;
    if (is_text && path.empty()) shape.key_bytes_max = IndexKeyBytesMax(attribute);
    if (shape.key_bytes_max > 0) shape.encoding = Encoding::kString;
    Column column;
    column.attribute_name = attribute;
    column.path = std::move(path);
    column.shape = std::move(shape);
    schema_.columns.push_back(std::move(column));
  }

  Status CheckNames() const {
    std::map<std::string, const Column*> names;
    for (const auto& column : schema_.columns) {
      const std::string name = column.DottedName();
      if (!names.emplace(name, &column).second) {
        return Fail(ErrorCode::kInvalidArgument,
                    "Invalid item access: Column '" + name +
                        "' already exists in the item. With unnest_depth, a nested field and "
                        "another attribute would both have this name; lower unnest_depth, or "
                        "declare the map under 'columns' to keep it whole");
      }
    }
    return {};
  }

  // The JSON column is what is declared under its name, so nothing else may be.
  Status CheckCatchAll() const {
    if (catch_all_.empty()) return {};
    for (const auto& column : schema_.columns) {
      if (!duckdb::StringUtil::CIEquals(column.DottedName(), catch_all_)) continue;
      return Fail(ErrorCode::kInvalidArgument, "the column '" + catch_all_ +
                                                   "' is to hold all that is not listed " +
                                                   "(json_object), and '" + column.DottedName() +
                                                   "' is a column already; give it another name");
    }
    return {};
  }

  // Keeps to kColumnsMax: keys and declared columns go first, then the first by name.
  void Bound() {
    if (schema_.columns.size() > kColumnsMax) {
      std::stable_sort(FirstAfterKeys(), schema_.columns.end(),
                       [this](const Column& a, const Column& b) {
                         if (IsDeclared(a) != IsDeclared(b)) return IsDeclared(a);
                         return a.DottedName() < b.DottedName();
                       });
      schema_.attributes_left_out = schema_.columns.size() - kColumnsMax;
      schema_.columns.resize(kColumnsMax);
    }
    size_t leaves = 0;
    for (auto& column : schema_.columns) {
      const size_t more = LeafCount(column.shape);
      if (more > 1 && leaves + more > kLeavesOfAllColumnsMax && !IsDeclared(column)) {
        column.shape = Shape();
        column.shape.encoding = Encoding::kJson;
        column.shape.type = duckdb::LogicalType::JSON();
      }
      leaves += LeafCount(column.shape);
    }
  }

  void Sort() {
    if (!catch_all_.empty()) {
      Column column;
      column.catch_all = true;
      column.sql_name = catch_all_;
      column.shape.encoding = Encoding::kJson;
      column.shape.type = duckdb::LogicalType::JSON();
      schema_.columns.push_back(std::move(column));
    }
    std::stable_sort(FirstAfterKeys(), schema_.columns.end(), [](const Column& a, const Column& b) {
      return a.DottedName() < b.DottedName();
    });
  }

  // The column before that holds the same; null when there was none.
  const Column* FindBefore(const Column& column) const {
    const auto found = before_.find({column.attribute_name, column.path});
    return found != before_.end() && found->second->catch_all == column.catch_all ? found->second
                                                                                  : nullptr;
  }

  void Name() {
    std::vector<SqlName> names;
    for (auto& column : schema_.columns) {
      const auto* before = FindBefore(column);
      names.push_back({column.DottedName(), before != nullptr ? before->sql_name : ""});
      if (before != nullptr) KeepFieldNames(column.shape, before->shape);
    }
    // The virtual columns come last, so that an attribute of their name keeps it.
    const auto* before = options_.before.get();
    names.push_back({"_item", before != nullptr ? before->item_name : ""});
    names.push_back({"_overflow", before != nullptr ? before->overflow_name : ""});
    auto sql_names = UniqueSqlNames(names);
    schema_.overflow_name = sql_names.back();
    schema_.item_name = sql_names[sql_names.size() - 2];
    for (size_t i = 0; i < schema_.columns.size(); ++i) {
      schema_.columns[i].sql_name = sql_names[i];
    }
    schema_.key_count = keys_.size();
    schema_.unnest_depth = options_.unnest_depth.value_or(0);
    schema_.on_type_mismatch = options_.on_type_mismatch;
    schema_.time_layout = options_.time_layout;
  }

  const TypeSummary& items_;
  const std::vector<KeyAttribute>& keys_;
  const SchemaOptions& options_;
  std::map<std::string, const DeclaredColumn*> declared_;
  std::map<std::pair<std::string, std::vector<std::string>>, const Column*> before_;
  std::string catch_all_;
  ItemSchema schema_;
};

}  // namespace

std::string Column::DottedName() const {
  if (catch_all) return sql_name;
  std::string name = attribute_name;
  for (const auto& field : path) name += "." + field;
  return name;
}

Result<ItemSchema> MakeItemSchema(const TypeSummary& items,
                                  const std::vector<dynamodb::KeyAttribute>& keys,
                                  const SchemaOptions& options) {
  return SchemaMaker(items, keys, options).Make();
}

}  // namespace sumac::items

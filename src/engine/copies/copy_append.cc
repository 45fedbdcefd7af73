// How rows are added to a copy that is served.
#include <algorithm>

#include "engine/copies/attached_copies.h"
#include "engine/copies/copy_keys.h"
#include "engine/copies/copy_size.h"
#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

// A table in memory for rows that are read before they are merged.
class StagedRows {
 public:
  StagedRows(duckdb::DuckDB& database, std::string quoted_name)
      : cleaner_(database, "memory"), quoted_name_(std::move(quoted_name)) {}
  ~StagedRows() { static_cast<void>(cleaner_.Run("DROP TABLE IF EXISTS " + quoted_name_)); }
  StagedRows(const StagedRows&) = delete;
  StagedRows& operator=(const StagedRows&) = delete;

  const std::string& quoted_name() const { return quoted_name_; }

 private:
  CopyConnection cleaner_;
  const std::string quoted_name_;
};

// The columns that only `added` has. Error kUnsupported: one has another type there.
Result<std::vector<ResultColumn>> NewColumns(const std::vector<ResultColumn>& columns,
                                             const std::vector<ResultColumn>& added) {
  std::vector<ResultColumn> missing;
  for (const auto& column : added) {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& there) {
      return duckdb::StringUtil::CIEquals(there.name, column.name);
    });
    if (found == columns.end()) {
      missing.push_back(column);
    } else if (found->type != column.type) {
      return Fail(ErrorCode::kUnsupported, "column '" + column.name + "' is " +
                                               column.type.ToString() + " now and was " +
                                               found->type.ToString());
    }
  }
  return missing;
}

// The copy's virtual columns with what the added rows did not carry.
std::shared_ptr<const CopiedVirtualColumns> Joined(
    const std::shared_ptr<const CopiedVirtualColumns>& before,
    const std::shared_ptr<CopiedVirtualColumns>& added) {
  if (!before || !added || added->losses.Empty()) return before;
  auto joined = std::make_shared<CopiedVirtualColumns>(*before);
  joined->losses.Join(added->losses);
  return joined;
}

}  // namespace

Result<Copy> AttachedCopies::Append(const Copy& copy, std::shared_ptr<TableSource> source,
                                    const CopyRequest& request) {
  SUMAC_RETURN_IF_ERROR(CheckWritable());
  DropUnused();
  auto connection = Connect(&request);
  if (auto sound = CheckIndexes(*connection, copy); !sound) {
    return Fail(ErrorCode::kUnsupported, sound.error().message);
  }
  SUMAC_ASSIGN_OR_RETURN(const auto reader,
                         CopyReader::Create(loading_, std::move(source), request));
  static std::atomic<uint64_t> made = 0;
  const StagedRows staged(
      database_,
      IdentifierList({kCopiesCatalog, kCopiesSchema, "staged_" + std::to_string(++made)}, "."));
  SUMAC_RETURN_IF_ERROR(
      connection->Run("CREATE TABLE " + staged.quoted_name() + " AS " + reader->query()));
  reader->NoteLosses(*connection);
  SUMAC_ASSIGN_OR_RETURN(auto columns, connection->Columns(staged.quoted_name()));
  const auto virtual_columns = reader->VirtualColumns(columns);
  for (const auto& key : request.keys) {
    SUMAC_RETURN_IF_ERROR(KeepOneRowPerKey(*connection, staged.quoted_name(), key));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto missing, NewColumns(copy.table->columns, columns));
  Copy target = copy;
  if (!missing.empty() || HasMuchDeleted(*connection, copy)) {
    SUMAC_ASSIGN_OR_RETURN(target, Move(*connection, copy, missing, request.indexes));
  }

  auto table = std::make_shared<CopyTable>(*target.table);
  table->virtual_columns = Joined(table->virtual_columns, virtual_columns);
  CopyFacts facts = request.facts;
  for (const auto& key : request.keys) {
    SUMAC_RETURN_IF_ERROR(LeaveOutOlderRows(*connection, place_.TableName(*target.table->name),
                                            staged.quoted_name(), key));
  }
  SUMAC_RETURN_IF_ERROR(connection->Begin());
  SUMAC_RETURN_IF_ERROR(Merge(*connection, target, staged.quoted_name(), request));
  SUMAC_ASSIGN_OR_RETURN(facts.rows, CountRows(*connection, place_.TableName(*table->name)));
  auto appended = CopyOf(place_, std::move(facts), std::move(table));
  SUMAC_RETURN_IF_ERROR(WriteFacts(*connection, appended));
  if (auto done = Commit(*connection); !done) {
    std::lock_guard lock(mutex_);
    if (place_.path.empty()) soiled_.insert(*appended.table->name);
    return Fail(std::move(done).error());
  }
  SetPublished(appended);
  Checkpoint(*connection);
  appended.warnings = reader->Warnings();
  return appended;
}

bool AttachedCopies::HasMuchDeleted(CopyConnection& connection, const Copy& copy) {
  {
    std::lock_guard lock(mutex_);
    if (soiled_.count(*copy.table->name) > 0) return true;
  }
  const uint64_t held = RowsHeld(connection, place_, *copy.table);
  const uint64_t deleted = held - std::min(held, copy.facts.rows);
  // So that moving a row costs no more than writing it has.
  return deleted > std::max<uint64_t>(copy.facts.rows, DEFAULT_ROW_GROUP_SIZE);
}

Result<Copy> AttachedCopies::Move(CopyConnection& connection, const Copy& copy,
                                  const std::vector<ResultColumn>& added,
                                  const std::vector<CopyIndex>& indexes) {
  auto table = std::make_shared<CopyTable>(*copy.table);
  table->name = names_->NewName();
  std::string list;
  for (const auto& column : copy.table->columns) {
    list += QuotedIdentifier(column.name) + ", ";
  }
  for (const auto& column : added) {
    list += "NULL::" + column.type.ToString() + " AS " + QuotedIdentifier(column.name) + ", ";
    table->columns.push_back(column);
  }
  if (copy.table->virtual_columns && copy.table->virtual_columns->item_position) {
    auto own = std::make_shared<CopiedVirtualColumns>(*copy.table->virtual_columns);
    list += IdentifierList({own->item_name, own->overflow_name});
    own->item_position = table->columns.size();
    table->virtual_columns = std::move(own);
  }
  SUMAC_RETURN_IF_ERROR(connection.Run("CREATE TABLE " + place_.TableName(*table->name) +
                                       " AS SELECT " + list + " FROM " +
                                       place_.TableName(*copy.table->name)));
  SUMAC_RETURN_IF_ERROR(
      MakeIndexes(connection, place_.TableName(*table->name), *table->name, indexes));
  return CopyOf(place_, copy.facts, std::move(table));
}

Status AttachedCopies::Merge(CopyConnection& connection, const Copy& copy, const std::string& added,
                             const CopyRequest& request) {
  const std::string table = place_.TableName(*copy.table->name);
  std::string rows = "SELECT * FROM " + added + " AS added";
  std::string separator = " WHERE ";
  for (const auto& key : request.keys) {
    SUMAC_RETURN_IF_ERROR(MakeRoomForKeys(connection, table, added, key));
    if (key.on_conflict != KeyConflict::kDrop) continue;
    rows += separator + HasNoRowIn(table, "added", key);
    separator = " AND ";
  }
  if (request.keys.empty()) {
    // Columns that the rows do not have are NULL in those that are there already.
    rows = "SELECT * FROM " + added + " EXCEPT ALL SELECT ";
    SUMAC_ASSIGN_OR_RETURN(const auto columns, connection.Columns(added));
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    rows += IdentifierList(names) + " FROM " + table;
    separator = " WHERE ";
    for (const auto& condition : request.conditions) {
      rows += separator + "(" + condition + "\n)";
      separator = " AND ";
    }
  }
  SUMAC_RETURN_IF_ERROR(connection.Run("INSERT INTO " + table + " BY NAME " + rows));
  if (request.expired.empty()) return {};
  return connection.Run("DELETE FROM " + table + " WHERE " + request.expired);
}

}  // namespace sumac::engine

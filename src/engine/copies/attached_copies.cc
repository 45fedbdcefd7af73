#include "engine/copies/attached_copies.h"

#include <algorithm>
#include <filesystem>

#include "base/log.h"
#include "engine/copies/copy_keys.h"
#include "engine/copies/copy_size.h"
#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

std::string Key(const std::string& dataset_name) {
  return duckdb::StringUtil::Lower(dataset_name);
}

}  // namespace

AttachedCopies::AttachedCopies(duckdb::DuckDB& database, SpiceSchema& loading, CopyPlace place)
    : database_(database),
      loading_(loading),
      place_(std::move(place)),
      names_(std::make_unique<CopyNames>()) {}

Status AttachedCopies::ReadStored() {
  auto connection = Connect();
  SUMAC_ASSIGN_OR_RETURN(auto entries, ReadManifest(*connection, QuotedIdentifier(place_.catalog)));
  SUMAC_ASSIGN_OR_RETURN(
      const auto tables,
      connection->Rows("SELECT table_name FROM duckdb_tables() WHERE database_name = " +
                       QuotedText(place_.catalog) +
                       " AND schema_name = " + QuotedText(place_.schema)));
  uint64_t last = 0;
  std::vector<std::string> unused;
  for (const auto& row : tables) {
    const auto name = row.front().ToString();
    const uint64_t number = CopyNumber(name);
    last = std::max(last, number);
    const bool used = std::any_of(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return entry.table_name == name; });
    if (number > 0 && !used) unused.push_back(name);
  }
  names_ = std::make_unique<CopyNames>(last);
  for (auto& entry : entries) {
    auto table = std::make_shared<CopyTable>();
    SUMAC_ASSIGN_OR_RETURN(table->columns, connection->Columns(place_.TableName(entry.table_name)));
    if (entry.virtual_columns && entry.virtual_columns->item_position) {
      if (table->columns.size() <= 2) {
        return Fail(ErrorCode::kDataCorrupt, "a copy has lost its columns");
      }
      table->columns.resize(table->columns.size() - 2);
      auto own = std::make_shared<CopiedVirtualColumns>(*entry.virtual_columns);
      own->item_position = table->columns.size();
      entry.virtual_columns = std::move(own);
    }
    table->virtual_columns = entry.virtual_columns;
    stored_indexes_[entry.table_name] = StoredIndexesOf(*connection, place_, entry.table_name);
    table->name = names_->Adopt(entry.table_name);
    auto copy = CopyOf(place_, std::move(entry.facts), std::move(table));
    SetPublished(copy);
    stored_.emplace(Key(copy.facts.dataset_name), std::move(copy));
  }
  // What an interrupted load has left.
  for (const auto& name : unused) names_->PutBack(name);
  DropUnused();
  return {};
}

Status AttachedCopies::CheckIndexes(CopyConnection& connection, const Copy& copy) {
  const auto& table = *copy.table->name;
  StoredIndexes indexes;
  {
    std::lock_guard lock(mutex_);
    const auto found = stored_indexes_.find(table);
    if (found == stored_indexes_.end()) return {};
    indexes = found->second;
  }
  SUMAC_RETURN_IF_ERROR(CheckStoredIndexes(connection, place_, table, indexes));
  std::lock_guard lock(mutex_);
  stored_indexes_.erase(table);
  return {};
}

Status AttachedCopies::CheckWritable() {
  if (unsettled_) Checkpoint(*Connect());
  if (failed_) {
    return Fail(ErrorCode::kInternal, "what is in " + place_.Description() +
                                          " could not be brought in order, and is not changed any "
                                          "more; start again");
  }
  if (!unsettled_) return {};
  Error error = UserError(ErrorCode::kResourceExhausted,
                          HasRoomToCheckpoint(place_.path)
                              ? place_.Description() +
                                    " is being read, and has to be put in order first; "
                                    "it is tried again"
                              : "there is no room to write in " + place_.Description() +
                                    " yet; free some, and it is tried again");
  error.retryable = true;
  return Fail(std::move(error));
}

Status AttachedCopies::Commit(CopyConnection& connection) {
  std::lock_guard lock(commit_mutex_);
  if (unsettled_) {
    return Fail(ErrorCode::kResourceExhausted,
                "there is no room to write in " + place_.Description() + "; it is tried again");
  }
  auto done = connection.Commit();
  if (!done && !place_.path.empty()) unsettled_ = true;
  return done;
}

std::unique_ptr<CopyConnection> AttachedCopies::Connect(const CopyRequest* request) {
  auto connection = std::make_unique<CopyConnection>(database_, place_.Description(), place_.gate);
  if (request != nullptr) connection->set_watch({request->between, request->cancelled});
  return connection;
}

Result<uint64_t> AttachedCopies::CountRows(CopyConnection& connection, const std::string& table) {
  SUMAC_ASSIGN_OR_RETURN(const auto count, connection.Value("SELECT count(*) FROM " + table));
  return count.GetValue<uint64_t>();
}

Result<Copy> AttachedCopies::Create(std::shared_ptr<TableSource> source,
                                    const CopyRequest& request) {
  SUMAC_RETURN_IF_ERROR(CheckWritable());
  DropUnused();
  SUMAC_ASSIGN_OR_RETURN(const auto reader,
                         CopyReader::Create(loading_, std::move(source), request));
  auto connection = Connect(&request);
  // When this fails, the table goes with its name.
  auto name = names_->NewName();
  return Fill(*connection, *reader, std::move(name), request);
}

Result<Copy> AttachedCopies::Fill(CopyConnection& connection, CopyReader& reader,
                                  std::shared_ptr<const std::string> name,
                                  const CopyRequest& request) {
  const std::string quoted = place_.TableName(*name);
  SUMAC_RETURN_IF_ERROR(connection.Run("CREATE TABLE " + quoted + " AS " + reader.query()));
  reader.NoteLosses(connection);
  auto table = std::make_shared<CopyTable>();
  SUMAC_ASSIGN_OR_RETURN(table->columns, connection.Columns(quoted));
  table->virtual_columns = reader.VirtualColumns(table->columns);
  table->name = std::move(name);
  for (const auto& key : request.keys) {
    SUMAC_RETURN_IF_ERROR(KeepOneRowPerKey(connection, quoted, key));
  }
  if (!request.expired.empty()) {
    SUMAC_RETURN_IF_ERROR(connection.Run("DELETE FROM " + quoted + " WHERE " + request.expired));
  }
  SUMAC_RETURN_IF_ERROR(MakeIndexes(connection, quoted, *table->name, request.indexes));
  CopyFacts facts = request.facts;
  SUMAC_ASSIGN_OR_RETURN(facts.rows, CountRows(connection, quoted));
  auto copy = CopyOf(place_, std::move(facts), std::move(table));
  copy.warnings = reader.Warnings();
  return copy;
}

Status AttachedCopies::WriteFacts(CopyConnection& connection, const Copy& copy) {
  if (place_.path.empty()) return {};
  return WriteManifest(connection, QuotedIdentifier(place_.catalog),
                       {copy.facts, *copy.table->name, copy.table->virtual_columns});
}

void AttachedCopies::SetPublished(const Copy& copy) {
  Published before;
  std::lock_guard lock(mutex_);
  auto& published = published_[Key(copy.facts.dataset_name)];
  before = std::exchange(published, Published{copy.table, copy.facts.rows});
}

Status AttachedCopies::Publish(const Copy& copy) {
  SUMAC_RETURN_IF_ERROR(CheckWritable());
  auto connection = Connect();
  SUMAC_RETURN_IF_ERROR(connection->Begin());
  SUMAC_RETURN_IF_ERROR(WriteFacts(*connection, copy));
  SUMAC_RETURN_IF_ERROR(Commit(*connection));
  SetPublished(copy);
  Checkpoint(*connection);
  return {};
}

Result<Copy> AttachedCopies::Delete(const Copy& copy, const std::string& condition,
                                    const std::vector<CopyIndex>& indexes) {
  SUMAC_RETURN_IF_ERROR(CheckWritable());
  DropUnused();
  auto connection = Connect();
  SUMAC_RETURN_IF_ERROR(CheckIndexes(*connection, copy));
  Copy target = copy;
  if (HasMuchDeleted(*connection, copy)) {
    SUMAC_ASSIGN_OR_RETURN(target, Move(*connection, copy, {}, indexes));
  }
  const std::string quoted = place_.TableName(*target.table->name);
  SUMAC_RETURN_IF_ERROR(connection->Begin());
  SUMAC_ASSIGN_OR_RETURN(const auto deleted,
                         connection->Value("DELETE FROM " + quoted + " WHERE " + condition));
  if (deleted.GetValue<uint64_t>() == 0 && target.table == copy.table) return copy;
  CopyFacts facts = copy.facts;
  SUMAC_ASSIGN_OR_RETURN(facts.rows, CountRows(*connection, quoted));
  auto changed = CopyOf(place_, std::move(facts), target.table);
  SUMAC_RETURN_IF_ERROR(WriteFacts(*connection, changed));
  SUMAC_RETURN_IF_ERROR(Commit(*connection));
  SetPublished(changed);
  Checkpoint(*connection);
  return changed;
}

Result<std::vector<ResultColumn>> AttachedCopies::ColumnsOf(std::shared_ptr<TableSource> source,
                                                            const CopyRequest& request) {
  if (request.query.empty()) return source->Columns();
  CopyRequest all = request;
  all.conditions.clear();
  SUMAC_ASSIGN_OR_RETURN(const auto reader, CopyReader::Create(loading_, std::move(source), all));
  return Connect(&all)->Columns("(" + reader->query() + ")");
}

Result<duckdb::Value> AttachedCopies::Evaluate(const Copy& copy, const std::string& expression) {
  auto connection = Connect();
  return connection->Value("SELECT " + expression + " FROM " + place_.TableName(*copy.table->name));
}

std::optional<Copy> AttachedCopies::TakeStored(const std::string& dataset_name) {
  std::lock_guard lock(mutex_);
  auto node = stored_.extract(Key(dataset_name));
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

uint64_t AttachedCopies::Bytes(const Copy& copy) {
  auto connection = Connect();
  return BytesOfCopy(*connection, place_, *copy.table);
}

void AttachedCopies::DropUnused() {
  if (failed_) return;
  auto unused = names_->TakeUnused();
  if (unused.empty()) return;
  auto connection = Connect();
  for (auto& name : unused) {
    const auto dropped = connection->Run("DROP TABLE IF EXISTS " + place_.TableName(name));
    if (dropped) continue;
    // Its room is missing until then, and nothing else.
    spdlog::debug("{} stays in {}: {}", name, place_.Description(), dropped.error().message);
    names_->PutBack(std::move(name));
  }
  Checkpoint(*connection);
}

void AttachedCopies::Checkpoint(CopyConnection& connection) {
  if (failed_ || place_.path.empty()) return;
  if (!HasRoomToCheckpoint(place_.path)) {
    spdlog::debug("{} is not checkpointed: the disk is nearly full", place_.path);
    return;
  }
  const auto closed = place_.gate->TryClose(Patience());
  if (closed == nullptr) {
    spdlog::debug("{} is not checkpointed: it is being read", place_.path);
    return;
  }
  const auto done = connection.Checkpoint(place_.catalog);
  if (done) {
    unsettled_ = false;
    return;
  }
  if (done.error().code == ErrorCode::kUnavailable) {
    // What it cannot do now because of others it does the next time.
    spdlog::debug("{} is not checkpointed: {}", place_.path, done.error().message);
    return;
  }
  spdlog::error("{} is not changed any more, until a restart: {}", place_.Description(),
                done.error().message);
  failed_ = true;
  CheckPicture();
}

std::chrono::milliseconds AttachedCopies::Patience() const {
  constexpr std::chrono::milliseconds kUsual(100);
  constexpr std::chrono::milliseconds kOfALargeLog(1000);
  constexpr uint64_t kLargeLogBytes = uint64_t{64} << 20;
  std::error_code error;
  const auto log_bytes = std::filesystem::file_size(place_.path + ".wal", error);
  return !error && log_bytes > kLargeLogBytes ? kOfALargeLog : kUsual;
}

void AttachedCopies::CheckPicture() {
  std::vector<Published> published;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [name, one] : published_) published.push_back(one);
  }
  // Not one of those that wait at the gate.
  CopyConnection connection(database_, place_.Description());
  for (const auto& one : published) {
    const auto rows = CountRows(connection, place_.TableName(*one.table->name));
    if (rows && *rows == one.rows) continue;
    place_.gate->Break(Error{ErrorCode::kInternal, Blame::kSumac,
                             "the copies in " + place_.Description() +
                                 " could not be put in order and cannot be read any more; start "
                                 "again, which reads them from the file"});
    return;
  }
}

}  // namespace sumac::engine

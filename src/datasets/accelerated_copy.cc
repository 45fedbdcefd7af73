#include "datasets/accelerated_copy.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/log.h"
#include "items/type_summary_text.h"

namespace sumac::datasets {
namespace {

// A part of a table is read again when it showed what its schema does not hold; each time the
// schema holds more, and what it still does not hold then stands in the copy's warnings.
constexpr int kReadingsMax = 3;

// With what scans of the table have noticed.
std::shared_ptr<const items::TypeSummary> WithSeen(const ConnectedTable& table) {
  auto types = std::make_shared<items::TypeSummary>();
  if (table.types != nullptr) *types = *table.types;
  if (table.observer != nullptr) types->Join(table.observer->Seen());
  return types;
}

bool HasTexts(const std::vector<engine::ResultColumn>& columns, const std::string& name) {
  return std::any_of(columns.begin(), columns.end(), [&](const auto& column) {
    return duckdb::StringUtil::CIEquals(column.name, name) &&
           column.type.id() == duckdb::LogicalTypeId::VARCHAR;
  });
}

// False when there are none to have.
bool HasColumns(const engine::Copy& copy, const std::vector<std::string>& names) {
  const auto& columns = copy.source->Columns();
  return !names.empty() && std::all_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const auto& column) { return column.name == name; });
  });
}

// What is kept with a copy beside its rows: which table it was read from, in a line of its own, and
// the types of its items.
struct CopyNote {
  std::string table_identity;
  std::string types;
};

constexpr std::string_view kTableLine = "table ";

std::string WriteNote(const ConnectedTable& table) {
  std::string note;
  if (!table.table_identity.empty()) note = fmt::format("{}{}\n", kTableLine, table.table_identity);
  if (table.types != nullptr) note += items::TypeSummaryText(*table.types);
  return note;
}

CopyNote ReadNote(const std::string& note) {
  if (!note.starts_with(kTableLine)) return {"", note};
  const size_t end = std::min(note.find('\n'), note.size());
  return {note.substr(kTableLine.size(), end - kTableLine.size()),
          note.substr(std::min(end + 1, note.size()))};
}

// What a source behind a copy of the query's result could not answer.
Status CheckQueryOnly(const std::vector<engine::ResultColumn>& columns,
                      const ConnectedTable& table) {
  for (const auto& column : columns) {
    const auto& own = table.source->Columns();
    const bool found = std::any_of(own.begin(), own.end(), [&](const auto& other) {
      return duckdb::StringUtil::CIEquals(other.name, column.name);
    });
    if (found) continue;
    return Fail(ErrorCode::kInvalidArgument,
                "on_zero_results: use_source needs a refresh_sql that selects columns of the "
                "dataset as they are, and '" +
                    column.name + "' is not one of them");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<AcceleratedCopy>> AcceleratedCopy::Open(const spicepod::Dataset& dataset,
                                                               AccelerationPlan plan,
                                                               engine::Database& database,
                                                               std::shared_ptr<Clock> clock,
                                                               const AcceleratedCopy* before) {
  auto store = database.MemoryCopies();
  if (!plan.file_path.empty()) {
    SUMAC_ASSIGN_OR_RETURN(store, database.FileCopies(plan.file_path));
  }
  std::shared_ptr<AcceleratedCopy> opened(
      new AcceleratedCopy(dataset, std::move(plan), std::move(store), std::move(clock)));
  auto stored = opened->store_->TakeStored(dataset.name);
  if (opened->plan_.ignores_stored) stored.reset();
  if (before != nullptr && before->store_ == opened->store_) stored = before->copy_;
  if (!stored) return opened;
  if (stored->facts.identity == opened->plan_.identity) {
    opened->copy_ = std::move(stored);
  } else {
    const auto& path = opened->plan_.file_path;
    spdlog::info("Dataset {}: its copy in {} was made with other settings, so it is loaded anew",
                 dataset.name, path.empty() ? "memory" : path);
  }
  return opened;
}

bool AcceleratedCopy::IsOfAnotherTable(const ConnectedTable& table) const {
  if (!copy_) return false;
  const auto before = ReadNote(copy_->facts.note).table_identity;
  return !before.empty() && !table.table_identity.empty() && before != table.table_identity;
}

std::shared_ptr<const items::TypeSummary> AcceleratedCopy::StoredTypes() const {
  if (!copy_) return nullptr;
  const auto text = ReadNote(copy_->facts.note).types;
  if (text.empty()) return nullptr;
  auto types = items::ParseTypeSummary(text);
  if (!types) return nullptr;
  return std::make_shared<const items::TypeSummary>(*std::move(types));
}

std::string AcceleratedCopy::CheckpointPath() const {
  if (plan_.file_path.empty()) return "";
  std::string name;
  for (const char c : dataset_name_) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
    name += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  // A name of a file has 255 bytes at most.
  constexpr size_t kNameBytesMax = 100;
  if (name.size() > kNameBytesMax) {
    name = fmt::format("{}%{:016x}", name.substr(0, kNameBytesMax),
                       duckdb::Hash(dataset_name_.data(), dataset_name_.size()));
  }
  return plan_.file_path + "." + name + ".load";
}

AcceleratedCopy::Reading AcceleratedCopy::MakeReading(const RefreshOverrides& overrides,
                                                      const std::atomic<bool>* cancelled) const {
  Reading reading;
  const bool appends = overrides.refresh_mode
                           ? *overrides.refresh_mode == spicepod::RefreshMode::kAppend
                           : plan_.appends;
  // A copy of something else is nothing to add to.
  const bool own = copy_ && (overrides.refresh_sql || copy_->facts.identity == plan_.identity);
  reading.appends = appends && own;
  auto& request = reading.request;
  request.query = overrides.refresh_sql.value_or(plan_.refresh_sql);
  request.facts.dataset_name = dataset_name_;
  request.facts.identity = plan_.identity;
  // What was asked for once is not what the next process is to find.
  if (overrides.refresh_sql) request.facts.identity += " with another refresh_sql";
  request.facts.read_at = clock_->WallNow();
  request.keep_item = plan_.keep_item;
  request.keys = plan_.keys;
  request.indexes = plan_.indexes;
  request.cancelled = cancelled;
  reading.whole = !reading.appends && request.query.empty() && !plan_.data_window;
  return reading;
}

Result<TimeColumn> AcceleratedCopy::TimeColumnOf(
    const std::vector<engine::ResultColumn>& columns) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [this](const auto& column) {
    return duckdb::StringUtil::CIEquals(column.name, plan_.time_column);
  });
  if (found == columns.end()) {
    return Fail(ErrorCode::kInvalidArgument,
                "time_column '" + plan_.time_column + "' is not one of its columns");
  }
  return TimeColumn::Create(found->name, found->type, plan_.time_format);
}

Result<std::string> AcceleratedCopy::ExpiredCondition(
    const std::vector<engine::ResultColumn>& columns) const {
  std::string condition = plan_.retention_condition;
  if (plan_.retention_period) {
    SUMAC_ASSIGN_OR_RETURN(const auto time, TimeColumnOf(columns));
    const auto before = time.Before(clock_->WallNow() - *plan_.retention_period);
    condition = condition.empty() ? before : "(" + condition + ") OR " + before;
  }
  return condition;
}

WallTime AcceleratedCopy::AppendFrom(int64_t newest_microseconds, WallTime read_at) const {
  using std::chrono::microseconds;
  const auto since = [](WallTime time) {
    return std::chrono::duration_cast<microseconds>(time.time_since_epoch()).count();
  };
  // A row from the future is not to hide those that came after it was read.
  const int64_t least = since(WallTime::min());
  const int64_t newest = std::clamp(newest_microseconds, least, since(read_at));
  return WallTime(microseconds(std::max(newest - plan_.append_overlap.count(), least)));
}

Status AcceleratedCopy::Complete(Reading& reading, const ConnectedTable& table) const {
  auto& request = reading.request;
  request.conditions.clear();
  SUMAC_ASSIGN_OR_RETURN(const auto columns, store_->ColumnsOf(table.source, request));
  if (plan_.falls_back && !request.query.empty()) {
    auto checked = engine::CheckSelectsRows(request.query, dataset_name_);
    if (!checked) {
      return Fail(std::move(checked).error().WithContext(
          "on_zero_results: use_source holds refresh_sql to rows that the source has, too"));
    }
    SUMAC_RETURN_IF_ERROR(CheckQueryOnly(columns, table));
  }
  std::optional<WallTime> from;
  if (plan_.data_window) from = clock_->WallNow() - *plan_.data_window;
  if (reading.appends) {
    SUMAC_ASSIGN_OR_RETURN(const auto time, TimeColumnOf(copy_->source->Columns()));
    SUMAC_ASSIGN_OR_RETURN(const auto newest, store_->Evaluate(*copy_, time.NewestMicroseconds()));
    if (!newest.IsNull()) {
      from = std::max(from.value_or(WallTime::min()),
                      AppendFrom(newest.GetValue<int64_t>(), copy_->facts.read_at));
    }
  }
  if (from) {
    SUMAC_ASSIGN_OR_RETURN(const auto time, TimeColumnOf(columns));
    request.conditions.push_back(time.NotBefore(*from));
  }
  // An item that is written again has the same key.
  if (reading.appends && plan_.keys.empty() && HasColumns(*copy_, table.key_columns)) {
    request.keys.clear();
    engine::CopyKey key;
    key.columns = table.key_columns;
    key.on_conflict = engine::KeyConflict::kUpsert;
    request.keys.push_back(std::move(key));
  }
  for (auto& key : request.keys) {
    key.time_is_text = HasTexts(columns, key.time_column);
    // The newest row is read each time.
    const bool fails = key.on_conflict == engine::KeyConflict::kFail;
    if (reading.appends && fails) key.on_conflict = engine::KeyConflict::kUpsert;
  }
  SUMAC_ASSIGN_OR_RETURN(request.expired, ExpiredCondition(columns));
  request.facts.note = WriteNote(table);
  return {};
}

Result<engine::Copy> AcceleratedCopy::Read(Reading& reading, const ConnectedTable& table) {
  SUMAC_RETURN_IF_ERROR(Complete(reading, table));
  if (reading.appends) return store_->Append(*copy_, table.source, reading.request);
  SUMAC_ASSIGN_OR_RETURN(auto copy, store_->Create(table.source, reading.request));
  return copy;
}

Result<RefreshedCopy> AcceleratedCopy::Refresh(const Connect& connect,
                                               std::shared_ptr<const items::TypeSummary> known,
                                               const RefreshOverrides& overrides,
                                               const std::atomic<bool>* cancelled) {
  auto reading = MakeReading(overrides, cancelled);
  // A table whose types are known is read straight into the copy, which takes half the work of
  // looking at all of it first; if it shows something new, it is read again that way.
  bool looks_first = reading.whole && known == nullptr;
  for (int attempt = 1;; ++attempt) {
    SUMAC_ASSIGN_OR_RETURN(auto table, connect(looks_first, known));
    auto& read_at = reading.request.facts.read_at;
    // A load that was interrupted began before this one.
    if (looks_first && table.read_since) read_at = std::min(read_at, *table.read_since);
    const bool replaced = reading.appends && IsOfAnotherTable(table);
    auto copy =
        replaced
            ? Result<engine::Copy>(Fail(ErrorCode::kUnsupported, "its table is another one now"))
            : Read(reading, table);
    if (!copy && reading.appends && copy.error().code == ErrorCode::kUnsupported) {
      spdlog::info("Dataset {}: {}, so its copy is loaded anew", dataset_name_,
                   copy.error().message);
      reading = MakeReading({overrides.refresh_sql, spicepod::RefreshMode::kFull}, cancelled);
      looks_first = reading.whole;
      --attempt;
      continue;
    }
    if (!copy) return Fail(std::move(copy).error());
    if (reading.appends) copy_ = *copy;
    const bool complete = looks_first || copy->warnings.empty() || table.observer == nullptr;
    // Without a key, rows that are read again could not be told from others.
    const bool can_repeat = !reading.appends || !reading.request.keys.empty();
    if (!complete && can_repeat && attempt < kReadingsMax) {
      known = WithSeen(table);
      looks_first = reading.whole;
      continue;
    }
    if (!reading.appends) SUMAC_RETURN_IF_ERROR(store_->Publish(*copy));
    copy_ = *copy;
    return RefreshedCopy{*copy_, std::move(table)};
  }
}

Result<bool> AcceleratedCopy::Retain() {
  if (!copy_) return false;
  SUMAC_ASSIGN_OR_RETURN(const auto condition, ExpiredCondition(copy_->source->Columns()));
  if (condition.empty()) return false;
  SUMAC_ASSIGN_OR_RETURN(auto copy, store_->Delete(*copy_, condition, plan_.indexes));
  // Its rows may have moved, too.
  const bool changed = copy.source != copy_->source;
  copy_ = std::move(copy);
  return changed;
}

}  // namespace sumac::datasets

#include "engine/copies/copy_reader.h"

#include <atomic>

#include "engine/copies/refresh_query.h"
#include "engine/query_state.h"
#include "engine/scan/scan_function.h"
#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

constexpr char kKeepItemAdvice[] =
    "set acceleration.params.keep_item: true and select _overflow, or query it without "
    "acceleration, to see what is missing";

// Different stores copy at the same time.
std::string NewLoadingName() {
  static std::atomic<uint64_t> made = 0;
  return "load_" + std::to_string(++made);
}

}  // namespace

Result<std::unique_ptr<CopyReader>> CopyReader::Create(SpiceSchema& loading,
                                                       std::shared_ptr<TableSource> source,
                                                       const CopyRequest& request) {
  const auto names = source->VirtualColumns();
  const auto item = names.find(kItemColumn);
  const auto overflow = names.find(kOverflowColumn);
  const bool has_items = item != names.end() && overflow != names.end();
  std::unique_ptr<CopyReader> reader(
      new CopyReader(loading, NewLoadingName(), request.facts.dataset_name,
                     request.keep_item && has_items && request.query.empty()));
  std::string columns = "*";
  if (has_items) {
    reader->item_name_ = item->second.name;
    reader->overflow_name_ = overflow->second.name;
    if (reader->keep_item_) {
      columns += ", " + IdentifierList({reader->item_name_, reader->overflow_name_});
    }
  }
  if (request.query.empty()) {
    reader->query_ = "SELECT " + columns + " FROM " +
                     IdentifierList({kCatalogName, kLoadingSchema}, ".") + "." +
                     QuotedIdentifier(reader->name_);
  } else {
    SUMAC_ASSIGN_OR_RETURN(
        const auto query,
        RefreshQueryOver(request.query, request.facts.dataset_name, reader->name_));
    reader->query_ = "SELECT * FROM (" + query + ")";
  }
  std::string separator = " WHERE ";
  // A comment at the end of one ends with its line.
  for (const auto& condition : request.conditions) {
    reader->query_ += separator + "(" + condition + "\n)";
    separator = " AND ";
  }
  loading.SetTable(reader->name_, std::move(source));
  return reader;
}

CopyReader::~CopyReader() {
  loading_.RemoveTable(name_);
}

void CopyReader::NoteLosses(CopyConnection& connection) {
  // Of the one scan that there was.
  for (const auto& [scanned, losses] : QueryState::Of(connection.context()).Losses()) {
    losses_.Join(losses);
  }
  if (!keep_item_ && !losses_.Empty()) losses_.advice = kKeepItemAdvice;
}

std::shared_ptr<CopiedVirtualColumns> CopyReader::VirtualColumns(
    std::vector<ResultColumn>& columns) const {
  if (item_name_.empty()) return nullptr;
  auto own = std::make_shared<CopiedVirtualColumns>();
  own->item_name = item_name_;
  own->overflow_name = overflow_name_;
  own->dataset_name = dataset_name_;
  own->losses = losses_;
  if (keep_item_) {
    columns.resize(columns.size() - 2);
    own->item_position = columns.size();
  }
  return own;
}

}  // namespace sumac::engine

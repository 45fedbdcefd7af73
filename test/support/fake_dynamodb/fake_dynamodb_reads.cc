// The operations of the fake that read items.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "fake_dynamodb/fake_dynamodb.h"
#include "fake_dynamodb/get_request.h"
#include "fake_dynamodb/query_request.h"
#include "fake_dynamodb/scan_request.h"

namespace sumac::fake_dynamodb {
namespace {

// Of the items of a BatchGetItem, as the service counts them.
constexpr uint64_t kBatchBytesMax = 16 * 1024 * 1024;

bool Is(const Fault* fault, FaultKind kind) {
  return fault != nullptr && fault->kind == kind;
}

std::shared_ptr<const RenderedPage> Render(std::string body) {
  return std::make_shared<const RenderedPage>(std::move(body));
}

std::string Projected(const StoredItem& item, const ReadParameters& parameters) {
  return parameters.projection.empty() ? item.text : ProjectItem(item.text, parameters.projection);
}

// What becomes of a BatchGetItem, of all tables and of one.
struct BatchProgress {
  size_t keys_left = SIZE_MAX;
  uint64_t bytes = 0;
  double read_units = 0;
  bool any_processed = false;
  std::optional<ServiceError> throttle;
};
struct TableAnswer {
  std::string items;
  std::string unprocessed_keys;
  double read_units = 0;
};

// Appends a member to what becomes a JSON object or array.
void Append(std::string_view text, std::string& members) {
  if (!members.empty()) members += ',';
  members += text;
}

}  // namespace

std::optional<ServiceError> FakeDynamodb::Admit(const ServedEntry& entry, double hash_position,
                                                double read_units,
                                                std::optional<MonotonicTime>& answer_at) {
  if (options_.clock == nullptr || !entry.service) return std::nullopt;
  const auto now = options_.clock->MonotonicNow();
  const auto admitted = entry.service->Admit(hash_position, read_units, now);
  if (!admitted) {
    read_log_.AddThrottle(admitted.error().throttling_reason);
    return admitted.error();
  }
  if (*admitted > now) answer_at = std::max(answer_at.value_or(*admitted), *admitted);
  return std::nullopt;
}

void FakeDynamodb::LogRead(const char* operation, double read_units, uint64_t body_bytes,
                           std::optional<MonotonicTime> answer_at) {
  if (options_.clock == nullptr) return;
  read_log_.AddPage(operation, answer_at.value_or(options_.clock->MonotonicNow()), read_units,
                    body_bytes);
}

FakeDynamodb::Body FakeDynamodb::Scan(const std::string& body, const std::string& region,
                                      const Fault* fault, std::optional<MonotonicTime>& answer_at) {
  const auto parameters = ParseScan(body);
  if (!parameters) return Refuse(parameters.error());
  const auto found = FindTable(parameters->table_name, region, false);
  if (!found) return Refuse(found.error());
  ServedTable& table = *found->table;
  const bool empty = Is(fault, FaultKind::kEmptyPage);
  const bool reordered = Is(fault, FaultKind::kMemberOrder);
  if (empty || reordered) {
    const auto parts = empty ? table.EmptyPage(*parameters) : table.ScanParts(*parameters);
    if (!parts) return Refuse(parts.error());
    return Render(RenderPage(*parts, reordered ? fault->member_order : 0));
  }
  auto page = table.Scan(*parameters);
  if (!page) return page;
  const double read_units = ReadUnits((*page)->read_bytes, parameters->consistent_read);
  if (auto refusal = Admit(*found, (*page)->hash_position, read_units, answer_at)) {
    return Refuse(*refusal);
  }
  LogRead("Scan", read_units, (*page)->size(), answer_at);
  return page;
}

FakeDynamodb::Body FakeDynamodb::Query(const std::string& body, const std::string& region,
                                       const Fault* fault,
                                       std::optional<MonotonicTime>& answer_at) {
  const auto parameters = ParseQuery(body);
  if (!parameters) return Refuse(parameters.error());
  const auto found = FindTable(parameters->table_name, region, false);
  if (!found) return Refuse(found.error());
  if (Is(fault, FaultKind::kEmptyPage)) {
    const auto parts = found->table->EmptyPage(*parameters);
    if (!parts) return Refuse(parts.error());
    return Render(RenderPage(*parts, 0));
  }
  const auto page = found->table->Query(*parameters);
  if (!page) return Refuse(page.error());
  const double read_units = ReadUnits(page->read_bytes, parameters->consistent_read);
  if (auto refusal = Admit(*found, page->hash_position, read_units, answer_at)) {
    return Refuse(*refusal);
  }
  const int order = Is(fault, FaultKind::kMemberOrder) ? fault->member_order : 0;
  auto rendered = Render(RenderPage(page->parts, order));
  LogRead("Query", read_units, rendered->size(), answer_at);
  return rendered;
}

FakeDynamodb::Body FakeDynamodb::GetItem(const std::string& body, const std::string& region,
                                         std::optional<MonotonicTime>& answer_at) {
  const auto parameters = ParseGetItem(body);
  if (!parameters) return Refuse(parameters.error());
  const auto entry = FindTable(parameters->table_name, region, false);
  if (!entry) return Refuse(entry.error());
  const auto found = entry->table->Find(parameters->key);
  if (!found) return Refuse(found.error());
  const uint64_t bytes = found->item == nullptr ? 0 : found->item->size_bytes;
  const double read_units = ReadUnits(bytes, parameters->consistent_read);
  if (auto refusal = Admit(*entry, found->hash_position, read_units, answer_at)) {
    return Refuse(*refusal);
  }
  std::string members;
  const auto capacity = ConsumedUnits(*parameters, read_units);
  if (!capacity.empty()) Append(R"("ConsumedCapacity":)" + capacity, members);
  if (found->item != nullptr) Append(R"("Item":)" + Projected(*found->item, *parameters), members);
  auto rendered = Render("{" + members + "}");
  LogRead("GetItem", read_units, rendered->size(), answer_at);
  return rendered;
}

namespace {

Answer<std::vector<FoundItem>> FindAll(const ServedTable& table, const BatchOfTable& batch) {
  std::vector<FoundItem> all;
  std::set<KeyPosition> positions;
  for (const auto& key : batch.keys) {
    auto found = table.Find(key);
    if (!found) return Refuse(found.error());
    if (!positions.insert(found->position).second) {
      return Refuse(ValidationError("Provided list of item keys contains duplicates"));
    }
    all.push_back(std::move(*found));
  }
  return all;
}

// Reads of one table what the progress, the table and `admit` let through.
template <typename AdmitOne>
TableAnswer ReadBatch(const BatchOfTable& batch, const std::vector<FoundItem>& found,
                      size_t keys_max, const AdmitOne& admit, BatchProgress& progress) {
  TableAnswer answer;
  for (size_t i = 0; i < found.size(); ++i) {
    const auto* item = found[i].item;
    const uint64_t bytes = item == nullptr ? 0 : item->size_bytes;
    const double read_units = ReadUnits(bytes, batch.consistent_read);
    bool processed =
        progress.keys_left > 0 && keys_max > 0 && progress.bytes + bytes <= kBatchBytesMax;
    if (processed) {
      if (auto refusal = admit(found[i].hash_position, read_units)) {
        progress.throttle = std::move(refusal);
        processed = false;
      }
    }
    if (!processed) {
      Append(batch.keys[i], answer.unprocessed_keys);
      continue;
    }
    --progress.keys_left;
    --keys_max;
    progress.any_processed = true;
    progress.bytes += bytes;
    answer.read_units += read_units;
    if (item == nullptr) continue;
    // In the opposite order, as the service promises none.
    const auto text = Projected(*item, batch);
    answer.items = answer.items.empty() ? text : text + "," + answer.items;
  }
  progress.read_units += answer.read_units;
  return answer;
}

}  // namespace

FakeDynamodb::Body FakeDynamodb::BatchGetItem(const std::string& body, const std::string& region,
                                              const Fault* fault,
                                              std::optional<MonotonicTime>& answer_at) {
  const auto batches = ParseBatchGetItem(body);
  if (!batches) return Refuse(batches.error());
  // All is checked before any is read.
  std::vector<std::pair<ServedEntry, std::vector<FoundItem>>> tables;
  for (const auto& batch : *batches) {
    auto entry = FindTable(batch.table_name, region, false);
    if (!entry) return Refuse(entry.error());
    auto found = FindAll(*entry->table, batch);
    if (!found) return Refuse(found.error());
    tables.emplace_back(std::move(*entry), std::move(*found));
  }
  BatchProgress progress;
  if (Is(fault, FaultKind::kUnprocessedKeys)) progress.keys_left = fault->keys_processed_max;
  std::string responses;
  std::string unprocessed;
  std::string capacities;
  for (size_t i = 0; i < tables.size(); ++i) {
    const auto& [entry, found] = tables[i];
    const auto& batch = (*batches)[i];
    const auto admit = [&, &admitted = entry](double hash_position, double read_units) {
      return Admit(admitted, hash_position, read_units, answer_at);
    };
    const auto answer = ReadBatch(batch, found, entry.table->batch_keys_max(), admit, progress);
    const auto name = QuoteJson(batch.table_name);
    Append(fmt::format("{}:[{}]", name, answer.items), responses);
    if (!answer.unprocessed_keys.empty()) {
      Append(fmt::format(R"({}:{{{}"Keys":[{}]}})", name, batch.other_members,
                         answer.unprocessed_keys),
             unprocessed);
    }
    const auto capacity = ConsumedUnits(batch, answer.read_units);
    if (!capacity.empty()) Append(capacity, capacities);
  }
  // Some keys come back; when none could be read, it is the request that is refused.
  if (progress.throttle && !progress.any_processed) return Refuse(*progress.throttle);
  const auto capacity =
      capacities.empty() ? std::string() : fmt::format(R"("ConsumedCapacity":[{}],)", capacities);
  auto rendered = Render(fmt::format(R"({{{}"Responses":{{{}}},"UnprocessedKeys":{{{}}}}})",
                                     capacity, responses, unprocessed));
  LogRead("BatchGetItem", progress.read_units, rendered->size(), answer_at);
  return rendered;
}

}  // namespace sumac::fake_dynamodb

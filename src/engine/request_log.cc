#include "engine/request_log.h"

#include <fmt/format.h>

#include "base/printable_text.h"
#include "engine/progress_text.h"

namespace sumac::engine {
namespace {

constexpr size_t kTextBytesMax = 2'000;

std::string TextOf(const std::shared_ptr<const dynamodb::Condition>& condition) {
  return condition ? dynamodb::ConditionText(*condition) : "";
}

std::string OperationOf(const dynamodb::ScanRequest& request) {
  std::string operation = request.key_condition ? "Query" : "Scan";
  if (request.keys) operation = request.keys->size() == 1 ? "GetItem" : "BatchGetItem";
  if (request.count_only) operation += " (Select=COUNT)";
  return operation;
}

std::string KeyTextOf(const dynamodb::ScanRequest& request) {
  if (!request.keys) return TextOf(request.key_condition);
  return request.keys->size() == 1 ? request.keys->front()
                                   : ThousandsText(request.keys->size()) + " keys";
}

const void* IdentityOf(const dynamodb::ScanRequest& request) {
  if (request.keys) return request.keys.get();
  return request.key_condition.get();
}

}  // namespace

std::string CallText(const LoggedCall& call) {
  std::string text = fmt::format("{} of table '{}'", call.operation, call.table);
  if (!call.index.empty()) text += fmt::format(", index '{}'", call.index);
  if (call.dataset != call.table) text += fmt::format(" (dataset '{}')", call.dataset);
  if (!call.key_condition.empty()) text += ": " + call.key_condition;
  if (!call.filter.empty()) text += "; filter " + call.filter;
  return PrintableText(text, kTextBytesMax) +
         fmt::format(": {} {}, {} items, {} returned, {} RCU", ThousandsText(call.pages),
                     call.pages == 1 ? "request" : "requests", ThousandsText(call.items_scanned),
                     ThousandsText(call.items), UnitsText(call.read_units));
}

uint64_t RequestLog::NextScan() {
  std::lock_guard lock(mutex_);
  return ++scans_;
}

void RequestLog::Add(uint64_t scan, const std::string& dataset,
                     const dynamodb::ScanRequest& request, const dynamodb::Page& page) {
  std::lock_guard lock(mutex_);
  const std::pair key{scan, IdentityOf(request)};
  auto place = places_.find(key);
  if (place == places_.end()) {
    if (entries_.size() == kLoggedCallsMax) {
      ++requests_left_out_;
      return;
    }
    place = places_.emplace(key, entries_.size()).first;
    entries_.push_back({dataset, request});
  }
  auto& entry = entries_[place->second];
  ++entry.pages;
  entry.items_scanned += page.scanned_count;
  entry.items += page.count;
  entry.read_units += page.consumed_read_units;
}

LoggedCalls RequestLog::Calls() const {
  std::lock_guard lock(mutex_);
  LoggedCalls logged;
  logged.requests_left_out = requests_left_out_;
  for (const auto& entry : entries_) {
    LoggedCall call;
    call.dataset = entry.dataset;
    call.operation = OperationOf(entry.request);
    call.table = entry.request.table_name;
    call.index = entry.request.index_name;
    call.key_condition = KeyTextOf(entry.request);
    call.filter = TextOf(entry.request.filter);
    call.pages = entry.pages;
    call.items_scanned = entry.items_scanned;
    call.items = entry.items;
    call.read_units = entry.read_units;
    logged.calls.push_back(std::move(call));
  }
  return logged;
}

void RequestLog::Clear() {
  std::lock_guard lock(mutex_);
  entries_.clear();
  places_.clear();
  requests_left_out_ = 0;
}

}  // namespace sumac::engine

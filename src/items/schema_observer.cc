#include "items/schema_observer.h"

#include <algorithm>

namespace sumac::items {
namespace {

std::string KindNames(const TypeSummary& summary) {
  constexpr std::pair<uint8_t, const char*> kNames[] = {
      {TypeSummary::kString, "string"},   {TypeSummary::kNumber, "number"},
      {TypeSummary::kBoolean, "boolean"}, {TypeSummary::kBinary, "binary"},
      {TypeSummary::kList, "list"},       {TypeSummary::kMap, "map"}};
  std::string names;
  for (const auto& [kind, name] : kNames) {
    if ((summary.kinds() & kind) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names.empty() ? "NULL" : names;
}

}  // namespace

size_t CountNodes(const TypeSummary& summary) {
  size_t nodes = 1;
  if (summary.element() != nullptr) nodes += CountNodes(*summary.element());
  if (summary.values() != nullptr) nodes += CountNodes(*summary.values());
  for (const auto& [name, field] : summary.fields()) nodes += CountNodes(field);
  return nodes;
}

SchemaObserver::SchemaObserver(std::shared_ptr<const ItemSchema> schema,
                               const SchemaObserver* before)
    : schema_(std::move(schema)) {
  seen_.MarkAsItems();
  if (before == nullptr) return;
  std::lock_guard lock(before->mutex_);
  noticed_ = before->noticed_;
}

std::vector<SchemaNotice> SchemaObserver::Observe(const TypeSummary& news) {
  std::vector<SchemaNotice> notices;
  std::lock_guard lock(mutex_);
  for (const auto& [name, attribute] : news.fields()) {
    const auto known = seen_.fields().find(name);
    const bool is_first = known == seen_.fields().end();
    if (is_first && seen_.fields().size() >= kAttributesMax) continue;
    TypeSummary joined = attribute;
    if (!is_first) joined.Join(known->second);
    // Most news is no news: the same attribute in the next items.
    if (!is_first && joined == known->second) continue;
    const size_t nodes = CountNodes(joined) - (is_first ? 0 : CountNodes(known->second));
    if (nodes_ + nodes > kNodesMax) continue;
    nodes_ += nodes;
    seen_.Field(name) = std::move(joined);
    if (!is_first || noticed_.size() >= kAttributesMax) continue;
    if (!noticed_.insert(name).second || notices.size() >= kNoticesMax) continue;
    notices.push_back(NoticeOf(name, attribute));
  }
  if (!seen_.fields().empty()) seen_.AddKind(TypeSummary::kMap);
  return notices;
}

TypeSummary SchemaObserver::Seen() const {
  std::lock_guard lock(mutex_);
  return seen_;
}

SchemaNotice SchemaObserver::NoticeOf(const std::string& attribute_name,
                                      const TypeSummary& news) const {
  SchemaNotice notice;
  notice.attribute_name = attribute_name;
  notice.kinds = KindNames(news);
  notice.unknown_attribute = true;
  for (const auto& column : schema_->columns) {
    if (column.attribute_name != attribute_name || column.catch_all) continue;
    notice.unknown_attribute = false;
    // A map that was taken apart stands in several columns.
    if (column.path.empty()) notice.column_type = column.shape.type.ToString();
    break;
  }
  return notice;
}

}  // namespace sumac::items

// What scans notice of a table's items that its schema does not hold, kept for the schema's next
// refresh: an attribute that few items have may not be in the sample of that refresh.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "items/item_schema.h"
#include "items/type_summary.h"

namespace sumac::items {

// The first news of one attribute.
struct SchemaNotice {
  std::string attribute_name;  // exact: anything a client has written
  // True when no column holds the attribute; else its column's type does not hold these values.
  bool unknown_attribute = false;
  // The column's type; empty without a column, and when there are several for parts of a map.
  std::string column_type;
  // What the values are: "string", "number, map".
  std::string kinds;
};

// Thread-safe: the scans of one schema share it. Bounded, whatever the items are.
class SchemaObserver {
 public:
  // Attributes that are noticed, and nodes of their summaries together (an attribute is one, and
  // so is each field or element below it). What is beyond is not noticed: the next refresh takes
  // up what was, and makes room.
  static constexpr size_t kAttributesMax = 1'000;
  static constexpr size_t kNodesMax = 20'000;
  static constexpr size_t kNoticesMax = 20;

  // `before` is the observer of the schema before; it may be null. What it gave notice of is news
  // no more.
  explicit SchemaObserver(std::shared_ptr<const ItemSchema> schema,
                          const SchemaObserver* before = nullptr);

  const std::shared_ptr<const ItemSchema>& schema() const { return schema_; }

  // Takes what PageDecoder::TakeNews gave. Returns the news of attributes of which there was none
  // before, at most kNoticesMax at a time and kAttributesMax in all.
  std::vector<SchemaNotice> Observe(const TypeSummary& news);

  // All that was noticed, as a summary of maps.
  TypeSummary Seen() const;

 private:
  SchemaNotice NoticeOf(const std::string& attribute_name, const TypeSummary& news) const;

  const std::shared_ptr<const ItemSchema> schema_;
  mutable std::mutex mutex_;
  TypeSummary seen_;               // guarded by mutex_
  size_t nodes_ = 0;               // guarded by mutex_; at least as many as seen_ has
  std::set<std::string> noticed_;  // guarded by mutex_; what notice was given of
};

// The nodes of a summary: itself, its element's, its fields' and its values'.
size_t CountNodes(const TypeSummary& summary);

}  // namespace sumac::items

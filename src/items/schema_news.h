// Collects what items had that the schema does not hold, for a later, wider schema. Internal to
// items/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "items/attribute_value.h"
#include "items/type_summary.h"

namespace sumac::items {

// Not thread-safe. Looks at only so many values of each attribute, so that a table full of
// surprises is not read twice.
class SchemaNews {
 public:
  static constexpr uint32_t kValuesPerAttributeMax = 100;
  static constexpr size_t kAttributesSeenMax = 1'000;

  // `layout` may be null.
  explicit SchemaNews(std::shared_ptr<const TimeLayout> layout) : layout_(std::move(layout)) {}

  // Whether another value of the attribute is looked at. Counts it as one that was.
  bool WantsMore(std::string_view name);

  // Takes note of the type of a value of the attribute `name`, which is the JSON text `value`,
  // followed by net::kBodyPaddingBytes readable bytes. False when it is no attribute value.
  bool Add(std::string_view name, std::string_view value);

  // What was noted since the last call; null when nothing was.
  std::unique_ptr<TypeSummary> Take();

 private:
  TypeSummary& Summary();

  const std::shared_ptr<const TimeLayout> layout_;
  std::map<std::string, uint32_t, std::less<>> seen_;
  std::unique_ptr<TypeSummary> summary_;
  JsonCursor json_;
};

}  // namespace sumac::items

#include "items/page_summary.h"

#include "items/attribute_summary.h"
#include "items/page_items.h"

namespace sumac::items {

Result<uint64_t> SummarizePage(std::string_view body, const SchemaOptions& options,
                               TypeSummary& items) {
  items.MarkAsItems();
  items.AddKind(TypeSummary::kMap);
  uint64_t count = 0;
  SUMAC_RETURN_IF_ERROR(ForEachItem(body, [&](JsonCursor& item) {
    ++count;
    return SummarizeItem(item, options.time_layout.get(), items);
  }));
  return count;
}

}  // namespace sumac::items

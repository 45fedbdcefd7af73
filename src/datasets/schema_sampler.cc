#include "datasets/schema_sampler.h"

#include <algorithm>

#include "items/page_summary.h"

namespace sumac::datasets {

Result<SchemaSample> SampleSchema(dynamodb::Client& client, const dynamodb::TableDescription& table,
                                  const SampleOptions& options,
                                  const std::atomic<bool>* cancelled) {
  // The service takes a page limit of at most 2^31 - 1; a page ends at 1 MB long before.
  constexpr uint64_t kPageLimitMax = 1'000'000;
  SchemaSample sample;
  items::TypeSummary summary;
  dynamodb::ScanRequest request;
  request.table_name = table.name;
  request.consistent_read = options.consistent_read;
  const auto& items_max = options.items_max;
  uint64_t scanned = 0;
  while (!items_max || scanned < *items_max) {
    if (items_max) {
      request.page_limit_items = static_cast<int>(std::min(*items_max - scanned, kPageLimitMax));
    }
    SUMAC_ASSIGN_OR_RETURN(const auto page, client.ScanAndWait(request, cancelled));
    SUMAC_ASSIGN_OR_RETURN(const auto items,
                           items::SummarizePage(page.body, options.schema, summary));
    if (options.on_page) SUMAC_RETURN_IF_ERROR(options.on_page(page.body));
    sample.items += items;
    sample.requests += 1;
    sample.consumed_read_units += page.consumed_read_units;
    // A page may be empty and go on; counting it as one item keeps the loop finite in any case.
    scanned += std::max<uint64_t>(items, 1);
    request.exclusive_start_key = page.last_evaluated_key;
    if (page.last_evaluated_key.empty()) {
      sample.whole_table = true;
      break;
    }
  }
  if (options.known_types) summary.Join(*options.known_types);
  SUMAC_ASSIGN_OR_RETURN(sample.schema, items::MakeItemSchema(summary, table.keys, options.schema));
  sample.types = std::move(summary);
  return sample;
}

}  // namespace sumac::datasets

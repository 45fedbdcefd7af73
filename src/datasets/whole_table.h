// Reads a table to its end on several threads, for what all of its items show.
#pragma once

#include <atomic>
#include <functional>

#include "base/result.h"
#include "dynamodb/page_source.h"
#include "items/schema_options.h"
#include "items/type_summary.h"

namespace sumac::datasets {

// Takes every page of `pages` and returns the summary of all their items, which does not depend on
// the order of the pages. `workers` threads read, this one among them, and each calls `on_page`,
// when given, with each of its pages. Blocks; polls `cancelled`, when given. Errors: the first of
// `pages`, of `on_page` or of a page that is none (kDataCorrupt), or kCancelled; `pages` is then
// cancelled.
Result<items::TypeSummary> SummarizeAll(dynamodb::PageSource& pages,
                                        const items::SchemaOptions& options, int workers,
                                        const std::function<Status(const dynamodb::Page&)>& on_page,
                                        const std::atomic<bool>* cancelled);

// Threads that keep up with a scan of this concurrency on this machine.
int WorkersFor(int concurrency);

}  // namespace sumac::datasets

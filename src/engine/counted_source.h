// A source that tells when it is used.
#pragma once

#include <functional>
#include <memory>

#include "engine/table_source.h"

namespace sumac::engine {

// The rows of `source`. `on_use` is called each time that a query is planned to scan it, on any
// thread; what it holds lives as long as the source.
std::shared_ptr<TableSource> MakeCountedSource(std::shared_ptr<TableSource> source,
                                               std::function<void()> on_use);

}  // namespace sumac::engine

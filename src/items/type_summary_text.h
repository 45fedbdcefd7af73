// A type summary as text, for a file that a later process reads.
//
// The text is one line of JSON, {"version":1,"summary":{...}}, in which what is as in an empty
// summary is left out. It is UTF-8, whatever the names of the fields are made of.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "items/type_summary.h"

namespace sumac::items {

// Longer texts are not read. A summary with kAttributesMax attributes that are no maps has a
// hundredth of it.
inline constexpr size_t kTypeSummaryTextBytesMax = 256ULL << 20;
// Nor are summaries that nest deeper: items with values that nest as deep as they may have less.
inline constexpr int kTypeSummaryDepthMax = 80;

// Loses nothing. The same summary always has the same text. Of one that is beyond the bounds above
// it is a text that is not read.
std::string TypeSummaryText(const TypeSummary& summary);

// Error kDataCorrupt: `text` is none of TypeSummaryText, is of another version, or beyond the
// bounds. Takes memory in proportion to `text`, whatever that says.
Result<TypeSummary> ParseTypeSummary(std::string_view text);

}  // namespace sumac::items

// Which format a client gets for its Accept header.
#pragma once

#include <string_view>

#include "engine/results/result_writer.h"

namespace sumac::server {

// Returns the format of the first media type in `accept` that is known; JSON when there is none.
// Weights (q=) are not looked at, as in Spice.
engine::ResultFormat NegotiateFormat(std::string_view accept);

// The Content-Type of a response in `format`.
const char* ContentTypeOf(engine::ResultFormat format);

}  // namespace sumac::server

// The end of every message's metadata. Internal to engine/results/arrow.
#pragma once

#include <cstdint>
#include <string>

#include "arrow_format_generated.h"

namespace sumac::engine {

// Finishes a message of the format's version 5 around `header`, padded to the alignment.
std::string FinishIpcHeader(flatbuffers::FlatBufferBuilder& builder,
                            arrow_format::MessageHeader kind, flatbuffers::Offset<void> header,
                            uint64_t body_bytes);

}  // namespace sumac::engine

// The bytes of a response: checked against their checksum and decompressed. Pure.
#pragma once

#include "base/result.h"
#include "net/transport.h"

namespace sumac::dynamodb {

// A decompressed body has this many bytes at most; a page has about 1 MB of item data.
inline constexpr size_t kInflatedBytesMax = size_t{64} << 20;

// Checks x-amz-crc32, when it is there, against the bytes as they came (it covers the compressed
// form), then inflates a gzip body in place. A body that says gzip and is none is taken as it is:
// the service sends such errors. Error kDataCorrupt,
// retryable.
Status DecodeResponseBody(net::HttpResponse& response);

}  // namespace sumac::dynamodb

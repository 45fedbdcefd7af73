// Feeds any bytes to what reads pages: the sampler, the decoder and the judge of `_overflow`.
// Nothing may crash, and the three must agree: a page that the sampler accepts decodes under its
// own schema to as many rows as it has items, with nothing that does not fit.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "items/page_decoder.h"
#include "items/page_summary.h"
#include "net/transport.h"

namespace {

using sumac::items::OutputColumn;

struct Outcome {
  bool complete = false;
  uint64_t rows = 0;
  uint64_t misfits = 0;
  uint64_t overflows = 0;
};

Outcome Decode(const std::string& page,
               const std::shared_ptr<const sumac::items::ItemSchema>& schema) {
  std::vector<OutputColumn> columns;
  duckdb::vector<duckdb::LogicalType> types;
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    columns.push_back({OutputColumn::Kind::kField, i});
    types.push_back(schema->columns[i].shape.type);
  }
  const size_t overflow = columns.size();
  columns.push_back({OutputColumn::Kind::kOverflow, 0});
  types.push_back(duckdb::LogicalType::VARCHAR);

  Outcome outcome;
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  sumac::items::PageDecoder decoder(schema, columns);
  if (!decoder.Start(page)) return outcome;
  while (true) {
    chunk.Reset();
    const auto rows = decoder.Next(chunk);
    if (!rows) return outcome;
    if (*rows == 0) break;
    for (duckdb::idx_t row = 0; row < *rows; ++row) {
      if (!duckdb::FlatVector::IsNull(chunk.data[overflow], row)) ++outcome.overflows;
    }
    outcome.rows += *rows;
  }
  for (const auto count : decoder.MisfitCounts()) outcome.misfits += count;
  outcome.complete = true;
  return outcome;
}

// A fixed schema that the input's author did not choose.
std::shared_ptr<const sumac::items::ItemSchema> OtherSchema() {
  std::string page =
      R"({"Items":[{"a":{"N":"1"},"b":{"M":{"c":{"L":[{"S":"x"}]}}},"d":{"BOOL":true},
      "e":{"N":"0.5"},"f":{"B":"AQ=="},"g":{"N":"12345678901234567890.5"}}]})";
  page.reserve(page.size() + sumac::net::kBodyPaddingBytes);
  sumac::items::TypeSummary summary;
  if (!sumac::items::SummarizePage(page, {}, summary)) std::abort();
  return std::make_shared<sumac::items::ItemSchema>(
      sumac::items::MakeItemSchema(summary, {}, {}).value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto other = OtherSchema();
  std::string page(reinterpret_cast<const char*>(data), size);
  page.reserve(page.size() + sumac::net::kBodyPaddingBytes);

  sumac::items::TypeSummary summary;
  const auto items = sumac::items::SummarizePage(page, {}, summary);
  const auto foreign = Decode(page, other);
  if (foreign.complete && (foreign.overflows > 0) < (foreign.misfits > 0)) std::abort();
  if (!items) return 0;

  const auto own = Decode(page, std::make_shared<sumac::items::ItemSchema>(
                                    sumac::items::MakeItemSchema(summary, {}, {}).value()));
  // Base64 is judged by the decoder only, so a page may still fail there.
  if (own.complete && (own.rows != *items || own.misfits != 0 || own.overflows != 0)) std::abort();
  return 0;
}

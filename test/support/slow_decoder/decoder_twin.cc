#include "slow_decoder/decoder_twin.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "items/page_decoder.h"
#include "items/page_summary.h"
#include "items/time_layout.h"
#include "net/transport.h"
#include "slow_decoder/foreign_schema.h"
#include "slow_decoder/json_content.h"
#include "slow_decoder/slow_decoder.h"
#include "slow_decoder/slow_value.h"

namespace sumac::slow_decoder {
namespace {

using duckdb::LogicalTypeId;
using duckdb::Value;
using items::ItemSchema;
using items::OutputColumn;

constexpr size_t kAllColumns = 1;
constexpr size_t kEverySecondColumn = 2;

struct FastPage {
  bool complete = false;
  std::vector<std::vector<Value>> rows;  // empty when they are not wanted
  std::vector<uint64_t> misfits;
};

// Every `step`th column; all of them bring `_item` and `_overflow` with them. A page that has a
// name twice is only decoded: DuckDB throws when a value is made of a MAP with a key twice.
FastPage DecodeFast(const std::string& page, const std::shared_ptr<const ItemSchema>& schema,
                    size_t step, bool wants_rows) {
  std::vector<OutputColumn> columns;
  duckdb::vector<duckdb::LogicalType> types;
  for (size_t i = 0; i < schema->columns.size(); i += step) {
    columns.push_back({OutputColumn::Kind::kField, i});
    types.push_back(schema->columns[i].shape.type);
  }
  if (step == kAllColumns || columns.empty()) {
    columns.push_back({OutputColumn::Kind::kItem, 0});
    columns.push_back({OutputColumn::Kind::kOverflow, 0});
    types.insert(types.end(), 2, duckdb::LogicalType::VARCHAR);
  }
  FastPage decoded;
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  items::PageDecoder decoder(schema, columns);
  if (!decoder.Start(page)) return decoded;
  while (true) {
    chunk.Reset();
    const auto rows = decoder.Next(chunk);
    if (!rows) return decoded;
    if (*rows == 0) break;
    for (duckdb::idx_t row = 0; wants_rows && row < *rows; ++row) {
      auto& cells = decoded.rows.emplace_back();
      for (size_t i = 0; i < columns.size(); ++i) cells.push_back(chunk.GetValue(i, row));
    }
  }
  decoded.misfits = decoder.MisfitCounts();
  decoded.complete = true;
  return decoded;
}

// 0 and -0 are equal otherwise.
template <typename T>
bool SameBits(T a, T b) {
  return std::memcmp(&a, &b, sizeof(a)) == 0;
}

bool SameChildren(const duckdb::vector<Value>& fast, const duckdb::vector<Value>& slow);

bool SameCell(const Value& fast, const Value& slow) {
  if (fast.type() != slow.type() || fast.IsNull() != slow.IsNull()) return false;
  if (fast.IsNull()) return true;
  switch (fast.type().id()) {
    case LogicalTypeId::LIST:
      return SameChildren(duckdb::ListValue::GetChildren(fast),
                          duckdb::ListValue::GetChildren(slow));
    case LogicalTypeId::MAP:
      return SameChildren(duckdb::MapValue::GetChildren(fast), duckdb::MapValue::GetChildren(slow));
    case LogicalTypeId::STRUCT:
      return SameChildren(duckdb::StructValue::GetChildren(fast),
                          duckdb::StructValue::GetChildren(slow));
    case LogicalTypeId::DOUBLE:
      return SameBits(duckdb::DoubleValue::Get(fast), duckdb::DoubleValue::Get(slow));
    case LogicalTypeId::FLOAT:
      return SameBits(duckdb::FloatValue::Get(fast), duckdb::FloatValue::Get(slow));
    case LogicalTypeId::VARCHAR:
      if (const auto content = ContentOf(slow)) {
        return JsonContent(duckdb::StringValue::Get(fast)) == content;
      }
      break;
    default:
      break;
  }
  return Value::NotDistinctFrom(fast, slow);
}

bool SameChildren(const duckdb::vector<Value>& fast, const duckdb::vector<Value>& slow) {
  return std::equal(fast.begin(), fast.end(), slow.begin(), slow.end(), SameCell);
}

// As SQL, which shows where NULLs and texts begin and end.
std::string Shown(const Value& value) {
  return value.ToSQLString().substr(0, 1'000);
}

std::optional<std::string> CompareVirtual(const std::vector<Value>& fast, const SlowItem& slow,
                                          size_t row) {
  const Value& item = fast[fast.size() - 2];
  const Value& overflow = fast.back();
  if (item.IsNull() || NormalItem(duckdb::StringValue::Get(item)) != slow.text) {
    return fmt::format("row {}: _item is {}, the item is {}", row, Shown(item), slow.text);
  }
  if (overflow.IsNull() != !slow.overflow.has_value()) {
    return fmt::format("row {}: _overflow is {}, the twin has {}", row, Shown(overflow),
                       slow.overflow.value_or("NULL"));
  }
  if (!overflow.IsNull() && JsonContent(duckdb::StringValue::Get(overflow)) != *slow.overflow) {
    return fmt::format("row {}: _overflow is {}, the twin has {}", row, Shown(overflow),
                       *slow.overflow);
  }
  return std::nullopt;
}

std::optional<std::string> ComparePages(const FastPage& fast, const SlowPage& slow,
                                        const ItemSchema& schema, size_t step) {
  if (!fast.complete) return "PageDecoder fails on a page that its twin decodes";
  if (fast.rows.size() != slow.items.size()) {
    return fmt::format("{} rows instead of {}", fast.rows.size(), slow.items.size());
  }
  for (size_t row = 0; row < fast.rows.size(); ++row) {
    for (size_t i = 0; i * step < schema.columns.size(); ++i) {
      const Value& wanted = slow.items[row].cells[i * step];
      if (SameCell(fast.rows[row][i], wanted)) continue;
      return fmt::format("row {}, column \"{}\" {}: {} instead of {}", row,
                         schema.columns[i * step].DottedName(), wanted.type().ToString(),
                         Shown(fast.rows[row][i]), Shown(wanted));
    }
    if (step != kAllColumns) continue;
    auto difference = CompareVirtual(fast.rows[row], slow.items[row], row);
    if (difference) return difference;
  }
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const uint64_t wanted = i % step == 0 ? slow.misfits[i] : 0;
    if (fast.misfits[i] == wanted) continue;
    return fmt::format("column \"{}\" {}: {} misfits instead of {}", schema.columns[i].DottedName(),
                       schema.columns[i].shape.type.ToString(), fast.misfits[i], wanted);
  }
  return std::nullopt;
}

// With misfits as errors a page is decoded when it has none.
std::optional<std::string> CompareAsErrors(const std::string& page,
                                           const std::shared_ptr<const ItemSchema>& schema,
                                           const SlowPage& slow) {
  auto strict = std::make_shared<ItemSchema>(*schema);
  strict->on_type_mismatch = items::MismatchAction::kError;
  const bool fits = std::all_of(slow.misfits.begin(), slow.misfits.end(),
                                [](uint64_t misfits) { return misfits == 0; });
  if (DecodeFast(page, strict, kAllColumns, false).complete == fits) return std::nullopt;
  return fits ? "an error without a misfit" : "no error with a misfit";
}

// What a user may say, one thing at a time.
items::SchemaOptions SomeOptions(uint64_t choice, const items::TypeSummary& page) {
  items::SchemaOptions options;
  switch (choice % 6) {
    case 0:
      options.number_type = items::NumberType::kDouble;
      break;
    case 1:
      options.number_type = items::NumberType::kDecimal;
      break;
    case 2:
      options.number_type = items::NumberType::kString;
      break;
    case 3:
      options.unnest_depth = 2;
      break;
    case 4:
      options.time_layout = std::make_shared<items::TimeLayout>(
          items::TimeLayout::Parse("2006-01-02T15:04:05.999Z07:00").value());
      break;
    default:
      options.unnest_depth = static_cast<int>(choice / 6 % 2);
      // Every second attribute is listed, and the rest is one column.
      for (const auto& [name, summary] : page.fields()) {
        if (++choice % 2 == 0) options.columns.push_back({name, std::nullopt, false});
      }
      options.columns.push_back({"the rest of it", std::nullopt, true});
  }
  return options;
}

// The schema that a page gives itself; null when it is none, or `options` contradict it.
std::shared_ptr<const ItemSchema> OwnSchema(std::string page, const items::SchemaOptions& options,
                                            items::TypeSummary& summary) {
  page.reserve(page.size() + net::kBodyPaddingBytes);
  if (!items::SummarizePage(page, options, summary)) return nullptr;
  auto schema = items::MakeItemSchema(summary, {}, options);
  return schema ? std::make_shared<ItemSchema>(*std::move(schema)) : nullptr;
}

void Count(const SlowPage& slow, TwinCounts& counts) {
  ++counts.pages_decoded;
  counts.items += slow.items.size();
  for (const auto misfits : slow.misfits) counts.misfits += misfits;
  for (const auto& item : slow.items) counts.overflows += item.overflow.has_value() ? 1 : 0;
}

}  // namespace

std::optional<std::string> CompareDecoders(std::string page,
                                           const std::shared_ptr<const ItemSchema>& schema,
                                           TwinCounts& counts) {
  const SlowPage slow = DecodeSlowly(page, *schema);
  page.reserve(page.size() + net::kBodyPaddingBytes);
  // On an unclear page it must only not crash.
  const bool wants_rows = slow.verdict == Verdict::kDecoded;
  const FastPage all = DecodeFast(page, schema, kAllColumns, wants_rows);
  const FastPage some = DecodeFast(page, schema, kEverySecondColumn, wants_rows);
  switch (slow.verdict) {
    case Verdict::kUnclear:
      ++counts.pages_unclear;
      return std::nullopt;
    case Verdict::kBroken:
      ++counts.pages_broken;
      if (all.complete) return "PageDecoder decodes a page that is broken";
      return std::nullopt;
    case Verdict::kDecoded:
      break;
  }
  Count(slow, counts);
  auto difference = ComparePages(all, slow, *schema, kAllColumns);
  if (!difference) difference = ComparePages(some, slow, *schema, kEverySecondColumn);
  if (!difference) difference = CompareAsErrors(page, schema, slow);
  return difference;
}

std::optional<std::string> CompareUnderSchemas(const std::string& page,
                                               const items::TypeSummary& names, int foreign_count,
                                               uint64_t seed, TwinCounts& counts) {
  items::TypeSummary own;
  if (const auto schema = OwnSchema(page, {}, own)) {
    const uint64_t misfits_before = counts.misfits;
    auto difference = CompareDecoders(page, schema, counts);
    if (difference) return "under its own schema: " + *difference;
    if (counts.misfits != misfits_before) return "a page does not fit its own schema";

    items::TypeSummary summary;
    const uint64_t choice = seed + page.size();
    const auto options = SomeOptions(choice, own);
    if (const auto chosen = OwnSchema(page, options, summary)) {
      difference = CompareDecoders(page, chosen, counts);
      if (difference) return fmt::format("under the options {}: {}", choice % 6, *difference);
    }
  }
  for (int i = 0; i < foreign_count; ++i) {
    const auto schema =
        ForeignSchema(own.fields().empty() ? names : own, seed + static_cast<uint64_t>(i));
    auto difference = CompareDecoders(page, schema, counts);
    if (difference) {
      return fmt::format("under the foreign schema of seed {}: {}", seed + static_cast<uint64_t>(i),
                         *difference);
    }
  }
  return std::nullopt;
}

}  // namespace sumac::slow_decoder

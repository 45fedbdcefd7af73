// Pages for tests, and what PageDecoder makes of them as text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "items/page_decoder.h"
#include "items/page_summary.h"
#include "net/transport.h"

namespace sumac::items {

// A page around items in DynamoDB JSON, with the padding that decoding needs.
class PageText {
 public:
  explicit PageText(const std::vector<std::string>& items) {
    text_ = R"({"Count":)" + std::to_string(items.size()) + R"(,"Items":[)";
    for (size_t i = 0; i < items.size(); ++i) text_ += (i > 0 ? "," : "") + items[i];
    text_ += R"(],"ScannedCount":1})";
    text_.reserve(text_.size() + net::kBodyPaddingBytes);
  }
  // A body as it stands, well-formed or not.
  static PageText Raw(std::string body) {
    PageText page(std::vector<std::string>{});
    page.text_ = std::move(body);
    page.text_.reserve(page.text_.size() + net::kBodyPaddingBytes);
    return page;
  }
  std::string_view view() const { return text_; }

 private:
  std::string text_;
};

inline std::shared_ptr<const ItemSchema> InferSchema(const std::vector<std::string>& items,
                                                     const SchemaOptions& options = {}) {
  TypeSummary summary;
  EXPECT_TRUE(SummarizePage(PageText(items).view(), options, summary).has_value());
  auto schema = MakeItemSchema(summary, {}, options);
  EXPECT_TRUE(schema) << (schema ? "" : schema.error().message);
  return std::make_shared<ItemSchema>(schema.value());
}

struct Decoded {
  std::vector<std::string> rows;  // columns joined by " | "
  std::vector<uint64_t> misfits;
  std::unique_ptr<TypeSummary> news;
};

inline Result<Decoded> DecodeColumns(std::shared_ptr<const ItemSchema> schema,
                                     const std::vector<OutputColumn>& columns,
                                     const PageText& page) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const auto& column : columns) {
    types.push_back(column.kind == OutputColumn::Kind::kField
                        ? schema->columns[column.field].shape.type
                        : duckdb::LogicalType::VARCHAR);
  }
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  PageDecoder decoder(schema, columns);
  SUMAC_RETURN_IF_ERROR(decoder.Start(page.view()));
  Decoded decoded;
  while (true) {
    chunk.Reset();
    SUMAC_ASSIGN_OR_RETURN(const auto rows, decoder.Next(chunk));
    if (rows == 0) break;
    for (duckdb::idx_t row = 0; row < rows; ++row) {
      std::string line;
      for (duckdb::idx_t i = 0; i < columns.size(); ++i) {
        line += (i > 0 ? " | " : "") + chunk.GetValue(i, row).ToString();
      }
      decoded.rows.push_back(line);
    }
  }
  decoded.misfits = decoder.MisfitCounts();
  decoded.news = decoder.TakeNews();
  return decoded;
}

inline Decoded DecodeAll(std::shared_ptr<const ItemSchema> schema,
                         const std::vector<std::string>& items) {
  std::vector<OutputColumn> columns;
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    columns.push_back({OutputColumn::Kind::kField, i});
  }
  auto decoded = DecodeColumns(schema, columns, PageText(items));
  EXPECT_TRUE(decoded.has_value());
  return decoded ? *std::move(decoded) : Decoded{};
}

}  // namespace sumac::items

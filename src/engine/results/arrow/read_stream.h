// For tests: an Arrow stream back to values.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/results/arrow/arrow_values.h"

namespace sumac::engine {

struct StreamMessage {
  std::vector<uint64_t> header;
  std::string body;

  const arrow_format::Message& message() const { return *arrow_format::GetMessage(header.data()); }
};

// Takes a stream apart, and checks its framing.
inline std::vector<StreamMessage> ReadStream(std::string_view stream) {
  std::vector<StreamMessage> messages;
  const auto take = [&stream](size_t size) {
    EXPECT_GE(stream.size(), size);
    const auto taken = stream.substr(0, size);
    stream.remove_prefix(std::min(size, stream.size()));
    return taken;
  };
  while (stream.size() >= 8) {
    EXPECT_EQ(take(4), std::string_view("\xff\xff\xff\xff"));
    uint32_t size = 0;
    std::memcpy(&size, take(4).data(), 4);
    EXPECT_EQ(size % 8, 0U);
    if (size == 0) {
      EXPECT_EQ(stream, "");
      return messages;
    }
    StreamMessage message;
    message.header.resize(size / 8);
    std::memcpy(message.header.data(), take(size).data(), size);
    flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(message.header.data()), size);
    EXPECT_TRUE(arrow_format::VerifyMessageBuffer(verifier));
    message.body = take(static_cast<size_t>(message.message().body_length()));
    messages.push_back(std::move(message));
  }
  ADD_FAILURE() << "the stream has no end";
  return messages;
}

inline std::vector<ArrowField> FieldsOf(const StreamMessage& message) {
  std::vector<ArrowField> fields;
  for (const auto* field : *message.message().header_as_Schema()->fields()) {
    auto read = ReadArrowField(field);
    EXPECT_TRUE(read.has_value()) << read.error().message;
    if (read) fields.push_back(*std::move(read));
  }
  return fields;
}

// The rows of all batches.
inline std::vector<std::vector<duckdb::Value>> RowsOf(const std::vector<StreamMessage>& messages,
                                                      const std::vector<ArrowField>& fields) {
  std::vector<std::vector<duckdb::Value>> rows;
  uint64_t values_left = 10'000'000;
  for (size_t i = 1; i < messages.size(); ++i) {
    const auto& batch = *messages[i].message().header_as_RecordBatch();
    const auto columns = ReadArrowColumns(batch, fields, messages[i].body, {});
    EXPECT_TRUE(columns.has_value()) << columns.error().message;
    if (!columns) return rows;
    for (int64_t row = 0; row < batch.length(); ++row) {
      auto& values = rows.emplace_back();
      for (const auto& column : *columns) {
        auto value = ReadArrowValue(column, row, values_left);
        EXPECT_TRUE(value.has_value()) << value.error().message;
        values.push_back(value ? *std::move(value) : duckdb::Value());
      }
    }
  }
  return rows;
}

}  // namespace sumac::engine

#include "server/flight/outgoing_data.h"

#include <gmock/gmock.h>

#include "flight.pb.h"

namespace sumac::server {
namespace {

std::string BytesOf(const OutgoingData& data) {
  grpc::ByteBuffer buffer;
  bool own = false;
  EXPECT_TRUE(grpc::SerializationTraits<OutgoingData>::Serialize(data, &buffer, &own).ok());
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const auto& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// What protobuf reads back, whose FlightData has the same numbers.
arrow::flight::protocol::FlightData Parsed(const OutgoingData& data) {
  arrow::flight::protocol::FlightData parsed;
  EXPECT_TRUE(parsed.ParseFromString(BytesOf(data)));
  return parsed;
}

TEST(OutgoingData, IsFlightDataWithPaddedBuffers) {
  const std::string small = "abc";
  const std::string large(1000, 'x');
  OutgoingData data;
  data.message = engine::MakeBatchMessage(2, {{2, 0}}, {{}, small, large}, nullptr);
  const auto parsed = Parsed(data);
  EXPECT_EQ(parsed.data_header(), data.message.header);
  EXPECT_EQ(parsed.data_body(), "abc" + std::string(5, '\0') + large);
  EXPECT_EQ(parsed.data_body().size(), data.message.body_bytes);
}

TEST(OutgoingData, OfASchemaHasNoBody) {
  OutgoingData data;
  data.message.header = std::string(300, 'h');
  const auto parsed = Parsed(data);
  EXPECT_EQ(parsed.data_header(), data.message.header);
  EXPECT_EQ(parsed.data_body(), "");
}

TEST(OutgoingData, KeepsTheBuffersUntilTheyAreSent) {
  auto owner = std::make_shared<std::string>(5000, 'x');
  const std::weak_ptr<std::string> kept = owner;
  {
    grpc::ByteBuffer buffer;
    {
      OutgoingData data;
      data.message = engine::MakeBatchMessage(1, {{1, 0}}, {*owner}, owner);
      owner.reset();
      ASSERT_TRUE(SerializeData(data, &buffer).ok());
    }
    EXPECT_FALSE(kept.expired());
  }
  EXPECT_TRUE(kept.expired());
}

}  // namespace
}  // namespace sumac::server

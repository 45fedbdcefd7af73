#include "engine/results/arrow/arrow_parameters.h"

#include <gmock/gmock.h>

#include "engine/results/arrow/read_stream.h"
#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;

// The messages of a query's result, as a client of Flight sends them: header and body apart.
std::vector<std::pair<std::string, std::string>> MessagesOf(const std::string& sql) {
  std::vector<std::pair<std::string, std::string>> messages;
  for (const auto& message : ReadStream(RenderQuery(sql, ResultFormat::kArrowStream).text)) {
    messages.emplace_back(std::string(reinterpret_cast<const char*>(message.header.data()),
                                      message.header.size() * 8),
                          message.body);
  }
  return messages;
}

Status ReadAll(const std::vector<std::pair<std::string, std::string>>& messages,
               ArrowParameterReader& reader) {
  for (const auto& [header, body] : messages) SUMAC_RETURN_IF_ERROR(reader.Read(header, body));
  return {};
}

TEST(ArrowParameters, AreTheValuesOfOneRow) {
  ArrowParameterReader reader;
  EXPECT_FALSE(reader.has_schema());
  const auto read =
      ReadAll(MessagesOf("SELECT 7 AS \"$1\", 'x' AS \"$2\", NULL AS \"$3\""), reader);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_TRUE(reader.has_schema());
  const auto parameters = reader.Take();
  EXPECT_EQ(parameters.names, (std::vector<std::string>{"$1", "$2", "$3"}));
  ASSERT_EQ(parameters.values.size(), 3U);
  EXPECT_EQ(parameters.values[0], duckdb::Value::INTEGER(7));
  EXPECT_EQ(parameters.values[1], duckdb::Value("x"));
  EXPECT_TRUE(parameters.values[2].IsNull());
}

// DuckDB writes the digits of a time from a table that ends after the last of a day.
TEST(ArrowParameters, TimesAreThoseOfADay) {
  const auto read_with = [](int64_t micros) {
    auto messages = MessagesOf("SELECT TIME '00:00:00.000001' AS a");
    const int64_t written = 1;
    for (auto& [header, body] : messages) {
      const auto at = body.find(std::string(reinterpret_cast<const char*>(&written), 8));
      if (at != std::string::npos) std::memcpy(body.data() + at, &micros, 8);
    }
    ArrowParameterReader reader;
    return ReadAll(messages, reader);
  };
  EXPECT_TRUE(read_with(0).has_value());
  EXPECT_TRUE(read_with(86'400'000'000).has_value());
  for (const int64_t micros : {int64_t{-1}, int64_t{86'400'000'001}, INT64_MAX, INT64_MIN}) {
    const auto read = read_with(micros);
    ASSERT_FALSE(read.has_value()) << micros;
    EXPECT_THAT(read.error().message, testing::HasSubstr("a time that is not one of a day"));
  }
}

TEST(ArrowParameters, MayHaveNoRow) {
  ArrowParameterReader reader;
  ASSERT_TRUE(ReadAll(MessagesOf("SELECT 7 AS a WHERE false"), reader).has_value());
  const auto parameters = reader.Take();
  EXPECT_EQ(parameters.names, std::vector<std::string>{"a"});
  EXPECT_TRUE(parameters.values.empty());
}

// A column of text whose values a dictionary holds, as clients of JavaScript send it.
struct DictionaryStream {
  std::string schema;
  std::string dictionary;
  std::string dictionary_body;
  std::string batch;
  std::string batch_body;
};

std::string Finish(flatbuffers::FlatBufferBuilder& builder, format::MessageHeader kind,
                   flatbuffers::Offset<void> header, size_t body) {
  builder.Finish(format::CreateMessage(builder, 4, kind, header, static_cast<int64_t>(body)));
  return std::string(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
}

flatbuffers::Offset<format::RecordBatch> Batch(flatbuffers::FlatBufferBuilder& builder,
                                               int64_t rows,
                                               const std::vector<format::Buffer>& buffers) {
  const std::vector<format::FieldNode> nodes = {{rows, 0}};
  return format::CreateRecordBatch(builder, rows, builder.CreateVectorOfStructs(nodes),
                                   builder.CreateVectorOfStructs(buffers));
}

DictionaryStream MakeDictionaryStream(int32_t index) {
  DictionaryStream stream;
  flatbuffers::FlatBufferBuilder schema;
  const auto encoding =
      format::CreateDictionaryEncoding(schema, 5, format::CreateIntType(schema, 32, true));
  const std::vector<flatbuffers::Offset<format::Field>> fields = {
      format::CreateField(schema, schema.CreateString("$1"), true, format::Type_Utf8Type,
                          format::CreateUtf8Type(schema).Union(), encoding)};
  stream.schema = Finish(schema, format::MessageHeader_Schema,
                         format::CreateSchema(schema, 0, schema.CreateVector(fields)).Union(), 0);

  const int32_t offsets[] = {0, 3, 8};
  stream.dictionary_body.assign(reinterpret_cast<const char*>(offsets), sizeof(offsets));
  stream.dictionary_body += std::string(4, '\0') + "onethree";
  flatbuffers::FlatBufferBuilder dictionary;
  const auto values = Batch(dictionary, 2, {{0, 0}, {0, 12}, {16, 8}});
  stream.dictionary = Finish(dictionary, format::MessageHeader_DictionaryBatch,
                             format::CreateDictionaryBatch(dictionary, 5, values).Union(), 24);

  stream.batch_body.assign(reinterpret_cast<const char*>(&index), sizeof(index));
  flatbuffers::FlatBufferBuilder batch;
  stream.batch = Finish(batch, format::MessageHeader_RecordBatch,
                        Batch(batch, 1, {{0, 0}, {0, 4}}).Union(), 4);
  return stream;
}

TEST(ArrowParameters, ReadsDictionaries) {
  const auto stream = MakeDictionaryStream(1);
  ArrowParameterReader reader;
  ASSERT_TRUE(ReadAll({{stream.schema, ""},
                       {stream.dictionary, stream.dictionary_body},
                       {stream.batch, stream.batch_body}},
                      reader)
                  .has_value());
  EXPECT_EQ(reader.Take().values, duckdb::vector<duckdb::Value>{duckdb::Value("three")});
}

TEST(ArrowParameters, SayWhatIsWrong) {
  const auto stream = MakeDictionaryStream(1);
  const auto beyond = MakeDictionaryStream(2);
  const auto negative = MakeDictionaryStream(-1);
  const auto two_rows = MessagesOf("SELECT i AS a FROM range(2) AS t(i)");
  const auto nothing = MessagesOf("SELECT 1 AS a");
  struct Case {
    std::vector<std::pair<std::string, std::string>> messages;
    const char* message;
  };
  const Case cases[] = {
      {{{"", ""}}, "a message that is none"},
      {{{std::string(64, '\xff'), ""}}, "a message that is none"},
      {{{stream.batch, stream.batch_body}}, "does not begin with a schema"},
      {{{stream.schema, ""}, {stream.schema, ""}}, "a second schema"},
      {{{stream.schema, ""}, {stream.batch, stream.batch_body}}, "a dictionary that did not come"},
      {{{stream.schema, ""}, {stream.dictionary, stream.dictionary_body.substr(0, 20)}},
       "outside of the message"},
      {{{beyond.schema, ""},
        {beyond.dictionary, beyond.dictionary_body},
        {beyond.batch, beyond.batch_body}},
       "beyond its dictionary"},
      {{{negative.schema, ""},
        {negative.dictionary, negative.dictionary_body},
        {negative.batch, negative.batch_body}},
       "beyond its dictionary"},
      {two_rows, "more than one row"},
      {{nothing[0], nothing[1], nothing[1]}, "more than one row"},
      {{nothing[0], {nothing[1].first, ""}}, "outside of the message"},
  };
  for (const Case& test : cases) {
    ArrowParameterReader reader;
    const Status read = ReadAll(test.messages, reader);
    ASSERT_FALSE(read.has_value()) << test.message;
    EXPECT_THAT(read.error().message, testing::HasSubstr(test.message));
  }
}

// A seeded form of what the fuzzer does: no change of a byte may lead outside of what came.
TEST(ArrowParameters, SurviveAnyByte) {
  const auto messages = MessagesOf(
      "SELECT 1 AS a, 'text' AS b, [1, 2] AS c, {'x': 'y'} AS d, MAP {'k': 1} AS e, "
      "1.5::DECIMAL(9, 2) AS f, true AS g, [1.5, 2.5]::DOUBLE[2] AS h, NULL AS i");
  const auto dictionary = MakeDictionaryStream(1);
  const std::vector<std::vector<std::pair<std::string, std::string>>> streams = {
      messages,
      {{dictionary.schema, ""},
       {dictionary.dictionary, dictionary.dictionary_body},
       {dictionary.batch, dictionary.batch_body}}};
  for (const auto& stream : streams) {
    for (size_t changed = 0; changed < stream.size(); ++changed) {
      const size_t size = stream[changed].first.size() + stream[changed].second.size();
      for (size_t at = 0; at < size; ++at) {
        for (const char byte : {'\0', '\x01', '\x7f', '\xff'}) {
          auto copy = stream;
          auto& [header, body] = copy[changed];
          (at < header.size() ? header[at] : body[at - header.size()]) = byte;
          ArrowParameterReader reader;
          [[maybe_unused]] const Status read = ReadAll(copy, reader);
        }
      }
    }
  }
}

}  // namespace
}  // namespace sumac::engine

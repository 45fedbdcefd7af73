#include "slow_decoder/slow_decoder.h"

#include <random>

#include <gtest/gtest.h>

#include "items/page_summary.h"
#include "net/transport.h"
#include "slow_decoder/decoder_twin.h"
#include "slow_decoder/json_content.h"
#include "slow_decoder/random_page.h"
#include "slow_decoder/slow_number.h"

namespace sumac::slow_decoder {
namespace {

// Enough to meet every encoding many times, in a second or two.
constexpr int kPages = 300;
constexpr int kForeignSchemas = 3;

// The names that a page without a schema of its own is read with.
items::TypeSummary SomeNames() {
  std::string page =
      R"({"Items":[{"a":{"L":[{"N":"1"}]},"b":{"M":{"a":{"S":"x"}}},"S":{"N":"1"},"id":{"S":"x"}}]})";
  page.reserve(page.size() + net::kBodyPaddingBytes);
  items::TypeSummary names;
  EXPECT_TRUE(items::SummarizePage(page, {}, names).has_value());
  return names;
}

TEST(DecoderTwin, AgreesOnRandomPages) {
  const uint64_t seed = uint64_t{std::random_device()()} << 20;
  SCOPED_TRACE("seed " + std::to_string(seed));
  const auto names = SomeNames();
  TwinCounts counts;
  for (int i = 0; i < kPages; ++i) {
    const auto page_seed = seed + static_cast<uint64_t>(i);
    const std::string page = i == 0 ? LargeRandomPage(page_seed) : RandomPage(page_seed);
    const auto difference = CompareUnderSchemas(page, names, kForeignSchemas, page_seed, counts);
    ASSERT_FALSE(difference.has_value())
        << *difference << "\npage of seed " << page_seed << ": " << page.substr(0, 4'000);
  }
  EXPECT_GT(counts.pages_decoded, kPages * 2U);
  EXPECT_GT(counts.items, kPages * 4U);
  EXPECT_GT(counts.misfits, kPages);
  EXPECT_GT(counts.overflows, kPages);
}

// The text of a key may look like another name: that of "q" begins with a backslash and a quote, as
// if the name were a backslash; a key and what follows it may be the text of a name; and that of
// `a` may be \u0061, which is a name too.
TEST(DecoderTwin, TellsNamesFromTheirEscapes) {
  for (const std::string page :
       {R"({"Items":[{"A":{"N":"0"},"\\":{"N":"1"}},{"A":{"N":"0"},"\"q\"":{"N":"2"}}]})",
        R"({"Items":[{"\\u0061":{"N":"1"}},{"\u0061":{"N":"2"}}]})",
        R"({"Items":[{"a!":{"N":"0"},"a\":{\"N\":\"1\"},\"b":{"N":"1"}},)"
        R"({"a!":{"N":"0"},"a":{"N":"1"},"b":{"N":"2"}}]})",
        R"({"Items":[{"bA":{"N":"0"},"b\\":{"N":"1"}},{"bA":{"N":"0"},"b\"":{"N":"2"}}]})"}) {
    SCOPED_TRACE(page);
    TwinCounts counts;
    EXPECT_EQ(CompareUnderSchemas(page, items::TypeSummary(), 0, 0, counts), std::nullopt);
    EXPECT_GE(counts.items, 2U);
  }
}

struct VerdictCase {
  const char* page;
  Verdict verdict;
};

const VerdictCase kVerdicts[] = {
    {R"({"Items":[]})", Verdict::kDecoded},
    {R"({"Items":[{},{"a":{"NULL":true}}]})", Verdict::kDecoded},
    {R"({"Count":1})", Verdict::kBroken},
    {R"({"Items":{}})", Verdict::kBroken},
    {R"([])", Verdict::kBroken},
    {R"({"Items":[1]})", Verdict::kBroken},
    {R"({"Items":[{"a":"x"}]})", Verdict::kBroken},
    {R"({"Items":[{"a":{}}]})", Verdict::kBroken},
    {R"({"Items":[{"a":{"X":"x"}}]})", Verdict::kBroken},
    {R"({"Items":[{"a":{"S":1}}]})", Verdict::kBroken},
    {R"({"Items":[{"b":{"N":1}}]})", Verdict::kBroken},
    {R"({"Items":[{"b":{"BOOL":"true"}}]})", Verdict::kBroken},
    {R"({"Items":[{"b":{"L":[{"L":[{"S":null}]}]}}]})", Verdict::kBroken},
    {R"({"Items":[{"b":{"M":{"c":{"NS":[1]}}}}]})", Verdict::kBroken},
    {R"({"Items":[{"d":{"B":"A"}}]})", Verdict::kBroken},
    {R"({"Items":[{"d":{"B":"A*A="}}]})", Verdict::kBroken},
    {R"({"Items":[{"d":{"B":"A==="}}]})", Verdict::kBroken},
    {R"({"Items":[{"b":{"B":"A"}}]})", Verdict::kDecoded},
    {R"({"Items":[{"d":{"B":"AA=A"}}]})", Verdict::kUnclear},
    {R"({"Items":[{"a":{"S":"x","N":"1"}}]})", Verdict::kUnclear},
    {R"({"Items":[{"a":{"S":"x"},"a":{"S":"y"}}]})", Verdict::kUnclear},
    {R"({"Items":[],"Items":[]})", Verdict::kUnclear},
    {R"({"Items":[{"a":{"S":"x"}})", Verdict::kUnclear},
    {"", Verdict::kUnclear},
};

// `a` is a BIGINT, `d` a BLOB, and there is no `b`.
TEST(DecoderTwin, AgreesOnWhatIsNoPage) {
  auto schema = std::make_shared<items::ItemSchema>();
  schema->columns.resize(2);
  schema->columns[0].attribute_name = "a";
  schema->columns[0].shape.encoding = items::Encoding::kBigint;
  schema->columns[0].shape.type = duckdb::LogicalType::BIGINT;
  schema->columns[1].attribute_name = "d";
  schema->columns[1].shape.encoding = items::Encoding::kBinary;
  schema->columns[1].shape.type = duckdb::LogicalType::BLOB;
  for (const auto& test : kVerdicts) {
    SCOPED_TRACE(test.page);
    TwinCounts counts;
    EXPECT_EQ(CompareDecoders(test.page, schema, counts), std::nullopt);
    EXPECT_EQ(DecodeSlowly(test.page, *schema).verdict, test.verdict);
  }
}

// The twin itself, on what is easily got wrong in both.
TEST(SlowDecoder, JudgesNumbersByTheirDigits) {
  const auto decimal = [](const char* text, int width, int scale) {
    const auto number = ReadNumber(text);
    return number ? PlainDecimal(*number, width, scale) : std::nullopt;
  };
  EXPECT_EQ(decimal("-1.50", 38, 2), "-1.50");
  EXPECT_EQ(decimal("1E3", 38, 1), "1000.0");
  EXPECT_EQ(decimal("0.001", 38, 3), "0.001");
  EXPECT_EQ(decimal("-0", 38, 0), "0");
  EXPECT_EQ(decimal("1.505", 38, 2), std::nullopt);
  EXPECT_EQ(decimal("1E38", 38, 0), std::nullopt);
  EXPECT_EQ(decimal("1E37", 38, 0), "1" + std::string(37, '0'));
  EXPECT_EQ(SameDouble("0.1"), 0.1);
  EXPECT_EQ(SameFloat("0.1"), 0.1F);
  EXPECT_EQ(SameFloat("16777217"), std::nullopt);
  EXPECT_EQ(NearestFloat("16777217"), 16777216.0F);
  EXPECT_EQ(NearestFloat("1e39"), std::nullopt);
  EXPECT_EQ(SameDouble("9007199254740993"), std::nullopt);
  EXPECT_EQ(SameDouble("1e400"), std::nullopt);
  EXPECT_EQ(SameDouble("1e-400"), std::nullopt);
  for (const char* text : {"", "-", ".", "1e", "1e+-3", "--1", "0x1", "1 ", "1.2.3", "1e99999"}) {
    EXPECT_FALSE(ReadNumber(text).has_value()) << text;
  }
}

TEST(SlowDecoder, ComparesJsonByContent) {
  EXPECT_EQ(JsonContent(R"( {"a" : "A", "b":[1.50,true,null]} )"),
            JsonContent(R"({"a":"A","b":[1.50,true,null]})"));
  EXPECT_EQ(JsonContent("123456789012345678901234567890"), "#123456789012345678901234567890;");
  EXPECT_NE(JsonContent("1.5"), JsonContent("1.50"));
  EXPECT_NE(JsonContent(R"("1")"), JsonContent("1"));
  EXPECT_NE(JsonContent(R"(["a","b"])"), JsonContent(R"(["ab"])"));
  for (const char* text : {"", "{", "[1,]", "01", "+1", "1.", "1,2", "1]", "\"a", "nul", "tru"}) {
    EXPECT_FALSE(JsonContent(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sumac::slow_decoder

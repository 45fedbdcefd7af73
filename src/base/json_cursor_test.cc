#include "base/json_cursor.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/structure_bits.h"

namespace sumac {
namespace {

// A text with the padding that reading needs, of bytes that would mislead whoever went too far.
class Padded {
 public:
  explicit Padded(std::string_view text) : text_(text), size_(text.size()) {
    text_ += std::string(JsonCursor::kPaddingBytes, '"');
  }
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::string text_;
  size_t size_;
};

TEST(JsonCursor, ReadsStrings) {
  const struct {
    std::string_view json;
    std::string_view text;
  } cases[] = {
      {R"("")", ""},
      {R"("a")", "a"},
      {R"( "sixteen bytes..")", "sixteen bytes.."},
      {R"("sixteen bytes...and more than that")", "sixteen bytes...and more than that"},
      {R"("say \"so\"")", "say \"so\""},
      {R"("\\\/\b\f\n\r\t")", "\\/\b\f\n\r\t"},
      {R"("\u0041\u00e4\u20AC\ud83D\uDe00")", "A\u00e4\u20ac\U0001F600"},
      {R"("fifteen bytes..\\")", "fifteen bytes..\\"},
      {"\"\u00e4\"", "\u00e4"},
  };
  for (const auto& one : cases) {
    const Padded json(one.json);
    JsonCursor cursor(json.view());
    std::string_view text;
    ASSERT_TRUE(cursor.ReadString(text)) << one.json;
    EXPECT_EQ(text, one.text);
    EXPECT_EQ(cursor.BytesLeft(), 0u) << one.json;
    const bool escaped = one.json.find('\\') != std::string_view::npos;
    EXPECT_EQ(cursor.IsInPlace(text), !escaped) << one.json;
  }
}

TEST(JsonCursor, RefusesWhatIsNoString) {
  const std::string_view cases[] = {
      "",
      "\"",
      "\"a",
      "a",
      R"("\)",
      R"("\")",
      R"("\x")",
      R"("\u12")",
      R"("\u12g4")",
      R"("\ud800")",
      R"("\ud800\u0041")",
      R"("\udc00")",
      "\"a\nb\"",
      "\"a\0b\"",
      R"("\u")",
      R"("\ud83d\u")",
  };
  for (const auto one : cases) {
    const Padded json(one);
    JsonCursor cursor(json.view());
    std::string_view text;
    EXPECT_FALSE(cursor.ReadString(text)) << one;
  }
}

TEST(JsonCursor, SkipsValues) {
  const std::string_view cases[] = {
      "1",
      "-1.5e3",
      "true",
      "null",
      R"("a\"}]")",
      "[]",
      R"({"a":[1,{"b":"]}"},"\\"],"c":{}})",
      R"([ [ "{" ] , { } ])",
  };
  for (const auto one : cases) {
    const Padded json(std::string(one) + ",rest");
    JsonCursor cursor(json.view());
    EXPECT_TRUE(cursor.SkipValue()) << one;
    EXPECT_EQ(cursor.position(), json.view().data() + one.size()) << one;
    // None ends earlier than it does.
    for (size_t size = 0; size < one.size(); ++size) {
      if (one.front() != '[' && one.front() != '{' && one.front() != '"') break;
      const Padded part(one.substr(0, size));
      JsonCursor short_cursor(part.view());
      EXPECT_FALSE(short_cursor.SkipValue()) << part.view();
    }
  }
}

TEST(JsonCursor, KeepsUnescapedTextsUntilTheNextText) {
  std::string json = "[";
  for (int i = 0; i < 20'000; ++i) json += "\"\\n" + std::to_string(i) + "\",";
  json.back() = ']';
  const Padded padded(json);
  JsonCursor cursor(padded.view());
  std::vector<std::string_view> texts;
  bool closed = false;
  ASSERT_TRUE(cursor.Take('['));
  do {
    std::string_view text;
    ASSERT_TRUE(cursor.ReadString(text));
    texts.push_back(text);
  } while (cursor.TakeSeparator(']', closed));
  ASSERT_TRUE(closed);
  ASSERT_EQ(texts.size(), 20'000u);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(texts[i], "\n" + std::to_string(i));
}

TEST(StringStop, AgreesWithItsTwin) {
  constexpr uint64_t kSeed = 20261125;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  constexpr std::string_view kBytes = "\"\\\x1f\x20\x21\x7f\x80\xffz\x01";
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 70, 'x');
    for (auto left = random() % 3; left > 0 && !text.empty(); --left) {
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    }
    const Padded padded(text);
    const char* begin = padded.view().data();
    const char* end = begin + text.size();
    const char* expected = std::find_if(begin, end, IsStringStop);
    ASSERT_EQ(FindStringStop(begin, end) - begin, expected - begin) << text;
    ASSERT_EQ(FindStringStopPortably(begin, end) - begin, expected - begin) << text;
  }
}

TEST(StructureBits, AgreeWithTheirTwin) {
  constexpr uint64_t kSeed = 20261126;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  std::string text(StructureBits::kBytes, ' ');
  for (int round = 0; round < 5'000; ++round) {
    for (auto& c : text) c = static_cast<char>(random());
    for (int i = 0; i < 12; ++i) text[random() % text.size()] = "\"\\{}[]|;"[random() % 8];
    const auto bracket = round % 2 == 0 ? Bracket{'{', '}'} : Bracket{'[', ']'};
    const auto bits = FindStructureBits(text.data(), bracket);
    const auto twin = FindStructureBitsPortably(text.data(), bracket);
    ASSERT_EQ(bits.quotes, twin.quotes);
    ASSERT_EQ(bits.backslashes, twin.backslashes);
    ASSERT_EQ(bits.opening, twin.opening);
    ASSERT_EQ(bits.closing, twin.closing);
  }
}

// Where an object or array ends, byte by byte, by what is of its kind; npos when it does not.
size_t EndOf(std::string_view text) {
  const char opening = text.front();
  const char closing = opening == '{' ? '}' : ']';
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == opening) ++depth;
    if (c == closing && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

TEST(JsonCursor, SkipsWhatHasManyBlocksAsByteByByte) {
  constexpr uint64_t kSeed = 20261127;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  int ended = 0;
  for (int round = 0; round < 20'000; ++round) {
    // Mostly filler, so that what is open lives over blocks.
    std::string text = "{";
    const auto size = random() % 400;
    const bool escapes = random() % 2 == 0;
    while (text.size() < size) {
      const auto kind = random() % 12;
      if (kind < 4) text += "{[}]"[kind];
      if (kind == 4) text += '"';
      if (kind == 5 && escapes) text += "\\\"";
      if (kind == 6 && escapes) text += "\\\\";
      if (kind > 6) text.append(random() % 30, 'x');
    }
    const size_t end = EndOf(text);
    const Padded padded(text);
    JsonCursor cursor(padded.view());
    ASSERT_EQ(cursor.SkipValue(), end != std::string_view::npos) << text;
    if (end == std::string_view::npos) continue;
    ++ended;
    ASSERT_EQ(cursor.position() - padded.view().data(), static_cast<std::ptrdiff_t>(end)) << text;
  }
  EXPECT_GT(ended, 2'000);
}

}  // namespace
}  // namespace sumac

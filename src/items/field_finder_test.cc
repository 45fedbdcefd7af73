#include "items/field_finder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/transport.h"

namespace sumac::items {
namespace {

// A text with the padding that reading needs, of bytes that would mislead whoever went too far.
class Padded {
 public:
  explicit Padded(std::string_view text) : text_(text), size_(text.size()) {
    text_ += std::string(net::kBodyPaddingBytes, '"');
  }
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::string text_;
  size_t size_;
};

// Reads the keys of an object whose values are all {"N":"1"}, as "index" or "name?".
std::string FoundIn(FieldFinder& finder, std::string_view object) {
  const Padded padded(object);
  JsonCursor cursor(padded.view());
  std::string found;
  bool closed = false;
  if (!cursor.Take('{')) return "corrupt";
  finder.StartObject();
  do {
    AttributeValue value;
    std::string_view text;
    const int index = finder.Find(cursor, value);
    if (index == FieldFinder::kCorrupt) return "corrupt";
    found += index == FieldFinder::kNotWanted ? std::string(finder.last_name()) + "?"
                                              : std::to_string(index);
    if (!value.ReadText(text) || !value.Finish()) return "corrupt";
  } while (cursor.TakeSeparator('}', closed));
  return closed ? found : "corrupt";
}

TEST(FieldFinder, FollowsWhateverOrderItemsHave) {
  FieldFinder finder({"a", "b", "c\"", "d"});
  const struct {
    std::string_view object;
    std::string_view found;
  } cases[] = {
      {R"({"a":{"N":"1"},"b":{"N":"1"},"d":{"N":"1"}})", "013"},
      {R"({"a":{"N":"1"},"b":{"N":"1"},"d":{"N":"1"}})", "013"},
      {R"({"d":{"N":"1"},"b":{"N":"1"},"a":{"N":"1"}})", "310"},
      {R"({"a":{"N":"1"},"d":{"N":"1"}})", "03"},
      {R"({"a":{"N":"1"},"x":{"N":"1"},"d":{"N":"1"}})", "0x?3"},
      {R"({"a":{"N":"1"},"x":{"N":"1"},"d":{"N":"1"}})", "0x?3"},
      {R"({"a":{"N":"1"},"c\"":{"N":"1"},"x\"":{"N":"1"}})", "02x\"?"},
      {R"({"\u0061":{"N":"1"},"a":{"N":"1"}})", "00"},
      {R"({ "a" : { "N" : "1" } , "b":{"\u004e":"1"}})", "01"},
      {R"({"ab":{"N":"1"},"a:":{"N":"1"}})", "ab?a:?"},
      {R"({"a":{"X":"1"}})", "corrupt"},
      {R"({"a":{"N":"1"},})", "corrupt"},
      {R"({"a":{"N")", "corrupt"},
      {R"({"a":{")", "corrupt"},
      {R"({"a":{"N":"1"}})", "0"},
      // An attribute may change its type from item to item.
      {R"({"a":{"S":"1"},"b":{"N":"1"},"d":{"N":"1"}})", "013"},
      {R"({"a":{"N":"1"},"b":{"B":"1"},"d":{"N":"1"}})", "013"},
      {R"({"a":{"S":"1"},"b":{"N":"1"},"d":{"N":"1"}})", "013"},
      {R"({"a":{"B":"1"},"x":{"B":"1"},"d":{"S":"1"}})", "0x?3"},
      {R"({"a":{"N":"1"},"x":{"N":"1"},"d":{"S":"1"}})", "0x?3"},
      {R"({"a":{"N" :"1"}})", "0"},
      {R"({"a":{"S","N":"1"}})", "corrupt"},
  };
  for (const auto& one : cases) EXPECT_EQ(FoundIn(finder, one.object), one.found) << one.object;
}

// Names that it has learned, in an order that it has not.
TEST(FieldFinder, NamesWhatIsNotWantedInAnyOrder) {
  FieldFinder finder({"a"});
  const std::string value = R"(:{"N":"1"})";
  const auto object = [&](const std::vector<std::string>& names) {
    std::string text = "{";
    for (const auto& name : names) text += (text.size() > 1 ? ",\"" : "\"") + name + '"' + value;
    return text + "}";
  };
  EXPECT_EQ(FoundIn(finder, object({"p", "q", "r", "s", "t", "a"})), "p?q?r?s?t?0");
  EXPECT_EQ(FoundIn(finder, object({"t", "p", "a", "s", "r", "q"})), "t?p?0s?r?q?");
}

// Names that nobody wants take no place from those that are wanted.
TEST(FieldFinder, KnowsWantedNamesHoweverManyOthersThereAre) {
  FieldFinder finder({"a", "b"});
  for (int i = 0; i < 3'000; ++i) {
    const std::string name = "x" + std::to_string(i);
    ASSERT_EQ(FoundIn(finder, "{\"" + name + R"(":{"N":"1"}})"), name + "?");
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(FoundIn(finder, R"({"a":{"N":"1"},"b":{"S":"1"}})"), "01");
    EXPECT_EQ(FoundIn(finder, R"({"a":{"S":"1"},"b":{"N":"1"}})"), "01");
  }
}

TEST(FieldFinder, LearnsOnlySoManyNames) {
  FieldFinder finder({"a"});
  for (int i = 0; i < 3'000; ++i) {
    const std::string name = "n" + std::to_string(i);
    EXPECT_EQ(FoundIn(finder, "{\"" + name + R"(":{"N":"1"},"a":{"N":"1"}})"), name + "?0");
  }
  const std::string name(100'000, 'n');
  EXPECT_EQ(FoundIn(finder, "{\"" + name + R"(":{"N":"1"},"a":{"N":"1"}})"), name + "?0");
}

}  // namespace
}  // namespace sumac::items

#include "slow_decoder/random_page.h"

#include <functional>
#include <iterator>
#include <random>
#include <set>
#include <string_view>

namespace sumac::slow_decoder {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kTags[] = {"S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"};
constexpr std::string_view kNames[] = {
    "a",
    "A",
    "b",
    "id",
    "",
    "S",
    "N",
    "M",
    "Items",
    "NULL",
    "a.b",
    "\"q\"",
    "\\",
    "\"",
    "a\\",
    "a\"b",
    "\\u0061",
    "\n",
    "\0x"sv,
    "_item",
    "\u00e9",
    "e\u0301",
    "\U0001f600",
    "_overflow",
    " a ",
    "a_2",
    "{",
    "]",
    "a name that is longer than the twelve bytes that DuckDB keeps in place of a pointer"};
constexpr std::string_view kTexts[] = {"",
                                       "x",
                                       "12",
                                       "true",
                                       "null",
                                       "1e5",
                                       "AQ==",
                                       "\"\\/",
                                       "\0"sv,
                                       "\u0001\u007f",
                                       "{\"S\":1}",
                                       "\u2028",
                                       "\U0001f600",
                                       "2024-01-15",
                                       "2024-01-15T10:00:00.000Z",
                                       "2024-02-30",
                                       "0000-02-29",
                                       "1969-12-31T23:59:59.999-01:00",
                                       "2024-01-15T10:00:00Z",
                                       "false",
                                       "-12.50",
                                       "007",
                                       "+5",
                                       "1E2",
                                       "a text of more than twelve bytes, \u00fc"};
constexpr std::string_view kNumbers[] = {"0",
                                         "-0",
                                         "0.0",
                                         "1",
                                         "-1",
                                         "1.0",
                                         "0.5",
                                         "-0.1",
                                         "19.99",
                                         "1E3",
                                         "1e-3",
                                         "1.5E+2",
                                         "9223372036854775807",
                                         "9223372036854775808",
                                         "-9223372036854775808",
                                         "-9223372036854775809",
                                         "9223372036854775807.0",
                                         "-9223372036854775.808E3",
                                         "9223372036854775808.0",
                                         "9007199254740993",
                                         "9007199254740992",
                                         "12345678901234567890123456789012345678",
                                         "99999999999999999999999999999999999999",
                                         "0.1000000000000000055511151231257827",
                                         "1.2345678901234567890123456789012345678",
                                         "9.9999999999999999999999999999999999999E125",
                                         "1E-130",
                                         "-1E125",
                                         "1E37",
                                         "1E38",
                                         "0.00000000000000000000000000000000000001",
                                         "2147483648",
                                         "32768",
                                         "255",
                                         "-129"};
// Not what the service sends.
constexpr std::string_view kOtherNumbers[] = {
    "+5",     ".5",      "5.",   "007", "-",  "abc", "1e400", "1e-400", "4.9E-324",
    "5E-324", "1e99999", "0x10", "NaN", "1 ", "--1", "1e+-3", "1E",     ""};
constexpr std::string_view kBinaries[] = {"",     "AQ==", "AAH/",
                                          "AAE=", "/+8=", "QSBsb25nZXIgb25lLCBiZXlvbmQgdHdlbHZl"};
constexpr std::string_view kBroken[] = {R"({})",
                                        R"({"X":"a"})",
                                        R"("S")",
                                        R"({"S":1})",
                                        R"({"N":1})",
                                        R"({"BOOL":"true"})",
                                        R"({"L":{}})",
                                        R"({"M":[]})",
                                        R"({"SS":[1]})",
                                        R"({"B":"A"})",
                                        R"({"B":"AA=A"})",
                                        R"({"B":"A*A="})",
                                        R"({"S":"a","N":"1"})",
                                        R"({"M":{"a":{"S":"x"},"a":{"S":"y"}}})",
                                        R"({"NULL":{"S":[12345678901]}})",
                                        R"({"L":[[]]})",
                                        R"(null)"};

// More than DuckDB takes at once.
constexpr size_t kLargePageItems = 2'050;

class PageMaker {
 public:
  explicit PageMaker(uint64_t seed)
      : random_(seed), habits_(seed), oddity_(Below(3)), broken_(Below(10) == 0) {}

  std::string Make(size_t count) {
    std::string items;
    for (size_t i = 0; i < count; ++i) items += (i > 0 ? "," : "") + Space() + Fields("", 0);
    if (broken_ && Below(4) == 0) return R"({"Count":1,"Items":{}})";
    std::string page = "{" + Space();
    if (Below(2) == 0) page += R"("Count":1,"LastEvaluatedKey":{"Items":{"S":"x"}},)";
    page += "\"Items\"" + Space() + ":" + Space() + "[" + items + Space() + "]";
    if (Below(2) == 0) page += R"(,"ScannedCount":2)";
    return page + "}" + Space();
  }

 private:
  size_t Below(size_t bound) { return random_() % bound; }
  template <size_t N>
  std::string_view OneOf(const std::string_view (&values)[N]) {
    return values[Below(N)];
  }

  std::string Space() { return Below(12) == 0 ? " \n\t" : ""; }

  // JSON text of a string, each character now as it is and now escaped.
  std::string Text(std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    constexpr std::string_view kNamedEscapes = "\"\\/\b\f\n\r\t";
    constexpr std::string_view kEscapeNames = "\"\\/bfnrt";
    std::string out = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const bool must = byte < 0x20 || c == '"' || c == '\\';
      const size_t named = kNamedEscapes.find(c);
      if (named != std::string_view::npos && (must || Below(4) == 0) && Below(3) != 0) {
        out += '\\';
        out += kEscapeNames[named];
      } else if (byte < 0x80 && (must || Below(20) == 0)) {
        out += "\\u00";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
      } else {
        out += c;
      }
    }
    return out + '"';
  }

  // Attributes of one name mostly have one type, so that the page has a schema worth the name.
  std::string_view TagAt(const std::string& path) {
    const bool odd = oddity_ == 0 ? false : Below(oddity_ == 1 ? 10 : 2) == 0;
    if (odd) return OneOf(kTags);
    return Below(12) == 0 ? "NULL"
                          : kTags[(std::hash<std::string>()(path) ^ habits_) % std::size(kTags)];
  }

  std::string Number() {
    if (Below(2) == 0)
      return std::string(oddity_ == 0 || Below(2) == 0 ? OneOf(kNumbers) : OneOf(kOtherNumbers));
    std::string number = Below(3) == 0 ? "-" : "";
    number += static_cast<char>('1' + Below(9));
    for (size_t i = Below(8) == 0 ? Below(37) : Below(6); i > 0; --i) {
      number += static_cast<char>('0' + Below(10));
    }
    if (Below(3) == 0) number.insert(number.size() - 1, Below(2) == 0 ? "0." : "");
    return number;
  }

  std::string Set(std::string_view tag) {
    std::string out = "[";
    for (size_t i = Below(4); i > 0; --i) out += Scalar(tag) + (i > 1 ? "," : "");
    return out + "]";
  }

  std::string Scalar(std::string_view tag) {
    if (tag == "N") return Text(Number());
    return Text(tag == "S" ? OneOf(kTexts) : OneOf(kBinaries));
  }

  std::string Payload(std::string_view tag, const std::string& path, size_t depth) {
    if (tag == "S" || tag == "N" || tag == "B") return Scalar(tag);
    if (tag == "BOOL") return Below(2) == 0 ? "true" : "false";
    if (tag == "NULL") return "true";
    if (tag == "M") return Fields(path, depth);
    if (tag != "L") return Set(tag.substr(0, 1));
    std::string out = "[";
    for (size_t i = Below(4); i > 0; --i) {
      out += Attribute(path + "[]", depth + 1) + (i > 1 ? "," : "");
    }
    return out + "]";
  }

  std::string Attribute(const std::string& path, size_t depth) {
    if (broken_ && Below(20) == 0) return std::string(OneOf(kBroken));
    if (Below(2'000) == 0) return Chain(62 - depth + Below(4));
    auto tag = TagAt(path);
    if (depth > 5 && (tag == "L" || tag == "M")) tag = "S";
    return "{" + Space() + "\"" + std::string(tag) + "\":" + Space() + Payload(tag, path, depth) +
           "}";
  }

  // Around the bound of nesting.
  static std::string Chain(size_t depth) {
    std::string out;
    for (size_t i = 0; i < depth; ++i) out += R"({"L":[)";
    out += R"({"N":"1"})";
    for (size_t i = 0; i < depth; ++i) out += "]}";
    return out;
  }

  std::string Fields(const std::string& path, size_t depth) {
    std::set<std::string_view> taken;
    std::string out = "{";
    for (size_t i = Below(6); i > 0; --i) {
      const auto name = OneOf(kNames);
      if (name.empty() && Below(4) != 0) continue;
      if (!taken.insert(name).second) continue;
      if (out.size() > 1) out += "," + Space();
      out += Text(name) + Space() + ":" + Space();
      out += Attribute(path + "/" + std::string(name), depth + 1);
    }
    return out + "}";
  }

  std::mt19937_64 random_;
  size_t habits_;
  size_t oddity_;  // 0: every attribute has its type, 1: most have, 2: few have
  bool broken_;
};

}  // namespace

std::string RandomPage(uint64_t seed) {
  return PageMaker(seed).Make(seed % 7);
}

std::string LargeRandomPage(uint64_t seed) {
  return PageMaker(seed).Make(kLargePageItems);
}

}  // namespace sumac::slow_decoder

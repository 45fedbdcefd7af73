#include "items/type_summary_text.h"

#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_text.h"

namespace sumac::items {
namespace {

using simdjson::SUCCESS;
namespace dom = simdjson::dom;

constexpr int64_t kVersion = 1;
constexpr uint8_t kAllKinds = TypeSummary::kString | TypeSummary::kNumber | TypeSummary::kBoolean |
                              TypeSummary::kBinary | TypeSummary::kList | TypeSummary::kMap;
// No number that NumberText reads has more digits on either side of its point.
constexpr int64_t kNumberDigitsMax = 20'000;

Error Corrupt(std::string_view why) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kSumac;
  error.message = fmt::format("the text is no summary of types: {}", why);
  return error;
}

void BeginMember(std::string_view name, std::string& out) {
  if (out.back() != '{') out += ',';
  out += fmt::format("\"{}\":", name);
}

void AppendFlag(std::string_view name, bool value, bool usual, std::string& out) {
  if (value == usual) return;
  BeginMember(name, out);
  out += value ? "true" : "false";
}

void AppendDigits(std::string_view name, int value, std::string& out) {
  if (value == 0) return;
  BeginMember(name, out);
  out += std::to_string(value);
}

// JSON strings are UTF-8; a name that is not is told by its bytes.
void AppendName(std::string_view name, std::string& out) {
  if (simdjson::validate_utf8(name.data(), name.size())) {
    AppendJsonString(name, out);
    return;
  }
  out += "{\"hex\":\"";
  for (const char byte : name) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  out += "\"}";
}

bool ReadHex(std::string_view hex, std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (hex.size() % 2 != 0) return false;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const size_t high = kDigits.find(hex[i]);
    const size_t low = kDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    bytes += static_cast<char>(high << 4 | low);
  }
  return true;
}

bool ReadName(const dom::element& element, std::string& name) {
  std::string_view text;
  if (element.get(text) == SUCCESS) {
    name = text;
    return true;
  }
  return element["hex"].get(text) == SUCCESS && ReadHex(text, name);
}

bool ReadDigits(const dom::element& element, int& digits) {
  int64_t value = 0;
  if (element.get(value) != SUCCESS || value < 0 || value > kNumberDigitsMax) return false;
  digits = static_cast<int>(value);
  return true;
}

bool ReadNumber(const dom::element& element, NumberSummary& number) {
  dom::object members;
  if (element.get(members) != SUCCESS) return false;
  for (const auto [name, value] : members) {
    const bool read =
        name == "all_int64"          ? value.get(number.all_int64) == SUCCESS
        : name == "all_double_exact" ? value.get(number.all_double_exact) == SUCCESS
        : name == "unreadable"       ? value.get(number.unreadable) == SUCCESS
        : name == "integer_digits"   ? ReadDigits(value, number.integer_digits_max)
        : name == "decimal_integer_digits"
            ? ReadDigits(value, number.decimal_integer_digits_max)
            : name == "fraction_digits" && ReadDigits(value, number.fraction_digits_max);
    if (!read) return false;
  }
  return true;
}

bool ReadString(const dom::element& element, StringSummary& string) {
  dom::object members;
  if (element.get(members) != SUCCESS) return false;
  for (const auto [name, value] : members) {
    const bool read = name == "all_timestamps"
                          ? value.get(string.all_timestamps) == SUCCESS
                          : name == "all_dates" && value.get(string.all_dates) == SUCCESS;
    if (!read) return false;
  }
  return true;
}

}  // namespace

// Sees what a summary is made of.
class TypeSummaryFormat {
 public:
  static void Append(const TypeSummary& summary, std::string& out) {
    out += '{';
    AppendDigits("kinds", summary.kinds_, out);
    AppendFlag("items", summary.items_, false, out);
    AppendNumber(summary.number_, out);
    if (summary.string_ != StringSummary()) {
      BeginMember("string", out);
      out += '{';
      AppendFlag("all_timestamps", summary.string_.all_timestamps, true, out);
      AppendFlag("all_dates", summary.string_.all_dates, true, out);
      out += '}';
    }
    AppendInner("element", summary.element_.get(), out);
    AppendInner("values", summary.values_.get(), out);
    if (!summary.fields_.empty()) AppendFields(summary, out);
    out += '}';
  }

  // False when it is none.
  static bool Read(const dom::element& element, int depth, TypeSummary& summary) {
    dom::object members;
    if (depth > kTypeSummaryDepthMax || element.get(members) != SUCCESS) return false;
    for (const auto [name, value] : members) {
      if (!ReadMember(name, value, depth, summary)) return false;
    }
    const size_t fields_max = summary.items_ ? kAttributesMax : kMapFieldsMax;
    return summary.fields_.size() <= (summary.values_ ? 0 : fields_max);
  }

 private:
  static void AppendNumber(const NumberSummary& number, std::string& out) {
    if (number == NumberSummary()) return;
    BeginMember("number", out);
    out += '{';
    AppendFlag("all_int64", number.all_int64, true, out);
    AppendFlag("all_double_exact", number.all_double_exact, true, out);
    AppendFlag("unreadable", number.unreadable, false, out);
    AppendDigits("integer_digits", number.integer_digits_max, out);
    AppendDigits("decimal_integer_digits", number.decimal_integer_digits_max, out);
    AppendDigits("fraction_digits", number.fraction_digits_max, out);
    out += '}';
  }

  static void AppendInner(std::string_view name, const TypeSummary* inner, std::string& out) {
    if (inner == nullptr) return;
    BeginMember(name, out);
    Append(*inner, out);
  }

  static void AppendFields(const TypeSummary& summary, std::string& out) {
    BeginMember("fields", out);
    char before = '[';
    for (const auto& [name, field] : summary.fields_) {
      out += before;
      out += '[';
      AppendName(name, out);
      out += ',';
      Append(field, out);
      out += ']';
      before = ',';
    }
    out += ']';
  }

  static bool ReadMember(std::string_view name, const dom::element& value, int depth,
                         TypeSummary& summary) {
    if (name == "kinds") {
      uint64_t kinds = 0;
      if (value.get(kinds) != SUCCESS || kinds > kAllKinds) return false;
      summary.kinds_ = static_cast<uint8_t>(kinds);
      return true;
    }
    if (name == "items") return value.get(summary.items_) == SUCCESS;
    if (name == "number") return ReadNumber(value, summary.number_);
    if (name == "string") return ReadString(value, summary.string_);
    if (name == "element") return ReadInner(value, depth, summary.element_);
    if (name == "values") return ReadInner(value, depth, summary.values_);
    return name == "fields" && ReadFields(value, depth, summary);
  }

  static bool ReadInner(const dom::element& value, int depth, std::unique_ptr<TypeSummary>& inner) {
    // A member that comes twice would be read into what the first has left.
    if (inner) return false;
    inner = std::make_unique<TypeSummary>();
    return Read(value, depth + 1, *inner);
  }

  static bool ReadFields(const dom::element& value, int depth, TypeSummary& summary) {
    dom::array fields;
    if (value.get(fields) != SUCCESS) return false;
    for (const dom::element field : fields) {
      dom::array parts;
      dom::element name_part;
      dom::element summary_part;
      std::string name;
      if (field.get(parts) != SUCCESS || parts.size() != 2 || parts.at(0).get(name_part) ||
          parts.at(1).get(summary_part) || !ReadName(name_part, name)) {
        return false;
      }
      const auto [place, is_new] = summary.fields_.emplace(std::move(name), TypeSummary());
      if (!is_new || !Read(summary_part, depth + 1, place->second)) return false;
    }
    return true;
  }
};

std::string TypeSummaryText(const TypeSummary& summary) {
  std::string text = fmt::format("{{\"version\":{},\"summary\":", kVersion);
  TypeSummaryFormat::Append(summary, text);
  text += '}';
  return text;
}

Result<TypeSummary> ParseTypeSummary(std::string_view text) {
  if (text.size() > kTypeSummaryTextBytesMax) return Fail(Corrupt("it is too long"));
  dom::parser parser;
  dom::element document;
  int64_t version = 0;
  dom::element element;
  if (parser.parse(text.data(), text.size()).get(document) != SUCCESS ||
      document["version"].get(version) != SUCCESS || document["summary"].get(element) != SUCCESS) {
    return Fail(Corrupt("it is not whole"));
  }
  if (version != kVersion) return Fail(Corrupt(fmt::format("version {} is not known", version)));
  TypeSummary summary;
  if (!TypeSummaryFormat::Read(element, 1, summary)) {
    return Fail(Corrupt("it says what no summary does"));
  }
  return summary;
}

}  // namespace sumac::items

#include "items/type_name.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/printable_text.h"
#include "items/attribute_value.h"
#include "items/sql_type_name.h"

namespace sumac::items {
namespace {

using duckdb::LogicalType;
using duckdb::StringUtil;

constexpr size_t kQuotedBytesMax = 200;

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool SameWord(std::string_view a, std::string_view b) {
  return StringUtil::CIEquals(std::string(a), std::string(b));
}

void AppendUtf8(uint32_t code_point, std::string& out) {
  const auto byte = [&](uint32_t value) { out += static_cast<char>(value); };
  if (code_point < 0x80) return byte(code_point);
  if (code_point < 0x800) {
    byte(0xc0 | code_point >> 6);
  } else if (code_point < 0x10000) {
    byte(0xe0 | code_point >> 12);
    byte(0x80 | (code_point >> 6 & 0x3f));
  } else {
    byte(0xf0 | code_point >> 18);
    byte(0x80 | (code_point >> 12 & 0x3f));
    byte(0x80 | (code_point >> 6 & 0x3f));
  }
  byte(0x80 | (code_point & 0x3f));
}

// Reads the Arrow form by recursive descent, and hands what is SQL to ParseSqlTypeName.
class ArrowReader {
 public:
  explicit ArrowReader(std::string_view text) : text_(text) {}

  Result<LogicalType> ReadWhole() {
    SUMAC_ASSIGN_OR_RETURN(auto type, ReadType(0));
    SkipSpace();
    if (at_ < text_.size()) return Fail(Unexpected("its end"));
    return type;
  }

 private:
  // `depth`: how many lists, structs and maps are around the type.
  Result<LogicalType> ReadType(int depth) {
    if (depth > kNestingDepthMax) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("it nests deeper than {} levels", kNestingDepthMax));
    }
    SkipSpace();
    const size_t start = at_;
    const auto word = ReadWord();
    SkipSpace();
    if (word == "Int8" && (at_ == text_.size() || text_[at_] == ',' || text_[at_] == ')')) {
      return LogicalType::TINYINT;
    }
    if (Skip('(')) {
      if (SameWord(word, "List")) return ReadList(depth);
      if (SameWord(word, "Decimal128")) return ReadDecimal();
      if (SameWord(word, "Struct") && AtArrowField()) return ReadStruct(depth);
      if (SameWord(word, "Map") && AtArrowField()) return ReadMap(depth);
      SkipSpace();
      const bool precision = at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
      if (SameWord(word, "Timestamp") && !precision) return ReadTimestamp();
    }
    at_ = start;
    return ParseSqlTypeName(TakeSql(), depth);
  }

  Result<LogicalType> ReadList(int depth) {
    SUMAC_ASSIGN_OR_RETURN(auto element, ReadType(depth + 1));
    SUMAC_RETURN_IF_ERROR(Expect(")"));
    return LogicalType::LIST(element);
  }

  Result<LogicalType> ReadDecimal() {
    SUMAC_ASSIGN_OR_RETURN(const int width, ReadNumber());
    SUMAC_RETURN_IF_ERROR(Expect(","));
    SUMAC_ASSIGN_OR_RETURN(const int scale, ReadNumber());
    SUMAC_RETURN_IF_ERROR(Expect(")"));
    if (width < 1 || width > duckdb::DecimalType::MaxWidth() || scale > width) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("a decimal has 1 to {} digits, and no more after the point",
                              duckdb::DecimalType::MaxWidth()));
    }
    return LogicalType::DECIMAL(static_cast<uint8_t>(width), static_cast<uint8_t>(scale));
  }

  // `µs` or `µs, "+00:00"`; older versions print `Microsecond, None` or `Microsecond, Some("UTC")`.
  Result<LogicalType> ReadTimestamp() {
    const size_t end = std::min(text_.find_first_of(",)", at_), text_.size());
    std::string unit(text_.substr(at_, end - at_));
    StringUtil::Trim(unit);
    at_ = end;
    if (unit != "\u00b5s" && unit != "\u03bcs" && !SameWord(unit, "us") &&
        !SameWord(unit, "Microsecond")) {
      return Fail(ErrorCode::kUnsupported,
                  "timestamps are kept in microseconds, write Timestamp(\u00b5s)");
    }
    if (SkipText(")")) return LogicalType::TIMESTAMP;
    SUMAC_RETURN_IF_ERROR(Expect(","));
    if (SkipText("None")) {
      SUMAC_RETURN_IF_ERROR(Expect(")"));
      return LogicalType::TIMESTAMP;
    }
    const bool some = SkipText("Some(");
    SUMAC_ASSIGN_OR_RETURN(const auto zone, ReadQuoted());
    if (some) SUMAC_RETURN_IF_ERROR(Expect(")"));
    SUMAC_RETURN_IF_ERROR(Expect(")"));
    if (zone != "+00:00" && zone != "UTC" && zone != "Z") {
      return Fail(ErrorCode::kUnsupported, "instants are kept in UTC, write \"+00:00\"");
    }
    return LogicalType::TIMESTAMP_TZ;
  }

  Result<LogicalType> ReadStruct(int depth) {
    duckdb::child_list_t<LogicalType> fields;
    duckdb::case_insensitive_set_t names;
    do {
      SUMAC_ASSIGN_OR_RETURN(auto name, ReadQuoted());
      SUMAC_RETURN_IF_ERROR(Expect(":"));
      SUMAC_ASSIGN_OR_RETURN(auto type, ReadType(depth + 1));
      if (name.empty()) return Fail(ErrorCode::kInvalidArgument, "a field has no name");
      if (!names.insert(name).second) {
        return Fail(ErrorCode::kInvalidArgument,
                    fmt::format("it has two fields \"{}\"", PrintableText(name, kQuotedBytesMax)));
      }
      fields.emplace_back(std::move(name), std::move(type));
    } while (SkipText(","));
    SUMAC_RETURN_IF_ERROR(Expect(")"));
    return LogicalType::STRUCT(std::move(fields));
  }

  // "entries": non-null Struct("key": non-null Utf8, "value": T), unsorted
  Result<LogicalType> ReadMap(int depth) {
    SUMAC_RETURN_IF_ERROR(ReadMapField());
    SUMAC_RETURN_IF_ERROR(Expect("Struct"));
    SUMAC_RETURN_IF_ERROR(Expect("("));
    SUMAC_RETURN_IF_ERROR(ReadMapField());
    SUMAC_ASSIGN_OR_RETURN(const auto key, ReadType(depth + 1));
    SUMAC_RETURN_IF_ERROR(Expect(","));
    SUMAC_RETURN_IF_ERROR(ReadMapField());
    SUMAC_ASSIGN_OR_RETURN(auto value, ReadType(depth + 1));
    SUMAC_RETURN_IF_ERROR(Expect(")"));
    SUMAC_RETURN_IF_ERROR(Expect(","));
    if (!SkipText("unsorted")) SUMAC_RETURN_IF_ERROR(Expect("sorted"));
    SUMAC_RETURN_IF_ERROR(Expect(")"));
    if (key != LogicalType::VARCHAR) {
      return Fail(ErrorCode::kUnsupported, "the keys of a map are VARCHAR (Utf8)");
    }
    return LogicalType::MAP(key, std::move(value));
  }

  Status ReadMapField() {
    SUMAC_RETURN_IF_ERROR(ReadQuoted());
    SUMAC_RETURN_IF_ERROR(Expect(":"));
    SkipText("non-null");
    return {};
  }

  // A quoted name and a colon; SQL has no colons.
  bool AtArrowField() {
    const size_t start = at_;
    const bool field = ReadQuoted().has_value() && SkipText(":");
    at_ = start;
    return field;
  }

  // A name as Rust's debug format quotes it.
  Result<std::string> ReadQuoted() {
    SUMAC_RETURN_IF_ERROR(Expect("\""));
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (c != '\\') {
        out += c;
        continue;
      }
      if (at_ == text_.size()) break;
      SUMAC_RETURN_IF_ERROR(ReadEscape(out));
    }
    SUMAC_RETURN_IF_ERROR(Expect("\""));
    return out;
  }

  Status ReadEscape(std::string& out) {
    constexpr std::string_view kNames = "nrt0\"\\'";
    constexpr std::string_view kValues{"\n\r\t\0\"\\'", 7};
    const char name = text_[at_++];
    const size_t known = kNames.find(name);
    if (known != std::string_view::npos) {
      out += kValues[known];
      return {};
    }
    const size_t end = text_.find('}', at_);
    uint32_t code_point = 0;
    if (name != 'u' || !Skip('{') || end == std::string_view::npos) {
      return Fail(Unexpected("an escape like \\n"));
    }
    const auto parsed = std::from_chars(text_.data() + at_, text_.data() + end, code_point, 16);
    const bool surrogate = code_point >= 0xd800 && code_point < 0xe000;
    if (parsed.ec != std::errc() || parsed.ptr != text_.data() + end || surrogate ||
        code_point > 0x10ffff) {
      return Fail(Unexpected("a code point"));
    }
    at_ = end + 1;
    AppendUtf8(code_point, out);
    return {};
  }

  Result<int> ReadNumber() {
    SkipSpace();
    int value = 0;
    const char* const end = text_.data() + text_.size();
    const auto parsed = std::from_chars(text_.data() + at_, end, value);
    if (parsed.ec != std::errc() || value < 0) return Fail(Unexpected("a number"));
    at_ = static_cast<size_t>(parsed.ptr - text_.data());
    return value;
  }

  // Up to the comma or parenthesis that ends it, outside of quotes and its own parentheses.
  std::string_view TakeSql() {
    const size_t start = at_;
    bool quoted = false;
    int open = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (open == 0 && (c == ',' || c == ')')) break;
      if (c == '(') ++open;
      if (c == ')') --open;
    }
    return text_.substr(start, at_ - start);
  }

  std::string_view ReadWord() {
    const size_t start = at_;
    while (at_ < text_.size() && IsWord(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  void SkipSpace() {
    while (at_ < text_.size() && StringUtil::CharacterIsSpace(text_[at_])) ++at_;
  }

  bool Skip(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool SkipText(std::string_view word) {
    SkipSpace();
    if (!SameWord(text_.substr(at_, word.size()), word)) return false;
    at_ += word.size();
    return true;
  }

  Status Expect(std::string_view word) {
    if (SkipText(word)) return {};
    return Fail(Unexpected(fmt::format("`{}`", word)));
  }

  Error Unexpected(std::string_view wanted) const {
    const auto rest = PrintableText(text_.substr(at_), 20);
    return UserError(ErrorCode::kInvalidArgument,
                     rest.empty() ? fmt::format("{} is missing at its end", wanted)
                                  : fmt::format("{} is missing before `{}`", wanted, rest));
  }

  std::string_view text_;
  size_t at_ = 0;
};

constexpr char kWhatWorks[] =
    "VARCHAR, JSON, BOOLEAN, BLOB, DATE, TIMESTAMP, TIMESTAMPTZ, TINYINT, SMALLINT, INTEGER, "
    "BIGINT, HUGEINT, UTINYINT, USMALLINT, UINTEGER, UBIGINT, DECIMAL(p,s), FLOAT, DOUBLE, T[], "
    "STRUCT(name T, ...), MAP(VARCHAR, T), and the names that DESCRIBE prints";

}  // namespace

Result<LogicalType> ParseTypeName(std::string_view text) {
  Result<LogicalType> type = Fail(ErrorCode::kInvalidArgument,
                                  fmt::format("it has more than {} bytes", kTypeNameBytesMax));
  if (text.size() <= kTypeNameBytesMax) type = ArrowReader(text).ReadWhole();
  if (type.has_value()) return type;
  Error error = std::move(type).error();
  error.message = fmt::format("\"{}\" is no type of a column: {} (what works: {})",
                              PrintableText(text, kQuotedBytesMax), error.message, kWhatWorks);
  return Fail(std::move(error));
}

}  // namespace sumac::items

// What DESCRIBE prints can be written into a Spicepod: items::ParseTypeName is the inverse of
// engine::ArrowTypeName on the types that columns of DynamoDB have.
#include <random>

#include <gtest/gtest.h>

#include "engine/results/arrow_type_name.h"
#include "items/type_name.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;

class RandomType {
 public:
  explicit RandomType(uint64_t seed) : random_(seed) {}

  LogicalType Next(int depth) {
    const auto kind = depth == 0 ? 0 : Below(6);
    if (kind == 3) return LogicalType::LIST(Next(depth - 1));
    if (kind == 4) return LogicalType::MAP(LogicalType::VARCHAR, Next(depth - 1));
    if (kind != 5) return Scalar();
    duckdb::child_list_t<LogicalType> fields;
    for (size_t i = 0; i <= Below(4); ++i) {
      fields.emplace_back(Name() + std::to_string(i), Next(depth - 1));
    }
    return LogicalType::STRUCT(std::move(fields));
  }

 private:
  size_t Below(size_t bound) { return random_() % bound; }

  LogicalType Scalar() {
    const LogicalType types[] = {
        LogicalType::VARCHAR,  LogicalType::BOOLEAN,       LogicalType::BLOB,
        LogicalType::DATE,     LogicalType::TIMESTAMP,     LogicalType::TIMESTAMP_TZ,
        LogicalType::TINYINT,  LogicalType::SMALLINT,      LogicalType::INTEGER,
        LogicalType::BIGINT,   LogicalType::UTINYINT,      LogicalType::USMALLINT,
        LogicalType::UINTEGER, LogicalType::UBIGINT,       LogicalType::FLOAT,
        LogicalType::DOUBLE,   LogicalType::DECIMAL(5, 0), LogicalType::DECIMAL(38, 38)};
    return types[Below(std::size(types))];
  }

  std::string Name() {
    const char* pieces[] = {"a",  "B",  " ",      "\"", "\\",   "\n",         "\t",
                            "\r", "(",  ")",      "[]", ",",    ": ",         "'",
                            ";",  "--", "\u00e9", "/*", "$",    "\U0001f600", "{",
                            "}",  ".",  "u",      "n",  "Int8", "non-null",   "%"};
    std::string name;
    for (size_t i = Below(6); i > 0; --i) name += pieces[Below(std::size(pieces))];
    return name;
  }

  std::mt19937_64 random_;
};

std::string LowerCaseOutsideQuotes(std::string text) {
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] >= 'A' && text[i] <= 'Z') {
      text[i] = static_cast<char>(text[i] - 'A' + 'a');
    }
  }
  return text;
}

TEST(TypeNameRoundTrip, EveryTypeReadsBack) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomType random(seed);
  for (int i = 0; i < 1'000; ++i) {
    const auto type = random.Next(5);
    for (const auto& name : {ArrowTypeName(type), type.ToString()}) {
      if (name.size() > items::kTypeNameBytesMax) continue;
      const auto read = items::ParseTypeName(name);
      ASSERT_TRUE(read.has_value()) << read.error().message;
      ASSERT_EQ(*read, type) << name;
    }
    // The one name of Arrow that means something else in another case.
    const auto name = ArrowTypeName(type);
    if (name.find("Int8") != std::string::npos || name.size() > items::kTypeNameBytesMax) continue;
    const auto lower = items::ParseTypeName(LowerCaseOutsideQuotes(name));
    ASSERT_TRUE(lower.has_value()) << lower.error().message;
    ASSERT_EQ(*lower, type) << name;
  }
}

// Arrow has no name of their own for these.
TEST(TypeNameRoundTrip, TheOthersReadAsWhatTheyAreShownAs) {
  for (const auto& type : {LogicalType::JSON(), LogicalType(LogicalType::HUGEINT),
                           LogicalType::LIST(LogicalType::JSON())}) {
    const auto name = ArrowTypeName(type);
    SCOPED_TRACE(name);
    const auto read = items::ParseTypeName(name);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(ArrowTypeName(*read), name);
    EXPECT_EQ(*items::ParseTypeName(type.ToString()), type);
  }
}

}  // namespace
}  // namespace sumac::engine

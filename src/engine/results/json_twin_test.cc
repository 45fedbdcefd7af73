// The JSON writer against a slow twin over duckdb::Value, on random types and values.
#include <chrono>
#include <random>

#include <fmt/format.h>

#include "engine/results/rendered_query.h"

namespace sumac::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;
using Random = std::mt19937_64;

uint64_t Below(Random& random, uint64_t bound) {
  return random() % bound;
}

LogicalType RandomType(Random& random, int depth) {
  static const std::vector<LogicalType> kScalars = {
      LogicalType::BOOLEAN,        LogicalType::TINYINT,
      LogicalType::INTEGER,        LogicalType::BIGINT,
      LogicalType::UBIGINT,        LogicalType::HUGEINT,
      LogicalType::FLOAT,          LogicalType::DOUBLE,
      LogicalType::DECIMAL(4, 4),  LogicalType::DECIMAL(9, 2),
      LogicalType::DECIMAL(18, 0), LogicalType::DECIMAL(38, 10),
      LogicalType::VARCHAR,        LogicalType::BLOB};
  switch (Below(random, depth > 0 ? 10 : 4)) {
    case 5:
      return LogicalType::LIST(RandomType(random, depth - 1));
    case 6: {
      duckdb::child_list_t<LogicalType> members;
      for (uint64_t i = 0; i <= Below(random, 3); ++i) {
        members.emplace_back(fmt::format("m\"{}", i), RandomType(random, depth - 1));
      }
      return LogicalType::STRUCT(members);
    }
    case 7:
      return LogicalType::ARRAY(RandomType(random, depth - 1), 1 + Below(random, 3));
    case 8:
      return LogicalType::MAP(LogicalType::VARCHAR, RandomType(random, depth - 1));
    case 9:
      return LogicalType::UNION(
          {{"one", RandomType(random, depth - 1)}, {"two", RandomType(random, depth - 1)}});
    default:
      return kScalars[Below(random, kScalars.size())];
  }
}

std::string RandomText(Random& random) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "\"",
                                                   "\\",
                                                   "\n",
                                                   "\t",
                                                   "\x01",
                                                   "/",
                                                   "\x7f",
                                                   " ",
                                                   "\u00e9",
                                                   "\u4e2d",
                                                   "\U0001F600",
                                                   "a long piece of plain text"};
  std::string text;
  for (uint64_t i = Below(random, 6); i > 0; --i) text += kPieces[Below(random, kPieces.size())];
  return text;
}

Value RandomDecimal(Random& random, const LogicalType& type) {
  const auto width = duckdb::DecimalType::GetWidth(type);
  duckdb::hugeint_t bound = duckdb::Hugeint::POWERS_OF_TEN[1 + Below(random, width)];
  duckdb::hugeint_t raw(static_cast<int64_t>(random() >> 1), random());
  raw = raw % bound;
  const auto scale = duckdb::DecimalType::GetScale(type);
  if (width <= 4) return Value::DECIMAL(static_cast<int16_t>(raw.lower), width, scale);
  if (width <= 9) return Value::DECIMAL(static_cast<int32_t>(raw.lower), width, scale);
  if (width <= 18) return Value::DECIMAL(static_cast<int64_t>(raw.lower), width, scale);
  return Value::DECIMAL(Below(random, 2) == 0 ? raw : -raw, width, scale);
}

double RandomDouble(Random& random) {
  if (Below(random, 3) == 0) return static_cast<double>(static_cast<int64_t>(random())) / 1024;
  double value;
  const uint64_t bits = random();
  memcpy(&value, &bits, sizeof(value));
  return value;
}

Value RandomValue(Random& random, const LogicalType& type) {
  if (Below(random, 6) == 0) return Value(type);
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return Value::BOOLEAN(Below(random, 2) == 0);
    case LogicalTypeId::TINYINT:
      return Value::TINYINT(static_cast<int8_t>(random()));
    case LogicalTypeId::INTEGER:
      return Value::INTEGER(static_cast<int32_t>(random()));
    case LogicalTypeId::BIGINT:
      return Value::BIGINT(static_cast<int64_t>(random()));
    case LogicalTypeId::UBIGINT:
      return Value::UBIGINT(random());
    case LogicalTypeId::HUGEINT:
      return Value::HUGEINT(duckdb::hugeint_t(static_cast<int64_t>(random()), random()));
    case LogicalTypeId::FLOAT:
      return Value::FLOAT(static_cast<float>(static_cast<int32_t>(random())) / 64);
    case LogicalTypeId::DOUBLE:
      return Value::DOUBLE(RandomDouble(random));
    case LogicalTypeId::DECIMAL:
      return RandomDecimal(random, type);
    case LogicalTypeId::BLOB:
      return Value::BLOB_RAW(RandomText(random));
    case LogicalTypeId::LIST:
    case LogicalTypeId::ARRAY: {
      const bool list = type.id() == LogicalTypeId::LIST;
      const auto& element =
          list ? duckdb::ListType::GetChildType(type) : duckdb::ArrayType::GetChildType(type);
      const auto size = list ? Below(random, 4) : duckdb::ArrayType::GetSize(type);
      duckdb::vector<Value> values;
      for (uint64_t i = 0; i < size; ++i) values.push_back(RandomValue(random, element));
      return list ? Value::LIST(element, values) : Value::ARRAY(element, values);
    }
    case LogicalTypeId::STRUCT: {
      duckdb::child_list_t<Value> members;
      for (const auto& [name, member] : duckdb::StructType::GetChildTypes(type)) {
        members.emplace_back(name, RandomValue(random, member));
      }
      return Value::STRUCT(members);
    }
    case LogicalTypeId::MAP: {
      duckdb::vector<Value> keys, values;
      for (uint64_t i = Below(random, 3); i > 0; --i) {
        keys.emplace_back(fmt::format("k\\{}", i));
        values.push_back(RandomValue(random, duckdb::MapType::ValueType(type)));
      }
      return Value::MAP(LogicalType::VARCHAR, duckdb::MapType::ValueType(type), keys, values);
    }
    case LogicalTypeId::UNION: {
      const auto tag = static_cast<uint8_t>(Below(random, 2));
      return Value::UNION(duckdb::UnionType::CopyMemberTypes(type), tag,
                          RandomValue(random, duckdb::UnionType::GetMemberType(type, tag)));
    }
    default:
      return Value(RandomText(random));
  }
}

std::string TwinString(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '"' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else if (static_cast<unsigned char>(c) < 32) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

template <typename Float>
std::string TwinFloat(Float value) {
  if (!std::isfinite(value)) return "null";
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string TwinDecimal(std::string text) {
  const size_t point = text.find('.');
  if (point != std::string::npos && (point == 0 || text[point - 1] == '-')) text.insert(point, "0");
  return text;
}

std::string Twin(const Value& value);

std::string TwinElements(const duckdb::vector<Value>& values) {
  std::string out;
  for (const Value& element : values) out += (out.empty() ? "" : ",") + Twin(element);
  return '[' + out + ']';
}

std::string Twin(const Value& value) {
  if (value.IsNull()) return "null";
  switch (value.type().id()) {
    case LogicalTypeId::VARCHAR:
      return TwinString(duckdb::StringValue::Get(value));
    case LogicalTypeId::BLOB: {
      std::string out;
      for (const char c : duckdb::StringValue::Get(value)) {
        out += fmt::format("{:02x}", static_cast<unsigned char>(c));
      }
      return '"' + out + '"';
    }
    case LogicalTypeId::FLOAT:
      return TwinFloat(value.GetValue<float>());
    case LogicalTypeId::DOUBLE:
      return TwinFloat(value.GetValue<double>());
    case LogicalTypeId::DECIMAL:
      return TwinDecimal(value.ToString());
    case LogicalTypeId::LIST:
      return TwinElements(duckdb::ListValue::GetChildren(value));
    case LogicalTypeId::ARRAY:
      return TwinElements(duckdb::ArrayValue::GetChildren(value));
    case LogicalTypeId::STRUCT: {
      std::string out;
      const auto& members = duckdb::StructValue::GetChildren(value);
      for (size_t i = 0; i < members.size(); ++i) {
        out += (i == 0 ? "" : ",") + TwinString(duckdb::StructType::GetChildName(value.type(), i)) +
               ':' + Twin(members[i]);
      }
      return '{' + out + '}';
    }
    case LogicalTypeId::MAP: {
      std::string out;
      for (const Value& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        out += (out.empty() ? "" : ",") + Twin(pair[0]) + ':' + Twin(pair[1]);
      }
      return '{' + out + '}';
    }
    case LogicalTypeId::UNION: {
      const auto tag = duckdb::UnionValue::GetTag(value);
      return "{\"" + duckdb::UnionType::GetMemberName(value.type(), tag) +
             "\":" + Twin(duckdb::UnionValue::GetValue(value)) + '}';
    }
    default:
      return value.ToString();
  }
}

// A chunk of one column in one of the shapes that DuckDB hands out: flat, dictionary, constant.
void FillChunk(Random& random, const LogicalType& type, duckdb::idx_t rows,
               duckdb::DataChunk& chunk) {
  chunk.InitializeEmpty({type});
  duckdb::Vector source(type, rows);
  for (duckdb::idx_t i = 0; i < rows; ++i) source.SetValue(i, RandomValue(random, type));
  const auto shape = Below(random, 3);
  if (shape == 0) {
    chunk.data[0].Reference(source);
  } else if (shape == 1) {
    duckdb::SelectionVector selection(rows);
    for (duckdb::idx_t i = 0; i < rows; ++i) selection.set_index(i, Below(random, rows));
    chunk.data[0].Slice(source, selection, rows);
  } else {
    chunk.data[0].Reference(RandomValue(random, type));
  }
  chunk.SetCardinality(rows);
}

TEST(JsonTwin, AgreesOnRandomData) {
  const auto seed =
      static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  duckdb::Connection connection(TestDatabase());
  for (int round = 0; round < 150; ++round) {
    const LogicalType type = RandomType(random, 3);
    duckdb::DataChunk chunk;
    FillChunk(random, type, 1 + Below(random, 20), chunk);

    std::string expected;
    for (duckdb::idx_t i = 0; i < chunk.size(); ++i) {
      expected += (i == 0 ? "{\"v\":" : ",{\"v\":") + Twin(chunk.GetValue(0, i)) + '}';
    }
    std::string actual;
    ResultWriterOptions options;
    options.keep_nulls = true;
    auto writer = MakeResultWriter(ResultFormat::kJson, options, actual);
    ASSERT_TRUE(writer->Begin({{"v", type}}).has_value());
    ASSERT_TRUE(writer->Write(chunk).has_value());
    ASSERT_TRUE(writer->End().has_value());
    ASSERT_EQ(actual, '[' + expected + ']') << type.ToString();
    const auto valid = connection.Query("SELECT json_valid($1)", Value(actual))->Fetch();
    ASSERT_TRUE(valid->GetValue(0, 0).GetValue<bool>()) << actual;
  }
}

}  // namespace
}  // namespace sumac::engine

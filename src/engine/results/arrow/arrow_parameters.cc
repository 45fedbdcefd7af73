#include "engine/results/arrow/arrow_parameters.h"

#include <cstring>

#include <fmt/format.h>

#include "engine/results/arrow/arrow_values.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;

constexpr uint64_t kValuesMax = 1'000'000;
constexpr size_t kDictionariesMax = 100;
constexpr size_t kColumnsMax = 10'000;

tl::unexpected<Error> NoMessage(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("The Arrow data {}.", what));
}

// The field in which dictionary `id` is used, at any depth.
const ArrowField* FindDictionary(const std::vector<ArrowField>& fields, int64_t id) {
  for (const ArrowField& field : fields) {
    if (field.dictionary == id) return &field;
    if (const auto* found = FindDictionary(field.children, id)) return found;
  }
  return nullptr;
}

}  // namespace

class ArrowParameterReader::State {
 public:
  Status Read(std::string_view header, std::string_view body) {
    // The metadata has members of 8 bytes, which are read where they stand.
    std::vector<uint64_t> aligned((header.size() + 7) / 8);
    if (!header.empty()) std::memcpy(aligned.data(), header.data(), header.size());
    const auto* bytes = reinterpret_cast<const uint8_t*>(aligned.data());
    flatbuffers::Verifier verifier(bytes, header.size());
    if (header.size() < kHeaderBytesMin || !format::VerifyMessageBuffer(verifier)) {
      return NoMessage("has a message that is none");
    }
    const format::Message& message = *format::GetMessage(bytes);
    if (message.header() == nullptr) return NoMessage("has a message without content");
    switch (message.header_type()) {
      case format::MessageHeader_Schema:
        return ReadSchema(*message.header_as_Schema());
      case format::MessageHeader_DictionaryBatch:
        return ReadDictionary(*message.header_as_DictionaryBatch(), body);
      case format::MessageHeader_RecordBatch:
        return ReadBatch(*message.header_as_RecordBatch(), body);
      default:
        return NoMessage("has a message of a kind that parameters do not need");
    }
  }

  bool has_schema() const { return has_schema_; }

  ArrowParameters Take() {
    ArrowParameters parameters;
    for (const ArrowField& field : fields_) parameters.names.push_back(field.name);
    parameters.values = std::move(values_);
    return parameters;
  }

 private:
  // An offset and the file identifier's place, below which the verifier does not look.
  static constexpr size_t kHeaderBytesMin = 8;

  Status ReadSchema(const format::Schema& schema) {
    if (has_schema_) return NoMessage("has a second schema");
    if (schema.endianness() != 0) {
      return Fail(ErrorCode::kUnsupported, "Arrow data of a big-endian machine is not supported.");
    }
    if (schema.fields() != nullptr) {
      if (schema.fields()->size() > kColumnsMax) return NoMessage("has too many columns");
      for (const format::Field* field : *schema.fields()) {
        SUMAC_ASSIGN_OR_RETURN(auto read, ReadArrowField(field));
        fields_.push_back(std::move(read));
      }
    }
    has_schema_ = true;
    return {};
  }

  Status ReadDictionary(const format::DictionaryBatch& batch, std::string_view body) {
    if (!has_schema_) return NoMessage("does not begin with a schema");
    if (batch.is_delta()) {
      return Fail(ErrorCode::kUnsupported, "Arrow dictionaries in parts are not supported.");
    }
    const ArrowField* user = FindDictionary(fields_, batch.id());
    if (user == nullptr || batch.data() == nullptr) {
      return NoMessage("has a dictionary that no column uses");
    }
    if (dictionary_fields_.size() >= kDictionariesMax)
      return NoMessage("has too many dictionaries");
    // The values are of the same type, and are no indexes themselves.
    auto field = std::make_unique<std::vector<ArrowField>>(1, *user);
    field->front().dictionary.reset();
    auto dictionary = std::make_unique<ArrowDictionary>();
    dictionary->body = body;
    SUMAC_ASSIGN_OR_RETURN(
        auto columns, ReadArrowColumns(*batch.data(), *field, dictionary->body, dictionaries_));
    dictionary->column = std::move(columns.front());
    dictionary_fields_.push_back(std::move(field));
    // Other dictionaries may point to the one that it replaces.
    replaced_.push_back(std::move(dictionaries_[batch.id()]));
    dictionaries_[batch.id()] = std::move(dictionary);
    return {};
  }

  Status ReadBatch(const format::RecordBatch& batch, std::string_view body) {
    if (!has_schema_) return NoMessage("does not begin with a schema");
    if (batch.length() == 0) return {};
    if (batch.length() != 1 || !values_.empty()) {
      return Fail(ErrorCode::kUnsupported,
                  "Parameters of more than one row were sent; a query takes those of one row.");
    }
    SUMAC_ASSIGN_OR_RETURN(const auto columns,
                           ReadArrowColumns(batch, fields_, body, dictionaries_));
    uint64_t values_left = kValuesMax;
    for (const ArrowColumnData& column : columns) {
      SUMAC_ASSIGN_OR_RETURN(auto value, ReadArrowValue(column, 0, values_left));
      values_.push_back(std::move(value));
    }
    return {};
  }

  bool has_schema_ = false;
  std::vector<ArrowField> fields_;
  std::vector<std::unique_ptr<std::vector<ArrowField>>> dictionary_fields_;
  ArrowDictionaries dictionaries_;
  std::vector<std::unique_ptr<ArrowDictionary>> replaced_;
  duckdb::vector<duckdb::Value> values_;
};

ArrowParameterReader::ArrowParameterReader() : state_(std::make_unique<State>()) {}
ArrowParameterReader::~ArrowParameterReader() = default;

Status ArrowParameterReader::Read(std::string_view header, std::string_view body) {
  return state_->Read(header, body);
}

bool ArrowParameterReader::has_schema() const {
  return state_->has_schema();
}

ArrowParameters ArrowParameterReader::Take() {
  return state_->Take();
}

}  // namespace sumac::engine

#include "items/page_decoder.h"

#include <optional>

#include "base/json_text.h"
#include "items/field_finder.h"
#include "items/plain_json.h"
#include "items/shape_fit.h"
#include "items/value_writer.h"
#include "net/transport.h"

namespace sumac::items {
namespace {

using duckdb::idx_t;

Error CorruptPage(std::string_view detail) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.message = "the response is no page of DynamoDB items (" + std::string(detail) + ")";
  return error;
}

void WriteString(const std::string& text, duckdb::Vector& vector, idx_t row) {
  duckdb::FlatVector::GetData<duckdb::string_t>(vector)[row] =
      duckdb::StringVector::AddString(vector, text.data(), text.size());
}

// Makes `_overflow` of one item. It reads the item's bytes with a parser of its own, because the
// strings of a document may be unescaped only once.
class OverflowReader {
 public:
  explicit OverflowReader(std::shared_ptr<const ItemSchema> schema) : schema_(std::move(schema)) {
    for (size_t i = 0; i < schema_->columns.size(); ++i) {
      index_.emplace(schema_->columns[i].attribute_name, i);
    }
  }

  // Sets `overflow` to a JSON object, or to nothing when the columns carry the whole item.
  bool Read(std::string_view item, std::string& overflow) {
    overflow.clear();
    JsonObject object;
    simdjson::ondemand::document document;
    if (!Open(item, document, object)) return false;
    lost_.clear();
    for (auto entry : object) {
      simdjson::ondemand::field field;
      std::string_view name;
      if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
      if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
      AttributeValue attribute;
      if (!OpenAttributeValue(field.value(), attribute)) return false;
      const auto found = index_.find(std::string(name));
      Fit fit = Fit::kNotWhole;
      if (found != index_.end()) fit = FitsShape(attribute, schema_->columns[found->second].shape);
      if (fit == Fit::kCorrupt) return false;
      if (fit == Fit::kNotWhole) lost_.emplace_back(name);
    }
    return lost_.empty() || Render(item, overflow);
  }

 private:
  bool Open(std::string_view item, simdjson::ondemand::document& document, JsonObject& object) {
    // The page goes on behind the item, or its padding does.
    const simdjson::padded_string_view padded(item, item.size() + net::kBodyPaddingBytes);
    return parser_.iterate(padded).get(document) == simdjson::SUCCESS &&
           document.get_object().get(object) == simdjson::SUCCESS;
  }

  // Second pass: judging a value consumes it.
  bool Render(std::string_view item, std::string& overflow) {
    JsonObject object;
    simdjson::ondemand::document document;
    if (!Open(item, document, object)) return false;
    size_t next = 0;
    overflow = "{";
    for (auto entry : object) {
      simdjson::ondemand::field field;
      std::string_view name;
      if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
      if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
      if (next == lost_.size() || lost_[next] != name) continue;
      if (next++ > 0) overflow += ',';
      AttributeValue attribute;
      AppendJsonString(name, overflow);
      overflow += ':';
      if (!OpenAttributeValue(field.value(), attribute)) return false;
      if (!AppendPlainJson(attribute, overflow)) return false;
    }
    overflow += '}';
    return true;
  }

  std::shared_ptr<const ItemSchema> schema_;
  std::unordered_map<std::string, size_t> index_;
  simdjson::ondemand::parser parser_;
  std::vector<std::string> lost_;
};

}  // namespace

class PageDecoder::State {
 public:
  State(std::shared_ptr<const ItemSchema> schema, std::vector<OutputColumn> columns)
      : schema_(std::move(schema)), columns_(std::move(columns)), finder_(WantedNames()) {
    misfits_.resize(schema_->columns.size());
    for (size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = columns_[i];
      if (column.kind == OutputColumn::Kind::kField) {
        fields_.push_back({i, column.field, MakeValueWriter(schema_->columns[column.field].shape)});
      }
      wants_bytes_ |=
          column.kind == OutputColumn::Kind::kItem || column.kind == OutputColumn::Kind::kOverflow;
      if (column.kind == OutputColumn::Kind::kOverflow && !overflow_) overflow_.emplace(schema_);
    }
    written_.resize(fields_.size());
  }

  Status Start(std::string_view body) {
    open_ = false;
    const simdjson::padded_string_view padded(body, body.size() + net::kBodyPaddingBytes);
    JsonObject object;
    if (parser_.iterate(padded).get(document_) != simdjson::SUCCESS ||
        document_.get_object().get(object) != simdjson::SUCCESS ||
        object.find_field_unordered("Items").get_array().get(items_) != simdjson::SUCCESS ||
        items_.begin().get(next_) != simdjson::SUCCESS ||
        items_.end().get(end_) != simdjson::SUCCESS) {
      return Fail(CorruptPage("no array of Items"));
    }
    open_ = true;
    return {};
  }

  Result<idx_t> Next(duckdb::DataChunk& chunk) {
    idx_t row = 0;
    for (; open_ && row < STANDARD_VECTOR_SIZE; ++row) {
      if (!(next_ != end_)) {
        open_ = false;
        break;
      }
      JsonObject item;
      if ((*next_).get_object().get(item) != simdjson::SUCCESS || !DecodeItem(item, chunk, row)) {
        open_ = false;
        return Fail(CorruptPage("a broken item"));
      }
      ++next_;
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].kind == OutputColumn::Kind::kNothing) {
        chunk.data[i].Reference(duckdb::Value(chunk.data[i].GetType()));
      }
    }
    chunk.SetCardinality(row);
    return row;
  }

  const std::vector<uint64_t>& misfits() const { return misfits_; }

 private:
  struct FieldColumn {
    size_t output;
    size_t field;
    std::unique_ptr<ValueWriter> writer;
  };

  std::vector<std::string> WantedNames() const {
    std::vector<std::string> names;
    for (const auto& column : columns_) {
      if (column.kind == OutputColumn::Kind::kField) {
        names.push_back(schema_->columns[column.field].attribute_name);
      }
    }
    return names;
  }

  bool DecodeItem(JsonObject& item, duckdb::DataChunk& chunk, idx_t row) {
    if (wants_bytes_ && !DecodeBytes(item, chunk, row)) return false;
    std::fill(written_.begin(), written_.end(), false);
    finder_.StartObject();
    for (auto entry : item) {
      simdjson::ondemand::field field;
      if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
      const int found = finder_.Find(field);
      if (found == FieldFinder::kCorrupt) return false;
      if (found == FieldFinder::kNotWanted) continue;
      auto& column = fields_[static_cast<size_t>(found)];
      AttributeValue attribute;
      if (!OpenAttributeValue(field.value(), attribute)) return false;
      const auto outcome = column.writer->Write(attribute, chunk.data[column.output], row);
      if (outcome == WriteOutcome::kCorrupt) return false;
      if (outcome == WriteOutcome::kMisfit) ++misfits_[column.field];
      written_[static_cast<size_t>(found)] = true;
    }
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (!written_[i]) WriteNull(chunk.data[fields_[i].output], row);
    }
    return true;
  }

  // Fills the virtual columns and leaves `item` at its start.
  bool DecodeBytes(JsonObject& item, duckdb::DataChunk& chunk, idx_t row) {
    std::string_view bytes;
    bool has_attributes = false;
    if (item.raw_json().get(bytes) != simdjson::SUCCESS ||
        item.reset().get(has_attributes) != simdjson::SUCCESS) {
      return false;
    }
    while (!bytes.empty() && bytes.back() != '}') bytes.remove_suffix(1);
    for (size_t i = 0; i < columns_.size(); ++i) {
      auto& vector = chunk.data[i];
      if (columns_[i].kind == OutputColumn::Kind::kItem) {
        WriteString(std::string(bytes), vector, row);
      } else if (columns_[i].kind == OutputColumn::Kind::kOverflow) {
        if (!overflow_->Read(bytes, text_)) return false;
        if (text_.empty()) {
          WriteNull(vector, row);
        } else {
          WriteString(text_, vector, row);
        }
      }
    }
    return true;
  }

  std::shared_ptr<const ItemSchema> schema_;
  std::vector<OutputColumn> columns_;
  std::vector<FieldColumn> fields_;  // in the order of finder_'s names
  FieldFinder finder_;
  std::vector<bool> written_;  // of the item under way, by place in fields_
  std::vector<uint64_t> misfits_;
  bool wants_bytes_ = false;
  std::optional<OverflowReader> overflow_;
  std::string text_;  // kept for its capacity

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  JsonArray items_;
  simdjson::ondemand::array_iterator next_;
  simdjson::ondemand::array_iterator end_;
  bool open_ = false;
};

PageDecoder::PageDecoder(std::shared_ptr<const ItemSchema> schema,
                         std::vector<OutputColumn> columns)
    : state_(std::make_unique<State>(std::move(schema), std::move(columns))) {}

PageDecoder::~PageDecoder() = default;

Status PageDecoder::Start(std::string_view body) {
  return state_->Start(body);
}

Result<idx_t> PageDecoder::Next(duckdb::DataChunk& chunk) {
  return state_->Next(chunk);
}

const std::vector<uint64_t>& PageDecoder::MisfitCounts() const {
  return state_->misfits();
}

std::unique_ptr<TypeSummary> PageDecoder::TakeNews() {
  return nullptr;
}

}  // namespace sumac::items

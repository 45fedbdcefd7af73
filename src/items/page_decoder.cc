#include "items/page_decoder.h"

#include <optional>

#include "base/printable_text.h"
#include "items/item_text.h"
#include "items/item_writer.h"
#include "items/schema_news.h"
#include "net/transport.h"

namespace sumac::items {
namespace {

using duckdb::idx_t;

constexpr size_t kValueShownBytes = 80;

Error CorruptPage(std::string_view detail) {
  Error error;
  error.code = ErrorCode::kDataCorrupt;
  error.blame = Blame::kService;
  error.message = "the response is no page of DynamoDB items (" + std::string(detail) + ")";
  return error;
}

Error Mismatch(const ItemSchema& schema, size_t index, std::string_view json) {
  const auto& column = schema.columns[index];
  return UserError(ErrorCode::kInvalidArgument,
                   "column '" + column.sql_name + "' holds " + column.shape.type.ToString() +
                       ", and an item has " + PrintableText(json, kValueShownBytes) +
                       " there, which does not fit; on_type_mismatch is error, with null the value "
                       "would be NULL and stand in the virtual column " +
                       schema.overflow_name);
}

void WriteString(std::string_view text, duckdb::Vector& vector, idx_t row) {
  duckdb::FlatVector::GetData<duckdb::string_t>(vector)[row] =
      duckdb::StringVector::AddString(vector, text.data(), text.size());
}

std::vector<ItemWriter::Target> Targets(const ItemSchema& schema,
                                        const std::vector<OutputColumn>& columns) {
  std::vector<ItemWriter::Target> targets;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].kind == OutputColumn::Kind::kField &&
        !schema.columns[columns[i].field].catch_all) {
      targets.push_back({i, columns[i].field});
    }
  }
  return targets;
}

}  // namespace

class PageDecoder::State final : private SchemaSurprises {
 public:
  State(std::shared_ptr<const ItemSchema> schema, std::vector<OutputColumn> columns)
      : schema_(std::move(schema)),
        columns_(std::move(columns)),
        misfits_(schema_->columns.size()),
        news_(schema_->time_layout),
        writer_(*schema_, Targets(*schema_, columns_), *this) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = columns_[i];
      switch (column.kind) {
        case OutputColumn::Kind::kField:
          if (!schema_->columns[column.field].catch_all) break;
          catch_all_outputs_.push_back(i);
          if (!catch_all_) catch_all_.emplace(*schema_);
          break;
        case OutputColumn::Kind::kItem:
          item_outputs_.push_back(i);
          break;
        case OutputColumn::Kind::kOverflow:
          overflow_outputs_.push_back(i);
          if (!overflow_) overflow_.emplace(schema_);
          break;
        case OutputColumn::Kind::kNothing:
          break;
      }
    }
    wants_bytes_ =
        !item_outputs_.empty() || !overflow_outputs_.empty() || !catch_all_outputs_.empty();
  }

  Status Start(std::string_view body) {
    open_ = false;
    page_end_ = body.data() + body.size();
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
      if ((*next_).get_object().get(item) != simdjson::SUCCESS ||
          (wants_bytes_ && !DecodeBytes(item, chunk, row)) || !writer_.Write(item, chunk, row)) {
        open_ = false;
        return Fail(mismatch_ ? *mismatch_ : CorruptPage("a broken item"));
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
  std::unique_ptr<TypeSummary> TakeNews() { return news_.Take(); }

 private:
  bool OnUnknownAttribute(std::string_view name, AttributeValue& attribute) override {
    return !news_.WantsMore(name) || news_.Add(name, attribute);
  }

  bool OnUnknownField(std::string_view name, const char* json) override {
    return !news_.WantsMore(name) || news_.AddText(name, JsonObjectText(json, page_end_));
  }

  bool OnMisfit(const std::vector<size_t>& columns, std::string_view name,
                const char* json) override {
    if (schema_->on_type_mismatch == MismatchAction::kError) {
      mismatch_ = Mismatch(*schema_, columns.front(), JsonObjectText(json, page_end_));
      return false;
    }
    for (const size_t column : columns) ++misfits_[column];
    // The end of a long value is looked for only where it is of use.
    return !news_.WantsMore(name) || news_.AddText(name, JsonObjectText(json, page_end_));
  }

  // Fills the columns that are made of the item's bytes and leaves `item` at its start.
  bool DecodeBytes(JsonObject& item, duckdb::DataChunk& chunk, idx_t row) {
    std::string_view bytes;
    bool has_attributes = false;
    if (item.raw_json().get(bytes) != simdjson::SUCCESS ||
        item.reset().get(has_attributes) != simdjson::SUCCESS) {
      return false;
    }
    while (!bytes.empty() && bytes.back() != '}') bytes.remove_suffix(1);
    for (const size_t i : item_outputs_) WriteString(bytes, chunk.data[i], row);
    return (!overflow_ ||
            (overflow_->Read(bytes, text_) && WriteTextOrNull(overflow_outputs_, chunk, row))) &&
           (!catch_all_ ||
            (catch_all_->Read(bytes, text_) && WriteTextOrNull(catch_all_outputs_, chunk, row)));
  }

  // Writes text_, or NULL when it is empty.
  bool WriteTextOrNull(const std::vector<size_t>& outputs, duckdb::DataChunk& chunk, idx_t row) {
    for (const size_t i : outputs) {
      if (text_.empty()) {
        WriteNull(chunk.data[i], row);
      } else {
        WriteString(text_, chunk.data[i], row);
      }
    }
    return true;
  }

  const std::shared_ptr<const ItemSchema> schema_;
  const std::vector<OutputColumn> columns_;
  std::vector<size_t> item_outputs_;
  std::vector<size_t> overflow_outputs_;
  std::vector<size_t> catch_all_outputs_;
  std::vector<uint64_t> misfits_;
  SchemaNews news_;
  ItemWriter writer_;
  std::optional<Error> mismatch_;
  bool wants_bytes_ = false;
  std::optional<OverflowReader> overflow_;
  std::optional<CatchAllReader> catch_all_;
  std::string text_;  // kept for its capacity

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  JsonArray items_;
  simdjson::ondemand::array_iterator next_;
  simdjson::ondemand::array_iterator end_;
  const char* page_end_ = nullptr;
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
  return state_->TakeNews();
}

}  // namespace sumac::items

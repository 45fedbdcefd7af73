#include "items/page_decoder.h"

#include <optional>

#include "base/printable_text.h"
#include "items/item_text.h"
#include "items/item_writer.h"
#include "items/page_items.h"
#include "items/schema_news.h"

namespace sumac::items {
namespace {

using duckdb::idx_t;

constexpr size_t kValueShownBytes = 80;

Error Mismatch(const ItemSchema& schema, size_t index, std::string_view json) {
  const auto& column = schema.columns[index];
  return UserError(ErrorCode::kInvalidArgument,
                   "column '" + column.sql_name + "' holds " + column.shape.type.ToString() +
                       ", and an item has " + PrintableText(json, kValueShownBytes) +
                       " there, which does not fit; on_type_mismatch is error, with null the value "
                       "would be NULL and stand in the virtual column " +
                       schema.overflow_name);
}

// Keeps a page for as long as a vector has strings in it.
class KeptPage final : public duckdb::VectorBuffer {
 public:
  explicit KeptPage(std::shared_ptr<const void> owner)
      : VectorBuffer(duckdb::VectorBufferType::OPAQUE_BUFFER), owner_(std::move(owner)) {}

 private:
  const std::shared_ptr<const void> owner_;
};

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
      targets.push_back({i, columns[i].field, columns[i].selection});
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

  Status Start(std::string_view body, std::shared_ptr<const void> owner) {
    page_bytes_.reset();
    if (owner) page_bytes_ = duckdb::make_buffer<KeptPage>(std::move(owner));
    return items_.Start(body);
  }

  Result<idx_t> Next(duckdb::DataChunk& chunk) {
    idx_t row = 0;
    writer_.Begin(chunk, page_bytes_);
    for (; row < STANDARD_VECTOR_SIZE && items_.Next(); ++row) {
      const char* start = items_.json().position();
      if (!writer_.Write(items_.json(), row) || (wants_bytes_ && !DecodeBytes(start, chunk, row))) {
        items_.Fail();
        break;
      }
    }
    if (items_.Failed()) return Fail(mismatch_ ? *mismatch_ : PageItems::Corrupt("a broken item"));
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
  bool OnUnknownAttribute(std::string_view name, std::string_view json) override {
    return !news_.WantsMore(name) || news_.Add(name, json);
  }

  bool OnMisfit(const std::vector<size_t>& columns, std::string_view name,
                std::string_view json) override {
    if (schema_->on_type_mismatch == MismatchAction::kError) {
      mismatch_ = Mismatch(*schema_, columns.front(), json);
      return false;
    }
    for (const size_t column : columns) ++misfits_[column];
    return !news_.WantsMore(name) || news_.Add(name, json);
  }

  // Fills the columns that are made of the item's bytes, which begin at `start` or behind it.
  bool DecodeBytes(const char* start, duckdb::DataChunk& chunk, idx_t row) {
    std::string_view bytes(start, static_cast<size_t>(items_.json().position() - start));
    bytes.remove_prefix(bytes.find('{'));
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
        duckdb::FlatVector::SetNull(chunk.data[i], row, true);
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

  PageItems items_;
  PageBytes page_bytes_;
};

PageDecoder::PageDecoder(std::shared_ptr<const ItemSchema> schema,
                         std::vector<OutputColumn> columns)
    : state_(std::make_unique<State>(std::move(schema), std::move(columns))) {}

PageDecoder::~PageDecoder() = default;

Status PageDecoder::Start(std::string_view body, std::shared_ptr<const void> owner) {
  return state_->Start(body, std::move(owner));
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

#include "plain_decoder.h"

#include <charconv>
#include <string_view>
#include <unordered_map>

#include <yyjson.hpp>

namespace sumac::bench {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::ListVector;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;
using duckdb::StructVector;
using duckdb::Vector;
using namespace duckdb_yyjson;  // NOLINT(google-build-using-namespace): its whole interface

std::string_view TextOf(yyjson_val* value) {
  return {unsafe_yyjson_get_str(value), unsafe_yyjson_get_len(value)};
}

// Finds members by name, trying first the one after the last found: items mostly have one order.
class MemberFinder {
 public:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  void Add(std::string name) {
    index_of_[name] = names_.size();
    names_.push_back(std::move(name));
  }
  // Fixes the order that is expected to that in which names were last found.
  size_t Find(std::string_view name) {
    if (position_ < order_.size() && order_[position_].name == name) {
      return order_[position_++].index;
    }
    return FindElsewhere(name);
  }
  void Restart() { position_ = 0; }

 private:
  struct Expected {
    std::string name;
    size_t index = kNone;
  };

  size_t FindElsewhere(std::string_view name) {
    const auto found = index_of_.find(std::string(name));
    const size_t index = found == index_of_.end() ? kNone : found->second;
    order_.resize(std::min(position_, order_.size()));
    order_.push_back({std::string(name), index});
    position_ = order_.size();
    return index;
  }

  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t> index_of_;
  std::vector<Expected> order_;
  size_t position_ = 0;
};

class ValueWriter {
 public:
  virtual ~ValueWriter() = default;
  // Writes what stands for {"S":"x"} or the like.
  void Write(yyjson_val* attribute, Vector& vector, idx_t row) {
    yyjson_val* key = unsafe_yyjson_get_first(attribute);
    const auto type = TextOf(key);
    if (type == "NULL" || !WriteContent(type, unsafe_yyjson_get_next(key), vector, row)) {
      FlatVector::SetNull(vector, row, true);
    }
  }
  // Writes the content of an attribute value of this type. False when it does not fit.
  virtual bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                            idx_t row) = 0;
};

class TextWriter final : public ValueWriter {
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "S" && type != "N") return false;
    // In the page, as yyjson has left it there.
    FlatVector::GetData<duckdb::string_t>(vector)[row] = duckdb::string_t(
        unsafe_yyjson_get_str(content), static_cast<uint32_t>(unsafe_yyjson_get_len(content)));
    return true;
  }
};

class BooleanWriter final : public ValueWriter {
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "BOOL") return false;
    FlatVector::GetData<bool>(vector)[row] = unsafe_yyjson_get_bool(content);
    return true;
  }
};

template <typename Number>
class NumberWriter final : public ValueWriter {
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "N") return false;
    const auto text = TextOf(content);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    FlatVector::GetData<Number>(vector)[row] = number;
    return true;
  }
};

// Digits with a point, as the service writes numbers.
template <typename Integer>
class DecimalWriter final : public ValueWriter {
 public:
  explicit DecimalWriter(uint8_t scale) : scale_(scale) {}

 private:
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "N") return false;
    auto text = TextOf(content);
    const bool negative = text.front() == '-';
    if (negative) text.remove_prefix(1);
    __extension__ unsigned __int128 value = 0;
    int fraction_digits = -1;
    for (const char c : text) {
      if (c == '.' && fraction_digits < 0) {
        fraction_digits = 0;
        continue;
      }
      if (c < '0' || c > '9') return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
      if (fraction_digits >= 0) ++fraction_digits;
    }
    for (int digits = std::max(0, fraction_digits); digits < scale_; ++digits) value *= 10;
    Put(value, negative, FlatVector::GetData<Integer>(vector)[row]);
    return true;
  }

  __extension__ static void Put(unsigned __int128 value, bool negative, Integer& target) {
    if constexpr (std::is_same_v<Integer, duckdb::hugeint_t>) {
      target.lower = static_cast<uint64_t>(value);
      target.upper = static_cast<int64_t>(value >> 64);
      if (negative) target = -target;
    } else {
      target = static_cast<Integer>(negative ? -static_cast<int64_t>(value)
                                             : static_cast<int64_t>(value));
    }
  }

  const uint8_t scale_;
};

std::unique_ptr<ValueWriter> MakeWriter(const items::Shape& shape);

class ListWriter final : public ValueWriter {
 public:
  explicit ListWriter(const items::Shape& element) : element_(MakeWriter(element)) {}

 private:
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    const bool is_set = type == "SS" || type == "NS";
    if (!is_set && type != "L") return false;
    const idx_t offset = ListVector::GetListSize(vector);
    const idx_t length = unsafe_yyjson_get_len(content);
    ListVector::Reserve(vector, offset + length);
    auto& elements = ListVector::GetEntry(vector);
    yyjson_val* element = unsafe_yyjson_get_first(content);
    for (idx_t i = 0; i < length; ++i, element = unsafe_yyjson_get_next(element)) {
      if (!is_set) {
        element_->Write(element, elements, offset + i);
      } else if (!element_->WriteContent(type.substr(0, 1), element, elements, offset + i)) {
        FlatVector::SetNull(elements, offset + i, true);
      }
    }
    ListVector::SetListSize(vector, offset + length);
    FlatVector::GetData<duckdb::list_entry_t>(vector)[row] = {offset, length};
    return true;
  }

  const std::unique_ptr<ValueWriter> element_;
};

// Writes the members of an object into one vector each; those that it lacks are NULL.
class MembersWriter {
 public:
  void Add(std::string name, const items::Shape& shape) {
    finder_.Add(std::move(name));
    writers_.push_back(MakeWriter(shape));
    written_.push_back(false);
  }

  // `vector(i)` is the one of the i-th member that was added.
  template <typename VectorOf>
  void Write(yyjson_val* object, VectorOf vector, idx_t row) {
    written_.assign(written_.size(), false);
    finder_.Restart();
    size_t count = unsafe_yyjson_get_len(object);
    yyjson_val* key = unsafe_yyjson_get_first(object);
    for (; count > 0; --count) {
      yyjson_val* value = key + 1;
      const size_t i = finder_.Find(TextOf(key));
      if (i != MemberFinder::kNone) {
        writers_[i]->Write(value, vector(i), row);
        written_[i] = true;
      }
      key = unsafe_yyjson_get_next(value);
    }
    for (size_t i = 0; i < written_.size(); ++i) {
      if (!written_[i]) FlatVector::SetNull(vector(i), row, true);
    }
  }

 private:
  MemberFinder finder_;
  std::vector<std::unique_ptr<ValueWriter>> writers_;
  std::vector<char> written_;
};

class StructWriter final : public ValueWriter {
 public:
  explicit StructWriter(const items::Shape& shape) {
    for (const auto& field : shape.fields) members_.Add(field.attribute_name, field.shape);
  }

 private:
  bool WriteContent(std::string_view type, yyjson_val* content, Vector& vector,
                    idx_t row) override {
    if (type != "M") return false;
    auto& entries = StructVector::GetEntries(vector);
    members_.Write(
        content, [&entries](size_t i) -> Vector& { return *entries[i]; }, row);
    return true;
  }

  MembersWriter members_;
};

std::unique_ptr<ValueWriter> MakeWriter(const items::Shape& shape) {
  switch (shape.type.id()) {
    case LogicalTypeId::BIGINT:
      return std::make_unique<NumberWriter<int64_t>>();
    case LogicalTypeId::DOUBLE:
      return std::make_unique<NumberWriter<double>>();
    case LogicalTypeId::BOOLEAN:
      return std::make_unique<BooleanWriter>();
    case LogicalTypeId::LIST:
      return std::make_unique<ListWriter>(shape.element.front());
    case LogicalTypeId::STRUCT:
      return std::make_unique<StructWriter>(shape);
    case LogicalTypeId::DECIMAL: {
      const auto scale = duckdb::DecimalType::GetScale(shape.type);
      if (shape.type.InternalType() == PhysicalType::INT128) {
        return std::make_unique<DecimalWriter<duckdb::hugeint_t>>(scale);
      }
      return std::make_unique<DecimalWriter<int64_t>>(scale);
    }
    default:
      return std::make_unique<TextWriter>();
  }
}

}  // namespace

class PlainDecoder::State {
 public:
  State(const items::ItemSchema& schema, const std::vector<size_t>& columns) {
    for (const size_t column : columns) {
      members_.Add(schema.columns[column].attribute_name, schema.columns[column].shape);
    }
  }

  bool Start(std::string& body) {
    memory_.resize(
        std::max(memory_.size(), yyjson_read_max_memory_usage(body.size(), YYJSON_READ_INSITU)));
    yyjson_alc allocator;
    yyjson_alc_pool_init(&allocator, memory_.data(), memory_.size());
    // Reading in place wants four zero bytes after the text.
    const size_t length = body.size();
    body.resize(length + YYJSON_PADDING_SIZE);
    yyjson_doc* document =
        yyjson_read_opts(body.data(), length, YYJSON_READ_INSITU, &allocator, nullptr);
    body.resize(length);
    yyjson_val* items =
        document == nullptr ? nullptr : yyjson_obj_get(yyjson_doc_get_root(document), "Items");
    if (!yyjson_is_arr(items)) return false;
    left_ = unsafe_yyjson_get_len(items);
    next_ = unsafe_yyjson_get_first(items);
    return true;
  }

  idx_t Next(duckdb::DataChunk& chunk) {
    idx_t row = 0;
    for (; left_ > 0 && row < STANDARD_VECTOR_SIZE; ++row, --left_) {
      members_.Write(
          next_, [&chunk](size_t i) -> Vector& { return chunk.data[i]; }, row);
      next_ = unsafe_yyjson_get_next(next_);
    }
    chunk.SetCardinality(row);
    return row;
  }

 private:
  MembersWriter members_;
  std::vector<char> memory_;
  yyjson_val* next_ = nullptr;
  size_t left_ = 0;
};

PlainDecoder::PlainDecoder(std::shared_ptr<const items::ItemSchema> schema,
                           std::vector<size_t> columns)
    : state_(std::make_unique<State>(*schema, columns)) {}

PlainDecoder::~PlainDecoder() = default;

bool PlainDecoder::Start(std::string& body) {
  return state_->Start(body);
}

duckdb::idx_t PlainDecoder::Next(duckdb::DataChunk& chunk) {
  return state_->Next(chunk);
}

}  // namespace sumac::bench

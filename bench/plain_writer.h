// Values of a yyjson tree into DuckDB vectors. Internal to bench/plain_decoder.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <duckdb.hpp>
#include <yyjson.hpp>

#include "items/shape.h"

namespace sumac::bench {

// The text of a string value.
inline std::string_view TextOf(duckdb_yyjson::yyjson_val* value) {
  return {duckdb_yyjson::unsafe_yyjson_get_str(value), duckdb_yyjson::unsafe_yyjson_get_len(value)};
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
  void Write(duckdb_yyjson::yyjson_val* attribute, duckdb::Vector& vector, duckdb::idx_t row) {
    duckdb_yyjson::yyjson_val* key = duckdb_yyjson::unsafe_yyjson_get_first(attribute);
    const auto type = TextOf(key);
    if (type == "NULL" ||
        !WriteContent(type, duckdb_yyjson::unsafe_yyjson_get_next(key), vector, row)) {
      duckdb::FlatVector::SetNull(vector, row, true);
    }
  }
  // Writes the content of an attribute value of this type. False when it does not fit.
  virtual bool WriteContent(std::string_view type, duckdb_yyjson::yyjson_val* content,
                            duckdb::Vector& vector, duckdb::idx_t row) = 0;
};

std::unique_ptr<ValueWriter> MakeWriter(const items::Shape& shape);

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
  void Write(duckdb_yyjson::yyjson_val* object, VectorOf vector, duckdb::idx_t row) {
    written_.assign(written_.size(), false);
    finder_.Restart();
    size_t count = duckdb_yyjson::unsafe_yyjson_get_len(object);
    duckdb_yyjson::yyjson_val* key = duckdb_yyjson::unsafe_yyjson_get_first(object);
    for (; count > 0; --count) {
      duckdb_yyjson::yyjson_val* value = key + 1;
      const size_t i = finder_.Find(TextOf(key));
      if (i != MemberFinder::kNone) {
        writers_[i]->Write(value, vector(i), row);
        written_[i] = true;
      }
      key = duckdb_yyjson::unsafe_yyjson_get_next(value);
    }
    for (size_t i = 0; i < written_.size(); ++i) {
      if (!written_[i]) duckdb::FlatVector::SetNull(vector(i), row, true);
    }
  }

 private:
  MemberFinder finder_;
  std::vector<std::unique_ptr<ValueWriter>> writers_;
  std::vector<char> written_;
};

}  // namespace sumac::bench

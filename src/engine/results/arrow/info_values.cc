#include "engine/results/arrow/info_values.h"

#include "arrow_format_generated.h"
#include "engine/results/arrow/ipc_header.h"

namespace sumac::engine {
namespace {

namespace format = arrow_format;
using flatbuffers::FlatBufferBuilder;
using FieldOffset = flatbuffers::Offset<format::Field>;

// The members of the union; the map is there for clients that look for it, and has no values.
constexpr int kMembers = 6;

FieldOffset MakeField(FlatBufferBuilder& builder, const char* name, bool nullable,
                      format::Type kind, flatbuffers::Offset<void> type,
                      const std::vector<FieldOffset>& children = {}) {
  return format::CreateField(builder, builder.CreateString(name), nullable, kind, type, 0,
                             builder.CreateVector(children));
}

FieldOffset MakeInteger(FlatBufferBuilder& builder, const char* name, bool nullable, int bits,
                        bool is_signed) {
  return MakeField(builder, name, nullable, format::Type_IntType,
                   format::CreateIntType(builder, bits, is_signed).Union());
}

FieldOffset MakeText(FlatBufferBuilder& builder, const char* name) {
  return MakeField(builder, name, true, format::Type_Utf8Type,
                   format::CreateUtf8Type(builder).Union());
}

FieldOffset MakeList(FlatBufferBuilder& builder, const char* name, FieldOffset item) {
  return MakeField(builder, name, true, format::Type_ListType,
                   format::CreateListType(builder).Union(), {item});
}

FieldOffset MakeMap(FlatBufferBuilder& builder) {
  const auto value = MakeList(builder, "value", MakeInteger(builder, "item", true, 32, true));
  const auto entries = MakeField(builder, "entries", false, format::Type_StructType,
                                 format::CreateStructType(builder).Union(),
                                 {MakeInteger(builder, "key", false, 32, true), value});
  return MakeField(builder, "int32_to_int32_list_map", true, format::Type_MapType,
                   format::CreateMapType(builder, false).Union(), {entries});
}

// The buffers of one kind of value, growing.
class Bytes {
 public:
  template <typename T>
  void Append(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void Append(std::string_view text) { bytes_ += text; }
  void SetBit(size_t at, bool value) {
    if (at % 8 == 0) bytes_ += '\0';
    if (value) bytes_.back() = static_cast<char>(bytes_.back() | (1 << (at % 8)));
  }
  std::string_view view() const { return bytes_; }
  int32_t size() const { return static_cast<int32_t>(bytes_.size()); }

 private:
  std::string bytes_;
};

struct Texts {
  Bytes offsets;
  Bytes content;
  int64_t count = 0;

  Texts() { offsets.Append<int32_t>(0); }
  void Add(std::string_view text) {
    content.Append(text);
    offsets.Append<int32_t>(content.size());
    ++count;
  }
};

// Everything that a batch's buffers point at.
struct InfoContent {
  Bytes names;
  Bytes kinds;
  Bytes places;
  Texts texts;
  Bytes booleans;
  int64_t boolean_count = 0;
  Bytes large;
  Bytes small;
  Bytes list_offsets;
  Texts list_items;
  int64_t list_count = 0;
  Bytes no_offsets;  // of lists that have no entries

  InfoContent() {
    list_offsets.Append<int32_t>(0);
    no_offsets.Append<int32_t>(0);
  }

  void Add(const InfoValue& info) {
    names.Append<uint32_t>(info.name);
    kinds.Append<int8_t>(static_cast<int8_t>(info.value.index()));
    std::visit([this](const auto& value) { places.Append<int32_t>(AddValue(value)); }, info.value);
  }

  // Returns its place among those of its kind.
  int32_t AddValue(const std::string& value) {
    texts.Add(value);
    return static_cast<int32_t>(texts.count - 1);
  }
  int32_t AddValue(bool value) {
    booleans.SetBit(static_cast<size_t>(boolean_count), value);
    return static_cast<int32_t>(boolean_count++);
  }
  int32_t AddValue(int64_t value) {
    large.Append(value);
    return large.size() / static_cast<int32_t>(sizeof(value)) - 1;
  }
  int32_t AddValue(int32_t value) {
    small.Append(value);
    return small.size() / static_cast<int32_t>(sizeof(value)) - 1;
  }
  int32_t AddValue(const std::vector<std::string>& values) {
    for (const auto& value : values) list_items.Add(value);
    list_offsets.Append<int32_t>(static_cast<int32_t>(list_items.count));
    return static_cast<int32_t>(list_count++);
  }
};

}  // namespace

IpcMessage MakeInfoSchema() {
  FlatBufferBuilder builder;
  std::vector<int> ids;
  for (int id = 0; id < kMembers; ++id) ids.push_back(id);
  const std::vector<FieldOffset> members = {
      MakeText(builder, "string_value"),
      MakeField(builder, "bool_value", true, format::Type_BoolType,
                format::CreateBoolType(builder).Union()),
      MakeInteger(builder, "bigint_value", true, 64, true),
      MakeInteger(builder, "int32_bitmask", true, 32, true),
      MakeList(builder, "string_list", MakeText(builder, "item")),
      MakeMap(builder)};
  constexpr int16_t kDense = 1;
  const auto union_type =
      format::CreateUnionType(builder, kDense, builder.CreateVector(ids)).Union();
  const std::vector<FieldOffset> fields = {
      MakeInteger(builder, "info_name", false, 32, false),
      MakeField(builder, "value", false, format::Type_UnionType, union_type, members)};
  const auto schema = format::CreateSchema(builder, 0, builder.CreateVector(fields));
  IpcMessage message;
  message.header = FinishIpcHeader(builder, format::MessageHeader_Schema, schema.Union(), 0);
  return message;
}

IpcMessage MakeInfoBatch(const std::vector<InfoValue>& infos) {
  const auto content = std::make_shared<InfoContent>();
  for (const InfoValue& info : infos) content->Add(info);
  const InfoContent& all = *content;
  const auto rows = static_cast<int64_t>(infos.size());
  const auto large_count = static_cast<int64_t>(all.large.view().size() / sizeof(int64_t));
  const auto small_count = static_cast<int64_t>(all.small.view().size() / sizeof(int32_t));
  // In the order of the schema: a node per column, and for each a buffer of which values are null,
  // empty because none is, except for a union, which has none.
  const std::vector<IpcNode> nodes = {{rows, 0},
                                      {rows, 0},
                                      {all.texts.count, 0},
                                      {all.boolean_count, 0},
                                      {large_count, 0},
                                      {small_count, 0},
                                      {all.list_count, 0},
                                      {all.list_items.count, 0},
                                      {0, 0},
                                      {0, 0},
                                      {0, 0},
                                      {0, 0},
                                      {0, 0}};
  const std::string_view none;
  std::vector<std::string_view> buffers = {none,
                                           all.names.view(),  // info_name
                                           all.kinds.view(),
                                           all.places.view(),  // value
                                           none,
                                           all.texts.offsets.view(),
                                           all.texts.content.view(),  // string_value
                                           none,
                                           all.booleans.view(),  // bool_value
                                           none,
                                           all.large.view(),  // bigint_value
                                           none,
                                           all.small.view(),  // int32_bitmask
                                           none,
                                           all.list_offsets.view(),  // string_list
                                           none,
                                           all.list_items.offsets.view(),
                                           all.list_items.content.view(),  // its items
                                           none,
                                           all.no_offsets.view(),  // the map
                                           none,                   // its entries
                                           none,
                                           none,  // their keys
                                           none,
                                           all.no_offsets.view(),  // their values
                                           none,
                                           none};  // the items of those
  return MakeBatchMessage(infos.size(), nodes, std::move(buffers), content);
}

}  // namespace sumac::engine

// Decoding alone, from memory: Sumac's page decoder and the plain way, on the same pages into the
// same vectors. Before anything is timed, both have to give the same values.
//
// A name is DECODER/SHAPE/COLUMNS, with the threads that decode at the same time behind it.
#include <cstdio>
#include <map>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "items/page_decoder.h"
#include "items/page_summary.h"
#include "net/transport.h"
#include "page_shapes.h"
#include "plain_decoder.h"

namespace sumac::bench {
namespace {

using duckdb::idx_t;

constexpr size_t kPages = 8;
constexpr uint64_t kSeed = 4;

struct Workload {
  std::shared_ptr<const items::ItemSchema> schema;
  std::vector<std::string> bodies;
  std::vector<size_t> columns;
  duckdb::vector<duckdb::LogicalType> types;
  uint64_t items = 0;
  uint64_t json_bytes = 0;
};

std::shared_ptr<std::string> Padded(const std::string& body) {
  auto copy = std::make_shared<std::string>();
  copy->reserve(body.size() + net::kBodyPaddingBytes);
  *copy = body;
  return copy;
}

// The columns of these names, or all when there are none.
Workload MakeWorkload(const PageShape& shape, const std::vector<std::string>& names) {
  Workload work;
  items::TypeSummary summary;
  for (const auto& page : MakePages(shape, kPages, kSeed)) {
    work.items += page.items.size();
    work.bodies.push_back(page.Body(shape));
    work.json_bytes += work.bodies.back().size();
    if (!items::SummarizePage(work.bodies.back(), {}, summary)) std::abort();
  }
  auto schema = items::MakeItemSchema(summary, {{shape.key.name}}, {});
  if (!schema) std::abort();
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    const auto& column = schema->columns[i];
    if (!names.empty() && std::find(names.begin(), names.end(), column.sql_name) == names.end()) {
      continue;
    }
    work.columns.push_back(i);
    work.types.push_back(column.shape.type);
  }
  work.schema = std::make_shared<const items::ItemSchema>(std::move(*schema));
  return work;
}

// Both decoders have the form that the loop below wants.
class SumacDecoder {
 public:
  explicit SumacDecoder(const Workload& work) : decoder_(work.schema, Outputs(work)) {}
  bool Start(const std::shared_ptr<std::string>& body) {
    return decoder_.Start(*body, body).has_value();
  }
  idx_t Next(duckdb::DataChunk& chunk) {
    const auto count = decoder_.Next(chunk);
    if (!count) std::abort();
    return *count;
  }

 private:
  static std::vector<items::OutputColumn> Outputs(const Workload& work) {
    std::vector<items::OutputColumn> outputs;
    for (const size_t column : work.columns) {
      outputs.push_back({items::OutputColumn::Kind::kField, column});
    }
    return outputs;
  }

  items::PageDecoder decoder_;
};

class YyjsonDecoder {
 public:
  explicit YyjsonDecoder(const Workload& work) : decoder_(work.schema, work.columns) {}
  bool Start(const std::shared_ptr<std::string>& body) { return decoder_.Start(*body); }
  idx_t Next(duckdb::DataChunk& chunk) { return decoder_.Next(chunk); }

 private:
  PlainDecoder decoder_;
};

void InitializeChunk(const Workload& work, duckdb::DataChunk& chunk) {
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), work.types);
}

// Each decode gets a copy of the page that was made outside the time, as a receive buffer is: one
// may write into it, and strings of the vectors may stand in it until the chunk is reset.
template <typename Decoder>
void Decode(benchmark::State& state, const Workload& work) {
  Decoder decoder(work);
  duckdb::DataChunk chunk;
  InitializeChunk(work, chunk);
  std::shared_ptr<std::string> buffer;
  auto next = static_cast<size_t>(state.thread_index());
  uint64_t items = 0;
  uint64_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    chunk.Reset();
    buffer = Padded(work.bodies[next++ % work.bodies.size()]);
    state.ResumeTiming();
    if (!decoder.Start(buffer)) std::abort();
    for (;;) {
      chunk.Reset();
      const auto count = decoder.Next(chunk);
      if (count == 0) break;
      items += count;
      benchmark::DoNotOptimize(chunk.data.data());
    }
    bytes += buffer->size();
  }
  state.SetItemsProcessed(static_cast<int64_t>(items));
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}

// The number of values that the decoders do not agree on; the first few are told.
size_t CountDifferences(std::string_view name, const Workload& work) {
  SumacDecoder ours(work);
  YyjsonDecoder theirs(work);
  duckdb::DataChunk our_chunk;
  duckdb::DataChunk their_chunk;
  InitializeChunk(work, our_chunk);
  InitializeChunk(work, their_chunk);
  size_t differences = 0;
  for (const auto& body : work.bodies) {
    const auto our_body = Padded(body);
    const auto their_body = Padded(body);
    if (!ours.Start(our_body) || !theirs.Start(their_body)) return 1;
    for (idx_t count = 1; count > 0;) {
      our_chunk.Reset();
      their_chunk.Reset();
      count = ours.Next(our_chunk);
      if (theirs.Next(their_chunk) != count) return 1;
      for (idx_t column = 0; column < our_chunk.ColumnCount(); ++column) {
        for (idx_t row = 0; row < count; ++row) {
          const auto our_value = our_chunk.GetValue(column, row);
          const auto their_value = their_chunk.GetValue(column, row);
          if (duckdb::Value::NotDistinctFrom(our_value, their_value)) continue;
          if (++differences > 5) continue;
          std::fprintf(stderr, "%s: column %s: %s, the plain way %s\n", std::string(name).c_str(),
                       work.schema->columns[work.columns[column]].sql_name.c_str(),
                       our_value.ToString().c_str(), their_value.ToString().c_str());
        }
      }
    }
  }
  return differences;
}

template <typename Decoder>
void Register(const std::string& name, const std::shared_ptr<const Workload>& work) {
  const auto decode = [work](benchmark::State& state) { Decode<Decoder>(state, *work); };
  // One thread's own time says what decoding costs, whatever else the machine does meanwhile.
  benchmark::RegisterBenchmark(name.c_str(), decode)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(name.c_str(), decode)
      ->Threads(2)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

int Main(int argument_count, char** arguments) {
  benchmark::Initialize(&argument_count, arguments);
  if (benchmark::ReportUnrecognizedArguments(argument_count, arguments)) return 2;
  const std::map<std::string, std::vector<std::string>> column_sets = {
      {"all", {}}, {"3_of_12", {"email", "score", "active"}}};
  for (const auto& shape : PageShapes()) {
    for (const auto& [set, names] : column_sets) {
      if (!names.empty() && shape.name != "users") continue;
      const auto name = fmt::format("{}/{}", shape.name, set);
      const auto work = std::make_shared<const Workload>(MakeWorkload(shape, names));
      if (CountDifferences(name, *work) > 0) return 1;
      benchmark::AddCustomContext(
          name,
          fmt::format("{} columns, {:.0f} bytes of JSON an item", work->columns.size(),
                      static_cast<double>(work->json_bytes) / static_cast<double>(work->items)));
      Register<SumacDecoder>("sumac/" + name, work);
      Register<YyjsonDecoder>("yyjson/" + name, work);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace sumac::bench

int main(int argument_count, char** arguments) {
  return sumac::bench::Main(argument_count, arguments);
}

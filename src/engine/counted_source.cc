#include "engine/counted_source.h"

namespace sumac::engine {
namespace {

class CountedSource final : public TableSource {
 public:
  CountedSource(std::shared_ptr<TableSource> source, std::function<void()> on_use)
      : source_(std::move(source)), on_use_(std::move(on_use)) {}

  const std::vector<ResultColumn>& Columns() const override { return source_->Columns(); }

  duckdb::virtual_column_map_t VirtualColumns() const override { return source_->VirtualColumns(); }

  duckdb::TableFunction ScanFunction(
      duckdb::ClientContext& context, duckdb::TableCatalogEntry& table,
      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) const override {
    on_use_();
    return source_->ScanFunction(context, table, bind_data);
  }

  uint64_t EstimatedRows() const override { return source_->EstimatedRows(); }

 private:
  const std::shared_ptr<TableSource> source_;
  const std::function<void()> on_use_;
};

}  // namespace

std::shared_ptr<TableSource> MakeCountedSource(std::shared_ptr<TableSource> source,
                                               std::function<void()> on_use) {
  return std::make_shared<CountedSource>(std::move(source), std::move(on_use));
}

}  // namespace sumac::engine

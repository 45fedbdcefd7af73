// A big table that needs little memory: a few distinct pages, repeated in turn. Made for benches,
// so a page goes out without being copied, rendered or checksummed again.
//
// The pages lie evenly over the table's hash range, each page as a whole; segments divide that
// range, so any number of segments reads each page once. What makes an item's key unique does not
// hold here: a repeated page repeats its keys. Therefore a LastEvaluatedKey is none of an item, but
// says where in the table to go on, in an attribute of the key's name and type.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "fake_dynamodb/served_table.h"

namespace sumac::fake_dynamodb {

class PreparedPage;

// Thread-safe.
class ReplayedTable final : public ServedTable {
 public:
  // Cuts the items into pages, in their order. Error kInvalidArgument: as Table::Make, or no items,
  // or a key that is not a single one of type S or N.
  static Result<std::unique_ptr<ReplayedTable>> Make(TableDefinition definition);
  ~ReplayedTable() override;

  Answer<std::shared_ptr<const RenderedPage>> Scan(const ScanParameters& parameters) override;
  Answer<PageParts> ScanParts(const ScanParameters& parameters) const override;
  using ServedTable::EmptyPage;
  Answer<PageParts> EmptyPage(const ScanParameters& parameters) override;
  std::string Describe() const override;

 private:
  using Pages = std::vector<std::shared_ptr<const PreparedPage>>;
  // Where a scan goes on: at an item of a page of the table.
  struct Position {
    uint64_t page = 0;
    uint64_t item = 0;
  };
  // What one Scan reads: items [begin, end) of a page, or nothing.
  struct Read {
    std::shared_ptr<const PreparedPage> page;        // projected
    std::shared_ptr<const PreparedPage> whole_page;  // what a filter looks at
    size_t begin = 0;
    size_t end = 0;
    PageParts parts;  // without the items
    uint64_t bytes = 0;
    double hash_position = 0;
  };

  explicit ReplayedTable(TableDefinition definition) : definition_(std::move(definition)) {}

  uint64_t FirstPage(const ScanParameters& parameters, uint64_t segment) const;
  Answer<Position> Start(const ScanParameters& parameters) const;
  std::string KeyOf(Position position) const;
  Answer<Read> ReadAt(const ScanParameters& parameters) const;
  static PageParts Filter(const ScanParameters& parameters, const Read& read);
  // The distinct page, projected. Prepared once for each projection.
  std::shared_ptr<const PreparedPage> Projected(size_t index,
                                                const std::vector<AttributePath>& paths) const;

  const TableDefinition definition_;
  Pages pages_;
  mutable std::mutex mutex_;
  mutable std::map<std::vector<AttributePath>, Pages> projected_pages_;  // guarded by mutex_
};

}  // namespace sumac::fake_dynamodb

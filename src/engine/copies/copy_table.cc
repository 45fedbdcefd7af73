#include "engine/copies/copy_table.h"

#include "engine/local_table.h"
#include "engine/sql_text.h"

namespace sumac::engine {

std::string CopyPlace::TableName(const std::string& table) const {
  return QuotedIdentifier(catalog) + "." + QuotedIdentifier(schema) + "." + QuotedIdentifier(table);
}

Copy CopyOf(const CopyPlace& place, CopyFacts facts, std::shared_ptr<const CopyTable> table) {
  Copy copy;
  copy.source = MakeLocalTableSource(place.catalog, place.schema, table->name, table->columns,
                                     facts.rows, table->virtual_columns, place.gate);
  copy.facts = std::move(facts);
  copy.table = std::move(table);
  return copy;
}

}  // namespace sumac::engine

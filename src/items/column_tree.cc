#include "items/column_tree.h"

namespace sumac::items {

ColumnTree MakeColumnTree(const ItemSchema& schema) {
  ColumnTree root;
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    const auto& column = schema.columns[i];
    if (column.catch_all) continue;
    ColumnTree* node = &root.children[column.attribute_name];
    for (const auto& name : column.path) node = &node->children[name];
    node->column = i;
  }
  return root;
}

std::optional<size_t> FindCatchAll(const ItemSchema& schema) {
  for (size_t i = 0; i < schema.columns.size(); ++i) {
    if (schema.columns[i].catch_all) return i;
  }
  return std::nullopt;
}

}  // namespace sumac::items

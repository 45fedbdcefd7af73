#include "engine/copies/copy_keys.h"

#include "engine/sql_text.h"

namespace sumac::engine {
namespace {

// "(a, b)" as users write keys.
std::string Written(const std::vector<std::string>& columns) {
  if (columns.size() == 1) return "'" + columns.front() + "'";
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "" : ", ") + column;
  return "'(" + list + ")'";
}

// "x.a = y.a AND x.b = y.b"; parts of a key are not NULL.
std::string SameKey(const std::string& x, const std::string& y, const CopyKey& key) {
  std::string condition;
  for (const auto& column : key.columns) {
    const std::string name = QuotedIdentifier(column);
    condition += (condition.empty() ? "" : " AND ") + x + "." + name + " = " + y + "." + name;
  }
  return condition;
}

// When a row is from. Texts of the same time may differ, and not be in the order of their times.
std::string TimeOf(const CopyKey& key, const std::string& prefix) {
  const std::string column = prefix + QuotedIdentifier(key.time_column);
  return key.time_is_text ? "TRY_CAST(" + column + " AS TIMESTAMP)" : column;
}

// The first value of `sql` as text, if it has a row.
Result<std::optional<std::string>> FirstText(CopyConnection& connection, const std::string& sql) {
  SUMAC_ASSIGN_OR_RETURN(const auto rows, connection.Rows(sql));
  if (rows.empty()) return std::optional<std::string>();
  return std::optional<std::string>(rows.front().front().ToString());
}

std::string KeyText(const CopyKey& key, const std::string& of) {
  std::string list;
  for (const auto& column : key.columns) {
    list += (list.empty() ? "" : ", ") + of + "." + QuotedIdentifier(column) + "::VARCHAR";
  }
  return "concat_ws(', ', " + list + ")";
}

std::string HasNull(const CopyKey& key) {
  std::string condition;
  for (const auto& column : key.columns) {
    condition += (condition.empty() ? "" : " OR ") + QuotedIdentifier(column) + " IS NULL";
  }
  return condition;
}

// The text of a key that several rows have. Those of which a part is NULL are no one's.
Result<std::optional<std::string>> DuplicateKey(CopyConnection& connection,
                                                const std::string& table, const CopyKey& key) {
  const std::string columns = IdentifierList(key.columns);
  return FirstText(connection, "SELECT " + KeyText(key, "copied") + " FROM (SELECT " + columns +
                                   " FROM " + table + " WHERE NOT (" + HasNull(key) +
                                   ") GROUP BY " + columns +
                                   " HAVING count(*) > 1 LIMIT 1) AS copied");
}

Status CheckNotNull(CopyConnection& connection, const std::string& table, const CopyKey& key) {
  SUMAC_ASSIGN_OR_RETURN(const auto count, connection.Value("SELECT count(*) FROM " + table +
                                                            " WHERE " + HasNull(key)));
  const auto rows = count.GetValue<uint64_t>();
  if (rows == 0) return {};
  return Fail(ErrorCode::kInvalidArgument,
              std::to_string(rows) + " rows have no value for the key " + Written(key.columns) +
                  "; take another key, or leave such items out with "
                  "refresh_sql");
}

Error Duplicate(const CopyKey& key, const std::string& value) {
  return UserError(ErrorCode::kInvalidArgument,
                   "several rows have the key " + Written(key.columns) + " = " + value +
                       "; take another key, or say with on_conflict which row stays (upsert: the "
                       "newest, drop: the first)");
}

}  // namespace

Status KeepOneRowPerKey(CopyConnection& connection, const std::string& table, const CopyKey& key) {
  SUMAC_RETURN_IF_ERROR(CheckNotNull(connection, table, key));
  SUMAC_ASSIGN_OR_RETURN(const auto duplicate, DuplicateKey(connection, table, key));
  if (!duplicate) return {};
  if (key.on_conflict == KeyConflict::kFail) return Fail(Duplicate(key, *duplicate));
  // Without a time any will do: rows that are read by several threads have no order.
  std::string order = key.on_conflict == KeyConflict::kDrop ? "rowid" : "rowid DESC";
  if (key.on_conflict == KeyConflict::kUpsert && !key.time_column.empty()) {
    order = TimeOf(key, "") + " DESC NULLS LAST, " + order;
  }
  return connection.Run("DELETE FROM " + table +
                        " WHERE rowid IN (SELECT row FROM (SELECT rowid AS row, "
                        "row_number() OVER (PARTITION BY " +
                        IdentifierList(key.columns) + " ORDER BY " + order + ") AS place FROM " +
                        table + ") WHERE place > 1)");
}

Status MakeIndexes(CopyConnection& connection, const std::string& table, const std::string& prefix,
                   const std::vector<CopyIndex>& indexes) {
  int number = 0;
  for (const auto& index : indexes) {
    if (index.unique) {
      CopyKey key;
      key.columns = index.columns;
      SUMAC_ASSIGN_OR_RETURN(const auto duplicate, DuplicateKey(connection, table, key));
      if (duplicate) {
        return Fail(ErrorCode::kInvalidArgument, "several rows have " + Written(index.columns) +
                                                     " = " + *duplicate +
                                                     ", for which 'indexes' says unique");
      }
    }
    SUMAC_RETURN_IF_ERROR(
        connection.Run(std::string("CREATE ") + (index.unique ? "UNIQUE " : "") + "INDEX " +
                       QuotedIdentifier(prefix + "_" + std::to_string(++number)) + " ON " + table +
                       " (" + IdentifierList(index.columns) + ")"));
  }
  return {};
}

Status MakeRoomForKeys(CopyConnection& connection, const std::string& table,
                       const std::string& added, const CopyKey& key) {
  const std::string matching = " WHERE " + SameKey("kept", "added", key);
  if (key.on_conflict == KeyConflict::kFail) {
    SUMAC_ASSIGN_OR_RETURN(
        const auto conflict,
        FirstText(connection, "SELECT " + KeyText(key, "kept") + " FROM " + table + " AS kept, " +
                                  added + " AS added" + matching + " LIMIT 1"));
    if (conflict) return Fail(Duplicate(key, *conflict));
    return {};
  }
  if (key.on_conflict == KeyConflict::kDrop) return {};
  return connection.Run("DELETE FROM " + table + " AS kept USING " + added + " AS added" +
                        matching);
}

Status LeaveOutOlderRows(CopyConnection& connection, const std::string& table,
                         const std::string& added, const CopyKey& key) {
  if (key.on_conflict != KeyConflict::kUpsert || key.time_column.empty()) return {};
  const std::string kept_time = TimeOf(key, "kept.");
  const std::string added_time = TimeOf(key, "added.");
  return connection.Run("DELETE FROM " + added + " AS added USING " + table + " AS kept WHERE " +
                        SameKey("kept", "added", key) + " AND " + kept_time + " IS NOT NULL AND (" +
                        added_time + " IS NULL OR " + added_time + " < " + kept_time + ")");
}

std::string HasNoRowIn(const std::string& table, const std::string& added, const CopyKey& key) {
  return "NOT EXISTS (SELECT 1 FROM " + table + " AS kept WHERE " + SameKey("kept", added, key) +
         ")";
}

}  // namespace sumac::engine

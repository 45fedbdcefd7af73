// How the prompt shows rows.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cli/query_runner.h"
#include "cli/query_source.h"
#include "engine/results/result_writer.h"

namespace sumac::cli {

// An answer that was not shown.
struct CollectedAnswer {
  std::string text;
  QueryOutcome outcome;
};
Result<CollectedAnswer> Collect(QuerySource& source, const std::string& sql,
                                const QuerySettings& settings);

class AnswerView {
 public:
  explicit AnswerView(engine::ResultFormat format) : format_(format) {}
  // Nothing when there is no such view: table, line, csv, json, jsonl.
  static std::optional<AnswerView> Named(const std::string& name);

  std::string name() const;

  // Prints the answer on stdout: as large as it is in csv, json and jsonl; a table as wide as the
  // terminal, when there is one.
  Result<QueryOutcome> Run(QuerySource& source, const std::string& sql,
                           QuerySettings settings) const;

 private:
  engine::ResultFormat format_;
  bool expanded_ = false;  // of a table
};

}  // namespace sumac::cli

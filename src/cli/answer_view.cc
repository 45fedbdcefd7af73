#include "cli/answer_view.h"

#include <cstdio>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/table_layout.h"

namespace sumac::cli {
namespace {

using engine::ResultFormat;

// 0 when nothing says so.
size_t StdoutWidth() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Result<CollectedAnswer> Collect(QuerySource& source, const std::string& sql,
                                const QuerySettings& settings) {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* memory = open_memstream(&text, &size);
  if (memory == nullptr) return Fail(InternalError("there is no memory for the answer"));
  auto outcome = source.Run(sql, settings, memory);
  std::fclose(memory);
  CollectedAnswer answer;
  answer.text.assign(text, size);
  std::free(text);
  if (!outcome) return Fail(std::move(outcome).error());
  answer.outcome = *outcome;
  return answer;
}

std::optional<AnswerView> AnswerView::Named(const std::string& name) {
  AnswerView view(ResultFormat::kTable);
  if (name == "csv") {
    view.format_ = ResultFormat::kCsv;
  } else if (name == "json") {
    view.format_ = ResultFormat::kJson;
  } else if (name == "jsonl") {
    view.format_ = ResultFormat::kJsonLines;
  } else if (name == "line") {
    view.expanded_ = true;
  } else if (name != "table") {
    return std::nullopt;
  }
  return view;
}

std::string AnswerView::name() const {
  switch (format_) {
    case ResultFormat::kCsv:
      return "csv";
    case ResultFormat::kJson:
      return "json";
    case ResultFormat::kJsonLines:
      return "jsonl";
    default:
      return expanded_ ? "line" : "table";
  }
}

Result<QueryOutcome> AnswerView::Run(QuerySource& source, const std::string& sql,
                                     QuerySettings settings) const {
  settings.format = format_;
  if (format_ != ResultFormat::kTable) return source.Run(sql, settings, stdout);
  SUMAC_ASSIGN_OR_RETURN(auto answer, Collect(source, sql, settings));
  const std::string shown =
      expanded_ ? ExpandTable(answer.text) : FitTable(answer.text, StdoutWidth());
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  answer.outcome.output_closed = std::fflush(stdout) != 0;
  return answer.outcome;
}

}  // namespace sumac::cli

#include "engine/reader_message.h"

#include "engine/query_state.h"
#include "engine/readable_files.h"

namespace sumac::engine {
namespace {

constexpr const char* kHints[] = {"\nThe search space used was", "\nPossible fixes",
                                  "\nPossible solutions",        "\nThis type was either",
                                  "\n* Check whether",           "\n\n"};

// Where the reader says among its settings which file it was.
constexpr char kFileSetting[] = "\n  file = ";

std::string WithoutHints(const std::string& message) {
  std::string text = message;
  for (const char* hint : kHints) text = text.substr(0, text.find(hint));
  const size_t setting = message.find(kFileSetting);
  if (setting == std::string::npos || setting < text.size()) return text;
  const size_t begin = setting + std::string(kFileSetting).size();
  const std::string file = message.substr(begin, message.find('\n', begin) - begin);
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  return text + " (file '" + file + "')";
}

}  // namespace

ReaderMessage ReadReaderMessage(const std::string& message) {
  if (message.find(kReadableScheme) == std::string::npos) return {OneLine(message), ""};
  ReaderMessage read{OneLine(WithoutHints(message)), ""};
  size_t at = 0;
  while ((at = read.text.find(kReadableScheme, at)) != std::string::npos) {
    const auto file = ReadableFiles::Split(std::string_view(read.text).substr(at));
    if (!file) {
      ++at;
      continue;
    }
    if (read.dataset_name.empty()) read.dataset_name = file->dataset_name;
    const size_t path_at = read.text.size() - file->path.size();
    read.text.erase(at, path_at - at);
  }
  return read;
}

}  // namespace sumac::engine

// Changes the text of a Spicepod and keeps what is there, comments too. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sumac::cli {

struct AddedDataset {
  std::string from;
  std::string name;
  std::vector<std::pair<std::string, std::string>> parameters;
  bool accelerate = false;
};

// `text` with the dataset after those that are there. `file_name` is for messages. Errors, each one
// line: kInvalidArgument (the text is no Spicepod, or a dataset or view has the name), kUnsupported
// (datasets are written in a way that a line cannot be added to).
Result<std::string> AddDataset(const std::string& text, const std::string& file_name,
                               const std::string& directory, const AddedDataset& dataset);

}  // namespace sumac::cli

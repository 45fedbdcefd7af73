// The parameters of `from: file:...` as what the engine reads. docs/connectors.md lists them; a
// test holds the two together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret_string.h"
#include "engine/file_table.h"
#include "spicepod/parameters.h"

namespace sumac::datasets {

const std::vector<spicepod::ParameterSpecification>& FileParameterSpecifications();

// The table of `files`: by `file_format`, or by what the names of the files end with. Errors:
// kInvalidArgument, naming the parameter, its value and what it takes, or that `file_format` is
// needed; those of engine::ListFiles.
Result<engine::FileTable> MakeFileTable(const std::map<std::string, SecretString>& parameters,
                                        engine::FileSet files);

}  // namespace sumac::datasets

// Checks a dataset's `params` against what its connector knows.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "spicepod/spicepod.h"

namespace sumac::spicepod {

struct ParameterSpecification {
  // Spice's connector parameters carry the connector's prefix in YAML (dynamodb_aws_region);
  // runtime parameters and Sumac's own are plain and taken with the prefix too.
  enum class Prefix { kRequired, kOptional };

  std::string name;  // without the prefix
  Prefix prefix = Prefix::kOptional;
  // Its value is a secret: never shown.
  bool secret = false;
  // False: known, and a warning says that this version does not act on it.
  bool acted_on = true;
};

struct CheckedParameters {
  // By canonical name, without the prefix, in the order of the file.
  ParameterList values;
  // One line each: what was ignored and why.
  std::vector<std::string> warnings;
};

// `connector` is the prefix without '_' ("dynamodb"). Unknown and wrongly prefixed parameters are
// dropped with a warning, as Spice does. Error kInvalidArgument: one parameter given in both forms.
Result<CheckedParameters> CheckParameters(const std::string& dataset_name,
                                          const ParameterList& parameters,
                                          const std::string& connector,
                                          const std::vector<ParameterSpecification>& known);

}  // namespace sumac::spicepod

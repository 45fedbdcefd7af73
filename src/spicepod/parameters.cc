#include "spicepod/parameters.h"

#include <algorithm>
#include <set>

#include "base/nearest_name.h"
#include "base/printable_text.h"

namespace sumac::spicepod {
namespace {

using Prefix = ParameterSpecification::Prefix;

const ParameterSpecification* Find(const std::vector<ParameterSpecification>& known,
                                   std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& specification) {
    return specification.name == name;
  });
  return found == known.end() ? nullptr : &*found;
}

// The names as one writes them in YAML; optional prefixes are written where the user wrote one.
std::vector<std::string> WrittenNames(const std::vector<ParameterSpecification>& known,
                                      const std::string& prefix, bool prefixed) {
  std::vector<std::string> names;
  for (const auto& specification : known) {
    const bool with_prefix = prefixed || specification.prefix == Prefix::kRequired;
    names.push_back(with_prefix ? prefix + specification.name : specification.name);
  }
  return names;
}

}  // namespace

Result<CheckedParameters> CheckParameters(const std::string& dataset_name,
                                          const ParameterList& parameters,
                                          const std::string& connector,
                                          const std::vector<ParameterSpecification>& known) {
  CheckedParameters checked;
  const std::string prefix = connector + "_";
  const std::string where = " for " + connector + " dataset '" + dataset_name + "'";
  const auto warn = [&](const ParameterValue& value, const std::string& message) {
    checked.warnings.push_back(value.location.ToString() + ": " +
                               PrintableText(message, kMessageBytesMax));
  };
  std::set<std::string> given;
  for (const auto& [written, value] : parameters) {
    const bool prefixed = written.starts_with(prefix);
    const std::string name = prefixed ? written.substr(prefix.size()) : written;
    const auto* specification = Find(known, name);
    if (specification == nullptr) {
      std::string warning = "Ignoring parameter '" + written + "': not supported" + where;
      if (const auto nearest = NearestName(written, WrittenNames(known, prefix, prefixed))) {
        warning += "; did you mean '" + *nearest + "'?";
      }
      warn(value, warning);
      continue;
    }
    if (!prefixed && specification->prefix == Prefix::kRequired) {
      warn(value,
           "Ignoring parameter '" + written + "': must be prefixed with '" + prefix + "'" + where);
      continue;
    }
    if (!given.insert(name).second) {
      return Fail(ErrorCode::kInvalidArgument,
                  value.location.ToString() + ": parameter '" + name + "' is given twice" + where);
    }
    if (!specification->acted_on) {
      warn(value, "parameter '" + written + "' is not acted on by this version of Sumac");
      continue;
    }
    checked.values.emplace_back(name, value);
  }
  return checked;
}

}  // namespace sumac::spicepod

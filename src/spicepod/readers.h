// The readers of each part of a Spicepod. Internal to spicepod/.
#pragma once

#include <string>

#include "spicepod/map_reader.h"
#include "spicepod/spicepod.h"

namespace sumac::spicepod {

// The whole of it. `directory` is where references are looked for.
Spicepod ReadSpicepod(ReadContext& context, const YamlNode& root, const std::string& directory);
Dataset ReadDataset(ReadContext& context, const YamlNode& node);
// `directory` is where `sql_ref` is looked for.
View ReadView(ReadContext& context, const YamlNode& node, const std::string& directory);
// `path` is the key path of the acceleration, `owner` names what it belongs to.
Acceleration ReadAcceleration(ReadContext& context, const YamlNode& node, const std::string& path,
                              const std::string& owner);
SecretStore ReadSecretStore(ReadContext& context, const YamlNode& node);
RuntimeSettings ReadRuntime(ReadContext& context, const YamlNode& node);

// What every name of a table must keep to, whether of a dataset or of a view.
void CheckName(MapReader& reader, const std::string& name);
const Choices<ReadyState>& ReadyStates();
std::vector<Column> ReadColumns(MapReader& reader);
std::vector<Metric> ReadMetrics(MapReader& reader);

}  // namespace sumac::spicepod

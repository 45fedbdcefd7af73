#include "spicepod/spicepod.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "spicepod/difference.h"
#include "spicepod/readers.h"

namespace sumac::spicepod {
namespace {

namespace fs = std::filesystem;

// Parts of a Spicepod that are about other things than datasets and queries.
constexpr const char* kOtherParts[] = {"management", "snapshots", "extensions",  "metadata",
                                       "catalogs",   "models",    "embeddings",  "evals",
                                       "tools",      "workers",   "dependencies"};

Result<std::string> ReadFile(const fs::path& path) {
  std::error_code ignored;
  std::ifstream file;
  // That of a pipe would wait for ever.
  if (!fs::is_fifo(path, ignored)) file.open(path, std::ios::binary);
  if (!file.is_open())
    return Fail(ErrorCode::kNotFound, "the file " + path.string() + " cannot be read");
  // One byte more than is allowed, so that a longer file is seen as such.
  std::string text(kFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

// A list element, or what stands in the file that its `ref` names.
class Component {
 public:
  Component(ReadContext& context, const YamlNode& node, const std::string& list,
            const std::string& directory, const char* file_name)
      : node_(&node) {
    if (node.kind != YamlNode::Kind::kMap) return;
    const auto is_ref = [](const auto& entry) { return entry.key.text == "ref"; };
    const auto ref = std::find_if(node.entries.begin(), node.entries.end(), is_ref);
    if (ref == node.entries.end()) return;
    MapReader reader(context, node, list, "a reference");
    std::string target;
    std::vector<std::string> depends_on;
    reader.RequiredString("ref", target);
    reader.Strings("dependsOn", depends_on);
    reader.Finish();
    const fs::path path = fs::path(directory) / target / file_name;
    context.AddFile(path.string());
    auto text = ReadFile(path);
    if (!text) {
      context.Fail(ref->value.location, text.error().message);
      return;
    }
    auto parsed = ParseYaml(*text, path.string());
    if (!parsed) {
      context.Fail(ref->value.location, parsed.error().message);
      return;
    }
    referenced_ = std::make_unique<YamlNode>(std::move(*parsed));
    node_ = referenced_.get();
  }

  const YamlNode& node() const { return *node_; }

 private:
  const YamlNode* node_;
  std::unique_ptr<YamlNode> referenced_;
};

void CheckHead(MapReader& reader, Spicepod& pod) {
  std::string kind;
  if (reader.RequiredString("version", pod.version)) {
    const bool known = pod.version == "v1beta1" || pod.version == "v1" || pod.version == "v2";
    if (!known) {
      reader.context().Fail(reader.LocationOf("version"),
                            "'version' takes v1beta1, v1 or v2, not '" + pod.version + "'");
    }
  }
  if (reader.RequiredString("kind", kind) && kind != "Spicepod") {
    reader.context().Fail(reader.LocationOf("kind"), "'kind' must be Spicepod, not '" + kind + "'");
  }
  reader.RequiredString("name", pod.name);
  reader.String("description", pod.description);
}

void CheckUniqueNames(ReadContext& context, const Spicepod& pod) {
  std::map<std::string, std::string> tables;  // to what has the name
  const auto check = [&](const std::string& what, const auto& table) {
    const std::string it = what + " '" + table.name + "'";
    const auto [found, is_new] = tables.emplace(TableKey(table.name), it);
    if (is_new) return;
    const bool same = found->second == it;
    context.Fail(table.location, it + " has the name of " + (same ? "another" : found->second));
  };
  for (const auto& dataset : pod.datasets) check("dataset", dataset);
  for (const auto& view : pod.views) check("view", view);
  std::set<std::string> stores;
  for (const auto& store : pod.secrets) {
    if (!stores.insert(store.name).second) {
      context.Fail(store.location, "the name '" + store.name + "' is used by two secret stores");
    }
  }
}

}  // namespace

Spicepod ReadSpicepod(ReadContext& context, const YamlNode& root, const std::string& directory) {
  Spicepod pod;
  pod.directory = directory;
  MapReader reader(context, root, "", "the Spicepod");
  CheckHead(reader, pod);
  reader.List("secrets",
              [&](const YamlNode& node) { pod.secrets.push_back(ReadSecretStore(context, node)); });
  reader.List("datasets", [&](const YamlNode& node) {
    const Component component(context, node, "datasets", directory, "dataset.yaml");
    if (!context.failed()) pod.datasets.push_back(ReadDataset(context, component.node()));
  });
  reader.List("views", [&](const YamlNode& node) {
    const Component component(context, node, "views", directory, "view.yaml");
    if (!context.failed()) pod.views.push_back(ReadView(context, component.node(), directory));
  });
  reader.Map("runtime", [&](const YamlNode& node) { pod.runtime = ReadRuntime(context, node); });
  for (const char* part : kOtherParts) reader.Ignored(part);
  reader.Finish();
  if (!context.failed()) CheckUniqueNames(context, pod);
  return pod;
}

Result<LoadedSpicepod> ParseSpicepod(std::string_view text, const std::string& file_name,
                                     const std::string& directory,
                                     std::vector<std::string>* files) {
  SUMAC_ASSIGN_OR_RETURN(const auto root, ParseYaml(text, file_name));
  ReadContext context;
  LoadedSpicepod loaded;
  loaded.pod = ReadSpicepod(context, root, directory);
  if (files != nullptr) {
    files->insert(files->end(), context.files().begin(), context.files().end());
  }
  if (context.failed()) return Fail(*context.error());
  loaded.diagnostics = context.TakeDiagnostics();
  return loaded;
}

Result<LoadedSpicepod> LoadSpicepod(const std::string& path, std::vector<std::string>* files) {
  std::error_code ignored;
  fs::path file = path;
  if (fs::is_directory(file, ignored)) {
    file = fs::path(path) / "spicepod.yaml";
    if (files != nullptr) files->push_back(file.string());
    if (!fs::exists(file, ignored)) file = fs::path(path) / "spicepod.yml";
    if (!fs::exists(file, ignored)) {
      return Fail(ErrorCode::kNotFound,
                  "there is no spicepod.yaml in " + (path == "." ? "this folder" : path));
    }
  }
  if (files != nullptr && (files->empty() || files->back() != file)) {
    files->push_back(file.string());
  }
  SUMAC_ASSIGN_OR_RETURN(const auto text, ReadFile(file));
  const auto directory = file.has_parent_path() ? file.parent_path().string() : ".";
  // Messages name the file as the user would find it.
  return ParseSpicepod(text, file.lexically_normal().string(), directory, files);
}

}  // namespace sumac::spicepod

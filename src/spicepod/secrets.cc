#include "spicepod/secrets.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "spicepod/dotenv.h"

namespace sumac::spicepod {
namespace {

namespace fs = std::filesystem;

constexpr char kAllStores[] = "secrets";

std::string UpperCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// The names under which a key may stand in an environment, first to last.
std::vector<std::string> VariableNames(const std::string& key) {
  std::vector<std::string> names = {"SPICE_" + key, key, "SPICE_" + UpperCase(key), UpperCase(key)};
  std::vector<std::string> unique;
  for (auto& name : names) {
    if (std::find(unique.begin(), unique.end(), name) == unique.end()) {
      unique.push_back(std::move(name));
    }
  }
  return unique;
}

// Adds the variables of a dotenv file that are not there yet; false when there is no such file.
Result<bool> AddFile(const fs::path& path, std::map<std::string, std::string>& variables) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  SUMAC_ASSIGN_OR_RETURN(const auto parsed, ParseDotenv(text, path.lexically_normal().string()));
  for (const auto& [name, value] : parsed) variables.emplace(name, value);
  return true;
}

std::string Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

Result<SecretResolver::Store> SecretResolver::OpenStore(
    const SecretStore& specification, const std::string& directory,
    const std::map<std::string, std::string>& environment) {
  const std::string where =
      specification.location.ToString() + ": secret store '" + specification.name + "': ";
  if (specification.from != "env") {
    const bool selector = specification.from.starts_with("env:");
    return Fail(selector ? ErrorCode::kInvalidArgument : ErrorCode::kUnsupported,
                where + (selector ? "'env' takes nothing after a ':'"
                                  : "'" + specification.from +
                                        "' is not built in; the stores that "
                                        "work are: env"));
  }
  Store store{specification.name, "the environment", environment};
  std::string file_path;
  for (const auto& [name, value] : specification.params) {
    if (name != "file_path") {
      return Fail(ErrorCode::kInvalidArgument, value.location.ToString() + ": secret store '" +
                                                   specification.name + "' has no parameter '" +
                                                   name + "'; it has 'file_path'");
    }
    file_path = value.text;
  }
  if (!file_path.empty()) {
    const fs::path path = fs::path(directory) / file_path;
    SUMAC_ASSIGN_OR_RETURN(const bool found, AddFile(path, store.variables));
    if (!found) return Fail(ErrorCode::kNotFound, where + "there is no file " + path.string());
    store.description += ", " + file_path;
    return store;
  }
  for (const char* name : {".env.local", ".env"}) {
    SUMAC_RETURN_IF_ERROR(AddFile(fs::path(directory) / name, store.variables));
    store.description += std::string(", ") + name;
  }
  return store;
}

Result<SecretResolver> SecretResolver::Create(const std::vector<SecretStore>& stores,
                                              const std::string& directory,
                                              std::map<std::string, std::string> environment) {
  std::vector<SecretStore> specifications = stores;
  if (specifications.empty()) specifications.push_back({{}, "env", "env", "", {}});
  SecretResolver resolver;
  for (const auto& specification : specifications) {
    SUMAC_ASSIGN_OR_RETURN(auto store, OpenStore(specification, directory, environment));
    resolver.stores_.push_back(std::move(store));
  }
  return resolver;
}

Result<std::string> SecretResolver::Look(const std::string& store_name,
                                         const std::string& key) const {
  std::string looked;
  bool any_store = false;
  for (auto store = stores_.rbegin(); store != stores_.rend(); ++store) {
    if (store_name != kAllStores && store_name != store->name) continue;
    any_store = true;
    for (const auto& name : VariableNames(key)) {
      const auto found = store->variables.find(name);
      if (found != store->variables.end()) return found->second;
    }
    looked += (looked.empty() ? "" : "; ") + store->description;
  }
  if (!any_store) {
    return Fail(ErrorCode::kNotFound, "there is no secret store '" + store_name + "'");
  }
  std::string names;
  for (const auto& name : VariableNames(key)) names += (names.empty() ? "" : ", ") + name;
  return Fail(ErrorCode::kNotFound,
              "secret '" + key + "' was not found (looked for " + names + " in " + looked + ")");
}

Result<ResolvedValue> SecretResolver::Resolve(const std::string& text) const {
  std::string out;
  ResolvedValue resolved;
  size_t at = 0;
  while (true) {
    const size_t open = text.find("${", at);
    out.append(text, at, open == std::string::npos ? std::string::npos : open - at);
    if (open == std::string::npos) break;
    const size_t close = text.find('}', open);
    if (close == std::string::npos) {
      return Fail(ErrorCode::kInvalidArgument, "a '${' is not closed by '}'");
    }
    const std::string reference = text.substr(open + 2, close - open - 2);
    const size_t colon = reference.find(':');
    const std::string key = colon == std::string::npos ? "" : Trimmed(reference.substr(colon + 1));
    if (key.empty()) {
      return Fail(ErrorCode::kInvalidArgument,
                  "'${" + reference + "}' must be ${store:key}, for example ${secrets:my_key}");
    }
    SUMAC_ASSIGN_OR_RETURN(const auto value, Look(Trimmed(reference.substr(0, colon)), key));
    out += value;
    resolved.contains_secret = true;
    at = close + 1;
  }
  resolved.value = SecretString(std::move(out));
  return resolved;
}

}  // namespace sumac::spicepod

// Fills in ${store:key} in the values of parameters.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret_string.h"
#include "spicepod/spicepod.h"

namespace sumac::spicepod {

// A value whose references are filled in.
struct ResolvedValue {
  SecretString value;
  // True when a part of it came out of a store: then it is never shown.
  bool contains_secret = false;
};

// Immutable, so thread-safe.
class SecretResolver {
 public:
  // Opens the stores of a Spicepod; without any there is one `env` store named `env`. `environment`
  // is the process's. An `env` store reads `.env.local` and `.env` of `directory`, or the file of
  // its parameter `file_path`. Errors: kUnsupported (a store of another kind), kNotFound (no such
  // file_path), kInvalidArgument (a broken file, an unknown parameter).
  static Result<SecretResolver> Create(const std::vector<SecretStore>& stores,
                                       const std::string& directory,
                                       std::map<std::string, std::string> environment);

  // `${secrets:key}` is looked for in all stores, the last defined first; `${name:key}` in one.
  // Blanks around the names are allowed, a `$` without `{` is itself. Errors: kNotFound (no such
  // key or store; says where it looked), kInvalidArgument (a reference that is not closed or has no
  // key).
  Result<ResolvedValue> Resolve(const std::string& text) const;

 private:
  struct Store {
    std::string name;
    std::string description;  // where it looks, for messages
    std::map<std::string, std::string> variables;
  };

  static Result<Store> OpenStore(const SecretStore& specification, const std::string& directory,
                                 const std::map<std::string, std::string>& environment);
  Result<std::string> Look(const std::string& store_name, const std::string& key) const;

  std::vector<Store> stores_;
};

}  // namespace sumac::spicepod

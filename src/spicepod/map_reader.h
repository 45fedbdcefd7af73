// Reads one YAML map into a struct: each key is asked for once, with its type; what was not asked
// for is an error with the nearest known key. Internal to spicepod/.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "spicepod/spicepod.h"

namespace sumac::spicepod {

// What all readers of one file share.
class ReadContext {
 public:
  // Keeps the first error only: later ones are often its echo.
  void Fail(const Location& location, const std::string& message);
  bool failed() const { return error_.has_value(); }
  const std::optional<Error>& error() const { return error_; }

  // Notes that `key_path` ("datasets.acceleration.engine") is present; emits a notice, once per
  // path, when this version does not act on it.
  void Present(const std::string& key_path, const std::string& value, const Location& location);

  // Keeps away notices of `key_path` and of the keys under it, of which the reader warns in its own
  // words.
  void SpeakFor(const std::string& key_path) { spoken_for_.push_back(key_path); }
  void Warn(const Location& location, const std::string& message);

  // Notes that a reader asked for `key_path`.
  void Ask(const std::string& key_path) { asked_.insert(key_path); }
  // Every key path that was asked for, present or not: what this version can read.
  const std::set<std::string>& asked() const { return asked_; }

  std::vector<Diagnostic> TakeDiagnostics() { return std::move(diagnostics_); }

  // Notes a file that the Spicepod has a part of itself in.
  void AddFile(std::string path) { files_.push_back(std::move(path)); }
  const std::vector<std::string>& files() const { return files_; }

 private:
  std::vector<std::string> files_;
  std::optional<Error> error_;
  std::set<std::string> asked_;
  std::set<std::string> noticed_;
  std::vector<std::string> spoken_for_;
  std::vector<Diagnostic> diagnostics_;
};

template <typename T>
using Choices = std::vector<std::pair<const char*, T>>;

class MapReader {
 public:
  // `path` is the key path of the map, `what` names it for people ("dataset 'users'").
  MapReader(ReadContext& context, const YamlNode& node, std::string path, std::string what);

  // Each returns whether the key is present; the target keeps its default when it is not. A wrong
  // type is an error of the context.
  bool String(const char* key, std::string& out);
  bool RequiredString(const char* key, std::string& out);
  bool Boolean(const char* key, bool& out);
  bool Integer(const char* key, std::optional<int64_t>& out, int64_t min);
  bool DurationValue(const char* key, std::optional<Duration>& out);
  bool DurationValue(const char* key, Duration& out);
  bool ByteSize(const char* key, std::optional<uint64_t>& out);
  bool Strings(const char* key, std::vector<std::string>& out);
  bool Parameters(const char* key, ParameterList& out);
  bool FreeForm(const char* key, Metadata& out);
  // Accepts anything under the key.
  bool Ignored(const char* key);

  template <typename T>
  bool Choice(const char* key, const Choices<T>& choices, T& out) {
    std::string text;
    if (!String(key, text)) return false;
    for (const auto& [name, value] : choices) {
      if (text == name) {
        out = value;
        return true;
      }
    }
    std::vector<std::string> names;
    for (const auto& choice : choices) names.emplace_back(choice.first);
    RefuseChoice(key, text, names);
    return true;
  }

  template <typename T>
  bool OptionalChoice(const char* key, const Choices<T>& choices, std::optional<T>& out) {
    T value{};
    if (!Choice(key, choices, value)) return false;
    out = value;
    return true;
  }

  // Calls `read` with the map under the key.
  bool Map(const char* key, const std::function<void(const YamlNode&)>& read);
  // Calls `read` with each element of the list under the key.
  bool List(const char* key, const std::function<void(const YamlNode&)>& read);
  // Calls `read` with each entry of the map under the key; values are scalars.
  bool Entries(const char* key,
               const std::function<void(const std::string&, const YamlNode&)>& read);

  // Reports keys that were not asked for. Call last.
  void Finish();

  ReadContext& context() { return context_; }
  const Location& location() const { return node_.location; }
  const std::string& path() const { return path_; }
  const std::string& what() const { return what_; }
  void set_what(std::string what) { what_ = std::move(what); }
  // Where a key stands, or where the map does when it is absent.
  const Location& LocationOf(const char* key) const;

 private:
  const YamlNode* Find(const char* key);
  const YamlNode* FindOfKind(const char* key, YamlNode::Kind kind, const char* kind_name);
  void Refuse(const Location& location, const char* key, const std::string& takes,
              const std::string& text);
  void RefuseChoice(const char* key, const std::string& text,
                    const std::vector<std::string>& names);

  ReadContext& context_;
  const YamlNode& node_;
  const std::string path_;
  std::string what_;
  std::vector<std::string> known_;
};

}  // namespace sumac::spicepod

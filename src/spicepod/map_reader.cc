#include "spicepod/map_reader.h"

#include <algorithm>

#include "base/nearest_name.h"
#include "base/printable_text.h"
#include "spicepod/acted_on_keys.h"
#include "spicepod/value_text.h"

namespace sumac::spicepod {
namespace {

std::string KindName(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a value";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "nothing";
}

std::string Joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

void ReadContext::Fail(const Location& location, const std::string& message) {
  if (error_) return;
  error_ = UserError(ErrorCode::kInvalidArgument,
                     location.ToString() + ": " + PrintableText(message, kMessageBytesMax));
}

void ReadContext::Present(const std::string& key_path, const std::string& value,
                          const Location& location) {
  const auto is_over = [&](const std::string& path) {
    return key_path == path || key_path.starts_with(path + ".");
  };
  if (std::any_of(spoken_for_.begin(), spoken_for_.end(), is_over)) return;
  if (IsActedOn(key_path, value) || !noticed_.insert(key_path).second) return;
  Diagnostic notice;
  notice.location = location;
  notice.message = "'" + key_path + "' is not acted on by this version of Sumac";
  if (IsActedOnForSomeValues(key_path)) {
    notice.message = "'" + key_path + ": " + value + "' is not acted on by this version of Sumac";
  }
  notice.message = PrintableText(notice.message, kMessageBytesMax);
  diagnostics_.push_back(std::move(notice));
}

void ReadContext::Warn(const Location& location, const std::string& message) {
  Diagnostic warning;
  warning.severity = Diagnostic::Severity::kWarning;
  warning.location = location;
  warning.message = PrintableText(message, kMessageBytesMax);
  diagnostics_.push_back(std::move(warning));
}

MapReader::MapReader(ReadContext& context, const YamlNode& node, std::string path, std::string what)
    : context_(context), node_(node), path_(std::move(path)), what_(std::move(what)) {
  if (node.kind != YamlNode::Kind::kMap) {
    context_.Fail(node.location, what_ + " must be a map of keys, not " + KindName(node.kind));
  }
}

const YamlNode* MapReader::Find(const char* key) {
  known_.emplace_back(key);
  const std::string key_path = path_.empty() ? std::string(key) : path_ + "." + key;
  context_.Ask(key_path);
  for (const auto& [name, value] : node_.entries) {
    if (name.text != key) continue;
    // "key:" with nothing behind it is the same as no key.
    if (value.kind == YamlNode::Kind::kNull) return nullptr;
    context_.Present(key_path, value.text, name.location);
    return &value;
  }
  return nullptr;
}

const Location& MapReader::LocationOf(const char* key) const {
  for (const auto& [name, value] : node_.entries) {
    if (name.text == key) return value.location;
  }
  return node_.location;
}

const YamlNode* MapReader::FindOfKind(const char* key, YamlNode::Kind kind, const char* kind_name) {
  const auto* node = Find(key);
  if (node == nullptr) return nullptr;
  if (node->kind == kind) return node;
  context_.Fail(node->location, "'" + std::string(key) + "' of " + what_ + " must be " + kind_name +
                                    ", not " + KindName(node->kind));
  return nullptr;
}

void MapReader::Refuse(const Location& location, const char* key, const std::string& takes,
                       const std::string& text) {
  context_.Fail(location, "'" + std::string(key) + "' of " + what_ + " takes " + takes + ", not '" +
                              text + "'");
}

void MapReader::RefuseChoice(const char* key, const std::string& text,
                             const std::vector<std::string>& names) {
  std::string message = "'" + std::string(key) + "' of " + what_ + " takes one of " +
                        Joined(names) + ", not '" + text + "'";
  if (const auto nearest = NearestName(text, names)) {
    message += "; did you mean '" + *nearest + "'?";
  }
  context_.Fail(LocationOf(key), message);
}

bool MapReader::String(const char* key, std::string& out) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kScalar, "a string");
  if (node == nullptr) return false;
  out = node->text;
  return true;
}

bool MapReader::RequiredString(const char* key, std::string& out) {
  if (String(key, out) && !out.empty()) return true;
  context_.Fail(LocationOf(key), what_ + " needs '" + key + "'");
  return false;
}

bool MapReader::Boolean(const char* key, bool& out) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kScalar, "true or false");
  if (node == nullptr) return false;
  const auto value = node->quoted ? std::nullopt : ParseBoolean(node->text);
  if (!value) {
    Refuse(node->location, key, "true or false", node->text);
    return true;
  }
  out = *value;
  return true;
}

bool MapReader::Integer(const char* key, std::optional<int64_t>& out, int64_t min) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kScalar, "an integer");
  if (node == nullptr) return false;
  const auto value = ParseInteger(node->text);
  if (!value || *value < min) {
    Refuse(node->location, key, "an integer from " + std::to_string(min), node->text);
    return true;
  }
  out = *value;
  return true;
}

bool MapReader::DurationValue(const char* key, std::optional<Duration>& out) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kScalar, "a duration");
  if (node == nullptr) return false;
  const auto value = ParseDuration(node->text);
  if (!value) {
    Refuse(node->location, key, "a duration like 10s or 1h30m", node->text);
    return true;
  }
  out = *value;
  return true;
}

bool MapReader::DurationValue(const char* key, Duration& out) {
  std::optional<Duration> value;
  const bool present = DurationValue(key, value);
  if (value) out = *value;
  return present;
}

bool MapReader::ByteSize(const char* key, std::optional<uint64_t>& out) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kScalar, "a size");
  if (node == nullptr) return false;
  const auto value = ParseByteSize(node->text);
  if (!value) {
    Refuse(node->location, key, "a size like 128MiB", node->text);
    return true;
  }
  out = *value;
  return true;
}

bool MapReader::Strings(const char* key, std::vector<std::string>& out) {
  out.clear();
  return List(key, [&](const YamlNode& item) {
    if (item.kind != YamlNode::Kind::kScalar) {
      context_.Fail(item.location,
                    "'" + std::string(key) + "' of " + what_ + " must be a list of strings");
      return;
    }
    out.push_back(item.text);
  });
}

bool MapReader::Parameters(const char* key, ParameterList& out) {
  return Entries(key, [&](const std::string& name, const YamlNode& value) {
    out.emplace_back(name, ParameterValue{value.text, value.location});
  });
}

bool MapReader::FreeForm(const char* key, Metadata& out) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kMap, "a map");
  if (node == nullptr) return false;
  for (const auto& [name, value] : node->entries) out[name.text] = value.text;
  return true;
}

bool MapReader::Ignored(const char* key) {
  return Find(key) != nullptr;
}

bool MapReader::Map(const char* key, const std::function<void(const YamlNode&)>& read) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kMap, "a map");
  if (node == nullptr) return false;
  read(*node);
  return true;
}

bool MapReader::List(const char* key, const std::function<void(const YamlNode&)>& read) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kList, "a list");
  if (node == nullptr) return false;
  for (const auto& item : node->items) read(item);
  return true;
}

bool MapReader::Entries(const char* key,
                        const std::function<void(const std::string&, const YamlNode&)>& read) {
  const auto* node = FindOfKind(key, YamlNode::Kind::kMap, "a map");
  if (node == nullptr) return false;
  for (const auto& [name, value] : node->entries) {
    if (value.kind == YamlNode::Kind::kList || value.kind == YamlNode::Kind::kMap) {
      context_.Fail(value.location, "'" + std::string(key) + "." + name.text + "' of " + what_ +
                                        " must be a value, not " + KindName(value.kind));
      return true;
    }
    read(name.text, value);
  }
  return true;
}

void MapReader::Finish() {
  for (const auto& [name, value] : node_.entries) {
    if (std::find(known_.begin(), known_.end(), name.text) != known_.end()) continue;
    std::string message = "unknown key '" + name.text + "' in " + what_;
    if (const auto nearest = NearestName(name.text, known_)) {
      message += "; did you mean '" + *nearest + "'?";
    } else {
      message += "; the keys are " + Joined(known_);
    }
    context_.Fail(name.location, message);
    return;
  }
}

}  // namespace sumac::spicepod

#include "spicepod/yaml_node.h"

#include <set>

#include <yaml-cpp/yaml.h>

namespace sumac::spicepod {
namespace {

// Thrown within this file only, to leave the recursion.
struct Refusal {
  Location location;
  std::string message;
};

class TreeBuilder {
 public:
  explicit TreeBuilder(std::string file_name) : file_name_(std::move(file_name)) {}

  YamlNode Build(const YAML::Node& source, int depth) {
    YamlNode node;
    node.location = Locate(source.Mark());
    if (++nodes_ > kNodesMax) {
      throw Refusal{node.location, "the file has more than 100000 values (aliases counted)"};
    }
    if (depth > kDepthMax) {
      throw Refusal{node.location, "the file nests deeper than 64 levels"};
    }
    switch (source.Type()) {
      case YAML::NodeType::Scalar:
        node.kind = YamlNode::Kind::kScalar;
        node.text = source.Scalar();
        node.quoted = source.Tag() == "!";
        break;
      case YAML::NodeType::Sequence:
        node.kind = YamlNode::Kind::kList;
        for (const auto& item : source) node.items.push_back(Build(item, depth + 1));
        break;
      case YAML::NodeType::Map:
        BuildMap(source, depth, node);
        break;
      default:
        break;
    }
    return node;
  }

  Location Locate(const YAML::Mark& mark) const {
    return {file_name_, mark.line + 1, mark.column + 1};
  }

 private:
  void BuildMap(const YAML::Node& source, int depth, YamlNode& node) {
    node.kind = YamlNode::Kind::kMap;
    std::set<std::string> seen;
    for (const auto& entry : source) {
      YamlNode key = Build(entry.first, depth + 1);
      if (key.kind != YamlNode::Kind::kScalar) throw Refusal{key.location, "a key must be a name"};
      if (!seen.insert(key.text).second) {
        throw Refusal{key.location, "key '" + key.text + "' is given twice"};
      }
      YamlNode value = Build(entry.second, depth + 1);
      // An empty value has no position of its own.
      if (value.kind == YamlNode::Kind::kNull) value.location = key.location;
      node.entries.emplace_back(std::move(key), std::move(value));
    }
  }

  const std::string file_name_;
  size_t nodes_ = 0;
};

tl::unexpected<Error> Refuse(const Location& location, const std::string& message) {
  return Fail(ErrorCode::kInvalidArgument, location.ToString() + ": " + message);
}

}  // namespace

std::string Location::ToString() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Result<YamlNode> ParseYaml(std::string_view text, const std::string& file_name) {
  TreeBuilder builder(file_name);
  const Location start{file_name, 1, 1};
  if (text.size() > kFileBytesMax) return Refuse(start, "the file is larger than 4 MiB");
  // yaml-cpp ends a document at a NUL.
  if (text.find('\0') != std::string_view::npos) return Refuse(start, "the file is no text");
  try {
    const auto documents = YAML::LoadAll(std::string(text));
    if (documents.empty() || documents[0].IsNull()) return Refuse(start, "the file is empty");
    if (documents.size() > 1) {
      return Refuse(builder.Locate(documents[1].Mark()), "the file has more than one document");
    }
    return builder.Build(documents[0], 0);
  } catch (const Refusal& refusal) {
    return Refuse(refusal.location, refusal.message);
  } catch (const YAML::Exception& exception) {
    return Refuse(builder.Locate(exception.mark), "this is no YAML: " + exception.msg);
  } catch (const std::exception& exception) {
    return Refuse(start, std::string("the file cannot be read: ") + exception.what());
  }
}

}  // namespace sumac::spicepod

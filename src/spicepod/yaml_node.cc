#include "spicepod/yaml_node.h"

#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "base/printable_text.h"

namespace sumac::spicepod {
namespace {

// Thrown within this file only, to leave the recursion.
struct Refusal {
  Location location;
  std::string message;
};

size_t CountNodes(const YamlNode& node) {
  size_t count = 1;
  for (const auto& item : node.items) count += CountNodes(item);
  for (const auto& entry : node.entries) count += CountNodes(entry.key) + CountNodes(entry.value);
  return count;
}

// Builds the tree while yaml-cpp reads, so that the bounds hold from the first byte on.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file_name) : file_name_(std::move(file_name)) {}

  YamlNode TakeRoot() { return std::move(root_); }
  const Location& document_start() const { return document_start_; }

  Location Locate(const YAML::Mark& mark) const {
    return {file_name_, mark.line + 1, mark.column + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override { document_start_ = Locate(mark); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(NewNode(YamlNode::Kind::kNull, mark), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = NewNode(YamlNode::Kind::kScalar, mark);
    node.text = value;
    node.quoted = tag == "!";
    Add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refusal{Locate(mark), "an alias cannot stand in itself"};
    CountIn(CountNodes(found->second), Locate(mark));
    Add(found->second, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(NewNode(YamlNode::Kind::kList, mark), anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(NewNode(YamlNode::Kind::kMap, mark), anchor);
  }
  void OnMapEnd() override { Close(); }

 private:
  // A list or a map whose end has not come.
  struct Frame {
    YamlNode node;
    YAML::anchor_t anchor;
    std::optional<YamlNode> key;  // whose value has not come
    std::set<std::string> keys;
  };

  void CountIn(size_t nodes, const Location& location) {
    nodes_ += nodes;
    if (nodes_ > kNodesMax) {
      throw Refusal{location, "the file has more than 100000 values (aliases counted)"};
    }
  }

  YamlNode NewNode(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode node;
    node.kind = kind;
    node.location = Locate(mark);
    CountIn(1, node.location);
    return node;
  }

  void Open(YamlNode node, YAML::anchor_t anchor) {
    if (frames_.size() >= kDepthMax) {
      throw Refusal{node.location, "the file nests deeper than 64 levels"};
    }
    frames_.push_back({std::move(node), anchor, std::nullopt, {}});
  }

  void Close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Add(std::move(frame.node), frame.anchor);
  }

  void Add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == YamlNode::Kind::kList) {
      frame.node.items.push_back(std::move(node));
      return;
    }
    if (!frame.key) {
      if (node.kind != YamlNode::Kind::kScalar) {
        throw Refusal{node.location, "a key must be a name"};
      }
      if (!frame.keys.insert(node.text).second) {
        throw Refusal{node.location, "key '" + node.text + "' is given twice"};
      }
      frame.key = std::move(node);
      return;
    }
    // An empty value has no position of its own.
    if (node.kind == YamlNode::Kind::kNull) node.location = frame.key->location;
    frame.node.entries.push_back({*std::move(frame.key), std::move(node)});
    frame.key.reset();
  }

  const std::string file_name_;
  Location document_start_;
  YamlNode root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  size_t nodes_ = 0;
};

// yaml-cpp says many things of a tab, and none of them is that.
std::optional<int> LineIndentedByTab(std::string_view text) {
  int line = 1;
  bool indentation = true;
  for (const char c : text) {
    if (indentation && c == '\t') return line;
    indentation = c == '\n' || (indentation && c == ' ');
    if (c == '\n') ++line;
  }
  return std::nullopt;
}

tl::unexpected<Error> Refuse(const Location& location, const std::string& message) {
  return Fail(ErrorCode::kInvalidArgument,
              location.ToString() + ": " + PrintableText(message, kMessageBytesMax));
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
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    // One document at a time: YAML::LoadAll never returns for the text ",".
    const bool found = parser.HandleNextDocument(builder);
    YamlNode root = builder.TakeRoot();
    if (!found || root.kind == YamlNode::Kind::kNull) return Refuse(start, "the file is empty");
    if (parser.HandleNextDocument(builder)) {
      return Refuse(builder.document_start(), "the file has more than one document");
    }
    return root;
  } catch (const Refusal& refusal) {
    return Refuse(refusal.location, refusal.message);
  } catch (const YAML::Exception& exception) {
    if (const auto line = LineIndentedByTab(text)) {
      return Refuse({file_name, *line, 1}, "a line begins with a tab; YAML wants blanks");
    }
    return Refuse(builder.Locate(exception.mark), "this is no YAML: " + exception.msg);
  } catch (const std::exception& exception) {
    return Refuse(start, std::string("the file cannot be read: ") + exception.what());
  }
}

}  // namespace sumac::spicepod

#include "cli/spicepod_edit.h"

#include <algorithm>
#include <set>

#include "base/json_text.h"
#include "spicepod/spicepod.h"
#include "spicepod/yaml_node.h"

namespace sumac::cli {
namespace {

using Lines = std::vector<std::string>;

// Without their ends; a '\r' stays.
Lines SplitLines(const std::string& text) {
  Lines lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

size_t IndentOf(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool IsBlank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

// A scalar that YAML reads as this text.
std::string Scalar(const std::string& text) {
  static const std::set<std::string> kOtherTypes = {"~",   "null", "true", "false",
                                                    "yes", "no",   "on",   "off"};
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  const bool plain = !text.empty() && !kOtherTypes.contains(lower) && text.back() != ':' &&
                     std::isalnum(static_cast<unsigned char>(text.front())) != 0 &&
                     std::all_of(text.begin(), text.end(), [](unsigned char c) {
                       return std::isalnum(c) != 0 ||
                              std::string("-_./:@").find(static_cast<char>(c)) != std::string::npos;
                     });
  if (plain) return text;
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

Lines LinesOf(const AddedDataset& dataset, size_t indent) {
  const std::string dash = std::string(indent, ' ') + "- ";
  const std::string inner(indent + 2, ' ');
  Lines lines = {dash + "from: " + Scalar(dataset.from), inner + "name: " + Scalar(dataset.name)};
  if (!dataset.parameters.empty()) lines.push_back(inner + "params:");
  for (const auto& [key, value] : dataset.parameters) {
    lines.push_back(inner + "  " + Scalar(key) + ": " + Scalar(value));
  }
  if (dataset.accelerate) {
    lines.push_back(inner + "acceleration:");
    lines.push_back(inner + "  enabled: true");
  }
  return lines;
}

// Where the new lines go, and how far they are indented.
struct Place {
  size_t line = 0;
  size_t indent = 2;
};

// Behind the last line of the list that begins after the line `key`.
Place PlaceInList(const Lines& lines, size_t key) {
  Place place{key + 1, 2};
  bool has_item = false;
  for (size_t at = key + 1; at < lines.size(); ++at) {
    const auto& line = lines[at];
    if (IsBlank(line)) continue;
    const size_t indent = IndentOf(line);
    const bool is_item = line.compare(indent, 1, "-") == 0;
    const bool is_comment = line[indent] == '#';
    if (!is_comment && indent == 0 && !is_item) break;
    if (is_item && !has_item) {
      has_item = true;
      place.indent = indent;
    }
    // A comment that is not within a dataset may be about what follows the list.
    if (is_comment && (!has_item || indent <= place.indent)) continue;
    place.line = at + 1;
  }
  return place;
}

Result<Place> FindPlace(Lines& lines, const spicepod::YamlNode& root) {
  const auto entry = std::find_if(root.entries.begin(), root.entries.end(),
                                  [](const auto& one) { return one.key.text == "datasets"; });
  if (entry == root.entries.end()) {
    while (!lines.empty() && IsBlank(lines.back())) lines.pop_back();
    lines.insert(lines.end(), {"", "datasets:"});
    return Place{lines.size(), 2};
  }
  const size_t key = static_cast<size_t>(entry->key.location.line) - 1;
  const bool empty = entry->value.items.empty();
  const size_t bracket = lines[key].find('[');
  if (empty && bracket != std::string::npos) {
    const size_t end = lines[key].find(']', bracket);
    if (end != std::string::npos) lines[key].erase(bracket, end + 1 - bracket);
    if (lines[key][bracket - 1] == ' ') lines[key].erase(bracket - 1, 1);
    while (lines[key].ends_with(' ')) lines[key].pop_back();
  }
  return PlaceInList(lines, key);
}

bool SameName(const std::string& left, const std::string& right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](unsigned char a, unsigned char b) {
           return std::tolower(a) == std::tolower(b);
         });
}

Status RefuseTaken(const spicepod::Spicepod& pod, const std::string& name) {
  const auto refuse = [&name](const char* what, const spicepod::Location& location) {
    return Fail(ErrorCode::kInvalidArgument, location.ToString() + " has a " + what + " '" + name +
                                                 "' already; choose another name with --name");
  };
  for (const auto& dataset : pod.datasets) {
    if (SameName(dataset.name, name)) return refuse("dataset", dataset.location);
  }
  for (const auto& view : pod.views) {
    if (SameName(view.name, name)) return refuse("view", view.location);
  }
  return {};
}

// Whether `after` is `before` with the dataset at its end.
bool IsWith(const spicepod::Spicepod& after, const spicepod::Spicepod& before,
            const AddedDataset& dataset) {
  if (after.datasets.size() != before.datasets.size() + 1) return false;
  if (after.views.size() != before.views.size() || after.name != before.name) return false;
  for (size_t i = 0; i < before.datasets.size(); ++i) {
    if (after.datasets[i].name != before.datasets[i].name) return false;
    if (after.datasets[i].params.size() != before.datasets[i].params.size()) return false;
  }
  const auto& added = after.datasets.back();
  if (added.from != dataset.from || added.name != dataset.name) return false;
  if (added.acceleration.has_value() != dataset.accelerate) return false;
  return std::equal(added.params.begin(), added.params.end(), dataset.parameters.begin(),
                    dataset.parameters.end(), [](const auto& left, const auto& right) {
                      return left.first == right.first && left.second.text == right.second;
                    });
}

std::string Joined(const Lines& lines, const std::string& end) {
  std::string text;
  for (const auto& line : lines) text += line + end;
  return text;
}

}  // namespace

Result<std::string> AddDataset(const std::string& text, const std::string& file_name,
                               const std::string& directory, const AddedDataset& dataset) {
  SUMAC_ASSIGN_OR_RETURN(const auto before, spicepod::ParseSpicepod(text, file_name, directory));
  SUMAC_RETURN_IF_ERROR(RefuseTaken(before.pod, dataset.name));
  SUMAC_ASSIGN_OR_RETURN(const auto root, spicepod::ParseYaml(text, file_name));
  const bool carriage_returns = text.find("\r\n") != std::string::npos;
  Lines lines = SplitLines(text);
  for (auto& line : lines) {
    if (carriage_returns && line.ends_with('\r')) line.pop_back();
  }
  SUMAC_ASSIGN_OR_RETURN(const auto place, FindPlace(lines, root));
  const Lines added = LinesOf(dataset, place.indent);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place.line), added.begin(), added.end());
  std::string changed = Joined(lines, carriage_returns ? "\r\n" : "\n");
  const auto after = spicepod::ParseSpicepod(changed, file_name, directory);
  // Flow style, anchors, and what else lines cannot be added to.
  if (!after || !IsWith(after->pod, before.pod, dataset)) {
    return Fail(ErrorCode::kUnsupported,
                file_name +
                    " writes its datasets in a way that lines cannot be added to; it was "
                    "left as it is. Add this yourself:\n" +
                    Joined(LinesOf(dataset, 2), "\n"));
  }
  return changed;
}

}  // namespace sumac::cli

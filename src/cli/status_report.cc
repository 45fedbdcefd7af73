#include "cli/status_report.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/printable_text.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

using server::ListedComponent;

constexpr size_t kStatusBytes = 200;

std::string TextReport(const std::vector<ListedComponent>& rows) {
  size_t name_width = 0;
  size_t endpoint_width = 0;
  for (const auto& row : rows) {
    name_width = std::max<size_t>(name_width, engine::DisplayWidth(row.name));
    endpoint_width = std::max<size_t>(endpoint_width, engine::DisplayWidth(row.endpoint));
  }
  std::string text;
  for (const auto& row : rows) {
    text += row.name + std::string(name_width - engine::DisplayWidth(row.name) + 2, ' ');
    text +=
        row.endpoint + std::string(endpoint_width - engine::DisplayWidth(row.endpoint) + 2, ' ');
    // No line ends in blanks.
    text += (row.status.empty() ? "-" : row.status) + "\n";
  }
  return text;
}

std::string JsonReport(const std::vector<ListedComponent>& rows) {
  std::string text = "[";
  for (const auto& row : rows) {
    text += text.size() > 1 ? ",{" : "{";
    const auto append = [&text](const char* name, const std::string& value) {
      if (text.back() != '{') text += ',';
      AppendJsonString(name, text);
      text += ':';
      AppendJsonString(value, text);
    };
    append("name", row.name);
    append("endpoint", row.endpoint);
    append("status", row.status);
    text += '}';
  }
  return text + "]\n";
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + "\"";
}

}  // namespace

std::string StatusReport(const std::vector<ListedComponent>& components, bool ready,
                         StatusFormat format) {
  std::vector<ListedComponent> rows;
  for (const auto& component : components) {
    rows.push_back({PrintableText(component.name, kStatusBytes),
                    PrintableText(component.endpoint, kStatusBytes),
                    PrintableText(component.status, kStatusBytes)});
  }
  rows.push_back({"datasets", "N/A", ready ? "Ready" : "NotReady"});
  if (format == StatusFormat::kJson) return JsonReport(rows);
  if (format == StatusFormat::kText) {
    rows.insert(rows.begin(), {"NAME", "ENDPOINT", "STATUS"});
    return TextReport(rows);
  }
  std::string text = "name,endpoint,status\n";
  for (const auto& row : rows) {
    text += CsvField(row.name) + "," + CsvField(row.endpoint) + "," + CsvField(row.status) + "\n";
  }
  return text;
}

}  // namespace sumac::cli

#include "server/http/listing_reply.h"

#include <fmt/format.h>

#include "base/json_text.h"
#include "engine/results/csv_writer.h"
#include "server/http/error_reply.h"

namespace sumac::server {
namespace {

std::string CsvText(const Listing& listing) {
  std::string text = fmt::format("{}\n", fmt::join(listing.columns, ","));
  for (const auto& row : listing.rows) {
    std::string_view separator;
    for (const auto& value : row) {
      text += separator;
      separator = ",";
      if (const auto* number = std::get_if<uint64_t>(&value)) {
        text += fmt::to_string(*number);
      } else {
        engine::AppendCsvField(std::get<std::string>(value), text);
      }
    }
    text += '\n';
  }
  return text;
}

std::string JsonText(const Listing& listing) {
  std::string text = "[";
  for (const auto& row : listing.rows) {
    text += text.size() == 1 ? "{" : ",{";
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      AppendJsonString(listing.columns[i], text);
      text += ':';
      if (const auto* number = std::get_if<uint64_t>(&row[i])) {
        text += fmt::to_string(*number);
      } else {
        AppendJsonString(std::get<std::string>(row[i]), text);
      }
    }
    text += '}';
  }
  return text + "]";
}

std::vector<Listing::Value> Component(std::string name, std::string address) {
  const bool listens = !address.empty();
  return {std::move(name), listens ? std::move(address) : std::string("N/A"),
          std::string(listens ? "Ready" : "Disabled")};
}

}  // namespace

HttpReply ListingReply(const Listing& listing, const std::map<std::string, std::string>& query) {
  const auto format = query.find("format");
  const bool csv = format != query.end() && format->second == "csv";
  if (format != query.end() && !csv && format->second != "json" && !format->second.empty()) {
    return TextReply(400, "format is \"json\" or \"csv\", not \"" + format->second + "\".");
  }
  HttpReply reply;
  reply.content_type = csv ? "text/csv; charset=utf-8" : kApplicationJson;
  reply.body = csv ? CsvText(listing) : JsonText(listing);
  return reply;
}

Listing ListComponents(const Components& components) {
  return {{"name", "endpoint", "status"},
          {Component("http", components.AddressOf(Interface::kSql)),
           Component("flight", components.AddressOf(Interface::kFlight)),
           Component("metrics", components.AddressOf(Interface::kMetrics)),
           Component("opentelemetry", "")}};
}

Listing ListSpicepods(const SpicepodSummary& spicepod) {
  return {{"name", "version", "datasets_count", "models_count", "dependencies_count"},
          {{spicepod.name, spicepod.version, spicepod.datasets, uint64_t{0}, uint64_t{0}}}};
}

Listing ListCatalogs() {
  return {{"from", "name"}, {}};
}

}  // namespace sumac::server

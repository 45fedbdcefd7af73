#include "datasets/file_parameters.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <duckdb/common/string_util.hpp>

namespace sumac::datasets {
namespace {

using engine::FileFormat;
using Parameters = std::map<std::string, SecretString>;

constexpr int64_t kSampledRowsMax = 1'000'000'000;

struct Format {
  FileFormat format;
  const char* name;
  // The first is the one to write.
  std::vector<std::string> suffixes;
};

const std::vector<Format>& Formats() {
  static const std::vector<Format> formats = {
      {FileFormat::kParquet, "parquet", {".parquet"}},
      {FileFormat::kCsv, "csv", {".csv", ".csv.gz", ".csv.zst", ".tsv", ".tsv.gz", ".tsv.zst"}},
      {FileFormat::kJson, "json", {".json", ".json.gz", ".json.zst"}},
      {FileFormat::kJsonLines,
       "jsonl",
       {".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst"}},
  };
  return formats;
}

bool HasSuffixOf(const std::string& path, const Format& format) {
  const auto name = duckdb::StringUtil::Lower(path);
  return std::any_of(format.suffixes.begin(), format.suffixes.end(),
                     [&](const auto& suffix) { return name.ends_with(suffix); });
}

bool IsTabSeparated(const std::string& path) {
  return duckdb::StringUtil::Lower(path).find(".tsv") != std::string::npos;
}

const SecretString* Find(const Parameters& parameters, const char* name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? nullptr : &found->second;
}

tl::unexpected<Error> Refuse(const std::string& name, const std::string& takes,
                             const std::string& text) {
  return Fail(ErrorCode::kInvalidArgument,
              "parameter '" + name + "' takes " + takes + ", not '" + text + "'");
}

Status ReadBoolean(const Parameters& parameters, const char* name, bool& out) {
  const auto* value = Find(parameters, name);
  if (value == nullptr) return {};
  if (value->Reveal() != "true" && value->Reveal() != "false") {
    return Refuse(name, "true or false", value->Reveal());
  }
  out = value->Reveal() == "true";
  return {};
}

// One character; in a quote also none.
Status ReadCharacter(const Parameters& parameters, const char* name, bool may_be_none,
                     std::string& out) {
  const auto* value = Find(parameters, name);
  if (value == nullptr) return {};
  std::string text = value->Reveal();
  // As one writes it in YAML without quotes.
  if (text == "\\t") text = "\t";
  const bool is_character = text.size() == 1 && text != "\n" && text != "\r" && text[0] != '\0';
  if (!is_character && !(may_be_none && text.empty())) {
    return Refuse(name, "one character", value->Reveal());
  }
  out = text;
  return {};
}

Status ReadSampledRows(const Parameters& parameters, const char* name,
                       std::optional<int64_t>& out) {
  const auto* value = Find(parameters, name);
  if (value == nullptr) return {};
  const std::string& text = value->Reveal();
  int64_t rows = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, rows);
  if (text == "all") {
    out = -1;
  } else if (error == std::errc() && end == last && rows >= 1 && rows <= kSampledRowsMax) {
    out = rows;
  } else {
    return Refuse(name, "an integer from 1 to " + std::to_string(kSampledRowsMax) + " or 'all'",
                  text);
  }
  return {};
}

// The one that `file_format` names; null when it is not given.
Result<const Format*> GivenFormat(const Parameters& parameters) {
  const auto* value = Find(parameters, "format");
  if (value == nullptr) return nullptr;
  const std::string text = duckdb::StringUtil::Lower(value->Reveal());
  for (const auto& format : Formats()) {
    if (text == format.name || (text == "ndjson" && format.format == FileFormat::kJsonLines)) {
      return &format;
    }
  }
  return Refuse("file_format", "parquet, csv, json or jsonl", value->Reveal());
}

// The one format that names of the files end with.
Result<const Format*> FormatByName(const engine::FileSet& files,
                                   const std::vector<std::string>& paths) {
  std::set<const Format*> found;
  for (const auto& path : paths) {
    for (const auto& format : Formats()) {
      if (HasSuffixOf(path, format)) found.insert(&format);
    }
  }
  if (found.size() == 1) return *found.begin();
  return Fail(ErrorCode::kInvalidArgument, "'" + files.path + "' " +
                                               (found.empty() ? "does not say what format it has"
                                                              : "has files of several formats") +
                                               "; set file_format to parquet, csv, json or jsonl");
}

Status ReadCsvParameters(const Parameters& parameters, engine::FileTable& table) {
  SUMAC_RETURN_IF_ERROR(ReadBoolean(parameters, "csv_has_header", table.csv_has_header));
  SUMAC_RETURN_IF_ERROR(ReadCharacter(parameters, "csv_delimiter", false, table.csv_delimiter));
  SUMAC_RETURN_IF_ERROR(ReadCharacter(parameters, "csv_quote", true, table.csv_quote));
  // A quote inside of quotes is written twice unless something else is said.
  table.csv_escape = table.csv_quote;
  return ReadCharacter(parameters, "csv_escape", true, table.csv_escape);
}

}  // namespace

const std::vector<spicepod::ParameterSpecification>& FileParameterSpecifications() {
  using Prefix = spicepod::ParameterSpecification::Prefix;
  static const std::vector<spicepod::ParameterSpecification> specifications = {
      {"format", Prefix::kRequired, false, true},
      {"csv_has_header", Prefix::kOptional, false, true},
      {"csv_delimiter", Prefix::kOptional, false, true},
      {"csv_quote", Prefix::kOptional, false, true},
      {"csv_escape", Prefix::kOptional, false, true},
      {"csv_schema_infer_max_records", Prefix::kOptional, false, true},
      {"schema_infer_max_records", Prefix::kOptional, false, true},
      {"hive_partitioning_enabled", Prefix::kOptional, false, true},
      // Spice's that are known and not acted on.
      {"compression_type", Prefix::kRequired, false, false},
      {"extension", Prefix::kRequired, false, false},
      {"schema_source_path", Prefix::kOptional, false, false},
  };
  return specifications;
}

Result<engine::FileTable> MakeFileTable(const std::map<std::string, SecretString>& parameters,
                                        engine::FileSet files) {
  SUMAC_ASSIGN_OR_RETURN(const Format* format, GivenFormat(parameters));
  SUMAC_ASSIGN_OR_RETURN(auto paths, engine::ListFiles(files));
  if (format == nullptr) {
    SUMAC_ASSIGN_OR_RETURN(format, FormatByName(files, paths));
  }
  engine::FileTable table;
  table.format = format->format;
  table.files = std::move(files);
  // Files of another format may lie in a folder beside those that are meant; where the names say
  // nothing, all are meant.
  const bool named = std::any_of(paths.begin(), paths.end(),
                                 [&](const auto& path) { return HasSuffixOf(path, *format); });
  if (table.files.kind == engine::FileSet::Kind::kFolder && named) {
    table.files.suffixes = format->suffixes;
  }
  // An empty file of text has no rows; a Parquet file of no bytes is broken.
  table.files.skips_empty = table.format != FileFormat::kParquet;
  if (std::all_of(paths.begin(), paths.end(), IsTabSeparated)) table.csv_delimiter = "\t";
  SUMAC_RETURN_IF_ERROR(ReadCsvParameters(parameters, table));
  SUMAC_RETURN_IF_ERROR(
      ReadSampledRows(parameters, "schema_infer_max_records", table.sampled_rows));
  if (table.format == FileFormat::kCsv) {
    SUMAC_RETURN_IF_ERROR(
        ReadSampledRows(parameters, "csv_schema_infer_max_records", table.sampled_rows));
  }
  SUMAC_RETURN_IF_ERROR(
      ReadBoolean(parameters, "hive_partitioning_enabled", table.hive_partitioning));
  return table;
}

}  // namespace sumac::datasets

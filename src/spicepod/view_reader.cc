#include <filesystem>
#include <fstream>

#include "spicepod/readers.h"

namespace sumac::spicepod {
namespace {

namespace fs = std::filesystem;

std::string Trimmed(const std::string& text) {
  constexpr char kBlanks[] = " \t\r\n\v\f";
  const size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(kBlanks) + 1 - start);
}

Result<std::string> ReadSqlFile(const fs::path& path) {
  std::error_code ignored;
  // The stream of a folder opens, and that of a pipe waits for ever.
  const bool regular = fs::is_regular_file(path, ignored);
  std::ifstream file;
  if (regular) file.open(path, std::ios::binary);
  if (!file.is_open()) {
    return Fail(ErrorCode::kNotFound, "the file " + path.string() + " cannot be read");
  }
  // One byte more than is allowed, so that a longer file is seen as such.
  std::string text(kSqlFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kSqlFileBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, "the file " + path.string() + " has more than " +
                                                 std::to_string(kSqlFileBytesMax) + " bytes");
  }
  text = Trimmed(text);
  if (text.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the file " + path.string() + " has no SQL");
  }
  return text;
}

void ReadSql(ReadContext& context, MapReader& reader, const std::string& directory, View& out) {
  const bool sql = reader.String("sql", out.sql);
  const bool sql_ref = reader.String("sql_ref", out.sql_ref);
  if (sql == sql_ref) {
    context.Fail(reader.location(), reader.what() + " needs either 'sql' or 'sql_ref'");
  } else if (sql_ref) {
    const auto path = fs::path(directory) / out.sql_ref;
    context.AddFile(path.string());
    auto text = ReadSqlFile(path);
    if (text) {
      out.sql = std::move(*text);
    } else {
      context.Fail(reader.LocationOf("sql_ref"),
                   "'sql_ref' of " + reader.what() + ": " + text.error().message);
    }
  }
}

}  // namespace

View ReadView(ReadContext& context, const YamlNode& node, const std::string& directory) {
  MapReader reader(context, node, "views", "a view");
  View out;
  out.location = node.location;
  reader.RequiredString("name", out.name);
  if (!out.name.empty()) reader.set_what("view '" + out.name + "'");
  CheckName(reader, out.name);
  reader.String("description", out.description);
  reader.FreeForm("metadata", out.metadata);
  out.columns = ReadColumns(reader);
  ReadSql(context, reader, directory, out);
  reader.Choice("ready_state", ReadyStates(), out.ready_state);
  reader.Ignored("vectors");
  reader.Strings("dependsOn", out.depends_on);
  context.SpeakFor("views.acceleration");
  reader.Map("acceleration", [&](const YamlNode& acceleration) {
    out.acceleration = ReadAcceleration(context, acceleration, "views.acceleration", reader.what());
    if (!out.acceleration->enabled) return;
    context.Warn(acceleration.location, reader.what() +
                                            " is served without acceleration, which "
                                            "this version of Sumac has not for views");
  });
  reader.Finish();
  return out;
}

}  // namespace sumac::spicepod

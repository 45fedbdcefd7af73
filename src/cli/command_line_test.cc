#include "cli/command_line.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

SqlOptions Sql(const std::vector<std::string>& arguments) {
  const auto line = ParseCommandLine(arguments);
  EXPECT_TRUE(line.has_value()) << line.error().message;
  return line ? std::get<SqlOptions>(line->command) : SqlOptions{};
}

TEST(CommandLine, ReadsSql) {
  const auto options = Sql({"sql", "--from", "dynamodb:users", "--param", "endpoint_url=http://h:1",
                            "--param", "a=b=c", "-c", "SELECT 1", "--format", "csv"});
  EXPECT_EQ(options.command, "SELECT 1");
  EXPECT_EQ(options.from, std::vector<std::string>{"dynamodb:users"});
  EXPECT_EQ(options.parameters, (std::vector<std::pair<std::string, std::string>>{
                                    {"endpoint_url", "http://h:1"}, {"a", "b=c"}}));
  EXPECT_EQ(options.format, engine::ResultFormat::kCsv);
  EXPECT_FALSE(Sql({"sql"}).command.has_value());
  EXPECT_EQ(Sql({"sql", "-c", ""}).command, "");
  EXPECT_EQ(Sql({"sql", "-f", "-"}).file, "-");
}

TEST(CommandLine, ReadsTimeoutAndProgress) {
  EXPECT_FALSE(Sql({"sql"}).timeout.has_value());
  EXPECT_EQ(Sql({"sql", "--timeout", "1m 30s"}).timeout, std::chrono::seconds(90));
  EXPECT_FALSE(Sql({"sql"}).progress.has_value());
  EXPECT_EQ(Sql({"sql", "--progress"}).progress, true);
  EXPECT_EQ(Sql({"sql", "--no-progress"}).progress, false);
  EXPECT_FALSE(ParseCommandLine({"sql", "--progress", "--no-progress"}).has_value());
  EXPECT_FALSE(Sql({"sql"}).explain_requests);
  EXPECT_TRUE(Sql({"sql", "--explain-requests"}).explain_requests);
}

TEST(CommandLine, ReadsRun) {
  const auto line =
      ParseCommandLine({"run", "folder", "--http", "0.0.0.0:80", "--metrics", "127.0.0.1:9090"});
  ASSERT_TRUE(line.has_value());
  const auto& options = std::get<RunOptions>(line->command);
  EXPECT_EQ(options.spicepod_path, "folder");
  EXPECT_EQ(options.http_address, "0.0.0.0:80");
  EXPECT_EQ(options.metrics_address, "127.0.0.1:9090");
  const auto plain = std::get<RunOptions>(ParseCommandLine({"run"})->command);
  EXPECT_EQ(plain.metrics_address, "");
  EXPECT_FALSE(plain.watches_pod);
  // "=true" is how Spice's is written.
  for (const char* flag :
       {"--pods-watcher", "--pods-watcher-enabled", "--pods-watcher-enabled=true"}) {
    EXPECT_TRUE(std::get<RunOptions>(ParseCommandLine({"run", flag})->command).watches_pod) << flag;
  }
}

TEST(CommandLine, ReadsCredentials) {
  const auto line = ParseCommandLine({"credentials", "--explain", "--dataset", "users"});
  ASSERT_TRUE(line.has_value());
  const auto& options = std::get<CredentialsOptions>(line->command);
  EXPECT_TRUE(options.explain);
  EXPECT_EQ(options.dataset, "users");
  EXPECT_FALSE(ParseCommandLine({"credentials", "--dataset", "a", "--region", "b"}).has_value());
}

TEST(CommandLine, ReadsSchema) {
  const auto read = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "schema");
    const auto line = ParseCommandLine(arguments);
    EXPECT_TRUE(line.has_value()) << line.error().message;
    return line ? std::get<SchemaOptions>(line->command) : SchemaOptions{};
  };
  EXPECT_EQ(read({"app"}).name, "app");
  EXPECT_FALSE(read({"app"}).records_given);
  EXPECT_EQ(read({"app", "--records", "7"}).items_max, 7u);
  EXPECT_TRUE(read({"app", "--records", "all"}).records_given);
  EXPECT_FALSE(read({"app", "--records", "all"}).items_max.has_value());
  EXPECT_TRUE(read({"--views", "app"}).views);
  const auto from = read({"--from", "dynamodb:app", "--param", "a=b"});
  EXPECT_EQ(from.from, "dynamodb:app");
  EXPECT_EQ(from.parameters.size(), 1u);
}

TEST(CommandLine, ReadsDatasets) {
  const auto read = [](const std::vector<std::string>& arguments) {
    const auto line = ParseCommandLine(arguments);
    EXPECT_TRUE(line.has_value()) << line.error().message;
    return line ? std::get<DatasetsOptions>(line->command) : DatasetsOptions{};
  };
  EXPECT_EQ(read({"datasets"}).http_address, "http://127.0.0.1:8090");
  EXPECT_EQ(read({"datasets"}).refresh_schema, "");
  EXPECT_EQ(read({"datasets", "refresh-schema", "users"}).refresh_schema, "users");
  EXPECT_EQ(read({"datasets", "refresh-schema", "users", "--http", "h:1"}).http_address, "h:1");
  EXPECT_EQ(read({"datasets", "--http", "h:1", "refresh-schema", "users"}).http_address, "h:1");
  EXPECT_FALSE(ParseCommandLine({"datasets", "refresh-schema"}).has_value());
}

TEST(CommandLine, ReadsRefresh) {
  const auto read = [](const std::vector<std::string>& arguments) {
    const auto line = ParseCommandLine(arguments);
    EXPECT_TRUE(line.has_value()) << line.error().message;
    return line ? std::get<RefreshOptions>(line->command) : RefreshOptions{};
  };
  const auto plain = read({"refresh", "users"});
  EXPECT_EQ(plain.name, "users");
  EXPECT_EQ(plain.http_address, "http://127.0.0.1:8090");
  EXPECT_FALSE(plain.refresh_sql.has_value());
  EXPECT_FALSE(plain.refresh_mode.has_value());
  EXPECT_FALSE(plain.wait);
  const auto all = read(
      {"refresh", "--sql", "SELECT 1", "--mode", "append", "--wait", "--http", "h:1", "users"});
  EXPECT_EQ(all.refresh_sql, "SELECT 1");
  EXPECT_EQ(all.refresh_mode, "append");
  EXPECT_TRUE(all.wait);
  EXPECT_EQ(all.http_address, "h:1");
  EXPECT_EQ(read({"refresh", "users", "--refresh-mode", "full"}).refresh_mode, "full");
  EXPECT_EQ(read({"refresh", "users", "--refresh-sql", "SELECT 2"}).refresh_sql, "SELECT 2");
  EXPECT_FALSE(ParseCommandLine({"refresh"}).has_value());
}

TEST(CommandLine, EveryCommandTakesALogLevel) {
  for (const char* command : {"sql", "run", "init", "credentials", "datasets"}) {
    const auto line = ParseCommandLine({command, "--log-level", "trace"});
    ASSERT_TRUE(line.has_value()) << command;
    EXPECT_EQ(line->log_level, LogLevel::kTrace);
  }
  EXPECT_EQ(ParseCommandLine({"schema", "app", "--log-level", "trace"})->log_level,
            LogLevel::kTrace);
  EXPECT_EQ(ParseCommandLine({"sql", "-v"})->log_level, LogLevel::kInfo);
  EXPECT_EQ(ParseCommandLine({"run", "-v"})->log_level, LogLevel::kDebug);
  EXPECT_FALSE(ParseCommandLine({"sql"})->log_level.has_value());
}

TEST(CommandLine, RefusesInOneLine) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{"sql", "--fromat", "csv"},
       "unknown argument '--fromat'; did you mean '--format'?; see sumac sql --help"},
      {{"sgl"}, "unknown argument 'sgl'; did you mean 'sql'?; see sumac --help"},
      {{"sql", "--format", "xml"},
       "--format takes table, csv, json or jsonl, not 'xml'; see sumac sql --help"},
      {{"refresh", "users", "--mode", "changes"},
       "--mode takes full or append, not 'changes'; see sumac refresh --help"},
      {{"schema"}, "schema takes the name of a dataset, or --from; see sumac schema --help"},
      {{"schema", "app", "--records", "0"},
       "--records takes a number from 1 or 'all', not '0'; see sumac schema --help"},
      {{"schema", "app", "--records", "1k"},
       "--records takes a number from 1 or 'all', not '1k'; see sumac schema --help"},
      {{"sql", "--log-level", "loud"},
       "--log-level takes error, warn, info, debug or trace, not 'loud'; see sumac sql --help"},
      {{"sql", "--timeout", "soon"},
       "--timeout takes a duration from 1ms to 365d, such as 30s, not 'soon'; see sumac sql "
       "--help"},
      {{"sql", "--timeout", "0"},
       "--timeout takes a duration from 1ms to 365d, such as 30s, not '0'; see sumac sql --help"},
      {{"sql", "--from", "dynamodb:a", "--param", "nothing"},
       "--param takes key=value, not 'nothing'; see sumac sql --help"},
      {{"sql", "--from", "dynamodb:a", "--from", "dynamodb:b", "--name", "c"},
       "--name needs a single --from; see sumac sql --help"},
  };
  for (const auto& one : cases) {
    const auto line = ParseCommandLine(one.arguments);
    ASSERT_FALSE(line.has_value()) << one.message;
    EXPECT_EQ(line.error().message, one.message);
  }
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"sql", "-c", "x", "-f", "y"},
        {"sql", "--param", "a=b"},
        {"sql", "--spicepod", "x", "--from", "dynamodb:a"},
        {"sql", "-c"}}) {
    const auto line = ParseCommandLine(arguments);
    ASSERT_FALSE(line.has_value());
    EXPECT_EQ(line.error().message.find('\n'), std::string::npos);
  }
}

TEST(CommandLine, PrintsHelpAndVersion) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"--help"}, {"sql", "--help"}, {"--version"}}) {
    const auto line = ParseCommandLine(arguments);
    ASSERT_TRUE(line.has_value());
    EXPECT_NE(std::get<PrintText>(line->command).text.find("umac"), std::string::npos);
  }
}

}  // namespace
}  // namespace sumac::cli

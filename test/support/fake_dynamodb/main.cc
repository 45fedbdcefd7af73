// The fake DynamoDB as a program, for tests that run Sumac as one.
//
//   fake_dynamodb_server [CONFIGURATION_FILE]
//
// Takes its configuration (see server_configuration.h) from the file, or else from the first line
// of standard input. Prints "ready http://127.0.0.1:PORT", then one line of JSON for each request,
// before the answer to it goes out. Each further line of standard input is a fault to come, and is
// confirmed with the line "fault", or the word "statistics", which is answered with that word and
// what reads were answered since the last time (see ReadLog::Take). Ends when standard input
// closes, so it cannot outlive the program that started it; exit code 2 for what it does not
// understand.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <string>

#include "fake_dynamodb/server_configuration.h"

namespace sumac::fake_dynamodb {
namespace {

// Whole lines, though many threads print.
void PrintLine(std::string line) {
  static std::mutex mutex;
  line += '\n';
  std::lock_guard lock(mutex);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

int Complain(const Error& error) {
  std::fprintf(stderr, "fake_dynamodb_server: %s\n", error.message.c_str());
  return 2;
}

Result<std::string> ReadConfigurationText(int argument_count, char** arguments) {
  std::string text;
  if (argument_count > 1) {
    std::ifstream file(arguments[1]);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) return Fail(ErrorCode::kNotFound, std::string("cannot read ") + arguments[1]);
  } else {
    std::getline(std::cin, text);
  }
  return text;
}

int Main(int argument_count, char** arguments) {
  const auto text = ReadConfigurationText(argument_count, arguments);
  if (!text) return Complain(text.error());
  auto configuration = ParseServerConfiguration(*text);
  if (!configuration) return Complain(configuration.error());

  const SystemClock system_clock;
  const OffsetClock clock(system_clock, configuration->clock_offset);
  FakeOptions options;
  options.signers = std::move(configuration->signers);
  options.clock = &clock;
  options.signature_age_max = configuration->signature_age_max;
  options.requests_recorded_max = 0;
  options.check_signatures = configuration->check_signatures;
  options.connections_max = configuration->connections_max;
  options.service = std::move(configuration->service);
  if (configuration->gzip) options.compression = Compression::kWhenAccepted;
  if (configuration->log_requests) {
    options.on_answer = [](const auto& request) { PrintLine(RenderAnsweredRequest(request)); };
  }
  auto fake = FakeDynamodb::Start(std::move(options));
  if (!fake) return Complain(fake.error());
  for (auto& table : configuration->tables) {
    const auto read = ReadItemsFile(table);
    if (!read) return Complain(read.error());
    const auto added = (*fake)->AddTable(std::move(table.definition));
    if (!added) return Complain(added.error());
  }
  for (auto& order : configuration->faults) Apply(std::move(order), (*fake)->faults());
  PrintLine("ready " + (*fake)->endpoint_url());

  std::string line;
  while (std::getline(std::cin, line)) {
    if (line == "statistics") {
      PrintLine("statistics " + (*fake)->TakeReadLog());
      continue;
    }
    auto order = ParseFaultOrder(line);
    if (!order) return Complain(order.error());
    Apply(std::move(*order), (*fake)->faults());
    PrintLine("fault");
  }
  (*fake)->Stop();
  return 0;
}

}  // namespace
}  // namespace sumac::fake_dynamodb

int main(int argument_count, char** arguments) {
  return sumac::fake_dynamodb::Main(argument_count, arguments);
}

// Feeds any bytes to what reads configuration: the Spicepod reader, its secrets and its parameters,
// and the dotenv reader. Nothing may crash; an error is one line that says where.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "spicepod/dotenv.h"
#include "spicepod/parameters.h"
#include "spicepod/secrets.h"
#include "spicepod/spicepod.h"

namespace {

using sumac::spicepod::ParameterSpecification;

// No file of this machine may be reached from an input.
constexpr char kNowhere[] = "/nonexistent";

void CheckMessage(const std::string& message, std::string_view start) {
  if (message.find('\n') != std::string::npos) std::abort();
  if (message.compare(0, start.size(), start) != 0) std::abort();
}

bool OpensAFile(const sumac::spicepod::Spicepod& pod) {
  for (const auto& store : pod.secrets) {
    if (!store.params.empty()) return true;
  }
  return false;
}

void UseParameters(const sumac::spicepod::Spicepod& pod) {
  static const std::vector<ParameterSpecification> known = {
      {"aws_region", ParameterSpecification::Prefix::kRequired, false, true},
      {"endpoint_url", ParameterSpecification::Prefix::kOptional, false, true},
      {"aws_auth", ParameterSpecification::Prefix::kRequired, false, false}};
  if (OpensAFile(pod)) return;
  const auto secrets =
      sumac::spicepod::SecretResolver::Create(pod.secrets, kNowhere, {{"NAME", "value"}});
  for (const auto& dataset : pod.datasets) {
    const auto checked =
        sumac::spicepod::CheckParameters(dataset.name, dataset.params, "dynamodb", known);
    if (!secrets) continue;
    for (const auto& [name, value] : dataset.params) {
      const auto resolved = secrets->Resolve(value.text);
      // Without a reference a value stays as it is.
      if (value.text.find("${") == std::string::npos &&
          (!resolved || resolved->value.Reveal() != value.text)) {
        std::abort();
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = sumac::spicepod::ParseSpicepod(text, "pod.yaml", kNowhere);
  if (loaded) {
    UseParameters(loaded->pod);
  } else {
    CheckMessage(loaded.error().message, "pod.yaml:");
  }
  const auto variables = sumac::spicepod::ParseDotenv(text, ".env");
  if (!variables) CheckMessage(variables.error().message, ".env:");
  return 0;
}

// Parameters of prepared statements, as a client of Flight may send them. An input is messages,
// each a header and a body with its length in two bytes before it.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/results/arrow/arrow_parameters.h"

namespace {

std::string_view TakePart(std::string_view& input) {
  if (input.size() < 2) return std::exchange(input, {});
  const size_t size = static_cast<uint8_t>(input[0]) | static_cast<uint8_t>(input[1]) << 8;
  input.remove_prefix(2);
  const std::string_view part = input.substr(0, size);
  input.remove_prefix(part.size());
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  sumac::engine::ArrowParameterReader reader;
  while (!input.empty()) {
    const std::string_view header = TakePart(input);
    const std::string_view body = TakePart(input);
    if (!reader.Read(header, body)) break;
  }
  const auto parameters = reader.Take();
  // A value has to be one that the engine can print.
  for (const auto& value : parameters.values) static_cast<void>(value.ToString().size());
  return 0;
}

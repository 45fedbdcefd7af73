// Writes the items of a shape, one a line, as many as make the wanted number of pages: what the
// replay server serves.
//
//   write_items SHAPE PAGES SEED > FILE
#include <cstdio>
#include <cstdlib>

#include "page_shapes.h"

namespace sumac::bench {
namespace {

int Main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    std::fprintf(stderr, "usage: write_items SHAPE PAGES SEED\n");
    return 2;
  }
  const auto shape = FindPageShape(arguments[1]);
  if (!shape) {
    std::fprintf(stderr, "write_items: %s\n", shape.error().message.c_str());
    return 2;
  }
  const auto count = std::strtoull(arguments[2], nullptr, 10);
  const auto seed = std::strtoull(arguments[3], nullptr, 10);
  for (const auto& page : MakePages(**shape, count, seed)) {
    for (const auto& item : page.items) std::puts(item.c_str());
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace sumac::bench

int main(int argument_count, char** arguments) {
  return sumac::bench::Main(argument_count, arguments);
}

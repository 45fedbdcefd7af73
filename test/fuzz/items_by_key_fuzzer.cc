// Feeds any bytes to the reader of what GetItem and BatchGetItem answer: what it makes of them is a
// page, whose items stand where it says.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "dynamodb/items_by_key.h"
#include "dynamodb/page_envelope.h"

namespace {

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sumac::dynamodb::Page page;
  page.body = std::string_view(reinterpret_cast<const char*>(data), size);
  if (!sumac::dynamodb::MakePageOfItems(page)) return 0;
  // The items may be broken still; who decodes them finds out.
  static_cast<void>(sumac::dynamodb::ItemTexts(page));
  const auto body = page.body.view();
  if (page.items_end > body.size() || body[page.items_begin] != '[' ||
      body[page.items_end - 1] != ']') {
    Fail("the items are not where they are said to be");
  }
  return 0;
}

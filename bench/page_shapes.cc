#include "page_shapes.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "fake_dynamodb/table.h"
#include "net/transport.h"

namespace sumac::bench {
namespace {

constexpr size_t kWideAttributes = 100;
constexpr int kDeepLevels = 10;

constexpr std::string_view kUsers =
    R"({"id":{"N":"%i"},"email":{"S":"%w.%w%d%d%d@example.com"},)"
    R"("name":<{"S":"%w %w"}|{"S":"%w %w"}|{"S":"%w %w"}|{"NULL":true}>,)"
    R"("created_at":{"S":"%t"},"active":{"BOOL":%b},"visits":{"N":"%n%d<|%d|%d%d>"},)"
    R"("score":{"N":"%n%d.%d%n"},"metadata":{"M":{"registration_ip":{"S":"10.%n%d.1%d%d.%n"},)"
    R"("user_agent":{"S":"Mozilla/5.0 %w"}}},"addresses":{"L":[<|)"
    R"({"M":{"city":{"S":"%w"},"zip":{"S":"%d%d%d%d%d"}}}|)"
    R"({"M":{"city":{"S":"%w"},"zip":{"S":"%d%d%d%d%d"}}},)"
    R"({"M":{"city":{"S":"%w"},"zip":{"S":"%d%d%d%d%d"}}}>]},)"
    R"("preferences":{"M":{"theme":{"S":"%w"},"newsletter":{"BOOL":%b}}},)"
    R"("tags":{"SS":["a%w","b%w"]},"badges":{"NS":["%n%d","1%d%d"]}})";

constexpr std::string_view kNarrow =
    R"({"id":{"N":"%i"},"device":{"S":"%w-%d%d%d"},"reading":{"N":"<-|>%n%d.%n"},)"
    R"("valid":{"BOOL":%b},"sequence":{"N":"%n%d%d%d%d%d"}})";

// Numbers as the service writes them: no zeros at the end of a fraction.
constexpr std::string_view kNumbers =
    R"({"id":{"N":"%i"},"small":{"N":"%n%d"},"negative":{"N":"-%n%d%d%d%d%d"},)"
    R"("large":{"N":"%n%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d"},"price":{"N":"%n%d%d.%d%n"},)"
    R"("ratio":{"N":"0.%d%d%d%d%d%d%d%n"},"measure":{"N":"<-|>%n%d%d%d%d.%d%d%d%d%d%d%d%d%n"},)"
    R"("exact":{"N":"%n%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d.%d%d%d%d%d%d%d%d%d%d%d%n"},)"
    R"("digits":{"N":"%n%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d"},)"
    R"("tiny":{"N":"%n.%nE-%n%d"},"huge":{"N":"%n.%nE+%n%d"},"series":{"NS":["%n","1%d","2%d%d"]}})";

std::string Users(ItemRandom& random, uint64_t number) {
  return random.Fill(kUsers, number);
}

std::string Narrow(ItemRandom& random, uint64_t number) {
  return random.Fill(kNarrow, number);
}

std::string Numbers(ItemRandom& random, uint64_t number) {
  return random.Fill(kNumbers, number);
}

std::string Wide(ItemRandom& random, uint64_t number) {
  static const std::string pattern = [] {
    constexpr std::string_view kValues[] = {R"({"BOOL":%b})", R"({"S":"%w %w"})",
                                            R"({"N":"%n%d%d%d%d"})", R"({"N":"<-|>%n%d.%d%n"})"};
    std::string text = R"({"id":{"N":"%i"})";
    for (size_t i = 1; i < kWideAttributes; ++i) {
      text += fmt::format(R"(,"attribute_{:02}":{})", i, kValues[i % 4]);
    }
    return text + '}';
  }();
  return random.Fill(pattern, number);
}

std::string Deep(ItemRandom& random, uint64_t number) {
  static const std::string pattern = [] {
    std::string text = R"({"level":{"N":"%n"},"label":{"S":"%w %w"}})";
    for (int level = 1; level < kDeepLevels; ++level) {
      text = R"({"level":{"N":"%n"},"label":{"S":"%w %w"},"next":{"M":)" + text + "}}";
    }
    return R"({"id":{"N":"%i"},"nested":{"M":)" + text + "}}";
  }();
  return random.Fill(pattern, number);
}

std::string LongStrings(ItemRandom& random, uint64_t number) {
  const auto repeat = [&random, number](std::string_view pattern, uint64_t times) {
    std::string text;
    for (; times > 0; --times) text += random.Fill(pattern, number);
    return text;
  };
  auto item =
      random.Fill(R"({"id":{"N":"%i"},"title":{"S":"%w %w %w %w %w"},"body":{"S":")", number);
  item += repeat("%w ", 300 + random.Below(600)) + R"("},"comment":{"S":")";
  item += repeat("%w <%m|%w|%w|%w> ", 25 + random.Below(75));
  return item + R"("}})";
}

}  // namespace

const std::vector<PageShape>& PageShapes() {
  static const std::vector<PageShape> shapes = {
      {"users", {"id", 'N'}, Users},     {"narrow", {"id", 'N'}, Narrow},
      {"wide", {"id", 'N'}, Wide},       {"deep", {"id", 'N'}, Deep},
      {"numbers", {"id", 'N'}, Numbers}, {"long_strings", {"id", 'N'}, LongStrings},
  };
  return shapes;
}

Result<const PageShape*> FindPageShape(std::string_view name) {
  const auto& shapes = PageShapes();
  const auto found = std::find_if(shapes.begin(), shapes.end(),
                                  [name](const PageShape& shape) { return shape.name == name; });
  if (found != shapes.end()) return &*found;
  std::string known;
  for (const auto& shape : shapes) known += fmt::format(" {}", shape.name);
  return Fail(ErrorCode::kNotFound, fmt::format("no shape '{}'; there are:{}", name, known));
}

std::string Page::Body(const PageShape& shape) const {
  fake_dynamodb::PageParts parts;
  parts.count = parts.scanned_count = std::to_string(items.size());
  parts.items = fmt::format("[{}]", fmt::join(items, ","));
  if (!items.empty()) {
    parts.last_evaluated_key =
        fake_dynamodb::ReadItem(items.back(), fake_dynamodb::TableKeySchema({shape.key}))->key_text;
  }
  auto body = fake_dynamodb::RenderPage(parts, 0);
  body.reserve(body.size() + net::kBodyPaddingBytes);
  return body;
}

std::vector<Page> MakePages(const PageShape& shape, size_t count, uint64_t seed) {
  ItemRandom random(seed);
  std::vector<Page> pages(count);
  uint64_t number = 0;
  for (auto& page : pages) {
    while (page.item_bytes < kPageItemBytes) {
      auto item = fake_dynamodb::ReadItem(shape.item(random, number++),
                                          fake_dynamodb::TableKeySchema({shape.key}));
      // A shape that makes no items is a mistake in this file.
      if (!item) std::abort();
      page.item_bytes += item->size_bytes;
      page.items.push_back(std::move(item->text));
    }
  }
  return pages;
}

}  // namespace sumac::bench

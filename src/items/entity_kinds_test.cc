#include "items/entity_kinds.h"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "items/page_text.h"

namespace sumac::items {
namespace {

const std::vector<dynamodb::KeyAttribute> kPair = {{"pk", dynamodb::KeyType::kString},
                                                   {"sk", dynamodb::KeyType::kString}};
const std::vector<dynamodb::KeyAttribute> kSingle = {{"id", dynamodb::KeyType::kString}};
const std::vector<dynamodb::KeyAttribute> kNumber = {{"id", dynamodb::KeyType::kNumber}};

std::string Text(const KeyPattern& pattern) {
  switch (pattern.form) {
    case KeyPattern::Form::kAny:
      return "*";
    case KeyPattern::Form::kPrefix:
      return pattern.text + "*";
    case KeyPattern::Form::kEquals:
      return pattern.text;
    case KeyPattern::Form::kOther:
      break;
  }
  std::string text = "not(";
  for (const auto& other : pattern.others) {
    text += (text.back() == '(' ? "" : " ") + Text(other);
  }
  return text + ")";
}

// "user 2: type=User, USER#*, PROFILE".
std::vector<std::string> Lines(const EntityKinds& found) {
  std::vector<std::string> lines;
  for (const auto& kind : found.kinds) {
    std::string line = kind.name + " " + std::to_string(kind.items) + ":";
    if (!found.type_attribute.empty()) {
      line += " " + found.type_attribute + "=" + kind.type_value.value_or("(none)") + ",";
    }
    for (size_t i = 0; i < kind.keys.size(); ++i) {
      line += (i > 0 ? ", " : " ") + Text(kind.keys[i]);
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<ItemOutline> OutlinesOf(const std::vector<std::string>& items,
                                    const std::vector<dynamodb::KeyAttribute>& keys,
                                    size_t outlines_max = ItemOutlines::kOutlinesMax) {
  ItemOutlines outlines(keys, outlines_max);
  EXPECT_TRUE(outlines.AddPage(PageText(items).view()).has_value());
  return outlines.Outlines();
}

EntityKinds KindsOf(const std::vector<std::string>& items,
                    const std::vector<dynamodb::KeyAttribute>& keys) {
  return FindEntityKinds(OutlinesOf(items, keys), keys);
}

std::string Item(const std::string& pk, const std::string& sk, const std::string& more = "") {
  return R"({"pk":{"S":")" + pk + R"("},"sk":{"S":")" + sk + R"("})" + more + "}";
}

std::string Type(const std::string& name, const std::string& value) {
  return ",\"" + name + R"(":{"S":")" + value + R"("})";
}

struct Case {
  const char* what;
  std::vector<std::string> items;
  std::vector<std::string> kinds;
};

TEST(EntityKinds, ComeFromPairsOfKeys) {
  const std::vector<Case> cases = {
      {"prefixes, a word for the user itself",
       {Item("USER#1", "PROFILE"), Item("USER#2", "PROFILE"), Item("USER#1", "ORDER#1"),
        Item("USER#1", "ORDER#2"), Item("USER#2", "ORDER#3"), Item("ORDER#1", "ITEM#1")},
       {"order 3: USER#*, ORDER#*", "user 2: USER#*, PROFILE", "order_item 1: ORDER#*, ITEM#*"}},
      {"two of one sort key prefix have the partition key's in their names",
       {Item("USER#1", "NOTE#1"), Item("USER#1", "NOTE#2"), Item("ORDER#1", "NOTE#1"),
        Item("USER#1", "USER#1")},
       {"note 2: USER#*, NOTE#*", "order_note 1: ORDER#*, NOTE#*", "user 1: USER#*, USER#*"}},
      {"what has no prefix is none of the others",
       {Item("USER#1", "ORDER#1"), Item("USER#1", "ORDER#2"), Item("USER#1", "2024-01-01"),
        Item("USER#1", "2024-01-02"), Item("USER#2", "A"), Item("USER#2", "ORDER#3")},
       {"order 3: USER#*, ORDER#*", "user 2: USER#*, not(ORDER#* A)", "user_a 1: USER#*, A"}},
      {"leading separators",
       {Item("USER#1", "#PROFILE#1"), Item("USER#2", "#PROFILE#2"), Item("USER#1", "#META")},
       {"user 2: USER#*, #PROFILE#*", "user_meta 1: USER#*, #META"}},
      {"another separator, when most keys have it",
       {Item("user_1", "a1"), Item("user_2", "a1"), Item("user_3", "a1"), Item("order_1", "a1"),
        Item("order_2", "a1"), Item("order_3", "a1")},
       {"order 3: order_*, *", "user 3: user_*, *"}},
      {"words that repeat over many partition keys",
       {Item("1", "info"), Item("2", "info"), Item("1", "stats"), Item("2", "stats")},
       {"info 2: *, info", "stats 2: *, stats"}},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Lines(KindsOf(one.items, kPair)), one.kinds) << one.what;
  }
}

TEST(EntityKinds, ComeFromATypeAttribute) {
  const auto typed = [](const char* name) {
    return std::vector<std::string>{
        Item("U#1", "U#1", Type(name, "User")), Item("U#2", "U#2", Type(name, "User")),
        Item("U#1", "O#1", Type(name, "OrderItem")), Item("U#3", "O#2", Type(name, "OrderItem"))};
  };
  for (const char* name : {"type", "Type", "entityType", "entity_type", "_type", "__typename",
                           "_et", "__edb_e__", "kind", "Entity", "ET", "itemType"}) {
    EXPECT_EQ(
        Lines(KindsOf(typed(name), kPair)),
        (std::vector<std::string>{"order_item 2: " + std::string(name) + "=OrderItem, U#*, O#*",
                                  "user 2: " + std::string(name) + "=User, U#*, U#*"}));
  }
  // No name for a type, or not of strings alone.
  for (const char* name : {"status", "country"}) {
    EXPECT_EQ(KindsOf(typed(name), kPair).type_attribute, "") << name;
  }
  auto items = typed("type");
  items.push_back(Item("U#9", "O#9", R"(,"type":{"N":"1"})"));
  EXPECT_EQ(KindsOf(items, kPair).type_attribute, "");
}

TEST(EntityKinds, ItemsWithoutATypeAreOfKindsOfTheirOwn) {
  std::vector<std::string> items;
  for (int i = 0; i < 20; ++i) {
    const auto id = std::to_string(i);
    items.push_back(Item("USER#" + id, "PROFILE", Type("type", i % 2 == 0 ? "user" : "admin")));
  }
  items.push_back(Item("USER#1", "LOGIN#1"));
  EXPECT_EQ(Lines(KindsOf(items, kPair)),
            (std::vector<std::string>{"admin 10: type=admin, USER#*, PROFILE",
                                      "user 10: type=user, USER#*, PROFILE",
                                      "login 1: type=(none), USER#*, LOGIN#*"}));
}

TEST(EntityKinds, PlainTablesHaveOne) {
  std::mt19937_64 random(7);
  std::vector<std::string> uuids;
  std::vector<std::string> numbers;
  std::vector<std::string> times;
  std::vector<std::string> mails;
  for (int i = 0; i < 300; ++i) {
    char uuid[40];
    std::snprintf(uuid, sizeof uuid, "%08x-%04x-4%03x-8%03x-%012x", static_cast<unsigned>(random()),
                  static_cast<unsigned>(random() & 0xffff), static_cast<unsigned>(random() & 0xfff),
                  static_cast<unsigned>(random() & 0xfff), static_cast<unsigned>(random()));
    const std::string status = Type("status", i % 2 == 0 ? "paid" : "open");
    uuids.push_back(R"({"id":{"S":")" + std::string(uuid) + "\"}" + status + "}");
    numbers.push_back(R"({"id":{"N":")" + std::to_string(i) + "\"}" + status + "}");
    times.push_back(Item(uuid, "2024-01-" + std::to_string(10 + i % 20) + "T10:00:00Z", status));
    mails.push_back(R"({"id":{"S":"user.)" + std::to_string(i) + "@example.com\"}" + status + "}");
  }
  EXPECT_EQ(Lines(KindsOf(uuids, kSingle)), std::vector<std::string>{"item 300: *"});
  EXPECT_EQ(Lines(KindsOf(numbers, kNumber)), std::vector<std::string>{"item 300: *"});
  EXPECT_EQ(Lines(KindsOf(times, kPair)), std::vector<std::string>{"item 300: *, *"});
  EXPECT_EQ(Lines(KindsOf(mails, kSingle)), std::vector<std::string>{"item 300: *"});
  EXPECT_TRUE(KindsOf({}, kPair).kinds.empty());
}

TEST(EntityKinds, AttributesAndExample) {
  const auto found = KindsOf(
      {Item("USER#2", "PROFILE", Type("name", "B")),
       Item("USER#1", "PROFILE", Type("name", "A") + Type("mail", "a")), Item("USER#1", "ORDER#1")},
      kPair);
  ASSERT_EQ(found.kinds.size(), 2u);
  EXPECT_EQ(found.kinds[0].attributes,
            (std::vector<KindAttribute>{{"pk", 2}, {"sk", 2}, {"mail", 1}, {"name", 2}}));
  EXPECT_EQ(found.kinds[0].example_keys, (std::vector<std::string>{"USER#1", "PROFILE"}));
}

TEST(EntityKinds, AreBounded) {
  std::vector<std::string> items;
  for (int kind = 0; kind < 80; ++kind) {
    for (int i = 0; i <= kind; ++i) {
      items.push_back(Item("K" + std::to_string(kind) + "#" + std::to_string(i),
                           (i % 2 == 0 ? "A#" : "B#") + std::to_string(i)));
    }
  }
  const auto found = KindsOf(items, kPair);
  EXPECT_EQ(found.kinds.size(), kEntityKindsMax);
  uint64_t counted = found.other_items;
  for (const auto& kind : found.kinds) counted += kind.items;
  EXPECT_EQ(counted, items.size());
  EXPECT_GT(found.other_kinds, 0u);
}

bool Matches(const KeyPattern& pattern, const std::string& key) {
  switch (pattern.form) {
    case KeyPattern::Form::kAny:
      return true;
    case KeyPattern::Form::kPrefix:
      return key.starts_with(pattern.text);
    case KeyPattern::Form::kEquals:
      return key == pattern.text;
    case KeyPattern::Form::kOther:
      break;
  }
  return std::none_of(pattern.others.begin(), pattern.others.end(),
                      [&](const KeyPattern& other) { return Matches(other, key); });
}

bool Matches(const EntityKind& kind, const std::string& type_attribute, const ItemOutline& item) {
  std::optional<std::string> type;
  for (const auto& attribute : item.attributes) {
    if (attribute.name == type_attribute) type = attribute.text;
  }
  if (!type_attribute.empty() && type != kind.type_value) return false;
  for (size_t i = 0; i < kind.keys.size(); ++i) {
    if (!Matches(kind.keys[i], item.keys[i])) return false;
  }
  return true;
}

// What a kind says of its items, read as a condition, is true of as many items as it counts, and of
// no item twice: this is what views are made of.
TEST(EntityKinds, ConditionsDivideTheItems) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const char* const parts[] = {"USER#", "USER", "user_", "#A#", "A",
                               "#",     "7",    "-",     "a:",  "PROFILE"};
  size_t kinds = 0;
  for (int round = 0; round < 300; ++round) {
    const auto key = [&] {
      return std::string(parts[random() % 10]) + parts[random() % 10] +
             (random() % 3 == 0 ? "" : std::to_string(random() % 50));
    };
    const bool typed = round % 3 == 0;
    std::vector<std::string> texts;
    for (int i = 0; i < 60; ++i) {
      const auto type = std::string(1, static_cast<char>('a' + random() % 3));
      texts.push_back(Item(key(), round % 2 == 0 ? "PROFILE" : key(),
                           typed && random() % 20 != 0 ? Type("type", type) : ""));
    }
    const auto items = OutlinesOf(texts, kPair);
    const auto found = FindEntityKinds(items, kPair);
    kinds += found.kinds.size();
    if (found.other_kinds > 0) continue;
    std::map<std::string, uint64_t> counts;
    for (const auto& item : items) {
      int matching = 0;
      for (const auto& kind : found.kinds) {
        if (!Matches(kind, found.type_attribute, item)) continue;
        ++matching;
        ++counts[kind.name];
      }
      ASSERT_EQ(matching, 1) << item.keys[0] << " " << item.keys[1];
    }
    for (const auto& kind : found.kinds) ASSERT_EQ(counts[kind.name], kind.items) << kind.name;
  }
  EXPECT_GT(kinds, 1'000u);
}

TEST(EntityKinds, OrderDoesNotMatter) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const char* const prefixes[] = {"USER#", "ORDER#", "", "a_", "#X#"};
  std::vector<std::string> items;
  for (int i = 0; i < 200; ++i) {
    items.push_back(Item(prefixes[random() % 5] + std::to_string(i),
                         prefixes[random() % 5] + std::to_string(random() % 9),
                         random() % 9 == 0 ? "" : Type("kind", std::to_string(random() % 4))));
  }
  const auto all = KindsOf(items, kPair);
  const auto few = OutlinesOf(items, kPair, 30);
  EXPECT_EQ(few.size(), 30u);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(items.begin(), items.end(), random);
    EXPECT_EQ(KindsOf(items, kPair), all);
    ItemOutlines workers[2] = {ItemOutlines(kPair, 30), ItemOutlines(kPair, 30)};
    for (const auto& item : items) {
      ASSERT_TRUE(workers[random() % 2].AddPage(PageText({item}).view()).has_value());
    }
    workers[0].Merge(workers[1]);
    EXPECT_EQ(workers[0].Outlines(), few);
    EXPECT_EQ(workers[0].items(), items.size());
    EXPECT_FALSE(workers[0].complete());
  }
}

}  // namespace
}  // namespace sumac::items

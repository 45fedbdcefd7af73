#include "cli/key_decoder.h"

#include <vector>

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

std::vector<Key> Decoded(const std::string& bytes) {
  KeyDecoder decoder;
  std::vector<Key> keys;
  for (const char byte : bytes) {
    if (auto key = decoder.Take(byte)) keys.push_back(*std::move(key));
  }
  return keys;
}

KeyKind OnlyKind(const std::string& bytes) {
  const auto keys = Decoded(bytes);
  EXPECT_EQ(keys.size(), 1u) << testing::PrintToString(bytes);
  return keys.empty() ? KeyKind::kIgnored : keys.front().kind;
}

TEST(KeyDecoder, ReadsCharacters) {
  const auto keys = Decoded("a\u00e9\u4e2d\U0001F600");
  ASSERT_EQ(keys.size(), 4u);
  EXPECT_EQ(keys[1].text, "\u00e9");
  EXPECT_EQ(keys[3].text, "\U0001F600");
  // What is no UTF-8 does no harm.
  EXPECT_EQ(Decoded("\xff")[0].text, "?");
  EXPECT_EQ(Decoded("\xc3z").back().text, "z");
}

TEST(KeyDecoder, ReadsKeys) {
  EXPECT_EQ(OnlyKind("\x01"), KeyKind::kHome);
  EXPECT_EQ(OnlyKind("\x03"), KeyKind::kInterrupt);
  EXPECT_EQ(OnlyKind("\x7f"), KeyKind::kBackspace);
  EXPECT_EQ(OnlyKind("\n"), KeyKind::kEnter);
  EXPECT_EQ(OnlyKind("\r"), KeyKind::kEnter);
  EXPECT_EQ(OnlyKind("\t"), KeyKind::kTab);
  EXPECT_EQ(OnlyKind("\x12"), KeyKind::kSearch);
  EXPECT_EQ(OnlyKind("\x1b[A"), KeyKind::kUp);
  EXPECT_EQ(OnlyKind("\x1bOB"), KeyKind::kDown);
  EXPECT_EQ(OnlyKind("\x1b[3~"), KeyKind::kDelete);
  EXPECT_EQ(OnlyKind("\x1b[1;5C"), KeyKind::kWordRight);
  EXPECT_EQ(OnlyKind("\x1b"
                     "b"),
            KeyKind::kWordLeft);
  EXPECT_EQ(OnlyKind("\x1b\x7f"), KeyKind::kDeleteWordLeft);
  EXPECT_EQ(OnlyKind("\x1b[99;99X"), KeyKind::kIgnored);
  EXPECT_EQ(OnlyKind("\x02"), KeyKind::kLeft);
}

TEST(KeyDecoder, ReadsPastedText) {
  const auto keys = Decoded("\x1b[200~SELECT 1;\r\n\x1b[A\tx\x03\x1b[201~y");
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].kind, KeyKind::kText);
  EXPECT_EQ(keys[0].text, "SELECT 1;\n[A\tx");
  EXPECT_EQ(keys[1].text, "y");
}

TEST(KeyDecoder, TakesALoneEscape) {
  KeyDecoder decoder;
  EXPECT_FALSE(decoder.MayBeEscape());
  EXPECT_FALSE(decoder.Take('\x1b').has_value());
  EXPECT_TRUE(decoder.MayBeEscape());
  EXPECT_EQ(decoder.TakeEscape().kind, KeyKind::kCancel);
  EXPECT_FALSE(decoder.MayBeEscape());
  EXPECT_EQ(decoder.Take('a')->text, "a");
}

}  // namespace
}  // namespace sumac::cli

#include "cli/edit_session.h"

#include <gtest/gtest.h>

namespace sumac::cli {
namespace {

using Outcome = EditSession::Outcome;

class EditSessionTest : public testing::Test {
 protected:
  EditSessionTest() {
    options_.prompt = "sql> ";
    options_.is_complete = [](const std::string& text) { return text.ends_with(';'); };
    options_.complete = [this](std::string_view, std::string_view) { return completion_; };
  }

  Outcome Press(KeyKind kind) { return session_.Take({kind, ""}); }
  void Type(const std::string& text) {
    for (const char c : text) session_.Take({KeyKind::kText, std::string(1, c)});
  }
  void Tab(SqlCompletion completion) {
    completion_ = std::move(completion);
    EXPECT_EQ(Press(KeyKind::kTab), Outcome::kComplete);
    session_.Complete();
  }
  // The prompt and the text with the cursor as '|'.
  std::string Shown() const {
    const ViewedText viewed = session_.View();
    std::string text = viewed.text;
    return viewed.prompt + text.insert(viewed.cursor, "|");
  }

  EditOptions options_;
  SqlCompletion completion_;
  std::vector<std::string> history_ = {"SELECT 1;", "SELECT\n2;", "SELECT 11;"};
  EditSession session_{options_, history_};
};

TEST_F(EditSessionTest, EndsWhatIsComplete) {
  Type("a");
  EXPECT_EQ(Press(KeyKind::kEnter), Outcome::kGoesOn);
  EXPECT_EQ(Shown(), "sql> a\n|");
  Type("b;");
  Press(KeyKind::kHome);
  EXPECT_EQ(Press(KeyKind::kNewLine), Outcome::kGoesOn);
  EXPECT_EQ(Press(KeyKind::kEnter), Outcome::kText);
  EXPECT_EQ(session_.text(), "a\n\nb;");
}

TEST_F(EditSessionTest, EndsOnlyWhereNothingIs) {
  EXPECT_EQ(Press(KeyKind::kDeleteOrEnd), Outcome::kEnd);
  Type("ab");
  Press(KeyKind::kLeft);
  EXPECT_EQ(Press(KeyKind::kDeleteOrEnd), Outcome::kGoesOn);
  EXPECT_EQ(Shown(), "sql> a|");
  EXPECT_EQ(Press(KeyKind::kInterrupt), Outcome::kInterrupted);
}

TEST_F(EditSessionTest, GoesThroughTheHistoryAndBack) {
  Type("draft");
  Press(KeyKind::kUp);
  EXPECT_EQ(Shown(), "sql> SELECT 11;|");
  Press(KeyKind::kUp);
  EXPECT_EQ(Shown(), "sql> SELECT\n2;|");
  // Within its lines first.
  Press(KeyKind::kUp);
  EXPECT_EQ(Shown(), "sql> SE|LECT\n2;");
  Press(KeyKind::kUp);
  Press(KeyKind::kUp);
  EXPECT_EQ(Shown(), "sql> SELECT 1;|");
  for (int i = 0; i < 3; ++i) Press(KeyKind::kDown);
  EXPECT_EQ(Shown(), "sql> draft|");
  Press(KeyKind::kDown);
  EXPECT_EQ(Shown(), "sql> draft|");
}

TEST_F(EditSessionTest, SearchesTheHistory) {
  Type("x");
  Press(KeyKind::kSearch);
  Type("1");
  EXPECT_EQ(Shown(), "(search '1') SELECT 11;|");
  Press(KeyKind::kSearch);
  EXPECT_EQ(Shown(), "(search '1') SELECT 1;|");
  Press(KeyKind::kSearch);
  EXPECT_EQ(Shown(), "(failed search '1') SELECT 1;|");
  Press(KeyKind::kBackspace);
  Type("2");
  EXPECT_EQ(Shown(), "(search '2') SELECT\n2;|");
  Press(KeyKind::kCancel);
  EXPECT_EQ(Shown(), "sql> x|");
  // The arrow keys go on from what was found, and back to what was typed.
  Press(KeyKind::kSearch);
  Type("2");
  Press(KeyKind::kDown);
  EXPECT_EQ(Shown(), "sql> SELECT 11;|");
  Press(KeyKind::kDown);
  EXPECT_EQ(Shown(), "sql> x|");
  Press(KeyKind::kSearch);
  Type("2");
  EXPECT_EQ(Press(KeyKind::kEnter), Outcome::kText);
}

TEST_F(EditSessionTest, CompletesAsFarAsItIsClear) {
  Type("SELECT us");
  Tab({2, {"users", "USERNAMES"}});
  EXPECT_EQ(Shown(), "sql> SELECT user|");
  EXPECT_TRUE(session_.TakeCandidates().empty());
  Tab({4, {"users", "usernames"}});
  EXPECT_EQ(Shown(), "sql> SELECT user|");
  EXPECT_EQ(session_.TakeCandidates().size(), 2u);
  EXPECT_TRUE(session_.TakeCandidates().empty());
  Tab({4, {"\"users x\""}});
  EXPECT_EQ(Shown(), "sql> SELECT \"users x\"|");
  Tab({0, {}});
  EXPECT_EQ(Shown(), "sql> SELECT \"users x\"|");
}

}  // namespace
}  // namespace sumac::cli

// What keys do to one text that is being typed: editing, history, search, completion. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/key_decoder.h"
#include "cli/line_buffer.h"
#include "cli/line_view.h"
#include "cli/sql_completion.h"

namespace sumac::cli {

struct EditOptions {
  std::string prompt;
  std::string continuation;  // before lines after the first
  // Whether Enter ends the text, or begins another line.
  std::function<bool(const std::string& text)> is_complete;
  std::function<SqlCompletion(std::string_view before, std::string_view after)> complete;
  // Empty: no colors.
  std::function<std::vector<TextColor>(const std::string& text)> color;
};

// Not thread-safe. What is given outlives it.
class EditSession {
 public:
  // `history` has the oldest first.
  EditSession(const EditOptions& options, const std::vector<std::string>& history)
      : options_(options), history_(history) {}

  // What is left to do after a key.
  enum class Outcome : uint8_t {
    kGoesOn,
    kText,  // the text is complete
    kInterrupted,
    kEnd,
    kClearScreen,
    kSuspend,
    kComplete,  // call Complete
  };
  Outcome Take(const Key& key);

  // One candidate takes the place of what was typed; of several, what they have in common does.
  // When that is nothing more, TakeCandidates has them once, to be listed.
  void Complete();
  std::vector<std::string> TakeCandidates();

  const std::string& text() const { return buffer_.text(); }
  ViewedText View() const;
  // Of the text, as it stays on the screen.
  void MoveToEnd();

 private:
  void Edit(const Key& key);
  void MoveInHistory(bool back);
  // Whether the key is one of the search; others end it and do what they do.
  bool TakeInSearch(const Key& key);
  void Search(size_t end);

  struct HistorySearch {
    std::string text;
    std::string before;
    size_t found_at = 0;
    bool failed = false;
  };

  const EditOptions& options_;
  const std::vector<std::string>& history_;
  LineBuffer buffer_;
  std::string draft_;      // what was typed, while an earlier text is shown
  size_t history_at_ = 0;  // so many back from the draft
  std::optional<HistorySearch> search_;
  std::vector<std::string> candidates_;
};

}  // namespace sumac::cli

#include "cli/edit_session.h"

#include <utility>

#include "cli/completion_list.h"

namespace sumac::cli {

using Outcome = EditSession::Outcome;

Outcome EditSession::Take(const Key& key) {
  if (search_ && TakeInSearch(key)) return Outcome::kGoesOn;
  switch (key.kind) {
    case KeyKind::kInterrupt:
      return Outcome::kInterrupted;
    case KeyKind::kClearScreen:
      return Outcome::kClearScreen;
    case KeyKind::kSuspend:
      return Outcome::kSuspend;
    case KeyKind::kTab:
      return Outcome::kComplete;
    case KeyKind::kEnter:
      if (options_.is_complete(text())) return Outcome::kText;
      buffer_.Insert("\n");
      return Outcome::kGoesOn;
    case KeyKind::kDeleteOrEnd:
      if (text().empty()) return Outcome::kEnd;
      buffer_.DeleteRight();
      return Outcome::kGoesOn;
    case KeyKind::kSearch:
      search_ = HistorySearch{"", text(), history_.size(), false};
      return Outcome::kGoesOn;
    case KeyKind::kUp:
      if (!buffer_.MoveUp()) MoveInHistory(true);
      return Outcome::kGoesOn;
    case KeyKind::kDown:
      if (!buffer_.MoveDown()) MoveInHistory(false);
      return Outcome::kGoesOn;
    default:
      Edit(key);
      return Outcome::kGoesOn;
  }
}

void EditSession::Edit(const Key& key) {
  switch (key.kind) {
    case KeyKind::kText:
      return buffer_.Insert(key.text);
    case KeyKind::kNewLine:
      return buffer_.Insert("\n");
    case KeyKind::kBackspace:
      return buffer_.DeleteLeft();
    case KeyKind::kDelete:
      return buffer_.DeleteRight();
    case KeyKind::kLeft:
      return buffer_.MoveLeft();
    case KeyKind::kRight:
      return buffer_.MoveRight();
    case KeyKind::kHome:
      return buffer_.MoveHome();
    case KeyKind::kEnd:
      return buffer_.MoveEnd();
    case KeyKind::kWordLeft:
      return buffer_.MoveWordLeft();
    case KeyKind::kWordRight:
      return buffer_.MoveWordRight();
    case KeyKind::kDeleteWordLeft:
      return buffer_.DeleteWordLeft();
    case KeyKind::kDeleteWordRight:
      return buffer_.DeleteWordRight();
    case KeyKind::kKillToEnd:
      return buffer_.KillToEnd();
    case KeyKind::kKillToBegin:
      return buffer_.KillToBegin();
    case KeyKind::kYank:
      return buffer_.Yank();
    case KeyKind::kTranspose:
      return buffer_.Transpose();
    default:
      return;
  }
}

ViewedText EditSession::View() const {
  ViewedText viewed{options_.prompt, options_.continuation, text(), buffer_.cursor(), {}};
  if (search_) {
    viewed.prompt = (search_->failed ? "(failed search '" : "(search '") + search_->text + "') ";
  }
  if (options_.color) viewed.colors = options_.color(viewed.text);
  return viewed;
}

void EditSession::MoveToEnd() {
  search_.reset();
  buffer_.MoveToTextEnd();
}

void EditSession::MoveInHistory(bool back) {
  if (back ? history_at_ == history_.size() : history_at_ == 0) return;
  if (history_at_ == 0) draft_ = text();
  history_at_ = back ? history_at_ + 1 : history_at_ - 1;
  buffer_.Set(history_at_ == 0 ? draft_ : history_[history_.size() - history_at_]);
}

bool EditSession::TakeInSearch(const Key& key) {
  std::string& searched = search_->text;
  switch (key.kind) {
    case KeyKind::kText:
      searched += key.text;
      Search(history_.size());
      return true;
    case KeyKind::kBackspace:
      while (!searched.empty() && (static_cast<unsigned char>(searched.back()) & 0xc0) == 0x80) {
        searched.pop_back();
      }
      if (!searched.empty()) searched.pop_back();
      Search(history_.size());
      return true;
    case KeyKind::kSearch:
      Search(search_->found_at);
      return true;
    case KeyKind::kCancel:
      buffer_.Set(std::exchange(search_->before, ""));
      search_.reset();
      return true;
    case KeyKind::kIgnored:
      return true;
    default:
      search_.reset();
      return key.kind == KeyKind::kTab;
  }
}

// The last text before `end` that has what is searched for; what is shown stays when none has.
void EditSession::Search(size_t end) {
  search_->failed = false;
  if (search_->text.empty()) return;
  for (size_t i = end; i-- > 0;) {
    if (history_[i].find(search_->text) == std::string::npos) continue;
    search_->found_at = i;
    // The arrow keys go on from it.
    if (history_at_ == 0) draft_ = search_->before;
    history_at_ = history_.size() - i;
    buffer_.Set(history_[i]);
    return;
  }
  search_->failed = true;
}

void EditSession::Complete() {
  if (!options_.complete) return;
  const std::string_view all = text();
  const size_t cursor = buffer_.cursor();
  auto completion = options_.complete(all.substr(0, cursor), all.substr(cursor));
  if (completion.candidates.empty()) return;
  const std::string common = CommonStart(completion.candidates);
  if (common.size() > completion.replaced || completion.candidates.size() == 1) {
    return buffer_.ReplaceBefore(cursor - completion.replaced, common);
  }
  candidates_ = std::move(completion.candidates);
}

std::vector<std::string> EditSession::TakeCandidates() {
  return std::exchange(candidates_, {});
}

}  // namespace sumac::cli

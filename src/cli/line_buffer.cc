#include "cli/line_buffer.h"

#include <algorithm>
#include <cctype>

#include "cli/shown_character.h"
#include "engine/results/display_width.h"

namespace sumac::cli {
namespace {

size_t ShownWidth(const std::string& text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = engine::CharacterEnd(text, at);
    width += engine::DisplayWidth(ShownCharacter(text.substr(at, end - at)));
    at = end;
  }
  return width;
}

}  // namespace

void LineBuffer::Set(std::string text) {
  text_ = std::move(text);
  cursor_ = text_.size();
}

void LineBuffer::Insert(const std::string& text) {
  text_.insert(cursor_, text);
  cursor_ += text.size();
}

void LineBuffer::ReplaceBefore(size_t begin, const std::string& text) {
  Remove(begin, cursor_);
  Insert(text);
}

size_t LineBuffer::Left(size_t at) const {
  if (at == 0) return 0;
  // Characters are found from their begin on; a line begins one.
  const size_t line_break = at == 1 ? std::string::npos : text_.rfind('\n', at - 2);
  size_t begin = line_break == std::string::npos ? 0 : line_break + 1;
  for (size_t end = Right(begin); end < at; end = Right(begin)) begin = end;
  return begin;
}

size_t LineBuffer::Right(size_t at) const {
  return at < text_.size() ? engine::CharacterEnd(text_, at) : at;
}

bool LineBuffer::IsWordAt(size_t at) const {
  const auto c = static_cast<unsigned char>(text_[at]);
  return c >= 0x80 || std::isalnum(c) != 0 || c == '_';
}

size_t LineBuffer::WordLeft() const {
  size_t at = cursor_;
  while (at > 0 && !IsWordAt(at - 1)) --at;
  while (at > 0 && IsWordAt(at - 1)) --at;
  return at;
}

size_t LineBuffer::WordRight() const {
  size_t at = cursor_;
  while (at < text_.size() && !IsWordAt(at)) ++at;
  while (at < text_.size() && IsWordAt(at)) ++at;
  return at;
}

size_t LineBuffer::LineBegin() const {
  const size_t end = cursor_ == 0 ? std::string::npos : text_.rfind('\n', cursor_ - 1);
  return end == std::string::npos ? 0 : end + 1;
}

size_t LineBuffer::LineEnd() const {
  return std::min(text_.find('\n', cursor_), text_.size());
}

void LineBuffer::MoveToLine(size_t begin, size_t column) {
  cursor_ = begin;
  const size_t end = LineEnd();
  while (cursor_ < end && ShownWidth(text_.substr(begin, Right(cursor_) - begin)) <= column) {
    MoveRight();
  }
}

bool LineBuffer::MoveUp() {
  const size_t begin = LineBegin();
  if (begin == 0) return false;
  const size_t column = ShownWidth(text_.substr(begin, cursor_ - begin));
  cursor_ = begin - 1;
  MoveToLine(LineBegin(), column);
  return true;
}

bool LineBuffer::MoveDown() {
  const size_t begin = LineBegin();
  const size_t end = LineEnd();
  if (end == text_.size()) return false;
  MoveToLine(end + 1, ShownWidth(text_.substr(begin, cursor_ - begin)));
  return true;
}

void LineBuffer::KillToEnd() {
  const size_t end = LineEnd();
  Kill(cursor_, end == cursor_ ? std::min(end + 1, text_.size()) : end);
}

void LineBuffer::Transpose() {
  const size_t right = Right(cursor_);
  // At the end, the two before it.
  const size_t middle = right == cursor_ ? Left(cursor_) : cursor_;
  const size_t left = Left(middle);
  if (left == middle) return;
  const size_t end = std::max(right, cursor_);
  const std::string swapped =
      text_.substr(middle, end - middle) + text_.substr(left, middle - left);
  text_.replace(left, end - left, swapped);
  cursor_ = end;
}

void LineBuffer::Remove(size_t begin, size_t end) {
  text_.erase(begin, end - begin);
  cursor_ = begin;
}

void LineBuffer::Kill(size_t begin, size_t end) {
  if (begin == end) return;
  killed_ = text_.substr(begin, end - begin);
  Remove(begin, end);
}

}  // namespace sumac::cli

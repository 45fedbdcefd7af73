// A text of one or more lines that is being typed, and where the cursor stands in it. Pure.
#pragma once

#include <string>

namespace sumac::cli {

// Positions are bytes of UTF-8 text, between characters as engine::CharacterEnd finds them. Not
// thread-safe.
class LineBuffer {
 public:
  const std::string& text() const { return text_; }
  size_t cursor() const { return cursor_; }

  // The cursor goes to the end.
  void Set(std::string text);
  void Insert(const std::string& text);
  // Replaces what stands from `begin` to the cursor.
  void ReplaceBefore(size_t begin, const std::string& text);

  void MoveLeft() { cursor_ = Left(cursor_); }
  void MoveRight() { cursor_ = Right(cursor_); }
  void MoveWordLeft() { cursor_ = WordLeft(); }
  void MoveWordRight() { cursor_ = WordRight(); }
  // To the begin and the end of the line.
  void MoveHome() { cursor_ = LineBegin(); }
  void MoveEnd() { cursor_ = LineEnd(); }
  void MoveToTextEnd() { cursor_ = text_.size(); }
  // False at the first and the last line.
  bool MoveUp();
  bool MoveDown();

  void DeleteLeft() { Remove(Left(cursor_), cursor_); }
  void DeleteRight() { Remove(cursor_, Right(cursor_)); }
  // These are kept, for Yank.
  void DeleteWordLeft() { Kill(WordLeft(), cursor_); }
  void DeleteWordRight() { Kill(cursor_, WordRight()); }
  // At a line's end, the line break.
  void KillToEnd();
  void KillToBegin() { Kill(LineBegin(), cursor_); }
  void Yank() { Insert(killed_); }
  // Swaps the characters on both sides of the cursor.
  void Transpose();

 private:
  size_t Left(size_t at) const;
  size_t Right(size_t at) const;
  size_t WordLeft() const;
  size_t WordRight() const;
  size_t LineBegin() const;
  size_t LineEnd() const;
  bool IsWordAt(size_t at) const;
  // To the same column of another line, which begins at `begin`.
  void MoveToLine(size_t begin, size_t column);
  void Remove(size_t begin, size_t end);
  void Kill(size_t begin, size_t end);

  std::string text_;
  size_t cursor_ = 0;
  std::string killed_;
};

}  // namespace sumac::cli

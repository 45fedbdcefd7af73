#include "cli/statement_splitter.h"

namespace sumac::cli {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Splitter {
 public:
  explicit Splitter(std::string_view sql) : sql_(sql) {}

  SplitSql Split() {
    while (at_ < sql_.size()) Step();
    split_.rest = has_content_ ? Trimmed(sql_.substr(start_)) : "";
    return std::move(split_);
  }

 private:
  char Current() const { return sql_[at_]; }
  bool Follows(std::string_view text) const { return sql_.substr(at_).starts_with(text); }

  void Step() {
    if (BeginsEscapeString()) {
      SkipEscapeString();
    } else if (Current() == '\'' || Current() == '"') {
      SkipQuoted(Current());
    } else if (Follows("--")) {
      const size_t end = sql_.find('\n', at_);
      at_ = end == std::string_view::npos ? sql_.size() : end + 1;
    } else if (Follows("/*")) {
      SkipBlockComment();
    } else if (Current() == '$') {
      SkipDollarQuoted();
    } else if (Current() == ';') {
      if (has_content_) split_.statements.push_back(Trimmed(sql_.substr(start_, at_ - start_)));
      start_ = ++at_;
      has_content_ = false;
    } else {
      has_content_ = has_content_ || !IsBlank(Current());
      ++at_;
    }
  }

  // E'...' is one string to the end, where a name that ends in e ("code'x'") is none.
  bool BeginsEscapeString() const {
    const bool e = Current() == 'e' || Current() == 'E';
    return e && at_ + 1 < sql_.size() && sql_[at_ + 1] == '\'' &&
           (at_ == 0 || !IsNameCharacter(sql_[at_ - 1]));
  }

  // In it a backslash keeps the next character from closing.
  void SkipEscapeString() {
    has_content_ = true;
    for (at_ += 2; at_ < sql_.size(); ++at_) {
      if (Current() == '\\') {
        ++at_;
      } else if (Current() == '\'') {
        ++at_;
        return;
      }
    }
    at_ = sql_.size();
    split_.rest_complete = false;
  }

  // A doubled quote closes and opens again, which comes to the same.
  void SkipQuoted(char quote) {
    has_content_ = true;
    SkipTo(std::string(1, quote), at_ + 1);
  }

  void SkipBlockComment() {
    int depth = 0;
    do {
      if (Follows("/*")) {
        ++depth;
        at_ += 2;
      } else if (Follows("*/")) {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < sql_.size());
    if (depth > 0) split_.rest_complete = false;
  }

  // $tag$ ... $tag$; a `$` that is not that ($1) is like any other character.
  void SkipDollarQuoted() {
    has_content_ = true;
    size_t end = at_ + 1;
    while (end < sql_.size() && IsNameCharacter(sql_[end])) ++end;
    const bool numbered = end > at_ + 1 && sql_[at_ + 1] >= '0' && sql_[at_ + 1] <= '9';
    if (end == sql_.size() || sql_[end] != '$' || numbered) {
      ++at_;
      return;
    }
    const std::string tag(sql_.substr(at_, end + 1 - at_));
    SkipTo(tag, end + 1);
  }

  void SkipTo(const std::string& closing, size_t from) {
    const size_t end = sql_.find(closing, from);
    if (end == std::string_view::npos) split_.rest_complete = false;
    at_ = end == std::string_view::npos ? sql_.size() : end + closing.size();
  }

  static std::string Trimmed(std::string_view text) {
    while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
    return std::string(text);
  }

  const std::string_view sql_;
  SplitSql split_;
  size_t at_ = 0;
  size_t start_ = 0;
  bool has_content_ = false;
};

}  // namespace

SplitSql SplitStatements(std::string_view sql) {
  return Splitter(sql).Split();
}

}  // namespace sumac::cli

#include "spicepod/dotenv.h"

namespace sumac::spicepod {
namespace {

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsNameCharacter(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file_name)
      : text_(text), file_name_(file_name) {}

  Result<std::map<std::string, std::string>> Parse() {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    std::map<std::string, std::string> variables;
    while (at_ < text_.size()) {
      SkipBlanks();
      if (AtLineEnd()) {
        NextLine();
        continue;
      }
      SUMAC_ASSIGN_OR_RETURN(const auto name, ReadName());
      SUMAC_ASSIGN_OR_RETURN(variables[name], ReadValue());
      NextLine();
    }
    return variables;
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  char Current() const { return text_[at_]; }
  bool AtLineEnd() const { return AtEnd() || Current() == '\n' || Current() == '#'; }

  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Current())) ++at_;
  }

  void NextLine() {
    const size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }

  tl::unexpected<Error> Refuse(const std::string& message) const {
    return Fail(ErrorCode::kInvalidArgument,
                file_name_ + ":" + std::to_string(line_) + ": " + message);
  }

  Result<std::string> ReadName() {
    constexpr std::string_view kExport = "export ";
    if (text_.substr(at_).starts_with(kExport)) {
      at_ += kExport.size();
      SkipBlanks();
    }
    const size_t start = at_;
    if (!AtEnd() && IsNameStart(Current())) {
      while (!AtEnd() && IsNameCharacter(Current())) ++at_;
    }
    std::string name(text_.substr(start, at_ - start));
    SkipBlanks();
    if (name.empty() || AtEnd() || Current() != '=') return Refuse("this is not NAME=value");
    ++at_;
    return name;
  }

  Result<std::string> ReadValue() {
    SkipBlanks();
    if (AtLineEnd()) return std::string();
    if (Current() == '\'' || Current() == '"') return ReadQuoted(Current());
    // Plain: to the end of the line or to a comment after a blank.
    const size_t start = at_;
    while (!AtEnd() && Current() != '\n') {
      if (Current() == '#' && IsBlank(text_[at_ - 1])) break;
      ++at_;
    }
    size_t end = at_;
    while (end > start && IsBlank(text_[end - 1])) --end;
    return std::string(text_.substr(start, end - start));
  }

  Result<std::string> ReadQuoted(char quote) {
    std::string value;
    const int first_line = line_;
    for (++at_; !AtEnd() && Current() != quote; ++at_) {
      if (Current() == '\n') ++line_;
      if (Current() == '\\' && quote == '"' && at_ + 1 < text_.size()) {
        value += Unescape(text_[++at_]);
      } else {
        value += Current();
      }
    }
    if (AtEnd()) {
      line_ = first_line;
      return Refuse("a quote is not closed");
    }
    ++at_;
    SkipBlanks();
    if (!AtLineEnd()) return Refuse("there is something after the closing quote");
    return value;
  }

  static std::string Unescape(char c) {
    switch (c) {
      case 'n':
        return "\n";
      case 'r':
        return "\r";
      case 't':
        return "\t";
      case '"':
      case '\\':
      case '$':
        return std::string(1, c);
      default:
        return std::string("\\") + c;
    }
  }

  const std::string_view text_;
  const std::string& file_name_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

Result<std::map<std::string, std::string>> ParseDotenv(std::string_view text,
                                                       const std::string& file_name) {
  return Parser(text, file_name).Parse();
}

}  // namespace sumac::spicepod

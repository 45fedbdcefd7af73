#include "aws/profile_text.h"

#include <algorithm>
#include <optional>

namespace sumac::aws {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

bool IsBlank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

bool IsCommentStart(char c) {
  return c == '#' || c == ';';
}

std::string_view Trim(std::string_view text) {
  const size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) - start + 1);
}

std::string_view WithoutComment(std::string_view line) {
  for (size_t i = 1; i < line.size(); ++i) {
    if (IsCommentStart(line[i]) && IsBlank(line[i - 1])) return line.substr(0, i);
  }
  return line;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsKey(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./%@:+").find(c) != std::string_view::npos;
  });
}

// Names with quotes or control characters are nobody's.
bool IsName(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"' || c == '\'' || c == '[';
  });
}

// What stands behind the prefix of a section of the config file: one word, or text in quotes.
std::optional<std::string> ReadName(std::string_view text) {
  text = Trim(text);
  if (text.size() > 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  } else if (text.find_first_of(kBlanks) != std::string_view::npos) {
    return std::nullopt;
  }
  if (!IsName(text)) return std::nullopt;
  return std::string(text);
}

class Parser {
 public:
  Parser(std::string_view text, ProfileFileKind kind, const std::string& file_name)
      : text_(text), kind_(kind), file_name_(std::make_shared<const std::string>(file_name)) {}

  Result<ProfileSections> Parse() {
    if (text_.size() > kProfileFileBytesMax) return Fail(TooMuch("a mebibyte"));
    if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff")) {
      return Refuse("the file is in UTF-16; save it as UTF-8");
    }
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
    for (line_ = 1; !text_.empty(); ++line_) {
      const size_t end = text_.find('\n');
      SUMAC_RETURN_IF_ERROR(ReadLine(text_.substr(0, end)));
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    }
    CloseSetting();
    if (prefixed_default_) {
      sections_.profiles.insert_or_assign("default", std::move(*prefixed_default_));
    }
    return std::move(sections_);
  }

 private:
  // A setting while its further lines are read.
  struct Open {
    std::string value;
    // Where the value goes in the end; null for one that is passed over.
    ProfileSetting* setting = nullptr;
  };

  tl::unexpected<Error> Refuse(const std::string& message) const {
    return Fail(ErrorCode::kInvalidArgument,
                *file_name_ + ":" + std::to_string(line_) + ": " + message);
  }

  Error TooMuch(const std::string& what) const {
    const bool config = kind_ == ProfileFileKind::kConfig;
    return UserError(ErrorCode::kResourceExhausted,
                     *file_name_ + ": the file has more than " + what + "; name a smaller one in " +
                         (config ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE"));
  }

  Status ReadLine(std::string_view line) {
    const std::string_view trimmed = Trim(line);
    if (trimmed.empty() || IsCommentStart(trimmed.front())) return {};
    if (line.front() == '[') return ReadHeader(trimmed);
    if (!in_section_) return Refuse("this stands before the first [section]");
    if (IsBlank(line.front())) return ReadFurtherLine(trimmed);
    return ReadSetting(line);
  }

  Status ReadHeader(std::string_view line) {
    const size_t end = line.find(']');
    if (end == std::string_view::npos) return Refuse("the section's name has no ] behind it");
    const std::string_view rest = Trim(line.substr(end + 1));
    if (!rest.empty() && !IsCommentStart(rest.front())) {
      return Refuse("there is more than the section's name on its line");
    }
    if (++section_count_ > kProfileSectionsMax) {
      return Fail(TooMuch(std::to_string(kProfileSectionsMax) + " sections"));
    }
    in_section_ = true;
    CloseSetting();
    section_ = FindSection(Trim(line.substr(1, end - 1)));
    return {};
  }

  // The section that has this header, made if need be; null for one that is passed over.
  ProfileSection* FindSection(std::string_view header) {
    const std::string_view prefix = header.substr(0, header.find_first_of(kBlanks));
    const bool alone = prefix.size() == header.size();
    if (kind_ == ProfileFileKind::kCredentials) {
      const bool other_kind =
          !alone && (prefix == "profile" || prefix == "sso-session" || prefix == "services");
      return other_kind || !IsName(header) ? nullptr : Section(sections_.profiles, header);
    }
    if (alone) return header == "default" ? Section(sections_.profiles, header) : nullptr;
    const auto name = ReadName(header.substr(prefix.size()));
    if (!name) return nullptr;
    if (prefix == "profile" && *name == "default") {
      if (!prefixed_default_) prefixed_default_.emplace(*name);
      return &*prefixed_default_;
    }
    if (prefix == "profile") return Section(sections_.profiles, *name);
    if (prefix == "sso-session") return Section(sections_.sso_sessions, *name);
    if (prefix == "services") return Section(sections_.services, *name);
    return nullptr;
  }

  static ProfileSection* Section(std::map<std::string, ProfileSection>& sections,
                                 std::string_view name) {
    const std::string key(name);
    return &sections.try_emplace(key, key).first->second;
  }

  struct KeyValue {
    std::string key;
    std::string value;
  };

  Result<KeyValue> ReadKeyValue(std::string_view line) {
    line = WithoutComment(line);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) return Refuse("this is not key = value");
    KeyValue found{LowerCase(Trim(line.substr(0, equals))),
                   std::string(Trim(line.substr(equals + 1)))};
    if (found.key.empty()) return Refuse("there is no key before the =");
    if (++setting_count_ > kProfileSettingsMax) {
      return Fail(TooMuch(std::to_string(kProfileSettingsMax) + " settings"));
    }
    return found;
  }

  Status ReadSetting(std::string_view line) {
    SUMAC_ASSIGN_OR_RETURN(auto found, ReadKeyValue(line));
    CloseSetting();
    open_ = Open{std::move(found.value), nullptr};
    if (section_ == nullptr || !IsKey(found.key)) return {};
    open_->setting = &section_->Set(std::move(found.key), {{}, {}, file_name_, line_});
    return {};
  }

  Status ReadFurtherLine(std::string_view line) {
    if (!open_) {
      return Refuse("this line is indented, so it continues a setting, and there is none above");
    }
    if (open_->value.empty()) {
      SUMAC_ASSIGN_OR_RETURN(auto found, ReadKeyValue(line));
      if (open_->setting == nullptr) return {};
      open_->setting->nested.insert_or_assign(std::move(found.key),
                                              SecretString(std::move(found.value)));
      return {};
    }
    open_->value.append("\n").append(line);
    return {};
  }

  void CloseSetting() {
    if (open_ && open_->setting != nullptr) {
      open_->setting->value = SecretString(std::move(open_->value));
    }
    open_.reset();
  }

  std::string_view text_;
  const ProfileFileKind kind_;
  const std::shared_ptr<const std::string> file_name_;
  int line_ = 1;
  bool in_section_ = false;
  size_t section_count_ = 0;
  size_t setting_count_ = 0;
  ProfileSections sections_;
  std::optional<ProfileSection> prefixed_default_;
  ProfileSection* section_ = nullptr;  // null while one is passed over
  std::optional<Open> open_;
};

}  // namespace

Result<ProfileSections> ParseProfileText(std::string_view text, ProfileFileKind kind,
                                         const std::string& file_name) {
  return Parser(text, kind, file_name).Parse();
}

}  // namespace sumac::aws

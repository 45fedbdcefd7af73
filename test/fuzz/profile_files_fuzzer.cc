// Feeds any bytes to the parser of the shared AWS files, as either of them and as both. Nothing may
// crash; an error is one short line that starts with the file's name; what was understood, written
// out again, is understood the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/profile_files.h"

namespace {

using sumac::aws::ProfileFileKind;
using sumac::aws::ProfileSection;
using sumac::aws::ProfileSections;
using Sections = std::map<std::string, ProfileSection>;

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckMessage(const std::string& message, std::string_view start) {
  // Longer than the longest of ours: then it would hold something of the text.
  constexpr size_t kMessageBytesMax = 120;
  Check(message.size() <= kMessageBytesMax);
  Check(message.find('\n') == std::string::npos);
  Check(message.starts_with(start));
}

void PrintSettings(const ProfileSection& section, std::string& out) {
  for (const auto& [key, setting] : section.settings()) {
    Check(setting.nested.empty() || setting.value.empty());
    out += key + "=";
    for (const char c : setting.value.Reveal()) {
      out += c;
      if (c == '\n') out += ' ';
    }
    out += '\n';
    for (const auto& [inner_key, value] : setting.nested) {
      Check(value.Reveal().find('\n') == std::string::npos);
      out += " " + inner_key + "=" + value.Reveal() + "\n";
    }
  }
}

void Print(const Sections& sections, std::string_view before, std::string_view after,
           std::string& out) {
  for (const auto& [name, section] : sections) {
    Check(name == section.name() && !name.empty());
    out.append(before).append(name).append(after);
    PrintSettings(section, out);
  }
}

std::string Print(const ProfileSections& sections, ProfileFileKind kind) {
  std::string out;
  if (kind == ProfileFileKind::kConfig) {
    Print(sections.profiles, "[profile \"", "\"]\n", out);
    Print(sections.sso_sessions, "[sso-session \"", "\"]\n", out);
    Print(sections.services, "[services \"", "\"]\n", out);
  } else {
    Print(sections.profiles, "[", "]\n", out);
    Check(sections.sso_sessions.empty() && sections.services.empty());
  }
  return out;
}

void CheckText(std::string_view text, ProfileFileKind kind) {
  const auto sections = sumac::aws::ParseProfileText(text, kind, "file");
  if (!sections) {
    CheckMessage(sections.error().message, "file:");
    return;
  }
  const std::string printed = Print(*sections, kind);
  const auto again = sumac::aws::ParseProfileText(printed, kind, "file");
  Check(again.has_value());
  Check(Print(*again, kind) == printed);
}

// The merged files hold what either holds, the credentials file's before the config file's.
void CheckMerge(std::string_view text) {
  const auto config = sumac::aws::ParseProfileText(text, ProfileFileKind::kConfig, "config");
  const auto credentials =
      sumac::aws::ParseProfileText(text, ProfileFileKind::kCredentials, "credentials");
  const auto files = sumac::aws::ParseProfileFiles(text, text, {"config", "credentials"});
  Check(files.has_value() == (config.has_value() && credentials.has_value()));
  if (!files) return;
  for (const auto& name : files->ProfileNames()) {
    const ProfileSection* profile = files->FindProfile(name);
    const auto stronger = credentials->profiles.find(name);
    for (const auto& [key, setting] : profile->settings()) {
      const bool strong = stronger != credentials->profiles.end() && stronger->second.Get(key);
      const ProfileSection& origin = strong ? stronger->second : config->profiles.at(name);
      Check(profile->GetSecret(key) == origin.GetSecret(key));
      Check(profile->Where(key) == origin.Where(key));
      Check(profile->Where(key).starts_with(strong ? "credentials:" : "config:"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckText(text, ProfileFileKind::kConfig);
  CheckText(text, ProfileFileKind::kCredentials);
  CheckMerge(text);
  return 0;
}

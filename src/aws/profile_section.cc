#include "aws/profile_section.h"

namespace sumac::aws {

const ProfileSetting* ProfileSection::Find(std::string_view key) const {
  const auto found = settings_.find(std::string(key));
  return found == settings_.end() ? nullptr : &found->second;
}

std::optional<std::string> ProfileSection::Get(std::string_view key) const {
  const ProfileSetting* setting = Find(key);
  if (setting == nullptr) return std::nullopt;
  return setting->value.Reveal();
}

SecretString ProfileSection::GetSecret(std::string_view key) const {
  const ProfileSetting* setting = Find(key);
  return setting == nullptr ? SecretString() : setting->value;
}

std::optional<std::string> ProfileSection::GetNested(std::string_view key,
                                                     std::string_view inner_key) const {
  const ProfileSetting* setting = Find(key);
  if (setting == nullptr) return std::nullopt;
  const auto found = setting->nested.find(std::string(inner_key));
  if (found == setting->nested.end()) return std::nullopt;
  return found->second.Reveal();
}

std::string ProfileSection::Where(std::string_view key) const {
  const ProfileSetting* setting = Find(key);
  if (setting == nullptr) return "";
  return *setting->file_name + ":" + std::to_string(setting->line);
}

ProfileSetting& ProfileSection::Set(std::string key, ProfileSetting setting) {
  return settings_.insert_or_assign(std::move(key), std::move(setting)).first->second;
}

void ProfileSection::Merge(const ProfileSection& stronger) {
  for (const auto& [key, setting] : stronger.settings_) settings_.insert_or_assign(key, setting);
}

}  // namespace sumac::aws

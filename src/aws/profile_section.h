// One section of the files that all AWS tools share: the settings of a profile, of an sso-session
// or of a services section. A plain value, filled by profile_text.h and merged by profile_files.h.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret_string.h"

namespace sumac::aws {

// What stands behind `key =`. Every value may be a secret, so none can be printed by accident.
struct ProfileSetting {
  // Trimmed. Indented lines after a value that is not empty continue it, joined by '\n'.
  SecretString value;
  // The indented `key = value` lines after an empty value. Keys are in lower case.
  std::map<std::string, SecretString> nested;
  std::shared_ptr<const std::string> file_name;
  int line = 0;
};

// Keys are in lower case here and in the arguments; the files may spell them in any case.
class ProfileSection {
 public:
  explicit ProfileSection(std::string name) : name_(std::move(name)) {}

  // The name within its kind: "dev" for [profile dev].
  const std::string& name() const { return name_; }
  const std::map<std::string, ProfileSetting>& settings() const { return settings_; }

  // A setting that is no secret (`region`, `role_arn`). "" when it is set to nothing, or to a
  // nested block; nothing when it is not there.
  std::optional<std::string> Get(std::string_view key) const;
  // A setting that may be one (`aws_secret_access_key`); empty when it is not there.
  SecretString GetSecret(std::string_view key) const;
  // A setting in a nested block: `endpoint_url` in `dynamodb =`. Nothing when it is not there.
  std::optional<std::string> GetNested(std::string_view key, std::string_view inner_key) const;
  // Where the setting stands, for messages: "/home/ann/.aws/config:12". "" when it is not there.
  std::string Where(std::string_view key) const;

  // Replaces what had that key, with its nested block.
  ProfileSetting& Set(std::string key, ProfileSetting setting);
  // Takes over every setting of `stronger`.
  void Merge(const ProfileSection& stronger);

 private:
  const ProfileSetting* Find(std::string_view key) const;

  std::string name_;
  std::map<std::string, ProfileSetting> settings_;
};

}  // namespace sumac::aws

// The two files that all AWS tools share, ~/.aws/config and ~/.aws/credentials, as one set of
// profiles. Region, endpoint and credentials are looked up here after the environment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/profile_section.h"
#include "aws/profile_text.h"
#include "base/environment.h"
#include "base/result.h"

namespace sumac::aws {

// Empty when there is neither a variable nor a home folder to find the file by.
struct ProfileFilePaths {
  std::string config;
  std::string credentials;
  // Named by AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE, not found in the home folder.
  bool config_is_explicit = false;
  bool credentials_is_explicit = false;
};

// HOME, else USERPROFILE, else HOMEDRIVE and HOMEPATH; empty when there is none.
std::string HomeFolder(const Environment& environment);

// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, in which a leading ~/ is the home folder; else
// .aws/config and .aws/credentials in it. The home folder is HOME, else USERPROFILE, else HOMEDRIVE
// and HOMEPATH. A variable that is set to nothing is not set. Looks at no file.
ProfileFilePaths FindProfileFiles(const Environment& environment);

struct ProfileName {
  std::string name;
  // Whether somebody asked for it. Then it is an error when there is no such profile.
  bool is_explicit = false;
};

// AWS_PROFILE, else "default". AWS_DEFAULT_PROFILE is the AWS CLI's alone.
ProfileName FindProfileName(const Environment& environment);

// A plain value. What a look-up returns lives as long as this does.
class ProfileFiles {
 public:
  ProfileFiles() = default;
  ProfileFiles(ProfileSections sections, ProfileFilePaths paths)
      : sections_(std::move(sections)), paths_(std::move(paths)) {}

  // Null when there is none.
  const ProfileSection* FindProfile(const std::string& name) const;
  const ProfileSection* FindSsoSession(const std::string& name) const;
  const ProfileSection* FindServices(const std::string& name) const;

  // Sorted; for "did you mean".
  std::vector<std::string> ProfileNames() const;
  const ProfileFilePaths& paths() const { return paths_; }

 private:
  ProfileSections sections_;
  ProfileFilePaths paths_;
};

// Both texts as one: of a profile that both have, the settings add up and the credentials file's
// stand. Errors: those of ParseProfileText.
Result<ProfileFiles> ParseProfileFiles(std::string_view config_text,
                                       std::string_view credentials_text, ProfileFilePaths paths);

// Finds, reads and parses. A file that is not there is an empty one, even when it was named: the
// profile that is then missing is the better message. Errors: those of ParseProfileText, and
// kInvalidArgument, naming the file, for one that cannot be read or is a folder. Blocks on the
// disk.
Result<ProfileFiles> LoadProfileFiles(const Environment& environment);

}  // namespace sumac::aws

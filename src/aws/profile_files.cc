#include "aws/profile_files.h"

#include <filesystem>
#include <fstream>

#include "base/log.h"

namespace sumac::aws {
namespace {

namespace fs = std::filesystem;
std::string FilePath(const std::string& variable, const std::string& home,
                     const char* path_in_home) {
  if (variable.starts_with("~/") && !home.empty()) return home + variable.substr(1);
  if (!variable.empty()) return variable;
  return home.empty() ? "" : home + path_in_home;
}

const ProfileSection* Find(const std::map<std::string, ProfileSection>& sections,
                           const std::string& name) {
  const auto found = sections.find(name);
  return found == sections.end() ? nullptr : &found->second;
}

tl::unexpected<Error> CannotRead(const std::string& path, const std::string& why) {
  return Fail(ErrorCode::kInvalidArgument,
              "the AWS file " + path + " cannot be read: " + why +
                  "; make it readable, or name another in AWS_CONFIG_FILE or "
                  "AWS_SHARED_CREDENTIALS_FILE");
}

Result<std::string> ReadFile(const std::string& path, bool is_explicit) {
  if (path.empty()) return std::string();
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return std::string();
  // A home folder of somebody else, as in a container that does not run as its image's user.
  if (error == std::errc::permission_denied && !is_explicit) {
    LogWarningOnce("the AWS file " + path + " is left out: " + error.message());
    return std::string();
  }
  if (error) return CannotRead(path, error.message());
  if (fs::is_directory(status)) return CannotRead(path, "it is a folder");
  // The other end of a FIFO may never come.
  if (fs::is_fifo(status) || fs::is_socket(status)) return CannotRead(path, "it is no file");
  std::ifstream file(path, std::ios::binary);
  // One byte more than is allowed, so that a longer file is seen as such.
  std::string text(kProfileFileBytesMax + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open()) return CannotRead(path, "no permission, or the disk failed");
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

}  // namespace

std::string HomeFolder(const Environment& environment) {
  for (const char* name : {"HOME", "USERPROFILE"}) {
    std::string home = Variable(environment, name);
    if (!home.empty()) return home;
  }
  return Variable(environment, "HOMEDRIVE") + Variable(environment, "HOMEPATH");
}

ProfileFilePaths FindProfileFiles(const Environment& environment) {
  const std::string home = HomeFolder(environment);
  const std::string config = Variable(environment, "AWS_CONFIG_FILE");
  const std::string credentials = Variable(environment, "AWS_SHARED_CREDENTIALS_FILE");
  return {FilePath(config, home, "/.aws/config"), FilePath(credentials, home, "/.aws/credentials"),
          !config.empty(), !credentials.empty()};
}

ProfileName FindProfileName(const Environment& environment) {
  std::string name = Variable(environment, "AWS_PROFILE");
  if (name.empty()) return {"default", false};
  return {std::move(name), true};
}

const ProfileSection* ProfileFiles::FindProfile(const std::string& name) const {
  return Find(sections_.profiles, name);
}

const ProfileSection* ProfileFiles::FindSsoSession(const std::string& name) const {
  return Find(sections_.sso_sessions, name);
}

const ProfileSection* ProfileFiles::FindServices(const std::string& name) const {
  return Find(sections_.services, name);
}

std::vector<std::string> ProfileFiles::ProfileNames() const {
  std::vector<std::string> names;
  for (const auto& [name, profile] : sections_.profiles) names.push_back(name);
  return names;
}

Result<ProfileFiles> ParseProfileFiles(std::string_view config_text,
                                       std::string_view credentials_text, ProfileFilePaths paths) {
  SUMAC_ASSIGN_OR_RETURN(auto sections,
                         ParseProfileText(config_text, ProfileFileKind::kConfig, paths.config));
  SUMAC_ASSIGN_OR_RETURN(
      const auto credentials,
      ParseProfileText(credentials_text, ProfileFileKind::kCredentials, paths.credentials));
  for (const auto& [name, profile] : credentials.profiles) {
    sections.profiles.try_emplace(name, name).first->second.Merge(profile);
  }
  return ProfileFiles(std::move(sections), std::move(paths));
}

Result<ProfileFiles> LoadProfileFiles(const Environment& environment) {
  ProfileFilePaths paths = FindProfileFiles(environment);
  SUMAC_ASSIGN_OR_RETURN(const auto config, ReadFile(paths.config, paths.config_is_explicit));
  SUMAC_ASSIGN_OR_RETURN(const auto credentials,
                         ReadFile(paths.credentials, paths.credentials_is_explicit));
  return ParseProfileFiles(config, credentials, std::move(paths));
}

}  // namespace sumac::aws

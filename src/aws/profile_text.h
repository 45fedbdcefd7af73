// The text of ~/.aws/config or ~/.aws/credentials to sections. Pure; profile_files.h reads the
// files and puts the two together. Source: AWS SDKs and Tools reference guide, "Shared config and
// credentials files", and the parser cases that the AWS SDKs publish.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "aws/profile_section.h"
#include "base/result.h"

namespace sumac::aws {

// The two files spell the name of a profile differently.
enum class ProfileFileKind {
  kConfig,       // [default], [profile NAME], [sso-session NAME], [services NAME]
  kCredentials,  // [NAME]
};

// Inclusive bounds for one file.
inline constexpr size_t kProfileFileBytesMax = size_t{1} << 20;
inline constexpr size_t kProfileSectionsMax = 10'000;
inline constexpr size_t kProfileSettingsMax = 100'000;  // with those of nested blocks

// Sections by name.
struct ProfileSections {
  std::map<std::string, ProfileSection> profiles;
  std::map<std::string, ProfileSection> sso_sessions;
  std::map<std::string, ProfileSection> services;
};

// The dialect:
// - Lines that start with # or ;, indented or not, are comments. So is the rest of a line from a #
//   or ; after whitespace, except in the lines that continue a value. CRLF and a byte order mark
//   are understood.
// - An indented line continues the setting above it: its text is a further line of a value, or a
//   `key = value` of its own when there is nothing behind the = above.
// - Sections of one name add up; of two settings with one key the last stands. [profile default]
//   replaces [default], wherever it stands.
// - A name of a profile with spaces needs quotes in the config file, which the AWS CLI writes, and
//   none in the credentials file. Sections with other names than ProfileFileKind lists are passed
//   over, and so are settings whose key is no word.
//
// Errors: kInvalidArgument, "FILE:LINE: what is wrong", for a line that is none of this;
// kResourceExhausted when a bound is passed. Neither shows anything of the line, which may hold a
// secret.
Result<ProfileSections> ParseProfileText(std::string_view text, ProfileFileKind kind,
                                         const std::string& file_name);

}  // namespace sumac::aws

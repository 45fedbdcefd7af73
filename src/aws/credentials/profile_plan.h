// What a profile of the shared files says about credentials: where the first keys come from, and
// which roles are then assumed one after the other. A pure function, so that every combination of
// settings is a line of a table test. Source: SDKs and Tools reference guide, "Assume role
// credential provider" and "Shared config and credentials files".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/profile_files.h"
#include "base/result.h"

namespace sumac::aws {

// Where the first keys come from.
enum class ProfileBase {
  kStaticKeys,        // aws_access_key_id of `profile`
  kSso,               // sso_session, or sso_start_url, of `profile`
  kWebIdentity,       // web_identity_token_file of `profile`
  kProcess,           // credential_process of `profile`
  kEnvironment,       // credential_source = Environment
  kContainer,         // credential_source = EcsContainer
  kInstanceMetadata,  // credential_source = Ec2InstanceMetadata
};

struct RoleHop {
  std::string profile_name;
  std::string role_arn;
  std::string role_session_name;        // empty: made from the time
  std::string external_id;              // empty: none
  std::optional<int> duration_seconds;  // absent: STS's default
};

struct ProfilePlan {
  ProfileBase base = ProfileBase::kStaticKeys;
  // The profile that `base` speaks of. Lives as long as the ProfileFiles do.
  const ProfileSection* profile = nullptr;
  // In the order in which they are assumed: the last is the profile that was asked for.
  std::vector<RoleHop> roles;
};

// Errors: kNotFound when the profile that nobody named explicitly does not exist, or a profile
// holds no credentials at all; kInvalidArgument for what contradicts itself, goes in a loop or
// names a profile that is missing; kUnsupported for mfa_serial and login_session.
Result<ProfilePlan> PlanProfile(const ProfileFiles& files, const ProfileName& name);

}  // namespace sumac::aws

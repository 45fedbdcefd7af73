#include "aws/credentials/profile_plan.h"

#include <algorithm>
#include <charconv>

#include "base/nearest_name.h"

namespace sumac::aws {
namespace {

std::string Quoted(const std::string& name) {
  return "profile '" + name + "'";
}

tl::unexpected<Error> Contradiction(const ProfileSection& profile, const std::string& what) {
  return Fail(ErrorCode::kInvalidArgument, Quoted(profile.name()) + " " + what);
}

std::string Setting(const ProfileSection& profile, const char* key) {
  return profile.Get(key).value_or("");
}

bool HasStaticKeys(const ProfileSection& profile) {
  return !profile.GetSecret("aws_access_key_id").empty() ||
         !profile.GetSecret("aws_secret_access_key").empty();
}

bool HasSso(const ProfileSection& profile) {
  return !Setting(profile, "sso_session").empty() || !Setting(profile, "sso_start_url").empty() ||
         !Setting(profile, "sso_account_id").empty();
}

Error MissingProfile(const ProfileFiles& files, const ProfileName& name) {
  std::string message =
      "there is no " + Quoted(name.name) + " in " +
      (files.paths().config.empty() ? "~/.aws/config" : files.paths().config) + " or " +
      (files.paths().credentials.empty() ? "~/.aws/credentials" : files.paths().credentials);
  if (!name.is_explicit) return UserError(ErrorCode::kNotFound, std::move(message));
  if (const auto nearest = NearestName(name.name, files.ProfileNames())) {
    message += "; did you mean '" + *nearest + "'?";
  }
  return UserError(ErrorCode::kInvalidArgument, std::move(message));
}

Result<std::optional<int>> Duration(const ProfileSection& profile) {
  constexpr int kLeastSeconds = 900;
  constexpr int kMostSeconds = 43'200;
  const std::string text = Setting(profile, "duration_seconds");
  if (text.empty()) return std::optional<int>();
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < kLeastSeconds ||
      seconds > kMostSeconds) {
    return Contradiction(profile, "has a duration_seconds that is no number from 900 to 43200");
  }
  return std::optional<int>(seconds);
}

Result<RoleHop> MakeHop(const ProfileSection& profile) {
  if (!Setting(profile, "mfa_serial").empty()) {
    return Fail(ErrorCode::kUnsupported,
                Quoted(profile.name()) +
                    " wants a code of a device (mfa_serial), for which Sumac cannot ask; use a "
                    "role that needs none, or a credential_process");
  }
  RoleHop hop;
  hop.profile_name = profile.name();
  hop.role_arn = Setting(profile, "role_arn");
  hop.role_session_name = Setting(profile, "role_session_name");
  hop.external_id = Setting(profile, "external_id");
  SUMAC_ASSIGN_OR_RETURN(hop.duration_seconds, Duration(profile));
  return hop;
}

Result<ProfileBase> NamedSource(const ProfileSection& profile, const std::string& source) {
  if (source == "Environment") return ProfileBase::kEnvironment;
  if (source == "EcsContainer") return ProfileBase::kContainer;
  if (source == "Ec2InstanceMetadata") return ProfileBase::kInstanceMetadata;
  return Contradiction(profile,
                       "has a credential_source that is none of Environment, "
                       "EcsContainer, Ec2InstanceMetadata");
}

// The credentials of a profile that assumes no role. kNotFound when it has none.
Result<ProfileBase> OwnBase(const ProfileSection& profile) {
  if (HasSso(profile)) return ProfileBase::kSso;
  if (!Setting(profile, "login_session").empty()) {
    return Fail(ErrorCode::kUnsupported,
                Quoted(profile.name()) +
                    " uses a session of aws login (login_session), which Sumac cannot read; use "
                    "an SSO profile, or credential_process = aws configure export-credentials");
  }
  if (!profile.GetSecret("credential_process").empty()) return ProfileBase::kProcess;
  if (HasStaticKeys(profile)) return ProfileBase::kStaticKeys;
  return Fail(ErrorCode::kNotFound, Quoted(profile.name()) + " holds no credentials");
}

// Follows source_profile from one profile to the next.
class Planner {
 public:
  Planner(const ProfileFiles& files, ProfileName name) : files_(files), name_(std::move(name)) {}

  Result<ProfilePlan> Plan() {
    plan_.profile = files_.FindProfile(name_.name);
    if (plan_.profile == nullptr) return Fail(MissingProfile(files_, name_));
    while (true) {
      visited_.push_back(plan_.profile->name());
      SUMAC_ASSIGN_OR_RETURN(const bool done, Step());
      if (!done) continue;
      std::reverse(plan_.roles.begin(), plan_.roles.end());
      return plan_;
    }
  }

 private:
  // Returns true when the base is found.
  Result<bool> Step() {
    const auto& profile = *plan_.profile;
    const bool first = visited_.size() == 1;
    const std::string token_file = Setting(profile, "web_identity_token_file");
    const std::string source = Setting(profile, "source_profile");
    const std::string named = Setting(profile, "credential_source");
    // After the first step a profile is a source of keys before it is a role.
    const bool is_role =
        !Setting(profile, "role_arn").empty() && (first || !HasStaticKeys(profile));
    if (!is_role) {
      if (!token_file.empty() && !HasStaticKeys(profile)) {
        return Contradiction(profile, "has a web_identity_token_file and no role_arn");
      }
      return EndWith(OwnBase(profile), first);
    }
    // As in the SDKs: a role that is assumed with a token needs nobody else's keys.
    if (!token_file.empty()) {
      plan_.base = ProfileBase::kWebIdentity;
      return true;
    }
    if (!source.empty() && !named.empty()) {
      return Contradiction(profile, "has both source_profile and credential_source; keep one");
    }
    SUMAC_ASSIGN_OR_RETURN(auto hop, MakeHop(profile));
    plan_.roles.push_back(std::move(hop));
    if (!named.empty()) return EndWith(NamedSource(profile, named), first);
    if (source.empty()) {
      return Contradiction(profile,
                           "has a role_arn and neither source_profile nor "
                           "credential_source to assume it with");
    }
    return Follow(profile, source);
  }

  Result<bool> Follow(const ProfileSection& profile, const std::string& source) {
    if (source == profile.name()) {
      if (HasStaticKeys(profile)) return EndWith(ProfileBase::kStaticKeys, false);
      return Contradiction(profile, "is its own source_profile and holds no keys");
    }
    if (std::find(visited_.begin(), visited_.end(), source) != visited_.end()) {
      std::string loop;
      for (const auto& name : visited_) loop += name + " -> ";
      return Contradiction(profile, "closes a loop of source_profile: " + loop + source);
    }
    plan_.profile = files_.FindProfile(source);
    if (plan_.profile != nullptr) return false;
    return Contradiction(profile, "has source_profile '" + source + "', which does not exist");
  }

  // A profile that another one names has to hold something.
  Result<bool> EndWith(Result<ProfileBase> base, bool first) {
    if (!base && base.error().code == ErrorCode::kNotFound && !first) {
      Error error = std::move(base).error();
      error.code = ErrorCode::kInvalidArgument;
      return Fail(std::move(error));
    }
    SUMAC_ASSIGN_OR_RETURN(plan_.base, std::move(base));
    return true;
  }

  const ProfileFiles& files_;
  const ProfileName name_;
  ProfilePlan plan_;
  std::vector<std::string> visited_;
};

}  // namespace

Result<ProfilePlan> PlanProfile(const ProfileFiles& files, const ProfileName& name) {
  return Planner(files, name).Plan();
}

}  // namespace sumac::aws

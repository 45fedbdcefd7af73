// What the environment and the shared files say beside credentials: region, endpoints, and how to
// find them. The environment wins over the profile. Source: SDKs and Tools reference guide,
// "Settings reference".
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/endpoint.h"
#include "aws/profile_files.h"
#include "base/environment.h"
#include "base/result.h"

namespace sumac::aws {

// The services that Sumac speaks to, by what their settings are called.
enum class Service { kDynamoDb, kDynamoDbStreams, kSts, kSso, kSsoOidc };

// Immutable, so safe to share between threads.
class Settings {
 public:
  // `profile_name` empty takes AWS_PROFILE, else "default"; a profile that is named here must
  // exist. Reads the files. Errors kInvalidArgument: a file that cannot be read or parsed, no such
  // profile, a setting that has none of its values.
  static Result<Settings> Load(const Environment& environment, const std::string& profile_name);

  // The same without the files, as if there were none. Errors: those of the environment's settings.
  static Result<Settings> FromEnvironment(const Environment& environment);

  // AWS_REGION, AWS_DEFAULT_REGION, the profile's region; empty when none is set.
  const std::string& region() const { return region_; }
  // Which of these gave it, for messages.
  const std::string& region_source() const { return region_source_; }
  bool use_fips() const { return use_fips_; }
  bool use_dualstack() const { return use_dualstack_; }
  AccountIdEndpointMode account_id_endpoint_mode() const { return account_id_endpoint_mode_; }

  // The endpoint that somebody configured for `service`: AWS_ENDPOINT_URL_<SERVICE>,
  // AWS_ENDPOINT_URL, the profile's services section, the profile's endpoint_url. Empty when none
  // is set, or all are to be ignored.
  std::string EndpointUrl(Service service) const;

  // Where `service` (not DynamoDB: see ResolveEndpoint) is reached in `region`.
  Result<std::string> ServiceEndpoint(Service service, const std::string& region) const;

  const Environment& environment() const { return environment_; }
  const ProfileFiles& files() const { return *files_; }
  const ProfileName& profile_name() const { return profile_name_; }

 private:
  Settings() = default;
  // The first of the variable and the profile's setting; empty when neither is set.
  std::string Find(const char* variable, const char* key) const;
  Result<bool> Flag(const char* variable, const char* key) const;
  void ReadRegion();
  Status ReadFlags();

  Environment environment_;
  std::shared_ptr<const ProfileFiles> files_;
  ProfileName profile_name_;
  const ProfileSection* profile_ = nullptr;  // of files_; null when there is none
  std::string region_;
  std::string region_source_;
  bool use_fips_ = false;
  bool use_dualstack_ = false;
  bool ignore_endpoints_ = false;
  AccountIdEndpointMode account_id_endpoint_mode_ = AccountIdEndpointMode::kPreferred;
};

}  // namespace sumac::aws

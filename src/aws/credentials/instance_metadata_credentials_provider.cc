#include "aws/credentials/instance_metadata_credentials_provider.h"

#include <algorithm>

#include "aws/credentials/credentials_document.h"
#include "base/log.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr char kRolePath[] = "/latest/meta-data/iam/security-credentials/";
constexpr size_t kRoleBytesMax = 200;

// As IAM allows them. The name becomes part of a URL and of messages.
bool IsRoleName(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  };
  return name.size() <= kRoleBytesMax && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

InstanceMetadataCredentialsProvider::InstanceMetadataCredentialsProvider(
    std::shared_ptr<InstanceMetadata> metadata, std::shared_ptr<Clock> clock, uint64_t random_seed)
    : metadata_(std::move(metadata)),
      clock_(std::move(clock)),
      random_(random_seed != 0 ? random_seed : std::random_device{}()) {}

Result<Credentials> InstanceMetadataCredentialsProvider::Ask(const CredentialsRequest& request) {
  SUMAC_ASSIGN_OR_RETURN(const auto listed, metadata_->Get(kRolePath, request.cancelled));
  const std::string names = listed ? listed->Reveal() : "";
  const std::string role = names.substr(0, names.find_first_of("\r\n"));
  if (role.empty()) return Fail(ErrorCode::kNotFound, "the instance has no role");
  if (!IsRoleName(role)) {
    return Fail(BrokenDocument("the instance metadata service named no role"));
  }
  SUMAC_ASSIGN_OR_RETURN(const auto document, metadata_->Get(kRolePath + role, request.cancelled));
  if (!document) return Fail(ErrorCode::kNotFound, "the instance has lost role '" + role + "'");
  SUMAC_ASSIGN_OR_RETURN(const auto fields, ParseJsonFields(document->Reveal()));
  const std::string code = Field(fields, "Code");
  if (!code.empty() && code != "Success") {
    return Fail(ErrorCode::kUnauthenticated, "the instance metadata service says " +
                                                 PrintableText(code, kRoleBytesMax) +
                                                 " for role '" + role + "'");
  }
  SUMAC_ASSIGN_OR_RETURN(auto credentials, CredentialsFromFields(fields));
  credentials.source = "EC2 instance role '" + role + "'";
  return credentials;
}

void InstanceMetadataCredentialsProvider::Extend(Credentials& credentials, const std::string& why) {
  constexpr int kLeastSeconds = 600;
  constexpr int kMostSeconds = 900;
  const int seconds = std::uniform_int_distribution<int>(kLeastSeconds, kMostSeconds)(random_);
  const WallTime until = clock_->WallNow() + std::chrono::seconds(seconds);
  if (credentials.expires_at && *credentials.expires_at >= until) return;
  credentials.expires_at = until;
  spdlog::warn("EC2 instance metadata: {}; the last keys are used for another {} minutes", why,
               seconds / 60);
}

Result<Credentials> InstanceMetadataCredentialsProvider::GetCredentials(
    const CredentialsRequest& request) {
  auto credentials = Ask(request);
  std::lock_guard lock(mutex_);
  if (!credentials) {
    // A service that is away may come back; one that says there is no role has spoken.
    const bool has_spoken =
        credentials.error().code == ErrorCode::kNotFound && !credentials.error().retryable;
    if (!last_ || has_spoken || credentials.error().code == ErrorCode::kCancelled) {
      return credentials;
    }
    Credentials old = *last_;
    Extend(old, credentials.error().message);
    return old;
  }
  last_ = *credentials;
  if (credentials->expires_at && *credentials->expires_at <= clock_->WallNow()) {
    Extend(*credentials, "the keys have expired");
  }
  return credentials;
}

}  // namespace sumac::aws

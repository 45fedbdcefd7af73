#include "aws/signing_clock.h"

#include <algorithm>

#include "aws/timestamp.h"
#include "base/log.h"

namespace sumac::aws {
namespace {

// Services allow five minutes and more; a slow answer must not look like a wrong clock.
constexpr int64_t kToleratedSeconds = 60;

}  // namespace

bool SigningClock::Correct(std::string_view date_header, WallTime signed_at) {
  const auto theirs = ParseHttpDate(std::string(date_header));
  if (!theirs) return false;
  const auto seconds_from = [&](WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(*theirs - time).count();
  };
  if (std::abs(seconds_from(signed_at)) <= kToleratedSeconds) return false;
  if (std::abs(seconds_from(WallNow())) <= kToleratedSeconds) return true;
  const auto offset = seconds_from(clock_->WallNow());
  offset_seconds_ = offset;
  spdlog::warn("this machine's clock is {} seconds {} AWS's; requests are signed with AWS's time",
               std::abs(offset), offset > 0 ? "behind" : "ahead of");
  return true;
}

bool MayBeClockSkew(std::string_view service_code) {
  constexpr std::string_view kCodes[] = {
      "InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired",
      "RequestTimeTooSkewed",      "RequestInTheFuture",    "AuthFailure",
  };
  return std::find(std::begin(kCodes), std::end(kCodes), service_code) != std::end(kCodes);
}

}  // namespace sumac::aws

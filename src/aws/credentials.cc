#include "aws/credentials.h"

namespace sumac::aws {

bool SameKeys(const Credentials& a, const Credentials& b) {
  return a.access_key_id == b.access_key_id && a.secret_access_key == b.secret_access_key &&
         a.session_token == b.session_token;
}

SourceReport MakeReport(std::string source, const Result<Credentials>& answer) {
  SourceReport report;
  report.source = std::move(source);
  if (answer) {
    report.outcome = SourceReport::Outcome::kUsed;
    report.detail = answer->source;
  } else {
    report.outcome = answer.error().code == ErrorCode::kNotFound
                         ? SourceReport::Outcome::kNotConfigured
                         : SourceReport::Outcome::kFailed;
    report.detail = answer.error().message;
  }
  return report;
}

}  // namespace sumac::aws

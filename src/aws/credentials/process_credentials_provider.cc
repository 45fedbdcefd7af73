#include "aws/credentials/process_credentials_provider.h"

#include "aws/credentials/command_words.h"
#include "aws/credentials/credentials_document.h"
#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr size_t kProgramBytesMax = 200;

Result<Credentials> ReadOutput(const SecretString& output) {
  SUMAC_ASSIGN_OR_RETURN(const auto fields, ParseJsonFields(output.Reveal()));
  if (Field(fields, "Version") != "1") {
    return Fail(BrokenDocument("it printed a document whose Version is not 1"));
  }
  return CredentialsFromFields(fields);
}

}  // namespace

Result<Credentials> ProcessCredentialsProvider::GetCredentials(const CredentialsRequest& request) {
  auto words = SplitCommandWords(command_.Reveal());
  if (!words) return Fail(std::move(words).error().WithContext("credential_process"));
  // Only the program: its arguments may be secrets.
  const std::string what =
      "credential_process (" + PrintableText(words->front(), kProgramBytesMax) + ")";
  auto result = RunBounded(*words, environment_, bounds_, request.cancelled);
  if (!result) {
    if (result.error().code == ErrorCode::kCancelled) return Fail(std::move(result).error());
    return Fail(std::move(result).error().WithContext(what));
  }
  if (result->exit_code != 0) {
    std::string message = what + " failed with exit code " + std::to_string(result->exit_code);
    if (!result->complaint.empty()) message += ": " + result->complaint;
    return Fail(ErrorCode::kUnauthenticated, message);
  }
  auto credentials = ReadOutput(result->output);
  if (!credentials) return Fail(std::move(credentials).error().WithContext(what));
  credentials->source = what;
  return credentials;
}

}  // namespace sumac::aws

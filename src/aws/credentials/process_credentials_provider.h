// `credential_process` of a profile: a program that prints credentials. Source: SDKs and Tools
// reference guide, "Process credential provider".
#pragma once

#include <string>

#include "aws/credentials.h"
#include "aws/credentials/bounded_process.h"

namespace sumac::aws {

class ProcessCredentialsProvider final : public CredentialsProvider {
 public:
  // `command` is taken apart by SplitCommandWords; no shell sees it.
  ProcessCredentialsProvider(SecretString command, Environment environment,
                             ProcessBounds bounds = {})
      : command_(std::move(command)), environment_(std::move(environment)), bounds_(bounds) {}

  // Errors kUnauthenticated: the program cannot be started, takes more than a minute, prints more
  // than 64 KiB, ends with another exit code than 0. kDataCorrupt: it printed something else.
  Result<Credentials> GetCredentials(const CredentialsRequest& request) override;
  std::string Name() const override { return "credential_process"; }

 private:
  const SecretString command_;
  const Environment environment_;
  const ProcessBounds bounds_;
};

}  // namespace sumac::aws

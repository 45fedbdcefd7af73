// The JSON document in which containers, instance metadata and credential_process hand over keys.
#pragma once

#include <string>

#include "aws/credentials.h"
#include "aws/json_fields.h"

namespace sumac::aws {

// Reads AccessKeyId, SecretAccessKey, SessionToken or Token, Expiration (RFC 3339), AccountId or
// the account of RoleArn. Errors kDataCorrupt: a key is missing, the expiry is no timestamp. The
// message names the member and quotes no value.
Result<Credentials> CredentialsFromFields(const JsonFields& fields);

// The account of an ARN, its fifth part; empty when there is none.
std::string AccountOfArn(const std::string& arn);

// The service's fault: kDataCorrupt with this message.
Error BrokenDocument(std::string message);

}  // namespace sumac::aws

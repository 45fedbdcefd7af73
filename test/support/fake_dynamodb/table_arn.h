// Tables that a request names by ARN, as it does for those of other accounts.
#pragma once

#include <string>

#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

// The name in "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"; what is no ARN is a name already. An
// ARN of another region than `region`, unless that is empty, or of another resource is refused.
Answer<std::string> TableNameOf(const std::string& name_or_arn, const std::string& region);

}  // namespace sumac::fake_dynamodb

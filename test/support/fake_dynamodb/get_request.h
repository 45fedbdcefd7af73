// The parameters of GetItem and BatchGetItem, read and validated as the service does, with its
// words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fake_dynamodb/read_parameters.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

struct GetParameters : ReadParameters {
  std::string key;  // JSON text
};

Answer<GetParameters> ParseGetItem(std::string_view body);

// What a BatchGetItem wants of one table.
struct BatchOfTable : ReadParameters {
  std::vector<std::string> keys;  // JSON texts
  // The members of this request besides Keys, as they were given, each with a comma behind it.
  std::string other_members;
};

// `capacity` of all is the request's.
Answer<std::vector<BatchOfTable>> ParseBatchGetItem(std::string_view body);

}  // namespace sumac::fake_dynamodb

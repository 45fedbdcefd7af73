// The parameters of a Query, read and validated as the service does, with its words.
#pragma once

#include <string_view>
#include <vector>

#include "fake_dynamodb/key_condition.h"
#include "fake_dynamodb/read_parameters.h"
#include "fake_dynamodb/service_error.h"

namespace sumac::fake_dynamodb {

struct QueryParameters : PageParameters {
  std::vector<KeyTest> key_tests;
  bool forward = true;
};

Answer<QueryParameters> ParseQuery(std::string_view body);

}  // namespace sumac::fake_dynamodb

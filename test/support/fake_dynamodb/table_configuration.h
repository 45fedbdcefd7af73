// A table in the configuration of the fake's program. Internal to that.
#pragma once

#include <simdjson.h>

#include "base/result.h"
#include "fake_dynamodb/server_configuration.h"

namespace sumac::fake_dynamodb {

// As ParseServerConfiguration says. Errors kInvalidArgument.
Result<ConfiguredTable> ReadConfiguredTable(simdjson::dom::object object);

}  // namespace sumac::fake_dynamodb

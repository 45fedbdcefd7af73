// Members of a configuration, each checked as it is read. Internal to the fake's program.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "base/result.h"

namespace sumac::fake_dynamodb {

tl::unexpected<Error> WrongConfiguration(std::string message);

// Refuses members other than `known`.
Status CheckMembers(simdjson::dom::object object, std::initializer_list<std::string_view> known);

// What is absent and not required is empty, `otherwise`, or none. Errors kInvalidArgument.
Result<std::string> ReadText(simdjson::dom::object object, std::string_view name, bool required);
Result<bool> ReadBoolean(simdjson::dom::object object, std::string_view name, bool otherwise);
Result<int64_t> ReadInteger(simdjson::dom::object object, std::string_view name, int64_t otherwise,
                            int64_t min, int64_t max);
Result<double> ReadReal(simdjson::dom::object object, std::string_view name, double otherwise);
// The objects in the array `name`.
Result<std::vector<simdjson::dom::object>> ReadObjects(simdjson::dom::object object,
                                                       std::string_view name);

}  // namespace sumac::fake_dynamodb

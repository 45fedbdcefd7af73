// What the HTTP interface says of itself to programs.
#pragma once

#include <string_view>

namespace sumac::server {

// The OpenAPI document of openapi.json, with this version; JSON.
std::string_view OpenApiDocument();

}  // namespace sumac::server

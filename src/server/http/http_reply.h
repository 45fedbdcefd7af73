// A whole response, before it is put on the wire.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sumac::server {

constexpr char kTextPlain[] = "text/plain; charset=utf-8";
constexpr char kApplicationJson[] = "application/json";

struct HttpReply {
  int status = 200;
  std::string content_type = kTextPlain;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace sumac::server

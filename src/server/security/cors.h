// Which web pages may use the HTTP interface: cross-origin resource sharing, as the Fetch standard
// has it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/http/http_reply.h"
#include "spicepod/spicepod.h"

namespace sumac::server {

// Immutable, so thread-safe. Cookies and passwords that a browser keeps are never asked for: no
// response allows credentials.
class Cors {
 public:
  // What a Spicepod says. Errors: kInvalidArgument (an origin that is none, with the place).
  static Result<Cors> Create(const spicepod::Spicepod& pod);

  // Off: no page of another origin may read an answer.
  Cors() = default;

  bool enabled() const { return enabled_; }
  // Whether "*" allows every page.
  bool allows_all() const { return any_; }
  // Whether a page of `origin` was named, and not only allowed by "*".
  bool Names(std::string_view origin) const;

  // The answer of a request that asks whether another may be made (OPTIONS with
  // Access-Control-Request-Method); without the headers of AddHeaders.
  HttpReply PreflightReply() const;

  // The headers of every response to a request with this Origin, which may be empty.
  void AddHeaders(std::string_view origin,
                  const std::function<void(const char* name, const std::string& value)>& add) const;

 private:
  bool enabled_ = false;
  bool any_ = false;
  std::vector<std::string> origins_;
};

}  // namespace sumac::server

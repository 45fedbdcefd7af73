#include "net/transport.h"

#include <strings.h>

namespace sumac::net {

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const auto& header : headers) {
    if (header.name.size() == name.size() &&
        strncasecmp(header.name.data(), name.data(), name.size()) == 0) {
      return header.value;
    }
  }
  return {};
}

}  // namespace sumac::net

#include "server/http/listen_address.h"

#include <charconv>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace sumac::server {

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto wrong = [&] {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is not an address to listen on; write IP:PORT, for example "
                            "127.0.0.1:8090 or [::1]:8090",
                            text));
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return wrong();

  ListenAddress address;
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || parsed.ec != std::errc() || parsed.ptr != port.data() + port.size()) {
    return wrong();
  }
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(address.host, error);
  if (error || ip.is_v6() != bracketed) return wrong();
  address.loopback = ip.is_loopback();
  return address;
}

std::string ListenAddressText(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

}  // namespace sumac::server

#include "cli/service_notification.h"

#include <cstddef>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

namespace sumac::cli {

void ServiceNotification::Reloading() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  Send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                   std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

void ServiceNotification::Stopping(std::chrono::milliseconds at_most) const {
  Send(fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", at_most.count() * 1000));
}

void ServiceNotification::Send(const std::string& text) const {
  if (socket_.empty()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof(address.sun_path)) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  // Of the kernel's own names, which have no file.
  if (socket_[0] == '@') address.sun_path[0] = '\0';
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (sendto(descriptor, text.data(), text.size(), MSG_NOSIGNAL, name, length) < 0) {
    spdlog::debug("The service manager could not be told: {}", std::strerror(errno));
  }
  close(descriptor);
}

}  // namespace sumac::cli

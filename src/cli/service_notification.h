// Tells systemd how far a service of Type=notify is (sd_notify(3)). Its protocol is a datagram to a
// socket, so no library is linked for it.
#pragma once

#include <chrono>
#include <string>

namespace sumac::cli {

// Thread-safe. Does nothing where nobody asked to be told.
class ServiceNotification {
 public:
  // `socket` is what the environment variable NOTIFY_SOCKET says: a path, or a name after '@';
  // empty when nobody is told.
  explicit ServiceNotification(std::string socket) : socket_(std::move(socket)) {}

  // It serves. Also ends Reloading.
  void Ready() const { Send("READY=1"); }
  void Reloading() const;
  // It ends within `at_most`, and is not to be killed before.
  void Stopping(std::chrono::milliseconds at_most) const;

 private:
  void Send(const std::string& text) const;

  const std::string socket_;
};

}  // namespace sumac::cli

#include "cli/service_notification.h"

#include <cstddef>
#include <cstring>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sumac::cli {
namespace {

// Receives what a service says at `name`, as systemd does.
class Listener {
 public:
  explicit Listener(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), 0);
  }
  ~Listener() { close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Empty when nothing was said.
  std::string Next() {
    char text[200];
    const auto size = recv(socket_, text, sizeof(text), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(text, static_cast<size_t>(size));
  }

 private:
  const int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(ServiceNotification, SaysHowFarItIs) {
  const std::string path = testing::TempDir() + "notify_" + std::to_string(getpid());
  Listener listener(path);
  const ServiceNotification service(path);
  service.Ready();
  EXPECT_EQ(listener.Next(), "READY=1");
  service.Reloading();
  EXPECT_THAT(listener.Next(), testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
  service.Stopping(std::chrono::seconds(40));
  EXPECT_EQ(listener.Next(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000");
  EXPECT_EQ(listener.Next(), "");
  std::filesystem::remove(path);
}

TEST(ServiceNotification, AlsoToANameWithoutAFile) {
  const std::string name = "@sumac_notify_" + std::to_string(getpid());
  Listener listener(name);
  ServiceNotification(name).Ready();
  EXPECT_EQ(listener.Next(), "READY=1");
}

TEST(ServiceNotification, NobodyIsThere) {
  ServiceNotification("").Ready();
  ServiceNotification(testing::TempDir() + "nobody").Ready();
  ServiceNotification(std::string(500, 'x')).Ready();
}

}  // namespace
}  // namespace sumac::cli

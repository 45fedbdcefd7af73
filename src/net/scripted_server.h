// A TCP server for tests whose connections do exactly what a function says, byte for byte.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sumac::net {

class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  // Reads one request: its head and as much body as its Content-Length says. Empty when the client
  // has closed the connection.
  std::string ReadRequest() {
    while (true) {
      const size_t head = buffer_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const size_t end = head + 4 + BodyLength(std::string_view(buffer_).substr(0, head));
        if (buffer_.size() >= end) {
          std::string request = buffer_.substr(0, end);
          buffer_.erase(0, end);
          return request;
        }
      }
      char bytes[4'096];
      const auto count = recv(socket_, bytes, sizeof bytes, 0);
      if (count <= 0) return "";
      buffer_.append(bytes, static_cast<size_t>(count));
    }
  }

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
  }

  // Blocks until the client has closed the connection.
  void AwaitClose() {
    while (!ReadRequest().empty()) {
    }
  }

 private:
  static size_t BodyLength(std::string_view head) {
    constexpr std::string_view kName = "Content-Length: ";
    const size_t at = head.find(kName);
    if (at == std::string_view::npos) return 0;
    return std::stoul(std::string(head.substr(at + kName.size(), 10)));
  }

  const int socket_;
  std::string buffer_;
};

class ScriptedServer {
 public:
  // `serve` runs on a thread for each connection; the connection is closed when it returns.
  explicit ScriptedServer(std::function<void(Connection&)> serve) : serve_(std::move(serve)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(listener_, 64);
    socklen_t length = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { Accept(); });
  }

  // Closes what is open, so that no connection can wait for ever.
  ~ScriptedServer() {
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close(listener_);
    {
      std::lock_guard lock(mutex_);
      for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    for (const int socket : sockets_) close(socket);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  void Accept() {
    while (true) {
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      ++connections_;
      std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      threads_.emplace_back([this, socket] {
        Connection connection(socket);
        serve_(connection);
        shutdown(socket, SHUT_RDWR);
      });
    }
  }

  const std::function<void(Connection&)> serve_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> sockets_;          // guarded until the acceptor has ended
  std::vector<std::thread> threads_;  // of the acceptor, then of the destructor
  std::thread acceptor_;
};

}  // namespace sumac::net

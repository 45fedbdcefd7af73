// A small HTTP/1.1 server for tests and benches: keep-alive, Content-Length bodies, one thread per
// connection, and full control over the bytes that go out, so that broken answers can be made.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace sumac::fake_dynamodb {

struct ReceivedHeader {
  std::string name;  // in lower case
  std::string value;
};

struct ReceivedRequest {
  std::string method;
  // As sent: path and query.
  std::string target;
  std::vector<ReceivedHeader> headers;
  std::string body;

  // The value of the first header with this lower-case name, or nullptr.
  const std::string* FindHeader(std::string_view name) const;
};

// One client's connection, for the thread that serves it.
class Connection {
 public:
  Connection(int socket, const std::atomic<bool>& stopping)
      : socket_(socket), stopping_(stopping) {}

  // Sends all of `bytes`; `more` says that more will follow at once. False once the client is gone.
  bool Write(std::string_view bytes, bool more = false);

  // Waits until `done` is true, looking about every 5 ms. False when the client left or the server
  // stops first.
  bool WaitUntil(const std::function<bool()>& done);

  // Waits until `clock` says `time`. False as above.
  bool WaitUntil(const Clock& clock, MonotonicTime time);

  // Breaks the connection off with a reset, as a crashing server does.
  void Cut();
  bool is_cut() const { return cut_; }

 private:
  // False when the client left within the time, or the server stops.
  bool Pause(std::chrono::milliseconds time) const;

  int socket_;
  const std::atomic<bool>& stopping_;
  bool cut_ = false;
};

// Answers one request by writing to the connection. Runs on many threads at once.
using RequestHandler = std::function<void(const ReceivedRequest&, Connection&)>;

// Thread-safe.
class HttpServer {
 public:
  // Listens on 127.0.0.1 and a free port. Error kUnavailable when that fails. At most
  // `connections_max` connections are served at a time; more wait to be accepted.
  static Result<std::unique_ptr<HttpServer>> Start(RequestHandler handler,
                                                   size_t connections_max = 128);
  ~HttpServer();

  uint16_t port() const { return port_; }

  // Closes every connection and waits for all threads. Safe to call more than once.
  void Stop();

 private:
  struct Worker {
    std::thread thread;
    int socket = -1;
    bool finished = false;
  };

  HttpServer(int listener, uint16_t port, RequestHandler handler, size_t connections_max);
  void AcceptConnections();
  void Serve(int socket);
  void JoinFinished(std::unique_lock<std::mutex>& lock);

  const int listener_;
  const uint16_t port_;
  const RequestHandler handler_;
  const size_t connections_max_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::thread acceptor_;
};

}  // namespace sumac::fake_dynamodb

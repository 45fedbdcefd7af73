#include "fake_dynamodb/http_server.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sumac::fake_dynamodb {
namespace {

constexpr size_t kHeadBytesMax = 64 * 1024;
constexpr size_t kBodyBytesMax = 16 * 1024 * 1024;  // DynamoDB's own bound on a request
constexpr std::chrono::milliseconds kPoll{5};
constexpr std::chrono::milliseconds kPauseMax{50};
constexpr int kBacklog = 512;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Reads request line and headers; nothing when they are not HTTP/1.1.
std::optional<ReceivedRequest> ParseHead(std::string_view head) {
  ReceivedRequest request;
  auto line_end = head.find("\r\n");
  const auto request_line = head.substr(0, line_end);
  const auto first_space = request_line.find(' ');
  const auto last_space = request_line.rfind(' ');
  if (first_space == std::string_view::npos || last_space <= first_space ||
      request_line.substr(last_space + 1) != "HTTP/1.1") {
    return std::nullopt;
  }
  request.method = request_line.substr(0, first_space);
  request.target = request_line.substr(first_space + 1, last_space - first_space - 1);
  while (line_end != std::string_view::npos) {
    head.remove_prefix(line_end + 2);
    line_end = head.find("\r\n");
    const auto line = head.substr(0, line_end);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    request.headers.push_back(
        {LowerCase(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1)))});
  }
  return request;
}

// The body's length; nothing when there is none that this server can read.
std::optional<size_t> BodyLength(const ReceivedRequest& request) {
  if (request.FindHeader("transfer-encoding") != nullptr) return std::nullopt;
  const std::string* text = request.FindHeader("content-length");
  if (text == nullptr) return 0;
  size_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc{} || end != text->data() + text->size() || length > kBodyBytesMax) {
    return std::nullopt;
  }
  return length;
}

// Reads requests from a socket, one after the other.
class RequestReader {
 public:
  explicit RequestReader(int socket) : socket_(socket) {}

  // The next request; nothing at the end of the connection or when it is not understood.
  std::optional<ReceivedRequest> Next() {
    size_t head_end;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (buffer_.size() > kHeadBytesMax || !Fill()) return std::nullopt;
    }
    auto request = ParseHead(std::string_view(buffer_).substr(0, head_end + 4));
    if (!request) return std::nullopt;
    const auto length = BodyLength(*request);
    if (!length) return std::nullopt;
    const std::string* expect = request->FindHeader("expect");
    if (expect != nullptr && LowerCase(*expect) == "100-continue") {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      if (send(socket_, kContinue.data(), kContinue.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
    }
    buffer_.erase(0, head_end + 4);
    while (buffer_.size() < *length) {
      if (!Fill()) return std::nullopt;
    }
    request->body = buffer_.substr(0, *length);
    buffer_.erase(0, *length);
    return request;
  }

 private:
  bool Fill() {
    char chunk[16 * 1024];
    ssize_t count;
    do {
      count = recv(socket_, chunk, sizeof(chunk), 0);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) return false;
    buffer_.append(chunk, static_cast<size_t>(count));
    return true;
  }

  int socket_;
  std::string buffer_;
};

}  // namespace

const std::string* ReceivedRequest::FindHeader(std::string_view name) const {
  for (const auto& header : headers) {
    if (header.name == name) return &header.value;
  }
  return nullptr;
}

bool Connection::Write(std::string_view bytes, bool more) {
  const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  while (!bytes.empty() && !cut_) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), flags);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return !cut_;
}

bool Connection::Pause(std::chrono::milliseconds time) const {
  if (stopping_) return false;
  pollfd waiting{socket_, POLLRDHUP, 0};
  const int ready = poll(&waiting, 1, static_cast<int>(time.count()));
  return ready <= 0 || (waiting.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

bool Connection::WaitUntil(const std::function<bool()>& done) {
  while (!done()) {
    if (!Pause(kPoll)) return false;
  }
  return true;
}

bool Connection::WaitUntil(const Clock& clock, MonotonicTime time) {
  for (auto left = time - clock.MonotonicNow(); left.count() > 0;
       left = time - clock.MonotonicNow()) {
    // Rounded up, so that the last look is not too early.
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(left);
    if (!Pause(std::min(pause, kPauseMax))) return false;
  }
  return true;
}

void Connection::Cut() {
  // Closing with unsent data and no linger time makes the kernel send a reset.
  const linger no_linger{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &no_linger, sizeof(no_linger));
  cut_ = true;
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(RequestHandler handler,
                                                      size_t connections_max) {
  const auto fail = [](const char* step) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("fake DynamoDB: {}: {}", step, std::strerror(errno)));
  };
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic_address = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic_address, length) != 0 || listen(listener, kBacklog) != 0 ||
      getsockname(listener, generic_address, &length) != 0) {
    auto error = fail("listen");
    close(listener);
    return error;
  }
  return std::unique_ptr<HttpServer>(
      new HttpServer(listener, ntohs(address.sin_port), std::move(handler), connections_max));
}

HttpServer::HttpServer(int listener, uint16_t port, RequestHandler handler, size_t connections_max)
    : listener_(listener),
      port_(port),
      handler_(std::move(handler)),
      connections_max_(connections_max),
      acceptor_([this] { AcceptConnections(); }) {}

HttpServer::~HttpServer() {
  Stop();
  close(listener_);
}

void HttpServer::Stop() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  std::unique_lock lock(mutex_);
  changed_.notify_all();
  for (const auto& worker : workers_) {
    if (!worker->finished) shutdown(worker->socket, SHUT_RDWR);
  }
  lock.unlock();
  if (acceptor_.joinable()) acceptor_.join();
  lock.lock();
  // A connection that was accepted while the listener closed.
  for (const auto& worker : workers_) {
    if (!worker->finished) shutdown(worker->socket, SHUT_RDWR);
  }
  changed_.wait(lock, [this] {
    return std::all_of(workers_.begin(), workers_.end(), [](const auto& w) { return w->finished; });
  });
  JoinFinished(lock);
}

// Joins and drops the workers that are done. They finish with the lock held, so joining under the
// lock would deadlock; it is released meanwhile.
void HttpServer::JoinFinished(std::unique_lock<std::mutex>& lock) {
  std::vector<std::unique_ptr<Worker>> finished;
  const auto middle = std::stable_partition(workers_.begin(), workers_.end(),
                                            [](const auto& worker) { return !worker->finished; });
  std::move(middle, workers_.end(), std::back_inserter(finished));
  workers_.erase(middle, workers_.end());
  lock.unlock();
  for (const auto& worker : finished) worker->thread.join();
  lock.lock();
}

void HttpServer::AcceptConnections() {
  while (!stopping_) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return;
    }
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    std::unique_lock lock(mutex_);
    JoinFinished(lock);
    changed_.wait(lock, [this] {
      const auto active = std::count_if(workers_.begin(), workers_.end(),
                                        [](const auto& worker) { return !worker->finished; });
      return stopping_ || static_cast<size_t>(active) < connections_max_;
    });
    if (stopping_) {
      close(socket);
      return;
    }
    auto worker = std::make_unique<Worker>();
    worker->socket = socket;
    worker->thread = std::thread([this, socket, self = worker.get()] {
      Serve(socket);
      std::lock_guard guard(mutex_);
      // Closed under the lock, so that Stop never shuts down a number that was given away again.
      close(socket);
      self->finished = true;
      changed_.notify_all();
    });
    workers_.push_back(std::move(worker));
  }
}

void HttpServer::Serve(int socket) {
  RequestReader reader(socket);
  Connection connection(socket, stopping_);
  while (!stopping_ && !connection.is_cut()) {
    const auto request = reader.Next();
    if (!request) return;
    handler_(*request, connection);
  }
}

}  // namespace sumac::fake_dynamodb

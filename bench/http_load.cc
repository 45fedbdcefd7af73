// Asks an HTTP server the same thing again and again over connections that stay, as fast as it
// answers.
// Usage: http_load HOST PORT CONNECTIONS SECONDS METHOD PATH [BODY [HEADER: VALUE]...]
// Prints {"requests": ..., "seconds": ..., "failed": ...}. A '#' in the body becomes a number that
// no other request has.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

struct Load {
  std::string head;  // up to Content-Length
  std::string body;
  Clock::time_point end;
  size_t requests = 0;
  size_t failed = 0;

  std::string Next() {
    std::string one = body;
    if (const size_t mark = one.find('#'); mark != std::string::npos) {
      one.replace(mark, 1, std::to_string(requests + failed + ++number));
    }
    return head + "Content-Length: " + std::to_string(one.size()) + "\r\n\r\n" + one;
  }
  size_t number = 0;
};

class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(asio::io_context& io, Load& load) : socket_(io), load_(load) {}

  void Start(const tcp::endpoint& server) {
    socket_.connect(server);
    socket_.set_option(tcp::no_delay(true));
    Ask();
  }

 private:
  void Ask() {
    if (Clock::now() >= load_.end) return;
    request_ = load_.Next();
    asio::async_write(socket_, asio::buffer(request_),
                      [self = shared_from_this()](error_code error, size_t) {
                        if (!error) return self->ReadHead();
                        ++self->load_.failed;
                      });
  }

  void ReadHead() {
    asio::async_read_until(socket_, asio::dynamic_buffer(received_), "\r\n\r\n",
                           [self = shared_from_this()](error_code error, size_t size) {
                             if (!error) return self->ReadBody(size);
                             ++self->load_.failed;
                           });
  }

  void ReadBody(size_t head_size) {
    const bool ok = received_.compare(9, 3, "200") == 0;
    const std::string head = received_.substr(0, head_size);
    const size_t at = head.find("Content-Length: ");
    const size_t size =
        at == std::string::npos ? 0 : static_cast<size_t>(std::atol(head.c_str() + at + 16));
    const size_t whole = head_size + size;
    const size_t missing = received_.size() >= whole ? 0 : whole - received_.size();
    asio::async_read(socket_, asio::dynamic_buffer(received_), asio::transfer_exactly(missing),
                     [self = shared_from_this(), whole, ok](error_code error, size_t) {
                       if (error || !ok) {
                         ++self->load_.failed;
                         return;
                       }
                       ++self->load_.requests;
                       self->received_.erase(0, whole);
                       self->Ask();
                     });
  }

  tcp::socket socket_;
  Load& load_;
  std::string request_;
  std::string received_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fputs(
        "usage: http_load HOST PORT CONNECTIONS SECONDS METHOD PATH [BODY [HEADER: VALUE]...]\n",
        stderr);
    return 2;
  }
  asio::io_context io(1);
  const tcp::endpoint server(asio::ip::make_address(argv[1]),
                             static_cast<uint16_t>(std::atoi(argv[2])));
  Load load;
  load.head = std::string(argv[5]) + ' ' + argv[6] + " HTTP/1.1\r\nHost: bench\r\n";
  if (argc > 7) load.body = argv[7];
  for (int i = 8; i < argc; ++i) load.head += std::string(argv[i]) + "\r\n";
  const auto started = Clock::now();
  load.end = started + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>(std::atof(argv[4])));
  for (int i = 0; i < std::atoi(argv[3]); ++i) std::make_shared<Client>(io, load)->Start(server);
  io.run();
  const std::chrono::duration<double> seconds = Clock::now() - started;
  std::printf("{\"requests\": %zu, \"seconds\": %.3f, \"failed\": %zu}\n", load.requests,
              seconds.count(), load.failed);
  return 0;
}

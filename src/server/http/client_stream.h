// The bytes of one client's connection, over TLS or not: what reads and writes does not know which.
// Internal to server/.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace boost::asio::ssl {
class context;
}  // namespace boost::asio::ssl

namespace sumac::server {

// A stream of Asio (AsyncReadStream, AsyncWriteStream) for handlers that are functions, one of each
// kind at a time. It is used on its executor, a strand.
class ClientStream {
 public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;
  using Done = std::function<void(boost::system::error_code, size_t)>;

  // `context` is null for a connection without TLS.
  ClientStream(boost::asio::ip::tcp::socket socket,
               std::shared_ptr<boost::asio::ssl::context> context);
  ~ClientStream();

  executor_type get_executor() { return socket_.get_executor(); }
  boost::asio::ip::tcp::socket& socket() { return socket_; }
  bool encrypted() const { return tls_ != nullptr; }

  // With TLS, waits for the client's first byte and then agrees on keys; otherwise done at once.
  // `plain` is true when the client does not speak TLS where it is asked for: what is written then
  // goes out as it is.
  void Handshake(std::function<void(boost::system::error_code, bool plain)> done);

  // Says that nothing more will be written. `owner` is kept until that is said, or closed.
  void ShutdownSend(std::shared_ptr<void> owner);

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_) return socket_.async_read_some(buffers, std::forward<Handler>(handler));
    ReadEncrypted(*boost::asio::buffer_sequence_begin(buffers),
                  Erased(std::forward<Handler>(handler)));
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_) return socket_.async_write_some(buffers, std::forward<Handler>(handler));
    Gathered gathered;
    size_t count = 0;
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != end && count < gathered.size(); ++at) {
      const boost::asio::const_buffer buffer(*at);
      if (buffer.size() > 0) gathered[count++] = buffer;
    }
    WriteEncrypted(gathered, Erased(std::forward<Handler>(handler)));
  }

 private:
  struct Tls;
  // Enough for a header or a chunk with what frames it; what is left is written next.
  using Gathered = std::array<boost::asio::const_buffer, 16>;

  // TLS is compiled for one type of handler, because its templates are large; and a handler that
  // can only be moved does not fit a function.
  template <typename Handler>
  static Done Erased(Handler handler) {
    auto shared = std::make_shared<Handler>(std::move(handler));
    return [shared](boost::system::error_code error, size_t size) { (*shared)(error, size); };
  }

  void ReadEncrypted(boost::asio::mutable_buffer buffer, Done done);
  void WriteEncrypted(const Gathered& buffers, Done done);

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace sumac::server

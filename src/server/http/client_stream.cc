#include "server/http/client_stream.h"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace sumac::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The first byte of TLS, of its record that holds a handshake.
constexpr unsigned char kHandshakeRecord = 0x16;

}  // namespace

struct ClientStream::Tls {
  Tls(tcp::socket& socket, std::shared_ptr<asio::ssl::context> context_in)
      : context(std::move(context_in)), stream(socket, *context) {}

  const std::shared_ptr<asio::ssl::context> context;
  asio::ssl::stream<tcp::socket&> stream;
};

ClientStream::ClientStream(tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
    : socket_(std::move(socket)) {
  if (context != nullptr) tls_ = std::make_unique<Tls>(socket_, std::move(context));
}

ClientStream::~ClientStream() = default;

void ClientStream::Handshake(std::function<void(error_code, bool plain)> done) {
  if (!tls_) return done({}, false);
  socket_.async_wait(tcp::socket::wait_read, [this, done = std::move(done)](error_code error) {
    if (error) return done(error, false);
    unsigned char first = 0;
    const size_t size =
        socket_.receive(asio::buffer(&first, 1), asio::socket_base::message_peek, error);
    if (error || size == 0) return done(error ? error : asio::error::eof, false);
    if (first != kHandshakeRecord) {
      tls_.reset();
      return done({}, true);
    }
    tls_->stream.async_handshake(asio::ssl::stream_base::server,
                                 [done](error_code failed) { done(failed, false); });
  });
}

void ClientStream::ShutdownSend(std::shared_ptr<void> owner) {
  if (!tls_) {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    return;
  }
  tls_->stream.async_shutdown([owner = std::move(owner)](error_code) {});
}

void ClientStream::ReadEncrypted(asio::mutable_buffer buffer, Done done) {
  tls_->stream.async_read_some(buffer, std::move(done));
}

void ClientStream::WriteEncrypted(const Gathered& buffers, Done done) {
  tls_->stream.async_write_some(buffers, std::move(done));
}

}  // namespace sumac::server

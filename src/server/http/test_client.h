// For tests: a blocking HTTP client that shows what came over the wire, not what a client library
// makes of it.
#pragma once

#include <map>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace sumac::server {

struct TestResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool complete = false;  // the body ended as its header said it would
};

class TestClient {
 public:
  explicit TestClient(uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void Send(const std::string& bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }

  // One response; `head` when its request was HEAD.
  TestResponse Receive(bool head = false) {
    TestResponse response;
    const std::string first = Line();
    if (first.size() < 12) return response;
    response.status = std::stoi(first.substr(9, 3));
    for (std::string line = Line(); !line.empty(); line = Line()) {
      const size_t colon = line.find(": ");
      std::string name = line.substr(0, colon);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      response.headers[name] = line.substr(colon + 2);
    }
    if (head || response.status == 100 || response.status == 204) {
      response.complete = true;
    } else if (response.headers.count("content-length") > 0) {
      const size_t size = std::stoul(response.headers["content-length"]);
      response.body = Bytes(size);
      response.complete = response.body.size() == size;
    } else if (response.headers.count("transfer-encoding") > 0) {
      response.complete = ReceiveChunks(response.body);
    } else {
      response.complete = ReceiveToEnd(response.body);
    }
    return response;
  }

  // True when the server has closed the connection and nothing is left to read.
  bool AtEnd() {
    std::string rest;
    ReceiveToEnd(rest);
    return rest.empty();
  }

  void Close() { socket_.close(); }

 private:
  std::string Line() {
    boost::system::error_code error;
    boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), "\r\n", error);
    const size_t end = buffer_.find("\r\n");
    if (end == std::string::npos) return {};
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }

  std::string Bytes(size_t size) {
    boost::system::error_code ignored;
    if (buffer_.size() < size) {
      boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_),
                        boost::asio::transfer_exactly(size - buffer_.size()), ignored);
    }
    std::string bytes = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return bytes;
  }

  bool ReceiveChunks(std::string& body) {
    while (true) {
      const std::string size_text = Line();
      if (size_text.empty()) return false;
      const size_t size = std::stoul(size_text, nullptr, 16);
      const std::string bytes = Bytes(size + 2);
      if (bytes.size() != size + 2) return false;
      if (size == 0) return true;
      body.append(bytes, 0, size);
    }
  }

  // False when the connection was reset.
  bool ReceiveToEnd(std::string& body) {
    boost::system::error_code error;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_), error);
    body = std::move(buffer_);
    buffer_.clear();
    return error == boost::asio::error::eof;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
};

inline std::string PostSql(const std::string& body, const std::string& headers = {}) {
  return "POST /v1/sql HTTP/1.1\r\nHost: x\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string Get(const std::string& target, const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

}  // namespace sumac::server

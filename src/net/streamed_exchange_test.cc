#include "net/streamed_exchange.h"

#include <gtest/gtest.h>

#include "net/scripted_server.h"

namespace sumac::net {
namespace {

HttpRequest Ask(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.body = "SELECT 1";
  return request;
}

TEST(StreamedExchange, GivesPartsAsTheyCome) {
  // The second part is sent when the first was received.
  std::atomic<int> parts = 0;
  ScriptedServer server([&parts](Connection& connection) {
    connection.ReadRequest();
    connection.Send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Name: a\r\n\r\n3\r\none\r\n");
    while (parts == 0) std::this_thread::yield();
    connection.Send("3\r\ntwo\r\n0\r\n\r\n");
  });
  std::string body;
  const auto response = SendAndStream(
      {}, Ask(server.url()),
      [&](const HttpResponse& head, std::string_view part) {
        EXPECT_EQ(head.Header("x-name"), "a");
        body += part;
        ++parts;
        return true;
      },
      nullptr);
  ASSERT_TRUE(response.has_value()) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(body, "onetwo");
  EXPECT_TRUE(response->body.empty());
}

TEST(StreamedExchange, AnErrorHasItsBody) {
  ScriptedServer server([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\nwrong");
  });
  const auto response = SendAndStream(
      {}, Ask(server.url()),
      [](const HttpResponse&, std::string_view) {
        ADD_FAILURE();
        return true;
      },
      nullptr);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 400);
  EXPECT_EQ(response->body, "wrong");
}

TEST(StreamedExchange, ACutBodyIsAnError) {
  ScriptedServer server([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
  });
  const auto response = SendAndStream(
      {}, Ask(server.url()), [](const HttpResponse&, std::string_view) { return true; }, nullptr);
  ASSERT_FALSE(response.has_value());
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
}

TEST(StreamedExchange, CancellingClosesTheConnection) {
  std::atomic<bool> cancelled = false;
  ScriptedServer server([&cancelled](Connection& connection) {
    connection.ReadRequest();
    cancelled = true;
    connection.AwaitClose();
  });
  const auto response = SendAndStream(
      {}, Ask(server.url()), [](const HttpResponse&, std::string_view) { return true; },
      &cancelled);
  ASSERT_FALSE(response.has_value());
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace sumac::net

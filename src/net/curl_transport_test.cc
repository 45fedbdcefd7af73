#include "net/curl_transport.h"

#include <future>
#include <latch>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/scripted_server.h"

namespace sumac::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Name:  a b \r\n\r\nok";

std::shared_ptr<CurlTransport> MakeTransport(CurlTransportOptions options = {}) {
  return CurlTransport::Create(options).value();
}

HttpRequest Post(const std::string& url, std::string body = "{}") {
  HttpRequest request;
  request.url = url;
  request.body = std::move(body);
  return request;
}

Result<HttpResponse> SendAndWait(Transport& transport, HttpRequest request) {
  std::promise<Result<HttpResponse>> promise;
  transport.Send(std::move(request),
                 [&](Result<HttpResponse> r) { promise.set_value(std::move(r)); });
  return promise.get_future().get();
}

void AnswerAll(Connection& connection) {
  while (!connection.ReadRequest().empty()) connection.Send(kOk);
}

TEST(CurlTransportTest, SendsWhatItIsGivenAndNothingElse) {
  std::promise<std::string> seen;
  ScriptedServer server([&](Connection& connection) {
    seen.set_value(connection.ReadRequest());
    connection.Send(kOk);
  });
  const auto transport = MakeTransport();
  auto request = Post(server.url() + "/", "{\"a\":1}");
  request.headers = {{"Host", "some.host"}, {"X-Amz-Target", "T"}, {"Content-Type", "json"}};
  const auto response = SendAndWait(*transport, request);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "ok");
  EXPECT_EQ(response->Header("x-name"), "a b");
  EXPECT_EQ(seen.get_future().get(),
            "POST / HTTP/1.1\r\nHost: some.host\r\nX-Amz-Target: T\r\nContent-Type: json\r\n"
            "Content-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(CurlTransportTest, KeepsConnections) {
  ScriptedServer server(AnswerAll);
  const auto transport = MakeTransport();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(SendAndWait(*transport, Post(server.url())));
  EXPECT_EQ(server.connections(), 1);
}

// Servers close what is idle, before the next request or just when it comes.
TEST(CurlTransportTest, AClosedConnectionIsReplaced) {
  for (const bool when_asked : {false, true}) {
    SCOPED_TRACE(when_asked);
    ScriptedServer server([&](Connection& connection) {
      connection.ReadRequest();
      connection.Send(kOk);
      if (when_asked) connection.ReadRequest();
    });
    const auto transport = MakeTransport();
    for (int i = 1; i <= 5; ++i) {
      const auto response = SendAndWait(*transport, Post(server.url()));
      ASSERT_TRUE(response) << response.error().message;
      EXPECT_EQ(server.connections(), i);
    }
  }
}

// More of them than libcurl tries by itself.
TEST(CurlTransportTest, ManyClosedConnectionsAreReplaced) {
  constexpr int kConnections = 12;
  std::latch all_asked(kConnections);
  ScriptedServer server([&](Connection& connection) {
    connection.ReadRequest();
    if (!all_asked.try_wait()) all_asked.arrive_and_wait();
    connection.Send(kOk);
    connection.ReadRequest();
  });
  const auto transport = MakeTransport();
  std::vector<std::future<Result<HttpResponse>>> answers;
  for (int i = 0; i < kConnections; ++i) {
    answers.push_back(std::async(std::launch::async,
                                 [&] { return SendAndWait(*transport, Post(server.url())); }));
  }
  for (auto& answer : answers) ASSERT_TRUE(answer.get());
  ASSERT_EQ(server.connections(), kConnections);
  const auto response = SendAndWait(*transport, Post(server.url()));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(server.connections(), kConnections + 1);
}

TEST(CurlTransportTest, ReadsChunksAndOtherStatuses) {
  ScriptedServer server([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n");
    connection.Send("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    connection.Send("2\r\nde\r\n0\r\n\r\n");
  });
  const auto response = SendAndWait(*MakeTransport(), Post(server.url()));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body, "abcde");
  EXPECT_EQ(response->Header("X-Early"), "");
}

TEST(CurlTransportTest, SaysHowAConnectionFailed) {
  std::string refused_url;
  {
    const ScriptedServer gone(AnswerAll);
    refused_url = gone.url();
  }
  const auto refused = SendAndWait(*MakeTransport(), Post(refused_url));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(refused.error().retryable);
  EXPECT_THAT(refused.error().message, StartsWith("could not connect to " + refused_url));

  ScriptedServer cutting([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  const auto cut = SendAndWait(*MakeTransport(), Post(cutting.url()));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(cut.error().retryable);
  EXPECT_EQ(cut.error().blame, Blame::kNetwork);

  ScriptedServer silent([](Connection& connection) { connection.ReadRequest(); });
  const auto nothing = SendAndWait(*MakeTransport(), Post(silent.url()));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::kUnavailable);
}

TEST(CurlTransportTest, EndsAtTheTimeout) {
  ScriptedServer server([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow");
    connection.AwaitClose();
  });
  auto request = Post(server.url());
  request.timeout_ms = 50;
  const auto response = SendAndWait(*MakeTransport(), request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_TRUE(response.error().retryable);
}

TEST(CurlTransportTest, BoundsTheBody) {
  ScriptedServer server([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(2'000, 'x'));
  });
  CurlTransportOptions options;
  options.body_bytes_max = 1'000;
  const auto response = SendAndWait(*MakeTransport(options), Post(server.url()));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kResourceExhausted);
  EXPECT_FALSE(response.error().retryable);
}

TEST(CurlTransportTest, RefusesWhatIsNoUrl) {
  for (const char* url : {"", "nonsense://x", "file:///etc/passwd", "http://"}) {
    const auto response = SendAndWait(*MakeTransport(), Post(url));
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, ErrorCode::kInvalidArgument) << url;
    EXPECT_FALSE(response.error().retryable) << url;
  }
}

TEST(CurlTransportTest, CancelEndsAnExchange) {
  std::promise<void> asked;
  ScriptedServer server([&](Connection& connection) {
    connection.ReadRequest();
    asked.set_value();
    connection.AwaitClose();
  });
  const auto transport = MakeTransport();
  std::promise<Result<HttpResponse>> promise;
  const auto id = transport->Send(Post(server.url()), [&](Result<HttpResponse> response) {
    promise.set_value(std::move(response));
  });
  asked.get_future().wait();
  transport->Cancel(id);
  transport->Cancel(id);
  const auto response = promise.get_future().get();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  transport->Cancel(id);
  transport->Cancel(12'345);
}

TEST(CurlTransportTest, RunsTimersInTheirOrder) {
  const auto transport = MakeTransport();
  std::vector<int> order;
  std::promise<void> done;
  using std::chrono::milliseconds;
  const auto dropped = transport->After(milliseconds(5), [&] { order.push_back(99); });
  transport->After(milliseconds(20), [&] { order.push_back(3); });
  transport->After(milliseconds(0), [&] { order.push_back(1); });
  transport->After(milliseconds(10), [&] { order.push_back(2); });
  transport->After(milliseconds(30), [&] { done.set_value(); });
  transport->Cancel(dropped);
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(CurlTransportTest, CallbacksMaySendAndCancel) {
  ScriptedServer server(AnswerAll);
  const auto transport = MakeTransport();
  std::promise<int> done;
  int answers = 0;
  std::function<void(Result<HttpResponse>)> again = [&](const Result<HttpResponse>& response) {
    ASSERT_TRUE(response);
    if (++answers == 10) {
      done.set_value(answers);
      return;
    }
    const auto timer = transport->After(std::chrono::hours(1), [] {});
    transport->Cancel(timer);
    transport->Send(Post(server.url()), again);
  };
  transport->Send(Post(server.url()), again);
  EXPECT_EQ(done.get_future().get(), 10);
}

TEST(CurlTransportTest, ManyThreadsManyExchanges) {
  ScriptedServer server(AnswerAll);
  CurlTransportOptions options;
  options.connections_per_host_max = 8;
  const auto transport = MakeTransport(options);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) good += SendAndWait(*transport, Post(server.url())) ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
  EXPECT_LE(server.connections(), 8);
}

// Each callback runs once, and none after Stop has returned.
TEST(CurlTransportTest, StopAnswersWhatIsUnderWay) {
  std::atomic<int> asked = 0;
  ScriptedServer server([&](Connection& connection) {
    connection.ReadRequest();
    ++asked;
    connection.AwaitClose();
  });
  const auto transport = MakeTransport();
  std::atomic<int> cancelled = 0;
  for (int i = 0; i < 10; ++i) {
    transport->Send(Post(server.url()), [&](const Result<HttpResponse>& response) {
      cancelled += !response && response.error().code == ErrorCode::kCancelled ? 1 : 0;
    });
  }
  bool timer_ran = false;
  transport->After(std::chrono::hours(1), [&] { timer_ran = true; });
  transport->Stop();
  transport->Stop();
  EXPECT_EQ(cancelled, 10);
  EXPECT_FALSE(timer_ran);
}

// What a callback holds may be the last to hold the transport: it then ends on its own thread.
TEST(CurlTransportTest, MayBeDestroyedByItsOwnCallback) {
  std::promise<void> done;
  auto transport = MakeTransport();
  auto* raw = transport.get();
  raw->After(std::chrono::milliseconds(1), [held = std::move(transport), &done]() mutable {
    held.reset();
    done.set_value();
  });
  done.get_future().wait();
}

TEST(CurlTransportTest, ATimerMayHoldTheTransportWhenItStops) {
  auto transport = MakeTransport();
  auto* raw = transport.get();
  const auto id = raw->After(std::chrono::hours(1), [held = transport] {});
  transport->Cancel(id);
  raw->After(std::chrono::hours(1), [held = transport] {});
  transport->Stop();
  EXPECT_EQ(transport.use_count(), 1);
}

TEST(ProxySettingsTest, FromTheEnvironment) {
  struct Case {
    std::map<std::string, std::string> environment;
    std::string for_http;
    std::string for_https;
    std::string bypass;
  };
  const Case cases[] = {
      {{}, "", "", ""},
      {{{"HTTP_PROXY", "a"}, {"HTTPS_PROXY", "b"}, {"NO_PROXY", "c"}}, "a", "b", "c"},
      {{{"http_proxy", "a"}, {"https_proxy", "b"}, {"no_proxy", "c"}}, "a", "b", "c"},
      {{{"ALL_PROXY", "a"}}, "a", "a", ""},
      {{{"all_proxy", "a"}, {"ALL_PROXY", "b"}}, "a", "a", ""},
      {{{"HTTP_PROXY", "a"}, {"ALL_PROXY", "b"}}, "a", "b", ""},
      {{{"HTTPS_PROXY", "a"}, {"all_proxy", "b"}}, "b", "a", ""},
      // Lower case wins; what is set to nothing is not set.
      {{{"http_proxy", "a"},
        {"HTTP_PROXY", "b"},
        {"https_proxy", "c"},
        {"HTTPS_PROXY", "d"},
        {"no_proxy", "e"},
        {"NO_PROXY", "f"}},
       "a",
       "c",
       "e"},
      {{{"https_proxy", ""}, {"HTTPS_PROXY", "d"}, {"no_proxy", ""}, {"NO_PROXY", "f"}},
       "",
       "d",
       "f"},
      {{{"Http_Proxy", "a"}, {"PROXY", "b"}}, "", "", ""},
  };
  for (const auto& [environment, for_http, for_https, bypass] : cases) {
    const auto settings = ProxySettingsFrom(environment);
    EXPECT_EQ(settings.for_http.Reveal(), for_http);
    EXPECT_EQ(settings.for_https.Reveal(), for_https);
    EXPECT_EQ(settings.bypass, bypass);
  }
}

TEST(CurlTransportTest, GoesThroughTheProxyUnlessBypassed) {
  std::atomic<int> through_proxy = 0;
  ScriptedServer proxy([&](Connection& connection) {
    while (true) {
      const auto request = connection.ReadRequest();
      if (request.empty()) return;
      through_proxy += request.starts_with("POST http://some.host/ HTTP/1.1\r\n") ? 1 : 100;
      connection.Send(kOk);
    }
  });
  ScriptedServer server(AnswerAll);
  CurlTransportOptions options;
  options.proxies.for_http = SecretString(proxy.url());
  options.proxies.bypass = "elsewhere,10.0.0.0/8";
  const auto transport = MakeTransport(options);
  ASSERT_TRUE(SendAndWait(*transport, Post("http://some.host/")));
  EXPECT_EQ(through_proxy, 1);
  auto direct = Post(server.url());
  direct.bypass_proxy = true;
  ASSERT_TRUE(SendAndWait(*transport, direct));
  EXPECT_EQ(through_proxy, 1);
  EXPECT_EQ(server.connections(), 1);

  options.proxies.bypass = "127.0.0.1";
  ASSERT_TRUE(SendAndWait(*MakeTransport(options), Post(server.url())));
  EXPECT_EQ(through_proxy, 1);
  EXPECT_EQ(server.connections(), 2);
}

// A proxy's URL holds a password, and curl quotes what it does not understand.
TEST(CurlTransportTest, AProxysPasswordIsNotShown) {
  for (const char* proxy :
       {"socks9://ann:hunter2@127.0.0.1:1", "nonsense://ann:hunter2@x", "http://ann:hunter2@",
        "http://ann:hunter2@127.0.0.1:1", "https://ann:hunter2@127.0.0.1:1",
        "http://ann:hunter2@127.0.0.1:99999"}) {
    CurlTransportOptions options;
    options.proxies.for_http = SecretString(proxy);
    const auto response = SendAndWait(*MakeTransport(options), Post("http://some.host/"));
    ASSERT_FALSE(response) << proxy;
    EXPECT_THAT(response.error().message, Not(HasSubstr("hunter2"))) << response.error().message;
  }
}

TEST(CurlTransportTest, ACertificateBundleMustBeThere) {
  CurlTransportOptions options;
  options.certificate_bundle_path = "/nowhere/bundle.pem";
  const auto transport = CurlTransport::Create(options);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(transport.error().message, HasSubstr("/nowhere/bundle.pem"));
}

TEST(CurlTransportTest, ARequestMayBoundItsBodyItself) {
  ScriptedServer server([](Connection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(2'000, 'x'));
  });
  auto request = Post(server.url());
  request.body_bytes_max = 1'999;
  EXPECT_EQ(SendAndWait(*MakeTransport(), request).error().code, ErrorCode::kResourceExhausted);
  request.body_bytes_max = 2'000;
  EXPECT_TRUE(SendAndWait(*MakeTransport(), request));
}

TEST(CurlTransportTest, SpeaksOtherMethods) {
  std::promise<std::string> put;
  std::promise<std::string> get;
  ScriptedServer server([&](Connection& connection) {
    const auto request = connection.ReadRequest();
    (request.starts_with("PUT") ? put : get).set_value(request);
    connection.Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  const auto transport = MakeTransport();
  auto request = Post(server.url() + "/a?b", "");
  request.headers = {{"Host", "h"}};
  request.method = "PUT";
  ASSERT_TRUE(SendAndWait(*transport, request));
  EXPECT_THAT(put.get_future().get(), StartsWith("PUT /a?b HTTP/1.1\r\nHost: h\r\n"));
  request.method = "GET";
  ASSERT_TRUE(SendAndWait(*transport, request));
  EXPECT_EQ(get.get_future().get(), "GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n");
}

}  // namespace
}  // namespace sumac::net

// Receiving alone: reads every page of a table over Sumac's transport, several segments at a time,
// checks x-amz-crc32 and throws the page away. What is left of a scan when decoding costs nothing.
//
//   receive_alone ENDPOINT TABLE SEGMENTS
//
// Prints one line of JSON: items, bytes, seconds, cpu_seconds. Signs nothing.
#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <sys/resource.h>
#include <zlib.h>

#include "base/clock.h"
#include "net/curl_transport.h"

namespace sumac::bench {
namespace {

constexpr std::string_view kKeyName = R"("LastEvaluatedKey":)";
constexpr std::string_view kCountName = R"("Count":)";
// A key is short, and stands at the end of the page.
constexpr size_t kTailBytes = 4096;

std::string LastEvaluatedKey(std::string_view body) {
  const auto tail = body.substr(body.size() - std::min(body.size(), kTailBytes));
  const auto found = tail.rfind(kKeyName);
  if (found == std::string_view::npos) return {};
  const auto end = tail.rfind(R"(,"ScannedCount")");
  return std::string(tail.substr(found + kKeyName.size(), end - found - kKeyName.size()));
}

uint64_t Number(std::string_view text) {
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Asks for the next page of a segment on the transport's thread, as soon as the last has come, and
// leaves the checksum to the thread that calls Run.
class Receiver {
 public:
  Receiver(std::shared_ptr<net::Transport> transport, std::string endpoint, std::string table,
           int segments)
      : transport_(std::move(transport)),
        endpoint_(std::move(endpoint)),
        table_(std::move(table)),
        segments_(segments) {}

  // False when anything went wrong.
  bool Run() {
    for (int segment = 0; segment < segments_; ++segment) Ask(segment, {});
    int open = segments_;
    while (open > 0) {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return !pages_.empty(); });
      auto page = std::move(pages_.front());
      pages_.pop_front();
      lock.unlock();
      if (!page) return false;
      const auto& body = page->body;
      const auto crc32 = crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
      if (page->status != 200 || Number(page->Header("x-amz-crc32")) != crc32) return false;
      const auto count = std::string_view(body).find(kCountName);
      if (count == std::string::npos) return false;
      items_ += Number(std::string_view(body).substr(count + kCountName.size()));
      bytes_ += body.size();
      if (LastEvaluatedKey(body).empty()) --open;
    }
    return true;
  }

  uint64_t items() const { return items_; }
  uint64_t bytes() const { return bytes_; }

 private:
  void Ask(int segment, const std::string& start_key) {
    net::HttpRequest request;
    request.url = endpoint_ + "/";
    request.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                       {"X-Amz-Target", "DynamoDB_20120810.Scan"}};
    request.body =
        fmt::format(R"({{"TableName":"{}","Segment":{},"TotalSegments":{}{}{}}})", table_, segment,
                    segments_, start_key.empty() ? "" : R"(,"ExclusiveStartKey":)", start_key);
    transport_->Send(std::move(request), [this, segment](Result<net::HttpResponse> response) {
      std::optional<net::HttpResponse> page;
      if (response) {
        const auto key = LastEvaluatedKey(response->body);
        if (!key.empty()) Ask(segment, key);
        page = std::move(*response);
      }
      std::lock_guard lock(mutex_);
      pages_.push_back(std::move(page));
      arrived_.notify_one();
    });
  }

  const std::shared_ptr<net::Transport> transport_;
  const std::string endpoint_;
  const std::string table_;
  const int segments_;
  uint64_t items_ = 0;
  uint64_t bytes_ = 0;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::optional<net::HttpResponse>> pages_;  // guarded by mutex_; nothing is a failure
};

int Main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    std::fprintf(stderr, "usage: receive_alone ENDPOINT TABLE SEGMENTS\n");
    return 2;
  }
  auto transport = net::CurlTransport::Create({});
  if (!transport) return 1;
  const SystemClock clock;
  const auto started = clock.MonotonicNow();
  Receiver receiver(*transport, arguments[1], arguments[2], std::atoi(arguments[3]));
  const bool received = receiver.Run();
  (*transport)->Stop();
  if (!received) {
    std::fprintf(stderr, "receive_alone: a page did not come as it should\n");
    return 1;
  }
  const std::chrono::duration<double> elapsed = clock.MonotonicNow() - started;
  fmt::print("{{\"items\":{},\"bytes\":{},\"seconds\":{:.6f},\"cpu_seconds\":{:.6f}}}\n",
             receiver.items(), receiver.bytes(), elapsed.count(), CpuSeconds());
  return 0;
}

}  // namespace
}  // namespace sumac::bench

int main(int argument_count, char** arguments) {
  return sumac::bench::Main(argument_count, arguments);
}

#include "net/streamed_exchange.h"

#include <memory>
#include <optional>

#include "net/exchange.h"

namespace sumac::net {
namespace {

// Ctrl-C is heard within this.
constexpr int kPollMs = 20;

struct MultiCloser {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

}  // namespace

Result<HttpResponse> SendAndStream(const CurlTransportOptions& options, HttpRequest request,
                                   const BodyPartCallback& on_part,
                                   const std::atomic<bool>* cancelled) {
  // Sets libcurl up, once for the process.
  SUMAC_ASSIGN_OR_RETURN(const auto transport, CurlTransport::Create(options));
  ExchangeContext context;
  context.options = options;
  context.bodies = BodyBufferPool::Make(options.idle_body_bytes_max);
  context.on_body_part = on_part;
  const std::unique_ptr<CURLM, MultiCloser> multi(curl_multi_init());
  if (!context.handles.usable() || !multi) {
    return Fail(InternalError("libcurl could not be set up"));
  }
  std::optional<Result<HttpResponse>> result;
  Exchange exchange(
      1, std::move(request), [&result](Result<HttpResponse> got) { result = std::move(got); },
      context);
  CURL* easy = exchange.Prepare();
  if (easy == nullptr) return Fail(ErrorCode::kInvalidArgument, "the request cannot be sent");
  curl_multi_add_handle(multi.get(), easy);
  int running = 1;
  while (running > 0 && !(cancelled != nullptr && *cancelled)) {
    if (curl_multi_perform(multi.get(), &running) != CURLM_OK) break;
    if (running > 0) curl_multi_poll(multi.get(), nullptr, 0, kPollMs, nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi.get(), &left);
  if (message != nullptr && message->msg == CURLMSG_DONE) {
    exchange.Finish(message->data.result);
  } else {
    exchange.FinishCancelled();
  }
  curl_multi_remove_handle(multi.get(), easy);
  return *std::move(result);
}

}  // namespace sumac::net

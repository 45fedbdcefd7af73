#include "fake_dynamodb/answer_writer.h"

#include <algorithm>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace sumac::fake_dynamodb {
namespace {

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Other";
  }
}

struct Head {
  int status = 200;
  std::string_view content_type = "application/x-amz-json-1.0";
  size_t content_length = 0;
  std::optional<uint32_t> crc32;
  bool gzip = false;
};

std::string RenderHead(const Head& head, const AnswerToWrite& answer) {
  auto text = fmt::format(
      "HTTP/1.1 {} {}\r\nServer: Server\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
      "x-amzn-RequestId: FAKE{:08}\r\n",
      head.status, ReasonPhrase(head.status), head.content_type, head.content_length,
      answer.request_number);
  if (answer.date) {
    text += fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                        fmt::gmtime(std::chrono::system_clock::to_time_t(*answer.date)));
  }
  if (head.crc32) text += fmt::format("x-amz-crc32: {}\r\n", *head.crc32);
  if (head.gzip) text += "Content-Encoding: gzip\r\n";
  return text + "\r\n";
}

void WriteSlowly(std::string_view bytes, const Fault& fault, Connection& connection) {
  const size_t chunk_bytes = std::max<size_t>(1, fault.chunk_bytes);
  while (!bytes.empty()) {
    if (fault.between_chunks) fault.between_chunks();
    if (!connection.Write(bytes.substr(0, chunk_bytes))) return;
    bytes.remove_prefix(std::min(chunk_bytes, bytes.size()));
  }
}

void WritePlainText(const AnswerToWrite& answer, const Fault& fault, Connection& connection) {
  constexpr std::string_view kBody = "<html><body>The gateway is not well.</body></html>";
  Head head;
  head.status = fault.error.status;
  head.content_type = "text/html";
  head.content_length = kBody.size();
  if (connection.Write(RenderHead(head, answer), true)) connection.Write(kBody);
}

}  // namespace

void WriteAnswer(const AnswerToWrite& answer, const Fault* fault, Connection& connection) {
  const auto is = [fault](FaultKind kind) { return fault != nullptr && fault->kind == kind; };
  if (is(FaultKind::kCutBeforeAnswer)) {
    connection.Cut();
    return;
  }
  if (is(FaultKind::kPlainText)) {
    WritePlainText(answer, *fault, connection);
    return;
  }
  std::optional<RenderedPage> half;
  const RenderedPage* page = answer.body;
  if (is(FaultKind::kMalformedJson)) {
    page = &half.emplace(page->Text().substr(0, page->size() / 2));
  }
  const bool compress = answer.compress || is(FaultKind::kGzip);
  if (compress) page = &page->Compressed();
  Head head;
  head.status = answer.status;
  head.content_length = page->size();
  head.crc32 = is(FaultKind::kWrongChecksum) ? page->crc32() ^ 1U : page->crc32();
  head.gzip = compress || is(FaultKind::kFalseGzip);
  const auto head_text = RenderHead(head, answer);
  if (is(FaultKind::kSlowBytes)) {
    WriteSlowly(head_text + page->Text(), *fault, connection);
    return;
  }
  if (is(FaultKind::kCutMidBody)) {
    connection.Write(head_text + page->Text().substr(0, page->size() / 2));
    connection.Cut();
    return;
  }
  // The kernel holds back what is said to have more behind it, so the last bytes must not say so.
  std::string_view ready = head_text;
  for (const auto part : page->Parts()) {
    if (part.empty()) continue;
    if (!connection.Write(ready, true)) return;
    ready = part;
  }
  connection.Write(ready);
}

}  // namespace sumac::fake_dynamodb

#include "server/http/response_channel.h"

#include <utility>

namespace sumac::server {

void ResponseChannel::Reply(HttpReply reply) {
  Put({EventKind::kReply, std::move(reply), {}});
}

void ResponseChannel::Start(HttpReply header) {
  Put({EventKind::kStart, std::move(header), {}});
}

void ResponseChannel::Finish() {
  Put({EventKind::kFinished, {}, {}});
}

void ResponseChannel::Abort() {
  Put({EventKind::kAborted, {}, {}});
}

bool ResponseChannel::Push(std::string piece) {
  {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [this] { return closed_ || pieces_ < pieces_max_; });
    if (closed_) return false;
    ++pieces_;
    events_.push_back({EventKind::kPiece, {}, std::move(piece)});
  }
  notify_();
  return true;
}

ResponseChannel::Event ResponseChannel::Take() {
  Event event;
  {
    std::lock_guard lock(mutex_);
    if (events_.empty()) return event;
    event = std::move(events_.front());
    events_.pop_front();
    if (event.kind == EventKind::kPiece) --pieces_;
  }
  taken_.notify_one();
  return event;
}

void ResponseChannel::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    events_.clear();
    pieces_ = 0;
  }
  taken_.notify_one();
}

bool ResponseChannel::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

void ResponseChannel::Put(Event event) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    events_.push_back(std::move(event));
  }
  notify_();
}

}  // namespace sumac::server

// Between the worker that runs a query and the connection that sends its answer: a bounded queue of
// pieces of the body, so that a slow client slows the query down instead of filling the memory.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "server/http/http_reply.h"

namespace sumac::server {

// Thread-safe. The worker calls either Reply, or Start, then Push any number of times, then Finish
// or Abort. The connection calls Take after each notification, and Close when it is gone.
class ResponseChannel {
 public:
  // `notify` is called whenever Take may return something new, on the worker's thread.
  ResponseChannel(size_t pieces_max, std::function<void()> notify)
      : pieces_max_(pieces_max), notify_(std::move(notify)) {}

  // The worker's side.
  void Reply(HttpReply reply);   // the whole response
  void Start(HttpReply header);  // a response of unknown length begins; its body follows
  // Waits while the queue is full. False when the client is gone.
  bool Push(std::string piece);
  void Finish();
  void Abort();  // the body stays unfinished, and the client has to see that

  // The connection's side.
  enum class EventKind { kNone, kReply, kStart, kPiece, kFinished, kAborted };
  struct Event {
    EventKind kind = EventKind::kNone;
    HttpReply reply;    // kReply; kStart, without a body
    std::string bytes;  // kPiece
  };
  Event Take();
  void Close();
  bool closed() const;

 private:
  void Put(Event event);

  const size_t pieces_max_;
  const std::function<void()> notify_;
  mutable std::mutex mutex_;
  std::condition_variable taken_;
  std::deque<Event> events_;
  size_t pieces_ = 0;
  bool closed_ = false;
};

}  // namespace sumac::server

// What a worker does for one request, when that may take long.
#pragma once

#include <atomic>

#include "server/http/http_reply.h"

namespace sumac::server {

// Run is called once, on a worker; Cancel from any thread.
class Job {
 public:
  virtual ~Job() = default;

  virtual void Run() = 0;

  // Answers at once, on the caller's thread, when that needs neither time nor a worker; false, and
  // it has to run, when it does. Called once, before Run.
  virtual bool AnswerNow() { return false; }

  // Makes the job end soon. It may come too early to be heard, so the caller repeats this until
  // done().
  virtual void Cancel() = 0;
  bool done() const { return done_; }

  // Answers instead of running, for a job that never gets a worker.
  virtual void Refuse(HttpReply reply) = 0;

 protected:
  std::atomic<bool> done_{false};
};

}  // namespace sumac::server

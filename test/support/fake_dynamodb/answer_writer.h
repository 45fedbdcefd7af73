// Puts an answer on the wire, with the fault that it meets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "fake_dynamodb/faults.h"
#include "fake_dynamodb/http_server.h"
#include "fake_dynamodb/rendered_page.h"

namespace sumac::fake_dynamodb {

struct AnswerToWrite {
  int status = 200;
  const RenderedPage* body = nullptr;
  uint64_t request_number = 0;
  std::optional<WallTime> date;
  bool compress = false;
};

// Blocks until all is sent, or the client is gone.
void WriteAnswer(const AnswerToWrite& answer, const Fault* fault, Connection& connection);

}  // namespace sumac::fake_dynamodb

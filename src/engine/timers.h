// What tells the engine the time, and when it is up.
#pragma once

#include <memory>

#include "base/clock.h"
#include "net/transport.h"

namespace sumac::engine {

struct Timers {
  // Null, with the transport, in an engine whose queries have no deadlines.
  std::shared_ptr<const Clock> clock;
  // Its timers interrupt a query that does not look at the clock: a join, a sort, a scan of a copy.
  // Must run by `clock`.
  std::shared_ptr<net::Transport> transport;
};

}  // namespace sumac::engine

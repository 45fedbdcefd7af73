#include "engine/task_loop.h"

#include <algorithm>
#include <thread>

namespace sumac::engine {

std::chrono::microseconds IdlePause::After(std::chrono::microseconds waited) {
  // A sleep takes this much at least.
  constexpr std::chrono::microseconds kShortest(100);
  if (waited < kShortest) return {};
  return std::min<std::chrono::microseconds>(waited / 16, std::chrono::milliseconds(1));
}

void IdlePause::Wait() {
  const auto now = std::chrono::steady_clock::now();
  if (!since_) since_ = now;
  const auto pause = After(std::chrono::duration_cast<std::chrono::microseconds>(now - *since_));
  if (pause.count() > 0) {
    std::this_thread::sleep_for(pause);
  } else {
    std::this_thread::yield();
  }
}

void RunToResult(duckdb::PendingQueryResult& pending, const std::function<void()>& between) {
  IdlePause pause;
  while (!pending.HasError()) {
    const auto state = pending.ExecuteTask();
    if (duckdb::PendingQueryResult::IsResultReady(state)) return;
    if (between) between();
    if (state == duckdb::PendingExecutionResult::BLOCKED ||
        state == duckdb::PendingExecutionResult::NO_TASKS_AVAILABLE) {
      pause.Wait();
    } else {
      pause.OnTask();
    }
  }
}

void RunToChunk(duckdb::StreamQueryResult& result) {
  IdlePause pause;
  while (true) {
    const auto state = result.ExecuteTask();
    if (duckdb::StreamQueryResult::IsChunkReady(state)) return;
    if (state == duckdb::StreamExecutionResult::BLOCKED ||
        state == duckdb::StreamExecutionResult::NO_TASKS_AVAILABLE) {
      pause.Wait();
    } else {
      pause.OnTask();
    }
  }
}

}  // namespace sumac::engine

#include "engine/task_loop.h"

#include <algorithm>
#include <thread>

namespace sumac::engine {

std::chrono::microseconds IdlePause::PauseAfter(std::chrono::microseconds waited) {
  // A sleep takes this much at least.
  constexpr std::chrono::microseconds kShortest(100);
  if (waited < kShortest) return {};
  return std::min<std::chrono::microseconds>(waited / 16, std::chrono::milliseconds(1));
}

void IdlePause::Wait() {
  const auto now = std::chrono::steady_clock::now();
  if (!since_) since_ = now;
  const auto pause =
      PauseAfter(std::chrono::duration_cast<std::chrono::microseconds>(now - *since_));
  if (pause.count() > 0) {
    std::this_thread::sleep_for(pause);
  } else {
    std::this_thread::yield();
  }
}

void IdlePause::After(std::chrono::steady_clock::duration busy) {
  constexpr std::chrono::microseconds kLookMost(20);
  busy < kLookMost ? Wait() : OnTask();
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
    const auto began = std::chrono::steady_clock::now();
    const auto state = result.ExecuteTask();
    if (duckdb::StreamQueryResult::IsChunkReady(state)) return;
    if (state == duckdb::StreamExecutionResult::BLOCKED) {
      pause.Wait();
    } else {
      // Of streams DuckDB does not say whether there was a task.
      pause.After(std::chrono::steady_clock::now() - began);
    }
  }
}

}  // namespace sumac::engine

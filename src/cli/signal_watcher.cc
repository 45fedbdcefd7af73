#include "cli/signal_watcher.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace sumac::cli {
namespace {

int pipe_ends[2] = {-1, -1};

void Handle(int signal_number) {
  const char byte = static_cast<char>(signal_number);
  [[maybe_unused]] const auto written = write(pipe_ends[1], &byte, 1);
}

sigset_t Watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

void Catch(int signal_number) {
  struct sigaction action {};
  action.sa_handler = Handle;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

SignalWatcher::SignalWatcher() {
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return;
  fcntl(pipe_ends[1], F_SETFL, O_NONBLOCK);
  // The thread is born with the signals blocked; the main thread keeps them open.
  const sigset_t watched = Watched();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &watched, &before);
  thread_ = std::thread([this] { Run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);

  Catch(SIGINT);
  Catch(SIGTERM);
}

SignalWatcher::~SignalWatcher() {
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  const char stop = 0;
  [[maybe_unused]] const auto written = write(pipe_ends[1], &stop, 1);
  if (thread_.joinable()) thread_.join();
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

void SignalWatcher::OnSignal(std::function<void()> callback) {
  std::lock_guard lock(mutex_);
  callback_ = std::move(callback);
}

void SignalWatcher::OnHangUp(std::function<void()> callback) {
  {
    std::lock_guard lock(mutex_);
    hang_up_callback_ = std::move(callback);
  }
  Catch(SIGHUP);
}

void SignalWatcher::Run() {
  char byte = 0;
  while (read(pipe_ends[0], &byte, 1) == 1 && byte != 0) {
    if (byte == SIGTERM) termination_asked_ = true;
    std::lock_guard lock(mutex_);
    const auto& callback = byte == SIGHUP ? hang_up_callback_ : callback_;
    if (callback) callback();
  }
}

}  // namespace sumac::cli

#include "aws/credentials/bounded_process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/printable_text.h"

namespace sumac::aws {
namespace {

constexpr int kPollMs = 20;
constexpr size_t kComplaintBytesMax = 300;

// One end of a pipe that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void Set(int descriptor) { descriptor_ = descriptor; }
  int get() const { return descriptor_; }
  void Close() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_ = -1;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;

  bool Open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end.Set(ends[0]);
    write_end.Set(ends[1]);
    return true;
  }
};

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The file that a shell would run for `name`; `name` itself when there is none.
std::string FindProgram(const std::string& name, const Environment& environment) {
  if (name.find('/') != std::string::npos) return name;
  std::string path = Variable(environment, "PATH");
  if (path.empty()) path = "/usr/local/bin:/usr/bin:/bin";
  while (!path.empty()) {
    const size_t end = std::min(path.find(':'), path.size());
    const std::string file = path.substr(0, end) + "/" + name;
    if (end > 0 && access(file.c_str(), X_OK) == 0) return file;
    path.erase(0, end + 1);
  }
  return name;
}

// Starts the program in a process group of its own; the error is errno's.
int Start(const std::vector<std::string>& words, const Environment& environment, Pipe& output,
          Pipe& complaint, pid_t& pid) {
  std::vector<std::string> arguments = words;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.write_end.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, complaint.write_end.get(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t nothing;
  sigemptyset(&nothing);
  sigset_t standard;
  sigemptyset(&standard);
  sigaddset(&standard, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &nothing);
  posix_spawnattr_setsigdefault(&attributes, &standard);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error =
      posix_spawn(&pid, FindProgram(words.front(), environment).c_str(), &actions, &attributes,
                  Pointers(arguments).data(), Pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// Moves what is ready from `from` to `to`; closes `from` at its end.
void Drain(Descriptor& from, size_t bytes_max, std::string& to) {
  char buffer[4096];
  const ssize_t count = read(from.get(), buffer, sizeof(buffer));
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) {
    from.Close();
    return;
  }
  to.append(buffer, std::min(static_cast<size_t>(count), bytes_max - to.size()));
}

// A program that was started. It and its group are gone when this is destroyed, unless they were
// released.
class RunningProcess {
 public:
  explicit RunningProcess(pid_t pid) : pid_(pid) {}
  ~RunningProcess() {
    // Until it is waited for, its number and its group's are nobody else's.
    if (!released_) kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  RunningProcess(const RunningProcess&) = delete;
  RunningProcess& operator=(const RunningProcess&) = delete;

  bool Ended() {
    if (ended_) return true;
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
      // It ended and nobody keeps exit codes: SIGCHLD is ignored, which a parent may hand down.
      ended_ = true;
      released_ = true;
    } else if (info.si_pid == pid_) {
      ended_ = true;
      exit_code_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    }
    return ended_;
  }
  // What it left running may go on.
  void Release() { released_ = true; }
  int exit_code() const { return exit_code_; }

 private:
  const pid_t pid_;
  bool ended_ = false;
  bool released_ = false;
  int exit_code_ = 0;
};

std::string DurationText(int duration_ms) {
  if (duration_ms % 1000 != 0) return std::to_string(duration_ms) + " ms";
  return std::to_string(duration_ms / 1000) + " s";
}

tl::unexpected<Error> Refuse(const std::string& message) {
  return Fail(ErrorCode::kUnauthenticated, message);
}

}  // namespace

Result<ProcessResult> RunBounded(const std::vector<std::string>& words,
                                 const Environment& environment, const ProcessBounds& bounds,
                                 const std::atomic<bool>* cancelled) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(bounds.timeout_ms);
  Pipe output;
  Pipe complaint;
  if (!output.Open() || !complaint.Open()) return Refuse("no pipe could be made");
  pid_t pid = 0;
  const int error = Start(words, environment, output, complaint, pid);
  if (error != 0) return Refuse("it cannot be started: " + std::string(strerror(error)));
  RunningProcess process(pid);
  output.write_end.Close();
  complaint.write_end.Close();

  std::string output_text;
  std::string complaint_text;
  // One byte more than the bound tells "too much" from "just enough". What it left running may keep
  // the pipes open, so the end of the program counts too.
  while (!process.Ended() || output.read_end.get() >= 0) {
    if (cancelled != nullptr && cancelled->load()) return Fail(CancelledError());
    if (Clock::now() >= deadline) {
      return Refuse("it did not end within " + DurationText(bounds.timeout_ms));
    }
    if (output_text.size() > bounds.output_bytes_max) {
      return Refuse("it wrote more than " + std::to_string(bounds.output_bytes_max) + " bytes");
    }
    const bool ended = process.Ended();
    pollfd ready[] = {{output.read_end.get(), POLLIN, 0}, {complaint.read_end.get(), POLLIN, 0}};
    const int count = poll(ready, 2, kPollMs);
    if (ended && count == 0) break;
    if (ready[0].revents != 0) Drain(output.read_end, bounds.output_bytes_max + 1, output_text);
    if (ready[1].revents != 0) Drain(complaint.read_end, kComplaintBytesMax, complaint_text);
  }
  process.Release();
  ProcessResult result;
  result.output = SecretString(std::move(output_text));
  result.exit_code = process.exit_code();
  result.complaint =
      PrintableText(complaint_text.substr(0, complaint_text.find('\n')), kComplaintBytesMax);
  return result;
}

}  // namespace sumac::aws

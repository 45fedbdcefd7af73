#include "cli/statement_history.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sumac::cli {
namespace {

// The format of libedit's history files, which those of earlier versions are: this line, then a
// statement a line, in which blanks, control characters and backslashes are \ooo.
constexpr char kHeader[] = "_HiStOrY_V2_";
constexpr std::streamoff kFileBytesMax = 256 << 20;

std::string Encoded(const std::string& statement) {
  std::string line;
  for (const char c : statement) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte > ' ' && byte != '\\' && byte != 0x7f;
    line += plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return line;
}

// The character that the escape at `at` stands for, of those that vis(3) of libedit writes: \ooo,
// \^C for a control character, \M-c and \M^C for a byte above ASCII. Moves `at` past it.
char DecodedEscape(const std::string& line, size_t& at) {
  const auto byte = [&](size_t i) { return i < line.size() ? line[i] : '\0'; };
  const auto octal = [&](size_t i) { return byte(i) >= '0' && byte(i) <= '7'; };
  const auto control = [](char c) { return c == '?' ? '\x7f' : static_cast<char>(c & 0x1f); };
  const auto high = [](char c) { return static_cast<char>(c | 0x80); };
  size_t size = 1;
  char c = line[at];
  if (octal(at + 1) && octal(at + 2) && octal(at + 3)) {
    size = 4;
    c = static_cast<char>((byte(at + 1) - '0') * 64 + (byte(at + 2) - '0') * 8 +
                          (byte(at + 3) - '0'));
  } else if (byte(at + 1) == '^' && byte(at + 2) != '\0') {
    size = 3;
    c = control(byte(at + 2));
  } else if (byte(at + 1) == 'M' && byte(at + 2) == '-' && byte(at + 3) != '\0') {
    size = 4;
    c = high(byte(at + 3));
  } else if (byte(at + 1) == 'M' && byte(at + 2) == '^' && byte(at + 3) != '\0') {
    size = 4;
    c = high(control(byte(at + 3)));
  } else if (byte(at + 1) == '\\') {
    size = 2;
  }
  at += size;
  return c;
}

std::string Decoded(const std::string& line) {
  std::string statement;
  for (size_t at = 0; at < line.size();) {
    statement += line[at] == '\\' ? DecodedEscape(line, at) : line[at++];
  }
  return statement;
}

bool WriteAll(int file, const std::string& bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t written = write(file, bytes.data() + at, bytes.size() - at);
    if (written <= 0) return false;
    at += static_cast<size_t>(written);
  }
  return true;
}

}  // namespace

StatementHistory::StatementHistory(std::string path) : path_(std::move(path)) {
  Load();
}

void StatementHistory::Load() {
  if (path_.empty()) return;
  struct stat status {};
  if (stat(path_.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size > kFileBytesMax) {
    return;
  }
  std::ifstream file(path_, std::ios::binary);
  std::string line;
  bool encoded = false;
  for (bool first = true; std::getline(file, line); first = false) {
    if (first && line == kHeader) {
      encoded = true;
    } else if (!line.empty()) {
      Keep(encoded ? Decoded(line) : line);
    }
  }
}

void StatementHistory::Keep(const std::string& statement) {
  const auto same = std::find(statements_.begin(), statements_.end(), statement);
  if (same != statements_.end()) statements_.erase(same);
  statements_.push_back(statement);
  if (statements_.size() > kStatementsMax) statements_.erase(statements_.begin());
}

void StatementHistory::Add(const std::string& statement) {
  if (statement.size() > kStatementBytesMax) return;
  Load();
  Keep(statement);
  Save();
}

void StatementHistory::Clear() {
  statements_.clear();
  Save();
}

void StatementHistory::Save() const {
  if (path_.empty()) return;
  // A link stays one, and a device such as /dev/null is not replaced.
  std::error_code unresolved;
  const auto resolved = std::filesystem::canonical(path_, unresolved);
  const std::string path = unresolved ? path_ : resolved.string();
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return;
  std::string bytes = std::string(kHeader) + "\n";
  for (const auto& statement : statements_) bytes += Encoded(statement) + "\n";
  std::string next = path + ".XXXXXX";
  // Its owner alone can read it, from the beginning.
  const int file = mkostemp(next.data(), O_CLOEXEC);
  if (file < 0) return;
  const bool written = WriteAll(file, bytes);
  if (close(file) != 0 || !written || std::rename(next.c_str(), path.c_str()) != 0) {
    std::remove(next.c_str());
  }
}

}  // namespace sumac::cli

#include "aws/secret_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sumac::aws {
namespace {

constexpr size_t kFileBytesMax = 1 << 20;

// An open file that closes itself.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

tl::unexpected<Error> Unreadable(const std::string& path, const std::string& why) {
  return Fail(ErrorCode::kUnauthenticated, "the file " + path + " cannot be read: " + why);
}

bool WriteAll(int descriptor, const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    written += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace

Result<SecretString> ReadSecretFile(const std::string& path) {
  // Without waiting for the other end of a FIFO.
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return Fail(ErrorCode::kNotFound, "there is no file " + path);
  }
  if (file.get() < 0) return Unreadable(path, strerror(errno));
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return Unreadable(path, strerror(errno));
  if (!S_ISREG(status.st_mode)) return Unreadable(path, "it is no file");
  std::string text(kFileBytesMax + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Unreadable(path, strerror(errno));
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  if (size > kFileBytesMax) return Unreadable(path, "it is longer than 1 MiB");
  text.resize(size);
  text.resize(text.find_last_not_of(" \t\r\n") + 1);
  return SecretString(std::move(text));
}

Result<SecretString> ReadRequiredSecretFile(const std::string& path) {
  auto text = ReadSecretFile(path);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kUnauthenticated, text.error().message);
  }
  return text;
}

Status WriteSecretFile(const std::string& path, const SecretString& text) {
  std::string temporary = path + ".XXXXXX";
  // Made readable by its owner alone.
  const OpenFile file(mkostemp(temporary.data(), O_CLOEXEC));
  const auto refuse = [&]() -> Status {
    const std::string why = strerror(errno);
    if (file.get() >= 0) unlink(temporary.c_str());
    return Fail(ErrorCode::kUnauthenticated, "the file " + path + " cannot be written: " + why);
  };
  if (file.get() < 0 || !WriteAll(file.get(), text.Reveal())) return refuse();
  if (rename(temporary.c_str(), path.c_str()) != 0) return refuse();
  return {};
}

}  // namespace sumac::aws

#include "dynamodb/checkpoint_file.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dynamodb/positioned_io.h"

namespace sumac::dynamodb {
namespace {

constexpr uint64_t kSyncBytes = 64ULL << 20;
// Of a file that is removed again and again while it is opened.
constexpr int kOpenAttemptsMax = 10;

tl::unexpected<Error> CannotOpen(const std::string& path, const std::string& why) {
  Error error;
  error.code = ErrorCode::kUnavailable;
  error.blame = Blame::kUser;
  error.message = "the checkpoint file '" + path + "' " + why;
  return Fail(std::move(error));
}

// Whether the file that is open is the one at `path` still: who had it before may have removed it.
bool IsAt(const std::string& path, const struct stat& open_file) {
  struct stat at_path {};
  return lstat(path.c_str(), &at_path) == 0 && at_path.st_dev == open_file.st_dev &&
         at_path.st_ino == open_file.st_ino;
}

}  // namespace

Result<std::shared_ptr<CheckpointFile>> CheckpointFile::Open(const std::string& path) {
  for (int attempt = 0; attempt < kOpenAttemptsMax; ++attempt) {
    const int descriptor =
        open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor < 0) {
      return CannotOpen(path, std::string("cannot be opened: ") + std::strerror(errno));
    }
    std::shared_ptr<CheckpointFile> file(new CheckpointFile(path, descriptor, 0));
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      return CannotOpen(path, errno == EWOULDBLOCK
                                  ? "is in use by another process"
                                  : std::string("cannot be locked: ") + std::strerror(errno));
    }
    struct stat status {};
    if (fstat(descriptor, &status) != 0) {
      return CannotOpen(path, std::string("cannot be read: ") + std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) return CannotOpen(path, "is no regular file");
    if (!IsAt(path, status)) continue;
    file->size_ = static_cast<uint64_t>(status.st_size);
    return file;
  }
  return CannotOpen(path, "is removed again and again");
}

CheckpointFile::~CheckpointFile() {
  close(descriptor_);
}

Result<RecordPlace> CheckpointFile::Append(std::string_view frame) {
  // One after the other, so that a frame that is not whole is the last one.
  std::unique_lock lock(mutex_);
  if (error_ != 0) return CannotWrite();
  const RecordPlace place{size_, static_cast<uint32_t>(frame.size() - FrameHead::kBytes)};
  error_ = WriteAt(descriptor_, size_, frame);
  if (error_ != 0) {
    // Where this fails as well, the next process does it.
    [[maybe_unused]] const int cut = ftruncate(descriptor_, static_cast<off_t>(size_));
    return CannotWrite();
  }
  size_ += frame.size();
  not_synced_ += frame.size();
  SyncWhenDue(std::move(lock));
  return place;
}

void CheckpointFile::SyncWhenDue(std::unique_lock<std::mutex> lock) {
  if (syncing_ || not_synced_ < kSyncBytes) return;
  syncing_ = true;
  not_synced_ = 0;
  lock.unlock();
  // The pages that are lost if it fails are read again.
  fdatasync(descriptor_);
  lock.lock();
  syncing_ = false;
}

bool CheckpointFile::ReadRecord(uint64_t offset, std::string& record) const {
  const uint64_t end = size();
  std::array<char, FrameHead::kBytes> bytes{};
  if (offset > end || end - offset < bytes.size()) return false;
  if (ReadAt(descriptor_, offset, bytes.data(), bytes.size()) != 0) return false;
  const auto head = FrameHead::Read(bytes.data());
  // Before memory is taken for what a broken head says.
  if (head.record_bytes > FrameHead::kRecordBytesMax ||
      head.record_bytes > end - offset - bytes.size()) {
    return false;
  }
  record.resize(head.record_bytes);
  return ReadAt(descriptor_, offset + bytes.size(), record.data(), record.size()) == 0 &&
         head.Matches(record);
}

Status CheckpointFile::Cut(uint64_t size) {
  std::lock_guard lock(mutex_);
  if (size == size_) return {};
  if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    error_ = errno;
    return CannotWrite();
  }
  size_ = size;
  return {};
}

uint64_t CheckpointFile::size() const {
  std::lock_guard lock(mutex_);
  return size_;
}

// Called with the lock held.
tl::unexpected<Error> CheckpointFile::CannotWrite() const {
  return Fail(ErrorCode::kResourceExhausted,
              "the table's pages cannot be kept in the checkpoint file '" + path_ +
                  "': " + std::strerror(error_) +
                  "; make room for the table there, and the next load goes on from what is kept");
}

}  // namespace sumac::dynamodb

#include "dynamodb/stored_pages.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>

#include <fcntl.h>
#include <unistd.h>

#include "dynamodb/compressed_page.h"
#include "dynamodb/positioned_io.h"

namespace sumac::dynamodb {
namespace {

// A file without a name. Thread-safe but for Open and Close.
class TemporaryFile {
 public:
  TemporaryFile() = default;
  ~TemporaryFile() { Close(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  // Returns errno, or 0.
  int Open(const std::string& directory) {
    std::string path = directory + "/sumac-pages-XXXXXX";
    descriptor_ = mkostemp(path.data(), O_CLOEXEC);
    if (descriptor_ < 0) return errno;
    return unlink(path.c_str()) == 0 ? 0 : errno;
  }

  void Close() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }

  int descriptor() const { return descriptor_; }

  // Gives the room back where the file system can; elsewhere the end of the file does.
  void Free(uint64_t offset, uint64_t size) const {
    fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
              static_cast<off_t>(size));
  }

 private:
  int descriptor_ = -1;
};

}  // namespace

class StoredPages::State {
 public:
  explicit State(StoredPagesOptions options) : options_(std::move(options)) {}

  Status Add(const Page& page) {
    Stored stored;
    SUMAC_ASSIGN_OR_RETURN(stored.page, CompressPage(page));
    const uint64_t size = stored.page.body.size();
    stored.compressed_bytes = size;
    {
      std::lock_guard lock(mutex_);
      if (memory_bytes_ + size <= options_.memory_bytes_max) {
        stored.page.body.shrink_to_fit();
        memory_bytes_ += size;
        pages_.push_back(std::move(stored));
        return {};
      }
      if (!file_.is_open()) {
        if (const int error = file_.Open(options_.temporary_directory); error != 0) {
          return Fail(CannotKeep(error));
        }
      }
      stored.in_file = true;
      stored.offset = file_end_;
      file_end_ += size;
      ++writing_;
    }
    const int error = WriteAt(file_.descriptor(), stored.offset, stored.page.body);
    stored.page.body = std::string();
    std::lock_guard lock(mutex_);
    --writing_;
    if (error != 0) return Fail(CannotKeep(error));
    file_bytes_ += size;
    pages_.push_back(std::move(stored));
    return {};
  }

  Result<std::optional<Page>> Next() {
    Stored stored;
    {
      std::lock_guard lock(mutex_);
      if (error_) return Fail(*error_);
      if (pages_.empty()) return std::optional<Page>();
      stored = std::move(pages_.front());
      pages_.pop_front();
      (stored.in_file ? file_bytes_ : memory_bytes_) -= stored.compressed_bytes;
      ++restoring_;
    }
    auto page = Restore(std::move(stored));
    std::lock_guard lock(mutex_);
    --restoring_;
    CloseFileWhenDone();
    if (!page) {
      if (!error_) error_ = page.error();
      return Fail(page.error());
    }
    statistics_.pages += 1;
    statistics_.items += page->count;
    statistics_.items_scanned += page->scanned_count;
    statistics_.bytes += page->body.size();
    statistics_.bytes_on_wire += page->bytes_on_wire;
    statistics_.consumed_read_units += page->consumed_read_units;
    return std::optional<Page>(*std::move(page));
  }

  void Cancel() {
    std::lock_guard lock(mutex_);
    if (!error_) error_ = CancelledError();
    pages_.clear();
    memory_bytes_ = 0;
    file_bytes_ = 0;
    CloseFileWhenDone();
  }

  ScanStatistics Statistics() const {
    std::lock_guard lock(mutex_);
    return statistics_;
  }

  ScanProgress Progress() const {
    std::lock_guard lock(mutex_);
    ScanProgress progress;
    progress.statistics = statistics_;
    const auto all = static_cast<double>(statistics_.pages + pages_.size());
    progress.fraction = all > 0 ? static_cast<double>(statistics_.pages) / all : 1.0;
    return progress;
  }

  uint64_t MemoryBytes() const {
    std::lock_guard lock(mutex_);
    return memory_bytes_;
  }

  uint64_t FileBytes() const {
    std::lock_guard lock(mutex_);
    return file_bytes_;
  }

 private:
  struct Stored {
    CompressedPage page;  // its body is empty when it is in the file
    bool in_file = false;
    uint64_t offset = 0;
    uint64_t compressed_bytes = 0;
  };

  // Called with the lock held. Whoever still holds this, it takes no room then.
  void CloseFileWhenDone() {
    if (pages_.empty() && restoring_ == 0 && writing_ == 0) file_.Close();
  }

  Error CannotKeep(int error_number) const {
    return UserError(ErrorCode::kResourceExhausted,
                     "the table's pages cannot be kept in a temporary file in '" +
                         options_.temporary_directory + "': " + std::strerror(error_number) +
                         "; set TMPDIR to a folder with room for the table");
  }

  Result<Page> Restore(Stored stored) const {
    if (stored.in_file) {
      auto& body = stored.page.body;
      body.resize(stored.compressed_bytes);
      const int error = ReadAt(file_.descriptor(), stored.offset, body.data(), body.size());
      if (error != 0) return Fail(LostPage(std::strerror(error)));
      file_.Free(stored.offset, stored.compressed_bytes);
    }
    return RestorePage(stored.page);
  }

  const StoredPagesOptions options_;
  TemporaryFile file_;  // opened under the lock, once
  mutable std::mutex mutex_;
  std::deque<Stored> pages_;    // guarded
  uint64_t memory_bytes_ = 0;   // guarded
  uint64_t file_bytes_ = 0;     // guarded
  uint64_t file_end_ = 0;       // guarded
  int writing_ = 0;             // guarded; Adds on their way to the file
  int restoring_ = 0;           // guarded; Nexts on their way from it
  std::optional<Error> error_;  // guarded
  ScanStatistics statistics_;   // guarded
};

StoredPages::StoredPages(StoredPagesOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}

StoredPages::~StoredPages() = default;

Status StoredPages::Add(const Page& page) {
  return state_->Add(page);
}

Result<std::optional<Page>> StoredPages::Next(const std::function<bool()>&) {
  return state_->Next();
}

void StoredPages::Cancel() {
  state_->Cancel();
}

ScanStatistics StoredPages::Statistics() const {
  return state_->Statistics();
}

ScanProgress StoredPages::Progress() const {
  return state_->Progress();
}

uint64_t StoredPages::MemoryBytes() const {
  return state_->MemoryBytes();
}

uint64_t StoredPages::FileBytes() const {
  return state_->FileBytes();
}

}  // namespace sumac::dynamodb

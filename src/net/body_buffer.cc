#include "net/body_buffer.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <strings.h>

namespace sumac::net {
namespace {

// Smaller ones are no trouble for malloc.
constexpr size_t kPooledBytesMin = 64 << 10;
// Lengths are rounded up to this, so that pages of nearly the same length share memory.
constexpr size_t kStepBytes = 64 << 10;
// Memory goes to a body of half its length at least: waiting pages hold what they need, not more.
constexpr size_t kWasteMax = 2;

char* Allocate(size_t capacity) {
  auto* memory = static_cast<char*>(std::malloc(capacity + kBodyPaddingBytes));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

BodyBuffer::BodyBuffer(std::string_view bytes) {
  Append(bytes);
}

BodyBuffer& BodyBuffer::operator=(BodyBuffer&& other) noexcept {
  BodyBuffer taken(std::move(other));
  Swap(taken);
  return *this;
}

BodyBuffer& BodyBuffer::operator=(const BodyBuffer& other) {
  BodyBuffer copy(other);
  Swap(copy);
  return *this;
}

void BodyBuffer::Append(std::string_view bytes) {
  if (bytes.empty()) return;
  if (size_ + bytes.size() > capacity_) Reserve(std::max(size_ + bytes.size(), 2 * capacity_));
  std::memcpy(memory_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void BodyBuffer::Reserve(size_t bytes) {
  if (bytes <= capacity_ && memory_) return;
  BodyBuffer larger = Another(bytes);
  if (size_ > 0) std::memcpy(larger.memory_.get(), memory_.get(), size_);
  larger.size_ = size_;
  Swap(larger);
}

void BodyBuffer::Resize(size_t bytes) {
  Reserve(bytes);
  size_ = bytes;
}

std::string BodyBuffer::TakeText() {
  std::string text(view());
  if (size_ > 0) explicit_bzero(memory_.get(), size_);
  size_ = 0;
  return text;
}

BodyBuffer BodyBuffer::Another(size_t bytes) const {
  if (pool_) return pool_->Take(bytes);
  BodyBuffer another;
  another.memory_.reset(Allocate(bytes));
  another.capacity_ = bytes;
  return another;
}

void BodyBuffer::Swap(BodyBuffer& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(pool_, other.pool_);
}

void BodyBuffer::Release() {
  if (pool_ && memory_) pool_->GiveBack(std::move(memory_), capacity_);
}

std::shared_ptr<BodyBufferPool> BodyBufferPool::Make(size_t idle_bytes_max) {
  return std::shared_ptr<BodyBufferPool>(new BodyBufferPool(idle_bytes_max));
}

BodyBuffer BodyBufferPool::Take(size_t bytes) {
  BodyBuffer buffer;
  buffer.pool_ = shared_from_this();
  buffer.capacity_ = bytes;
  if (bytes >= kPooledBytesMin) {
    buffer.capacity_ = (bytes + kStepBytes - 1) / kStepBytes * kStepBytes;
    std::lock_guard lock(mutex_);
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](const Idle& idle) {
      return idle.capacity >= bytes && idle.capacity / kWasteMax <= buffer.capacity_;
    });
    if (found != idle_.rend()) {
      buffer.memory_ = std::move(found->memory);
      buffer.capacity_ = found->capacity;
      idle_bytes_ -= found->capacity;
      idle_.erase(std::next(found).base());
      idle_least_ = std::min(idle_least_, idle_.size());
      return buffer;
    }
  }
  buffer.memory_.reset(Allocate(buffer.capacity_));
  return buffer;
}

void BodyBufferPool::DropUnused() {
  std::vector<Idle> dropped;
  std::lock_guard lock(mutex_);
  const auto end = idle_.begin() + static_cast<std::ptrdiff_t>(idle_least_);
  std::move(idle_.begin(), end, std::back_inserter(dropped));
  idle_.erase(idle_.begin(), end);
  for (const auto& idle : dropped) idle_bytes_ -= idle.capacity;
  idle_least_ = idle_.size();
}

size_t BodyBufferPool::IdleBytes() const {
  std::lock_guard lock(mutex_);
  return idle_bytes_;
}

void BodyBufferPool::GiveBack(BodyBuffer::Memory memory, size_t capacity) {
  if (capacity < kPooledBytesMin) return;
  std::lock_guard lock(mutex_);
  if (idle_bytes_ + capacity > idle_bytes_max_) return;
  idle_bytes_ += capacity;
  idle_.push_back({std::move(memory), capacity});
}

}  // namespace sumac::net

// The memory of response bodies, used again and again: a page of 2 MB that is allocated anew costs
// as much in page faults as it does to receive.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sumac::net {

class BodyBufferPool;

// Bytes that may be read past the end of a body (simdjson wants 64).
inline constexpr size_t kBodyPaddingBytes = 64;

// The bytes of one body, always followed by kBodyPaddingBytes that may be read. Gives its memory
// back to the pool that it came from. Not thread-safe; may be handed from thread to thread.
class BodyBuffer {
 public:
  BodyBuffer() = default;
  // A copy, of no pool.
  BodyBuffer(std::string_view bytes);  // NOLINT(google-explicit-constructor)
  BodyBuffer(const char* bytes) : BodyBuffer(std::string_view(bytes)) {}         // NOLINT
  BodyBuffer(const std::string& bytes) : BodyBuffer(std::string_view(bytes)) {}  // NOLINT
  ~BodyBuffer() { Release(); }

  BodyBuffer(BodyBuffer&& other) noexcept { Swap(other); }
  BodyBuffer& operator=(BodyBuffer&& other) noexcept;
  // Copies are of no pool.
  BodyBuffer(const BodyBuffer& other) : BodyBuffer(other.view()) {}
  BodyBuffer& operator=(const BodyBuffer& other);

  std::string_view view() const { return {data(), size_}; }
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  const char* data() const { return memory_ ? memory_.get() : kNoBytes; }
  // Null as long as there is no memory.
  char* data() { return memory_.get(); }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  void Append(std::string_view bytes);
  // Makes room for `bytes` in all; invalidates data().
  void Reserve(size_t bytes);
  // What is added holds anything.
  void Resize(size_t bytes);

  // A copy of the bytes; those here are wiped, because they may be a secret.
  std::string TakeText();

  // An empty one with this room, of the same pool.
  BodyBuffer Another(size_t bytes) const;

  template <std::convertible_to<std::string_view> Text>
  friend bool operator==(const BodyBuffer& a, const Text& b) {
    return a.view() == std::string_view(b);
  }

 private:
  friend class BodyBufferPool;
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  using Memory = std::unique_ptr<char[], Free>;
  static constexpr char kNoBytes[kBodyPaddingBytes] = {};

  void Swap(BodyBuffer& other) noexcept;
  void Release();

  Memory memory_;
  size_t size_ = 0;
  size_t capacity_ = 0;  // without the padding
  std::shared_ptr<BodyBufferPool> pool_;
};

// Thread-safe. Lives for as long as the last of its buffers.
class BodyBufferPool : public std::enable_shared_from_this<BodyBufferPool> {
 public:
  // Keeps at most `idle_bytes_max` that no buffer uses.
  static std::shared_ptr<BodyBufferPool> Make(size_t idle_bytes_max);

  // An empty buffer with room for `bytes`.
  BodyBuffer Take(size_t bytes);

  // Frees what no buffer has needed since the call before.
  void DropUnused();

  size_t IdleBytes() const;

 private:
  friend class BodyBuffer;
  struct Idle {
    BodyBuffer::Memory memory;
    size_t capacity = 0;
  };

  explicit BodyBufferPool(size_t idle_bytes_max) : idle_bytes_max_(idle_bytes_max) {}
  void GiveBack(BodyBuffer::Memory memory, size_t capacity);

  const size_t idle_bytes_max_;
  mutable std::mutex mutex_;
  std::vector<Idle> idle_;  // guarded; the one used last stands last, and is in the caches perhaps
  size_t idle_bytes_ = 0;   // guarded
  size_t idle_least_ = 0;   // guarded; the fewest in idle_ since DropUnused
};

}  // namespace sumac::net

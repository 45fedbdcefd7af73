#include "aws/credentials/credentials_cache.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "aws/credentials/static_credentials_provider.h"
#include "aws/timestamp.h"
#include "base/background_thread.h"
#include "base/log.h"
#include "net/outcome.h"

namespace sumac::aws {
namespace {

// Key and token become parts of headers, where a line end would begin another.
bool HasHeaderText(const Credentials& credentials) {
  const auto printable = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  };
  return printable(credentials.access_key_id) && printable(credentials.session_token.Reveal());
}

}  // namespace

class CredentialsCache::State : public std::enable_shared_from_this<State> {
 public:
  using Callback = std::function<void(Result<Credentials>)>;

  State(std::shared_ptr<CredentialsProvider> provider_in, std::shared_ptr<Clock> clock,
        CredentialsCacheOptions options)
      : provider(std::move(provider_in)), clock_(std::move(clock)), options_(options) {}

  std::optional<Credentials> Current() {
    std::lock_guard lock(mutex_);
    const WallTime now = clock_->WallNow();
    if (!current_ || (current_->expires_at && *current_->expires_at <= now)) return std::nullopt;
    if (now >= search_at_) StartSearch();
    return current_;
  }

  void Get(Callback callback) {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(callback));
    StartSearch();
  }

  bool Forget(const Credentials& refused) {
    if (!options_.renewable) return false;
    std::lock_guard lock(mutex_);
    if (current_ && SameKeys(*current_, refused)) current_.reset();
    return true;
  }

  void Keep(const Credentials& found) {
    std::lock_guard lock(mutex_);
    Take(found);
  }

  void Stop() {
    cancelled_ = true;
    BackgroundThread thread;
    {
      std::lock_guard lock(mutex_);
      std::swap(thread, thread_);
    }
    // A callback may hold the last reference: then the thread ends by itself.
    thread.Join();
  }

  // Asks the provider. Blocks. What has expired already is a failure: it would never serve, and
  // whoever asks until something serves would ask for ever.
  Result<Credentials> Find(const CredentialsRequest& request) {
    auto found = provider->GetCredentials(request);
    if (found && !HasHeaderText(*found)) {
      return Fail(ErrorCode::kUnauthenticated,
                  "the AWS credentials from " + found->source +
                      " hold a line end or another character that no key has");
    }
    if (!found || !found->expires_at || *found->expires_at > clock_->WallNow()) return found;
    return Fail(ErrorCode::kUnauthenticated, "the AWS credentials from " + found->source +
                                                 " expired at " +
                                                 FormatTimestamp(*found->expires_at) +
                                                 "; renew them there, or set this machine's clock");
  }

  const std::shared_ptr<CredentialsProvider> provider;

 private:
  // Called with the lock held.
  void StartSearch() {
    if (searching_ || cancelled_) return;
    searching_ = true;
    // The last search has ended but for its return.
    thread_.Join();
    thread_ = BackgroundThread([self = shared_from_this()] { self->Search(); },
                               [weak = weak_from_this()] {
                                 if (const auto self = weak.lock()) self->cancelled_ = true;
                               });
  }

  void Search() {
    CredentialsRequest request;
    request.cancelled = &cancelled_;
    while (true) {
      auto found = Find(request);
      std::vector<Callback> callbacks;
      {
        std::lock_guard lock(mutex_);
        found ? Take(*found) : Miss(found.error());
        callbacks.swap(waiting_);
      }
      for (auto& callback : callbacks) callback(found);
      callbacks.clear();
      std::lock_guard lock(mutex_);
      // Who asked while the callbacks ran waits for a search of its own.
      if (!waiting_.empty()) continue;
      searching_ = false;
      return;
    }
  }

  // Called with the lock held.
  void Take(const Credentials& found) {
    const WallTime now = clock_->WallNow();
    current_ = found;
    search_at_ = now + std::chrono::duration_cast<WallTime::duration>(options_.reload_unexpiring);
    if (!found.expires_at) return;
    const auto ahead = std::min<WallTime::duration>(
        std::chrono::duration_cast<WallTime::duration>(options_.refresh_ahead),
        (*found.expires_at - now) / 2);
    search_at_ = *found.expires_at - ahead;
  }

  // Called with the lock held.
  void Miss(const Error& error) {
    if (!current_ || error.code == ErrorCode::kCancelled) return;
    const WallTime now = clock_->WallNow();
    // Who waits for these hears of it.
    if (current_->expires_at && *current_->expires_at <= now) return;
    search_at_ = now + std::chrono::duration_cast<WallTime::duration>(options_.retry_refresh);
    spdlog::warn("AWS credentials could not be renewed; the present ones are used{}: {}",
                 current_->expires_at ? " until they expire" : "", error.message);
  }

  const std::shared_ptr<Clock> clock_;
  const CredentialsCacheOptions options_;
  std::atomic<bool> cancelled_ = false;

  std::mutex mutex_;
  std::optional<Credentials> current_;  // guarded
  WallTime search_at_;                  // guarded; when the next search ahead of time is due
  std::vector<Callback> waiting_;       // guarded
  bool searching_ = false;              // guarded
  BackgroundThread thread_;             // guarded
};

CredentialsCache::CredentialsCache(std::shared_ptr<CredentialsProvider> provider,
                                   std::shared_ptr<Clock> clock, CredentialsCacheOptions options)
    : state_(std::make_shared<State>(std::move(provider), std::move(clock), options)) {}

CredentialsCache::~CredentialsCache() {
  state_->Stop();
}

std::optional<Credentials> CredentialsCache::Current() {
  return state_->Current();
}

void CredentialsCache::Get(std::function<void(Result<Credentials>)> callback) {
  state_->Get(std::move(callback));
}

bool CredentialsCache::Forget(const Credentials& refused) {
  return state_->Forget(refused);
}

void CredentialsCache::Keep(const Credentials& known) {
  state_->Keep(known);
}

Result<Credentials> CredentialsCache::GetCredentials(const CredentialsRequest& request) {
  if (request.reports != nullptr) {
    auto found = state_->Find(request);
    if (found) state_->Keep(*found);
    return found;
  }
  if (auto current = Current()) return *std::move(current);
  auto outcome = std::make_shared<net::Outcome<Credentials>>();
  Get([outcome](Result<Credentials> credentials) { outcome->Set(std::move(credentials)); });
  return outcome->Wait(request.cancelled);
}

std::string CredentialsCache::Name() const {
  return state_->provider->Name();
}

std::shared_ptr<CredentialsCache> MakeStaticCredentials(Credentials credentials,
                                                        std::shared_ptr<Clock> clock) {
  CredentialsCacheOptions options;
  options.reload_unexpiring = std::chrono::hours(24 * 365);
  options.renewable = false;
  auto provider = std::make_shared<StaticCredentialsProvider>(std::move(credentials));
  const auto keys = provider->GetCredentials({});
  auto cache = std::make_shared<CredentialsCache>(std::move(provider), std::move(clock), options);
  if (keys) cache->Keep(*keys);
  return cache;
}

}  // namespace sumac::aws

#include "aws/credentials/credentials_cache.h"

#include <condition_variable>
#include <future>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/static_credentials_provider.h"

namespace sumac::aws {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr WallTime kStart{seconds(1'700'000'000)};

// Hands out keys "key-1", "key-2", ...; each answer may be held back until it is let go or
// cancelled.
class CountingProvider final : public CredentialsProvider {
 public:
  CountingProvider(std::shared_ptr<Clock> clock, std::optional<milliseconds> lifetime)
      : clock_(std::move(clock)), lifetime_(lifetime) {}

  Result<Credentials> GetCredentials(const CredentialsRequest& request) override {
    std::unique_lock lock(mutex_);
    const int number = ++calls_;
    changed_.notify_all();
    while (held_) {
      if (request.cancelled != nullptr && request.cancelled->load()) return Fail(CancelledError());
      changed_.wait_for(lock, milliseconds(1));
    }
    if (failing_) return Fail(ErrorCode::kUnauthenticated, "the source is gone");
    Credentials credentials;
    credentials.access_key_id = "key-" + std::to_string(number);
    credentials.secret_access_key = SecretString("secret");
    if (lifetime_) credentials.expires_at = clock_->WallNow() + *lifetime_;
    return credentials;
  }
  std::string Name() const override { return "a counting provider"; }

  void Hold(bool held) {
    std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void Break(bool failing) {
    std::lock_guard lock(mutex_);
    failing_ = failing;
  }
  void AwaitCalls(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_ >= count; });
  }
  int calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  const std::shared_ptr<Clock> clock_;
  const std::optional<milliseconds> lifetime_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int calls_ = 0;         // guarded
  bool held_ = false;     // guarded
  bool failing_ = false;  // guarded
};

// A cache over such a provider, and a clock that stands still.
class Setting {
 public:
  explicit Setting(std::optional<milliseconds> lifetime, CredentialsCacheOptions options = {})
      : provider_(std::make_shared<CountingProvider>(clock_, lifetime)),
        cache_(std::make_shared<CredentialsCache>(provider_, clock_, options)) {}

  CountingProvider& provider() { return *provider_; }
  std::weak_ptr<CountingProvider> weak_provider() const { return provider_; }
  CredentialsCache& cache() { return *cache_; }
  std::shared_ptr<CredentialsCache> TakeCache() { return std::move(cache_); }
  void DropProvider() { provider_.reset(); }
  void Advance(milliseconds by) { clock_->Advance(by); }

  // The key that Current has; "-" for none.
  std::string Key() {
    const auto current = cache_->Current();
    return current ? current->access_key_id : "-";
  }
  // Asks, and waits for the end of the search.
  Result<Credentials> Find() {
    std::promise<Result<Credentials>> promise;
    cache_->Get([&](Result<Credentials> found) { promise.set_value(std::move(found)); });
    return promise.get_future().get();
  }
  // Waits for the end of the search that has just begun as the `calls`th; it is held while we join.
  Result<Credentials> Join(int calls) {
    provider_->AwaitCalls(calls);
    std::promise<Result<Credentials>> promise;
    cache_->Get([&](Result<Credentials> found) { promise.set_value(std::move(found)); });
    provider_->Hold(false);
    return promise.get_future().get();
  }
  // Asks Current until the provider was asked for the `calls`th time. A search that has just
  // answered still counts as under way for a moment, so that the first Current may begin none.
  void UseUntil(int calls, const std::string& key) {
    while (provider_->calls() < calls) {
      EXPECT_EQ(Key(), key);
      std::this_thread::yield();
    }
  }
  // Asks Current so often that a search would have begun if one were due.
  void Use(const std::string& key) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_EQ(Key(), key);
      std::this_thread::yield();
    }
  }
  // How often the provider was asked in all, those in the background included: the end of the
  // cache waits for them.
  int CallsInAll() {
    cache_.reset();
    return provider_->calls();
  }

 private:
  const std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>(kStart);
  std::shared_ptr<CountingProvider> provider_;
  std::shared_ptr<CredentialsCache> cache_;
};

TEST(CredentialsCacheTest, AsksNobodyBeforeItIsAsked) {
  Setting setting(hours(1));
  EXPECT_EQ(setting.Key(), "-");
  EXPECT_EQ(setting.cache().Name(), "a counting provider");
  EXPECT_EQ(setting.CallsInAll(), 0);
}

TEST(CredentialsCacheTest, KeepsWhatItFound) {
  Setting setting(hours(1));
  ASSERT_TRUE(setting.Find());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(setting.Key(), "key-1");
  EXPECT_EQ(setting.cache().GetCredentials({})->access_key_id, "key-1");
  EXPECT_EQ(setting.CallsInAll(), 1);
}

struct RenewalCase {
  std::optional<milliseconds> lifetime;
  milliseconds ahead;
  milliseconds due;  // age at which the search begins
};

TEST(CredentialsCacheTest, SearchesAheadOfTheExpiry) {
  const RenewalCase cases[] = {
      {hours(1), minutes(5), minutes(55)},
      {hours(12), minutes(5), hours(12) - minutes(5)},
      {hours(1), minutes(20), minutes(40)},
      {minutes(11), minutes(5), minutes(6)},
      // Half the lifetime when that is shorter.
      {minutes(10), minutes(5), minutes(5)},
      {minutes(4), minutes(5), minutes(2)},
      {seconds(10), minutes(5), seconds(5)},
      // Without an expiry.
      {std::nullopt, minutes(5), minutes(15)},
  };
  for (const auto& [lifetime, ahead, due] : cases) {
    CredentialsCacheOptions options;
    options.refresh_ahead = ahead;
    Setting early(lifetime, options);
    ASSERT_TRUE(early.Find());
    early.Advance(due - milliseconds(1));
    early.Use("key-1");
    EXPECT_EQ(early.CallsInAll(), 1) << due.count();

    Setting setting(lifetime, options);
    ASSERT_TRUE(setting.Find());
    setting.Advance(due);
    setting.provider().Hold(true);
    // The old ones serve, at once, while the search goes on.
    setting.UseUntil(2, "key-1");
    setting.Use("key-1");
    ASSERT_EQ(setting.Join(2)->access_key_id, "key-2") << due.count();
    EXPECT_EQ(setting.Key(), "key-2");
    EXPECT_EQ(setting.CallsInAll(), 2) << due.count();
  }
}

TEST(CredentialsCacheTest, AFailureAheadOfTimePausesAndKeepsTheOldOnes) {
  Setting setting(hours(1));
  ASSERT_TRUE(setting.Find());
  setting.Advance(minutes(55));
  setting.provider().Hold(true);
  setting.provider().Break(true);
  setting.UseUntil(2, "key-1");
  ASSERT_FALSE(setting.Join(2));
  setting.Use("key-1");
  setting.Advance(milliseconds(29'999));
  setting.Use("key-1");
  EXPECT_EQ(setting.provider().calls(), 2);
  setting.Advance(milliseconds(1));
  setting.UseUntil(3, "key-1");
  EXPECT_EQ(setting.CallsInAll(), 3);
}

TEST(CredentialsCacheTest, ExpiredOnesDoNotServe) {
  Setting setting(hours(1));
  ASSERT_TRUE(setting.Find());
  setting.provider().Break(true);
  setting.Advance(hours(1) - milliseconds(1));
  setting.UseUntil(2, "key-1");
  setting.Advance(milliseconds(1));
  EXPECT_EQ(setting.Key(), "-");
  const auto found = setting.Find();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "the source is gone");
  EXPECT_EQ(setting.Key(), "-");
  setting.provider().Break(false);
  ASSERT_TRUE(setting.cache().GetCredentials({}));
  EXPECT_NE(setting.Key(), "-");
}

// Else whoever asks Current, then Get, then Current, asks for ever.
// Both become parts of headers, where a line end would begin another.
TEST(CredentialsCacheTest, KeysWithALineEndAreRefused) {
  const auto clock = std::make_shared<ManualClock>();
  for (const auto& [key, token] : {std::pair<std::string, std::string>{"AKID\r\nX-Evil: 1", ""},
                                   {"AKID", "token\n"},
                                   {"AK ID", ""},
                                   {"AKID\x1b[31m", ""}}) {
    Credentials credentials;
    credentials.access_key_id = key;
    credentials.secret_access_key = SecretString("secret");
    credentials.session_token = SecretString(token);
    CredentialsCache cache(std::make_shared<StaticCredentialsProvider>(credentials), clock);
    const auto found = cache.GetCredentials({});
    ASSERT_FALSE(found) << key;
    EXPECT_EQ(found.error().code, ErrorCode::kUnauthenticated);
  }
}

TEST(CredentialsCacheTest, WhatIsFoundExpiredIsAFailure) {
  for (const auto lifetime : {seconds(0), seconds(-1), seconds(-86'400 * 365)}) {
    Setting setting(lifetime);
    const auto found = setting.Find();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::kUnauthenticated);
    EXPECT_THAT(found.error().message, HasSubstr("expired at 20"));
    EXPECT_EQ(setting.Key(), "-");
    std::vector<SourceReport> reports;
    EXPECT_FALSE(setting.cache().GetCredentials({nullptr, &reports}));
    EXPECT_EQ(setting.CallsInAll(), 2);
  }
}

TEST(CredentialsCacheTest, ManyAskAndOneSearches) {
  constexpr int kThreads = 8;
  constexpr int kAsks = 50;
  Setting setting(hours(1));
  setting.provider().Hold(true);
  std::atomic<int> answered = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kAsks; ++j) {
        setting.cache().Get([&](const Result<Credentials>& found) {
          wrong += !found || found->access_key_id != "key-1";
          ++answered;
        });
        wrong += setting.cache().Current().has_value();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 0);
  setting.provider().Hold(false);
  EXPECT_EQ(setting.CallsInAll(), 1);
  EXPECT_EQ(answered, kThreads * kAsks);
  EXPECT_EQ(wrong, 0);
}

// The same without a lid on it: keys that keep expiring, found, forgotten and waited for by many.
TEST(CredentialsCacheTest, ManyThreadsAndATickingClock) {
  Setting setting(minutes(10));
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 100; ++j) {
        if (i == 0) setting.Advance(minutes(1));
        if (const auto current = setting.cache().Current(); current && i == 1 && j % 10 == 0) {
          setting.cache().Forget(*current);
        }
        failures += !setting.cache().GetCredentials({}).has_value();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

TEST(CredentialsCacheTest, AFailedSearchAnswersAllWhoWait) {
  Setting setting(hours(1));
  setting.provider().Break(true);
  setting.provider().Hold(true);
  std::atomic<int> failed = 0;
  for (int i = 0; i < 5; ++i) {
    setting.cache().Get([&](const Result<Credentials>& found) { failed += !found.has_value(); });
  }
  EXPECT_FALSE(setting.Join(1));
  EXPECT_EQ(setting.CallsInAll(), 1);
  EXPECT_EQ(failed, 5);
}

TEST(CredentialsCacheTest, ForgetsOnlyWhatWasRefused) {
  Setting setting(std::nullopt);
  const auto first = setting.Find();
  ASSERT_TRUE(first);
  setting.cache().Forget(*first);
  EXPECT_EQ(setting.Key(), "-");
  ASSERT_TRUE(setting.Find());
  // Somebody else's request with the old keys comes back late.
  setting.cache().Forget(*first);
  EXPECT_EQ(setting.Key(), "key-2");
  EXPECT_EQ(setting.CallsInAll(), 2);
}

TEST(CredentialsCacheTest, ACallbackMayAskAgain) {
  Setting setting(hours(1));
  std::promise<std::string> second;
  setting.cache().Get([&](const Result<Credentials>& found) {
    ASSERT_TRUE(found);
    setting.cache().Forget(*found);
    setting.cache().Get([&](const Result<Credentials>& again) {
      second.set_value(again ? again->access_key_id : "-");
    });
  });
  EXPECT_EQ(second.get_future().get(), "key-2");
  EXPECT_EQ(setting.CallsInAll(), 2);
}

TEST(CredentialsCacheTest, ReportsAreAlwaysFresh) {
  Setting setting(hours(1));
  ASSERT_TRUE(setting.Find());
  std::vector<SourceReport> reports;
  EXPECT_EQ(setting.cache().GetCredentials({nullptr, &reports})->access_key_id, "key-2");
  EXPECT_EQ(setting.Key(), "key-2");
}

TEST(CredentialsCacheTest, WhoWaitsMayGiveUp) {
  Setting setting(hours(1));
  setting.provider().Hold(true);
  const std::atomic<bool> cancelled = true;
  const auto given_up = setting.cache().GetCredentials({&cancelled, nullptr});
  ASSERT_FALSE(given_up);
  EXPECT_EQ(given_up.error().code, ErrorCode::kCancelled);
  // The others' search goes on.
  EXPECT_EQ(setting.Join(1)->access_key_id, "key-1");
}

TEST(CredentialsCacheTest, ItsEndCancelsTheSearch) {
  Setting setting(hours(1));
  setting.provider().Hold(true);
  std::vector<ErrorCode> codes;
  for (int i = 0; i < 3; ++i) {
    setting.cache().Get([&](const Result<Credentials>& found) {
      codes.push_back(found ? ErrorCode::kInternal : found.error().code);
    });
  }
  EXPECT_EQ(setting.CallsInAll(), 1);
  EXPECT_EQ(codes, std::vector<ErrorCode>(3, ErrorCode::kCancelled));
}

// A cancelled renewal is no reason to warn or to pause.
TEST(CredentialsCacheTest, ItsEndCancelsASearchAheadOfTime) {
  Setting setting(hours(1));
  ASSERT_TRUE(setting.Find());
  setting.Advance(minutes(56));
  setting.provider().Hold(true);
  setting.UseUntil(2, "key-1");
  EXPECT_EQ(setting.CallsInAll(), 2);
}

// What a callback holds may be the last to hold the cache: its thread then ends by itself.
TEST(CredentialsCacheTest, MayEndInItsOwnCallback) {
  for (const bool held : {false, true}) {
    Setting setting(hours(1));
    setting.provider().Hold(held);
    auto cache = setting.TakeCache();
    auto* raw = cache.get();
    std::promise<void> called;
    raw->Get([cache = std::move(cache), &called](const Result<Credentials>&) mutable {
      cache.reset();
      called.set_value();
    });
    setting.provider().Hold(false);
    called.get_future().wait();
    // The search's thread lets go of everything, the provider included.
    const auto provider = setting.weak_provider();
    setting.DropProvider();
    while (!provider.expired()) std::this_thread::yield();
  }
}

TEST(CredentialsCacheTest, MayEndWithItsCallback) {
  Setting setting(hours(1));
  auto cache = setting.TakeCache();
  auto* raw = cache.get();
  // Goes when the callback goes, after it ran.
  raw->Get([cache = std::move(cache)](const Result<Credentials>&) {});
  const auto provider = setting.weak_provider();
  setting.DropProvider();
  while (!provider.expired()) std::this_thread::yield();
}

TEST(CredentialsCacheTest, StaticKeysAreThereAtOnceAndForEver) {
  const auto clock = std::make_shared<ManualClock>(kStart);
  const auto cache = MakeStaticCredentials(
      Credentials{"AKID", SecretString("secret"), SecretString("token"), {}, {}, {}}, clock);
  for (int year = 0; year < 3; ++year) {
    const auto current = cache->Current();
    ASSERT_TRUE(current);
    EXPECT_EQ(current->access_key_id, "AKID");
    EXPECT_EQ(current->session_token.Reveal(), "token");
    clock->Advance(hours(24 * 365));
  }
  const auto none = MakeStaticCredentials({}, clock);
  EXPECT_FALSE(none->Current());
  EXPECT_FALSE(none->GetCredentials({}));
}

}  // namespace
}  // namespace sumac::aws

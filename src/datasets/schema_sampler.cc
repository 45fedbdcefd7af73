#include "datasets/schema_sampler.h"

#include <algorithm>
#include <vector>

#include "datasets/whole_table.h"
#include "items/page_summary.h"
#include "net/outcome.h"

namespace sumac::datasets {
namespace {

constexpr uint64_t kProbeItems = 100;
constexpr uint64_t kSegments = 8;
constexpr uint64_t kRounds = 5;
// The service takes a page limit of at most 2^31 - 1; a page ends at 1 MB long before.
constexpr uint64_t kPageLimitMax = 1'000'000;

class Sampler {
 public:
  Sampler(std::shared_ptr<dynamodb::Client> client, const dynamodb::TableDescription& table,
          const SampleOptions& options, const std::atomic<bool>* cancelled)
      : client_(std::move(client)), table_(table), options_(options), cancelled_(cancelled) {
    request_.table_name = table.name;
    request_.consistent_read = options.consistent_read;
  }

  Result<SchemaSample> Run() {
    const uint64_t probe_items = std::min(options_.items_max.value_or(kProbeItems), kProbeItems);
    // 0 is what emulators and new tables say: unknown.
    if (table_.item_count < probe_items) SUMAC_RETURN_IF_ERROR(Probe(probe_items));
    if (!sample_.whole_table) {
      SUMAC_RETURN_IF_ERROR(options_.items_max ? ReadRounds() : ReadAll());
    }
    SUMAC_ASSIGN_OR_RETURN(sample_.schema, SchemaOf(summary_, table_, options_));
    sample_.types = std::move(summary_);
    return std::move(sample_);
  }

 private:
  struct Segment {
    dynamodb::ScanRequest request;
    bool finished = false;
    uint64_t items = 0;
  };

  // A request of a round, from its start until its page is there.
  struct Reading {
    Segment* segment = nullptr;
    std::shared_ptr<net::Outcome<dynamodb::Page>> outcome;
    std::shared_ptr<dynamodb::Client::Call> call;  // destroying it cancels
  };

  // Every page of a sample in rounds comes through here, on the thread that called SampleSchema.
  Status Take(const dynamodb::Page& page) {
    SUMAC_RETURN_IF_ERROR(items::SummarizePage(page.body, options_.schema, summary_));
    sample_.items += page.scanned_count;
    sample_.requests += 1;
    sample_.bytes += page.body.size();
    sample_.consumed_read_units += page.consumed_read_units;
    // A page may be empty and go on; counting it as one item keeps the rounds finite in any case.
    scanned_ += std::max<uint64_t>(page.scanned_count, 1);
    return {};
  }

  Status Show(const dynamodb::Page& page) {
    return options_.on_page ? options_.on_page(page.body) : Status();
  }

  Status Probe(uint64_t items) {
    auto request = request_;
    request.page_limit_items = static_cast<int>(items);
    SUMAC_ASSIGN_OR_RETURN(const auto page, client_->ScanAndWait(request, cancelled_));
    SUMAC_RETURN_IF_ERROR(Take(page));
    sample_.whole_table = page.last_evaluated_key.empty();
    // What goes on after the probe reads its items again.
    return sample_.whole_table ? Show(page) : Status();
  }

  uint64_t Remaining() const {
    return *options_.items_max > scanned_ ? *options_.items_max - scanned_ : 0;
  }

  Status ReadRounds() {
    const auto total = std::clamp<uint64_t>(Remaining() / kRounds, 1, kSegments);
    std::vector<Segment> segments(total);
    for (uint64_t i = 0; i < total; ++i) {
      segments[i].request = request_;
      segments[i].request.segment = static_cast<int>(i);
      segments[i].request.total_segments = static_cast<int>(total);
    }
    int quiet_rounds = 0;
    size_t quiet_pages = 0;
    for (uint64_t round = 0; Remaining() > 0; ++round) {
      const auto before = summary_;
      SUMAC_ASSIGN_OR_RETURN(const size_t pages, ReadRound(segments, round));
      if (std::all_of(segments.begin(), segments.end(), [](auto& s) { return s.finished; })) {
        sample_.whole_table = true;
        // Without those that the probe had read before.
        sample_.items = 0;
        for (const auto& segment : segments) sample_.items += segment.items;
        return {};
      }
      const bool quiet = summary_ == before;
      quiet_rounds = quiet ? quiet_rounds + 1 : 0;
      quiet_pages = quiet ? quiet_pages + pages : 0;
      if (Remaining() > 0 && quiet_rounds >= kQuietRounds && quiet_pages >= kQuietPages) {
        sample_.stopped_early = true;
        return {};
      }
    }
    return {};
  }

  // Returns how many pages with items it read.
  Result<size_t> ReadRound(std::vector<Segment>& segments, uint64_t round) {
    auto readings = StartRound(segments, round);
    size_t pages = 0;
    for (auto& reading : readings) {
      SUMAC_ASSIGN_OR_RETURN(const auto page, reading.outcome->Wait(cancelled_));
      SUMAC_RETURN_IF_ERROR(Take(page));
      SUMAC_RETURN_IF_ERROR(Show(page));
      auto& segment = *reading.segment;
      segment.items += page.scanned_count;
      segment.finished = page.last_evaluated_key.empty();
      segment.request.exclusive_start_key = page.last_evaluated_key;
      if (page.scanned_count > 0) ++pages;
    }
    return pages;
  }

  // Shares what may still be read among the rounds to come, and this round's part among the
  // segments that have more.
  std::vector<Reading> StartRound(std::vector<Segment>& segments, uint64_t round) {
    std::vector<Segment*> unfinished;
    for (auto& segment : segments) {
      if (!segment.finished) unfinished.push_back(&segment);
    }
    const uint64_t rounds_left = round < kRounds ? kRounds - round : 1;
    const uint64_t share = (Remaining() + rounds_left - 1) / rounds_left;
    std::vector<Reading> readings;
    for (size_t i = 0; i < unfinished.size(); ++i) {
      const uint64_t extra = i < share % unfinished.size() ? 1 : 0;
      const uint64_t limit = share / unfinished.size() + extra;
      if (limit == 0) break;
      Reading reading;
      reading.segment = unfinished[i];
      reading.outcome = std::make_shared<net::Outcome<dynamodb::Page>>();
      auto& request = reading.segment->request;
      request.page_limit_items = static_cast<int>(std::min(limit, kPageLimitMax));
      reading.call =
          client_->Scan(request, [outcome = reading.outcome](Result<dynamodb::Page> page) {
            outcome->Set(std::move(page));
          });
      readings.push_back(std::move(reading));
    }
    return readings;
  }

  Status ReadAll() {
    dynamodb::ParallelScan scan(client_, request_, options_.scan);
    const int workers = options_.on_page ? 1 : WorkersFor(options_.scan.streams.most);
    SUMAC_ASSIGN_OR_RETURN(
        const auto all, SummarizeAll(
                            scan, options_.schema, workers,
                            [this](const dynamodb::Page& page) { return Show(page); }, cancelled_));
    summary_.Join(all);
    const auto statistics = scan.Statistics();
    sample_.items = statistics.items_scanned;
    sample_.requests += statistics.pages;
    sample_.bytes += statistics.bytes;
    sample_.consumed_read_units += statistics.consumed_read_units;
    sample_.whole_table = true;
    return {};
  }

  const std::shared_ptr<dynamodb::Client> client_;
  const dynamodb::TableDescription& table_;
  const SampleOptions& options_;
  const std::atomic<bool>* const cancelled_;
  dynamodb::ScanRequest request_;
  items::TypeSummary summary_;
  uint64_t scanned_ = 0;  // towards items_max
  SchemaSample sample_;
};

}  // namespace

Result<items::ItemSchema> SchemaOf(items::TypeSummary& types,
                                   const dynamodb::TableDescription& table,
                                   const SampleOptions& options) {
  if (options.known_types) {
    auto all = types;
    all.Join(*options.known_types);
    auto schema = items::MakeItemSchema(all, table.keys, options.schema);
    if (schema) {
      types = std::move(all);
      return schema;
    }
    // What was known contradicts the options, and may be there no more.
  }
  return items::MakeItemSchema(types, table.keys, options.schema);
}

Result<SchemaSample> SampleSchema(const std::shared_ptr<dynamodb::Client>& client,
                                  const dynamodb::TableDescription& table,
                                  const SampleOptions& options,
                                  const std::atomic<bool>* cancelled) {
  return Sampler(client, table, options, cancelled).Run();
}

}  // namespace sumac::datasets

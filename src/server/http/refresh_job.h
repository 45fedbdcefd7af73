// One request to refresh a dataset's schema.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "server/http/backend.h"
#include "server/http/job.h"
#include "server/http/response_channel.h"

namespace sumac::server {

class RefreshJob final : public Job {
 public:
  RefreshJob(Backend& backend, std::string dataset, std::shared_ptr<ResponseChannel> channel)
      : backend_(backend), dataset_(std::move(dataset)), channel_(std::move(channel)) {}

  void Run() override;
  void Cancel() override { cancelled_ = true; }
  void Refuse(HttpReply reply) override;

 private:
  HttpReply Answer();

  Backend& backend_;
  const std::string dataset_;
  const std::shared_ptr<ResponseChannel> channel_;
  std::atomic<bool> cancelled_{false};
};

// The JSON object that tells what a refresh has changed.
HttpReply SchemaChangeReply(const std::string& dataset, const datasets::SchemaChange& change);

}  // namespace sumac::server

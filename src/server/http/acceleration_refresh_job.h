// One request to have the copy of an accelerated dataset refreshed.
#pragma once

#include <memory>
#include <string>

#include "server/http/backend.h"
#include "server/http/job.h"
#include "server/http/response_channel.h"

namespace sumac::server {

// What is asked for of a dataset's acceleration: a refresh, or that later ones read something else.
enum class AccelerationRequest { kRefresh, kChange };

// Answers when the refresh is asked for, not when it is done.
class AccelerationRefreshJob final : public Job {
 public:
  AccelerationRefreshJob(Backend& backend, AccelerationRequest request, std::string dataset,
                         std::string body, std::shared_ptr<ResponseChannel> channel)
      : backend_(backend),
        request_(request),
        dataset_(std::move(dataset)),
        body_(std::move(body)),
        channel_(std::move(channel)) {}

  void Run() override;
  void Cancel() override {}  // it does not take long
  void Refuse(HttpReply reply) override;

 private:
  HttpReply Answer();
  HttpReply Refresh(const std::string& name);
  HttpReply Change(const std::string& name);

  Backend& backend_;
  const AccelerationRequest request_;
  const std::string dataset_;
  const std::string body_;
  const std::shared_ptr<ResponseChannel> channel_;
};

}  // namespace sumac::server

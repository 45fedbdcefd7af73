#include "datasets/connector.h"

namespace sumac::datasets {
namespace {

tl::unexpected<Error> OnlyForDynamoDb(const ConnectRequest& request, const std::string& prefix,
                                      const std::string& command) {
  return Fail(ErrorCode::kUnsupported, "dataset '" + request.dataset_name + "' is from " + prefix +
                                           ":, and `" + command +
                                           "` is for datasets from dynamodb:");
}

}  // namespace

Result<std::optional<std::chrono::milliseconds>> Connector::SchemaRefreshInterval(
    const ConnectRequest&) {
  return std::nullopt;
}

Result<AccessReport> Connector::ExplainAccess(const ConnectRequest& request) {
  return OnlyForDynamoDb(request, Prefix(), "sumac credentials");
}

Result<TableInspection> Connector::Inspect(const ConnectRequest& request, const InspectOptions&) {
  return OnlyForDynamoDb(request, Prefix(), "sumac schema");
}

}  // namespace sumac::datasets

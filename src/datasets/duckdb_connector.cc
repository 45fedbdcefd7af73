#include "datasets/duckdb_connector.h"

#include <fmt/format.h>

#include "datasets/declared_columns.h"

namespace sumac::datasets {
namespace {

constexpr char kOpen[] = "open";

class DuckDbConnector final : public Connector {
 public:
  explicit DuckDbConnector(ConnectorContext context) : context_(std::move(context)) {}

  std::string Prefix() const override { return "duckdb"; }

  const std::vector<spicepod::ParameterSpecification>& ParameterSpecifications() const override {
    using Prefix = spicepod::ParameterSpecification::Prefix;
    static const std::vector<spicepod::ParameterSpecification> specifications = {
        {kOpen, Prefix::kRequired, false, true},
    };
    return specifications;
  }

  Status Check(const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(const auto path, PathOf(request));
    return {};
  }

  Result<ConnectedTable> Connect(const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(const auto path, PathOf(request));
    ConnectedTable connected;
    SUMAC_ASSIGN_OR_RETURN(connected.source,
                           context_.database->OpenDuckDbTable(path, request.path));
    connected.summary = fmt::format("{} columns, {} rows", connected.source->Columns().size(),
                                    connected.source->EstimatedRows());
    return connected;
  }

 private:
  // Of the database file.
  Result<std::string> PathOf(const ConnectRequest& request) const {
    if (request.path.empty()) {
      return Fail(ErrorCode::kInvalidArgument,
                  "'from' names no table; write it as duckdb:<table> or duckdb:<schema>.<table>");
    }
    SUMAC_RETURN_IF_ERROR(RefuseDeclaredColumns(request.columns, Prefix()));
    const auto open = request.parameters.find(kOpen);
    if (open == request.parameters.end() || open->second.empty()) {
      return Fail(ErrorCode::kInvalidArgument,
                  "parameter 'duckdb_open' is missing; give it the path of the database file");
    }
    return engine::AbsolutePath(open->second.Reveal(), context_.directory);
  }

  const ConnectorContext context_;
};

}  // namespace

std::unique_ptr<Connector> MakeDuckDbConnector(ConnectorContext context) {
  return std::make_unique<DuckDbConnector>(std::move(context));
}

}  // namespace sumac::datasets

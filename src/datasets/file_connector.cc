#include "datasets/file_connector.h"

#include <fmt/format.h>

#include "datasets/declared_columns.h"
#include "datasets/file_parameters.h"

namespace sumac::datasets {
namespace {

class FileConnector final : public Connector {
 public:
  explicit FileConnector(ConnectorContext context) : context_(std::move(context)) {}

  std::string Prefix() const override { return "file"; }

  const std::vector<spicepod::ParameterSpecification>& ParameterSpecifications() const override {
    return FileParameterSpecifications();
  }

  Status Check(const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(const auto table, TableOf(request));
    return {};
  }

  Result<ConnectedTable> Connect(const ConnectRequest& request) override {
    SUMAC_ASSIGN_OR_RETURN(auto table, TableOf(request));
    SUMAC_ASSIGN_OR_RETURN(const auto paths, engine::ListFiles(table.files));
    ConnectedTable connected;
    SUMAC_ASSIGN_OR_RETURN(connected.source, context_.database->OpenFiles(std::move(table)));
    connected.summary = fmt::format("{} columns from {} {}", connected.source->Columns().size(),
                                    paths.size(), paths.size() == 1 ? "file" : "files");
    return connected;
  }

 private:
  Result<engine::FileTable> TableOf(const ConnectRequest& request) const {
    if (request.path.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "'from' names no file; write it as file:<path>");
    }
    SUMAC_RETURN_IF_ERROR(RefuseDeclaredColumns(request.columns, Prefix()));
    SUMAC_ASSIGN_OR_RETURN(auto files, engine::FindFileSet(request.path, context_.directory));
    SUMAC_ASSIGN_OR_RETURN(auto table, MakeFileTable(request.parameters, std::move(files)));
    table.dataset_name = request.dataset_name;
    return table;
  }

  const ConnectorContext context_;
};

}  // namespace

std::unique_ptr<Connector> MakeFileConnector(ConnectorContext context) {
  return std::make_unique<FileConnector>(std::move(context));
}

}  // namespace sumac::datasets

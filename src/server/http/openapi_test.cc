#include "server/http/openapi.h"

#include <set>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "server/http/error_reply.h"
#include "server/http/route.h"
#include "server/security/request_access.h"

namespace sumac::server {
namespace {

namespace json = boost::json;

json::object Document() {
  return json::parse(json::string_view(OpenApiDocument().data(), OpenApiDocument().size()))
      .as_object();
}

// "GET /v1/status" of each method that is not HEAD.
std::set<std::string> ServedOperations() {
  std::set<std::string> operations;
  for (const KnownPath& known : PathsOf(Interface::kSql)) {
    std::string_view methods = known.allow;
    while (!methods.empty()) {
      const size_t comma = methods.find(", ");
      const std::string method(methods.substr(0, comma));
      if (method != "HEAD") operations.insert(method + " " + std::string(known.path));
      methods.remove_prefix(comma == std::string_view::npos ? methods.size() : comma + 2);
    }
  }
  return operations;
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

template <typename Use>
void ForEachOperation(const json::object& document, Use use) {
  for (const auto& [path, methods] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      use(std::string(path), Upper(std::string(method)), operation.as_object());
    }
  }
}

TEST(OpenApi, DescribesTheRoutesAndNoOthers) {
  std::set<std::string> described;
  ForEachOperation(Document(), [&](const std::string& path, const std::string& method,
                                   const json::object&) { described.insert(method + " " + path); });
  EXPECT_EQ(described, ServedOperations());
}

TEST(OpenApi, OperationsAreComplete) {
  std::set<std::string> ids;
  ForEachOperation(Document(), [&](const std::string& path, const std::string& method,
                                   const json::object& operation) {
    EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second) << path;
    EXPECT_FALSE(operation.at("summary").as_string().empty());
    EXPECT_GE(operation.at("responses").as_object().size(), 1U) << method << path;
    const size_t open = path.find('{');
    if (open == std::string::npos) return;
    const std::string name = path.substr(open + 1, path.find('}') - open - 1);
    bool declared = false;
    for (const auto& parameter : operation.at("parameters").as_array()) {
      const auto& one = parameter.as_object();
      declared |=
          one.contains("in") && one.at("in") == "path" && one.at("name") == json::string_view(name);
    }
    EXPECT_TRUE(declared) << path;
  });
}

// What needs a key says that it may be refused, and the others that they need none.
TEST(OpenApi, SaysWhereAKeyIsNeeded) {
  const auto keys = ApiKeys::Create({"reader"}).value();
  ForEachOperation(Document(), [&](const std::string& path, const std::string& method,
                                   const json::object& operation) {
    std::string target = path;
    if (const size_t open = path.find('{'); open != std::string::npos) {
      target.replace(open, path.find('}') - open + 1, "x");
    }
    const auto route = FindRoute(method, target);
    ASSERT_TRUE(route.has_value()) << path;
    const bool open = !RefuseAccess(keys, &route->endpoint, {}).has_value();
    const bool for_writers = RefuseAccess(keys, &route->endpoint, {"reader", ""}).has_value();
    const auto& responses = operation.at("responses").as_object();
    EXPECT_EQ(operation.contains("security"), open) << path;
    EXPECT_EQ(responses.contains("401"), !open) << path;
    EXPECT_EQ(responses.contains("403"), for_writers) << path;
  });
}

void CheckReferences(const json::value& value, const json::object& document) {
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) CheckReferences(item, document);
  }
  if (const auto* object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      if (name == "$ref") {
        const std::string pointer(member.as_string().subview(1));
        EXPECT_NO_THROW(json::value(document).at_pointer(pointer)) << pointer;
      }
      CheckReferences(member, document);
    }
  }
}

TEST(OpenApi, ItsReferencesLeadSomewhere) {
  const auto document = Document();
  CheckReferences(document, document);
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  EXPECT_THAT(std::string(document.at("info").at("version").as_string()),
              testing::MatchesRegex("[0-9]+\\.[0-9]+.*"));
}

}  // namespace
}  // namespace sumac::server

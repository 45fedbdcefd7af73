#include "fake_dynamodb/configuration_json.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::fake_dynamodb {

namespace dom = simdjson::dom;

tl::unexpected<Error> WrongConfiguration(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

Status CheckMembers(dom::object object, std::initializer_list<std::string_view> known) {
  for (const auto [name, value] : object) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return WrongConfiguration(fmt::format("unknown member '{}'", name));
    }
  }
  return {};
}

Result<std::string> ReadText(dom::object object, std::string_view name, bool required) {
  dom::element value;
  std::string_view text;
  if (object[name].get(value)) {
    if (required) return WrongConfiguration(fmt::format("'{}' is missing", name));
    return std::string();
  }
  if (value.get(text)) return WrongConfiguration(fmt::format("'{}' is no text", name));
  return std::string(text);
}

Result<bool> ReadBoolean(dom::object object, std::string_view name, bool otherwise) {
  dom::element value;
  if (object[name].get(value)) return otherwise;
  bool flag = false;
  if (value.get(flag)) return WrongConfiguration(fmt::format("'{}' is not true or false", name));
  return flag;
}

Result<double> ReadReal(dom::object object, std::string_view name, double otherwise) {
  dom::element value;
  if (object[name].get(value)) return otherwise;
  double number = 0;
  if (value.get(number)) return WrongConfiguration(fmt::format("'{}' is no number", name));
  return number;
}

Result<int64_t> ReadInteger(dom::object object, std::string_view name, int64_t otherwise,
                            int64_t min, int64_t max) {
  dom::element value;
  if (object[name].get(value)) return otherwise;
  int64_t number = 0;
  if (value.get(number) || number < min || number > max) {
    return WrongConfiguration(fmt::format("'{}' is no integer from {} to {}", name, min, max));
  }
  return number;
}

Result<std::vector<dom::object>> ReadObjects(dom::object object, std::string_view name) {
  std::vector<dom::object> objects;
  dom::element value;
  if (object[name].get(value)) return objects;
  dom::array array;
  if (value.get(array)) return WrongConfiguration(fmt::format("'{}' is no array", name));
  for (const auto element : array) {
    if (element.get(objects.emplace_back())) {
      return WrongConfiguration(fmt::format("'{}' holds something that is no object", name));
    }
  }
  return objects;
}

}  // namespace sumac::fake_dynamodb

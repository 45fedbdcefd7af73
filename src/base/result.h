// Result<T>: a value or an Error. Failures travel as values through every room; only engine/ turns
// them into exceptions, because DuckDB wants those.
#pragma once

#include <utility>

#include <tl/expected.hpp>

#include "base/error.h"

namespace sumac {

template <typename T>
using Result = tl::expected<T, Error>;

// A Result without a value.
using Status = Result<void>;

// Wraps an error for return from a function whose result is any Result<T>.
inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return Fail(UserError(code, std::move(message)));
}

}  // namespace sumac

#define SUMAC_CONCAT_INNER(a, b) a##b
#define SUMAC_CONCAT(a, b) SUMAC_CONCAT_INNER(a, b)

// Returns the error of `expression` (a Status or Result) from the enclosing function, if it has
// one.
#define SUMAC_RETURN_IF_ERROR(expression)                              \
  do {                                                                 \
    if (auto sumac_status = (expression); !sumac_status.has_value()) { \
      return ::sumac::Fail(std::move(sumac_status).error());           \
    }                                                                  \
  } while (false)

// Declares or assigns `target` from a Result, or returns its error from the enclosing function.
#define SUMAC_ASSIGN_OR_RETURN(target, expression) \
  SUMAC_ASSIGN_OR_RETURN_NAMED(SUMAC_CONCAT(sumac_result_, __LINE__), target, expression)
#define SUMAC_ASSIGN_OR_RETURN_NAMED(result, target, expression)            \
  auto result = (expression);                                               \
  if (!result.has_value()) return ::sumac::Fail(std::move(result).error()); \
  target = std::move(result).value()

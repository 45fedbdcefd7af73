// What a JSON text says, as a string that two texts of the same content share: escapes, whitespace
// and nothing else are evened out. Numbers keep every digit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sumac::slow_decoder {

// The pieces that content is made of: strings with their length before them.
void AppendStringContent(std::string_view text, std::string& out);
void AppendNumberContent(std::string_view text, std::string& out);
inline constexpr char kTrueContent[] = "true;";
inline constexpr char kFalseContent[] = "false;";
inline constexpr char kNullContent[] = "null;";

// The content of `text`; nothing when it is no JSON.
std::optional<std::string> JsonContent(std::string_view text);

}  // namespace sumac::slow_decoder

// How a character of text that is being typed stands on a terminal. Pure.
#pragma once

#include <string>

namespace sumac::cli {

// `character` is one as engine::CharacterEnd finds them. What would move the cursor is shown as an
// escape, a tab as blanks, what is no UTF-8 as '?'; a line break as nothing.
std::string ShownCharacter(const std::string& character);

}  // namespace sumac::cli

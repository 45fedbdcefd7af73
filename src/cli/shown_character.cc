#include "cli/shown_character.h"

#include "base/printable_text.h"

namespace sumac::cli {

std::string ShownCharacter(const std::string& character) {
  if (character == "\n") return "";
  if (character == "\t") return "    ";
  // A byte above ASCII that stands alone is a part of nothing, and may be a control code.
  if (character.size() == 1 && static_cast<unsigned char>(character[0]) >= 0x80) return "?";
  std::string shown;
  AppendPrintable(character, shown);
  return shown;
}

}  // namespace sumac::cli

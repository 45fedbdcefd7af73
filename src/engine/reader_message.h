// What DuckDB's readers of files say, as it is told to users. Internal to engine/.
#pragma once

#include <string>

namespace sumac::engine {

struct ReaderMessage {
  // One line, with the paths as they are on this machine, and without the readers' settings and the
  // hints for those who call them by hand.
  std::string text;
  // Whose file the message is about; empty for none, or when several datasets share the file.
  std::string dataset_name;
};

// A message that names no readable file (readable_files.h) becomes one line, and is otherwise as it
// was.
ReaderMessage ReadReaderMessage(const std::string& message);

}  // namespace sumac::engine

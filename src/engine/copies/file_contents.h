// What is in a file with copies, seen by an engine of its own: one that comes upon something broken
// is done with, and Sumac's must not be. Internal to engine/.
#pragma once

#include <string>

#include "base/result.h"

namespace sumac::engine {

// Whether all that says what the file has can be read, and is Sumac's; takes over what a process
// that ended has left in its log. A database of others stays as it is, byte for byte. Errors: see
// CheckOrMakeCopyFile.
Status CheckContents(const std::string& path);

// Makes the file, with no copy in it.
Status MakeContents(const std::string& path);

// "; move '...' away, or ...".
std::string WhatToDoAboutFile(const std::string& path);

// Error kDataCorrupt: "'path' " and `what`.
Error BrokenFile(const std::string& path, const std::string& what);

// Of a file that DuckDB has not opened, by DuckDB's message.
Error OpeningError(const std::string& path, const std::string& message);

}  // namespace sumac::engine

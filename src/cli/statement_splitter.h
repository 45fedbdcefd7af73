// Cuts SQL text into statements at the semicolons that end them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sumac::cli {

struct SplitSql {
  // Statements that were ended by ';', without it and without blanks around; none is empty or only
  // a comment.
  std::vector<std::string> statements;
  // What follows the last ';'; empty when it is only blanks and comments.
  std::string rest;
  // False inside quotes, a comment or a dollar quote: the text cannot end here.
  bool rest_complete = true;
};

// Knows 'text', "names", -- and nested /* */ comments, and $tag$text$tag$.
SplitSql SplitStatements(std::string_view sql);

}  // namespace sumac::cli

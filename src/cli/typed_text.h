// What a text that was typed or pasted at the prompt asks for. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/prompt_command.h"

namespace sumac::cli {

struct TypedStep {
  PromptCommand command;  // kSql: `statement` is to run
  std::string statement;
};

struct TypedText {
  std::vector<TypedStep> steps;
  // False when the text ends within a statement.
  bool complete = true;
};

// A line that begins no statement and is one of the prompt's words is a command.
TypedText ReadTypedText(const std::string& text);

}  // namespace sumac::cli

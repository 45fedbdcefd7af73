#include "cli/completion_script.h"

#include <algorithm>

#include <fmt/format.h>

namespace sumac::cli {
namespace {

bool IsFile(const std::string& value) {
  return value == "FILE" || value == "PATH";
}

// The words of "csv|json" with blanks between; empty when any value is allowed.
std::string Words(const std::string& value) {
  if (value.find('|') == std::string::npos) return "";
  std::string words;
  for (size_t at = 0; at <= value.size();) {
    const size_t end = std::min(value.find('|', at), value.size());
    const std::string word = value.substr(at, end - at);
    at = end + 1;
    // In capitals it stands for a value: "N|all".
    if (word.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) continue;
    words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Between single quotes, where only they are special.
std::string Quoted(const std::string& text) {
  return "'" + Replaced(text, "'", "'\\''") + "'";
}

// Calls use(path, command) for the program and everything below it; the path of the program is
// empty, others are "datasets refresh-schema".
template <typename Use>
void ForEach(const CompletedCommand& command, const std::string& path, const Use& use) {
  use(path, command);
  for (const auto& inner : command.commands) {
    ForEach(inner, path.empty() ? inner.name : path + " " + inner.name, use);
  }
}

// A statement that completes a value.
std::string BashValue(const std::string& value) {
  if (IsFile(value)) return "_sumac_files";
  return "_sumac_words " + Quoted(Words(value));
}

std::string BashScript(const CompletedCommand& program) {
  std::string commands;
  std::string values;
  std::string names;
  ForEach(program, "", [&](const std::string& path, const CompletedCommand& command) {
    std::string all;
    for (const auto& option : command.options) {
      std::string patterns;
      for (const auto& name : option.names) {
        all += name + " ";
        patterns += fmt::format("{}'{}:{}'", patterns.empty() ? "" : "|", path, name);
      }
      if (option.value.empty()) continue;
      values += fmt::format("    {}) {}; return ;;\n", patterns, BashValue(option.value));
    }
    for (const auto& inner : command.commands) {
      all += inner.name + " ";
      const std::string below = path.empty() ? inner.name : path + " " + inner.name;
      commands += fmt::format("      '{}:{}') command='{}' ;;\n", path, inner.name, below);
    }
    const std::string words = Words(command.argument);
    names += fmt::format("    '{}') _sumac_words '{}'{} ;;\n", path, all + words,
                         IsFile(command.argument) ? "; _sumac_files" : "");
  });
  return fmt::format(R"(# Completes sumac in bash; written by: sumac completion bash
_sumac_words() {{
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$current")
}}
_sumac_files() {{
  local word
  [[ $current == -* ]] && return
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
}}
_sumac() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= index
  COMPREPLY=()
  # bash makes a word of the = in --format=csv.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command:${{COMP_WORDS[index]}}" in
{}    esac
  done
  case "$command:$previous" in
{}  esac
  case "$command" in
{}  esac
}}
complete -F _sumac sumac
)",
                     commands, values, names);
}

// ':', '[' and ']' end the parts of what _arguments is told.
std::string ZshText(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// "message:action" of _arguments.
std::string ZshValue(const std::string& value) {
  const std::string words = Words(value);
  const std::string action = IsFile(value) ? "_files" : words.empty() ? " " : "(" + words + ")";
  return ZshText(value) + ":" + action;
}

std::string ZshFunction(const std::string& path) {
  return path.empty() ? "_sumac" : "_sumac_" + Replaced(Replaced(path, " ", "_"), "-", "_");
}

std::string ZshScript(const CompletedCommand& program) {
  std::string text = "#compdef sumac\n# Completes sumac in zsh; written by: sumac completion zsh\n";
  ForEach(program, "", [&](const std::string& path, const CompletedCommand& command) {
    text += fmt::format(
        "{}() {{\n  local context state state_descr line\n"
        "  typeset -A opt_args\n  _arguments -C",
        ZshFunction(path));
    for (const auto& option : command.options) {
      for (const auto& name : option.names) {
        const std::string value = option.value.empty() ? "" : ":" + ZshValue(option.value);
        // A long name takes its value after '=' too.
        const bool equals = !value.empty() && name.starts_with("--");
        text +=
            fmt::format(" \\\n    {}", Quoted(fmt::format("*{}{}[{}]{}", name, equals ? "=" : "",
                                                          ZshText(option.description), value)));
      }
    }
    if (command.commands.empty()) {
      if (!command.argument.empty())
        text += " \\\n    " + Quoted("1:" + ZshValue(command.argument));
      text += "\n}\n";
      return;
    }
    text += " \\\n    '1: :->command' '*:: :->arguments'\n  case $state in\n    command)\n";
    text += "      local -a commands\n      commands=(";
    std::string cases;
    for (const auto& inner : command.commands) {
      text += "\n        " + Quoted(inner.name + ":" + ZshText(inner.description));
      const std::string below = path.empty() ? inner.name : path + " " + inner.name;
      cases += fmt::format("        {}) {} ;;\n", inner.name, ZshFunction(below));
    }
    text += fmt::format(
        ")\n      _describe command commands ;;\n"
        "    arguments)\n      case $words[1] in\n{}      esac ;;\n  esac\n}}\n",
        cases);
  });
  // Read by the completion system as a file of fpath, or by the user's .zshrc.
  return text +
         "if [[ $funcstack[1] == _sumac ]]; then _sumac \"$@\"; else compdef _sumac sumac; fi\n";
}

// What is true when the command at `path` is being typed.
std::string FishCondition(const std::string& path) {
  if (path.empty()) return "__fish_use_subcommand";
  std::string condition;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find(' ', at), path.size());
    condition += (condition.empty() ? "" : "; and ") +
                 ("__fish_seen_subcommand_from " + path.substr(at, end - at));
    at = end + 1;
  }
  return condition;
}

// The arguments of fish's `complete` for a value.
std::string FishValue(const std::string& value) {
  if (IsFile(value)) return " -F";
  const std::string words = Words(value);
  return words.empty() ? "" : " -a " + Quoted(words);
}

std::string FishScript(const CompletedCommand& program) {
  std::string text =
      "# Completes sumac in fish; written by: sumac completion fish\n"
      "complete -c sumac -f\n";
  ForEach(program, "", [&](const std::string& path, const CompletedCommand& command) {
    const std::string start = "complete -c sumac -n " + Quoted(FishCondition(path));
    for (const auto& inner : command.commands) {
      text += fmt::format("{} -a {} -d {}\n", start, inner.name, Quoted(inner.description));
    }
    if (!FishValue(command.argument).empty()) text += start + FishValue(command.argument) + "\n";
    for (const auto& option : command.options) {
      text += start;
      for (const auto& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      // -x: files are no values of it.
      if (!option.value.empty())
        text += (IsFile(option.value) ? " -r" : " -x") + FishValue(option.value);
      text += " -d " + Quoted(option.description) + "\n";
    }
  });
  return text;
}

}  // namespace

Result<std::string> CompletionScript(const CompletedCommand& program, const std::string& shell) {
  if (shell == "bash") return BashScript(program);
  if (shell == "zsh") return ZshScript(program);
  if (shell == "fish") return FishScript(program);
  return Fail(ErrorCode::kInvalidArgument,
              "completion takes bash, zsh or fish, not '" + shell + "'");
}

}  // namespace sumac::cli
